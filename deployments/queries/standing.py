"""Which units stand where, as the ledger knew it at a moment, split over the districts like every
figure of the roll-up: the panel, the points of the map and the table say the same."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from deployments.enums import DeploymentStatus
from deployments.models import Deployment
from deployments.models.scope import sees_all
from deployments.queries.ledger import Position, positions
from portal import clock
from portal.access.actor import Actor
from portal.accounts.enums import Role
from portal.registry.models import Operation, Unit

PARTS = frozenset(DeploymentStatus.values)
"""What stands at a place: not what an agency has announced and not itemised."""
Place = tuple[int, str, str, int | None]
"""Unit, region, part, controller."""


def unit_positions(
    actor: Actor, operation: Operation, at: datetime, placed_as: Mapping[str, str] | None = None
) -> list[Position]:
    """The units that the actor may see one by one, not yet split: the own forces, and those that
    others put under the own agency's control. `placed_as` as in `positions`."""
    found = [
        position
        for position in positions(
            operation, clock.local(at).date(), at, placed_as=dict(placed_as or {})
        )
        if position.unit is not None and position.part in PARTS
    ]
    if sees_all(actor):
        return found
    own = set(_own_units(actor).values_list("pk", flat=True))
    return [
        position
        for position in found
        if position.unit in own or position.controller == actor.agency_id
    ]


def _own_units(actor: Actor) -> QuerySet[Unit]:
    if Role.LIAISON in actor.roles:
        return Unit.objects.filter(agency_id=actor.agency_id)
    return Unit.objects.under(actor.unit_path) if actor.unit_path else Unit.objects.none()


def beside_places(found: Iterable[Position], placed: Iterable[Deployment]) -> list[Position]:
    """The positions without those people whose place is known to the point."""
    there: Counter[Place] = Counter()
    for row in placed:
        there[row.unit_id, row.region_id, row.status, row.controller_id] += row.personnel
    left = []
    for position in found:
        key = (position.unit or 0, position.region, position.part, position.controller)
        people = position.people - there[key]
        if people > 0:
            left.append(replace(position, people=people))
    return left


def people_by_unit(found: Iterable[Position]) -> dict[int, Counter[str]]:
    """Persons by part, per unit."""
    people: dict[int, Counter[str]] = defaultdict(Counter)
    for position in found:
        people[position.unit or 0][position.part] += position.people
    return dict(people)
