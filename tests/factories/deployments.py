"""Figures of one readiness report that fit together; give what the test is about."""

from datetime import date, datetime, time
from typing import Any

from deployments import actions
from deployments.actions.reports import FIELDS
from deployments.models import (
    Deployment,
    ExpectedReport,
    ReadinessThreshold,
    StrengthDeclaration,
)
from portal import clock
from portal.access.actor import SYSTEM
from portal.registry.models import Agency, Operation, Region, Unit

OPERATION = "mantap-praja-intan-2024"
CUT_OFF = datetime(2024, 11, 20, 18, tzinfo=clock.WITA)
OPENED = datetime(2024, 11, 20, 12, 30, tzinfo=clock.WITA)


def figures(**given: Any) -> dict[str, Any]:
    """100 people of whom 90 are present, 10 on leave; all of it consistent."""
    values: dict[str, Any] = dict.fromkeys(FIELDS, 0) | {
        "total": 100,
        "present": 90,
        "on_leave": 10,
        "engaged": 60,
        "standby": 20,
        "reserve": 10,
        "vehicles_percent": 95,
        "comms_percent": 95,
        "post_active": True,
        "notes": "",
        "nihil": False,
    }
    return values | given


def line(region: str, **given: int) -> dict[str, Any]:
    """Ten of them in a district."""
    return {
        "region": region,
        "total": 10,
        "present": 9,
        "engaged": 6,
        "standby": 2,
        "reserve": 1,
    } | given


def operation() -> Operation:
    return Operation.objects.get(slug=OPERATION)


def unit(slug: str) -> Unit:
    return Unit.objects.select_related("agency").get(slug=slug)


def schedule(kind: str = "polres", agency: str = "polda-kalsel", **fields: Any) -> None:
    """Every unit of the kind reports at 18.00 from 20 to 27 November."""
    actions.schedule_reports(
        operation(),
        Agency.objects.get(slug=agency),
        unit_kind=kind,
        local_time=time(18),
        source="uji",
        by=SYSTEM,
        at=OPENED,
        **({"valid_from": date(2024, 11, 20), "valid_to": date(2024, 11, 27)} | fields),
    )


def expect(kind: str = "polres", agency: str = "polda-kalsel", at: datetime = OPENED) -> None:
    """Open the cut-off of 20 November 18.00 for every unit of the kind."""
    schedule(kind, agency)
    actions.open_cut_offs(at=at)


def expected(slug: str, cut_off: datetime = CUT_OFF) -> ExpectedReport:
    return ExpectedReport.objects.get(unit__slug=slug, cut_off_at=cut_off)


def threshold(group: str, at: datetime = OPENED, **given: int) -> None:
    """Set the per cents of a group from a moment on."""
    row = ReadinessThreshold.objects.get(group=group)
    values = {"ready": row.ready, "conditional": row.conditional, "source": "uji"} | given
    actions.change_threshold(row, values, version=row.version, by=SYSTEM, at=at)


def reinforce(region: str, people: int, at: datetime, slug: str = "polda-kalsel") -> Deployment:
    """So many more are announced and placed by a unit of Polda in a region, by the actions."""
    polda = Agency.objects.get(slug="polda-kalsel")
    said = {"source": "uji", "as_of": at}
    newest = StrengthDeclaration.objects.newest(operation(), at).filter(agency=polda).first()
    total = people + (newest.total if newest else 0)
    actions.declare_strength(operation(), polda, total=total, by=SYSTEM, at=at, **said)
    values = {
        "unit": unit(slug),
        "region": Region.objects.get(code=region),
        "personnel": people,
        "status": "engaged",
        "controller": None,
        "task": "Penebalan",
        "starts_on": clock.local(at).date(),
        "ends_on": None,
        "quality": "reported",
    }
    return actions.place_deployment(operation(), values | said, by=SYSTEM, at=at)
