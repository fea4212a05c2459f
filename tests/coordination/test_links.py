"""The chain: what stands in each link, what is missing, and what a reader may not see."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.actions import carry_over, obligations
from coordination.models import AgendaItem, Obligation
from coordination.queries.links import ABSENT, DONE, HIDDEN, MISSING, chain, whole
from tests.coordination.pages import texts, url
from tests.factories.coordination import (
    PUBLISHED,
    START,
    make_obligation,
    make_scheduled,
    make_series,
)
from tests.factories.files import png

NEXT = START + timedelta(days=7)


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NEXT, tick=False):
        yield


def read(obligation, actor):
    fresh = Obligation.objects.select_related("directive__section__agenda_item").get(
        pk=obligation.pk
    )
    return chain(fresh, actor)


def states(obligation, actor):
    return [link.state for link in read(obligation, actor)]


def finish(obligation, liaison, coordinator):
    obligations.submit_obligation(
        obligation, by=liaison, at=PUBLISHED + timedelta(hours=3), note="Tuntas."
    )
    obligations.verify_and_close(
        obligation, by=coordinator, at=PUBLISHED + timedelta(hours=5), note="Sesuai."
    )


def test_a_fresh_obligation_has_four_links_and_misses_three(coordinator):
    obligation = make_obligation(coordinator, "kpu-kalsel")

    links = read(obligation, coordinator)

    assert [link.key for link in links] == [
        "agenda",
        "words",
        "directive",
        "sent",
        "acknowledged",
        "carried_out",
        "closed",
    ]
    assert [link.state for link in links] == [DONE] * 4 + [MISSING] * 3
    assert not whole(links)
    assert all((link.at, link.title, link.url) == (None, "", "") for link in links[4:])


def test_a_finished_chain_is_whole_and_names_times_posts_and_evidence(coordinator, liaison_kpu):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    obligations.report_progress(
        obligation,
        by=liaison_kpu,
        at=PUBLISHED + timedelta(hours=1),
        percent=40,
        note="Jalan.",
        files=[SimpleUploadedFile("bukti.png", png())],
    )
    finish(obligation, liaison_kpu, coordinator)

    links = read(obligation, coordinator)

    assert whole(links)
    acknowledged, carried_out, closed = links[4:]
    assert acknowledged.by == liaison_kpu.post_title
    assert carried_out.at == PUBLISHED + timedelta(hours=3)
    assert [file["name"] for file in carried_out.files] == ["bukti.png"]
    assert [turn.title for turn in acknowledged.turns] == ["Kemajuan dilaporkan"]
    assert (closed.at, closed.by) == (PUBLISHED + timedelta(hours=5), coordinator.post_title)
    assert [turn.text for turn in closed.turns] == ["Sesuai."]


def test_what_was_returned_is_missing_again_and_stays_as_a_turn(coordinator, liaison_kpu):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    obligations.submit_obligation(obligation, by=liaison_kpu, at=PUBLISHED, note="Tuntas.")
    obligations.return_obligation(obligation, by=coordinator, at=PUBLISHED, note="Lengkapi.")

    links = read(obligation, coordinator)

    assert links[5].state == MISSING
    assert [turn.text for turn in links[4].turns] == ["Tuntas.", "Lengkapi."]


def test_the_rakor_to_which_it_came_back_and_from_which_it_was_dropped_are_turns(coordinator):
    series = make_series(coordinator)
    obligation = make_obligation(coordinator, "kpu-kalsel", series=series)
    days = ({"title": "Anev kedua"}, NEXT), ({"title": "Anev ketiga"}, NEXT + timedelta(days=7))
    second, third = (
        make_scheduled(
            coordinator,
            "kpu-kalsel",
            at=PUBLISHED,
            series=series,
            starts_at=start + timedelta(hours=1),
            ends_at=start + timedelta(hours=2),
            **values,
        )
        for values, start in days
    )
    carry_over.drop_item(third, obligation, by=coordinator, at=NEXT, reason="Dibahas terpisah.")

    turns = [turn for link in read(obligation, coordinator) for turn in link.turns]

    assert [(turn.title, turn.url) for turn in turns] == [
        ("Dikeluarkan dari agenda: Anev ketiga", url("meeting_detail", third.pk)),
        ("Kembali dalam agenda: Anev kedua", url("meeting_detail", second.pk)),
    ]
    assert turns[0].text == "Dibahas terpisah."


def test_the_history_of_the_page_tells_what_was_dropped_and_why(client, sign_in, coordinator):
    series = make_series(coordinator)
    obligation = make_obligation(coordinator, "kpu-kalsel", series=series)
    later = {"starts_at": NEXT + timedelta(hours=1), "ends_at": NEXT + timedelta(hours=2)}
    meeting = make_scheduled(coordinator, "kpu-kalsel", at=PUBLISHED, series=series, **later)
    carry_over.drop_item(meeting, obligation, by=coordinator, at=PUBLISHED, reason="Terpisah.")
    sign_in(client, coordinator)

    page = client.get(url("obligation_detail", obligation.pk))

    assert page.context["history"][-1]["text"] == "Terpisah."


def test_a_link_out_of_sight_says_only_that(coordinator, liaison_kpu, liaison_polda):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    item = obligation.directive.section.agenda_item
    AgendaItem.objects.filter(pk=item.pk).update(is_closed=True)

    links = read(obligation, liaison_kpu)

    assert [link.state for link in links[:4]] == [HIDDEN, HIDDEN, DONE, DONE]
    assert all(
        (link.title, link.text, link.url, link.by, link.at) == ("", "", "", "", None)
        for link in links[:2]
    )
    assert states(obligation, liaison_polda)[:2] == [DONE, DONE]


def test_a_rakor_out_of_sight_is_not_named_as_a_turn(coordinator, liaison_kpu):
    series = make_series(coordinator)
    obligation = make_obligation(coordinator, "kpu-kalsel", series=series)
    later = {"starts_at": NEXT, "ends_at": NEXT + timedelta(hours=1), "series": series}
    make_scheduled(coordinator, "korem-101", at=PUBLISHED, **later)

    turns = [turn for link in read(obligation, liaison_kpu) for turn in link.turns]

    assert turns == []


def test_a_directive_outside_a_rakor_expects_no_agenda_item(coordinator):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    # As the row stands in memory: given alone.
    obligation.directive.meeting_id = None

    assert [link.state for link in chain(obligation, coordinator)][:3] == [ABSENT, ABSENT, DONE]


def test_the_page_shows_the_chain_and_to_htmx_its_short_form(
    client, sign_in, coordinator, liaison_kpu
):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    sign_in(client, liaison_kpu)
    address = url("obligation_chain", obligation.pk)

    page, short = client.get(address), client.get(address, headers={"HX-Request": "true"})

    assert [link.key for link in page.context["links"]][-1] == "closed"
    assert 'id="rantai-agenda"' in texts(page)
    assert texts(page).count("chain-missing") == 3
    assert texts(short).strip().startswith('<ol class="chain-short">')
    assert texts(short).count("<li") == 7


def test_the_page_does_not_exist_for_who_must_see_nothing(
    client, sign_in, coordinator, liaison_dprd, admin
):
    obligation = make_obligation(coordinator, "kpu-kalsel")

    sign_in(client, liaison_dprd)
    assert client.get(url("obligation_chain", obligation.pk)).status_code == 404
    sign_in(client, admin)
    assert client.get(url("obligation_chain", obligation.pk)).status_code == 403


def test_the_chain_asks_a_constant_number_of_queries(
    client, sign_in, coordinator, liaison_kpu, django_assert_num_queries
):
    series = make_series(coordinator)
    short, long = (make_obligation(coordinator, "kpu-kalsel", series=series) for _ in range(2))
    for percent in (10, 20, 30):
        obligations.report_progress(
            long, by=liaison_kpu, at=PUBLISHED, percent=percent, note="Jalan."
        )
    for day in (1, 2, 3):
        start = NEXT + timedelta(days=day)
        ends = start + timedelta(hours=1)
        make_scheduled(
            coordinator, "kpu-kalsel", at=PUBLISHED, series=series, starts_at=start, ends_at=ends
        )
    for obligation in (short, long):
        obligations.submit_obligation(obligation, by=liaison_kpu, at=NEXT, note="Tuntas.")
    sign_in(client, coordinator)
    client.get(url("obligation_chain", short.pk))
    for obligation in (short, long):
        with django_assert_num_queries(15):
            client.get(url("obligation_chain", obligation.pk))
