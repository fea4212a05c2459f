from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from incidents import queries
from incidents.actions.field_reports import file_report, send_field_report, set_aside
from incidents.actions.grouping import merge_incident, open_incident, split_incident
from incidents.enums import IncidentState, Occurrence, Severity, UpdateKind
from incidents.models import FieldReport, Filing, Incident
from incidents.queries import filing_waiting
from incidents.queries.targets import targets
from portal.access.errors import Refused
from portal.attachments.actions import files_of
from portal.attachments.storage import read
from portal.audit.models import Entry
from portal.home.work import duties
from portal.notifications.models import Notification
from tests.factories.incidents import AT, photo, report, send, told


def test_a_report_is_numbered_and_kept_with_its_photos(posko_banjar):
    sent = send(posko_banjar, photos=[photo(), photo("dua.jpg")])

    assert sent.number == "LL-2024-0001"
    files = list(files_of(sent))
    assert [file.name for file in files] == ["foto.jpg", "dua.jpg"]
    assert b"Kamera rahasia" not in read(files[0].path)
    audit = Entry.objects.get(verb="field_report.send")
    assert audit.after == {
        "type": "F1", "region": "63.03", "severity": 2, "occurrence": "terjadi", "follows": None,
    }  # fmt: skip


def test_the_same_key_is_stored_once_also_days_later(posko_banjar, liaison_kpu):
    key = uuid4()
    first = send(posko_banjar, key=key, photos=[photo()])
    again = send(posko_banjar, key=key, at=AT + timedelta(days=3), photos=[photo()])
    other = send(liaison_kpu, key=key)

    assert again.pk == first.pk
    assert FieldReport.objects.count() == 2
    assert files_of(first).count() == 1
    assert other.number == "LL-2024-0002"


def test_a_bad_photo_leaves_nothing_behind(posko_banjar):
    broken = SimpleUploadedFile("rusak.jpg", b"\xff\xd8\xff no picture", "image/jpeg")
    with pytest.raises(Refused, match=r"rusak\.jpg") as refused:
        send(posko_banjar, photos=[photo(), broken])

    assert refused.value.field == "photos"
    assert FieldReport.objects.count() == 0
    assert send(posko_banjar).number == "LL-2024-0001"


def test_more_photos_than_allowed_are_refused(posko_banjar):
    with pytest.raises(Refused, match="6 foto"):
        send(posko_banjar, photos=[photo() for _ in range(7)])


def test_a_document_is_no_photo(posko_banjar):
    paper = SimpleUploadedFile("surat.docx", b"PK", "application/zip")
    with pytest.raises(Refused) as refused:
        send(posko_banjar, photos=[paper])
    assert refused.value.field == "photos"


def test_what_will_occur_may_lie_ahead_and_what_occurred_may_not(posko_banjar):
    ahead = AT + timedelta(hours=5)
    expected = send(posko_banjar, occurred_at=ahead, occurrence=Occurrence.EXPECTED)
    assert expected.occurred_at == ahead

    with pytest.raises(Refused) as refused:
        send(posko_banjar, occurred_at=ahead)
    assert refused.value.field == "occurred_at"


def test_a_phone_whose_clock_is_fast_is_not_turned_away(posko_banjar):
    sent = send(posko_banjar, occurred_at=AT + timedelta(minutes=4))
    assert sent.occurred_at == AT


def test_a_report_is_fixed_once_sent(posko_banjar):
    sent = send(posko_banjar)
    with pytest.raises(DatabaseError, match="fixed once written"), transaction.atomic():
        FieldReport.objects.filter(pk=sent.pk).update(title="Lain")
    with pytest.raises(DatabaseError, match="fixed once written"), transaction.atomic():
        FieldReport.objects.filter(pk=sent.pk).delete()


def test_a_result_of_the_vote_is_refused(posko_banjar):
    with pytest.raises(Refused) as refused:
        send(posko_banjar, chronology="Paslon 1 meraih 54 suara di TPS ini.")
    assert refused.value.field == "chronology"


def test_an_urgent_report_reaches_the_posko_of_the_region(liaison_kpu, posko_banjar):
    send(liaison_kpu, severity=Severity.MEDIUM)
    urgent = send(liaison_kpu, severity=Severity.HIGH)
    rows = Notification.objects.filter(kind="field_report_urgent")
    assert {row.event_key for row in rows} == {f"field_report:{urgent.pk}:sent"}
    assert posko_banjar.post_id in rows.values_list("post_id", flat=True)


def test_only_those_concerned_see_a_report(posko_banjar, liaison_kpu, liaison_bawaslu, commander):
    sent = send(posko_banjar)
    for actor, sees in (
        (posko_banjar, True), (commander, True), (liaison_kpu, False), (liaison_bawaslu, False),
    ):  # fmt: skip
        assert FieldReport.objects.visible_to(actor).filter(pk=sent.pk).exists() is sees, actor
    assert FieldReport.objects.visible_to(None).count() == 0


