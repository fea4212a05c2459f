"""Imports over the API: sent, followed, applied, undone, by the post that sent them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal import clock
from portal.background.running import drain
from portal.imports.models import ImportJob
from portal.registry.models import PollingStation
from tests.factories.imports import NOW, as_csv, checked, station

pytestmark = pytest.mark.django_db
PATH = "/api/v1/imports/"


@pytest.fixture(autouse=True)
def _november(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()


@pytest.fixture
def enter(client, sign_in):
    return lambda actor: sign_in(client, actor)


def send(client, *rows, kind="tps", **headers):
    data = {"kind": kind, "file": SimpleUploadedFile("uji.csv", as_csv(rows))}
    return client.post(PATH, data, headers=headers)


def post(client, path, data=None, **headers):
    return client.post(path, data or {}, content_type="application/json", headers=headers)


def test_a_file_is_sent_followed_applied_and_undone(enter, liaison_kpu):
    client = enter(liaison_kpu)
    key = {"Idempotency-Key": "i1"}
    sent = [send(client, station(1), station(2, Nomor="x"), **key) for _time in range(2)]
    assert [answer.status_code for answer in sent] == [201, 201]
    job = ImportJob.objects.get()
    path = f"{PATH}{job.pk}/"
    assert client.get(path).json()["state"] == "uploaded"
    drain()
    found = client.get(path).json()
    assert (found["state"], found["new"], found["refused"]) == ("checked", 1, 1)
    assert found["rejected"] == f"{path}rejected/"
    rows = client.get(f"{path}rows/?verdict=refused").json()
    assert (rows["count"], rows["results"][0]["reasons"]) == (
        1,
        [{"column": "number", "cell": "B3", "text": "“x” bukan angka."}],
    )
    whole = post(client, f"{path}apply/", {"mode": "all"})
    assert (whole.status_code, "1 baris ditolak" in whole.json()["detail"]) == (409, True)
    for _time in range(2):
        answer = post(client, f"{path}apply/", {"mode": "good"}, **{"Idempotency-Key": "i2"})
        assert answer.json()["state"] == "applying"
    drain()
    assert client.get(path).json()["applied"] == PollingStation.objects.count() == 1
    assert post(client, f"{path}undo/").json()["state"] == "undoing"
    drain()
    assert (client.get(path).json()["state"], PollingStation.objects.count()) == ("undone", 0)


def test_the_refused_rows_are_a_file_and_the_rest_can_be_thrown_away(enter, liaison_kpu):
    job = checked(as_csv([station(1, Nomor="x")]), liaison_kpu)
    client = enter(liaison_kpu)
    file = client.get(f"{PATH}{job.pk}/rejected/", headers={"Accept": "text/csv"})
    assert file["Content-Disposition"].startswith("attachment")
    assert "bukan angka" in file.content.decode("utf-8-sig")
    answer = post(client, f"{PATH}{job.pk}/discard/").json()
    assert (answer["state"], answer["rejected"]) == ("discarded", None)


def test_another_post_finds_nothing(enter, client, liaison_kpu, liaison_polda, auditor):
    job = checked(as_csv([station(1)]), liaison_kpu)
    assert client.get(PATH).status_code == 401
    other = enter(liaison_polda)
    assert other.get(PATH).json()["count"] == 0
    for path in ("", "rows/", "rejected/"):
        assert other.get(f"{PATH}{job.pk}/{path}").status_code == 404
    for path in ("apply/", "discard/", "undo/"):
        answer = post(other, f"{PATH}{job.pk}/{path}", {"mode": "all"})
        assert answer.status_code == 404
    assert enter(auditor).get(PATH).status_code == 403


def test_nonsense_is_told_by_field(enter, liaison_kpu, liaison_polda):
    client = enter(liaison_kpu)
    unknown = send(client, station(1), kind="suara")
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "kind")
    missing = client.post(PATH, {"kind": "tps"})
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (422, "file")
    assert send(enter(liaison_polda), station(1)).status_code == 403
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_jobs_and_rows_cost_the_same_however_many(
    enter, liaison_kpu, count, django_assert_num_queries
):
    for _number in range(count):
        job = checked(as_csv([station(n) for n in range(1, count + 1)]), liaison_kpu)
    client = enter(liaison_kpu)
    with django_assert_num_queries(8):
        assert client.get(PATH).json()["count"] == count
    with django_assert_num_queries(9):
        assert client.get(f"{PATH}{job.pk}/rows/").json()["count"] == count
