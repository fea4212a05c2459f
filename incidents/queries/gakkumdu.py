"""Cases of Sentra Gakkumdu on the clock: the list, and what an outsider is told of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.enums import OPEN
from incidents.enums.gakkumdu import (
    OUTCOMES,
    RECORDER,
    Outcome,
    Seat,
    StepCode,
    StepState,
    TimeUnit,
)
from incidents.models import ClockStep, GakkumduCase, Incident
from incidents.models.desk import seat_of
from incidents.models.gakkumdu import CaseQuerySet
from incidents.queries.gakkumdu_clock import CaseClock, StepTime, last_day, reckon
from incidents.queries.rows import region_label
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.registry.workdays import calendar
from portal.web.templatetags.portal import wita

FAR = datetime.max.replace(tzinfo=UTC)
TABS = ("berjalan", "gugur", "ditutup")


def limits() -> dict[str, ClockStep]:
    """What the law sets, by step."""
    return {step.code: step for step in ClockStep.objects.all()}


def cases(actor: Actor) -> CaseQuerySet:
    """What the desk sees, with what a row prints."""
    rows = GakkumduCase.objects.visible_to(actor)
    return rows.select_related("incident__type", "region__parent").prefetch_related("entries")


def clocks(rows: Iterable[GakkumduCase], at: datetime) -> dict[int, CaseClock]:
    """Each case on the clock at that moment, by id."""
    known, days = limits(), calendar()
    return {row.pk: reckon(row, row.entries.all(), known, days, at) for row in rows}


def clock_of(case: GakkumduCase, at: datetime) -> CaseClock:
    """One case on the clock; reads its history anew."""
    return reckon(case, case.entries.all(), limits(), calendar(), at)


def outcomes(case: GakkumduCase, reckoned: CaseClock) -> tuple[Outcome, ...]:
    """How the case may be closed: when it has lapsed only so; a verdict while it may still be
    appealed not at all."""
    if case.outcome:
        return ()
    if reckoned.ended:
        return (Outcome.LAPSED,)
    if case.step == StepCode.APPEAL and reckoned.lapsed is None:
        return ()
    return OUTCOMES[case.step]


@dataclass(frozen=True)
class CaseRow:
    """A line of the list, ready to print; badges are (kind, label)."""

    number: str
    url: str
    type: str
    region: str
    step: str
    holder: str
    due: str
    state: tuple[str, str]
    mine: bool
    illustrative: bool


@dataclass(frozen=True)
class CaseList:
    """The rows of a tab, lapsing first, and how many each tab has."""

    rows: list[CaseRow]
    counts: dict[str, int]


def case_list(actor: Actor, at: datetime, tab: str) -> CaseList:
    """Open cases by the end of their time, the nearest first; those that lapsed; those closed."""
    found = list(cases(actor))
    reckoned = clocks(found, at)
    parts: dict[str, list[GakkumduCase]] = {name: [] for name in TABS}
    for case in found:
        if case.outcome:
            parts["ditutup"].append(case)
        else:
            parts["gugur" if reckoned[case.pk].ended else "berjalan"].append(case)
    for name in ("berjalan", "gugur"):
        parts[name].sort(key=lambda case: _nearest(reckoned[case.pk]))
    parts["ditutup"].sort(key=lambda case: (case.closed_at, case.pk), reverse=True)
    seat = seat_of(actor)
    shown = parts.get(tab, parts["berjalan"])
    return CaseList(
        rows=[case_row(case, reckoned[case.pk], seat) for case in shown],
        counts={name: len(rows) for name, rows in parts.items()},
    )


def _nearest(reckoned: CaseClock) -> datetime:
    end = reckoned.current.ends_at if reckoned.current else None
    return end or FAR


def case_row(case: GakkumduCase, reckoned: CaseClock, seat: Seat | None) -> CaseRow:
    current = reckoned.current
    runs = current is not None and not case.outcome and not reckoned.ended
    return CaseRow(
        number=case.number,
        url=reverse("incidents:case_detail", args=[case.pk]),
        type=case.incident.type.label,
        region=region_label(case.region),
        step=case.get_step_display() if case.step else _("Semua langkah selesai"),
        holder="" if reckoned.ended else holder(case),
        due=due_words(current) if current and runs else "",
        state=case_state(case, reckoned),
        mine=not case.outcome and not reckoned.ended and seat == RECORDER[case.step],
        illustrative=case.illustrative,
    )


def holder(case: GakkumduCase) -> str:
    """Who holds the case now."""
    if case.outcome:
        return ""
    elsewhere: dict[str, str] = {
        StepCode.VERDICT: _("Pengadilan negeri"),
        StepCode.APPEAL: _("Para pihak"),
        StepCode.APPEAL_VERDICT: _("Pengadilan tinggi"),
    }
    return elsewhere.get(case.step) or _seat_name(RECORDER[case.step])


def _seat_name(seat: Seat) -> str:
    return {
        Seat.SUPERVISOR: _("Bawaslu"),
        Seat.POLICE: _("Penyidik Polri"),
        Seat.PROSECUTOR: _("Kejaksaan"),
    }[seat]


def case_state(case: GakkumduCase, reckoned: CaseClock) -> tuple[str, str]:
    """In one badge: closed and how, lapsed, or what is left."""
    if case.outcome:
        kind = "danger" if case.outcome == Outcome.LAPSED else "neutral"
        return kind, case.get_outcome_display()
    if reckoned.ended:
        return "danger", _("Gugur")
    if reckoned.current is None:
        return "info", _("Menunggu ditutup")
    return left_badge(reckoned.current)


def left_badge(step: StepTime) -> tuple[str, str]:
    """What is left of a running step."""
    if step.over:
        label = _("Hak gugur") if step.state == StepState.LAPSED else _("Lewat batas waktu")
        return "danger", label
    if step.left is None:
        return "neutral", _("Tanpa batas waktu")
    if step.unit == TimeUnit.HOUR:
        kind = "warning" if step.left < 6 else "info"
        said = ngettext("sisa %(n)d jam", "sisa %(n)d jam", step.left)
    elif step.left == 0:
        return "danger", _("hari terakhir")
    elif step.unit == TimeUnit.WORKING_DAY:
        kind = "warning" if step.left == 1 else "info"
        said = ngettext("sisa %(n)d hari kerja", "sisa %(n)d hari kerja", step.left)
    else:
        kind = "warning" if step.left == 1 else "info"
        said = ngettext("sisa %(n)d hari", "sisa %(n)d hari", step.left)
    return kind, said % {"n": step.left}


def due_words(step: StepTime) -> str:
    """Rabu, 4 Desember 2024, 24.00 WITA; of hours the moment."""
    if step.ends_at is None:
        return _("tanpa batas waktu")
    if step.unit == TimeUnit.HOUR:
        return wita(step.ends_at)
    return _("%(day)s, 24.00 WITA") % {"day": date_format(last_day(step.ends_at), "l, j F Y")}


@dataclass(frozen=True)
class HandedOver:
    """All that others are told of an incident that the desk handles."""

    number: str
    type: str
    region: str
    illustrative: bool = False


def handed_over(actor: Actor, limit: int = 50) -> list[HandedOver]:
    """Incidents that the post saw before the desk took them, the newest first."""
    return [told(row) for row in narrowed(actor)[:limit]]


def narrowed(actor: Actor) -> QuerySet[Incident]:
    """The rows behind `handed_over`, with those three things loaded and no more."""
    rows = Incident.objects.narrowed_for(actor).select_related("type", "region__parent")
    return rows.only("number", "type", "region", "illustrative").order_by("-reported_at", "-pk")


def told(incident: Incident) -> HandedOver:
    region = region_label(incident.region)
    return HandedOver(incident.number, incident.type.label, region, incident.illustrative)


def desk_link(incident: Incident, actor: Actor) -> tuple[str, str] | None:
    """From an incident to its case, or to handing it over; nothing for who may do neither."""
    case = GakkumduCase.objects.visible_to(actor).filter(incident=incident).only("number").first()
    if case is not None:
        said = _("Perkara Gakkumdu %(number)s") % {"number": case.number}
        return said, reverse("incidents:case_detail", args=[case.pk])
    if incident.state in OPEN and may(actor, Permission.INCIDENT_HANDLE, incident):
        address = reverse("incidents:case_open", args=[incident.pk])
        return _("Serahkan kepada Sentra Gakkumdu"), address
    return None


@dataclass(frozen=True)
class StepDue:
    """A step that the seat of the actor must write down; the last minute of its time."""

    title: str
    url: str
    due_at: datetime | None
    overdue: bool
    badge: tuple[str, str]


def last_minute(step: StepTime) -> datetime | None:
    """Of a day 23.59: midnight itself reads as the next day."""
    if step.ends_at is None or step.unit == TimeUnit.HOUR:
        return step.ends_at
    return step.ends_at - timedelta(minutes=1)


def steps_due(actor: Actor, at: datetime) -> list[StepDue]:
    """What waits for the actor's seat at the desk, lapsed cases to be closed too."""
    seat = seat_of(actor)
    if seat is None:
        return []
    found = [case for case in cases(actor).open() if RECORDER[case.step] == seat]
    reckoned = clocks(found, at)
    due = []
    for case in found:
        current = reckoned[case.pk].current
        words = {"number": case.number, "step": case.get_step_display() or _("menunggu ditutup")}
        due.append(
            StepDue(
                title=_("Perkara %(number)s: %(step)s") % words,
                url=reverse("incidents:case_detail", args=[case.pk]),
                due_at=last_minute(current)
                if current and current.state != StepState.STOPPED
                else None,
                overdue=current is not None and current.over,
                badge=case_state(case, reckoned[case.pk]),
            )
        )
    return due
