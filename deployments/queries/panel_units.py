"""The units behind one region's figures: who stands there, under whom, and when they last spoke."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from deployments.enums import EXPECTED_BADGE, LIGHT_BADGE, ExpectedState, Light
from deployments.models import Deployment, ExpectedReport, ReadinessReport, UnitLatest
from deployments.queries.ledger import Position
from deployments.queries.places import parent_code
from deployments.queries.shares import spread
from deployments.queries.standing import people_by_unit, unit_positions
from portal import clock
from portal.access.actor import Actor
from portal.accounts.models import Post
from portal.registry.models import Agency, Operation, Region, Unit, UnitDistrict


@dataclass(frozen=True)
class PanelUnit:
    """A unit with people in the region or a report due from it. `age` is of its newest report.
    `around`: the wider regions at which its people are recorded, if nobody knows how many of them
    are in this one. `counted_in`: the region outside this one where its report counts."""

    slug: str
    name: str
    agency: str
    agency_short: str
    in_charge: list[str]
    contacts: list[str]
    engaged: int
    standby: int
    reserve: int
    around: list[str]
    counted_in: str
    controllers: list[str]
    illustrative: bool
    state: str
    state_label: str
    state_badge: str
    light: str
    light_label: str
    light_badge: str
    present: int | None
    total: int | None
    last_report_at: datetime | None
    age_minutes: int | None
    url: str


@dataclass(frozen=True)
class PanelPlace:
    """People of one unit at a place smaller than a district. `people` in persons."""

    name: str
    kind: str
    unit: str
    people: int
    state: str
    in_charge: str
    contact: str


def placed_rows(actor: Actor, operation: Operation, code: str, at: datetime) -> list[Deployment]:
    """The placements in the region on that day, and those in the regions around a district."""
    around = [parent_code(code), parent_code(parent_code(code))] if code.count(".") > 1 else []
    inside = Q(region=code) | Q(region__code__startswith=f"{code}.") | Q(region__in=around)
    return list(
        Deployment.objects.visible_to(actor)
        .filter(inside, operation=operation, created_at__lte=at)
        .on(clock.local(at).date())
        .select_related("unit", "in_charge", "place")
        .order_by("unit__path", "pk")
    )


def panel_places(placed: Iterable[Deployment]) -> list[PanelPlace]:
    return [
        PanelPlace(
            name=row.place.name,
            kind=row.place.get_kind_display(),
            unit=row.unit.short_name,
            people=row.personnel,
            state=row.get_state_display(),
            in_charge=row.in_charge.title if row.in_charge else "",
            contact=row.contact,
        )
        for row in placed
        if row.place is not None
    ]


def panel_units(
    actor: Actor,
    operation: Operation,
    region: Region,
    at: datetime,
    *,
    placed: Sequence[Deployment],
    cut_off: datetime | None,
) -> list[PanelUnit]:
    """By agency, with their reports of that cut-off. In a district also those that work in it and
    are recorded around it only."""
    code = region.code
    standing = list(spread(unit_positions(actor, operation, at), at))
    here = people_by_unit(one for one in standing if f"{one.region}.".startswith(f"{code}."))
    around = _around(standing, code) if region.level == Region.Level.DISTRICT else []
    wide = people_by_unit(around)
    inside = Q(region=code) | Q(region__code__startswith=f"{code}.")
    inside |= Q(unit__in=here.keys() | wide.keys())
    expected = {
        row.unit_id: row
        for row in ExpectedReport.objects.visible_to(actor)
        .filter(inside, operation=operation, cut_off_at=cut_off)
        .select_related("report", "region")
    }
    ids = here.keys() | wide.keys() | expected.keys()
    facts = _Facts(
        code=code,
        at=at,
        people=wide | here,
        around=_names(one for one in around if one.unit not in here),
        controllers=_controllers(standing, ids),
        placed=[row for row in placed if row.unit_id in ids],
        expected=expected,
        latest=_latest_reports(ids, at),
        posts=_posts(ids),
    )
    units = Unit.objects.filter(pk__in=ids).select_related("agency")
    return [facts.unit(unit) for unit in units.order_by("agency__position", "path")]


def _around(standing: Iterable[Position], code: str) -> list[Position]:
    """People recorded for a whole regency: of the units that work in the district, those in its
    regency, else those where they are; and in its regency also who works in no district by name."""
    regency = parent_code(code)
    wide = [one for one in standing if one.region.count(".") == 1]
    works: dict[int, set[str]] = {}
    coverage = UnitDistrict.objects.filter(unit__in={one.unit for one in wide})
    for unit, district in coverage.values_list("unit_id", "district_id"):
        works.setdefault(unit, set()).add(district)
    at_home = {one.unit for one in wide if one.region == regency}
    return [
        one
        for one in wide
        if code in works.get(one.unit or 0, {code})
        and (one.region == regency or (one.unit in works and one.unit not in at_home))
    ]


def _names(around: Iterable[Position]) -> dict[int, list[str]]:
    """Per unit the names of the regions at which its people are recorded."""
    codes: dict[int, set[str]] = {}
    for one in around:
        codes.setdefault(one.unit or 0, set()).add(one.region)
    regions = Region.objects.in_bulk(set().union(*codes.values())) if codes else {}
    return {unit: [regions[code].name for code in sorted(found)] for unit, found in codes.items()}


def _controllers(standing: Iterable[Position], units: Iterable[int]) -> dict[int, list[str]]:
    wanted = set(units)
    found: dict[int, set[int]] = {}
    for one in standing:
        if one.unit in wanted and one.controller:
            found.setdefault(one.unit or 0, set()).add(one.controller)
    names = Agency.objects.in_bulk(set().union(*found.values())) if found else {}
    return {unit: sorted(names[pk].short_name for pk in pks) for unit, pks in found.items()}


def _latest_reports(units: Iterable[int], at: datetime) -> dict[int, ReadinessReport]:
    """Per unit the newest report at that moment. The kept one, unless it came in only later."""
    latest = {
        row.unit_id: row.report
        for row in UnitLatest.objects.filter(unit__in=units).select_related("report")
    }
    later = [unit for unit, report in latest.items() if report.submitted_at > at]
    if later:
        before = ReadinessReport.objects.filter(unit__in=later, submitted_at__lte=at)
        newest = before.order_by("unit_id", "-cut_off_at", "-number").distinct("unit_id")
        latest = {k: v for k, v in latest.items() if k not in later}
        latest |= {report.unit_id: report for report in newest}
    return latest


def _posts(units) -> dict[int, str]:
    """The post that answers for a unit: the one that watches its command post, else its first."""
    posts: QuerySet[Post] = Post.objects.filter(unit__in=units, is_active=True).order_by("pk")
    found: dict[int, str] = {}
    for unit, title in posts.values_list("unit_id", "title"):
        found.setdefault(unit, title)
    return found


@dataclass(frozen=True)
class _Facts:
    """Everything about the units of a panel, each by unit id."""

    code: str
    at: datetime
    people: Mapping[int, Counter[str]]
    around: Mapping[int, list[str]]
    controllers: Mapping[int, list[str]]
    placed: Sequence[Deployment]
    expected: Mapping[int, ExpectedReport]
    latest: Mapping[int, ReadinessReport]
    posts: Mapping[int, str]

    def unit(self, unit: Unit) -> PanelUnit:
        pk, at = unit.pk, self.at
        people = self.people.get(pk, Counter())
        placed = [row for row in self.placed if row.unit_id == pk]
        leaders = [row.in_charge.title for row in placed if row.in_charge]
        expected = self.expected.get(pk)
        due = expected and expected.report
        # At a moment of the past, what came in only later had not come in.
        answered = due if due and due.submitted_at <= at else None
        report = answered or self.latest.get(pk)
        state = expected.state if expected else ""
        if due and not answered:
            state = ExpectedState.MISSING.value
        silent = expected is not None and answered is None
        light = Light.SILENT if silent else Light(report.light) if report else None
        if state == ExpectedState.QUARANTINED:
            light = Light.HELD
        sent = report.submitted_at if report else None
        return PanelUnit(
            slug=unit.slug,
            name=unit.short_name,
            agency=unit.agency.slug,
            agency_short=unit.agency.short_name,
            in_charge=list(dict.fromkeys(leaders or filter(None, [self.posts.get(pk)]))),
            contacts=list(dict.fromkeys(row.contact for row in placed if row.contact)),
            engaged=people["engaged"],
            standby=people["standby"],
            reserve=people["reserve"],
            around=self.around.get(pk, []),
            counted_in=self._elsewhere(expected),
            controllers=self.controllers.get(pk, []),
            illustrative=any(row.illustrative for row in placed),
            state=state,
            state_label=str(ExpectedState(state).label) if state else "",
            state_badge=EXPECTED_BADGE[ExpectedState(state)] if state else "neutral",
            light=light.value if light else "",
            light_label=str(light.label) if light else "",
            light_badge=LIGHT_BADGE[light] if light else "neutral",
            present=report.present if report else None,
            total=report.total if report else None,
            last_report_at=sent,
            age_minutes=int((at - sent).total_seconds() // 60) if sent else None,
            url=reverse("deployments:readiness_detail", args=[report.pk]) if report else "",
        )

    def _elsewhere(self, expected: ExpectedReport | None) -> str:
        if expected is None or f"{expected.region_id}.".startswith(f"{self.code}."):
            return ""
        return expected.region.name
