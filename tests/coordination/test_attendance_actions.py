"""Who came: the screen's code, the desk, late signatures, and the host's list beside them."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from coordination.actions import attendance, invitations, meetings, minutes
from coordination.actions.attendance import Attendee, Seat
from coordination.enums import CheckIn
from coordination.models import Attendance, CodeUse
from coordination.queries.attendance import code_subject, quorum
from portal.access import codes
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.accounts.models import Tenure, User
from portal.audit.models import Entry
from tests.factories.coordination import (
    START,
    agencies,
    make_held,
    make_meeting,
    make_scheduled,
    publish,
)

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def code(meeting, at=START):
    return codes.code_at(code_subject(meeting), at)


def person(name="Rina", **values):
    return Attendee(name=name, office="Penghubung", **values)


def sign(meeting, by, at=START, **values):
    return attendance.check_in(meeting, person(**values), by=by, at=at, code=code(meeting, at))


@pytest.fixture
def meeting(coordinator, liaison_kpu, liaison_korem):
    return make_scheduled(coordinator, "kpu-kalsel", "korem-101")


def test_a_check_in_takes_the_seat_with_its_trace(meeting, liaison_kpu):
    line = sign(meeting, liaison_kpu)
    seat = meeting.invitations.get(agency__slug="kpu-kalsel")
    assert (line.invitation_id, line.person_id, line.method) == (
        seat.pk,
        liaison_kpu.user_id,
        CheckIn.CODE,
    )
    assert (line.recorded_by_id, line.recorded_at, line.checked_in_at) == (
        liaison_kpu.post_id,
        START,
        START,
    )
    entry = Entry.objects.get(verb="meeting.check_in")
    assert (entry.post_id, entry.after["method"]) == (liaison_kpu.post_id, "qr")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda m: code(m, START - 60 * SECOND), "sudah berganti"),
        (lambda m: code(m, START + 30 * SECOND), "sudah berganti"),
        (lambda m: codes.code_at("meeting:0", START), "bukan kode hadir rakor ini"),
        (lambda m: code(m)[:-1] + ("0" if code(m)[-1] != "0" else "1"), "bukan kode hadir"),
        (lambda m: "", "bukan kode hadir"),
    ],
    ids=["expired", "not yet", "another meeting", "forged", "none"],
)
def test_a_wrong_code_writes_nothing(meeting, liaison_kpu, wrong, sentence):
    with pytest.raises(Refused, match=sentence):
        attendance.check_in(meeting, person(), by=liaison_kpu, at=START, code=wrong(meeting))
    assert (meeting.attendance.count(), CodeUse.objects.count()) == (0, 0)


def test_the_code_of_the_half_minute_before_still_opens(meeting, liaison_kpu):
    old = code(meeting, START - SECOND)
    attendance.check_in(meeting, person(), by=liaison_kpu, at=START + 29 * SECOND, code=old)
    assert meeting.attendance.count() == 1


def test_a_person_has_one_line_whatever_he_scans(meeting, liaison_kpu):
    sign(meeting, liaison_kpu)
    with pytest.raises(Refused, match="sudah Anda pakai"):
        sign(meeting, liaison_kpu)
    with pytest.raises(Refused, match="sudah tercatat"):
        sign(meeting, liaison_kpu, at=START + MINUTE)
    assert meeting.attendance.count() == 1


def test_a_used_code_stays_used_after_the_line_was_removed(meeting, coordinator, liaison_kpu):
    line = sign(meeting, liaison_kpu)
    attendance.remove_line(line, by=coordinator, at=START, reason="Salah orang")
    with pytest.raises(Refused, match="sudah Anda pakai"):
        sign(meeting, liaison_kpu)
    again = sign(meeting, liaison_kpu, at=START + MINUTE)
    assert again.invitation is not None
    removed = Entry.objects.get(verb="meeting.attendance_removed")
    assert (removed.before["name"], removed.note) == ("Rina", "Salah orang")


def test_one_code_serves_two_people(meeting, liaison_kpu, liaison_korem):
    sign(meeting, liaison_kpu)
    sign(meeting, liaison_korem)
    assert meeting.attendance.filter(invitation__isnull=False).count() == 2


def test_an_opened_code_waits_for_its_form(meeting, liaison_kpu, liaison_korem):
    slow = START + 4 * MINUTE
    held = codes.hold(code_subject(meeting), codes.slot_at(START), liaison_kpu.user_id, START)
    with pytest.raises(Refused, match="sudah berganti"):
        attendance.check_in(
            meeting, person(), by=liaison_korem, at=slow, code=code(meeting), held=held
        )
    attendance.check_in(meeting, person(), by=liaison_kpu, at=slow, code=code(meeting), held=held)
    assert meeting.attendance.get().agency.slug == "kpu-kalsel"


def test_nobody_checks_in_hours_before_or_after_the_session(meeting, coordinator, liaison_kpu):
    early = START - timedelta(hours=3)
    with pytest.raises(Refused, match="tidak sedang menerima"):
        sign(meeting, liaison_kpu, at=early)
    meetings.start_meeting(meeting, by=coordinator, at=START)
    meetings.close_meeting(meeting, by=coordinator, at=START + MINUTE)
    with pytest.raises(Refused, match="tidak sedang menerima"):
        sign(meeting, liaison_kpu, at=START + 2 * MINUTE)


def test_who_has_no_seat_goes_to_the_desk(meeting, liaison_dprd, auditor, posko_banjar):
    with pytest.raises(Refused, match="tidak diundang"):
        sign(meeting, liaison_dprd)
    for actor in (auditor, posko_banjar):
        with pytest.raises(PermissionDenied):
            sign(meeting, actor)
    assert meeting.attendance.count() == 0


def test_two_people_of_an_agency_are_two_heads_on_one_seat(meeting, coordinator, liaison_kpu):
    sign(meeting, liaison_kpu)
    attendance.check_in_at_desk(
        meeting, person("Budi"), agency=agencies("kpu-kalsel")[0], by=coordinator, at=START
    )
    count = quorum(meeting)
    assert (count.present, count.heads) == (1, 2)
    assert [line.invitation_id is not None for line in meeting.attendance.all()] == [True, False]


def test_a_person_claims_the_line_that_the_desk_marked(meeting, coordinator, liaison_kpu):
    kpu = agencies("kpu-kalsel")[0]
    attendance.check_in_at_desk(meeting, Attendee(), agency=kpu, by=coordinator, at=START)
    sign(meeting, liaison_kpu)
    line = meeting.attendance.get()
    assert (line.attendee_name, line.method, line.invitation is not None) == ("Rina", "qr", True)


def test_who_was_written_absent_and_comes_takes_the_seat(meeting, coordinator, liaison_kpu):
    kpu = agencies("kpu-kalsel")[0]
    row = Seat(kpu, "Ketua KPU", "tidak_hadir", "Ketua")
    attendance.record_attendance(meeting, [row], by=coordinator, at=START)
    sign(meeting, liaison_kpu)
    assert [(line.status, line.invitation_id is None) for line in meeting.attendance.all()] == [
        ("tidak_hadir", True),
        ("hadir", False),
    ]


def test_the_desk_takes_walk_ins_without_a_seat(meeting, coordinator, liaison_kpu):
    dprd = agencies("dprd-kalsel")[0]
    line = attendance.check_in_at_desk(
        meeting, person("Sari"), agency=dprd, by=coordinator, at=START
    )
    assert (line.invitation, line.invited_office) == (None, "Penghubung")
    count = quorum(meeting)
    assert (count.seats, count.present, count.heads) == (2, 0, 1)
    with pytest.raises(Refused) as refusal:
        attendance.check_in_at_desk(meeting, person("SARI"), agency=dprd, by=coordinator, at=START)
    assert refusal.value.field == "name"
    with pytest.raises(PermissionDenied):
        attendance.check_in_at_desk(meeting, person(), agency=dprd, by=liaison_kpu, at=START)


def test_a_representative_names_his_office(meeting, liaison_kpu):
    with pytest.raises(Refused) as refusal:
        attendance.check_in(
            meeting,
            Attendee(name="Rina", represents=True),
            by=liaison_kpu,
            at=START,
            code=code(meeting),
        )
    assert refusal.value.field == "office"


def test_the_hosts_list_leaves_what_people_signed_meanwhile(meeting, coordinator, liaison_kpu):
    korem, kpu = agencies("kpu-kalsel", "korem-101")
    rows = [Seat(korem, "Danrem", "hadir"), Seat(kpu, "Ketua KPU", "tidak_hadir")]
    attendance.record_attendance(meeting, rows, by=coordinator, at=START)
    meeting.refresh_from_db()
    opened = {line.agency_id: line for line in meeting.attendance.all()}
    sign(meeting, liaison_kpu, at=START + MINUTE)  # After the host opened the form.

    typed = [
        Seat(korem, "Danrem 101", "hadir", pk=opened[korem.pk].pk, seen=START),
        Seat(kpu, "Ketua KPU", "tidak_hadir", pk=opened[kpu.pk].pk, seen=START),
    ]
    attendance.record_attendance(
        meeting, typed, by=coordinator, at=START + MINUTE, version=meeting.version
    )

    lines = list(meeting.attendance.all())
    assert [(line.invited_office[:6], line.status, line.method) for line in lines] == [
        ("Danrem", "hadir", "daftar"),
        ("Pimpin", "hadir", "qr"),
    ]
    assert all(line.invitation_id for line in lines)


def test_the_hosts_empty_line_does_not_double_a_newcomer(meeting, coordinator, liaison_kpu):
    korem, kpu = agencies("kpu-kalsel", "korem-101")
    sign(meeting, liaison_kpu)
    typed = [Seat(korem, "Danrem", "hadir"), Seat(kpu, "Ketua KPU", "tidak_hadir")]
    attendance.record_attendance(meeting, typed, by=coordinator, at=START + MINUTE)
    assert [(line.agency_id, line.status) for line in meeting.attendance.all()] == [
        (korem.pk, "hadir"),
        (kpu.pk, "hadir"),
    ]


def test_the_host_corrects_a_signed_line_and_its_trace_stays(meeting, coordinator, liaison_kpu):
    signed = sign(meeting, liaison_kpu)
    row = Seat(signed.agency, "Ketua KPU", "hadir", "Rina Sari", "Anggota", START, pk=signed.pk)
    attendance.record_attendance(meeting, [row], by=coordinator, at=START + MINUTE)
    line = meeting.attendance.get()
    assert (line.pk, line.attendee_name, line.person_id, line.method) == (
        signed.pk,
        "Rina Sari",
        liaison_kpu.user_id,
        "qr",
    )


def test_the_host_removes_a_signed_line_only_by_naming_it(meeting, coordinator, liaison_kpu):
    signed = sign(meeting, liaison_kpu)
    attendance.record_attendance(meeting, [], by=coordinator, at=START)
    assert meeting.attendance.count() == 1
    attendance.record_attendance(meeting, [], by=coordinator, at=START, removed=[signed.pk])
    assert meeting.attendance.count() == 0


def test_a_line_of_another_meeting_is_not_touched(meeting, coordinator, liaison_kpu):
    other = make_scheduled(coordinator, "kpu-kalsel")
    foreign = sign(other, liaison_kpu)
    row = Seat(foreign.agency, "Ketua", "hadir", pk=foreign.pk)
    attendance.record_attendance(meeting, [row], by=coordinator, at=START, removed=[foreign.pk])
    foreign.refresh_from_db()
    assert (foreign.meeting_id, foreign.attendee_name) == (other.pk, "Rina")
    assert meeting.attendance.get().pk != foreign.pk


def test_a_late_signature_says_so_and_makes_no_quorum(coordinator, liaison_kpu, liaison_korem):
    meeting = make_scheduled(coordinator, "kpu-kalsel", "korem-101")
    with pytest.raises(Refused):
        attendance.sign_late(meeting, person(), by=liaison_kpu, at=START)
    meetings.start_meeting(meeting, by=coordinator, at=START)
    meetings.close_meeting(meeting, by=coordinator, at=START + MINUTE)
    late = START + timedelta(hours=5)
    line = attendance.sign_late(meeting, person(), by=liaison_kpu, at=late)
    assert (line.method, line.checked_in_at, line.recorded_at, line.recorded_by_id) == (
        CheckIn.LATE,
        None,
        late,
        liaison_kpu.post_id,
    )
    count = quorum(meeting)
    assert (count.present, count.heads) == (0, 1)
    with pytest.raises(Refused, match="sudah tercatat"):
        attendance.sign_late(meeting, person(), by=liaison_kpu, at=late)


def test_nobody_signs_late_once_the_minutes_are_out(coordinator, liaison_kpu, liaison_korem):
    meeting = make_held(coordinator, "kpu-kalsel", "korem-101")
    draft = minutes.open_minutes(meeting, by=coordinator, at=START + timedelta(hours=3))
    attendance.sign_late(meeting, person(), by=liaison_kpu, at=START + timedelta(hours=4))
    minutes.save_minutes(draft, by=coordinator, at=START + timedelta(hours=5), opening="Dibuka.")
    draft.refresh_from_db()
    publish(draft, by=coordinator, at=START + timedelta(hours=6))
    with pytest.raises(Refused):
        attendance.sign_late(meeting, person(), by=liaison_korem, at=START + timedelta(hours=7))


def test_the_audit_of_a_secret_meeting_keeps_no_name(coordinator, people):
    meeting = make_scheduled(coordinator, "polda-kalsel", classification=Classification.RAHASIA)
    sign(meeting, people["pimpinan"], name="Nama Rahasia")
    entry = Entry.objects.get(verb="meeting.check_in")
    assert "Nama Rahasia" not in str(entry.after) + entry.object_label


def test_one_line_per_person_is_the_databases_rule(meeting, liaison_kpu):
    line = sign(meeting, liaison_kpu)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(
            meeting=meeting,
            agency=line.agency,
            invited_office="Ketua",
            status="hadir",
            person_id=liaison_kpu.user_id,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(
            meeting=meeting,
            agency=line.agency,
            invited_office="Ketua",
            status="hadir",
            method=CheckIn.LATE,
        )


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one_line_per_person_and_one_seat(coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    second = Actor(**{**_fields(liaison_kpu), "user_id": _colleague(liaison_kpu).pk})
    outcomes, guard = [], threading.Lock()
    start = threading.Barrier(8)

    def enter(actor: Actor) -> None:
        try:
            start.wait()
            try:
                sign(meeting, actor)
                outcome = "in"
            except Refused:
                outcome = "refused"
            with guard:
                outcomes.append(outcome)
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=[actor]) for actor in [liaison_kpu, second] * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["in"] * 2 + ["refused"] * 6
    lines = list(meeting.attendance.all())
    assert len({line.person_id for line in lines}) == len(lines) == 2
    assert sum(line.invitation_id is not None for line in lines) == 1
    assert len({line.position for line in lines}) == 2
    assert quorum(meeting).present == 1


def _fields(actor: Actor) -> dict:
    names = Actor.__dataclass_fields__
    return {name: getattr(actor, name) for name in names}


def _colleague(actor: Actor) -> User:
    user = User.objects.create_user("wakil@demo.test", name="Wakil")
    Tenure.objects.create(user=user, post_id=actor.post_id, starts_at=START - timedelta(days=9))
    return user


def test_a_draft_takes_nobody_in(coordinator, liaison_kpu):
    draft = make_meeting(coordinator, "kpu-kalsel")
    with pytest.raises(Refused):
        attendance.check_in_at_desk(
            draft, person(), agency=agencies("kpu-kalsel")[0], by=coordinator, at=START
        )
    with pytest.raises(Refused):
        attendance.record_attendance(draft, [], by=coordinator, at=START)


def test_a_mandated_representative_fills_the_seat(meeting, coordinator, liaison_kpu, liaison_korem):
    before = START - timedelta(days=1)
    for actor, slug, commits in (
        (liaison_kpu, "kpu-kalsel", True),
        (liaison_korem, "korem-101", False),
    ):
        invitations.answer_invitation(
            meeting.invitations.get(agency__slug=slug),
            by=actor,
            at=before,
            answer="diwakili",
            representative="Sekretaris",
            may_commit=commits,
        )
        sign(meeting, actor, represents=True)
    assert quorum(meeting).present == 1
    attendance.check_in_at_desk(
        meeting,
        Attendee(name="Kasrem", office="Kasrem", represents=True),
        agency=agencies("korem-101")[0],
        by=coordinator,
        at=START,
        may_commit=True,
    )
    assert quorum(meeting).present == 2
