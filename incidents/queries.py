"""Reads over incidents: one selector per number, used by page, map, situation room and API."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from incidents.enums import (
    INCIDENT_MOVES,
    OPEN,
    REASONED,
    SEVERITY_BADGES,
    STATE_BADGES,
    URGENT,
    Audience,
    IncidentState,
    Severity,
    UpdateKind,
)
from incidents.models import Incident, IncidentUpdate, SeverityTarget
from portal import clock
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.registry.models import Agency, Region
from portal.web.searching import Hit, Source, match, ranked

RELATED = ("type", "region__parent", "lead_agency", "agency", "unit", "reporter_post")


def incidents(actor: Actor) -> QuerySet[Incident]:
    """What the post sees, newest first, with what a row prints."""
    rows = Incident.objects.visible_to(actor).select_related(*RELATED)
    return rows.prefetch_related("supporting").order_by("-reported_at", "-pk")


@dataclass(frozen=True)
class IncidentRow:
    """A line of a list, ready to print; badges are (kind, label)."""

    number: str
    title: str
    url: str
    type: str
    place: str
    occurred_at: datetime
    reported_at: datetime
    severity: tuple[str, str]
    state: tuple[str, str]
    disturbance: str
    lead: str
    illustrative: bool


def incident_rows(rows: Iterable[Incident]) -> list[IncidentRow]:
    return [
        IncidentRow(
            number=row.number,
            title=row.title,
            url=reverse("incidents:incident_detail", args=[row.pk]),
            type=row.type.label,
            place=f"{row.place}, {region_label(row.region)}",
            occurred_at=row.occurred_at,
            reported_at=row.reported_at,
            severity=(SEVERITY_BADGES[row.severity], row.get_severity_display()),
            state=(STATE_BADGES[row.state], row.get_state_display()),
            disturbance=row.disturbance,
            lead=row.lead_agency.short_name,
            illustrative=row.illustrative,
        )
        for row in rows
    ]


def region_label(region: Region) -> str:
    """Kec. Paramasan, Kabupaten Banjar; a regency by its own name."""
    if region.level == Region.Level.DISTRICT and region.parent:
        return _("Kec. %(district)s, %(regency)s") % {
            "district": region.name,
            "regency": region.parent.name,
        }
    return region.name


@dataclass(frozen=True)
class OpenIncident:
    """An incident that the own agency must take the next step on; `since` is its last move."""

    title: str
    url: str
    since: datetime
    severity: tuple[str, str]


def waiting_for(actor: Actor, limit: int = 50) -> list[OpenIncident]:
    """Incidents that the own agency leads and that nobody has taken up, the oldest first."""
    if Permission.INCIDENT_HANDLE not in actor.permissions or actor.agency_id is None:
        return []
    rows = Incident.objects.visible_to(actor).filter(
        lead_agency_id=actor.agency_id, state=IncidentState.REPORTED
    )
    return [
        OpenIncident(
            title=row.title,
            url=reverse("incidents:incident_detail", args=[row.pk]),
            since=row.reported_at,
            severity=(SEVERITY_BADGES[row.severity], row.get_severity_display()),
        )
        for row in rows.defer("stems").order_by("reported_at", "pk")[:limit]
    ]


def recent_incidents(actor: Actor, limit: int = 5) -> list[IncidentRow]:
    """The newest incidents that the post sees."""
    return incident_rows(incidents(actor)[:limit])


@dataclass(frozen=True)
class IncidentSummary:
    """How many incidents the post sees that were reported until a moment.

    `by_severity` and `by_state` name every severity and state, also with zero. `urgent` are open
    ones of severity Tinggi or Kritis; `today` were reported since midnight WITA.
    """

    total: int
    open: int
    urgent: int
    today: int
    by_severity: dict[int, int]
    by_state: dict[str, int]


def incident_summary(actor: Actor, at: datetime) -> IncidentSummary:
    rows = Incident.objects.visible_to(actor).filter(reported_at__lte=at)
    counted = rows.order_by().values_list("severity", "state").annotate(n=Count("pk"))
    severities, states = Counter[int](), Counter[str]()
    open_, urgent = 0, 0
    for severity, state, n in counted:
        severities[severity] += n
        states[state] += n
        if state in OPEN:
            open_ += n
            urgent += n if severity >= URGENT else 0
    midnight = clock.midnight(clock.local(at).date())
    return IncidentSummary(
        total=sum(states.values()),
        open=open_,
        urgent=urgent,
        today=rows.filter(reported_at__gte=midnight).count(),
        by_severity={severity: severities[severity] for severity in Severity.values},
        by_state={state: states[state] for state in IncidentState.values},
    )


def counts_by_region(actor: Actor, since: datetime, until: datetime) -> dict[str, int]:
    """Incidents reported from `since` until before `until`, by region code.

    A kecamatan's incidents count in its kabupaten/kota too, so sum over one level only.
    """
    rows = Incident.objects.visible_to(actor).reported_between(since, until)
    counts = Counter[str]()
    for code, n in rows.order_by().values_list("region_id").annotate(n=Count("pk")):
        counts[code] += n
        if code.count(".") > 1:
            counts[code.rpartition(".")[0]] += n
    return dict(counts)


@dataclass(frozen=True)
class Target:
    """By when something should be reached, and when it was. `badge` is (kind, label)."""

    label: str
    due_at: datetime
    met_at: datetime | None
    badge: tuple[str, str]


def targets(incident: Incident, at: datetime) -> list[Target]:
    """The target times of the incident's severity against its timeline; none without a target."""
    aim = SeverityTarget.objects.filter(severity=incident.severity).first()
    if aim is None:
        return []
    reached: dict[str, datetime] = {}
    moves = IncidentUpdate.objects.filter(incident=incident).exclude(state="")
    for state, moment in moves.order_by("at", "pk").values_list("state", "at"):
        reached.setdefault(state, moment)
    return [
        _target(incident, label, minutes, [reached[s] for s in states if s in reached], at)
        for label, minutes, states in (
            (_("Verifikasi"), aim.verify_minutes, VERIFIED_BY),
            (_("Penanganan"), aim.respond_minutes, RESPONDED_BY),
            (_("Terkendali"), aim.control_minutes, CONTROLLED_BY),
        )
    ]


