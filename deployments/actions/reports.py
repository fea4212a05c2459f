"""A unit's readiness report: drafted, sent, corrected."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from deployments.actions.conflicts import settle_conflicts
from deployments.actions.dirty import soil
from deployments.actions.figures import PEOPLE
from deployments.actions.judging import (
    Verdict,
    check,
    complete,
    flag_rows,
    group_rows,
    must_confirm,
    values_of,
    verdict_on,
)
from deployments.actions.reminders import stop_key, tell_quarantined
from deployments.actions.settling import FIELDS, MORE, digest, hold, move, settle, touched
from deployments.enums import COUNTED, ReportState
from deployments.models import (
    ExpectedReport,
    ReadinessGroup,
    ReadinessLine,
    ReadinessReport,
    ReportDraft,
    ReportForm,
    RuleFlag,
)
from deployments.queries.lights import scales
from deployments.queries.oddities import active_rules
from deployments.queries.places import districts_of
from deployments.queries.readiness import last_report
from deployments.queries.report_forms import form_for, spec_of
from deployments.queries.shares import Shares, declared_shares, split_report
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.audit.record import record
from portal.notifications import cancel
from portal.registry.models import Unit

DRAFT_LIMIT = 40_000
"""Characters; a form filled to the last field has a tenth of it."""


def submit_report(
    unit: Unit,
    cut_off_at: datetime,
    values: Mapping[str, Any],
    *,
    lines: Sequence[Mapping[str, Any]] = (),
    replaces: int = 0,
    confirm: str = "",
    by: Actor,
    at: datetime,
    illustrative: bool = False,
) -> ReadinessReport:
    """Record a unit's report for a cut-off, or a correction of it as a new version.

    `values` holds FIELDS and, if known, MORE; `lines` itemise by district (`region` and PEOPLE).
    `replaces` is the version number that the sender had before him, 0 if none; `confirm` his reason
    for numbers that a rule finds odd. Sending the same figures again changes nothing. Raises
    Refused for figures that contradict each other, odd ones without a reason, or a report nobody
    expects; Stale when another version came in meanwhile.
    """
    values = complete(values)
    with transaction.atomic():
        hold(unit.agency_id, cut_off_at)
        expected = _expected(unit, cut_off_at)
        form = form_in_force(unit, cut_off_at)
        spec = spec_of(form)
        check(spec, values, lines, districts_of(unit) if lines else {})
        previous = _standing(unit, cut_off_at)
        if previous is not None:
            accepted = previous.state in (*COUNTED, ReportState.QUARANTINED)
            if accepted and says_the_same(previous, values, lines):
                return previous
            if replaces != previous.number:
                raise Stale(
                    _("Laporan ini sudah dikirim oleh orang lain. Bandingkan sebelum mengganti."),
                    previous,
                )
        before = last_report(unit, cut_off_at)
        verdict = verdict_on(spec, values, before, active_rules(), scales(at))
        must_confirm(verdict, confirm)
        report = _write(
            expected,
            previous,
            form,
            verdict,
            values,
            lines,
            by=by,
            at=at,
            illustrative=illustrative,
        )
        _judged(report, verdict, confirm)
        settle(expected, report)
        versions = [report, previous] if previous else [report]
        settle_conflicts(versions, by=by, at=at)
        soil((key for version in versions for key in touched(version)), at=at)
        record(
            "readiness.submit",
            report,
            by=by,
            at=at,
            before=digest(previous) if previous else None,
            after=digest(report),
        )
        cancel(stop_key(expected), at=at)
        if verdict.quarantined:
            tell_quarantined(report, at=at)
        ReportDraft.objects.filter(unit=unit, cut_off_at=cut_off_at, post=by.post_id).delete()
    return report


def form_in_force(unit: Unit, cut_off_at: datetime) -> ReportForm:
    """The form that holds. Raises Refused when none was published for this unit."""
    form = form_for(unit, cut_off_at)
    if form is None:
        raise Refused(
            _("Belum ada formulir laporan yang berlaku bagi satuan ini. Hubungi koordinator.")
        )
    return form


def _expected(unit: Unit, cut_off_at: datetime) -> ExpectedReport:
    expected = (
        ExpectedReport.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(unit=unit, cut_off_at=cut_off_at)
        .first()
    )
    if expected is None:
        raise Refused(
            _("Tidak ada laporan yang ditunggu dari satuan ini pada batas waktu itu."),
            "cut_off_at",
        )
    return expected


def _standing(unit: Unit, cut_off_at: datetime) -> ReadinessReport | None:
    standing = ReadinessReport.objects.filter(unit=unit, cut_off_at=cut_off_at).current()
    return standing.select_for_update().first()


def says_the_same(
    report: ReadinessReport, values: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]
) -> bool:
    known = {
        (line.region_id, *(getattr(line, name) for name in PEOPLE))
        for line in report.lines.filter(split=False)
    }
    sent = {(line["region"], *(line[name] for name in PEOPLE)) for line in lines}
    return known == sent and all(getattr(report, name) == values[name] for name in (*FIELDS, *MORE))


def _write(
    expected: ExpectedReport,
    previous: ReadinessReport | None,
    form: ReportForm,
    verdict: Verdict,
    values: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    *,
    by: Actor,
    at: datetime,
    illustrative: bool,
) -> ReadinessReport:
    if previous is not None:
        move(previous, ReportState.SUPERSEDED)
    report = ReadinessReport.objects.create(
        **{name: values[name] for name in (*FIELDS, *MORE)},
        form=form,
        state=ReportState.QUARANTINED if verdict.quarantined else ReportState.SUBMITTED,
        partial=verdict.partial,
        operation_id=expected.operation_id,
        agency_id=expected.agency_id,
        unit=expected.unit,
        region_id=expected.region_id,
        cut_off_at=expected.cut_off_at,
        number=previous.number + 1 if previous else 1,
        supersedes=previous,
        # A correction of a report that came in time is not late.
        late=previous.late if previous else at > expected.due_at,
        light=verdict.light,
        illustrative=illustrative,
        submitted_at=at,
        submitted_by_id=by.post_id,
    )
    own = districts_of(expected.unit) if lines else {}
    shares = declared_shares([expected.unit_id], at).get(expected.unit_id, {})
    ReadinessLine.objects.bulk_create(line_rows(report, lines, own, shares))
    return report


def line_rows(
    report: ReadinessReport,
    lines: Sequence[Mapping[str, Any]],
    own: Mapping[str, bool],
    shares: Shares,
) -> list[ReadinessLine]:
    """The report by district: as its sender itemises it, else by the declared shares of the unit,
    fixed with the report: shares that change later change nothing that was reported."""
    splits = not lines
    return [
        ReadinessLine(
            **{name: line[name] for name in PEOPLE},
            report=report,
            agency_id=report.agency_id,
            region_id=line["region"],
            cut_off_at=report.cut_off_at,
            covered=splits or own[line["region"]],
            split=splits,
        )
        for line in lines or split_report(model_to_dict(report, fields=PEOPLE), shares)
    ]


def _judged(report: ReadinessReport, verdict: Verdict, confirm: str) -> None:
    ReadinessGroup.objects.bulk_create(group_rows(report, verdict))
    RuleFlag.objects.bulk_create(flag_rows(report, verdict, confirm))


def save_draft(
    expected: ExpectedReport, data: Mapping[str, str], *, by: Actor, at: datetime
) -> ReportDraft:
    """Keep what a post has typed so far. No record changes by it, so the audit does not hear."""
    kept = {name: text for name, text in data.items() if text != ""}
    if sum(len(name) + len(text) for name, text in kept.items()) > DRAFT_LIMIT:
        raise Refused(_("Draf terlalu panjang untuk disimpan."))
    draft, _created = ReportDraft.objects.update_or_create(
        unit_id=expected.unit_id,
        cut_off_at=expected.cut_off_at,
        post_id=by.post_id,
        defaults={"data": kept, "saved_at": at},
    )
    return draft


def drop_draft(expected: ExpectedReport, *, by: Actor) -> None:
    """Throw away what the post has typed; a second call throws away nothing."""
    ReportDraft.objects.filter(
        unit=expected.unit_id, cut_off_at=expected.cut_off_at, post=by.post_id
    ).delete()


def lines_of(report: ReadinessReport) -> list[dict[str, Any]]:
    """The districts that the report itemises, as `submit_report` takes them."""
    return [
        {"region": line.region_id, **{name: getattr(line, name) for name in PEOPLE}}
        for line in report.lines.filter(split=False)
    ]


def repeat_report(expected: ExpectedReport, *, by: Actor, at: datetime) -> ReadinessReport:
    """Nihil: nothing changed since the unit's last report, so its figures hold for this cut-off
    too. Raises Refused where there is none to repeat."""
    previous = last_report(expected.unit, expected.cut_off_at)
    if previous is None:
        raise Refused(_("Belum ada laporan yang dapat diulang. Isi formulir sekali dahulu."))
    return submit_report(
        expected.unit,
        expected.cut_off_at,
        values_of(previous) | {"nihil": True, "notes": ""},
        lines=lines_of(previous),
        replaces=expected.report.number if expected.report else 0,
        confirm=_("Nihil: sama dengan laporan sebelumnya."),
        by=by,
        at=at,
    )
