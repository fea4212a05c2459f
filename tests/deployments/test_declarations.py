"""Declarations and placements on an empty operation: what is not itemised, and what is refused."""

from datetime import date, datetime

import pytest

from deployments import actions
from deployments.models import Deployment
from deployments.queries import rollup_rows
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused, Stale
from portal.registry.models import Agency, Region
from tests.factories import deployments as make

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
BEFORE = datetime(2024, 8, 1, 8, tzinfo=clock.WITA)


def declare(total, slug="korem-101"):
    agency = Agency.objects.get(slug=slug)
    actions.declare_strength(
        make.operation(), agency, total=total, source="uji", as_of=BEFORE, by=SYSTEM, at=BEFORE
    )


def place(by, unit="korem-101", **given):
    values = {
        "unit": make.unit(unit),
        "region": Region.objects.get(code="63"),
        "personnel": 10,
        "status": "reserve",
        "controller": None,
        "task": "Uji",
        "starts_on": date(2024, 8, 24),
        "ends_on": None,
        "source": "uji",
        "as_of": NOW,
        "quality": "reported",
    } | given
    return actions.place_deployment(make.operation(), values, by=by, at=NOW)


def test_four_hundred_not_itemised(db, coordinator):
    agency = Agency.objects.get(slug="pemprov-kalsel")
    actions.declare_strength(
        make.operation(), agency, total=12465, source="uji", as_of=NOW, by=SYSTEM, at=NOW
    )
    for personnel in (3044, 9021):
        place(coordinator, unit="pemprov-kalsel", personnel=personnel)
    [row] = rollup_rows(make.operation(), level="province", agency_slug=agency.slug, at=NOW)
    assert row.not_itemised == 400


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"personnel": 0}, "personnel"),
        ({"ends_on": date(2024, 8, 1)}, "ends_on"),
        ({"controller": "korem-101"}, "controller"),
    ],
)
def test_impossible_deployment_is_refused(db, coordinator, given, field):
    if "controller" in given:
        given = {"controller": Agency.objects.get(slug="korem-101")}
    with pytest.raises(Refused) as refused:
        place(coordinator, **given)
    assert refused.value.field == field
    assert Deployment.objects.count() == 0


def test_stale_change_is_refused(db, coordinator):
    declare(2041)
    placed = place(coordinator)
    values = {name: getattr(placed, name) for name in actions.placements.EDITABLE}
    changed = actions.change_deployment(
        placed, values | {"personnel": 11}, version=1, by=coordinator, at=NOW, reason="uji"
    )
    assert (changed.version, changed.personnel) == (2, 11)
    same = actions.change_deployment(
        placed, values | {"personnel": 11}, version=2, by=coordinator, at=NOW
    )
    assert same.version == 2
    with pytest.raises(Stale):
        actions.change_deployment(placed, values, version=1, by=coordinator, at=NOW)


def test_strength_without_an_operation_or_forces(db, client, sign_in, coordinator, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()
    sign_in(client, coordinator)
    assert "Belum ada kekuatan" in client.get("/kuat-personel/").content.decode()
    assert client.get("/kuat-personel/unduh/").status_code == 200
