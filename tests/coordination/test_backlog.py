from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.actions import agenda, agenda_order, backlog, meetings, session
from coordination.models import AgendaItem
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.attachments.models import Attachment
from portal.audit.models import Entry
from tests.coordination.test_agenda_actions import PDF
from tests.factories.coordination import (
    NOW,
    START,
    agencies,
    make_item,
    make_meeting,
    make_scheduled,
    make_series,
)

WEEK = timedelta(days=7)


@pytest.fixture
def weekly(coordinator):
    return make_series(coordinator)


def following(coordinator, weekly, **values):
    return make_meeting(
        coordinator,
        series=weekly,
        agenda=[],
        starts_at=START + WEEK,
        ends_at=START + WEEK + timedelta(hours=2),
        **values,
    )


def moves():
    return Entry.objects.filter(verb="agenda.move").count()


def test_an_item_waits_in_the_backlog_and_is_taken_from_it(coordinator, weekly):
    meeting = make_meeting(coordinator, series=weekly)
    item = meeting.agenda.get(position=1)
    waiting = backlog.move_to_backlog(item, by=coordinator, at=NOW)
    assert (waiting.pk, waiting.meeting, waiting.series) == (item.pk, None, weekly)
    assert list(meeting.agenda.values_list("position", flat=True)) == [1]
    again = backlog.move_to_backlog(waiting, by=coordinator, at=NOW)
    assert (again.pk, moves()) == (item.pk, 1)
    taken = backlog.take_from_backlog(waiting, meeting, by=coordinator, at=NOW)
    assert (taken.pk, taken.meeting, taken.series, taken.position) == (item.pk, meeting, None, 2)
    assert backlog.take_from_backlog(taken, meeting, by=coordinator, at=NOW) == taken
    assert moves() == 2


def test_an_item_goes_on_to_the_next_rakor_that_has_not_begun(coordinator, weekly, liaison_kpu):
    meeting = make_meeting(coordinator, series=weekly)
    item = meeting.agenda.first()
    with pytest.raises(Refused):
        backlog.move_to_next(item, by=coordinator, at=NOW)
    other = make_series(coordinator, title="Lain")
    following(coordinator, other)
    cancelled = following(coordinator, weekly)
    meetings.cancel_meeting(cancelled, by=coordinator, at=NOW, reason="x")
    with pytest.raises(Refused):
        backlog.move_to_next(item, by=coordinator, at=NOW)
    wanted = following(coordinator, weekly)
    moved = backlog.move_to_next(item, by=coordinator, at=NOW)
    assert (moved.pk, moved.meeting) == (item.pk, wanted)


