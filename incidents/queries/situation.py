"""Laporan situasi: a region at 06.00 or 18.00 WITA. Page, paper and API print these rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from deployments.queries import RecapRow, region_recap
from incidents.enums import OPEN, IncidentState, Severity
from incidents.enums.requests import REFERRALS
from incidents.models import AgencyRequest, EarlyWarning, IncidentUpdate
from incidents.models.incident import IncidentQuerySet
from incidents.queries.moments import STILL_OPEN, known_at
from incidents.queries.rows import region_label
from portal import clock
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.registry.models import Region
from portal.registry.queries import current_operation

HOURS = (6, 18)
HALF = timedelta(hours=12)
CLASS = Classification.TERBATAS
"""Of the paper: what is more secret is a number in it, for those who may know of it."""


def cut_off(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), clock.WITA)


def last_cut_off(at: datetime) -> datetime:
    """The latest 06.00 or 18.00 that has passed."""
    local = clock.local(at)
    hour = max((hour for hour in HOURS if hour <= local.hour), default=None)
    if hour is None:
        return cut_off(local.date() - timedelta(days=1), HOURS[-1])
    return cut_off(local.date(), hour)


@dataclass(frozen=True)
class SituationRow:
    """An incident as it stood at the cut-off; its words and severity are those it has now."""

    pk: int
    number: str
    title: str
    type: str
    place: str
    reported_at: datetime
    severity: int
    state: str
    lead: str
    casualties: str
    loss: str
    action_taken: str
    illustrative: bool


@dataclass(frozen=True)
class SituationWarning:
    """An early warning that was valid at the cut-off; its severity is the one it has now."""

    number: str
    rule: str
    place: str
    severity: int
    raised_at: datetime
    valid_until: datetime
    illustrative: bool


@dataclass(frozen=True)
class Count:
    label: str
    new: int
    open: int


@dataclass(frozen=True)
class Situation:
    """`since` until `at` is the half day. `withheld` are those of a higher class that the reader
    may know of; they are in no other number. `readiness` is None where the reader may not see it
    or nothing is expected."""

    region: Region
    since: datetime
    at: datetime
    new: Sequence[SituationRow]
    open: Sequence[SituationRow]
    by_severity: Sequence[Count]
    by_type: Sequence[Count]
    casualties: Sequence[SituationRow]
    referred: Sequence[SituationRow]
    warnings: Sequence[SituationWarning]
    readiness: RecapRow | None
    withheld: int

    @property
    def nil(self) -> bool:
        return not (self.new or self.open or self.warnings or self.withheld)


def situation(actor: Actor, region: Region, at: datetime) -> Situation:
    """The region at that cut-off, as far as the reader sees its incidents."""
    since = at - HALF
    rows = _known(actor, region, at)
    paper = list(rows.filter(classification__lte=CLASS))
    new = [_row(row) for row in paper if row.reported_at > since]
    still = [_row(row) for row in paper if _state(row) in OPEN]
    told = {row.pk: row for row in [*new, *still]}
    return Situation(
        region=region,
        since=since,
        at=at,
        new=new,
        open=still,
        by_severity=_counts(new, still, lambda row: str(Severity(row.severity).label)),
        by_type=_counts(new, still, lambda row: row.type),
        casualties=[row for row in told.values() if _suffered(row)],
        referred=_referred(told, at),
        warnings=_warnings(actor, region, at),
        readiness=_readiness(actor, region, at),
        withheld=rows.filter(classification__gt=CLASS).count(),
    )


def _referred(told: Mapping[int, SituationRow], at: datetime) -> list[SituationRow]:
    """Those of them that an agency was asked to take over, whole or in part, and had not answered
    by then; `lead` is the agency asked."""
    asked = AgencyRequest.objects.filter(
        Q(accepted_at__isnull=True) | Q(accepted_at__gt=at),
        Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        incident__in=list(told),
        kind__in=REFERRALS,
        asked_at__lte=at,
    ).select_related("agency")
    return [
        replace(told[request.incident_id], lead=request.agency.short_name)
        for request in asked.order_by("asked_at", "pk")
    ]


def _warnings(actor: Actor, region: Region, at: datetime) -> list[SituationWarning]:
    rows = EarlyWarning.objects.visible_to(actor).in_region(region.pk).standing_at(at)
    rows = rows.filter(classification__lte=CLASS).select_related("rule", "region__parent")
    return [
        SituationWarning(
            number=row.number,
            rule=row.rule.label,
            place=region_label(row.region),
            severity=row.severity,
            raised_at=row.raised_at,
            valid_until=row.valid_then,
            illustrative=row.illustrative,
        )
        for row in rows.order_by("-severity", "raised_at", "pk")
    ]


def _known(actor: Actor, region: Region, at: datetime) -> IncidentQuerySet:
    """Reported in the half day or open at its end; those merged by then are counted elsewhere."""
    referred = IncidentUpdate.objects.filter(
        incident=OuterRef("pk"), at__lte=at, to_agency__isnull=False
    )
    lead = Subquery(referred.order_by("-at", "-pk").values("to_agency__short_name")[:1])
    ended = Q(state_then__in=[IncidentState.CLOSED, IncidentState.UNPROVEN])
    rows = known_at(actor, at).in_region(region.pk)
    return (
        rows.filter(STILL_OPEN | ended & Q(reported_at__gt=at - HALF))
        .annotate(lead_then=lead)
        .select_related("type", "region__parent", "lead_agency")
        .defer("stems")
        .order_by("-severity", "reported_at", "pk")
    )


NONE = frozenset({"", "-", "nihil", "tidak ada"})
"""What officers write where there is nothing to tell."""


def _suffered(row: SituationRow) -> bool:
    return any(text.strip(" .").lower() not in NONE for text in (row.casualties, row.loss))


def _state(row: Any) -> str:
    return row.state_then or IncidentState.REPORTED


def _row(row: Any) -> SituationRow:
    return SituationRow(
        pk=row.pk,
        number=row.number,
        title=row.title,
        type=row.type.label,
        place=f"{row.place}, {region_label(row.region)}",
        reported_at=row.reported_at,
        severity=row.severity,
        state=_state(row),
        lead=row.lead_then or row.lead_agency.short_name,
        casualties=row.casualties,
        loss=row.loss,
        action_taken=row.action_taken,
        illustrative=row.illustrative,
    )


def _counts(new: Iterable[Any], still: Iterable[Any], key: Any) -> list[Count]:
    """By the order in which they first stand: the gravest first."""
    fresh, standing = Counter(map(key, new)), Counter(map(key, still))
    labels = dict.fromkeys([*standing, *fresh])
    return [Count(label, fresh[label], standing[label]) for label in labels]


def _readiness(actor: Actor, region: Region, at: datetime) -> RecapRow | None:
    operation = current_operation(at)
    if operation is None or not (actor.is_system or Permission.ROLLUP_VIEW in actor.permissions):
        return None
    whole = region_recap(operation, at, within=region, agency=None).whole
    return whole if whole is not None and whole.expected else None


def reportable(actor: Actor) -> QuerySet[Region]:
    """The province and its kabupaten/kota, the post's own region first."""
    own = ".".join(actor.region_code.split(".")[:2])
    rows = Region.objects.visible_to(actor).filter(
        level__in=[Region.Level.PROVINCE, Region.Level.REGENCY]
    )
    first = Case(When(code=own, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.order_by(first, "code")
