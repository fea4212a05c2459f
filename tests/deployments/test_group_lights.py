"""The lights of the groups of the reports, rolled up: by the thresholds, on the map, in the API."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from deployments import actions
from deployments.enums import Light, light_of_many
from deployments.maps.groups import all_measures
from deployments.models import GroupRollup, GroupRollupVersion, ThresholdVersion
from deployments.queries import (
    region_recap,
    rollup_rows,
    stage_recap,
    strength_table,
    unit_recap,
)
from deployments.queries.group_lights import add_groups, named_groups, place_light
from portal import clock
from portal.access.actor import SYSTEM
from portal.registry.models import Region
from tests.factories import deployments as make

SCALE = ((90, Light.READY), (75, Light.CONDITIONAL), (0, Light.NOT_READY))
AT = make.CUT_OFF + timedelta(hours=1)


@pytest.fixture
def due(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = AT, clock.true_now().timestamp()
    make.expect()


def send(slug: str, **values):
    report = actions.submit_report(
        make.unit(slug), make.CUT_OFF, make.figures(**values), by=SYSTEM, at=make.CUT_OFF
    )
    actions.fold()
    return report


def row(region: str, level: str = "regency"):
    rows = rollup_rows(make.operation(), level=level, agency_slug="polda-kalsel", at=AT)
    return next(each for each in rows if each.region == region and not each.undistributed)


@pytest.mark.parametrize(
    ("counts", "silent", "light"),
    [
        ((1, 0, 0), False, Light.READY),
        ((0, 1, 0), False, Light.CONDITIONAL),
        ((0, 0, 1), False, Light.NOT_READY),
        ((9, 1, 0), False, Light.READY),
        ((89, 11, 0), False, Light.CONDITIONAL),
        ((75, 0, 25), False, Light.CONDITIONAL),
        ((74, 0, 26), False, Light.NOT_READY),
        ((1, 0, 0), True, Light.CONDITIONAL),
        ((0, 0, 1), True, Light.NOT_READY),
        ((0, 0, 0), False, Light.SILENT),
    ],
)
def test_group_of_many_reports_by_its_thresholds(counts, silent, light):
    assert light_of_many(*counts, silent=silent, thresholds=SCALE) == light


def test_place_is_no_better_than_its_worst_mandatory_group():
    people = {"expected": 1, "received": 1, "present": 95, "total": 100}
    bad = {"ready": 0, "conditional": 0, "not_ready": 1, "silent": 0}
    assert place_light(people, {}, {}) == "ready"
    assert place_light(people, {"materiel": bad | {"mandatory": 1}}, {}) == "not_ready"
    assert place_light(people, {"training": bad | {"mandatory": 0}}, {}) == "ready"
    open_group = dict.fromkeys(bad, 0) | {"silent": 1, "mandatory": 1}
    assert place_light(people, {"materiel": open_group}, {}) == "conditional"
    assert place_light(people | {"received": 0}, {"materiel": bad | {"mandatory": 1}}, {}) == (
        "silent"
    )


def test_counts_of_several_places_are_added_group_by_group():
    one = {"ready": 1, "conditional": 0, "not_ready": 0, "silent": 0, "mandatory": 1}
    assert add_groups([{"a": one}, {"a": one, "b": one}]) == {
        "a": {"ready": 2, "conditional": 0, "not_ready": 0, "silent": 0, "mandatory": 2},
        "b": one,
    }


def test_lights_reach_the_regency_and_the_province(due):
    send("polres-banjar", vehicles_percent=80)
    send("polres-tapin")
    assert row("63.03").groups["materiel"]["conditional"] == 1
    assert row("63", "province").groups["materiel"] == {
        "ready": 1,
        "conditional": 1,
        "not_ready": 0,
        "silent": 0,
        "mandatory": 2,
    }
    assert row("63.03").light == "conditional"
    assert row("63.05").light == "ready"


def test_returned_report_leaves_the_lights_and_the_past_keeps_them(due):
    report = send("polres-banjar", vehicles_percent=80)
    actions.return_report(report, note="?", version=1, by=SYSTEM, at=AT + timedelta(minutes=5))
    actions.fold()
    assert not GroupRollup.objects.exists()
    assert row("63.03").groups["materiel"]["conditional"] == 1
    later = rollup_rows(
        make.operation(),
        level="regency",
        agency_slug="polda-kalsel",
        at=AT + timedelta(minutes=5),
    )
    assert [each.groups for each in later if each.region == "63.03"] == [{}]


def test_region_is_judged_by_the_thresholds_that_are_data(due):
    send("polres-banjar", present=90)
    assert row("63.03").light == "ready"
    make.threshold("personnel", ready=95)
    assert row("63.03").light == "conditional"
    assert strength_table(make.operation(), AT).totals.scales["personnel"][0] == (95, Light.READY)


def test_past_moment_keeps_the_lights_that_were_shown_then(due, commander):
    send("polres-banjar", present=90, vehicles_percent=92)
    report = make.expected("polres-banjar").report
    later = AT + timedelta(hours=1)
    before = (row("63.03"), all_measures(AT)["group-personnel"].scale.named())
    recap = region_recap(make.operation(), AT, within=Region.objects.get(code="63"), agency=None)
    units = unit_recap(commander, make.operation(), AT, parent=None)
    stages = stage_recap(make.operation(), AT, agency=None)
    make.threshold("personnel", later, ready=97, conditional=95)
    make.threshold("materiel", later, ready=95)
    assert row("63.03") == before[0]
    assert all_measures(AT)["group-personnel"].scale.named() == before[1]
    assert recap == region_recap(
        make.operation(), AT, within=Region.objects.get(code="63"), agency=None
    )
    assert units == unit_recap(commander, make.operation(), AT, parent=None)
    assert stages == stage_recap(make.operation(), AT, agency=None)
    [now] = [
        each
        for each in rollup_rows(
            make.operation(), level="regency", agency_slug="polda-kalsel", at=later
        )
        if each.region == "63.03"
    ]
    assert (before[0].light, now.light) == ("ready", "not_ready")
    assert report.groups.get(key="materiel").light == "ready", "a report keeps its light"
    assert [one.ready for one in named_groups(later)][:2] == [97, 95]


def test_threshold_that_held_is_never_changed_or_deleted(due):
    make.threshold("personnel", ready=97)
    for version in ThresholdVersion.objects.filter(threshold__group="personnel"):
        for attempt in (
            lambda pk=version.pk: ThresholdVersion.objects.filter(pk=pk).update(ready=99),
            lambda pk=version.pk: ThresholdVersion.objects.filter(pk=pk).delete(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                attempt()


def test_stage_has_the_light_of_the_province(due):
    send("polres-banjar", vehicles_percent=10)
    recap = region_recap(make.operation(), AT, within=Region.objects.get(code="63"), agency=None)
    stages = stage_recap(make.operation(), AT, agency=None)
    assert recap.whole.light == "not_ready"
    assert {stage.light for stage in stages.rows} == {"not_ready"}


def test_version_of_lights_is_never_changed_or_deleted(due):
    send("polres-banjar")
    version = GroupRollupVersion.objects.first()
    for attempt in (
        lambda: GroupRollupVersion.objects.filter(pk=version.pk).update(ready=7),
        lambda: GroupRollupVersion.objects.filter(pk=version.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_every_group_of_the_forms_is_a_measure_with_its_thresholds(due):
    make.threshold("materiel", ready=95, conditional=60)
    measures = all_measures(AT)
    keys = [key for key in measures if key.startswith("group-")]
    assert keys[:3] == ["group-personnel", "group-materiel", "group-targets"]
    assert list(measures).index("group-personnel") == list(measures).index("readiness") + 1
    labels = [band.label for band in measures["group-materiel"].scale.named()]
    assert labels == [
        f"{Light.READY.label} (≥ 95%)",
        f"{Light.CONDITIONAL.label} (≥ 60%)",
        str(Light.NOT_READY.label),
        str(Light.SILENT.label),
        str(Light.HELD.label),
    ]
    assert "Sumber ambang: uji" in measures["group-materiel"].source


def test_map_table_and_legend_show_a_group(due, client, sign_in, commander):
    send("polres-banjar", vehicles_percent=80)
    sign_in(client, commander)
    shown = client.get("/peta/data/", {"measure": "group-materiel"}).json()
    [banjar] = [one for one in shown["regions"] if one["code"] == "63.03"]
    assert (banjar["style"], banjar["text"]) == ("light-conditional", "0/1")
    counts = {band["style"]: band["count"] for band in shown["legend"]["bands"]}
    assert counts["light-conditional"] == 1
    assert counts["light-silent"] == shown["legend"]["hatched"]
    page = client.get("/peta/", {"measure": "group-materiel"})
    assert [line.figure for line in page.context["lines"] if line.code == "63.03"] == ["0/1"]
    inside = client.get("/peta/data/", {"measure": "group-materiel", "within": "63.03"})
    assert {one["text"] for one in inside.json()["regions"]} == {"–"}


def test_unknown_group_shows_the_usual_measure(due, client, sign_in, commander):
    sign_in(client, commander)
    assert client.get("/peta/data/", {"measure": "group-nihil"}).json()["measure"] == "strength"


def test_api_gives_each_group_with_its_light(due, client, sign_in, commander):
    send("polres-banjar", vehicles_percent=80)
    sign_in(client, commander)
    rows = client.get("/api/v1/rollups/", {"region": "63.03", "agency": "polda-kalsel"}).json()
    [banjar] = rows["results"]
    groups = {group["group"]: group for group in banjar["groups"]}
    assert groups["materiel"] == {
        "group": "materiel",
        "light": "conditional",
        "ready": 0,
        "conditional": 1,
        "not_ready": 0,
        "silent": 0,
        "mandatory": True,
    }
    assert groups["training"]["light"] == "silent"
    assert banjar["states"]["complete"] == 1