_ENDED = (IncidentState.CLOSED, IncidentState.UNPROVEN)
CONTROLLED_BY = (IncidentState.CONTROLLED, *_ENDED)
RESPONDED_BY = (IncidentState.HANDLING, IncidentState.REFERRED, *CONTROLLED_BY)
VERIFIED_BY = (IncidentState.VERIFIED, *RESPONDED_BY)


def _target(
    incident: Incident, label: str, minutes: int, reached: list[datetime], at: datetime
) -> Target:
    due_at = incident.reported_at + timedelta(minutes=minutes)
    met_at = min(reached, default=None)
    if met_at is not None:
        late = "warning", pgettext("masuk", "Terlambat")
        badge = ("success", _("Tercapai")) if met_at <= due_at else late
    else:
        badge = ("danger", _("Lewat target")) if at > due_at else ("info", _("Berjalan"))
    return Target(label, due_at, met_at, badge)


def timeline(incident: Incident, actor: Actor) -> list[dict[str, Any]]:
    """The entries in sight, newest first, as `ui/timeline.html` prints them."""
    rows = IncidentUpdate.objects.visible_to(actor).filter(incident=incident)
    rows = rows.select_related("post", "agency", "to_agency").order_by("-at", "-pk")
    return [
        {
            "at": row.at,
            "title": _update_title(row),
            "by": f"{row.post.title} ({row.agency.short_name})",
            "text": row.text,
            "kind": STATE_BADGES[row.state] if row.state else "neutral",
        }
        for row in rows
    ]


def _update_title(row: IncidentUpdate) -> str:
    if row.kind == UpdateKind.REFERRAL and row.to_agency:
        return _("Dilimpahkan kepada %(agency)s") % {"agency": row.to_agency.short_name}
    title = row.get_state_display() if row.state else row.get_kind_display()
    if row.audience == Audience.INTERNAL:
        return _("%(title)s (internal)") % {"title": title}
    return title


