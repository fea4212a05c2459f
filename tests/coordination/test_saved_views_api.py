"""Saved views of the matrix as JSON: the post's own, and those of its colleagues to read."""

from datetime import timedelta

import pytest
import time_machine

from coordination.models import SavedView
from tests.coordination.test_api import api
from tests.coordination.test_planning_api import fields
from tests.factories.accounts import make_person
from tests.factories.coordination import NOW

__all__ = ["api"]


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def colleague(db):
    """Another post of KPU Kalsel."""
    return make_person("komisioner-kpu", ["liaison"], "kpu-kalsel", region="63")


def test_a_view_is_kept_renamed_and_deleted_by_its_post(api, liaison_kpu, colleague, liaison_dprd):
    body = {"name": "  Yang   terlambat ", "query": "state=overdue&lain=1", "is_shared": True}
    headers = {"Idempotency-Key": "v1"}
    made = [api(liaison_kpu).post("saved-views/", body, headers=headers) for _time in range(2)]
    assert [row.status_code for row in made] == [201, 201]
    view = SavedView.objects.get()
    assert (view.name, view.query, view.is_default) == ("Yang terlambat", "state=overdue", False)
    assert fields(api.post("saved-views/", body)) == {"name"}
    path = f"saved-views/{view.pk}/"
    assert api(colleague).get(path).json()["post"] == "liaison-kpu"
    assert api.patch(path, {"name": "x"}).status_code == 404
    assert api.delete(path).status_code == 404
    api(liaison_dprd)
    assert [api.get(path).status_code, api.patch(path).status_code] == [404, 404]
    assert api.get("saved-views/").json()["count"] == 0
    changed = api(liaison_kpu).patch(path, {"name": "Telat", "is_default": True}).json()
    assert (changed["name"], changed["is_shared"], changed["is_default"]) == ("Telat", True, True)
    assert api.delete(path).status_code == 204
    assert not SavedView.objects.exists()


def test_more_than_twenty_are_refused_with_the_sentence(api, liaison_kpu):
    api(liaison_kpu)
    for number in range(20):
        api.post("saved-views/", {"name": f"T{number}"})
    refused = api.post("saved-views/", {"name": "Lagi"})
    assert refused.status_code == 409 and "20 tampilan" in refused.json()["detail"]


def test_an_administrator_and_a_stranger_have_none(api, client, admin):
    assert client.get("/api/v1/saved-views/").status_code == 401
    assert api(admin).get("saved-views/").status_code == 403
    assert api.post("saved-views/", {"name": "x"}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_views_cost_the_same_however_many(api, liaison_kpu, django_assert_num_queries, count):
    api(liaison_kpu)
    for number in range(count):
        api.post("saved-views/", {"name": f"T{number}"})
    with django_assert_num_queries(8):
        assert api.get("saved-views/").json()["count"] == count
