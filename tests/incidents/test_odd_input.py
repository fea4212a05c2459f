"""Input that no form of ours sends, what is read in secret records, and lists that grow."""

import base64
import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client

from incidents.actions.field_reports import send_field_report
from incidents.actions.grouping import merge_incident
from incidents.enums import Occurrence
from incidents.forms.triage import TAKE_BACK
from portal.access.classification import Classification
from portal.audit.models import Entry
from portal.web import proof
from tests.factories.incidents import AT, photo, report, send, told

API = "/api/v1/field-reports/"
SECRET = Classification.RAHASIA


def reads() -> int:
    return Entry.objects.filter(verb__endswith=".read").count()


# Odd input


@pytest.mark.parametrize(
    ("occurrence", "moment"),
    [
        (Occurrence.OVER, "0001-01-01T00:00:00+08:00"),
        (Occurrence.OVER, "1700-01-01T00:00:00+08:00"),
        (Occurrence.EXPECTED, "9999-12-31T23:59:00+00:00"),
    ],
)
def test_a_time_that_no_calendar_has_is_refused(posko_banjar, sign_in, occurrence, moment):
    client = sign_in(Client(), posko_banjar)
    given = {
        "type": "F1", "title": "Jalan tergenang", "chronology": "Air naik.", "region": "63.03",
        "place": "Angkipih", "occurred_at": moment, "occurrence": occurrence, "severity": 2,
    }  # fmt: skip
    for path in ("/api/v1/incidents/", API):
        values = given | {"client_key": "7b0c7f8e-0d6c-4a6f-9a53-1d0b5e5c6a11"}
        answer = client.post(path, values, content_type="application/json")
        assert answer.status_code == 422
        assert [fault["field"] for fault in answer.json()["errors"]] == ["occurred_at"]
        assert client.get(path).json()["count"] == 0


def test_a_clock_of_long_ago_is_not_believed(posko_banjar, sign_in):
    long_ago = datetime(1, 1, 2, tzinfo=UTC)
    late = send_field_report(
        told(), client_key=uuid4(), written_at=long_ago, by=posko_banjar, at=AT
    )
    assert late.written_at == AT


def test_ids_of_any_length_choose_nothing(coordinator, sign_in):
    client = sign_in(Client(), coordinator)
    for given in ("9" * 5_000, "9" * 30, "-1", "١"):
        assert client.post("/lapangan/buka/", {"report": given}).status_code == 302
        answer = client.post("/laporan-warga/telaah/", {"ids": given, "act": TAKE_BACK})
        assert answer.status_code == 302


def test_json_of_any_depth_is_answered(coordinator, sign_in):
    client = sign_in(Client(), coordinator)
    for depth in (600, 100_000):
        deep = "[" * depth + "]" * depth
        for path in (API, "/api/v1/incidents/"):
            answer = client.post(path, deep, content_type="application/json")
            assert answer.status_code == 400, (depth, path)


def test_a_proof_of_any_shape_is_no_proof():
    shapes = ["x", "{}", "[]", "null", '{"challenge": 1}', '{"challenge": {"parameters": []}}']
    for shape in shapes:
        assert proof.solved(base64.b64encode(shape.encode()).decode()) == ""
    assert proof.solved("\u00e9" * 10) == ""
    assert proof.solved(json.dumps({"a": 1})) == ""


def test_more_reports_at_once_than_a_page_has_are_refused(
    coordinator, sign_in, django_assert_max_num_queries
):
    client = sign_in(Client(), coordinator)
    with django_assert_max_num_queries(30):
        answer = client.post(
            API + "open-incident/",
            {"reports": list(range(1, 2_001))},
            content_type="application/json",
        )
    assert answer.status_code == 422


# Reads of what is secret


def test_each_way_to_a_secret_incident_is_recorded(coordinator, sign_in):
    incident = report(coordinator, classification=SECRET)
    client = sign_in(Client(), coordinator)
    api = f"/api/v1/incidents/{incident.pk}/"
    ways = [
        lambda: client.get(f"/kejadian/{incident.pk}/isi/"),
        lambda: client.post(f"/kejadian/{incident.pk}/catatan/", {}),
        lambda: client.get(api + "updates/"),
        lambda: client.patch(api, {"seen": {}}, content_type="application/json"),
    ]
    for number, way in enumerate(ways, start=1):
        assert way().status_code == 200
        assert reads() == number


def test_each_way_to_a_secret_report_is_recorded(coordinator, sign_in):
    secret = send(coordinator, classification=SECRET)
    client = sign_in(Client(), coordinator)
    assert client.post(f"/lapangan/{secret.pk}/sisih/", {}).status_code == 200
    assert reads() == 1


# Many rows


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_the_api_costs_the_same_for_one_and_three(
    coordinator, sign_in, many, django_assert_num_queries
):
    for _number in range(many):
        send(coordinator, photos=[photo()])
    client = sign_in(Client(), coordinator)
    client.get(API)
    with django_assert_num_queries(9):
        body = client.get(API).json()
    assert [len(row["files"]) for row in body["results"]] == [1] * many


@pytest.mark.parametrize("many", [1, 3])
def test_merged_incidents_cost_the_same_for_one_and_three(
    coordinator, sign_in, many, django_assert_num_queries
):
    into = report(coordinator)
    for _number in range(many):
        merge_incident(report(coordinator), into, reason="Sama.", by=coordinator, at=AT)
    client = sign_in(Client(), coordinator)
    client.get("/api/v1/incidents/")
    with django_assert_num_queries(10):
        client.get("/api/v1/incidents/")
