"""From the draft to the chair's signature: circulated, objected to, answered, signed."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from coordination.actions import directives, meetings
from coordination.actions import minutes as actions
from coordination.models import Directive, Meeting, Minutes, Objection, SectionRevision
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.accounts.models import Post
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.factories.coordination import (
    START,
    agencies,
    make_directive,
    make_minutes,
    make_scheduled,
    publish,
    sign,
)

AT = START + timedelta(hours=4)
UNTIL = AT + timedelta(days=1)
AFTER = UNTIL + timedelta(minutes=1)


def told(kind):
    return set(
        Notification.objects.filter(kind=kind, cancelled_at=None).values_list(
            "post__unit__agency__slug", flat=True
        )
    )


def refused(part, call):
    with pytest.raises(Refused) as refusal:
        call()
    assert part in str(refusal.value.sentence)


@pytest.fixture
def circulated(coordinator, liaison_kpu, liaison_bawaslu):
    draft = make_minutes(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    return actions.circulate_minutes(draft, by=coordinator, at=AT, until=UNTIL)


def passage(minutes, position=2):
    rows = minutes.sections.select_related("minutes__meeting", "agenda_item")
    return rows.get(position=position)


def test_circulating_tells_every_seated_agency_once(circulated, coordinator):
    assert told("minutes_circulated") == {"kpu-kalsel", "bawaslu-kalsel"}
    refused(
        "tidak dapat menjadi",
        lambda: actions.circulate_minutes(circulated, by=coordinator, at=AT, until=UNTIL),
    )
    assert Notification.objects.filter(kind="minutes_circulated").count() == 2


@pytest.mark.parametrize(
    ("until", "part"),
    [(AT, "yang akan datang"), (AT + timedelta(days=31), "paling lama 30 hari")],
)
def test_circulating_until_a_senseless_time_is_refused(coordinator, liaison_kpu, until, part):
    draft = make_minutes(coordinator, "kpu-kalsel")
    refused(part, lambda: actions.circulate_minutes(draft, by=coordinator, at=AT, until=until))
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_circulated_text_is_not_written_freely(circulated, coordinator):
    refused(
        "sedang diedarkan",
        lambda: actions.save_section(passage(circulated), by=coordinator, at=AT, body="x"),
    )
    refused("sedang diedarkan", lambda: make_directive(circulated, coordinator, "kpu-kalsel"))


def test_an_agency_objects_to_its_own_passage_only(circulated, liaison_kpu, liaison_bawaslu):
    own = passage(circulated)
    made = actions.object_to(own, by=liaison_kpu, at=AT, text="Keliru.", proposed="Benar.")
    again = actions.object_to(own, by=liaison_kpu, at=AT, text="Keliru.", proposed="Benar.")
    assert made.pk == again.pk
    refused(
        "bagian instansi sendiri",
        lambda: actions.object_to(own, by=liaison_bawaslu, at=AT, text="Keliru."),
    )
    refused(
        "Batas waktu", lambda: actions.object_to(own, by=liaison_kpu, at=UNTIL, text="Terlambat.")
    )
    assert list(Objection.objects.visible_to(liaison_bawaslu)) == []
    assert list(Objection.objects.visible_to(liaison_kpu)) == [made]


def test_who_is_named_as_speaker_or_addressed_may_object(coordinator, liaison_bawaslu, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    first = passage(draft, 1)
    actions.save_section(first, by=coordinator, at=AT, speaking=["bawaslu-kalsel"])
    make_directive(draft, coordinator, "bawaslu-kalsel", section=passage(draft, 2))
    actions.circulate_minutes(draft, by=coordinator, at=AT, until=UNTIL)
    for position in (1, 2):
        row = passage(draft, position)
        assert actions.object_to(row, by=liaison_bawaslu, at=AT, text=f"Bagian {position}.").pk


def test_an_accepted_objection_changes_the_passage_as_a_revision(
    circulated, coordinator, liaison_kpu
):
    own = passage(circulated)
    objection = actions.object_to(own, by=liaison_kpu, at=AT, text="Keliru.", proposed="Benar.")
    refused(
        "belum dijawab",
        lambda: actions.sign_minutes(circulated, by=coordinator, at=AFTER, proof="password"),
    )
    actions.answer_objection(objection, by=coordinator, at=AT, accept=True)
    own.refresh_from_db()
    kept = SectionRevision.objects.filter(section=own).latest("pk")
    assert (own.body, kept.origin, kept.values["body"]) == ("Benar.", "objection", "Benar.")
    assert told("objection_answered") == {"kpu-kalsel"}
    refused(
        "sudah dijawab",
        lambda: actions.answer_objection(objection, by=coordinator, at=AT, accept=True),
    )


def test_a_rejection_needs_a_reason(circulated, coordinator, liaison_kpu):
    own = passage(circulated)
    objection = actions.object_to(own, by=liaison_kpu, at=AT, text="Keliru.")
    reject = {"by": coordinator, "at": AT, "accept": False}
    refused("alasan", lambda: actions.answer_objection(objection, **reject))
    answered = actions.answer_objection(objection, answer="Rekaman berkata lain.", **reject)
    assert (answered.state, answered.answer) == ("rejected", "Rekaman berkata lain.")


def test_signing_waits_for_the_agencies_or_names_a_reason(circulated, coordinator, liaison_kpu):
    early = {"by": coordinator, "at": UNTIL - timedelta(minutes=1), "proof": "password"}
    refused("belum lewat", lambda: actions.sign_minutes(circulated, **early))
    signed = actions.sign_minutes(circulated, by=coordinator, at=AFTER, proof="password")
    assert (signed.state, signed.skip_reason) == ("signed", "")
    assert signed.signed_office == f"a.n. Kapolda Kalimantan Selatan, {coordinator.post_title}"
    draft = make_minutes(coordinator, "kpu-kalsel")
    refused(
        "tanpa edaran",
        lambda: actions.sign_minutes(draft, by=coordinator, at=AT, proof="password", reason=" "),
    )
    assert told("minutes_circulated") == set()


def test_the_chair_signs_in_his_own_name(coordinator, commander, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    signed = sign(draft, by=commander, at=AT)
    assert (signed.signed_office, signed.signed_by_id) == (commander.post_title, commander.post_id)


def test_where_the_meeting_names_a_post_no_other_commander_signs(
    coordinator, commander, liaison_kpu, liaison_polda
):
    chair = Post.objects.get(pk=liaison_polda.post_id)
    draft = make_minutes(coordinator, "kpu-kalsel")
    Meeting.objects.filter(pk=draft.meeting_id).update(chair_post=chair)
    draft = Minutes.objects.select_related("meeting").get(pk=draft.pk)
    for actor in (commander, liaison_polda, liaison_kpu):
        with pytest.raises(PermissionDenied):
            sign(draft, by=actor, at=AT)
    assert sign(draft, by=coordinator, at=AT).signed_office.startswith("a.n. ")


def test_signing_needs_the_proof_that_the_installation_asks_for(coordinator, liaison_kpu, settings):
    draft = make_minutes(coordinator, "kpu-kalsel")
    values = {"by": coordinator, "at": AT, "reason": "Dibacakan."}
    refused("lima menit", lambda: actions.sign_minutes(draft, proof="", **values))
    settings.SIGN_STEP_UP = "mfa"
    refused("faktor kedua", lambda: actions.sign_minutes(draft, proof="password", **values))
    assert actions.sign_minutes(draft, proof="mfa", **values).signed_with == "mfa"


def test_a_text_that_changed_since_it_was_read_is_not_signed(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    refused(
        "berubah sejak",
        lambda: actions.sign_minutes(
            draft, by=coordinator, at=AT, proof="mfa", reason="x", seen="0" * 64
        ),
    )


def test_signed_text_is_fixed_until_it_is_sent_back(coordinator, liaison_kpu):
    signed = sign(make_minutes(coordinator, "kpu-kalsel"), by=coordinator, at=AT)
    refused(
        "sudah disahkan",
        lambda: actions.save_head(signed, by=coordinator, at=AT, opening="Lain."),
    )
    for change in (
        lambda: Minutes.objects.update(opening="Lain."),
        lambda: Minutes.objects.update(signed_sha256="0" * 64),
        lambda: signed.sections.update(body="Lain."),
    ):
        with pytest.raises(IntegrityError, match="fixed"), transaction.atomic():
            change()
    refused("alasannya", lambda: actions.return_to_draft(signed, by=coordinator, at=AT, reason=""))
    back = actions.return_to_draft(signed, by=coordinator, at=AT, reason="Salah tulis.")
    assert (back.state, back.signed_at, back.signed_sha256, back.skip_reason) == (
        "draft",
        None,
        "",
        "",
    )
    refused("setelah disahkan", lambda: actions.publish_minutes(back, by=coordinator, at=AT))


def test_a_withdrawn_circulation_tells_why_and_asks_no_more(circulated, coordinator):
    actions.return_to_draft(circulated, by=coordinator, at=AT, reason="Salah lampiran.")
    assert told("minutes_circulated") == set()
    assert told("minutes_withdrawn") == {"kpu-kalsel", "bawaslu-kalsel"}


def test_what_changes_after_the_signature_is_refused_or_stops_publication(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    directive = make_directive(draft, coordinator, "kpu-kalsel")
    signed = sign(draft, by=coordinator, at=AT)
    shares = [directives.Share(agencies("kpu-kalsel")[0], AFTER)]
    refused(
        "sudah disahkan",
        lambda: directives.edit_directive(
            directive, by=coordinator, at=AT, text="Lain.", shares=shares
        ),
    )
    # Whoever gets past that gets no further.
    Directive.objects.filter(pk=directive.pk).update(text="Lain.")
    refused("sejak notula disahkan", lambda: actions.publish_minutes(signed, by=coordinator, at=AT))


def test_publication_without_quorum_is_allowed_and_marked(coordinator, liaison_kpu):
    full = publish(make_minutes(coordinator, "kpu-kalsel"), by=coordinator, at=AT)
    assert (full.seats_present, full.seats_invited, full.has_quorum) == (1, 1, True)
    draft = make_minutes(coordinator, "kpu-kalsel", "bawaslu-kalsel", "korem-101")
    absent = draft.meeting.attendance.exclude(agency__slug="kpu-kalsel")
    absent.update(status="tidak_hadir", checked_in_at=None)
    few = publish(draft, by=coordinator, at=AT)
    assert (few.seats_present, few.seats_invited, few.has_quorum) == (1, 3, False)
    assert '"quorum": false' in few.sealed_text
    assert few.sha256 == actions.fingerprint(few)


def test_two_people_of_one_agency_take_one_seat(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel", "bawaslu-kalsel", "korem-101")
    draft.meeting.attendance.update(agency=agencies("kpu-kalsel")[0])
    few = publish(draft, by=coordinator, at=AT)
    assert (few.seats_present, few.seats_invited) == (1, 3)


def test_the_class_is_at_least_that_of_every_part(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel", classification=Classification.BIASA)
    assert draft.classification == Classification.BIASA
    item = draft.sections.get(position=2).agenda_item
    item.is_closed = True
    item.save(update_fields=["is_closed"])
    published = publish(draft, by=coordinator, at=AT)
    assert published.classification == Classification.TERBATAS
    assert published.number.startswith("T/")


@pytest.mark.django_db(transaction=True)
def test_publishing_at_the_same_moment_gives_one_number(coordinator, liaison_kpu):
    signed = sign(make_minutes(coordinator, "kpu-kalsel"), by=coordinator, at=AT)
    numbers = []

    def give_out():
        try:
            row = Minutes.objects.select_related("meeting").get(pk=signed.pk)
            numbers.append(actions.publish_minutes(row, by=coordinator, at=AT).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=give_out) for _time in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == ["T/ND-1/VI/OPS.1./2024/Roops"] * 4
    assert Entry.objects.filter(verb="minutes.publish").count() == 1
    assert Notification.objects.filter(kind="minutes_published").count() == 1


def test_minutes_of_a_meeting_that_is_not_closed_do_not_circulate(coordinator, liaison_kpu):
    meeting = meetings.start_meeting(
        make_scheduled(coordinator, "kpu-kalsel"), by=coordinator, at=START
    )
    draft = actions.open_minutes(meeting, by=coordinator, at=START)
    refused(
        "Tutup rakor",
        lambda: actions.circulate_minutes(draft, by=coordinator, at=START, until=UNTIL),
    )
