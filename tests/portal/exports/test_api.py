"""Exports over the API: asked for, followed, taken, by the post that asked."""

from datetime import timedelta

import pytest
import time_machine

from portal.audit.models import Entry
from portal.exports import actions
from portal.exports.models import ExportJob
from tests.coordination.test_api import api
from tests.factories.coordination import PUBLISHED, make_published

__all__ = ["api"]
AT = PUBLISHED + timedelta(hours=3)
BODY = {"kind": "matriks-tindak-lanjut", "format": "csv", "query": "agency=korem-101&lain=1"}


@pytest.fixture(autouse=True)
def clock(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


def test_a_file_is_asked_for_followed_and_taken(
    api, coordinator, liaison_korem, liaison_dprd, clock
):
    make_published(coordinator, "kpu-kalsel", "korem-101")
    headers = {"Idempotency-Key": "e1"}
    asked = [api(coordinator).post("exports/", BODY, headers=headers) for _time in range(2)]
    assert [row.status_code for row in asked] == [201, 201]
    job = ExportJob.objects.get()
    path = f"exports/{job.pk}/"
    waiting = api.get(path).json()
    assert (waiting["state"], waiting["done"], waiting["total"]) == ("queued", 0, 1)
    assert (waiting["query"], waiting["file"]) == ("agency=korem-101", None)
    early = api.get(f"{path}file/")
    assert (early.status_code, early["Content-Type"]) == (409, "application/problem+json")
    actions.run_export(job.pk)
    ready = api.get(path).json()
    assert (ready["state"], ready["done"], ready["file"]) == ("done", 1, f"/api/v1/{path}file/")
    file = api.get(f"{path}file/", headers={"Accept": "text/csv"})
    assert file["Content-Disposition"].startswith("attachment")
    assert "\r\n1 baris\r\n" in file.content.decode("utf-8-sig")
    assert Entry.objects.filter(verb="export.download").count() == 1
    for other in (liaison_korem, liaison_dprd):
        api(other)
        assert api.get(path).status_code == 404
        assert api.get(f"{path}file/").status_code == 404
        assert api.get("exports/").json()["count"] == 0
    clock.shift(timedelta(hours=25))
    late = api(coordinator).get(f"{path}file/")
    assert late.status_code == 409 and "tidak tersedia" in late.json()["detail"]


@pytest.mark.parametrize(
    ("changes", "field"), [({"kind": "lain"}, "kind"), ({"format": "doc"}, "format")]
)
def test_nonsense_is_told_by_field(api, coordinator, changes, field):
    response = api(coordinator).post("exports/", BODY | changes)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, field)
    assert not ExportJob.objects.exists()


def test_an_administrator_and_a_stranger_ask_for_nothing(api, client, admin):
    assert client.get("/api/v1/exports/").status_code == 401
    assert client.post("/api/v1/exports/", BODY).status_code == 401
    assert api(admin).post("exports/", BODY).status_code == 403
    assert not ExportJob.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_jobs_cost_the_same_however_many(api, coordinator, django_assert_num_queries, count):
    api(coordinator)
    for _number in range(count):
        api.post("exports/", BODY)
    with django_assert_num_queries(8):
        assert api.get("exports/").json()["count"] == count
