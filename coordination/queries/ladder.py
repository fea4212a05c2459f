"""What the ladders will say of an obligation, and said: for its page and the API."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.enums import (
    OCCASION_COUNTS,
    OUTCOME_BADGES,
    PRIORITY_BADGES,
    RECIPIENT_LEVEL,
    Occasion,
    Priority,
    Recipient,
    ReminderOutcome,
)
from coordination.models import LadderRung, Obligation, Reminder
from coordination.queries import recipients, rungs


@dataclass(frozen=True)
class PlannedRung:
    """A rung that will be said at that moment unless somebody answers. `told`: the posts that would
    be told if it were now; `instead`: nobody holds one of the wanted kind, so they are others."""

    at: datetime
    occasion: str
    after: int
    wanted: str
    recipient: str
    told: tuple[str, ...]
    instead: bool


def plan(obligation: Obligation, at: datetime) -> list[PlannedRung]:
    """What will be said from now on, earliest first, by the computation that the sweep uses."""
    course = rungs.courses([obligation])[obligation.pk]
    coming = rungs.upcoming(course, rungs.ladders(), at)
    if not coming:
        return []
    offices = recipients.offices([obligation], at)
    return [_planned(due, obligation, offices) for due in coming]


def _planned(due: rungs.Due, obligation: Obligation, offices: recipients.Offices) -> PlannedRung:
    told = offices.told(due.rung.recipient, obligation)
    return PlannedRung(
        at=due.at,
        occasion=due.rung.occasion,
        after=due.rung.after,
        wanted=due.rung.recipient,
        recipient=told.recipient,
        told=told.titles,
        instead=told.recipient != due.rung.recipient,
    )


def decided(obligation: Obligation) -> list[Reminder]:
    """What was said or passed over, oldest first."""
    return list(obligation.reminders.order_by("sent_at", "pk"))


def card(obligation: Obligation, at: datetime) -> dict[str, Any]:
    """The rows of the card: what was said and what is to come."""
    return {
        "said": [
            {
                "at": row.sent_at,
                "title": rung_title(row.rung, row.after or 0),
                "told": ", ".join(row.told),
                "note": _instead(row.wanted, row.recipient),
                "badge": (OUTCOME_BADGES[row.outcome], row.get_outcome_display()),
                "passed": row.outcome == ReminderOutcome.PASSED,
            }
            for row in decided(obligation)
        ],
        "coming": [
            {
                "at": row.at,
                "title": rung_title(row.occasion, row.after),
                "told": ", ".join(row.told),
                "note": _instead(row.wanted, row.recipient),
            }
            for row in plan(obligation, at)
        ],
    }


def _instead(wanted: str, recipient: str) -> str:
    if not recipient or wanted == recipient:
        return ""
    return _("%(wanted)s tidak sedang dijabat; yang diingatkan: %(recipient)s.") % {
        "wanted": Recipient(wanted).label,
        "recipient": Recipient(recipient).label,
    }


def rung_title(occasion: str, after: int) -> str:
    """“Belum ditindaklanjuti · 2 jam sejak arahan terbit”."""
    label = Occasion(occasion).label
    if after == 0:
        return str(label)
    return f"{label} · {span_text(after)} {OCCASION_COUNTS[occasion]}"


def span_text(minutes: int) -> str:
    """A span in its largest whole unit."""
    size = timedelta(minutes=abs(minutes))
    if size and size % timedelta(days=1) == timedelta(0):
        count = size // timedelta(days=1)
        return ngettext("%(count)d hari", "%(count)d hari", count) % {"count": count}
    if size and size % timedelta(hours=1) == timedelta(0):
        count = size // timedelta(hours=1)
        return ngettext("%(count)d jam", "%(count)d jam", count) % {"count": count}
    count = abs(minutes)
    return ngettext("%(count)d menit", "%(count)d menit", count) % {"count": count}


def ladder_tables() -> list[dict[str, Any]]:
    """Per priority and occasion the rungs that are set, switched-off ones last."""
    rows = LadderRung.objects.order_by("-is_active", "after", "pk")
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault((row.priority, row.occasion), []).append(
            {
                "pk": row.pk,
                "span": span_text(row.after) if row.after else _("Saat itu juga"),
                "counts": OCCASION_COUNTS[row.occasion] if row.after else "",
                "recipient": row.get_recipient_display(),
                "working_hours_only": row.working_hours_only,
                "is_active": row.is_active,
                "version": row.version,
                "label": f"{row.get_occasion_display()}, {span_text(row.after)}",
            }
        )
    return [
        {
            "priority": priority,
            "badge": (PRIORITY_BADGES[priority], priority.label),
            "ladders": [
                {
                    "occasion": occasion,
                    "label": occasion.label,
                    "rungs": found.get((priority, occasion), []),
                    "silent": not any(
                        rung["is_active"] for rung in found.get((priority, occasion), [])
                    ),
                }
                for occasion in Occasion
            ],
        }
        for priority in reversed(Priority)
    ]


def neighbours(rung: LadderRung) -> list[LadderRung]:
    """The other active rungs of its ladder, lowest first."""
    same = LadderRung.objects.active().filter(priority=rung.priority, occasion=rung.occasion)
    return list(same.exclude(pk=rung.pk).order_by("after"))


def rises(steps: list[LadderRung]) -> bool:
    """Whether no rung, taken by time, speaks to somebody lower than the one before."""
    levels = [RECIPIENT_LEVEL[step.recipient] for step in sorted(steps, key=lambda s: s.after)]
    return levels == sorted(levels)
