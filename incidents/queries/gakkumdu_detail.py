"""What the page of a case shows."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.enums.gakkumdu import (
    RECORDER,
    STEP_BADGES,
    EntryKind,
    Seat,
    StepCode,
    StepState,
    TimeUnit,
)
from incidents.models import CaseEntry, ClockStep, GakkumduCase
from incidents.models.desk import seat_of
from incidents.queries.gakkumdu import due_words, left_badge, limits, outcomes
from incidents.queries.gakkumdu_clock import CaseClock, StepTime
from incidents.queries.rows import region_label
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.web.templatetags.portal import wita


@dataclass(frozen=True)
class ClockLine:
    """A step of the clock, ready to print: who, within what, since and until when, what lapses."""

    label: str
    actor: str
    limit: str
    badge: tuple[str, str]
    since: str
    until: str
    done: str
    note: str
    source: str
    current: bool


def clock_lines(case: GakkumduCase, reckoned: CaseClock) -> list[ClockLine]:
    known = limits()
    return [_line(step, known[step.code], step.code == case.step) for step in reckoned.steps]


def _line(step: StepTime, limit: ClockStep, current: bool) -> ClockLine:
    runs = step.state == StepState.RUNNING
    label = str(StepState(step.state).label)
    if step.returned:
        label = _("Berkas dikembalikan")
    return ClockLine(
        label=limit.get_code_display(),
        actor=limit.who,
        limit=limit_words(limit),
        badge=left_badge(step) if runs else (STEP_BADGES[step.state], label),
        since=wita(step.starts_at),
        until=due_words(step) if step.ends_at and step.state != StepState.STOPPED else "",
        done=wita(step.done_at),
        note=_note(step, limit),
        source=limit.source,
        current=current,
    )


def _note(step: StepTime, limit: ClockStep) -> str:
    parts = [_("Diperpanjang satu kali.")] if step.extended else []
    if step.over or limit.limit is None:
        parts.append(limit.lapses)
    elif step.state == StepState.RUNNING:
        parts.append(_("Bila lewat: %(lapse)s") % {"lapse": limit.lapses})
    return " ".join(parts)


def limit_words(limit: ClockStep) -> str:
    """3 hari + 2 hari; 14 hari kerja; 1×24 jam."""
    if limit.limit is None:
        return _("tanpa batas waktu")
    said = amount_words(limit.limit, limit.unit)
    if limit.extension:
        more = amount_words(limit.extension, limit.unit)
        return _("%(limit)s, dapat ditambah %(more)s satu kali") % {"limit": said, "more": more}
    return said


def amount_words(number: int, unit: str) -> str:
    if unit == TimeUnit.HOUR:
        days, rest = divmod(number, 24)
        if days and not rest:
            return _("%(days)d×24 jam") % {"days": days}
        return ngettext("%(n)d jam", "%(n)d jam", number) % {"n": number}
    if unit == TimeUnit.WORKING_DAY:
        return ngettext("%(n)d hari kerja", "%(n)d hari kerja", number) % {"n": number}
    return ngettext("%(n)d hari", "%(n)d hari", number) % {"n": number}


def case_facts(case: GakkumduCase, actor: Actor) -> list[dict[str, Any]]:
    """What is known, as `ui/definition_list.html` prints it."""
    incident = case.incident
    address = reverse("incidents:incident_detail", args=[incident.pk])
    rows: list[tuple[str, str, str]] = [
        (_("Nomor kejadian"), incident.number, address),
        (_("Jenis"), incident.type.label, ""),
        (_("Wilayah"), region_label(case.region), ""),
        (_("Asal"), case.get_basis_display(), ""),
        (_("Diketahui atau ditemukan"), wita(case.known_at), ""),
        (_("Diterima Bawaslu"), wita(case.received_at), ""),
        (_("Pasal yang disangkakan"), case.article, ""),
        (_("Diserahkan"), f"{wita(case.opened_at)}, {case.opened_by.title}", ""),
        (_("Klasifikasi"), case.get_classification_display(), ""),
    ]
    return [{"label": label, "value": value, "url": url} for label, value, url in rows]


def history(case: GakkumduCase, actor: Actor) -> list[dict[str, Any]]:
    """All that was written down, newest first, as `ui/timeline.html` prints it."""
    rows = CaseEntry.objects.visible_to(actor).filter(case=case)
    rows = rows.select_related("post", "agency").order_by("-at", "-pk")
    return [
        {
            "at": row.at,
            "title": _title(row, case),
            "by": f"{row.post.title} ({row.agency.short_name})",
            "text": _text(row),
            "kind": "warning" if row.kind == EntryKind.RETURNED else "info",
        }
        for row in rows
    ]


def _title(row: CaseEntry, case: GakkumduCase) -> str:
    if row.kind == EntryKind.DONE and row.due_at and row.happened_at >= row.due_at:
        return _("%(step)s: lewat batas waktu") % {"step": row.get_step_display()}
    if row.kind == EntryKind.DONE:
        return _("%(step)s: selesai") % {"step": row.get_step_display()}
    if row.kind == EntryKind.EXTENDED:
        return _("%(step)s: diperpanjang") % {"step": row.get_step_display()}
    if row.kind == EntryKind.CLOSED:
        return _("Ditutup: %(outcome)s") % {"outcome": case.get_outcome_display()}
    return row.get_kind_display()


def _text(row: CaseEntry) -> str:
    """Also when it was done, where it was written down later."""
    if row.happened_at < row.at:
        when = _("Dilakukan %(when)s.") % {"when": wita(row.happened_at)}
        return f"{when} {row.text}".strip()
    return row.text


@dataclass(frozen=True)
class CaseMove:
    """Something the actor may do with the case now."""

    label: str
    url: str
    icon: str
    main: bool


def case_moves(case: GakkumduCase, reckoned: CaseClock, actor: Actor) -> list[CaseMove]:
    """What the seat of the actor may do now, in the order of the way."""
    if not may(actor, Permission.GAKKUMDU_HANDLE, case) or case.outcome:
        return []
    seat, moves = seat_of(actor), []
    current = reckoned.current
    lives = current is not None and not reckoned.ended
    late_right = current is not None and current.state == StepState.LAPSED
    if seat == RECORDER[case.step] and lives and not late_right:
        moves += _step_moves(case, current)
    if outcomes(case, reckoned) and seat in (Seat.SUPERVISOR, RECORDER[case.step]):
        moves.append(_move(case, "case_close", _("Tutup perkara"), "archive"))
    return moves


def _step_moves(case: GakkumduCase, current: StepTime | None) -> list[CaseMove]:
    done = _("Catat selesai: %(step)s") % {"step": case.get_step_display()}
    moves = [_move(case, "case_finish", done, "check-lg", main=True)]
    if case.step == StepCode.FILE_STUDY:
        label = _("Kembalikan berkas (satu kali)")
        moves.append(_move(case, "case_return", label, "arrow-return-left"))
    if limits()[case.step].extension and current and not current.extended:
        moves.append(_move(case, "case_extend", _("Perpanjang (satu kali)"), "hourglass-split"))
    return moves


def _move(case: GakkumduCase, name: str, label: str, icon: str, *, main: bool = False) -> CaseMove:
    return CaseMove(label, reverse(f"incidents:{name}", args=[case.pk]), icon, main)


@dataclass(frozen=True)
class ClockSetting:
    """A step of the clock as the law sets it, for the page of administrators."""

    code: str
    label: str
    actor: str
    limit: str
    effect: str
    lapses: str
    source: str
    by_hand: bool


def clock_settings(actor: Actor) -> list[ClockSetting]:
    return [
        ClockSetting(
            code=step.code,
            label=step.get_code_display(),
            actor=step.who,
            limit=limit_words(step),
            effect=step.get_effect_display() if step.limit else "",
            lapses=step.lapses,
            source=step.source,
            by_hand=step.by_hand,
        )
        for step in ClockStep.objects.visible_to(actor)
    ]