def facts(incident: Incident) -> list[dict[str, Any]]:
    """What is known, in the order of 5W1H, as `ui/definition_list.html` prints it."""
    place = f"{incident.place}, {region_label(incident.region)}"
    if incident.latitude is not None:
        place += f" ({incident.latitude:.5f}, {incident.longitude:.5f})"
    supporting = ", ".join(agency.short_name for agency in incident.supporting.all())
    rows = [
        (_("Jenis"), str(incident.type)),
        (_("Siapa"), incident.involved),
        (_("Tempat"), place),
        (_("Mengapa"), incident.cause),
        (_("Korban"), incident.casualties),
        (_("Kerugian"), incident.loss),
        (_("Tindakan awal"), incident.action_taken),
        (_("Tingkat gangguan"), incident.get_disturbance_display()),
        (_("Atas permintaan KPPS"), _("Ya") if incident.at_kpps_request else _("Tidak")),
        (_("Pelapor"), f"{incident.reporter_post.title}, {incident.unit.name}"),
        (_("Penanggung jawab"), incident.lead_agency.name),
        (_("Pendukung"), supporting),
        (_("Penanganan menurut taksonomi"), incident.type.handlers),
        (_("Klasifikasi"), incident.get_classification_display()),
    ]
    return [{"label": label, "value": value} for label, value in rows]


@dataclass(frozen=True)
class Move:
    """A step that the actor may take now. A `plain` one needs no words, only a confirmation."""

    state: str
    label: str
    question: str
    icon: str
    plain: bool


def moves(incident: Incident, actor: Actor) -> list[Move]:
    """The steps that the actor may take now, in the order of handling."""
    if not may(actor, Permission.INCIDENT_HANDLE, incident):
        return []
    words = {
        IncidentState.VERIFIED: (_("Verifikasi"), "check2-circle"),
        IncidentState.HANDLING: (_("Tangani"), "person-walking"),
        IncidentState.CONTROLLED: (_("Nyatakan terkendali"), "shield-check"),
        IncidentState.CLOSED: (_("Tutup"), "check-lg"),
        IncidentState.UNPROVEN: (_("Tidak terbukti"), "x-circle"),
        IncidentState.REFERRED: (_("Limpahkan"), "send"),
        IncidentState.REOPENED: (_("Buka kembali"), "arrow-counterclockwise"),
    }
    allowed = INCIDENT_MOVES[incident.state]
    return [
        Move(
            state=state,
            label=label,
            question=_("Keadaan menjadi “%(state)s”. Lanjutkan?") % {"state": state.label},
            icon=icon,
            plain=state not in REASONED,
        )
        for state, (label, icon) in words.items()
        if state in allowed
    ]


def referable(incident: Incident) -> QuerySet[Agency]:
    """Agencies that the incident can be handed to."""
    return Agency.objects.exclude(pk=incident.lead_agency_id).order_by("position")


def region_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Each kabupaten/kota with its kecamatan, for a select: (group, [(code, name)])."""
    rows = Region.objects.filter(level__in=[Region.Level.REGENCY, Region.Level.DISTRICT])
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for code, level, name in rows.order_by("code").values_list("code", "level", "name"):
        if level == Region.Level.REGENCY:
            groups[code] = (name, [(code, _("%(regency)s (seluruhnya)") % {"regency": name})])
        else:
            groups[code.rpartition(".")[0]][1].append((code, name))
    return list(groups.values())


def _found(row: Incident, excerpt: SafeString) -> Hit:
    when = date_format(clock.local(row.reported_at), "j M Y")
    return Hit(
        title=row.title,
        url=reverse("incidents:incident_detail", args=[row.pk]),
        note=f"{row.number} · {region_label(row.region)} · {when}",
        excerpt=excerpt,
        badge=(STATE_BADGES[row.state], row.get_state_display()),
    )


SEARCH = Source(
    key="kejadian",
    label=gettext_lazy("Kejadian"),
    icon="exclamation-triangle",
    rows=lambda actor: Incident.objects.visible_to(actor).select_related("region__parent"),
    matches=match("stems"),
    rank=ranked("stems"),
    text=Concat("title", Value(" "), "chronology", output_field=TextField()),
    order=("-reported_at", "-pk"),
    hit=_found,
    number="number",
)
