"""Units as points on the map: those that the reader may see one by one, where they stand."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from deployments.enums import DeploymentStatus
from deployments.models import Deployment
from deployments.queries.ledger import Position
from deployments.queries.shares import spread
from deployments.queries.standing import beside_places, unit_positions
from portal import clock
from portal.access.actor import Actor
from portal.registry.models import Agency, Operation, Place, Region, Unit

Key = tuple[int, str, int | None]
"""Unit, region, and the place where that is known."""


@dataclass(frozen=True)
class UnitMarker:
    """One unit at one point; `region` is the code whose panel tells more. `place`: the name of the
    post, warehouse or office, if it is known to the point. Persons."""

    latitude: float
    longitude: float
    name: str
    agency: str
    place: str
    people: int
    say: str
    region: str


@dataclass(frozen=True)
class Filter:
    """What the reader has chosen: slugs, a task force, a function; empty for any."""

    agency: str = ""
    controller: str = ""
    task_force: str = ""
    function: str = ""

    @property
    def placed_as(self) -> dict[str, str]:
        words = {"task_force": self.task_force, "function": self.function}
        return {name: word for name, word in words.items() if word}

    def ids(self) -> dict[str, int | None]:
        """What a position must have; an agency that there is not has nobody."""
        words = {"agency": self.agency, "controller": self.controller}
        chosen = {name: slug for name, slug in words.items() if slug}
        known = dict(Agency.objects.values_list("slug", "pk")) if chosen else {}
        return {name: known.get(slug) for name, slug in chosen.items()}


def unit_markers(
    actor: Actor, operation: Operation, within: Region, at: datetime, only: Filter | None = None
) -> list[UnitMarker]:
    """In the order of the agencies; what has no point inside the region is left to the table. A
    unit over several districts is a point in each, with its declared part of the people."""
    only = only or Filter()
    ids = only.ids()
    found = [
        position
        for position in unit_positions(actor, operation, at, only.placed_as)
        if all(getattr(position, name) == pk for name, pk in ids.items())
    ]
    placed = list(_placed(actor, operation, within, at, only))
    standing = [
        position
        for position in spread(beside_places(found, placed), at)
        if position.region == within.code or position.region.startswith(f"{within.code}.")
    ]
    people, lent = _gathered(standing, placed)
    places = {row.place.pk: row.place for row in placed if row.place}
    units = Unit.objects.select_related("agency", "seat").in_bulk({key[0] for key in people})
    regions = Region.objects.in_bulk({key[1] for key in people})
    made = []
    for key in sorted(people, key=lambda key: (_order(units[key[0]]), key[1], key[2] or 0)):
        unit, place = units[key[0]], places.get(key[2] or 0)
        point = _point(unit, regions[key[1]], place)
        if point is not None:
            made.append(_marker(unit, key[1], place, point, people[key], lent[key]))
    return made


def _placed(
    actor: Actor, operation: Operation, within: Region, at: datetime, only: Filter
) -> Iterable[Deployment]:
    """Those known by then whose place has a point."""
    words = {"agency__slug": only.agency, "controller__slug": only.controller}
    chosen = {name: slug for name, slug in words.items() if slug} | only.placed_as
    return (
        Deployment.objects.visible_to(actor)
        .filter(operation=operation, created_at__lte=at, place__latitude__isnull=False, **chosen)
        .within(within.code)
        .on(clock.local(at).date())
        .select_related("place")
        .order_by("pk")
    )


def _gathered(
    standing: Iterable[Position], placed: Iterable[Deployment]
) -> tuple[dict[Key, Counter[str]], dict[Key, bool]]:
    """Persons by part, and whether any of them is under another's control."""
    people: dict[Key, Counter[str]] = defaultdict(Counter)
    lent: dict[Key, bool] = defaultdict(bool)
    for position in standing:
        key: Key = (position.unit or 0, position.region, None)
        people[key][position.part] += position.people
        lent[key] |= position.controller is not None
    for row in placed:
        key = (row.unit_id, row.region_id, row.place_id)
        people[key][row.status] += row.personnel
        lent[key] |= row.controller_id is not None
    return people, lent


def _order(unit: Unit) -> tuple[int, str]:
    return unit.agency.position, unit.path


def _point(unit: Unit, region: Region, place: Place | None) -> tuple[float, float] | None:
    """The most exact point that is known, latitude and longitude: the place; the unit's seat if
    that lies inside the region; else the middle of the region."""
    inside = unit.seat.code.startswith(f"{region.code}.")
    for spot in (place, unit.seat if inside else None, region):
        if spot and spot.latitude is not None and spot.longitude is not None:
            return spot.latitude, spot.longitude
    return None


def _marker(
    unit: Unit,
    region: str,
    place: Place | None,
    point: tuple[float, float],
    people: Mapping[str, int],
    lent: bool,
) -> UnitMarker:
    said = [
        f"{number_format(people[status], 0, force_grouping=True)} {status.label.lower()}"
        for status in DeploymentStatus
        if people[status]
    ]
    text = ", ".join(said)
    if lent:
        control = _("BKO")
        text += f" ({control})"
    return UnitMarker(
        latitude=point[0],
        longitude=point[1],
        name=unit.short_name,
        agency=unit.agency.short_name,
        place=place.name if place else "",
        people=sum(people.values()),
        say=f"{place.name}: {text}" if place else text,
        region=region,
    )
