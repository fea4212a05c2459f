"""The chain, comments, bahan evaluasi, scores and followings as JSON: the same scope, actions."""

from datetime import timedelta

import pytest
import time_machine

from coordination.models import Comment, Dropped, Following, Lesson
from tests.coordination.pages import url
from tests.factories.coordination import (
    NOW,
    START,
    make_held,
    make_meeting,
    make_obligation,
    make_published,
    make_series,
)


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def api(client, sign_in):
    """`api(actor)`: a client that speaks JSON as that post."""

    class Api:
        def __call__(self, actor):
            sign_in(client, actor)
            return self

        def get(self, path):
            return client.get(f"/api/v1/{path}")

        def post(self, path, **data):
            return client.post(f"/api/v1/{path}", data, content_type="application/json")

    return Api()


def test_the_chain_has_the_same_seven_links(api, coordinator, liaison_kpu, liaison_dprd):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    path = f"obligations/{obligation.pk}/chain/"

    links = api(liaison_kpu).get(path).json()

    assert [link["state"] for link in links] == ["done"] * 4 + ["missing"] * 3
    assert links[2]["url"] == url("directive_detail", obligation.directive_id)
    assert api(liaison_dprd).get(path).status_code == 404


def test_comments_are_read_and_written_in_scope(api, coordinator, liaison_kpu, liaison_dprd):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    path = f"obligations/{obligation.pk}/comment"

    made = api(liaison_kpu).post(f"{path}/", body="Internal saja.")
    assert (made.status_code, made.json()["is_internal"]) == (201, True)
    called = {"body": "Mohon.", "is_internal": False, "posts": ["liaison-kpu"]}
    assert api(coordinator).post(f"{path}/", **called).json()["mentions"] == ["liaison-kpu"]
    refused = api(coordinator).post(f"{path}/", **called | {"agencies": ["dprd-kalsel"]})
    assert refused.status_code in {400, 409, 422}
    assert Comment.objects.count() == 2
    assert [row["body"] for row in api(coordinator).get(f"{path}s/").json()] == ["Mohon."]
    assert len(api(liaison_kpu).get(f"{path}s/").json()) == 2
    assert api(liaison_dprd).get(f"{path}s/").status_code == 404
    assert api(liaison_dprd).post(f"{path}/", body="x").status_code == 404


def test_an_item_that_came_back_is_dropped_with_a_reason(api, coordinator, liaison_kpu):
    series = make_series(coordinator)
    obligation = make_obligation(coordinator, "kpu-kalsel", series=series)
    start = START + timedelta(days=7)
    meeting = make_meeting(
        coordinator, series=series, starts_at=start, ends_at=start + timedelta(hours=1)
    )
    path = f"meetings/{meeting.pk}/"

    agenda = api(coordinator).get(path).json()["agenda"]
    assert [item["obligation"] for item in agenda] == [None, obligation.pk, None]
    assert api(coordinator).post(f"{path}drop/", obligation=obligation.pk).status_code == 422
    unknown = api(coordinator).post(f"{path}drop/", obligation=10**6, reason="Tidak ada.")
    assert unknown.status_code == 422
    answer = api(coordinator).post(f"{path}drop/", obligation=obligation.pk, reason="Terpisah.")
    assert answer.status_code == 204
    assert Dropped.objects.get().reason == "Terpisah."
    assert api(liaison_kpu).post(f"{path}drop/", obligation=1, reason="x").status_code == 403


def test_a_lesson_is_raised_and_followed(api, coordinator, liaison_kpu, liaison_dprd):
    held = make_held(coordinator, "kpu-kalsel")
    body = {"meeting": held.pk, "title": "Radio", "text": "Kanal.", "owner_agency": "kpu-kalsel"}

    assert api(liaison_dprd).post("lessons/", **body).status_code == 422
    made = api(coordinator).post("lessons/", **body)
    assert (made.status_code, made.json()["state"]) == (201, "open")
    path = f"lessons/{made.json()['id']}/"
    assert api(liaison_kpu).post(f"{path}follow/", state="closed").status_code in {400, 409, 422}
    done = api(liaison_kpu).post(f"{path}follow/", state="closed", follow_up="Kanal sama.")
    assert (done.status_code, Lesson.objects.get().state) == (200, "closed")
    assert api(liaison_dprd).get(path).status_code == 404


def test_followings_are_ones_own(api, coordinator, commander, liaison_dprd):
    obligation = make_obligation(coordinator, "kpu-kalsel")

    assert api(commander).post("followings/", obligation=obligation.pk).json()["is_on"] is True
    assert api(commander).get("followings/").json()["count"] == 1
    assert api(coordinator).get("followings/").json()["count"] == 0
    assert api(commander).post("followings/").status_code == 422
    assert api(liaison_dprd).post("followings/", obligation=obligation.pk).status_code == 422
    assert Following.objects.count() == 1


def test_scores_are_those_of_the_page(api, coordinator, liaison_kpu, liaison_dprd):
    make_published(coordinator, "kpu-kalsel", "bawaslu-kalsel")

    assert [row["agency"] for row in api(coordinator).get("scores/").json()] == [
        "kpu-kalsel",
        "bawaslu-kalsel",
    ]
    assert [row["agency"] for row in api(liaison_kpu).get("scores/").json()] == ["kpu-kalsel"]
    assert api(liaison_dprd).get("scores/").json() == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_lessons_costs_the_same(
    api, coordinator, liaison_dprd, posko_banjar, django_assert_num_queries, count
):
    held = make_held(coordinator, "kpu-kalsel")
    body = {"meeting": held.pk, "title": "Radio", "text": "Kanal.", "owner_agency": "kpu-kalsel"}
    for _number in range(count):
        api(coordinator).post("lessons/", **body)
    api(coordinator).get("lessons/")
    with django_assert_num_queries(8):
        assert api.get("lessons/").json()["count"] == count
    assert api(liaison_dprd).get("lessons/").json()["count"] == 0
    assert api(posko_banjar).get("lessons/").status_code == 403
