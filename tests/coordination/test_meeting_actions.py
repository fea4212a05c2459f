from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from coordination.actions import invitations, meetings
from coordination.enums import MEETING_MOVES, MeetingState
from coordination.models import (
    AgendaItem,
    Meeting,
)
from portal import clock
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.factories.coordination import (
    NOW,
    START,
    agencies,
    make_held,
    make_item,
    make_meeting,
    make_scheduled,
)

HOUR = timedelta(hours=1)


def told(kind):
    return Notification.objects.filter(kind=kind).count()


def test_planning_numbers_and_hosts_it(coordinator):
    meeting = make_meeting(coordinator, "kpu-kalsel", "korem-101")
    assert meeting.number == "RAKOR/1/VI/2024"
    assert meeting.host_agency.slug == "polda-kalsel"
    assert meeting.invitations.count() == 2
    assert Entry.objects.filter(verb="meeting.plan").count() == 1


def test_only_coordinators_plan(liaison_kpu, commander):
    for actor in (liaison_kpu, commander):
        with pytest.raises(PermissionDenied):
            make_meeting(actor)


def test_a_class_above_the_planners_clearance_is_refused(people, coordinator):
    low = type(coordinator)(**{**vars(coordinator), "clearance": Classification.BIASA})
    with pytest.raises(Refused) as refusal:
        make_meeting(low, classification=Classification.TERBATAS)
    assert refusal.value.field == "classification"


def test_scheduling_sends_each_seat_one_numbered_letter(coordinator, liaison_kpu, liaison_korem):
    meeting = make_scheduled(coordinator, "kpu-kalsel", "korem-101")
    again = meetings.schedule_meeting(meeting, by=coordinator, at=NOW)
    letters = set(meeting.invitations.values_list("letter_number", "letter_date"))
    assert letters == {("T/1/VI/OPS.1./2024/Roops", clock.local(NOW).date())}
    assert (again.version, told("meeting_invitation")) == (meeting.version, 2)


@pytest.mark.parametrize(
    ("slugs", "at", "field"), [((), NOW, "agencies"), (("kpu-kalsel",), START, "starts_at")]
)
def test_scheduling_needs_guests_and_time(coordinator, slugs, at, field):
    meeting = make_meeting(coordinator, *slugs)
    with pytest.raises(Refused) as refusal:
        meetings.schedule_meeting(meeting, by=coordinator, at=at)
    assert refusal.value.field == field


@pytest.mark.parametrize("change", [{"title": "Judul lain"}, {"place": "Aula lain"}])
def test_a_new_title_or_place_is_told_once_and_a_new_dress_is_not(coordinator, liaison_kpu, change):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    meetings.edit_meeting(meeting, by=coordinator, at=NOW, dress="PDH")
    assert told("meeting_changed") == 0
    for _time in range(2):
        meetings.edit_meeting(meeting, by=coordinator, at=NOW, **change)
    assert told("meeting_changed") == 1


def test_editing_adds_and_takes_away_seats_that_are_not_sent(coordinator, liaison_kpu):
    meeting = make_meeting(coordinator, "kpu-kalsel", "korem-101")
    meetings.edit_meeting(
        meeting, by=coordinator, at=NOW, agencies=agencies("kpu-kalsel", "dprd-kalsel")
    )
    meetings.schedule_meeting(meeting, by=coordinator, at=NOW)
    meetings.edit_meeting(meeting, by=coordinator, at=NOW, agencies=agencies("bawaslu-kalsel"))
    slugs = set(meeting.invitations.values_list("agency__slug", flat=True))
    assert slugs == {"kpu-kalsel", "dprd-kalsel", "bawaslu-kalsel"}
    assert not meeting.invitations.filter(sent_at__isnull=True).exists()


