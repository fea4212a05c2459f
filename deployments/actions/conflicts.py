"""Two units that say different things about one place: noted, decided, dissolved."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from deployments.actions.dirty import soil
from deployments.actions.reminders import tell_conflict, tell_decision
from deployments.actions.settling import advance_to, contested, hold, state_of, touched
from deployments.enums import CONFLICT_MOVES, COUNTED, ConflictState
from deployments.models import (
    Conflict,
    ConflictSide,
    ExpectedReport,
    ReadinessLine,
    ReadinessReport,
)
from deployments.queries.readiness import figures
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.registry.models import Unit

PARTS = ("total", "present", "engaged", "standby", "reserve")
Sides = dict[int, tuple[int, ...]]


def settle_conflicts(
    reports: Iterable[ReadinessReport], *, by: Actor, at: datetime
) -> list[Conflict]:
    """Bring the contradictions of the reports' places up to date, and all that follows from them.

    The caller holds the agency's cut-off. Returns the conflicts that changed.
    """
    reports = list(reports)
    if not reports:
        return []
    first = reports[0]
    codes = set(
        ReadinessLine.objects.filter(report__in=reports, split=False).values_list(
            "region_id", flat=True
        )
    )
    if not codes:
        return []
    place = {"agency_id": first.agency_id, "cut_off_at": first.cut_off_at}
    rivals: dict[str, list[ReadinessLine]] = {code: [] for code in sorted(codes)}
    for line in ReadinessLine.objects.filter(
        **place, region__in=codes, report__state__in=COUNTED, split=False
    ).select_related("report__unit"):
        rivals[line.region_id].append(line)
    known = {
        row.region_id: row
        for row in Conflict.objects.filter(**place, region__in=codes).prefetch_related("sides")
    }
    changed = []
    for code, lines in rivals.items():
        conflict = _compare(first, code, lines, known.get(code), by=by, at=at)
        if conflict is not None:
            changed.append(conflict)
    return changed


def _compare(
    first: ReadinessReport,
    code: str,
    lines: Sequence[ReadinessLine],
    known: Conflict | None,
    *,
    by: Actor,
    at: datetime,
) -> Conflict | None:
    said: Sides = {line.report.unit_id: figures(line) for line in lines}
    before = _said(known) if known else {}
    differ = len(set(said.values())) > 1
    if known is None and not differ:
        return None
    if known is not None and known.state == ConflictState.DISSOLVED and not differ:
        return None
    if known is not None and differ and said == before and known.state != ConflictState.DISSOLVED:
        # A new version says the same of the place: what was decided goes on holding.
        _write_sides(known, lines)
        _rule(lines, known.standing_id)
        _follow((line.report for line in lines), at=at)
        return known
    old = list(known.sides.all()) if known else []
    conflict = known or Conflict(
        operation_id=first.operation_id,
        agency_id=first.agency_id,
        region_id=code,
        cut_off_at=first.cut_off_at,
    )
    state = ConflictState.OPEN if differ else ConflictState.DISSOLVED
    if known is not None and state != known.state:
        _move(conflict, state)
    conflict.standing, conflict.reason = None, ""
    conflict.decided_at = conflict.decided_by = None
    conflict.found_at = at
    conflict.version += 1 if known else 0
    conflict.save()
    _write_sides(conflict, lines if differ else [])
    _rule(lines, None)
    record(f"conflict.{state.value}", conflict, by=by, at=at, after={"sides": _told(lines)})
    _follow([line.report for line in lines] + [side.report for side in old], at=at)
    if differ:
        tell_conflict(conflict, [line.report.unit for line in lines], at=at)
    return conflict


def decide_conflict(
    conflict: Conflict, *, standing: Unit, reason: str, version: int, by: Actor, at: datetime
) -> Conflict:
    """Say whose number stands. The others' leave all totals until one of them says otherwise."""
    reason = reason.strip()
    with transaction.atomic():
        hold(conflict.agency_id, conflict.cut_off_at)
        current = Conflict.objects.select_for_update().get(pk=conflict.pk)
        sides = list(current.sides.select_related("report__unit", "unit"))
        for side in sides:
            policy.require(by, Permission.READINESS_VERIFY, side.report)
        if (current.state, current.standing_id) == (ConflictState.DECIDED, standing.pk):
            return current
        if current.version != version:
            raise Stale(_("Pertentangan ini sudah berubah sejak Anda membukanya."), current)
        if standing.pk not in {side.unit_id for side in sides}:
            raise Refused(_("Pilih salah satu satuan yang bertentangan."), "standing")
        if not reason:
            raise Refused(_("Sebutkan mengapa angka itu yang berlaku."), "reason")
        _move(current, ConflictState.DECIDED)
        current.standing, current.reason = standing, reason
        current.decided_at, current.decided_by_id = at, by.post_id
        current.version += 1
        current.save()
        lines = list(
            ReadinessLine.objects.filter(
                report__in=[side.report_id for side in sides], region=current.region_id
            ).select_related("report")
        )
        _rule(lines, standing.pk)
        record(
            "conflict.decide",
            current,
            by=by,
            at=at,
            after={"standing": standing.slug, "reason": reason},
        )
        _follow([side.report for side in sides], at=at)
        tell_decision(current, [side.unit for side in sides], at=at)
    return current


def _move(conflict: Conflict, state: ConflictState) -> None:
    if state not in CONFLICT_MOVES[ConflictState(conflict.state)]:
        raise Refused(
            _("Pertentangan berstatus %(old)s tidak dapat menjadi %(new)s.")
            % {"old": ConflictState(conflict.state).label, "new": state.label}
        )
    conflict.state = state


def _said(conflict: Conflict) -> Sides:
    return {
        side.unit_id: tuple(getattr(side, name) for name in PARTS) for side in conflict.sides.all()
    }


def _told(lines: Iterable[ReadinessLine]) -> dict[str, list[int]]:
    return {line.report.unit.slug: list(figures(line)) for line in lines}


def _write_sides(conflict: Conflict, lines: Iterable[ReadinessLine]) -> None:
    ConflictSide.objects.filter(conflict=conflict).delete()
    ConflictSide.objects.bulk_create(
        ConflictSide(
            conflict=conflict,
            unit_id=line.report.unit_id,
            report=line.report,
            covered=line.covered,
            **{name: getattr(line, name) for name in PARTS},
        )
        for line in lines
    )


def _rule(lines: Iterable[ReadinessLine], standing_id: int | None) -> None:
    """Mark which lines stand; None takes every ruling back."""
    for line in lines:
        ruled = None if standing_id is None else line.report.unit_id == standing_id
        if line.ruled != ruled:
            line.ruled = ruled
            line.save(update_fields=["ruled"])


def _follow(reports: Iterable[ReadinessReport], *, at: datetime) -> None:
    """Each party's expected report is called what it now is, and its places are folded anew."""
    for report in {report.pk: report for report in reports}.values():
        expected = ExpectedReport.objects.filter(report=report).first()
        if expected is not None and report.state in COUNTED:
            advance_to(expected, state_of(report, contested=contested(report)))
            expected.save(update_fields=["state"])
        soil(touched(report), at=at)
