"""What each role finds on its first page: blocks in the order of urgency, each with its template.

A post with several roles gets the blocks of all of them, none twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.enums import MinutesState, ObligationState
from coordination.models import Meeting, Minutes, Obligation
from coordination.queries import (
    obligation_summary,
    upcoming_meetings,
)
from coordination.queries.saved_views import EVERYTHING
from deployments.queries import reports_due, rollup_rows
from incidents.queries import incident_summary, recent_incidents
from portal import clock
from portal.access.actor import Actor
from portal.accounts.enums import Role
from portal.accounts.models import Tenure, User
from portal.audit.models import Entry
from portal.audit.queries import readings
from portal.audit.sight import shown
from portal.background.health import readiness
from portal.home.situation import situation
from portal.home.work import duties
from portal.registry.models import Operation, Region

ROWS = 6
EXPIRING = timedelta(days=14)


@dataclass(frozen=True)
class Block:
    """A part of the page: `home/blocks/<name>.html` printed with `data`."""

    name: str
    data: Any

    @property
    def template(self) -> str:
        return f"home/blocks/{self.name}.html"


@dataclass(frozen=True)
class Moment:
    """For whom and when the blocks are built."""

    actor: Actor
    operation: Operation
    at: datetime


def blocks(actor: Actor, operation: Operation, at: datetime) -> list[Block]:
    moment = Moment(actor, operation, at)
    names = [name for role, parts in PAGES.items() if role in actor.roles for name in parts]
    return [Block(name, BUILDERS[name](moment)) for name in dict.fromkeys(names)]


def waiting(moment: Moment) -> dict[str, Any]:
    """The first of what "Tugas saya" lists whole, and how many there are."""
    items = duties(moment.actor, moment.at)
    return {
        "items": items[: 2 * ROWS],
        "count": len(items),
        "overdue": sum(item.overdue for item in items),
    }


def send(moment: Moment) -> dict[str, Any]:
    """The report to send now, as one button, and the others that are due."""
    due = reports_due(moment.actor, moment.at)
    return {"first": due[0] if due else None, "others": due[1:ROWS], "now": moment.at}


def meetings(moment: Moment) -> dict[str, Any]:
    return {"rows": upcoming_meetings(moment.actor, moment.at)}


def own_readiness(moment: Moment) -> dict[str, Any]:
    """The own agency in the whole province, as the roll-up has it."""
    rows = rollup_rows(
        moment.operation,
        level=Region.Level.PROVINCE,
        agency_slug=moment.actor.agency_slug,
        at=moment.at,
    )
    return {"row": rows[0] if rows else None}


def incidents(moment: Moment) -> dict[str, Any]:
    return {
        "summary": incident_summary(moment.actor, moment.at),
        "rows": recent_incidents(moment.actor, ROWS),
    }


def matrix(moment: Moment) -> dict[str, Any]:
    """The follow-up matrix in numbers, and the agencies that are behind."""
    behind: dict[str, int] = {}
    overdue = Obligation.objects.visible_to(moment.actor).overdue(moment.at)
    for name in overdue.values_list("agency__short_name", flat=True):
        behind[name] = behind.get(name, 0) + 1
    address = reverse("coordination:obligation_list") + f"?{EVERYTHING}"
    return {
        "summary": obligation_summary(moment.actor, moment.at),
        "behind": sorted(behind.items(), key=lambda pair: (-pair[1], pair[0])),
        "url": address,
        "awaiting_url": f"{address}&state={ObligationState.AWAITING.value}",
        "overdue_url": f"{address}&state=overdue",
        "open_label": ObligationState.OPEN.label,
        "open_url": f"{address}&state={ObligationState.OPEN.value}",
        "done_url": f"{address}&state={ObligationState.DONE.value}",
    }


def drafts(moment: Moment) -> dict[str, Any]:
    """Meetings that only the host can see yet, and its minutes on their way to publication."""
    actor = moment.actor
    plans = Meeting.objects.visible_to(actor).filter(state="draft").order_by("starts_at")
    written = (
        Minutes.objects.visible_to(actor)
        .filter(meeting__host_agency_id=actor.agency_id)
        .exclude(state=MinutesState.PUBLISHED)
        .select_related("meeting")
        .order_by("-updated_at")
    )
    rows = [
        (row.title, reverse("coordination:meeting_detail", args=[row.pk]), _("Rakor, draf"))
        for row in plans[:ROWS]
    ]
    rows += [
        (
            row.meeting.title,
            reverse("coordination:minutes_detail", args=[row.meeting_id]),
            _("Notula, %(state)s") % {"state": row.get_state_display().lower()},
        )
        for row in written[:ROWS]
    ]
    return {"rows": rows}


def command(moment: Moment) -> dict[str, Any]:
    return {"situation": situation(moment.actor, moment.operation, moment.at)}


def audit(moment: Moment) -> dict[str, Any]:
    """The last entries and the last reads and downloads; the chain is checked on request."""
    entries = Entry.objects.visible_to(moment.actor)
    return {
        "total": entries.count(),
        "last": shown(entries[: 2 * ROWS], moment.actor),
        "reads": shown(readings(moment.actor)[:ROWS], moment.actor),
    }


def people(moment: Moment) -> dict[str, Any]:
    """Accounts, posts held now, and access that ends soon."""
    held = Tenure.objects.active(moment.at)
    return {
        "users": User.objects.filter(is_active=True).count(),
        "held": held.count(),
        "ending": list(
            held.filter(ends_at__lte=moment.at + EXPIRING)
            .select_related("user", "post")
            .order_by("ends_at")[:ROWS]
        ),
    }


def health(moment: Moment) -> dict[str, Any]:
    """The verdicts of /readyz/, by part."""
    labels = {
        "database": _("Basis data"),
        "redis": _("Redis"),
        "migrations": _("Migrasi"),
        "worker": _("Pekerja latar"),
        "beat": _("Penjadwal"),
        "outbox": _("Kotak keluar"),
    }
    verdicts = readiness(at=clock.true_now())
    return {
        "parts": [
            (labels.get(name, name), "success" if verdict.ok else "danger", verdict.detail)
            for name, verdict in verdicts.items()
        ]
    }


BUILDERS: dict[str, Callable[[Moment], dict[str, Any]]] = {
    "audit": audit,
    "command": command,
    "drafts": drafts,
    "health": health,
    "incidents": incidents,
    "matrix": matrix,
    "meetings": meetings,
    "own_readiness": own_readiness,
    "people": people,
    "send": send,
    "waiting": waiting,
}
PAGES: dict[str, tuple[str, ...]] = {
    Role.COMMANDER: ("command", "waiting", "incidents", "meetings"),
    Role.COORDINATOR: ("matrix", "waiting", "meetings", "command", "drafts", "incidents"),
    Role.POSKO_OPERATOR: ("send", "incidents"),
    Role.LIAISON: ("waiting", "meetings", "own_readiness", "incidents"),
    Role.GAKKUMDU: ("waiting", "incidents"),
    Role.AUDITOR: ("audit",),
    Role.ADMINISTRATOR: ("people", "health"),
}
