"""Polling stations with the police's class and the supervisors' tags side by side."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from deployments.enums import TagVariable
from deployments.models import DisagreementRule, StationClass, StationIndicator, StationTag
from portal.access.actor import Actor
from portal.accounts.enums import Role
from portal.registry.models import Agency, Operation, PollingStation, UnitDistrict

WHOLE_AGENCY = frozenset({Role.LIAISON, Role.COORDINATOR})


@dataclass(frozen=True)
class Territory:
    """The districts in which a post may write its agency's view of the stations."""

    whole: bool = False
    districts: frozenset[str] = frozenset()

    def covers(self, district: str) -> bool:
        return self.whole or district in self.districts

    def __bool__(self) -> bool:
        return self.whole or bool(self.districts)


def territory(actor: Actor, kind: str) -> Territory:
    """Where the post speaks for an agency of that kind: everywhere for its liaison or coordinator,
    else in the districts of its unit and of those below it; nowhere for another agency's."""
    if not Agency.objects.filter(pk=actor.agency_id, kind=kind).exists():
        return Territory()
    if WHOLE_AGENCY & actor.roles:
        return Territory(whole=True)
    covered = UnitDistrict.objects.filter(
        Q(unit=actor.unit_id) | Q(unit__path__startswith=f"{actor.unit_path}/")
    )
    return Territory(districts=frozenset(covered.values_list("district_id", flat=True)))


def newest_classes(stations: Iterable[int]) -> dict[int, StationClass]:
    """Per station id the last class that was set, whenever it begins to hold."""
    rows = (
        StationClass.objects.filter(station__in=list(stations))
        .order_by("station_id", "-valid_from", "-pk")
        .distinct("station_id")
    )
    return {row.station_id: row for row in rows}


def both_sides(stations: QuerySet[PollingStation], at: datetime) -> QuerySet[PollingStation]:
    """The stations with `class_id` and `police_class` (None: not classified) and `tag_count`, as
    they stood at that moment."""
    classes = StationClass.objects.known(at).filter(station=OuterRef("pk"))
    tags = (
        StationTag.objects.standing(at)
        .filter(station=OuterRef("pk"))
        .order_by()
        .values("station")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return stations.annotate(
        class_id=Subquery(classes.values("pk")[:1]),
        police_class=Subquery(classes.values("tps_class")[:1]),
        tag_count=Coalesce(Subquery(tags, output_field=IntegerField()), 0),
    )


def tagged(at: datetime, **indicator: str) -> Exists:
    """A condition on stations: a tag stands whose indicator is so."""
    return Exists(StationTag.objects.standing(at).filter(station=OuterRef("pk"), **indicator))


def disagreeing(
    stations: QuerySet[PollingStation], at: datetime, rules: Sequence[DisagreementRule]
) -> QuerySet[PollingStation]:
    """Those of the stations from `both_sides` for which one of the rules holds."""
    if not rules:
        return stations.none()
    any_of = Q()
    for rule in rules:
        fits = Q(police_class=rule.tps_class)
        if rule.at_least is not None:
            fits &= Q(tag_count__gte=rule.at_least)
        if rule.at_most is not None:
            fits &= Q(tag_count__lte=rule.at_most)
        if rule.variable:
            fits &= Q(tagged(at, indicator__variable=rule.variable))
        any_of |= fits
    return stations.filter(any_of)


def rule_list() -> list[DisagreementRule]:
    return list(DisagreementRule.objects.filter(is_active=True))


def holding(
    rules: Iterable[DisagreementRule], police_class: str | None, variables: Sequence[str]
) -> list[DisagreementRule]:
    """The rules that hold for a station of that class with tags of those variables."""
    return [
        rule
        for rule in rules
        if rule.tps_class == police_class
        if rule.at_least is None or len(variables) >= rule.at_least
        if rule.at_most is None or len(variables) <= rule.at_most
        if not rule.variable or rule.variable in variables
    ]


def station_list(actor: Actor, operation: Operation, at: datetime) -> QuerySet[PollingStation]:
    """The operation's stations with both sides, in the order of their codes."""
    rows = PollingStation.objects.visible_to(actor).of(operation)
    return both_sides(rows, at).select_related("district__parent", "village").order_by("code")


@dataclass(frozen=True)
class Matching:
    """All stations that a filter selects and the post may classify: by id the id of the class row
    that stands, 0 for none; and how many more match outside of its territory."""

    seen: dict[int, int]
    outside: int

    @property
    def digest(self) -> str:
        return selection_digest(self.seen)


def matching(stations: QuerySet[PollingStation], own: Territory) -> Matching:
    """What may be classified of the stations from `both_sides`. One query."""
    rows = list(stations.values_list("pk", "class_id", "district_id"))
    seen = {pk: row or 0 for pk, row, district in rows if own.covers(district)}
    return Matching(seen, len(rows) - len(seen))


def selection_digest(seen: Mapping[int, int]) -> str:
    """Stands for exactly these stations with exactly these classes."""
    text = "\n".join(f"{pk}:{row}" for pk, row in sorted(seen.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def tags_of(stations: Iterable[int], at: datetime) -> dict[int, list[StationTag]]:
    """Per station id the tags that stand, in the order of the indicators."""
    found: dict[int, list[StationTag]] = defaultdict(list)
    rows = (
        StationTag.objects.standing(at)
        .filter(station__in=list(stations))
        .select_related("indicator")
        .order_by("indicator__position")
    )
    for tag in rows:
        found[tag.station_id].append(tag)
    return found


def indicators_by_variable() -> dict[str, list[StationIndicator]]:
    """Every indicator under its variable, in the order of the variables."""
    found: dict[str, list[StationIndicator]] = {variable: [] for variable in TagVariable.values}
    for indicator in StationIndicator.objects.order_by("position"):
        found[indicator.variable].append(indicator)
    return found
