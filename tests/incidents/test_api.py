from datetime import timedelta

import pytest
from django.test import Client

from incidents.models import Incident
from portal import clock
from portal.access.classification import Classification
from portal.audit.models import Entry
from tests.factories.incidents import AT, report

URL = "/api/v1/incidents/"


def sent(**changes) -> dict:
    return {
        "type": "F1",
        "title": "Jalan tergenang",
        "chronology": "Air naik sejak subuh.",
        "region": "63.03.17",
        "place": "Desa Angkipih",
        "occurred_at": (clock.now() - timedelta(hours=1)).isoformat(),
        "severity": 2,
        **changes,
    }


@pytest.fixture
def kpu(sign_in, liaison_kpu) -> Client:
    return sign_in(Client(), liaison_kpu)


def post(client: Client, path: str, data: dict, **headers):
    return client.post(path, data, content_type="application/json", **headers)


def test_list_has_the_scope_of_the_pages(kpu, sign_in, liaison_kpu, liaison_bawaslu):
    incident = report(liaison_kpu)

    body = kpu.get(URL).json()
    assert [row["number"] for row in body["results"]] == [incident.number]
    row = body["results"][0]
    assert row["lead_agency"] == "pemprov-kalsel"
    assert row["reported_at"] == AT.isoformat()
    assert sign_in(Client(), liaison_bawaslu).get(URL).json()["count"] == 0


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("state=dilaporkan", 2),
        ("severity=3", 1),
        ("type=B3", 1),
        ("region=63.03", 1),
        ("open=true", 2),
        ("open=false", 0),
        ("since=2024-11-20T08:00:00%2B08:00", 2),
        ("until=2024-11-20T08:00:00%2B08:00", 0),
    ],
)
def test_list_filters(kpu, liaison_kpu, query, count):
    report(liaison_kpu, severity=3)
    report(liaison_kpu, code="B3", region="63.71")

    assert kpu.get(f"{URL}?{query}").json()["count"] == count


def test_retrieve_of_a_rahasia_record_is_recorded(sign_in, coordinator, kpu):
    incident = report(coordinator, classification=Classification.RAHASIA)
    plain = report(coordinator)
    client = sign_in(Client(), coordinator)

    assert client.get(f"{URL}{incident.pk}/").json()["title"] == incident.title
    client.get(f"{URL}{plain.pk}/")

    assert Entry.objects.filter(verb="incident.read").count() == 1
    assert kpu.get(f"{URL}{incident.pk}/").status_code == 404


def test_create_reports_once_per_key(kpu):
    body = sent()
    first, second = (post(kpu, URL, body, HTTP_IDEMPOTENCY_KEY="a-1") for _again in range(2))

    assert first.status_code == 201
    assert first.json() == second.json()
    assert Incident.objects.count() == 1
    assert Entry.objects.get(verb="incident.report").channel == "api"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": "Q9"}, "type"),
        ({"region": "99"}, "region"),
        ({"region": "63"}, "region"),
        ({"severity": 7}, "severity"),
        ({"severity": -1}, "severity"),
        ({"title": "a\0b"}, "title"),
        ({"title": ""}, "title"),
        ({"occurred_at": "2024-13-40"}, "occurred_at"),
        ({"latitude": "NaN", "longitude": 115}, "latitude"),
        ({"chronology": "suara sah: 412"}, "chronology"),
        ({"classification": 3}, "classification"),
    ],
)
def test_create_refuses_with_the_field(kpu, changes, field):
    response = post(kpu, URL, sent(**changes))

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert Incident.objects.count() == 0


def test_move(sign_in, liaison_kpu, liaison_pemprov):
    incident = report(liaison_kpu)
    client = sign_in(Client(), liaison_pemprov)
    path = f"{URL}{incident.pk}/move/"

    verified = post(client, path, {"state": "diverifikasi", "version": 1})
    assert verified.json()["state"] == "diverifikasi"
    stale = post(client, path, {"state": "ditangani", "version": 1})
    assert (stale.status_code, stale.json()["current_version"]) == (409, 2)
    referred = post(client, path, {"state": "dilimpahkan", "reason": "Medan."})
    assert (referred.status_code, referred.json()["errors"][0]["field"]) == (422, "state")


def test_move_of_what_another_leads_is_denied(kpu, liaison_kpu):
    incident = report(liaison_kpu)

    response = post(kpu, f"{URL}{incident.pk}/move/", {"state": "diverifikasi"})

    assert response.status_code == 403


def test_updates_are_read_and_added(kpu, liaison_kpu, sign_in, liaison_pemprov):
    incident = report(liaison_kpu)
    path = f"{URL}{incident.pk}/updates/"

    added = post(kpu, path, {"kind": "action", "text": "Perahu.", "audience": "internal"})

    assert added.status_code == 201
    assert [row["kind"] for row in kpu.get(path).json()] == ["report", "action"]
    other = sign_in(Client(), liaison_pemprov).get(path).json()
    assert [row["kind"] for row in other] == ["report"]
    assert post(kpu, path, {"kind": "move", "text": "x"}).status_code == 422


def test_anonymous_gets_nothing(client, liaison_kpu):
    incident = report(liaison_kpu)

    for path in (URL, f"{URL}{incident.pk}/", f"{URL}{incident.pk}/updates/"):
        assert client.get(path).status_code in {401, 403}
    assert post(client, URL, sent()).status_code in {401, 403}
