"""The rotation plan: who relieves whom, gaps and handovers, on the page, as table, in the API."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deployments import actions
from deployments.maps.timeline import Scale, percent, ticks, timeline
from deployments.queries import rotation_plan
from deployments.queries.rotation import Span
from portal import clock
from portal.access.actor import SYSTEM
from portal.registry.models import Agency, Region, Stage
from tests.factories import deployments as make

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
PAGE, API = "/kuat-personel/rotasi/", "/api/v1/rotation/"
STARTS, ENDS = date(2024, 8, 24), date(2024, 12, 31)
POST = "Jaga gudang logistik"


@pytest.fixture
def now(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()


@pytest.fixture(autouse=True)
def announced(db):
    at = datetime(2024, 8, 24, 8, tzinfo=clock.WITA)
    for slug in ("polda-kalsel", "korem-101"):
        actions.declare_strength(
            make.operation(), Agency.objects.get(slug=slug), total=9000, source="uji",
            as_of=at, by=SYSTEM, at=at,
        )  # fmt: skip


def place(unit, starts, ends, *, state=None, by=SYSTEM, **given):
    values = {
        "unit": make.unit(unit),
        "region": Region.objects.get(code="63.03"),
        "personnel": 10,
        "status": "standby",
        "controller": None,
        "task": POST,
        "stage": Stage.objects.get(operation=make.operation(), key="tabulation"),
        "starts_on": starts,
        "ends_on": ends,
        "source": "uji",
        "as_of": NOW,
        "quality": "reported",
    }
    return actions.place_deployment(make.operation(), values | given, by=by, at=NOW, state=state)


def nov(day):
    return date(2024, 11, day)


def dec(day):
    return date(2024, 12, day)


def plan(actor=SYSTEM, region="63.03", first=STARTS, last=ENDS, **given):
    return rotation_plan(
        actor, make.operation(), Region.objects.get(code=region), first=first, last=last, **given
    )


def gaps(found):
    return [(gap.starts, gap.ends) for gap in found.gaps]


def test_relief_overlap_and_gap_of_one_duty():
    place("kodim-1006", nov(10), nov(15))
    place("kodim-1007", nov(14), nov(20))
    place("kodim-1005", nov(25), dec(16))
    [duty] = plan().duties
    assert [(stay.unit_slug, stay.relieved_by != "", stay.unrelieved) for stay in duty.stays] == [
        ("kodim-1006", True, False),
        ("kodim-1007", False, True),
        ("kodim-1005", False, False),
    ]
    assert gaps(duty) == [(nov(21), nov(24))]
    assert duty.handovers == [Span(nov(14), nov(15))]
    assert (duty.gaps[0].days, duty.handovers[0].days) == (4, 2)


def test_nobody_after_the_last_day_is_a_gap_until_the_stage_ends():
    place("kodim-1006", nov(10), nov(15))
    [duty] = plan().duties
    assert gaps(duty) == [(nov(16), dec(16))]


def test_without_a_stage_the_duty_is_needed_until_the_operation_ends():
    place("kodim-1006", nov(10), nov(15), stage=None)
    [duty] = plan().duties
    assert gaps(duty) == [(nov(16), ENDS)]


def test_open_end_holds_the_duty_and_so_does_the_last_day_of_the_stage():
    place("kodim-1006", nov(10), None)
    place("kodim-1007", nov(10), dec(16), task="Jaga kantor")
    assert [gaps(duty) for duty in plan().duties] == [[], []]


def test_request_does_not_fill_a_gap_but_is_drawn():
    place("kodim-1006", nov(10), nov(15))
    place("kodim-1007", nov(16), dec(16), state="requested")
    [duty] = plan().duties
    assert [(stay.state, stay.unrelieved) for stay in duty.stays] == [
        ("standby", True),
        ("requested", False),
    ]
    assert gaps(duty) == [(nov(16), dec(16))]


def test_returned_ends_the_duty_without_alarm(monkeypatch):
    row = place("kodim-1006", nov(10), nov(25), status="engaged")
    for state in ("relieved", "returned"):
        row = actions.move_deployment(row, state, version=row.version, by=SYSTEM, at=NOW)
    [duty] = plan().duties
    assert (duty.stays[0].span, duty.stays[0].unrelieved) == (Span(nov(10), nov(20)), False)
    assert gaps(duty) == []


def test_cancelled_is_left_out():
    row = place("kodim-1006", nov(10), nov(15), state="requested")
    actions.move_deployment(row, "cancelled", version=1, by=SYSTEM, at=NOW, note="uji")
    assert plan().duties == []


def test_another_agency_function_or_task_force_is_another_duty():
    place("kodim-1006", nov(10), dec(16))
    place("polres-banjar", nov(10), dec(16))
    place("kodim-1007", nov(10), dec(16), function="Patroli")
    place("kodim-1005", nov(10), dec(16), task_force="preventif")
    assert len(plan().duties) == 4
    assert [duty.function for duty in plan(function="Patroli").duties] == ["Patroli"]
    assert [duty.task_force for duty in plan(task_force="preventif").duties] == ["preventif"]
    assert plan(region="63.02").duties == []


def test_state_hides_stays_and_makes_no_gap():
    place("kodim-1006", nov(10), nov(15), status="engaged")
    place("kodim-1007", nov(16), dec(16))
    [duty] = plan(state="standby").duties
    assert ([stay.unit_slug for stay in duty.stays], gaps(duty)) == (["kodim-1007"], [])


def test_days_shown_cut_spans_off():
    place("kodim-1006", nov(10), nov(15))
    [duty] = plan(first=nov(12), last=nov(20)).duties
    assert gaps(duty) == [(nov(16), nov(20))]
    assert plan(first=nov(20), last=nov(22)).duties == []


def test_bars_stand_where_their_days_are():
    scale = Scale(nov(1), nov(10))
    box = scale.box(Span(nov(3), nov(4)))
    assert (box["x"], box["width"]) == ("20.000%", "20.000%")
    cut = scale.box(Span(date(2024, 10, 1), dec(1)))
    assert (cut["x"], cut["width"]) == ("0.000%", "100.000%")
    assert [tick["x"] for tick in ticks(scale)] == [percent(30)]


def test_today_stands_in_the_middle_of_its_day_or_nowhere():
    place("kodim-1006", nov(10), dec(16))
    found = plan(first=nov(16), last=nov(25))
    stages = list(make.operation().stages.all())
    assert timeline(found, stages, nov(20))["today"] == "45.000%"
    assert timeline(found, stages, nov(26))["today"] == ""


def test_page_table_and_api_have_the_same_rows(now, client, sign_in, liaison_korem):
    place("kodim-1006", nov(10), nov(15), by=liaison_korem)
    place("kodim-1007", nov(14), nov(20), by=liaison_korem)
    place("kodim-1005", nov(25), dec(16), by=liaison_korem)
    sign_in(client, liaison_korem)
    page = client.get(PAGE, {"region": "63.03"})
    [group] = page.context["chart"]["groups"]
    [row] = client.get(API, {"region": "63.03"}).json()["results"]
    assert [stay["deployment"] for stay in row["stays"]] == [
        line["stay"].number for line in group["rows"]
    ]
    assert row["gaps"] == [{"starts": "2024-11-21", "ends": "2024-11-24", "days": 4}]
    assert row["handovers"] == [{"starts": "2024-11-14", "ends": "2024-11-15", "days": 2}]
    text = page.content.decode()
    assert text.count("21 Nov 2024 – 24 Nov 2024") == 3
    assert " style=" not in text.split("<main")[1].split("</main>")[0]
    for number in (stay["deployment"] for stay in row["stays"]):
        assert text.count(f'href="{reverse("deployments:deployment_detail", args=[number])}"') == 2


def test_address_chooses_the_stage_with_days_around_it(now, client, sign_in, liaison_korem):
    sign_in(client, liaison_korem)
    found = client.get(PAGE, {"window": "voting"}).context["plan"]
    assert (found.first, found.last) == (nov(24), nov(30))
    assert client.get(PAGE, {"window": "keliru"}).status_code == 404
    assert client.get(PAGE, {"region": "99"}).status_code == 404
    assert client.get(API, {"state": "keliru"}).status_code == 422
    assert client.get(API, {"first": "2024-11-02", "last": "2024-11-01"}).status_code == 422


def test_only_own_forces_are_in_the_plan(
    now, client, sign_in, liaison_korem, kodim_1006, liaison_kpu, admin
):
    place("kodim-1006", nov(10), nov(15))
    place("kodim-1007", nov(16), dec(16))
    assert [len(duty.stays) for duty in plan(liaison_korem).duties] == [2]
    assert [len(duty.stays) for duty in plan(kodim_1006).duties] == [1]
    assert plan(liaison_kpu).duties == []
    sign_in(client, liaison_kpu)
    assert client.get(PAGE).context["chart"]["groups"] == []
    assert client.get(API).json()["results"] == []
    sign_in(client, admin)
    assert (client.get(PAGE).status_code, client.get(API).status_code) == (403, 403)


@pytest.mark.parametrize("address", [PAGE, API])
def test_cost_does_not_grow_with_the_placements(now, client, sign_in, liaison_korem, address):
    sign_in(client, liaison_korem)
    place("kodim-1006", nov(1), nov(5))
    client.get(address)
    costs = []
    for more in (0, 2):
        for number in range(more):
            place("kodim-1007", nov(6 + number), nov(10), task=f"Tugas {number}")
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        costs.append(len(found))
    assert costs[0] == costs[1]


def test_plan_is_reached_from_the_list_and_the_placement(now, client, sign_in, liaison_korem):
    row = place("kodim-1006", nov(10), dec(16), by=liaison_korem)
    sign_in(client, liaison_korem)
    assert f'href="{PAGE}"' in client.get("/kuat-personel/penempatan/").content.decode()
    detail = client.get(reverse("deployments:deployment_detail", args=[row.pk]))
    assert detail.context["rotation_url"] == f"{PAGE}?region=63.03"
    assert f'href="{PAGE}?region=63.03"' in client.get("/peta/wilayah/63.03/").content.decode()
