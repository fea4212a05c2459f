"""Requests for reinforcement: as rows, by region, as one page, and which wait for an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse

from coordination.enums import PRIORITY_BADGES, Priority
from deployments.enums import NEED_BADGE, DeploymentState, NeedState
from deployments.models import Contribution, Deployment, NeedAddressee, Reinforcement
from deployments.queries.need_rows import BELOW, NeedRow, moment_in, need_table
from portal import clock
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts.enums import Role
from portal.registry.models import Operation, Region
from portal.web.templatetags.portal import angka, tanggal_pendek, wita

RELATED = ("unit", "agency", "region", "region__parent", "place")


def reinforcements_of(actor: Actor, operation: Operation, at: datetime) -> QuerySet[Any]:
    """The requests in sight with their numbers, the newest first."""
    rows = Reinforcement.objects.visible_to(actor).filter(operation=operation).counted(at)
    return rows.select_related(*RELATED).order_by("-asked_at", "-pk")


@dataclass(frozen=True)
class OpenNeed:
    """One regency, or the province for what is asked for no regency. Persons; `requests` that
    still lack some."""

    region: str
    name: str
    requests: int
    asked: int
    promised: int
    present: int
    missing: int


def open_needs(rows: Iterable[Any]) -> list[OpenNeed]:
    """What is still missing by regency, of counted rows; a regency that lacks nothing is left
    out."""
    groups: dict[str, list[Any]] = {}
    names: dict[str, str] = {}
    for row in rows:
        if not row.missing:
            continue
        region = row.region.parent if row.region.level == Region.Level.DISTRICT else row.region
        names[region.pk] = region.name
        groups.setdefault(region.pk, []).append(row)
    return [
        OpenNeed(
            region=code,
            name=names[code],
            requests=len(found),
            asked=sum(row.personnel for row in found),
            promised=sum(row.promised for row in found),
            present=sum(row.present for row in found),
            missing=sum(row.missing for row in found),
        )
        for code, found in sorted(groups.items())
    ]


def reinforcement_page(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "number": row.pk,
            "unit": row.unit.short_name,
            "agency": row.agency.short_name,
            "region": row.region.full_name,
            "place": row.place.name if row.place else "",
            "personnel": angka(row.personnel),
            "promised": angka(row.promised),
            "present": angka(row.present),
            "missing": angka(row.missing),
            "lacks": bool(row.missing),
            "days": days_of(row),
            "asked": wita(row.asked_at),
            "illustrative": row.illustrative,
            "url": reverse("deployments:reinforcement_detail", args=[row.pk]),
            **state_of(row),
        }
        for row in rows
    ]


def state_of(row: Any) -> dict[str, str]:
    """Where a counted request stands and how urgent it is, as badges."""
    state = NeedState(row.state)
    return {
        "state": str(state.label),
        "state_badge": NEED_BADGE[state],
        "priority": str(Priority(row.priority).label),
        "priority_badge": PRIORITY_BADGES[row.priority],
    }


def days_of(row: Reinforcement) -> str:
    """Within one month the month is said once."""
    starts, ends = row.starts_on, row.ends_on
    if (starts.year, starts.month) == (ends.year, ends.month) and starts != ends:
        return f"{starts.day}–{tanggal_pendek(ends)}"
    return f"{tanggal_pendek(starts)} – {tanggal_pendek(ends)}"


def ground(operation: Operation, region: Region, at: datetime) -> NeedRow | None:
    """Need against strength where the people are asked for, by the selector of the need page; None
    where no pattern gives a need."""
    whole = region.parent if region.level == Region.Level.DISTRICT else region
    if whole is None or whole.level not in BELOW:
        return None
    table = need_table(operation, moment_in(operation, at), whole)
    rows = [*table.rows, table.total]
    found = next((row for row in rows if row.region == region.pk and not row.undistributed), None)
    return found if found is not None and found.need is not None else None


def answered_request(deployment: Deployment, actor: Actor) -> dict[str, Any] | None:
    """The request that a placement answers, for whom it is in sight."""
    seen = Reinforcement.objects.visible_to(actor).filter(contributions__deployment=deployment)
    row = seen.select_related("unit").first()
    if row is None:
        return None
    return {
        "number": row.pk,
        "unit": row.unit.short_name,
        "url": reverse("deployments:reinforcement_detail", args=[row.pk]),
    }


def unanswered_for(actor: Actor, at: datetime, limit: int) -> list[dict[str, Any]]:
    """Requests that wait for the answer of the post's own unit, the earliest start first. The
    superior of who asks has answered when nothing is missing any more; others as soon as they give
    something or decline."""
    if Permission.REINFORCEMENT_ANSWER not in actor.permissions:
        return []
    own = Q(unit=actor.unit_id)
    if Role.LIAISON in actor.roles:
        own |= Q(unit__agency=actor.agency_id)
    given = Contribution.objects.filter(
        ~Q(deployment__state=DeploymentState.CANCELLED),
        Q(deployment__unit=OuterRef("unit"))
        | Q(deployment__unit__path__startswith=Concat(OuterRef("unit__path"), Value("/"))),
        reinforcement=OuterRef("reinforcement"),
    )
    asked = NeedAddressee.objects.filter(own, declined_at=None).filter(
        Q(unit__agency=F("reinforcement__agency")) | ~Exists(given)
    )
    today = clock.local(at).date()
    rows = (
        Reinforcement.objects.counted(at)
        .filter(pk__in=asked.values("reinforcement"), missing__gt=0, ends_on__gte=today)
        .select_related("unit")
        .order_by("starts_on", "pk")[:limit]
    )
    return [_waiting(row, at) for row in rows]


def _waiting(row: Any, at: datetime) -> dict[str, Any]:
    due = datetime.combine(row.starts_on, time(0), clock.WITA)
    return {
        "unit": row.unit.short_name,
        "missing": row.missing,
        "due_at": due,
        "overdue": due < at,
        "url": reverse("deployments:reinforcement_detail", args=[row.pk]),
        **state_of(row),
    }