def test_reports_become_one_incident_with_the_gravest_severity(posko_banjar):
    first = send(posko_banjar, severity=Severity.LOW)
    second = send(posko_banjar, severity=Severity.HIGH, title="Air makin tinggi")
    incident = open_incident([first, second], by=posko_banjar, at=AT)

    assert incident.title == first.title
    assert incident.severity == Severity.HIGH
    assert [row.number for row in queries.reports_of(incident, posko_banjar)] == [
        first.number,
        second.number,
    ]
    kinds = list(incident.updates.values_list("kind", flat=True))
    assert kinds == [UpdateKind.REPORT, UpdateKind.FILED, UpdateKind.FILED]
    assert FieldReport.objects.waiting().count() == 0
    with pytest.raises(Refused, match="sudah masuk kejadian lain"):
        open_incident([second], by=posko_banjar, at=AT)


def test_a_report_that_follows_goes_where_the_first_one_is(posko_banjar):
    first = send(posko_banjar)
    incident = open_incident([first], by=posko_banjar, at=AT)
    later = send(posko_banjar, follows=first, title="Air surut", at=AT + timedelta(hours=3))

    standing = later.filings.standing().get()
    assert standing.incident == incident
    assert incident.updates.last().text == str(later)


def test_a_report_of_somebody_else_is_not_followed(posko_banjar, liaison_kpu):
    first = send(posko_banjar)
    with pytest.raises(Refused, match="pelapor yang sama"):
        send(liaison_kpu, follows=first)


def test_a_report_is_set_aside_with_a_reason_and_can_still_be_filed(posko_banjar):
    sent = send(posko_banjar)
    with pytest.raises(Refused):
        set_aside(sent, " ", by=posko_banjar, at=AT)
    set_aside(sent, "Latihan, bukan kejadian.", by=posko_banjar, at=AT)
    again = set_aside(sent, "Lagi", by=posko_banjar, at=AT)
    assert again.reason == "Latihan, bukan kejadian."

    incident = report(posko_banjar)
    file_report(sent, incident, by=posko_banjar, at=AT + timedelta(minutes=1))
    ended, standing = sent.filings.order_by("pk")
    assert ended.ended_at == AT + timedelta(minutes=1)
    assert (standing.incident, standing.ended_at) == (incident, None)
    with pytest.raises(Refused, match="pisahkan dahulu"):
        set_aside(sent, "Keliru", by=posko_banjar, at=AT)


def test_another_region_files_nothing(posko_banjar, liaison_kpu):
    sent = send(liaison_kpu, region="63.05")
    with pytest.raises(Refused, match="luar wilayah"):
        set_aside(sent, "Bukan", by=posko_banjar, at=AT)
    with pytest.raises(Refused, match="luar wilayah"):
        open_incident([sent], by=posko_banjar, at=AT)


def test_a_commander_sends_nothing(commander):
    with pytest.raises(PermissionDenied):
        send(commander)


def test_filings_are_traces(posko_banjar):
    sent = send(posko_banjar)
    set_aside(sent, "Latihan.", by=posko_banjar, at=AT)
    with pytest.raises(DatabaseError, match="trace"), transaction.atomic():
        Filing.objects.update(reason="Lain")
    with pytest.raises(DatabaseError, match="trace"), transaction.atomic():
        Filing.objects.all().delete()


def test_a_merge_moves_the_reports_and_keeps_its_trace(coordinator, posko_banjar):
    first, second = send(posko_banjar), send(posko_banjar, title="Jalan tertutup air")
    one = open_incident([first], by=coordinator, at=AT)
    two = open_incident([second], by=coordinator, at=AT)

    kept = merge_incident(two, one, reason="Banjir yang sama.", by=coordinator, at=AT)
    again = merge_incident(two, one, reason="Sekali lagi.", by=coordinator, at=AT)

    assert kept == one == again
    two.refresh_from_db()
    assert (two.state, two.merged_into) == (IncidentState.MERGED, one)
    inside = queries.reports_of(one, coordinator)
    assert [row.number for row in inside] == [first.number, second.number]
    assert (
        one.updates.get(kind=UpdateKind.MERGE).text
        == f"{two.number} digabung ke sini. Banjir yang sama."
    )
    assert Entry.objects.filter(verb="incident.merge").count() == 1
    summary = queries.incident_summary(coordinator, AT)
    assert (summary.total, summary.open) == (1, 1)


def test_what_is_merged_or_closed_takes_part_in_no_merge(coordinator):
    one, two, three = (report(coordinator) for _ in range(3))
    merge_incident(two, one, reason="Sama.", by=coordinator, at=AT)
    for gone, into in ((three, two), (two, three), (one, one)):
        with pytest.raises(Refused):
            merge_incident(gone, into, reason="Sama.", by=coordinator, at=AT)


