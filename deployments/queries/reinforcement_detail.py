"""One request for reinforcement: what was asked, who answered what, and the needs log."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.enums import Binding
from deployments.enums import BINDING, DEPLOYMENT_BADGE, DeploymentState, NeedEvent
from deployments.models import Contribution, Deployment, NeedAddressee, Reinforcement
from deployments.queries.places import units_of
from deployments.queries.reinforcements import days_of, state_of
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.registry.models import Unit
from portal.web.templatetags.portal import angka, tanggal_pendek

LOG_KIND = {
    NeedEvent.ASKED: "info",
    NeedEvent.OFFERED: "success",
    NeedEvent.ASSIGNED: "success",
    NeedEvent.DECLINED: "danger",
    NeedEvent.MOVED: "neutral",
    NeedEvent.CHANGED: "warning",
    NeedEvent.WITHDRAWN: "neutral",
}


def binding_of(request: Reinforcement, unit: Unit) -> Binding:
    """An order inside one's own chain; across agencies it is agreed."""
    return Binding.ORDER if unit.agency_id == request.agency_id else Binding.AGREEMENT


def reinforcement_detail(request: Any, actor: Actor) -> dict[str, Any]:
    """A counted request as plain values, with what the actor may do to each part of it."""
    return {
        **state_of(request),
        "facts": _facts(request),
        "numbers": {
            name: angka(getattr(request, name))
            for name in ("personnel", "promised", "ordered", "present", "released", "missing")
        },
        "contributions": contribution_rows(request, actor),
        "addressees": addressee_rows(request, actor),
        "log": log_rows(request),
    }


def _facts(row: Reinforcement) -> list[dict[str, str]]:
    said = [
        (_("Satuan peminta"), f"{row.unit.name} ({row.agency.short_name})"),
        (_("Wilayah"), row.region.full_name),
        (_("Tempat"), row.place.name if row.place else ""),
        (_("Satuan tugas"), row.get_task_force_display()),
        (_("Fungsi"), row.function),
        (_("Berlaku"), days_of(row)),
        (_("Alasan"), row.reason),
        (_("Boleh lebih dari yang diminta"), _("Ya") if row.allows_more else ""),
        (_("Alasan penarikan"), row.withdrawal),
    ]
    return [{"label": label, "value": value} for label, value in said if value]


def contribution_rows(request: Reinforcement, actor: Actor) -> list[dict[str, Any]]:
    """Each answer with its placement; a link to it for whom that is in sight."""
    rows = list(
        request.contributions.select_related(
            "deployment__unit__agency", "deployment__controller", "drawn_from"
        )
    )
    seen = set(
        Deployment.objects.visible_to(actor)
        .filter(pk__in=[row.deployment_id for row in rows])
        .values_list("pk", flat=True)
    )
    releases = may(actor, Permission.REINFORCEMENT_ASK, request)
    return [_contribution(row, request, actor, seen=seen, releases=releases) for row in rows]


def _contribution(
    row: Contribution, request: Reinforcement, actor: Actor, *, seen: set[int], releases: bool
) -> dict[str, Any]:
    placed = row.deployment
    state = DeploymentState(placed.state)
    return {
        "pk": row.pk,
        "unit": placed.unit.short_name,
        "agency": placed.unit.agency.short_name,
        "binding": str(binding_of(request, placed.unit).label),
        "controller": placed.controller.short_name if placed.controller else "",
        "personnel": angka(placed.personnel),
        "state": _("Menunggu Sprin") if state == DeploymentState.REQUESTED else str(state.label),
        "state_badge": DEPLOYMENT_BADGE[state],
        "version": placed.version,
        "fields": [{"name": "version", "value": placed.version}],
        "sprin": ", ".join(
            part for part in (placed.sprin_number, tanggal_pendek(placed.sprin_date)) if part
        )
        if placed.sprin_number
        else "",
        # Where the people come from is the giver's own affair.
        "drawn_from": row.drawn_from_id if placed.agency_id == actor.agency_id else None,
        "releases": releases and state == DeploymentState.IN_PLACE,
        "url": reverse("deployments:deployment_detail", args=[placed.pk])
        if placed.pk in seen
        else "",
    }


def addressee_rows(request: Reinforcement, actor: Actor) -> list[dict[str, Any]]:
    """Who was asked, and what each said; `declines`: the actor may answer no for it."""
    giving = [
        row.deployment.unit.path
        for row in request.contributions.select_related("deployment__unit")
        if row.deployment.state != DeploymentState.CANCELLED
    ]
    return [
        _addressee(row, request, giving, actor)
        for row in request.addressees.select_related("unit__agency")
    ]


def _addressee(
    row: NeedAddressee, request: Reinforcement, giving: list[str], actor: Actor
) -> dict[str, Any]:
    gives = any(f"{path}/".startswith(f"{row.unit.path}/") for path in giving)
    if gives:
        answer, badge = _("Memberi personel"), "success"
    elif row.declined_at:
        answer, badge = _("Tidak dapat memenuhi"), "danger"
    else:
        answer, badge = _("Belum menjawab"), "warning"
    inside = row.unit.agency_id == request.agency_id
    return {
        "pk": row.pk,
        "unit": row.unit.short_name,
        "agency": row.unit.agency.short_name,
        "nature": _("Satuan atas") if inside else str(Binding.REQUEST.label),
        "answer": answer,
        "badge": badge,
        "reason": row.reason,
        "declines": not row.declined_at
        and not gives
        and not request.withdrawn_at
        and may(actor, Permission.REINFORCEMENT_ANSWER, row.unit),
    }


def log_rows(request: Reinforcement) -> list[dict[str, Any]]:
    """The needs log, the newest first: who said what, and what was missing then."""
    rows = request.log.select_related("by", "unit").order_by("-at", "-pk")
    return [
        {
            "at": row.at,
            "title": _title(row),
            "by": str(row.by) if row.by else "",
            "text": row.text,
            "missing": angka(row.missing),
            "event": row.event,
            "kind": LOG_KIND[NeedEvent(row.event)],
        }
        for row in rows
    ]


def _title(row: Any) -> str:
    label = str(NeedEvent(row.event).label)
    if row.deployment_state:
        label = str(DeploymentState(row.deployment_state).label)
    who = row.unit.short_name if row.unit else ""
    people = ngettext("%(people)s orang", "%(people)s orang", row.personnel or 0)
    given = people % {"people": angka(row.personnel)} if row.personnel else ""
    said = ", ".join(part for part in (who, given) if part)
    return f"{label}: {said}" if said else label


def givers_of(request: Reinforcement, actor: Actor) -> QuerySet[Unit]:
    """The units in whose name the actor may give people; never the one that asks."""
    units = units_of(actor).exclude(pk=request.unit_id)
    return units.filter(agency=actor.agency_id) if actor.agency_id else units.none()


def origins_of(request: Reinforcement, actor: Actor) -> QuerySet[Deployment]:
    """The placements that could give people up on those days: of the own agency, in sight."""
    rows = Deployment.objects.visible_to(actor).filter(
        operation=request.operation_id,
        agency=actor.agency_id,
        state__in=BINDING,
        contribution=None,
        personnel__gt=1,
    )
    rows = rows.exclude(unit=request.unit_id).overlapping(request.starts_on, request.ends_on)
    return rows.select_related("unit", "region").order_by("unit__path", "pk")
