"""What a rule finds in an area at a moment. Only what is Terbatas at most, is not at Sentra
Gakkumdu, and was not found untrue or merged counts: see docs/decisions/0019."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Q

from deployments.enums import UNANSWERED, ExpectedState, TpsClass
from deployments.models import ExpectedReport
from deployments.queries.stations import both_sides
from incidents.enums import IncidentState, Occurrence, Severity
from incidents.enums.warning import RuleArea, RuleKind
from incidents.models import FieldReport, Filing, Incident, WarningFact, WarningRule
from portal.access.classification import Classification
from portal.registry.models import PollingStation, Region, regency_code
from portal.registry.queries import current_operation

MOST = Classification.TERBATAS
HOURS_A_WEEK = 24 * 7


@dataclass(frozen=True)
class Basis:
    """A thing that a rule may count: exactly one of the three is given."""

    incident: Incident | None = None
    report: FieldReport | None = None
    expected: ExpectedReport | None = None

    def key(self, rule: WarningRule, area: str) -> str:
        name, thing = next((k, v) for k, v in vars(self).items() if v is not None)
        return f"{rule.pk}:{area}:{name}:{thing.pk}"

    @property
    def severity(self) -> int:
        told = self.incident or self.report
        return told.severity if told else Severity.MEDIUM

    @property
    def illustrative(self) -> bool:
        told = self.incident or self.report
        return bool(told and told.illustrative)


@dataclass(frozen=True)
class Finding:
    """The things that count, and whether they are enough for a warning."""

    facts: list[Basis] = field(default_factory=list)
    enough: bool = False


def area_of(rule: WarningRule, region: str) -> str | None:
    """The area of the rule in which a region lies; None where the region is larger."""
    if rule.area == RuleArea.REGENCY:
        return regency_code(region)
    return region if region.count(".") == 2 else None


def find(rule: WarningRule, area: str, at: datetime) -> Finding:
    """What counts in the area now, without what ended warnings of that rule and area rested on."""
    if rule.kind == RuleKind.EXPECTED:
        facts = _fresh(rule, area, [Basis(report=row) for row in _ahead(rule, area, at)])
        return Finding(facts, len(facts) >= rule.threshold)
    if rule.kind == RuleKind.SILENT:
        return _silent(rule, area, at)
    rows = _counted(rule, area, at - timedelta(hours=rule.window_hours), at)
    facts = _fresh(rule, area, [Basis(incident=row) for row in rows])
    if rule.kind == RuleKind.COUNT:
        return Finding(facts, len(facts) >= rule.threshold)
    if rule.kind == RuleKind.OVERLAP:
        return Finding(facts, bool(facts) and very_vulnerable(area, at) >= rule.threshold)
    return Finding(facts, _risen(rule, area, at, len(facts)))


def very_vulnerable(area: str, at: datetime) -> int:
    """How many stations of the running operation the police hold to be of the highest class."""
    operation = current_operation(at)
    if operation is None:
        return 0
    stations = PollingStation.objects.of(operation).within(area)
    return both_sides(stations, at).filter(police_class=TpsClass.HIGH).count()


def _fresh(rule: WarningRule, area: str, found: list[Basis]) -> list[Basis]:
    """Without what stands in a warning of that rule and area already."""
    keys = [one.key(rule, area) for one in found]
    used = set(WarningFact.objects.filter(key__in=keys).values_list("key", flat=True))
    return [one for one, key in zip(found, keys, strict=True) if key not in used]


def _of_rule(rule: WarningRule) -> Q:
    asked = rule.types.split()
    wanted = Q()
    for each in asked:
        wanted |= Q(type__code__startswith=each) if len(each) == 1 else Q(type_id=each)
    return wanted & Q(severity__gte=rule.min_severity, classification__lte=MOST)


def _counted(rule: WarningRule, area: str, since: datetime, until: datetime):
    rows = Incident.objects.in_region(area).filter(_of_rule(rule), gakkumdu__isnull=True)
    rows = rows.exclude(state__in=[IncidentState.UNPROVEN, IncidentState.MERGED])
    rows = rows.filter(reported_at__gt=since, reported_at__lte=until)
    return rows.select_related("type").order_by("reported_at", "pk")


def _risen(rule: WarningRule, area: str, at: datetime, number: int) -> bool:
    """More than `factor` times the mean of windows of the same length in the weeks before."""
    since = at - timedelta(hours=rule.window_hours)
    before = _counted(rule, area, since - timedelta(weeks=rule.weeks), since).count()
    mean = before * rule.window_hours / (rule.weeks * HOURS_A_WEEK)
    return number >= rule.threshold and number >= float(rule.factor) * mean


def _ahead(rule: WarningRule, area: str, at: datetime):
    standing = Filing.objects.standing()
    desk = standing.filter(incident__gakkumdu__isnull=False)
    aside = standing.filter(incident__isnull=True)
    rows = FieldReport.objects.in_region(area).filter(
        _of_rule(rule),
        occurrence=Occurrence.EXPECTED,
        reported_at__lte=at,
        occurred_at__gt=at,
        occurred_at__lte=at + timedelta(hours=rule.window_hours),
    )
    rows = rows.exclude(pk__in=desk.values("report")).exclude(pk__in=aside.values("report"))
    return rows.select_related("type").order_by("reported_at", "pk")


def _silent(rule: WarningRule, area: str, at: datetime) -> Finding:
    """Per unit the last cut-offs that are over; enough where all of one unit's are unanswered."""
    missed: list[Basis] = []
    for rows in last_expected(area, rule.threshold, at - timedelta(hours=rule.window_hours), at):
        if len(rows) == rule.threshold and all(row.state in UNANSWERED for row in rows):
            facts = _fresh(rule, area, [Basis(expected=row) for row in rows])
            if len(facts) == rule.threshold or _stands(rule, area):
                missed += facts
    return Finding(missed, bool(missed))


def _stands(rule: WarningRule, area: str) -> bool:
    return rule.warnings.running().filter(region=area).exists()


def last_expected(
    area: str, number: int, since: datetime, at: datetime
) -> Iterable[list[ExpectedReport]]:
    """Per unit of the area its last expected reports that are past due, the newest first."""
    rows = ExpectedReport.objects.within(area).filter(due_at__gt=since, due_at__lte=at)
    rows = rows.exclude(state=ExpectedState.WAITING).select_related("agency", "unit")
    ordered = rows.order_by("unit_id", "-cut_off_at")
    for _unit, group in groupby(ordered, key=lambda row: row.unit_id):
        yield list(group)[:number]


def silent_areas(rule: WarningRule, at: datetime) -> list[str]:
    """Areas in which a report is missing now."""
    since = at - timedelta(hours=rule.window_hours)
    rows = ExpectedReport.objects.open().filter(due_at__gt=since, due_at__lte=at)
    found = {area_of(rule, code) for code in rows.values_list("region_id", flat=True)}
    return sorted(area for area in found if area)


def region_of(code: str) -> Region:
    return Region.objects.select_related("parent").get(pk=code)