def test_the_agenda_keeps_its_items_when_it_is_reordered(coordinator):
    meeting = make_meeting(coordinator)
    first, second = meeting.agenda.all()
    drafts = [
        meetings.AgendaDraft("Logistik", 20, pk=second.pk),
        meetings.AgendaDraft("Baru", 5),
        meetings.AgendaDraft(first.title, 10, pk=first.pk),
    ]
    meetings.edit_meeting(meeting, by=coordinator, at=NOW, agenda=drafts)
    rows = list(meeting.agenda.values_list("title", "position"))
    assert rows == [("Logistik", 1), ("Baru", 2), ("Pembukaan", 3)]
    assert AgendaItem.objects.get(pk=second.pk).title == "Logistik"
    other = make_meeting(coordinator).agenda.first()
    stolen = [meetings.AgendaDraft("Curian", pk=other.pk)]
    meetings.edit_meeting(meeting, by=coordinator, at=NOW, agenda=stolen)
    other.refresh_from_db()
    assert other.title == "Pembukaan"


def test_the_lines_of_the_form_change_who_presents(coordinator, liaison_kpu):
    meeting = make_meeting(coordinator, agenda=[])
    post = AgendaItem._meta.get_field("presenter_post").related_model
    item = make_item(
        meeting,
        coordinator,
        presenter_post=post.objects.get(pk=liaison_kpu.post_id),
        audience=["dprd-kalsel"],
    )
    korem = agencies("korem-101")[0]
    lines = [meetings.AgendaDraft("Butir", 15, korem, pk=item.pk)]
    meetings.edit_meeting(meeting, by=coordinator, at=NOW, agenda=lines)
    item.refresh_from_db()
    assert (item.presenter, item.presenter_post) == (korem, None)
    assert korem in item.audience.all()


def test_what_has_begun_is_not_edited_or_filled(coordinator, liaison_kpu):
    meeting = make_held(coordinator, "kpu-kalsel")
    with pytest.raises(Refused):
        meetings.edit_meeting(meeting, by=coordinator, at=START, title="Lain")
    with pytest.raises(Refused):
        meetings.invite_agencies(meeting, agencies("dprd-kalsel"), by=coordinator, at=START)
    with pytest.raises(Refused):
        meetings.postpone_meeting(meeting, by=coordinator, at=START, reason="Cuaca.")


def test_editing_with_an_end_before_the_start_is_refused(coordinator):
    meeting = make_meeting(coordinator)
    with pytest.raises(Refused) as refusal:
        meetings.edit_meeting(meeting, by=coordinator, at=NOW, ends_at=START - HOUR)
    assert refusal.value.field == "ends_at"


@pytest.mark.parametrize("action", [meetings.postpone_meeting, meetings.cancel_meeting])
def test_stopping_tells_everyone_once(coordinator, liaison_kpu, action):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    with pytest.raises(Refused):
        action(meeting, by=coordinator, at=NOW, reason=" ")
    for _time in range(2):
        stopped = action(meeting, by=coordinator, at=NOW, reason="Cuaca.")
    assert told(f"meeting_{stopped.state}") == 1


def test_a_new_date_asks_for_answers_anew(coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    seat = meeting.invitations.get()
    invitations.answer_invitation(seat, by=liaison_kpu, at=NOW, answer="hadir")
    meetings.postpone_meeting(meeting, by=coordinator, at=NOW, reason="Cuaca.")
    with pytest.raises(Refused):
        invitations.answer_invitation(
            seat, by=liaison_kpu, at=NOW, answer="tidak_hadir", reason="x"
        )
    meetings.schedule_meeting(meeting, by=coordinator, at=NOW + HOUR)
    seat.refresh_from_db()
    assert (seat.answer, seat.answered_at, told("meeting_invitation")) == ("belum", None, 2)


@pytest.mark.parametrize("state", MeetingState)
def test_every_move_outside_the_table_is_refused(coordinator, liaison_kpu, state):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    Meeting.objects.filter(pk=meeting.pk).update(state=state, state_reason="x")
    steps = {
        MeetingState.IN_SESSION: lambda: meetings.start_meeting(meeting, by=coordinator, at=NOW),
        MeetingState.HELD: lambda: meetings.close_meeting(meeting, by=coordinator, at=NOW),
        MeetingState.SCHEDULED: lambda: meetings.schedule_meeting(meeting, by=coordinator, at=NOW),
    }
    for wanted, step in steps.items():
        if wanted == state:
            assert step().state == state
        elif wanted not in MEETING_MOVES[state]:
            with pytest.raises(Refused):
                step()
