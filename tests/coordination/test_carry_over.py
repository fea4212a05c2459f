"""What stays open comes onto the next agenda of the series by itself."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from coordination.actions import (
    agenda,
    agenda_order,
    agenda_templates,
    carry_over,
    directives,
    meetings,
    obligations,
)
from coordination.actions.minutes import open_minutes
from coordination.models import AgendaItem, Dropped, Obligation
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.audit.models import Entry
from tests.factories.coordination import (
    PUBLISHED,
    START,
    agencies,
    make_meeting,
    make_published,
    make_scheduled,
    make_series,
)

NEXT = START + timedelta(days=7)


def later(by, series, days=7, make=make_meeting, **values):
    start = START + timedelta(days=days)
    return make(
        by,
        "kpu-kalsel",
        at=PUBLISHED,
        series=series,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        **values,
    )


def carried(meeting):
    rows = meeting.agenda.exclude(obligation=None)
    return [(item.obligation.agency.slug, item.position, item.planned_minutes) for item in rows]


def test_planning_the_next_of_a_series_brings_back_what_is_open(coordinator):
    series = make_series(coordinator)
    make_published(coordinator, "kpu-kalsel", "bawaslu-kalsel", series=series)

    meeting = later(coordinator, series)

    assert carried(meeting) == [("kpu-kalsel", 2, 5), ("bawaslu-kalsel", 3, 5)]
    item = meeting.agenda.get(position=2)
    assert item.title == f"KPU Kalsel: Kawal logistik ({item.obligation.directive.number})"
    assert item.presenter.slug == "kpu-kalsel"
    entry = Entry.objects.get(verb="meeting.carry_over", object_id=str(meeting.pk))
    assert len(entry.after["obligations"]) == 2


def order(meeting):
    rows = meeting.agenda.order_by("position")
    return [item.obligation.agency.slug if item.obligation else item.title for item in rows]


def test_what_came_back_stands_after_the_opening_section(coordinator):
    series = make_series(coordinator)
    make_published(coordinator, "kpu-kalsel", series=series)
    meeting = later(coordinator, None)
    titles = order(meeting)
    for item in meeting.agenda.order_by("position"):
        agenda.edit_item(item, by=coordinator, at=PUBLISHED, section="Pembukaan")
    agenda.add_item(meeting, by=coordinator, at=PUBLISHED, title="Kesiapan")

    meetings.edit_meeting(meeting, by=coordinator, at=PUBLISHED, series=series)

    assert order(meeting) == [*titles, "kpu-kalsel", "Kesiapan"]


@pytest.mark.parametrize("way", ["buttons", "form", "example"])
def test_the_first_item_of_an_agenda_opens_it_before_what_came_back(coordinator, way):
    series = make_series(coordinator)
    make_published(coordinator, "kpu-kalsel", "bawaslu-kalsel", series=series)
    other = make_meeting(coordinator)
    titles = order(other)
    example = agenda_templates.save_template(other, by=coordinator, at=PUBLISHED, name="Contoh")
    meeting = later(coordinator, series, agenda=())
    back = ["kpu-kalsel", "bawaslu-kalsel"]
    assert order(meeting) == back

    if way == "buttons":
        for title in titles:
            agenda.add_item(meeting, by=coordinator, at=PUBLISHED, title=title)
    elif way == "form":
        there = meeting.agenda.order_by("position")
        lines = [meetings.AgendaDraft(item.title, pk=item.pk) for item in there]
        lines += [meetings.AgendaDraft(title) for title in titles]
        meetings.edit_meeting(meeting, by=coordinator, at=PUBLISHED, agenda=lines)
    else:
        agenda_templates.apply_template(meeting, example, by=coordinator, at=PUBLISHED)

    assert order(meeting) == [titles[0], *back, *titles[1:]]
    assert list(meeting.agenda.values_list("position", flat=True)) == [1, 2, 3, 4]


def test_what_came_back_stays_where_it_was_put_and_the_next_joins_it(coordinator):
    series = make_series(coordinator)
    make_published(coordinator, "kpu-kalsel", series=series)
    meeting = later(coordinator, series)
    item = meeting.agenda.exclude(obligation=None).get()
    agenda_order.shift_item(item, by=coordinator, at=PUBLISHED, step=-1)
    agenda.add_item(meeting, by=coordinator, at=PUBLISHED, title="Penutup")
    assert order(meeting)[0] == "kpu-kalsel"

    make_published(coordinator, "bawaslu-kalsel", series=series)

    assert order(meeting)[:2] == ["kpu-kalsel", "bawaslu-kalsel"]


def test_another_series_or_none_or_an_earlier_meeting_brings_back_nothing(coordinator):
    series, other = make_series(coordinator), make_series(coordinator, title="Seri lain")
    make_published(coordinator, "kpu-kalsel", series=series)

    assert carried(later(coordinator, other)) == []
    assert carried(later(coordinator, None)) == []
    assert carried(later(coordinator, series, days=-1)) == []


def test_a_second_time_adds_nothing(coordinator):
    series = make_series(coordinator)
    make_published(coordinator, "kpu-kalsel", series=series)
    meeting = later(coordinator, series)

    meetings.schedule_meeting(meeting, by=coordinator, at=PUBLISHED)
    meetings.start_meeting(meeting, by=coordinator, at=NEXT)

    assert len(carried(meeting)) == 1
    assert Entry.objects.filter(verb="meeting.carry_over").count() == 1


def test_what_is_finished_before_the_meeting_leaves_its_agenda(coordinator, liaison_kpu):
    series = make_series(coordinator)
    published = make_published(coordinator, "kpu-kalsel", series=series)
    meeting = later(coordinator, series, make=make_scheduled)
    obligation = Obligation.objects.get(directive__meeting=published.meeting)

    obligations.submit_obligation(obligation, by=liaison_kpu, at=PUBLISHED, note="Tuntas.")
    assert len(carried(meeting)) == 1
    obligations.verify_and_close(obligation, by=coordinator, at=PUBLISHED)

    assert carried(meeting) == []


def test_what_is_finished_after_the_opening_stays_on_the_agenda(coordinator, liaison_kpu):
    series = make_series(coordinator)
    published = make_published(coordinator, "kpu-kalsel", series=series)
    meeting = later(coordinator, series, make=make_scheduled)
    obligation = Obligation.objects.get(directive__meeting=published.meeting)

    meetings.start_meeting(meeting, by=coordinator, at=NEXT)
    obligations.submit_obligation(obligation, by=liaison_kpu, at=NEXT, note="Tuntas.")
    obligations.verify_and_close(obligation, by=coordinator, at=NEXT)

    assert len(carried(meeting)) == 1


def test_a_cancelled_directive_leaves_the_agenda(coordinator):
    series = make_series(coordinator)
    published = make_published(coordinator, "kpu-kalsel", series=series)
    meeting = later(coordinator, series)

    AgendaItem.objects.create(meeting=meeting, position=4, title="Penutup")
    directives.cancel_directive(
        published.meeting.directives.get(), by=coordinator, at=PUBLISHED, reason="Ganti."
    )

    assert carried(meeting) == []
    assert list(meeting.agenda.values_list("position", flat=True)) == [1, 2, 3]


def test_a_new_directive_joins_a_meeting_that_is_planned_already(coordinator):
    series = make_series(coordinator)
    meeting = later(coordinator, series, make=make_scheduled)
    assert carried(meeting) == []

    make_published(coordinator, "kpu-kalsel", series=series)

    assert [slug for slug, *_ in carried(meeting)] == ["kpu-kalsel"]


def test_an_agenda_that_is_written_anew_keeps_what_came_back(coordinator):
    series = make_series(coordinator)
    make_published(coordinator, "kpu-kalsel", series=series)
    meeting = later(coordinator, series)

    meetings.edit_meeting(
        meeting, by=coordinator, at=PUBLISHED, agenda=[meetings.AgendaDraft("Pembukaan", 10)]
    )

    assert carried(meeting) == [("kpu-kalsel", 2, 5)]


def test_dropping_needs_a_reason_and_lasts_for_this_meeting_only(coordinator):
    series = make_series(coordinator)
    published = make_published(coordinator, "kpu-kalsel", series=series)
    meeting = later(coordinator, series)
    obligation = Obligation.objects.get(directive__meeting=published.meeting)

    with pytest.raises(Refused) as refusal:
        carry_over.drop_item(meeting, obligation, by=coordinator, at=PUBLISHED, reason="  ")
    assert refusal.value.field == "reason"
    assert len(carried(meeting)) == 1
    for _time in range(2):
        carry_over.drop_item(
            meeting, obligation, by=coordinator, at=PUBLISHED, reason="Dibahas terpisah."
        )

    meetings.schedule_meeting(meeting, by=coordinator, at=PUBLISHED)
    assert carried(meeting) == []
    assert list(meeting.agenda.values_list("position", flat=True)) == [1, 2]
    assert Dropped.objects.get().reason == "Dibahas terpisah."
    assert Entry.objects.filter(verb="meeting.drop_item").count() == 1
    assert [slug for slug, *_ in carried(later(coordinator, series, days=14))] == ["kpu-kalsel"]


def test_only_the_host_drops_and_only_before_the_opening(coordinator, liaison_kpu):
    series = make_series(coordinator)
    published = make_published(coordinator, "kpu-kalsel", series=series)
    meeting = later(coordinator, series, make=make_scheduled)
    obligation = Obligation.objects.get(directive__meeting=published.meeting)

    with pytest.raises(PermissionDenied):
        carry_over.drop_item(meeting, obligation, by=liaison_kpu, at=PUBLISHED, reason="Tidak.")
    meetings.start_meeting(meeting, by=coordinator, at=NEXT)
    with pytest.raises(Refused):
        carry_over.drop_item(meeting, obligation, by=coordinator, at=NEXT, reason="Terlambat.")
    other = later(coordinator, None)
    with pytest.raises(Refused):
        carry_over.drop_item(other, obligation, by=coordinator, at=NEXT, reason="Bukan di sini.")
    assert len(carried(meeting)) == 1


def test_what_is_classified_higher_comes_back_closed_and_without_its_words(
    coordinator, liaison_kpu, liaison_bawaslu
):
    series = make_series(coordinator)
    make_published(coordinator, "kpu-kalsel", series=series, classification=Classification.TERBATAS)
    meeting = later(coordinator, series, classification=Classification.BIASA)

    item = meeting.agenda.exclude(obligation=None).get()

    assert item.is_closed
    assert item.title == f"Tindak lanjut arahan {item.obligation.directive.number}"
    assert {agency.slug for agency in item.audience.all()} == {"kpu-kalsel", "polda-kalsel"}


def test_what_came_from_a_closed_item_comes_back_closed(coordinator, liaison_bawaslu):
    series = make_series(coordinator)
    published = make_published(coordinator, "kpu-kalsel", "bawaslu-kalsel", series=series)
    origin = published.sections.last().agenda_item
    AgendaItem.objects.filter(pk=origin.pk).update(is_closed=True)
    origin.audience.set(agencies("kejati-kalsel"))

    meeting = later(coordinator, series)

    audiences = [
        {agency.slug for agency in item.audience.all()}
        for item in meeting.agenda.exclude(obligation=None)
    ]
    assert audiences == [
        {"kejati-kalsel", "kpu-kalsel", "polda-kalsel"},
        {"kejati-kalsel", "bawaslu-kalsel", "polda-kalsel"},
    ]


def test_the_minutes_have_a_section_for_what_came_back(coordinator):
    series = make_series(coordinator)
    make_published(coordinator, "kpu-kalsel", series=series)
    meeting = later(coordinator, series, make=make_scheduled)
    meetings.start_meeting(meeting, by=coordinator, at=NEXT)

    minutes = open_minutes(meeting, by=coordinator, at=NEXT)

    section = minutes.sections.get(agenda_item__obligation__isnull=False)
    assert section.speaker == agencies("kpu-kalsel")[0].name


@pytest.mark.django_db(transaction=True)
def test_two_that_arrive_at_once_leave_one_item(people):
    coordinator = people["koordinator"]
    series = make_series(coordinator)
    published = make_published(coordinator, "kpu-kalsel", series=series)
    meeting = later(coordinator, None)
    type(meeting).objects.filter(pk=meeting.pk).update(series=series)
    meeting.refresh_from_db()
    gate = threading.Barrier(2)
    failures = []

    def schedule():
        try:
            gate.wait()
            meetings.edit_meeting(meeting, by=coordinator, at=PUBLISHED)
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=schedule) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert AgendaItem.objects.filter(obligation__directive__meeting=published.meeting).count() == 1
