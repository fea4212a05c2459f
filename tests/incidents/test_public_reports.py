"""What people without an account can do, and what is never kept of them."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from incidents.actions import public_reports
from incidents.actions.public_reports import Contact, add_to_report, read_answers
from incidents.actions.public_triage import answer_report, set_aside
from incidents.enums import PublicState, Suspicion, Timing
from incidents.models import PublicContact, PublicPhoto, PublicReport, TriageReason
from incidents.queries import own_page, report_of_code
from portal.access import tracking
from portal.access.actor import PUBLIC
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.audit.models import Entry
from portal.web.correlation import correlated
from tests.factories.incidents import AT
from tests.factories.public import send, sent

LATER = AT + timedelta(hours=2)


def test_a_report_is_numbered_and_its_code_opens_it():
    first, second = send(), send(subject="lain")
    assert [first.report.number, second.report.number] == ["LM-2024-0001", "LM-2024-0002"]
    assert report_of_code(first.code) == first.report
    assert report_of_code(second.code.lower().replace("-", " ")) == second.report


def test_the_code_itself_is_nowhere_in_the_database():
    receipt = send()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM incidents_publicreport r")
        stored = cursor.fetchone()[0]
    audit = json.dumps(list(Entry.objects.values()), default=str)
    letters = tracking.plain(receipt.code)
    assert letters not in stored.upper() + audit.upper()
    assert receipt.report.code_hash == tracking.digest("public_report", receipt.code)


def test_a_code_outlives_a_change_of_the_secret_key(settings):
    receipt = send()
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, []
    assert report_of_code(receipt.code) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert report_of_code(receipt.code) == receipt.report


def test_ten_thousand_random_codes_open_nothing():
    send()
    known = set(PublicReport.objects.values_list("code_hash", flat=True))
    tried = {tracking.digest("public_report", tracking.new_code()) for _ in range(10_000)}
    assert len(tried) == 10_000
    assert not known & tried


@pytest.mark.parametrize("text", ["", "1", "LM-2024-0001", "0" * 25, "0" * 27, "U" * 26, "é" * 26])
def test_what_is_no_code_opens_nothing(text):
    send()
    assert report_of_code(text) is None


def test_an_anonymous_report_keeps_no_contact_even_if_one_was_typed():
    report = sent(anonymous=True, contact=Contact("Warga", "0812"))
    assert report.anonymous
    assert not PublicContact.objects.exists()


def test_the_database_itself_refuses_a_contact_of_an_anonymous_report():
    report = sent()
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicContact.objects.create(report=report, sealed="x", delete_on=AT.date())


def test_a_contact_is_sealed_and_apart():
    report = sent(anonymous=False, contact=Contact("Warga Satu", "0812000"))
    contact = PublicContact.objects.get()
    assert contact.report_id == report.pk
    assert "Warga" not in contact.sealed
    assert "0812" not in contact.sealed
    assert contact.delete_on.isoformat() == "2025-02-18"
    assert not [field for field in PublicReport._meta.get_fields() if field.name == "contact"]


def test_the_audit_of_the_public_has_no_address_and_no_request():
    with correlated("req-1", "203.0.113.9", "web"):
        receipt = send()
        add_to_report(receipt.report, text="Sekarang surut.", at=LATER)
    rows = Entry.objects.filter(object_type="incidents.publicreport")
    assert {row.verb for row in rows} == {"public_report.receive", "public_report.add"}
    assert {(row.address, row.request_id, row.channel) for row in rows} == {("", "", "public")}
    assert {row.post_title for row in rows} == {"Masyarakat (tanpa akun)"}
    assert {row.user_id for row in rows} == {None}


def test_nobody_in_particular_may_do_nothing_else():
    assert [name for name in Permission if may(PUBLIC, name)] == []
    assert not PublicReport.objects.visible_to(PUBLIC).exists()


def test_confidential_and_anonymous_are_two_choices():
    said = {
        (report.anonymous, report.classification)
        for report in (
            sent(anonymous=who, confidential=what, contact=Contact("", "0812"))
            for who in (True, False)
            for what in (True, False)
        )
    }
    assert said == {
        (who, what)
        for who in (True, False)
        for what in (Classification.TERBATAS, Classification.RAHASIA)
    }


def test_of_a_confidential_report_the_audit_has_digests_only():
    sent(confidential=True)
    row = Entry.objects.get(verb="public_report.receive")
    assert row.object_label == ""
    assert all(len(value) == 64 for value in row.after.values())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "Paslon 1 meraih 54% suara di sini"}, "text"),
        ({"place": "TPS 3, suara sah: 214"}, "place"),
        ({"region": "63"}, "regency"),
        ({"occurred_at": AT + timedelta(minutes=1)}, "timing"),
        ({"timing": Timing.AHEAD}, "occurred_at"),
        ({"timing": Timing.AHEAD, "occurred_at": AT + timedelta(days=61)}, "occurred_at"),
        ({"occurred_at": AT - timedelta(days=366)}, "occurred_at"),
        ({"latitude": 1.0, "longitude": 114.9}, "latitude"),
        ({"latitude": float("nan"), "longitude": 114.9}, "latitude"),
        ({"photos": [b"a"] * 4}, "photos"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_field(changes, field):
    with pytest.raises(Refused) as refusal:
        send(**changes)
    assert refusal.value.field == field
    assert not PublicReport.objects.exists()


def test_something_to_come_is_taken():
    report = sent(timing=Timing.AHEAD, occurred_at=AT + timedelta(days=2))
    assert report.occurred_at > report.received_at


def test_a_point_is_rounded_to_about_a_hundred_metres():
    report = sent(latitude=-3.416667, longitude=114.851234)
    assert (report.latitude, report.longitude) == (-3.417, 114.851)


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({"trapped": True}, Suspicion.TRAPPED),
        ({"seconds": 3.9}, Suspicion.HASTY),
        ({"text": "Lihat https://a.test dan www.b.test sekarang juga"}, Suspicion.LINKS),
        ({"text": "halo halo"}, Suspicion.SHORT),
    ],
)
def test_what_looks_like_spam_is_marked_and_kept(changes, sign):
    report = sent(**changes)
    assert (report.suspect, report.suspicions) == (True, [sign])
    assert report.state == PublicState.WAITING


def test_the_same_text_again_within_a_day_is_marked():
    assert not sent(seconds=60).suspect
    assert sent(at=AT + timedelta(hours=23)).suspicions == [Suspicion.REPEATED]
    assert not sent(at=AT + timedelta(hours=48)).suspect


def test_the_likeliest_earlier_report_is_found():
    first = sent()
    elsewhere = sent(region="63.09.01", text="Jembatan gantung putus diterjang arus.")
    again = sent(text="Jalan ke balai desa tertutup air sejak subuh tadi.")
    assert again.likely_of == first
    assert elsewhere.likely_of is None


def test_the_note_of_a_similar_report_tells_of_none_that_others_sort():
    text = "Petugas memihak di balai desa pada pertemuan warga."
    sent(subject="netralitas-aparat", text=text)
    sent(subject="lain", confidential=True, text=text)
    for subject in ("lain", "netralitas-asn", "penyelenggara"):
        assert sent(subject=subject, text=text, at=AT).likely_of is None


def test_an_addition_brings_a_report_that_was_set_aside_back(coordinator):
    report = sent()
    reason = TriageReason.objects.get(pk="kurang-jelas")
    set_aside([report.pk], reason, by=coordinator, at=LATER)
    add_to_report(report, text="Tepatnya di RT 2.", at=LATER)
    report.refresh_from_db()
    assert (report.state, report.reason, report.added_at) == (PublicState.WAITING, None, LATER)


def test_an_addition_needs_words_or_a_picture_and_no_tally():
    report = sent()
    for text in ("", "Paslon 2 memperoleh 120 suara"):
        with pytest.raises(Refused):
            add_to_report(report, text=text, at=LATER)
    add_to_report(report, text="", photos=[b"gambar"], at=LATER)
    assert PublicPhoto.objects.get().message.text == ""


def test_additions_and_photos_have_an_end(monkeypatch):
    monkeypatch.setattr(public_reports, "ADDITIONS", 2)
    monkeypatch.setattr(public_reports, "PHOTOS_IN_ALL", 1)
    report = sent()
    with pytest.raises(Refused) as refusal:
        add_to_report(report, text="", photos=[b"a", b"b"], at=LATER)
    assert refusal.value.field == "photos"
    for text in ("satu", "dua"):
        add_to_report(report, text=text, at=LATER)
    with pytest.raises(Refused, match="tidak menerima tambahan"):
        add_to_report(report, text="tiga", at=LATER)


def test_reading_an_answer_is_noted_once(coordinator):
    report = sent()
    message = answer_report(report, text="Petugas sedang ke sana.", by=coordinator, at=AT)
    assert [read_answers(report, at=LATER), read_answers(report, at=LATER)] == [1, 0]
    message.refresh_from_db()
    report.refresh_from_db()
    assert (message.read_at, report.answer_read_at) == (LATER, LATER)
    assert Entry.objects.filter(verb="public_report.read_answer").count() == 1


def test_the_page_of_a_code_never_repeats_what_was_sent(coordinator):
    report = sent(anonymous=False, contact=Contact("Warga", "0812"))
    add_to_report(report, text="Air mulai surut.", at=LATER)
    answer_report(report, text="Terima kasih.", by=coordinator, at=LATER)
    report.refresh_from_db()
    shown = repr(own_page(report))
    assert "Terima kasih." in shown
    assert own_page(report).state == ("info", "Sudah dijawab")
    for kept in (report.text, report.place, "Air mulai surut", "Warga", "0812"):
        assert kept not in shown


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE incidents_publicreport SET text = 'lain'",
        "UPDATE incidents_publicreport SET anonymous = false",
        "UPDATE incidents_publicreport SET code_hash = 'x'",
        "DELETE FROM incidents_publicreport",
        "UPDATE incidents_publicmessage SET text = 'lain'",
        "DELETE FROM incidents_publicmessage",
    ],
)
def test_what_was_written_is_fixed_by_the_database(statement):
    add_to_report(sent(), text="Tambahan.", at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_numbers_of_many_senders_at_once_have_no_gap_and_no_twin():
    def one(index):
        try:
            return send(text=f"Laporan nomor {index} tentang jalan.").report.number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(one, range(16)))
    assert sorted(numbers) == [f"LM-2024-{n:04d}" for n in range(1, 17)]
