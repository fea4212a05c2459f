"""What the commander sees of one region: agencies, units, their newest reports, its parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from deployments.enums import (
    EXPECTED_BADGE,
    LIGHT_BADGE,
    DeploymentStatus,
    ExpectedState,
    Light,
)
from deployments.models import Deployment, ExpectedReport, ReadinessReport, UnitLatest
from deployments.queries.rollup import LEVELS, latest_cut_off, rollup_levels
from deployments.queries.rows import RollupRow
from deployments.queries.strength import StrengthRow, combine, grouped
from portal import clock
from portal.access.actor import Actor
from portal.accounts.models import Post
from portal.registry.models import Operation, Region, Unit


@dataclass(frozen=True)
class PanelUnit:
    """A unit with people in the region or a report due from it. `age` is of its newest report."""

    slug: str
    name: str
    agency: str
    agency_short: str
    post_title: str
    engaged: int
    standby: int
    reserve: int
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
class RegionPanel:
    """`units` holds only those the actor may see in detail; the figures above are shared."""

    code: str
    name: str
    level: str
    parent: str
    cut_off_at: datetime | None
    agencies: list[RollupRow]
    whole: StrengthRow | None
    units: list[PanelUnit]
    districts: list[StrengthRow]


def region_panel(actor: Actor, operation: Operation, code: str, at: datetime) -> RegionPanel:
    """Raises Region.DoesNotExist for a code that is no province, regency or district."""
    region = Region.objects.get(code=code, level__in=LEVELS)
    inner = LEVELS[min(LEVELS.index(Region.Level(region.level)) + 1, len(LEVELS) - 1)]
    levels = rollup_levels(operation, levels=[region.level, inner], at=at, within=code)
    agencies = [row for row in levels[region.level] if row.region == code]
    parts = levels[inner] if inner != region.level else []
    return RegionPanel(
        code=code,
        name=region.name,
        level=region.level,
        parent=region.parent_id or "",
        cut_off_at=latest_cut_off(operation, at),
        agencies=agencies,
        whole=combine(agencies) if agencies else None,
        units=_units(actor, operation, code, at),
        districts=grouped(parts),
    )


def _units(actor: Actor, operation: Operation, code: str, at: datetime) -> list[PanelUnit]:
    placed: dict[int, list[Deployment]] = {}
    deployments = (
        Deployment.objects.visible_to(actor)
        .filter(operation=operation)
        .within(code)
        .on(clock.local(at).date())
        .select_related("controller")
    )
    for deployment in deployments:
        placed.setdefault(deployment.unit_id, []).append(deployment)
    expected = {
        row.unit_id: row
        for row in ExpectedReport.objects.visible_to(actor)
        .filter(operation=operation, cut_off_at=latest_cut_off(operation, at))
        .within(code)
        .select_related("report")
    }
    ids = placed.keys() | expected.keys()
    latest = _latest_reports(ids, at)
    posts = _posts(ids)
    units = Unit.objects.filter(pk__in=ids).select_related("agency")
    return [
        _unit(unit, placed.get(unit.pk, []), expected.get(unit.pk), latest.get(unit.pk), posts, at)
        for unit in units.order_by("agency__position", "path")
    ]


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


def _unit(
    unit: Unit,
    deployments: list[Deployment],
    expected: ExpectedReport | None,
    latest: ReadinessReport | None,
    posts: dict[int, str],
    at: datetime,
) -> PanelUnit:
    people = dict.fromkeys(DeploymentStatus.values, 0)
    for deployment in deployments:
        people[deployment.status] += deployment.personnel
    due = expected and expected.report
    # At a moment of the past, what came in only later had not come in.
    answered = due if due and due.submitted_at <= at else None
    report = answered or latest
    state = expected.state if expected else ""
    if due and not answered:
        state = ExpectedState.MISSING.value
    silent = expected is not None and answered is None
    light = Light.SILENT if silent else Light(report.light) if report else None
    sent = report.submitted_at if report else None
    return PanelUnit(
        slug=unit.slug,
        name=unit.short_name,
        agency=unit.agency.slug,
        agency_short=unit.agency.short_name,
        post_title=posts.get(unit.pk, ""),
        **people,
        controllers=sorted({d.controller.short_name for d in deployments if d.controller}),
        illustrative=any(d.illustrative for d in deployments),
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