def test_a_split_gives_an_incident_of_its_own(coordinator, posko_banjar):
    first, second = send(posko_banjar), send(posko_banjar, code="D2", title="Kotak basah")
    incident = open_incident([first, second], by=coordinator, at=AT)

    apart = split_incident(incident, [second], reason="Dua hal.", by=coordinator, at=AT)

    assert apart.type_id == "D2"
    assert apart.title == "Kotak basah"
    assert [row.number for row in queries.reports_of(incident, coordinator)] == [first.number]
    assert [row.number for row in queries.reports_of(apart, coordinator)] == [second.number]
    with pytest.raises(Refused, match="Sisakan"):
        split_incident(incident, [first], reason="Semua.", by=coordinator, at=AT)


def test_what_will_occur_lies_after_the_writing(posko_banjar):
    """A report that waited on the phone is judged by when it was written there."""
    ahead = {"occurred_at": AT, "occurrence": Occurrence.EXPECTED}
    for write in (send, report):
        with pytest.raises(Refused, match="sudah lewat") as refusal:
            write(posko_banjar, **{**ahead, "occurred_at": AT - timedelta(hours=1)})
        assert refusal.value.field == "occurred_at"
    told_ahead = told(**ahead)
    waited = {"client_key": uuid4(), "by": posko_banjar, "at": AT + timedelta(days=2)}
    sent = send_field_report(told_ahead, written_at=AT - timedelta(hours=3), **waited)
    assert sent.occurred_at == AT


def test_what_occurred_lies_within_a_year(posko_banjar):
    for write in (send, report):
        with pytest.raises(Refused, match="setahun yang lalu") as refusal:
            write(posko_banjar, occurred_at=AT - timedelta(days=366))
        assert refusal.value.field == "occurred_at"


def test_what_is_split_off_runs_since_it_was_reported(coordinator, posko_banjar, kodim_1006):
    stays = send(posko_banjar)
    first = send(kodim_1006, code="D2", at=AT + timedelta(minutes=5))
    second = send(posko_banjar, code="D2", at=AT + timedelta(minutes=9), occurred_at=AT)
    incident = open_incident([stays, first, second], by=coordinator, at=AT + timedelta(hours=1))

    apart = split_incident(
        incident, [second, first], reason="Dua hal.", by=coordinator, at=AT + timedelta(hours=3)
    )

    assert apart.reported_at == first.reported_at
    assert (apart.reporter_post_id, apart.agency_id) == (first.reporter_post_id, first.agency_id)
    aim = next(iter(targets(apart, AT + timedelta(hours=3))))
    assert aim.due_at < AT + timedelta(hours=3)


def test_likely_duplicates_are_proposed_and_others_are_not(coordinator, posko_banjar):
    incident = report(coordinator)
    report(coordinator, code="G2", title="Situs tidak terbuka", chronology="Laman tak menjawab.",
           place="Kantor", occurred_at=AT - timedelta(hours=20))  # fmt: skip
    sent = send(
        posko_banjar, title="Jalan ke TPS tergenang", occurred_at=AT - timedelta(minutes=80)
    )

    (like,) = queries.likely_incidents(sent, coordinator)
    assert like.account == incident
    assert like.reasons == ["selisih 20 menit", "jenis sama", "kata-kata serupa"]


def test_numbers_come_from_the_series_of_the_kind(posko_banjar):
    send(posko_banjar)
    report(posko_banjar)
    with connection.cursor() as cursor:
        cursor.execute("SELECT prefix, year, last FROM incidents_numberseries ORDER BY prefix")
        assert cursor.fetchall() == [("KJ", 2024, 1), ("LL", 2024, 1)]
    assert Incident.objects.get().number == "KJ-2024-0001"


def test_what_nobody_filed_is_a_duty_of_who_watches_the_region(
    posko_banjar, coordinator, liaison_kpu, commander
):
    first = send(posko_banjar)
    second = send(liaison_kpu, at=AT + timedelta(hours=1))
    for watching in (posko_banjar, coordinator):
        assert filing_waiting(watching) == (2, AT)
        [duty] = [item for item in duties(watching, AT) if item.kind == "field_report"]
        assert (duty.title, duty.due_at) == ("2 laporan lapangan menunggu tindak lanjut", AT)
    for other in (liaison_kpu, commander):
        assert filing_waiting(other) == (0, None)

    set_aside(first, "Sudah surut.", by=posko_banjar, at=AT + timedelta(hours=2))
    assert filing_waiting(posko_banjar) == (1, second.reported_at)


def test_page_shows_the_photos_small_and_opens_them_in_full(client, sign_in, posko_banjar):
    sent = send(posko_banjar, photos=[photo("banjir.jpg")])
    file = files_of(sent).get()

    page = sign_in(client, posko_banjar).get(
        reverse("incidents:field_report_detail", args=[sent.pk])
    )

    full, small = (
        reverse(f"attachments:{name}", args=[file.pk]) for name in ("picture", "thumbnail")
    )
    html = f'<img src="{small}" alt="Foto banjir.jpg" loading="lazy">'
    assert f'<a class="file-picture" href="{full}">{html}</a>' in page.content.decode()
    assert client.get(small)["Content-Type"] == "image/jpeg"
