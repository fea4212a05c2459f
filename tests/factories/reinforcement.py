"""A request of Polres Banjar for sixty people, and the people it could get."""

from datetime import date, datetime
from typing import Any

from deployments import actions
from deployments.models import Contribution, Deployment, Reinforcement
from portal import clock
from portal.access.actor import SYSTEM, Actor
from portal.registry.models import Agency, Region
from tests.factories import deployments as make

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
PAPER = {"sprin_number": "Sprin/7/XI/2024", "sprin_date": date(2024, 11, 19), "note": "uji"}
FIRST = datetime(2024, 11, 24, 8, tzinfo=clock.WITA)
"""The first day of what `asked` asks for."""
THERE = ("in_place", "relieved", "returned")
TO_PLACE = ("ordered", "standby", "moving", "in_place")


def announce() -> None:
    """Nobody is placed who was not announced."""
    at = datetime(2024, 8, 24, 8, tzinfo=clock.WITA)
    for slug in ("polda-kalsel", "korem-101"):
        agency = Agency.objects.get(slug=slug)
        said = {"total": 9000, "source": "uji", "as_of": at}
        actions.declare_strength(make.operation(), agency, by=SYSTEM, at=at, **said)


def asked(**given: Any) -> dict[str, Any]:
    return {
        "unit": make.unit("polres-banjar"),
        "region": Region.objects.get(code="63.03.05"),
        "personnel": 60,
        "starts_on": date(2024, 11, 24),
        "ends_on": date(2024, 11, 28),
        "priority": "segera",
        "reason": "Kampanye akbar dan pergeseran logistik",
    } | given


def ask(by: Actor = SYSTEM, *others: str, at: datetime = NOW, **given: Any) -> Reinforcement:
    """Asked of Polda, and of the other units named."""
    addressees = [make.unit(slug) for slug in others]
    values = asked(**given)
    return actions.ask_reinforcement(make.operation(), values, addressees=addressees, by=by, at=at)


def give(
    request: Reinforcement, unit: str, people: int, by: Actor = SYSTEM, **given: Any
) -> Contribution:
    return actions.give_people(request, make.unit(unit), people, **{"by": by, "at": NOW} | given)


def walk(row: Contribution, *steps: str, by: Actor = SYSTEM, at: datetime = NOW) -> Deployment:
    """Take the placement through these steps; they are there on the first day at the earliest."""
    placed = Deployment.objects.get(pk=row.deployment_id)
    for to in steps:
        when = max(at, FIRST) if to in THERE else at
        given = {"version": placed.version, "by": by, "at": when}
        placed = actions.move_deployment(placed, to, **given, **PAPER)
    return placed


def counted(request: Reinforcement, at: datetime = NOW) -> Any:
    return Reinforcement.objects.counted(at).get(pk=request.pk)


def reserve(people: int = 40, unit: str = "kodim-1006", status: str = "reserve") -> Deployment:
    """People whom a unit holds back until the end of the operation."""
    return actions.place_deployment(
        make.operation(),
        {
            "unit": make.unit(unit),
            "region": make.unit("polres-banjar").seat.parent or make.unit("polres-banjar").seat,
            "personnel": people,
            "status": status,
            "controller": None,
            "task": "Cadangan",
            "starts_on": date(2024, 8, 24),
            "ends_on": date(2024, 12, 31),
            "source": "uji",
            "as_of": NOW,
            "quality": "reported",
        },
        by=SYSTEM,
        at=NOW,
    )