def test_a_rakor_that_has_begun_gives_on_a_copy_once(coordinator, weekly, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    meeting = make_scheduled(coordinator, "kpu-kalsel", series=weekly)
    item = agenda.add_item(
        meeting,
        by=coordinator,
        at=NOW,
        title="Belum sempat",
        presenter=agencies("kpu-kalsel")[0],
        is_closed=True,
        audience=agencies("korem-101"),
        files=[SimpleUploadedFile("paparan.pdf", PDF)],
    )
    meeting = meetings.start_meeting(meeting, by=coordinator, at=START)
    copy = backlog.move_to_backlog(item, by=coordinator, at=START)
    item.refresh_from_db()
    assert (item.meeting, copy.series, copy.carried_from) == (meeting, weekly, item)
    assert set(copy.audience.values_list("slug", flat=True)) == {"kpu-kalsel", "korem-101"}
    first, second = Attachment.objects.order_by("pk")
    assert (first.owner, second.owner, first.sha256) == (item, copy, second.sha256)
    assert first.path != second.path
    with pytest.raises(Refused):
        backlog.move_to_backlog(AgendaItem.objects.get(pk=item.pk), by=coordinator, at=START)
    assert (AgendaItem.objects.filter(title="Belum sempat").count(), moves()) == (2, 1)


def test_a_rakor_that_is_over_gives_on_what_it_did_not_come_to(coordinator, weekly):
    meeting = make_scheduled(coordinator, "kpu-kalsel", series=weekly)
    meetings.start_meeting(meeting, by=coordinator, at=START)
    session.next_item(meeting, by=coordinator, at=START)
    meetings.close_meeting(meeting, by=coordinator, at=START + timedelta(hours=1))
    wanted = following(coordinator, weekly)
    last = AgendaItem.objects.get(meeting=meeting, position=2)
    moved = backlog.move_to_next(last, by=coordinator, at=START + timedelta(hours=2))
    assert (moved.meeting, moved.carried_from, moved.started_at) == (wanted, last, None)


def test_without_a_series_there_is_no_backlog(coordinator):
    item = make_meeting(coordinator).agenda.first()
    for move in (backlog.move_to_backlog, backlog.move_to_next):
        with pytest.raises(Refused):
            move(item, by=coordinator, at=NOW)


def test_an_item_of_another_series_is_not_taken(coordinator, weekly):
    meeting = make_meeting(coordinator, series=weekly)
    other = make_item(make_series(coordinator, title="Lain"), coordinator)
    with pytest.raises(Refused):
        backlog.take_from_backlog(other, meeting, by=coordinator, at=NOW)
    foreign = make_meeting(coordinator).agenda.first()
    with pytest.raises(Refused):
        backlog.take_from_backlog(foreign, meeting, by=coordinator, at=NOW)


def test_a_secret_item_does_not_fall_into_an_open_rakor(coordinator, weekly):
    secret = make_meeting(coordinator, series=weekly, classification=Classification.RAHASIA)
    item = backlog.move_to_backlog(secret.agenda.first(), by=coordinator, at=NOW)
    assert item.classification == Classification.RAHASIA
    meeting = make_meeting(coordinator, series=weekly)
    with pytest.raises(Refused):
        backlog.take_from_backlog(item, meeting, by=coordinator, at=NOW)
    taken = backlog.take_from_backlog(item, secret, by=coordinator, at=NOW)
    assert taken.meeting == secret


def test_others_move_nothing(coordinator, weekly, liaison_kpu, commander):
    meeting = make_scheduled(coordinator, "kpu-kalsel", series=weekly)
    item, waiting = meeting.agenda.first(), make_item(weekly, coordinator)
    for actor in (liaison_kpu, commander):
        with pytest.raises(PermissionDenied):
            backlog.move_to_backlog(item, by=actor, at=NOW)
        with pytest.raises(PermissionDenied):
            backlog.take_from_backlog(waiting, meeting, by=actor, at=NOW)
    assert moves() == 0


def test_an_item_that_moved_meanwhile_is_not_edited_in_its_old_place(coordinator, weekly):
    meeting = make_meeting(coordinator, series=weekly)
    stale = meeting.agenda.select_related("meeting", "series").first()
    backlog.move_to_backlog(AgendaItem.objects.get(pk=stale.pk), by=coordinator, at=NOW)
    for call in (
        lambda: agenda.edit_item(stale, by=coordinator, at=NOW, title="x"),
        lambda: agenda.delete_item(stale, by=coordinator, at=NOW),
        lambda: agenda_order.shift_item(stale, by=coordinator, at=NOW, step=1),
        lambda: backlog.move_to_backlog(stale, by=coordinator, at=NOW),
    ):
        with pytest.raises(Refused):
            call()
    assert AgendaItem.objects.get(pk=stale.pk).title == "Pembukaan"


def test_who_sees_what_waits(coordinator, weekly, liaison_kpu, liaison_dprd, commander):
    meeting = make_scheduled(coordinator, "kpu-kalsel", "dprd-kalsel", series=weekly)
    kpu = agencies("kpu-kalsel")[0]
    make_item(weekly, coordinator, "Terbuka")
    make_item(weekly, coordinator, "Milik KPU", presenter=kpu)
    make_item(weekly, coordinator, "Tertutup", audience=["binda-kalsel"])
    seen = {
        actor.agency_id: {
            item.title for item in AgendaItem.objects.visible_to(actor).filter(series=weekly)
        }
        for actor in (coordinator, liaison_kpu, liaison_dprd)
    }
    assert seen == {
        coordinator.agency_id: {"Terbuka", "Milik KPU", "Tertutup"},
        liaison_kpu.agency_id: {"Milik KPU"},
        liaison_dprd.agency_id: set(),
    }
    assert AgendaItem.objects.visible_to(liaison_dprd).filter(meeting=meeting).count() == 2
    assert not AgendaItem.objects.visible_to(None).exists()


def test_a_secret_in_the_backlog_is_for_who_is_cleared(coordinator, weekly):
    secret = make_meeting(coordinator, series=weekly, classification=Classification.RAHASIA)
    backlog.move_to_backlog(secret.agenda.first(), by=coordinator, at=NOW)
    low = replace(coordinator, clearance=Classification.TERBATAS)
    assert AgendaItem.objects.visible_to(coordinator).filter(series=weekly).count() == 1
    assert AgendaItem.objects.visible_to(low).filter(series=weekly).count() == 0
