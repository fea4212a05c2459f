"""The search as JSON: what the page finds, and nothing that the page would not."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.coordination.test_api import api
from tests.factories.coordination import PUBLISHED, make_published

__all__ = ["api"]


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(PUBLISHED + timedelta(hours=1), tick=False):
        yield


def told(group):
    return [(hit.title, hit.url, hit.note, str(hit.excerpt)) for hit in group.hits]


@pytest.mark.parametrize("more", [{}, {"jenis": "tindak-lanjut"}])
def test_rows_and_excerpts_are_those_of_the_page(api, client, coordinator, liaison_kpu, more):
    make_published(coordinator, "kpu-kalsel", directive={"title": "Kawal <b>logistik</b>"})
    query = {"q": "logistik", **more}
    api(liaison_kpu)
    page = client.get(reverse("home:search"), query).context["groups"]
    kind = {"kind": more["jenis"]} if more else {}
    groups = client.get("/api/v1/search/", {"q": "logistik", **kind}).json()
    assert [(group["kind"], group["count"]) for group in groups] == [
        (group.key, group.count) for group in page
    ]
    assert [
        [(hit["title"], hit["url"], hit["note"], hit["excerpt"]) for hit in group["hits"]]
        for group in groups
    ] == [told(group) for group in page]
    assert "<mark>" in groups[0]["hits"][0]["excerpt"]


def test_a_row_out_of_sight_is_neither_shown_nor_counted(
    api, client, coordinator, liaison_dprd, admin
):
    make_published(coordinator, "kpu-kalsel", title="Rakor Kenanga")
    assert client.get("/api/v1/search/?q=kenanga").status_code == 401
    assert api(coordinator).get("search/?q=kenanga").json()[0]["count"] == 1
    assert api(liaison_dprd).get("search/?q=kenanga").json() == []


@pytest.mark.parametrize("query", ["", "q=a", "q=logistik&kind=lain", f"q={'x' * 201}"])
def test_nonsense_is_told_by_field(api, coordinator, query):
    response = api(coordinator).get(f"search/?{query}")
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] in {"q", "kind"}
