"""What came back stands once in the agenda, with its state for who may see the obligation."""

from datetime import timedelta

import pytest
from django.urls import reverse

from coordination.actions import agenda_templates
from coordination.models import Obligation
from coordination.queries import agenda as agenda_queries
from coordination.queries import meetings as meeting_queries
from tests.factories.coordination import (
    PUBLISHED,
    START,
    make_item,
    make_meeting,
    make_published,
    make_scheduled,
    make_series,
)


@pytest.fixture
def meeting(coordinator, liaison_kpu, liaison_bawaslu):
    series = make_series(coordinator)
    make_published(coordinator, "kpu-kalsel", series=series)
    start = START + timedelta(days=7)
    return make_scheduled(
        coordinator,
        "kpu-kalsel",
        "bawaslu-kalsel",
        at=PUBLISHED,
        series=series,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
    )


def page(client, sign_in, actor, name, meeting):
    address = reverse(f"coordination:{name}", args=[meeting.pk])
    return sign_in(client, actor).get(address).content.decode()


def test_planner_finds_it_once_with_its_state_and_the_way_off_the_agenda(
    client, sign_in, coordinator, meeting
):
    obligation = Obligation.objects.get()
    own = reverse("coordination:obligation_detail", args=[obligation.pk])
    drop = reverse("coordination:agenda_drop", args=[meeting.pk, obligation.pk])
    detail = page(client, sign_in, coordinator, "meeting_detail", meeting)
    assert detail.count(f'href="{own}"') == 1
    assert obligation.get_state_display() in detail
    workshop = page(client, sign_in, coordinator, "agenda", meeting)
    assert drop in workshop
    item = meeting.agenda.get(obligation=obligation)
    assert reverse("coordination:item_delete", args=[item.pk]) not in workshop


def test_an_agency_that_does_not_see_the_obligation_reads_only_the_agenda(
    client, sign_in, liaison_kpu, liaison_bawaslu, meeting
):
    own = reverse("coordination:obligation_detail", args=[Obligation.objects.get().pk])
    assert own in page(client, sign_in, liaison_kpu, "meeting_detail", meeting)
    other = page(client, sign_in, liaison_bawaslu, "meeting_detail", meeting)
    assert "KPU Kalsel: Kawal logistik" in other
    assert own not in other


def test_an_example_leaves_out_what_came_back(coordinator, meeting):
    template = agenda_templates.save_template(meeting, by=coordinator, at=PUBLISHED, name="Rutin")
    titles = list(template.items.values_list("title", flat=True))
    assert titles == ["Pembukaan", "Kesiapan logistik"]


def test_items_without_a_section_do_not_stand_under_the_one_before(coordinator):
    meeting = make_meeting(coordinator, agenda=[])
    for section, title in (("", "Satu"), ("Situasi", "Dua"), ("", "Tiga"), ("", "Empat")):
        make_item(meeting, coordinator, title, section=section)
    rows = agenda_queries.agenda_rows(meeting.agenda.all())
    assert [row.heading for row in rows] == ["", "Situasi", "Acara lain", ""]


def test_seats_are_counted_once_their_letters_went_out(coordinator, liaison_kpu, meeting):
    draft = make_meeting(coordinator, "kpu-kalsel")
    loaded = meeting_queries.loaded(coordinator)
    assert meeting_queries.answer_counts(loaded.get(pk=draft.pk)) == []
    counts = meeting_queries.answer_counts(loaded.get(pk=meeting.pk))
    assert [(label, count) for _kind, label, count in counts] == [("Belum menjawab", 2)]
