from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from coordination.actions import invitations, meetings, reminders
from coordination.actions.withdrawals import withdraw_seat
from coordination.models import Meeting, Reminder
from coordination.queries import dashboard
from coordination.queries import meetings as queries
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.coordination.pages import agency_id, meeting_data, texts, url
from tests.factories.coordination import NOW, START, agencies, make_meeting, make_scheduled

REASON = "Instansi keluar dari operasi."


def told(kind):
    return Notification.objects.filter(kind=kind).count()


def seat_of(meeting, slug="kpu-kalsel"):
    return meeting.invitations.get(agency__slug=slug)


def withdrawn(coordinator, *slugs, **values):
    meeting = make_scheduled(coordinator, *slugs, **values)
    withdraw_seat(seat_of(meeting), by=coordinator, at=NOW, reason=REASON)
    return meeting


def test_the_agency_is_told_once(coordinator, liaison_kpu):
    meeting = withdrawn(coordinator, "kpu-kalsel", "korem-101")
    again = withdraw_seat(seat_of(meeting), by=coordinator, at=NOW, reason="lain")
    assert (again.withdrawn_reason, told("seat_withdrawn")) == (REASON, 1)
    assert Entry.objects.filter(verb="invitation.withdraw").count() == 1
    assert REASON in str(Notification.objects.get(kind="seat_withdrawn").context)


def test_an_agency_that_was_not_asked_yet_is_not_told(coordinator, liaison_kpu):
    meeting = make_meeting(coordinator, "kpu-kalsel", "korem-101")
    withdraw_seat(seat_of(meeting), by=coordinator, at=NOW, reason=REASON)
    assert told("seat_withdrawn") == 0
    meetings.schedule_meeting(meeting, by=coordinator, at=NOW)
    assert seat_of(meeting).sent_at is None


def test_it_needs_a_reason_the_host_and_a_rakor_that_has_not_begun(
    coordinator, liaison_kpu, commander
):
    meeting = make_scheduled(coordinator, "kpu-kalsel", "korem-101")
    seat = seat_of(meeting)
    for actor in (liaison_kpu, commander):
        with pytest.raises(PermissionDenied):
            withdraw_seat(seat, by=actor, at=NOW, reason=REASON)
    with pytest.raises(Refused) as refusal:
        withdraw_seat(seat, by=coordinator, at=NOW, reason=" ")
    assert refusal.value.field == "reason"
    with pytest.raises(Stale):
        withdraw_seat(seat, by=coordinator, at=NOW, reason=REASON, version=seat.version - 1)
    meetings.start_meeting(meeting, by=coordinator, at=START)
    with pytest.raises(Refused):
        withdraw_seat(seat, by=coordinator, at=START, reason=REASON)
    seat.refresh_from_db()
    assert seat.withdrawn_at is None


def test_the_rakor_goes_out_of_its_sight_and_nothing_more_comes(
    coordinator, liaison_kpu, liaison_korem
):
    meeting = withdrawn(coordinator, "kpu-kalsel", "korem-101")
    assert not Meeting.objects.visible_to(liaison_kpu).exists()
    assert Meeting.objects.visible_to(liaison_korem).count() == 1
    assert dashboard.waiting_for(liaison_kpu, NOW) == []
    with pytest.raises(Refused):
        invitations.answer_invitation(seat_of(meeting), by=liaison_kpu, at=NOW, answer="hadir")
    meetings.edit_meeting(meeting, by=coordinator, at=NOW, place="Aula lain")
    reminders.remind_meetings(at=START - timedelta(hours=1))
    reminded = set(Reminder.objects.values_list("invitation__agency__slug", flat=True))
    assert (told("meeting_changed"), reminded) == (1, {"korem-101"})


def test_it_is_counted_nowhere(coordinator, liaison_kpu, liaison_korem):
    meeting = withdrawn(coordinator, "kpu-kalsel", "korem-101")
    (row,) = queries.meetings(coordinator)
    (coming,) = dashboard.upcoming_meetings(coordinator, NOW)
    assert (row.invited, row.answered, coming.invited, coming.answered) == (1, 0, 1, 0)
    loaded = queries.loaded(coordinator).get(pk=meeting.pk)
    assert [count for _kind, _label, count in queries.answer_counts(loaded)] == [1]
    assert list(meeting.invitations.standing()) == [seat_of(meeting, "korem-101")]


def test_all_withdrawn_is_nobody_invited(coordinator):
    meeting = make_meeting(coordinator, "kpu-kalsel")
    withdraw_seat(seat_of(meeting), by=coordinator, at=NOW, reason=REASON)
    with pytest.raises(Refused) as refusal:
        meetings.schedule_meeting(meeting, by=coordinator, at=NOW)
    assert refusal.value.field == "agencies"


def test_an_agency_that_is_asked_again_gets_a_new_letter(coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel", "korem-101")
    invitations.answer_invitation(seat_of(meeting), by=liaison_kpu, at=NOW, answer="hadir")
    withdraw_seat(seat_of(meeting), by=coordinator, at=NOW, reason=REASON)
    later = NOW + timedelta(hours=1)
    meetings.invite_agencies(meeting, agencies("kpu-kalsel"), by=coordinator, at=later)
    seat = seat_of(meeting)
    assert (seat.withdrawn_at, seat.sent_at, seat.answer) == (None, later, "belum")
    assert told("meeting_invitation") == 2
    assert Meeting.objects.visible_to(liaison_kpu).count() == 1


def test_a_withdrawn_seat_survives_the_form_of_the_meeting(client, sign_in, coordinator):
    meeting = make_meeting(coordinator, "kpu-kalsel", "korem-101")
    withdraw_seat(seat_of(meeting), by=coordinator, at=NOW, reason=REASON)
    sign_in(client, coordinator)
    with time_machine.travel(NOW, tick=False):
        page = client.get(url("meeting_edit", meeting.pk))
        korem = agency_id("korem-101")
        assert page.context["form"].initial["agencies"] == [korem]
        data = meeting_data(version=meeting.version, agencies=[korem])
        assert client.post(url("meeting_edit", meeting.pk), data).status_code == 302
    assert seat_of(meeting).withdrawn_reason == REASON


def test_the_page_asks_for_the_reason(client, sign_in, coordinator, liaison_kpu, liaison_dprd):
    meeting = make_scheduled(coordinator, "kpu-kalsel", "korem-101")
    page = url("seat_withdraw", seat_of(meeting).pk)
    with time_machine.travel(NOW, tick=False):
        sign_in(client, liaison_kpu)
        assert client.get(page).status_code == 403
        sign_in(client, coordinator)
        assert "diberi tahu satu kali" in texts(client.get(page))
        assert "reason" in client.post(page, {"reason": " "}).context["form"].errors
        done = client.post(page, {"reason": REASON, "idempotency_key": "w1"}, follow=True)
        assert "ditarik." in texts(done)
        assert REASON in texts(done)
        assert "Ditarik" in texts(done)
        sign_in(client, liaison_kpu)
        assert client.get(url("meeting_detail", meeting.pk)).status_code == 404
        sign_in(client, liaison_dprd)
        assert client.get(url("meeting_detail", meeting.pk)).status_code == 404
