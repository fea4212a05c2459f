"""Forces by the API as on the pages: announced, placed, exercises, patterns, polling stations."""

from datetime import timedelta

import pytest
from django.urls import reverse

from coordination.models import Obligation
from deployments import actions
from deployments.models import (
    CertifyingEvent,
    Deployment,
    GuardPattern,
    StationClass,
    StationTag,
    StrengthDeclaration,
)
from portal import clock
from portal.access.actor import SYSTEM
from portal.audit.models import Entry
from portal.registry.models import Agency
from tests.api_twins import Twin
from tests.factories import deployments as make
from tests.factories.registry import make_station

HOUR = timedelta(hours=1)
HERE = "63.03.02"
CLASS = {"tps_class": "rawan", "valid_from": "2024-11-20", "reason": "Akses sulit"}


@pytest.fixture(autouse=True)
def now(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = make.OPENED, clock.true_now().timestamp()


@pytest.fixture
def api(client, sign_in):
    return Twin(client, sign_in)


def test_a_total_is_announced_by_its_owner(api, liaison_korem, liaison_kpu, posko_banjar):
    body = {"agency": "korem-101", "total": 2041, "source": "ST", "as_of": "2024-11-20T08:00+08:00"}
    assert api(liaison_kpu).status("strength-declarations/", body) == 403
    told = api(liaison_korem).once("strength.declare", "strength-declarations/", body)
    assert (told["agency"], told["total"], told["final"]) == ("korem-101", 2041, False)
    assert StrengthDeclaration.objects.get().total == 2041
    assert api.status("strength-declarations/", body | {"total": -1}) == 422


def placement(**given):
    return {
        "unit": "kodim-1006",
        "region": "63.03",
        "personnel": 30,
        "status": "standby",
        "task": "Penebalan",
        "starts_on": "2024-11-20",
        "source": "uji",
        "as_of": "2024-11-20T08:00+08:00",
        "state": "requested",
    } | given


def test_people_are_placed_changed_and_moved_on(api, liaison_korem, liaison_kpu, auditor):
    korem = Agency.objects.get(slug="korem-101")
    said = {"total": 2041, "source": "ST", "as_of": make.OPENED - HOUR}
    actions.declare_strength(make.operation(), korem, **said, by=SYSTEM, at=make.OPENED - HOUR)
    assert api(liaison_kpu).status("deployments/", placement()) == 422
    api(liaison_korem)
    assert api.status("deployments/", placement(unit="polres-banjar")) == 422
    told = api.once("deployment.place", "deployments/", placement())
    assert (told["state"], told["personnel"]) == ("requested", 30)
    path = f"deployments/{told['id']}/"
    step = {"to": "ordered", "version": told["version"]}
    assert api(liaison_kpu).status(path, {"personnel": 1}, "patch") == 404
    api(auditor)
    assert api.status(path, {"personnel": 31, "version": 1}, "patch") == 403
    assert api.status(f"{path}move/", step) == 403
    api(liaison_korem)
    assert api.status(path, {"personnel": 31}, "patch") == 428
    assert api.status(path, {"personnel": 31}, "patch", **{"If-Match": '"9"'}) == 412
    body = {"personnel": 31, "version": told["version"]}
    told = api.once("deployment.change", path, body, "patch")
    assert (told["personnel"], told["task"]) == (31, "Penebalan")
    step["version"] = told["version"]
    assert api.status(f"{path}move/", step) == 422
    sprin = {"sprin_number": "Sprin/9", "sprin_date": "2024-11-19"}
    told = api.once("deployment.move", f"{path}move/", step | sprin)
    assert Deployment.objects.get().state == told["state"] == "ordered"
    assert api.status(f"{path}move/", {"to": "returned", "version": told["version"]}) == 409


def event_body(**given):
    return {
        "kind": "apel_gelar",
        "title": "Apel gelar pasukan",
        "agency": "polda-kalsel",
        "starts_at": (make.OPENED - HOUR).isoformat(),
        "place": "Lapangan",
        "region": "63.72",
    } | given


def test_an_exercise_from_plan_to_finding(api, coordinator, liaison_korem, liaison_kpu):
    assert api(liaison_korem).status("certifying-events/", event_body()) == 403
    event = api(coordinator).once("event.plan", "certifying-events/", event_body())
    path = f"certifying-events/{event['id']}/"
    assert api(liaison_kpu).status(path, {"title": "x", "version": 1}, "patch") == 404
    api(coordinator)
    assert api.status(path, {"title": "x"}, "patch") == 428
    assert api.status(path, {"title": "x"}, "patch", **{"If-Match": '"9"'}) == 412
    body = {"title": "Apel akbar", "version": event["version"]}
    event = api.once("event.change", path, body, "patch")
    assert (event["title"], event["place"]) == ("Apel akbar", "Lapangan")
    people = {"agency": "korem-101", "planned": 100}
    assert api.status(f"{path}participants/", people | {"unit": "polres-banjar"}) == 422
    event = api.once("event.invite", f"{path}participants/", people)
    assert event["participants"][0]["planned"] == 100
    finding = {"agency": "korem-101", "text": "Radio", "due_at": "2024-11-25T16:00:00+08:00"}
    writes = {
        "participants": people,
        "carry-out": {"result": "ready", "version": event["version"]},
        "cancel": {"reason": "Hujan", "version": event["version"]},
        "findings": finding,
        "oblige": {"finding": 1},
    }
    api(liaison_korem)
    found = {name: api.status(f"{path}{name}/", body) for name, body in writes.items()}
    assert found == dict.fromkeys(writes, 403)
    api(coordinator)
    assert api.status(f"{path}carry-out/", {"result": "ready", "version": 99}) == 409
    done = writes["carry-out"]
    assert api.once("event.done", f"{path}carry-out/", done)["result"] == "ready"
    assert api.status(f"{path}cancel/", writes["cancel"] | {"version": 99}) == 409
    told = api.once("event.finding", f"{path}findings/", finding)
    assert api.status(f"{path}oblige/", {"finding": told["findings"][0]["id"] + 1}) == 422
    told = api.once("event.oblige", f"{path}oblige/", {"finding": told["findings"][0]["id"]})
    assert Obligation.objects.get().directive.number == told["findings"][0]["directive"]
    other = api.send("certifying-events/", event_body(title="Lain")).json()
    path = f"certifying-events/{other['id']}/cancel/"
    api.once("event.cancelled", path, {"reason": "Hujan", "version": other["version"]})
    assert CertifyingEvent.objects.get(pk=other["id"]).state == "cancelled"


def test_a_pattern_is_set_and_ended(api, liaison_polda, liaison_korem, coordinator):
    body = {
        "tps_class": "khusus",
        "police": 2,
        "tps": 1,
        "linmas": 2,
        "valid_from": "2024-11-20",
        "source": "uji",
    }
    assert api(liaison_korem).status("guard-patterns/", body) == 403
    api(coordinator)
    told = api.once("pattern.set", "guard-patterns/", body)
    assert (told["agency"], told["unit"]) == ("polda-kalsel", None)
    assert api.status("guard-patterns/", body | {"police": 3}) == 422
    path = f"guard-patterns/{told['id']}/end/"
    ending = {"valid_to": "2024-11-30", "reason": "Ganti pola"}
    assert api(liaison_korem).status(path, ending) == 403
    api(coordinator)
    assert api.status(path, ending | {"valid_to": "2024-11-01"}) == 422
    api.once("pattern.end", path, ending)
    assert str(GuardPattern.objects.get(pk=told["id"]).valid_to) == "2024-11-30"


def stations(count, district=HERE):
    return [
        make_station(code=f"{district}-{n:03}", district_id=district, number=n, name=f"TPS {n}")
        for n in range(1, count + 1)
    ]


def test_chosen_stations_are_classified(api, posko_banjar, liaison_bawaslu):
    first, second = stations(2)
    [far] = stations(1, "63.03.01")
    chosen = [{"id": first.pk, "seen": 0}, {"id": second.pk, "seen": 0}]
    path, body = "polling-stations/classify/", {"stations": chosen} | CLASS
    assert api(liaison_bawaslu).status(path, body) == 403
    api(posko_banjar)
    assert api.status(path, CLASS | {"stations": [{"id": far.pk}]}) == 403
    assert api.status(path, CLASS | {"stations": [{"id": far.pk + 9}]}) == 422
    told = api.send(path, body, **{"Idempotency-Key": "k"}).json()
    assert told == {"changed": 2, "chosen": 2}
    assert api.send(path, body, **{"Idempotency-Key": "k"}).json() == told
    assert Entry.objects.filter(verb="station.classify").count() == 2
    assert api.status(path, body | {"tps_class": "khusus"}) == 409
    listed = api.get("polling-stations/").json()["results"]
    rows = {row["id"]: row["class_row"] for row in listed}
    assert rows[first.pk] == StationClass.objects.get(station=first).pk
    assert rows[far.pk] is None


def test_all_matching_stations_are_classified_as_counted(api, posko_banjar, liaison_bawaslu):
    stations(3)
    stations(2, "63.03.01")
    asked = {"query": "region=63.03"}
    path = "polling-stations/classify-matching/"
    assert api(liaison_bawaslu).get("polling-stations/matching/", **asked).status_code == 403
    api(posko_banjar)
    counted = api.get("polling-stations/matching/", **asked).json()
    assert (counted["count"], counted["outside"]) == (3, 2)
    body = CLASS | asked | {"digest": counted["digest"]}
    assert api(liaison_bawaslu).status(path, body) == 403
    api(posko_banjar)
    make_station(code=f"{HERE}-009", district_id=HERE, number=9)
    assert api.status(path, body) == 409
    assert not StationClass.objects.exists()
    body["digest"] = api.get("polling-stations/matching/", **asked).json()["digest"]
    assert api.once("station.classify_matching", path, body) == {"changed": 4, "chosen": 4}
    assert StationClass.objects.filter(tps_class="rawan").count() == 4
    assert set(StationClass.objects.values_list("station__district", flat=True)) == {HERE}
    entry = Entry.objects.get(verb="station.classify_matching")
    assert (entry.after["stations"], entry.after["filter"]) == (4, "region=63.03")


def test_the_page_says_how_many_before_all_are_classified(
    client, sign_in, posko_banjar, liaison_kpu
):
    stations(3)
    stations(2, "63.03.01")
    address = f"{reverse('deployments:station_classify_all')}?region=63.03"
    assert sign_in(client, liaison_kpu).get(address).status_code == 403
    sign_in(client, posko_banjar)
    page = client.get(address)
    assert (page.context["count"], page.context["outside"]) == (3, 2)
    digest = page.context["form"].initial["digest"]
    make_station(code=f"{HERE}-009", district_id=HERE, number=9)
    again = client.post(address, CLASS | {"digest": digest})
    assert "sudah berubah" in again.content.decode()
    assert (again.context["count"], StationClass.objects.count()) == (4, 0)
    new = again.context["form"].data["digest"]
    done = client.post(address, CLASS | {"digest": new})
    assert (done.status_code, done["Location"]) == (302, "/tps/?region=63.03")
    assert StationClass.objects.count() == 4


def test_the_list_leads_to_all_where_its_first_page_is_not_ones_own(
    client, sign_in, posko_banjar, liaison_kpu
):
    stations(51, "63.03.01")
    stations(1)
    link = reverse("deployments:station_classify_all")
    assert link in sign_in(client, posko_banjar).get("/tps/").content.decode()
    assert link not in sign_in(client, liaison_kpu).get("/tps/").content.decode()
    assert client.get("/tps/?q=63.03.02").context["classifies_all"] is False


def test_tags_are_set_by_the_supervisors(api, liaison_bawaslu, liaison_polda):
    [station] = stations(1)
    path = f"polling-stations/{station.pk}/tags/"
    body = {"tags": ["dptb", "rawan_bencana"], "seen": [], "note": "Pemetaan"}
    assert api(liaison_polda).status(path, body) == 403
    api(liaison_bawaslu)
    assert api.status(path, body | {"tags": ["lain"]}) == 422
    told = api.once("station.tag", path, body)
    assert [row["indicator"] for row in told["tags"]] == list(
        StationTag.objects.order_by("indicator__position").values_list("indicator", flat=True)
    )
    assert api.status(path, body | {"tags": []}) == 409


def test_a_unit_is_split_over_its_districts_by_its_own_agency(api, liaison_polda, liaison_kpu):
    body = {
        "unit": "polres-banjar",
        "shares": [
            {"district": "63.03.03", "percent": "40"},
            {"district": "63.03.04", "percent": "25.5"},
        ],
        "source": "uji",
    }
    assert api(liaison_kpu).status("district-shares/", body) == 403
    told = api(liaison_polda).once("unit.shares", "district-shares/", body)
    assert [(row["district"], row["percent"]) for row in told] == [
        ("63.03.03", 40),
        ("63.03.04", 25.5),
    ]
    assert api(liaison_kpu).get("district-shares/").json()["count"] == 2
    too_much = body | {"shares": [{"district": "63.03.03", "percent": "99"}, body["shares"][1]]}
    assert api(liaison_polda).status("district-shares/", too_much) == 422
    twice = body | {"shares": [body["shares"][0]] * 2}
    assert api(liaison_polda).status("district-shares/", twice) == 422
