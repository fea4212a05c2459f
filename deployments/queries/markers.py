"""Units as points on the map: those that the reader may see one by one, where they stand."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from deployments.enums import DeploymentStatus
from deployments.models import Deployment
from portal import clock
from portal.access.actor import Actor
from portal.registry.models import Operation, Region


@dataclass(frozen=True)
class UnitMarker:
    """One unit at one point; `region` is the code whose panel tells more. Persons."""

    latitude: float
    longitude: float
    name: str
    agency: str
    people: int
    say: str
    region: str


def unit_markers(
    actor: Actor, operation: Operation, within: Region, at: datetime, agency: str = ""
) -> list[UnitMarker]:
    """In the order of the agencies; what has no point inside the region is left to the table."""
    placed = (
        Deployment.objects.visible_to(actor)
        .filter(operation=operation)
        .within(within.code)
        .on(clock.local(at).date())
        .select_related("unit__agency", "unit__seat", "region")
        .order_by("unit__agency__position", "unit__path", "region_id", "pk")
    )
    if agency:
        placed = placed.filter(agency__slug=agency)
    together: dict[tuple[int, float, float], list[Deployment]] = {}
    for deployment in placed:
        point = _point(deployment)
        if point is not None:
            together.setdefault((deployment.unit_id, *point), []).append(deployment)
    return [
        _marker(rows, latitude, longitude) for (_, latitude, longitude), rows in together.items()
    ]


def _point(deployment: Deployment) -> tuple[float, float] | None:
    """The most exact point that is known of it, latitude and longitude: the unit's seat if that
    lies inside the region it is placed in, else the middle of that region."""
    region, seat = deployment.region, deployment.unit.seat
    inside = seat.code.startswith(f"{region.code}.")
    for candidate in (seat if inside else region, region):
        if candidate.latitude is not None and candidate.longitude is not None:
            return candidate.latitude, candidate.longitude
    return None


def _marker(rows: list[Deployment], latitude: float, longitude: float) -> UnitMarker:
    first = rows[0]
    people = dict.fromkeys(DeploymentStatus.values, 0)
    for row in rows:
        people[row.status] += row.personnel
    said = [
        f"{number_format(number, 0, force_grouping=True)} {DeploymentStatus(status).label.lower()}"
        for status, number in people.items()
        if number
    ]
    controllers = sorted({row.controller_id for row in rows if row.controller_id})
    text = ", ".join(said)
    if controllers:
        lent = _("BKO")
        text += f" ({lent})"
    return UnitMarker(
        latitude=latitude,
        longitude=longitude,
        name=first.unit.short_name,
        agency=first.unit.agency.short_name,
        people=sum(people.values()),
        say=text,
        region=first.region_id,
    )
