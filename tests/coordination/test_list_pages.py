from datetime import timedelta

import pytest
import time_machine

from tests.coordination.pages import url
from tests.factories.coordination import (
    NOW,
    make_published,
)


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_number_of_queries(
    client, sign_in, coordinator, liaison_kpu, django_assert_num_queries, count
):
    for _number in range(count):
        make_published(coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    for name, queries in (("meeting_list", 8), ("directive_list", 8), ("obligation_list", 18)):
        client.get(url(name))
        with django_assert_num_queries(queries):
            response = client.get(url(name))
        assert len(response.context["rows"]) == count


def test_lists_show_only_what_concerns_the_agency(
    client, sign_in, coordinator, liaison_kpu, liaison_dprd
):
    make_published(coordinator, "kpu-kalsel")
    for actor, seen in ((liaison_kpu, 1), (liaison_dprd, 0)):
        sign_in(client, actor)
        for name in ("meeting_list", "directive_list", "obligation_list"):
            assert len(client.get(url(name)).context["rows"]) == seen


def test_list_filters_take_nonsense_calmly(client, sign_in, coordinator, liaison_kpu):
    make_published(coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    for query in (
        "q=a%20b%20c",
        "state=zzz",
        "agency=zzz",
        "meeting=99999999999999999999",
        "page=-1",
    ):
        for name in ("meeting_list", "directive_list", "obligation_list"):
            assert client.get(f"{url(name)}?{query}").status_code == 200
    found = client.get(f"{url('obligation_list')}?agency=kpu-kalsel&state=open&q=kawal logistik")
    assert len(found.context["rows"]) == 1
    late = client.get(f"{url('obligation_list')}?overdue=true")
    assert len(late.context["rows"]) == 0
    early = client.get(f"{url('obligation_list')}?overdue=false")
    assert len(early.context["rows"]) == 1
    day = client.get(f"{url('meeting_list')}?starts_from=2024-06-06&starts_until=2024-06-06")
    assert len(day.context["rows"]) == 1
    other = client.get(f"{url('meeting_list')}?starts_from=2024-06-07")
    assert len(other.context["rows"]) == 0


def test_a_posko_operator_finds_only_what_its_unit_was_given(
    client, sign_in, coordinator, liaison_polda, posko_banjar
):
    make_published(coordinator, "polda-kalsel")
    sign_in(client, posko_banjar)
    for name in ("meeting_list", "meeting_create", "directive_new"):
        assert client.get(url(name)).status_code == 403
    for name in ("directive_list", "obligation_list"):
        assert client.get(url(name)).context["rows"] == []
