"""Asking who follows a placement that ends soon, until somebody does."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from deployments.enums import DeploymentState, EndRung
from deployments.models import Deployment, EndReminder
from deployments.queries.duties import DAY, duty_of, relief_of
from portal import clock
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.notifications import cancel, notify

ASKED = (Role.POSKO_OPERATOR, Role.LIAISON, Role.COORDINATOR)
"""Of the unit and of the one above it: who can order a relief, lengthen or call back."""


def ends_key(deployment: Deployment) -> str:
    """What a relief, a new end or the return stops."""
    return f"placement-ends:{deployment.pk}"


def ending(deployment: Deployment) -> datetime:
    """The moment after the last day; without one at the end of time."""
    return clock.midnight((deployment.ends_on or date.max - DAY) + DAY)


def remind_ends(*, at: datetime) -> int:
    """Ask about each placement in place that ends soon without a relief ordered, once per rung; a
    rung that was slept through is left out. What ends with the operation needs no relief. Returns
    how many placements were asked about."""
    with transaction.atomic():
        soon = [row for row in _ending_soon(at) if ending(row) > at]
        others = _followers(soon)
        told = set(
            EndReminder.objects.filter(deployment__in=soon).values_list(
                "deployment", "ends_on", "rung"
            )
        )
        asked = 0
        for row in soon:
            rung = rung_at(ending(row) - at)
            if rung is None or relief_of(row, others) is not None:
                continue
            if any((row.pk, row.ends_on, said) in told for said in EndRung.values if said <= rung):
                continue
            EndReminder.objects.create(deployment=row, ends_on=row.ends_on, rung=rung, sent_at=at)
            _ask(row, rung, at)
            asked += 1
    return asked


def rung_at(left: timedelta) -> int | None:
    """The nearest rung that has come, so long before the end."""
    hours = left / timedelta(hours=1)
    return min((rung for rung in EndRung.values if hours <= rung), default=None)


def stop_ends(deployment: Deployment, *, at: datetime) -> int:
    """Stop what a step of the placement has made needless: the reminders of its own end, if that
    has changed or it has gone, and of those whom it relieves. Returns how many mails and entries
    stopped."""
    stopped = 0
    last = EndReminder.objects.filter(deployment=deployment).order_by("sent_at", "pk").last()
    gone = deployment.state != DeploymentState.IN_PLACE
    if last is not None and (gone or last.ends_on != deployment.ends_on):
        stopped += cancel(ends_key(deployment), at=at)
    # The rows are locked as in the sweep: whichever comes second sees the other.
    same = Deployment.objects.filter(
        operation=deployment.operation_id,
        agency=deployment.agency_id,
        region=deployment.region_id,
        state=DeploymentState.IN_PLACE,
        end_reminders__isnull=False,
    ).exclude(pk=deployment.pk)
    rows = Deployment.objects.filter(pk__in=same.values("pk")).select_for_update().order_by("pk")
    for row in rows:
        if relief_of(row, [deployment]) is not None:
            stopped += cancel(ends_key(row), at=at)
    return stopped


def _ending_soon(at: datetime) -> list[Deployment]:
    today = clock.local(at).date()
    latest = clock.local(at + timedelta(hours=max(EndRung.values))).date()
    return list(
        Deployment.objects.filter(
            state=DeploymentState.IN_PLACE,
            ends_on__gte=today,
            ends_on__lte=latest,
            ends_on__lt=F("operation__ends_on"),
        )
        .select_related("unit", "region", "place")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")
    )


def _followers(rows: Iterable[Deployment]) -> list[Deployment]:
    """All that holds the duties of the rows, or will by the day after their end."""
    rows = list(rows)
    if not rows:
        return []
    places = Q()
    for operation, agency, region in {
        (row.operation_id, row.agency_id, row.region_id) for row in rows
    }:
        places |= Q(operation=operation, agency=agency, region=region)
    duties = {duty_of(row) for row in rows}
    return [row for row in Deployment.objects.binding().filter(places) if duty_of(row) in duties]


def _ask(row: Deployment, rung: int, at: datetime) -> None:
    units = [row.unit_id, row.unit.parent_id]
    posts = list(Post.objects.with_role(*ASKED).filter(unit__in=filter(None, units)))
    if row.in_charge_id:
        posts += Post.objects.filter(pk=row.in_charge_id, is_active=True)
    notify(
        "placement_ends",
        event_key=f"{ends_key(row)}:{row.ends_on}:{rung}",
        stop_key=ends_key(row),
        posts=posts,
        context={
            "unit": row.unit.short_name,
            "people": row.personnel,
            "task": row.task,
            "where": row.place.name if row.place else row.region.name,
            "ends": ending(row) - timedelta(minutes=1),
            "hours": rung,
        },
        url=reverse("deployments:deployment_detail", args=[row.pk]),
        at=at,
    )
