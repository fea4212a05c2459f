import pytest
from django.core.exceptions import PermissionDenied

from coordination.actions import attendance, invitations
from portal.access.errors import Refused, Stale
from portal.notifications.models import Notification
from tests.factories.coordination import (
    NOW,
    PUBLISHED,
    START,
    agencies,
    make_published,
    make_scheduled,
)


def told(kind):
    return Notification.objects.filter(kind=kind).count()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"answer": "belum"}, "answer"),
        ({"answer": "mungkin"}, "answer"),
        ({"answer": "diwakili"}, "representative"),
        ({"answer": "tidak_hadir"}, "reason"),
    ],
)
def test_an_incomplete_answer_is_refused(coordinator, liaison_kpu, values, field):
    seat = make_scheduled(coordinator, "kpu-kalsel").invitations.get()
    with pytest.raises(Refused) as refusal:
        invitations.answer_invitation(seat, by=liaison_kpu, at=NOW, **values)
    assert refusal.value.field == field


def test_an_answer_is_told_once_and_stops_the_asking(coordinator, liaison_kpu, liaison_korem):
    seat = make_scheduled(coordinator, "kpu-kalsel").invitations.get()
    for _time in range(2):
        invitations.answer_invitation(
            seat,
            by=liaison_kpu,
            at=NOW,
            answer="diwakili",
            representative="Sekretaris",
            may_commit=True,
        )
    seat.refresh_from_db()
    assert (seat.may_commit, seat.answered_by_id) == (True, liaison_kpu.post_id)
    assert told("invitation_answered") == 1
    assert Notification.objects.get(kind="meeting_invitation").cancelled_at == NOW
    with pytest.raises(PermissionDenied):
        invitations.answer_invitation(seat, by=liaison_korem, at=NOW, answer="hadir")
    with pytest.raises(Stale):
        invitations.answer_invitation(seat, by=liaison_kpu, at=NOW, answer="hadir", version=1)


def test_two_people_of_one_agency_take_one_seat(coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    kpu = agencies("kpu-kalsel")[0]
    rows = [attendance.Seat(kpu, office, "hadir") for office in ("Ketua", "Anggota")]
    attendance.record_attendance(meeting, rows, by=coordinator, at=START)
    assert [row.invitation_id is not None for row in meeting.attendance.all()] == [True, False]


def test_a_representative_needs_an_office(coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    row = attendance.Seat(agencies("kpu-kalsel")[0], "Ketua", "diwakili")
    with pytest.raises(Refused) as refusal:
        attendance.record_attendance(meeting, [row], by=coordinator, at=START)
    assert refusal.value.field == "attendee_office"


def test_attendance_is_closed_with_the_minutes(coordinator, liaison_kpu):
    meeting = make_published(coordinator, "kpu-kalsel").meeting
    with pytest.raises(Refused):
        attendance.record_attendance(meeting, [], by=coordinator, at=PUBLISHED)
