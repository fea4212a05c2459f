"""Many reports at once, from another system or an archive: checked like single ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from deployments.actions.conflicts import settle_conflicts
from deployments.actions.folding import rebuild_archive
from deployments.actions.judging import (
    Verdict,
    check,
    complete,
    flag_rows,
    group_rows,
    verdict_on,
)
from deployments.actions.reports import form_in_force, line_rows
from deployments.actions.settling import FIELDS, MORE, advance_to, hold, state_of
from deployments.enums import COUNTED, UNANSWERED, ReportState
from deployments.models import (
    ExpectedReport,
    ReadinessGroup,
    ReadinessLine,
    ReadinessReport,
    RuleFlag,
)
from deployments.queries.lights import scales
from deployments.queries.oddities import active_rules
from deployments.queries.places import districts_of
from deployments.queries.readiness import last_report
from deployments.queries.report_forms import FormSpec, spec_of
from deployments.queries.shares import declared_shares
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record
from portal.registry.models import Operation, Unit

LATEST = """
    INSERT INTO deployments_unitlatest (unit_id, report_id, cut_off_at, submitted_at)
    SELECT DISTINCT ON (unit_id) unit_id, id, cut_off_at, submitted_at
    FROM deployments_readinessreport WHERE unit_id = ANY(%s) AND state = ANY(%s)
    ORDER BY unit_id, cut_off_at DESC
    ON CONFLICT (unit_id) DO UPDATE SET report_id = EXCLUDED.report_id,
        cut_off_at = EXCLUDED.cut_off_at, submitted_at = EXCLUDED.submitted_at
"""


@dataclass(frozen=True)
class ImportedReport:
    """One unit's report for one cut-off, as it came: `values` holds FIELDS and, if known, MORE."""

    unit: Unit
    cut_off_at: datetime
    submitted_at: datetime
    values: Mapping[str, Any]
    lines: Sequence[Mapping[str, Any]] = field(default=())


def import_reports(
    operation: Operation,
    rows: Sequence[ImportedReport],
    *,
    by: Actor,
    at: datetime,
    illustrative: bool = False,
) -> int:
    """Write all of them or none, with one audit entry, and roll up once; returns how many are new.

    A cut-off that has its answer keeps it, so the same batch again changes nothing. Raises Refused
    naming the first faulty row.
    """
    with transaction.atomic():
        for agency, cut_off in sorted({(row.unit.agency_id, row.cut_off_at) for row in rows}):
            hold(agency, cut_off)
        expected = {
            (row.unit_id, row.cut_off_at): row
            for row in ExpectedReport.objects.select_for_update().filter(
                operation=operation, unit__in={row.unit.pk for row in rows}, state__in=UNANSWERED
            )
        }
        places = {unit: districts_of(unit) for unit in {row.unit for row in rows}}
        fresh = [row for row in rows if (row.unit.pk, row.cut_off_at) in expected]
        fresh.sort(key=lambda row: row.cut_off_at)
        judged = _judge(fresh, places, at)
        reports = [
            _report(row, item, expected, by=by, illustrative=illustrative)
            for row, item in zip(fresh, judged, strict=True)
        ]
        _store(fresh, reports, judged, places, at)
        _answer(reports, expected)
        _contradict(reports, by=by, at=at)
        if reports:
            rebuild_archive(operation, {report.agency_id for report in reports}, at=at)
            record("readiness.import", operation, by=by, at=at, after={"reports": len(reports)})
    return len(reports)


@dataclass(frozen=True)
class _Judged:
    spec: FormSpec
    values: dict[str, Any]
    verdict: Verdict


