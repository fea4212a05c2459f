"""Which reports are due, and what silence turns into."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from deployments.actions.dirty import soil
from deployments.enums import ExpectedState
from deployments.models import ExpectedReport, ReportSchedule
from deployments.queries import home_regions
from portal import clock
from portal.access.actor import Actor
from portal.audit.record import record
from portal.registry.models import Agency, Operation, Unit

CATCH_UP = timedelta(hours=48)
"""A worker that was away opens the cut-offs of the last two days, not of the whole operation."""


def schedule_reports(
    operation: Operation,
    agency: Agency,
    *,
    unit_kind: str,
    local_time: time,
    source: str,
    by: Actor,
    at: datetime,
    **fields: Any,
) -> ReportSchedule:
    """Let every unit of a kind report daily at that hour (WITA); changes the rule if there is one.

    `fields`: valid_from, valid_to, opens_before, grace, illustrative.
    """
    with transaction.atomic():
        schedule, created = ReportSchedule.objects.update_or_create(
            operation=operation,
            agency=agency,
            unit_kind=unit_kind,
            local_time=local_time,
            defaults={"source": source, **fields},
        )
        verb = "schedule.create" if created else "schedule.change"
        record(verb, schedule, by=by, at=at, after={"source": source} | fields)
    return schedule


def open_cut_offs(*, at: datetime) -> int:
    """Write the expected reports of every cut-off that is open by now; returns how many are new.

    Unique on (unit, cut-off): running it again, or twice at once, changes nothing.
    """
    with transaction.atomic():
        fresh = [row for schedule in ReportSchedule.objects.all() for row in _due(schedule, at)]
        written = ExpectedReport.objects.bulk_create(fresh, ignore_conflicts=True)
        soil(((e.operation_id, e.region_id, e.agency_id, e.cut_off_at) for e in written), at=at)
    return len(written)


def _due(schedule: ReportSchedule, at: datetime) -> list[ExpectedReport]:
    moments = _moments(schedule, at)
    units = Unit.objects.filter(
        agency=schedule.agency_id, kind=schedule.unit_kind, is_active=True
    ).values_list("pk", flat=True)
    known = set(
        ExpectedReport.objects.filter(unit__in=units, cut_off_at__in=moments).values_list(
            "unit_id", "cut_off_at"
        )
    )
    missing = [
        (unit, moment) for unit in units for moment in moments if (unit, moment) not in known
    ]
    homes = home_regions({unit for unit, _moment in missing}) if missing else {}
    return [
        ExpectedReport(
            operation_id=schedule.operation_id,
            agency_id=schedule.agency_id,
            unit_id=unit,
            region_id=homes[unit],
            cut_off_at=moment,
            due_at=moment + timedelta(minutes=schedule.grace),
            overdue_at=clock.day_bounds(clock.local(moment).date())[1],
        )
        for unit, moment in missing
    ]


def _moments(schedule: ReportSchedule, at: datetime) -> list[datetime]:
    """The schedule's cut-offs that are open at that moment and not older than CATCH_UP."""
    opens = timedelta(minutes=schedule.opens_before)
    day = clock.local(at - CATCH_UP).date()
    last = clock.local(at + opens).date()
    moments = []
    while day <= last:
        moment = datetime.combine(day, schedule.local_time, clock.WITA)
        if (
            schedule.valid_from <= day <= schedule.valid_to
            and at - CATCH_UP <= moment <= at + opens
        ):
            moments.append(moment)
        day += timedelta(days=1)
    return moments


def advance(*, at: datetime) -> int:
    """Let time pass: what is not there after its cut-off is missing, and late once the day of the
    cut-off has ended. Returns how many rows changed; a second run at the same time changes none."""
    with transaction.atomic():
        rows = _move(ExpectedState.WAITING, ExpectedState.MISSING, {"due_at__lt": at})
        rows += _move(ExpectedState.MISSING, ExpectedState.OVERDUE, {"overdue_at__lte": at})
        soil((row[1:] for row in rows), at=at)
    return len(rows)


def _move(old: ExpectedState, new: ExpectedState, passed: dict[str, datetime]) -> list[tuple]:
    rows = ExpectedReport.objects.filter(state=old, **passed).order_by("pk")
    # A row that is locked is being answered at this moment.
    keys = list(
        rows.select_for_update(skip_locked=True).values_list(
            "pk", "operation_id", "region_id", "agency_id", "cut_off_at"
        )
    )
    ExpectedReport.objects.filter(pk__in=[key[0] for key in keys]).update(state=new)
    return keys
