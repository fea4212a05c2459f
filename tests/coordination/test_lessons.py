"""Bahan evaluasi: raised in a rakor, followed, and found again by the next operation."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from coordination.actions import lessons as actions
from coordination.models import AgendaItem, Lesson
from coordination.queries.lessons import meeting_lessons
from portal.access.classification import Classification
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.registry.models import Operation
from tests.coordination.pages import agency_id, texts, url
from tests.factories.coordination import (
    NOW,
    START,
    agencies,
    make_held,
    make_meeting,
    make_published,
    make_scheduled,
)

AT = START + timedelta(days=2)


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def note(meeting, by, **values):
    defaults = {
        "kind": "masalah",
        "title": "Radio tidak terhubung",
        "text": "Kanal **berbeda** di dua polres.",
        "owner_agency": agencies("korem-101")[0],
    }
    return actions.raise_lesson(meeting, by=by, at=AT, **(defaults | values))


def next_operation():
    """The next one, as a registry will have it."""
    now = Operation.objects.get(slug="mantap-praja-intan-2024")
    return Operation.objects.create(
        slug="mantap-brata-2029",
        name="Operasi Mantap Brata 2029",
        code_name="Mantap Brata",
        kind="Pemilu",
        region=now.region,
        starts_on=date(2028, 10, 1),
        ends_on=date(2029, 6, 1),
        source="uji",
    )


def test_raising_takes_class_and_operation_of_the_rakor(coordinator, liaison_kpu):
    meeting = make_held(coordinator, "kpu-kalsel")

    lesson = note(meeting, liaison_kpu, agenda_item=meeting.agenda.first())

    assert (lesson.state, lesson.classification) == ("open", meeting.classification)
    assert lesson.operation_id == meeting.operation_id
    assert Entry.objects.filter(verb="lesson.raise").count() == 1


def test_raising_is_refused_before_the_opening_and_without_words(coordinator):
    with pytest.raises(Refused):
        note(make_scheduled(coordinator, "kpu-kalsel"), coordinator)
    with pytest.raises(Refused) as empty:
        note(make_held(coordinator, "kpu-kalsel"), coordinator, text=" ")
    assert empty.value.field == "text"
    assert not Lesson.objects.exists()


def test_raising_needs_sight_and_items_of_that_rakor(
    coordinator, liaison_dprd, commander, liaison_kpu
):
    meeting, other = (make_held(coordinator, "kpu-kalsel") for _number in range(2))

    with pytest.raises(Refused):
        note(meeting, liaison_dprd)
    with pytest.raises(PermissionDenied):
        note(meeting, commander)
    with pytest.raises(Refused) as foreign:
        note(meeting, coordinator, agenda_item=other.agenda.first())
    assert foreign.value.field == "agenda_item"
    closed = meeting.agenda.last()
    AgendaItem.objects.filter(pk=closed.pk).update(is_closed=True)
    with pytest.raises(Refused):
        note(meeting, liaison_kpu, agenda_item=closed)


def test_a_passage_of_another_rakor_is_refused(coordinator):
    published = make_published(coordinator, "kpu-kalsel")
    section = published.sections.last()

    lesson = note(published.meeting, coordinator, section=section)

    assert lesson.agenda_item_id == section.agenda_item_id
    with pytest.raises(Refused) as foreign:
        note(make_held(coordinator, "kpu-kalsel"), coordinator, section=section, agenda_item=None)
    assert foreign.value.field in {"agenda_item", "section"}


def test_who_sees_the_rakor_or_answers_for_it_sees_the_lesson(
    coordinator, commander, liaison_kpu, liaison_korem, liaison_dprd, posko_banjar
):
    meeting = make_held(coordinator, "kpu-kalsel")
    lesson = note(meeting, coordinator)

    def seen(actor):
        return Lesson.objects.visible_to(actor).filter(pk=lesson.pk).exists()

    assert [seen(actor) for actor in (coordinator, commander, liaison_kpu, liaison_korem)] == [
        True
    ] * 4
    assert [seen(actor) for actor in (liaison_dprd, posko_banjar, None)] == [False] * 3


def test_a_lesson_of_a_closed_item_or_a_higher_class_stays_there(
    coordinator, liaison_kpu, liaison_korem
):
    meeting = make_held(coordinator, "kpu-kalsel", "korem-101")
    item = meeting.agenda.last()
    lesson = note(meeting, coordinator, agenda_item=item)
    AgendaItem.objects.filter(pk=item.pk).update(is_closed=True)

    assert not Lesson.objects.visible_to(liaison_kpu).exists()
    assert Lesson.objects.visible_to(liaison_korem).exists()
    Lesson.objects.filter(pk=lesson.pk).update(classification=Classification.RAHASIA)
    assert not Lesson.objects.visible_to(liaison_korem).exists()


def test_following_needs_a_directive_or_words(coordinator, liaison_korem):
    published = make_published(coordinator, "korem-101")
    lesson = note(published.meeting, coordinator)

    with pytest.raises(Refused) as empty:
        actions.follow_lesson(lesson, by=liaison_korem, at=AT, state="followed")
    assert empty.value.field == "follow_up"
    actions.follow_lesson(
        lesson,
        by=liaison_korem,
        at=AT,
        state="followed",
        directive=published.meeting.directives.get(),
    )
    lesson.refresh_from_db()
    assert (lesson.state, lesson.version) == ("followed", 2)
    actions.follow_lesson(lesson, by=coordinator, at=AT, state="closed", follow_up="Kanal sama.")
    assert Entry.objects.filter(verb="lesson.follow").count() == 2
    with pytest.raises(Refused):
        actions.follow_lesson(lesson, by=coordinator, at=AT, state="followed", follow_up="Lagi.")
    with pytest.raises(Stale):
        actions.follow_lesson(lesson, by=coordinator, at=AT, state="open", version=1)


def test_following_is_for_the_owner_and_the_host(coordinator, liaison_kpu):
    lesson = note(make_held(coordinator, "kpu-kalsel"), coordinator)

    with pytest.raises(PermissionDenied):
        actions.follow_lesson(lesson, by=liaison_kpu, at=AT, state="closed", follow_up="Ya.")


def test_a_directive_out_of_sight_is_refused(coordinator, liaison_korem):
    lesson = note(make_held(coordinator, "korem-101"), coordinator)
    directive = make_published(coordinator, "kpu-kalsel").meeting.directives.get()

    with pytest.raises(Refused) as refusal:
        actions.follow_lesson(
            lesson, by=liaison_korem, at=AT, state="followed", directive=directive
        )
    assert refusal.value.field == "directive"


def test_the_database_asks_what_came_of_a_closed_lesson(coordinator):
    lesson = note(make_held(coordinator, "kpu-kalsel"), coordinator)

    with pytest.raises(IntegrityError), transaction.atomic():
        Lesson.objects.filter(pk=lesson.pk).update(state="closed")


def test_the_next_operation_finds_it_again_unresolved_first(coordinator, liaison_kpu):
    held = make_held(coordinator, "kpu-kalsel")
    solved, unsolved = note(held, coordinator, title="Sudah"), note(held, coordinator)
    actions.follow_lesson(solved, by=coordinator, at=AT, state="closed", follow_up="Tuntas.")
    same = make_meeting(coordinator, "kpu-kalsel")
    later = make_meeting(coordinator, "kpu-kalsel", operation=next_operation())

    found = meeting_lessons(later, coordinator)["earlier"]

    assert [row.title for row in found] == [unsolved.title, "Sudah"]
    assert meeting_lessons(same, coordinator)["earlier"] == []
    assert meeting_lessons(later, liaison_kpu)["earlier"] == []


def test_taking_a_lesson_puts_it_on_the_agenda_once(coordinator):
    held = make_held(coordinator, "kpu-kalsel")
    origin = held.agenda.last()
    AgendaItem.objects.filter(pk=origin.pk).update(is_closed=True)
    origin.audience.set(agencies("kejati-kalsel"))
    lesson = note(held, coordinator, agenda_item=origin)
    meeting = make_meeting(coordinator, "kpu-kalsel", operation=next_operation())

    for _time in range(2):
        actions.put_on_agenda(lesson, meeting, by=coordinator, at=AT)

    item = meeting.agenda.get(lesson=lesson)
    assert (item.position, item.title) == (3, "Evaluasi: Radio tidak terhubung")
    assert item.is_closed
    assert {agency.slug for agency in item.audience.all()} == {"kejati-kalsel", "korem-101"}
    assert meeting_lessons(meeting, coordinator)["earlier"][0].taken
    low = make_meeting(coordinator, classification=Classification.BIASA)
    with pytest.raises(Refused):
        actions.put_on_agenda(lesson, low, by=coordinator, at=AT)


def test_the_pages_raise_follow_and_take(client, sign_in, coordinator, liaison_korem):
    held = make_held(coordinator, "korem-101")
    sign_in(client, liaison_korem)
    data = {
        "kind": "pelajaran",
        "title": "Pos terpadu",
        "text": "Satu **pos**.",
        "owner_agency": agency_id("korem-101"),
    }
    created = client.post(url("lesson_create", held.pk), data)
    lesson = Lesson.objects.get()
    assert created.url == url("lesson_detail", lesson.pk)
    assert "<strong>pos</strong>" in texts(client.get(created.url))
    assert "Pos terpadu" in texts(client.get(url("meeting_detail", held.pk)))
    bad = client.post(created.url, {"state": "closed", "version": 1})
    assert "follow_up" in bad.context["form"].errors
    client.post(created.url, {"state": "closed", "follow_up": "Dipakai.", "version": 1})
    lesson.refresh_from_db()
    assert lesson.state == "closed"
    sign_in(client, coordinator)
    meeting = make_meeting(coordinator, "kpu-kalsel", operation=next_operation())
    client.post(url("lesson_take", lesson.pk, meeting.pk))
    assert meeting.agenda.filter(lesson=lesson).exists()


@pytest.mark.parametrize("missing", ["title", "text", "owner_agency"])
def test_a_lesson_without_its_parts_is_refused_at_the_field(client, sign_in, coordinator, missing):
    held = make_held(coordinator, "korem-101")
    sign_in(client, coordinator)
    data = {"kind": "masalah", "title": "x", "text": "y", "owner_agency": agency_id("korem-101")}

    answer = client.post(url("lesson_create", held.pk), data | {missing: ""})

    assert missing in answer.context["form"].errors
    assert not Lesson.objects.exists()


def test_strangers_find_nothing(client, sign_in, coordinator, liaison_dprd, posko_banjar):
    held = make_held(coordinator, "kpu-kalsel")
    lesson = note(held, coordinator)
    sign_in(client, liaison_dprd)
    assert client.get(url("lesson_detail", lesson.pk)).status_code == 404
    assert client.get(url("lesson_create", held.pk)).status_code == 404
    assert len(client.get(url("lesson_list")).context["rows"]) == 0
    assert client.post(url("lesson_take", lesson.pk, held.pk)).status_code == 403
    sign_in(client, posko_banjar)
    assert client.get(url("lesson_list")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_filters_and_asks_a_constant_number_of_queries(
    client, sign_in, coordinator, django_assert_num_queries, count
):
    held = make_held(coordinator, "kpu-kalsel")
    for _number in range(count):
        note(held, coordinator)
    sign_in(client, coordinator)
    client.get(url("lesson_list"))
    with django_assert_num_queries(10):
        page = client.get(url("lesson_list"))
    assert len(page.context["rows"]) == count
    for query, found in (
        ("?state=open&kind=masalah&agency=korem-101&q=radio", count),
        ("?operation=mantap-praja-intan-2024", count),
        ("?state=closed", 0),
        ("?agency=kpu-kalsel", 0),
    ):
        rows = client.get(f"{url('lesson_list')}{query}").context["rows"]
        assert len(rows) == found, query