def _judge(
    rows: Sequence[ImportedReport], places: Mapping[Unit, Mapping[str, bool]], at: datetime
) -> list[_Judged]:
    """Each row checked and judged, the earlier cut-off before the later: the report before a row
    may be another row. An odd number is noted without a reason: nobody is there to give one."""
    rules, by = active_rules(), scales(at)
    specs: dict[int, FormSpec] = {}
    before: dict[int, ReadinessReport | None] = {}
    judged = []
    for number, row in enumerate(rows, start=1):
        form = form_in_force(row.unit, row.cut_off_at)
        spec = specs.setdefault(form.pk, specs.get(form.pk) or spec_of(form))
        values = complete(row.values)
        try:
            check(spec, values, row.lines, places[row.unit])
        except Refused as refusal:
            raise Refused(
                _("Baris %(number)d (%(unit)s): %(sentence)s")
                % {"number": number, "unit": row.unit, "sentence": refusal.sentence}
            ) from refusal
        if row.unit.pk not in before:
            before[row.unit.pk] = last_report(row.unit, row.cut_off_at)
        verdict = verdict_on(spec, values, before[row.unit.pk], rules, by)
        if not verdict.quarantined:
            before[row.unit.pk] = ReadinessReport(**values)
        judged.append(_Judged(spec, values, verdict))
    return judged


def _report(
    row: ImportedReport,
    item: _Judged,
    expected: Mapping[tuple[int, datetime], ExpectedReport],
    *,
    by: Actor,
    illustrative: bool,
) -> ReadinessReport:
    due = expected[row.unit.pk, row.cut_off_at]
    verdict = item.verdict
    return ReadinessReport(
        **{name: item.values[name] for name in (*FIELDS, *MORE)},
        form=item.spec.form,
        state=ReportState.QUARANTINED if verdict.quarantined else ReportState.SUBMITTED,
        partial=verdict.partial,
        operation_id=due.operation_id,
        agency_id=due.agency_id,
        unit=row.unit,
        region_id=due.region_id,
        cut_off_at=row.cut_off_at,
        late=row.submitted_at > due.due_at,
        light=verdict.light,
        illustrative=illustrative,
        submitted_at=row.submitted_at,
        submitted_by_id=by.post_id,
    )


def _store(
    rows: Sequence[ImportedReport],
    reports: list[ReadinessReport],
    judged: Sequence[_Judged],
    places: Mapping[Unit, Mapping[str, bool]],
    at: datetime,
) -> None:
    ReadinessReport.objects.bulk_create(reports, batch_size=1000)
    shares = declared_shares((row.unit.pk for row in rows), at)
    ReadinessLine.objects.bulk_create(
        [
            line
            for row, report in zip(rows, reports, strict=True)
            for line in line_rows(report, row.lines, places[row.unit], shares.get(row.unit.pk, {}))
        ],
        batch_size=2000,
    )
    pairs = list(zip(reports, judged, strict=True))
    ReadinessGroup.objects.bulk_create(
        [row for report, item in pairs for row in group_rows(report, item.verdict)],
        batch_size=2000,
    )
    RuleFlag.objects.bulk_create(
        [row for report, item in pairs for row in flag_rows(report, item.verdict, "")],
        batch_size=2000,
    )


def _answer(
    reports: Sequence[ReadinessReport],
    expected: Mapping[tuple[int, datetime], ExpectedReport],
) -> None:
    answered = []
    for report in reports:
        due = expected[report.unit_id, report.cut_off_at]
        advance_to(due, state_of(report, contested=False))
        due.late = report.late
        due.report = report
        answered.append(due)
    ExpectedReport.objects.bulk_update(answered, ["state", "late", "report"], batch_size=500)
    with connection.cursor() as cursor:
        units = [report.unit_id for report in reports]
        cursor.execute(LATEST, [units, [str(state.value) for state in COUNTED]])


def _contradict(reports: Sequence[ReadinessReport], *, by: Actor, at: datetime) -> None:
    """Note the places of which two units say different things, one cut-off after the other."""
    shared = (
        ReadinessLine.objects.filter(
            cut_off_at__in={report.cut_off_at for report in reports},
            report__state__in=COUNTED,
            split=False,
        )
        .values("agency_id", "cut_off_at", "region_id")
        .annotate(number=Count("pk"))
        .filter(number__gt=1)
        .values_list("agency_id", "cut_off_at")
    )
    for agency, cut_off in sorted(set(shared)):
        among = [r for r in reports if (r.agency_id, r.cut_off_at) == (agency, cut_off)]
        settle_conflicts(among, by=by, at=at)
