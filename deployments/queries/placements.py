"""Deployments side by side: who stands where, and how many of a unit's people are in use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from deployments.enums import DEPLOYMENT_BADGE, DEPLOYMENT_MOVES, FINISHED, DeploymentState
from deployments.models import Deployment, UnitLatest
from deployments.queries.placement_history import placement_events
from portal.access.actor import Actor
from portal.registry.models import Agency, Operation, Place, Unit
from portal.web.templatetags.portal import angka, tanggal_pendek, wita


@dataclass(frozen=True)
class BusyDay:
    on: date
    personnel: int
    deployments: tuple[Deployment, ...]


def placements_of(actor: Actor, operation: Operation, since: date | None = None) -> QuerySet:
    """The placements in sight, in the order of the list; `since`: without those that ended before
    that day."""
    rows = Deployment.objects.visible_to(actor).filter(operation=operation)
    if since is not None:
        rows = rows.overlapping(since, None)
    rows = rows.select_related(
        "unit", "agency", "region__parent", "controller", "place", "in_charge"
    )
    return rows.order_by("agency__position", "region_id", "unit__path", "pk")


def holds_people(operation: Operation, agencies: QuerySet[Agency]) -> bool:
    """Whether placements hold people of one of these agencies."""
    return Deployment.objects.binding().filter(operation=operation, agency__in=agencies).exists()


def unit_strength(operation: Operation, unit: Unit) -> int | None:
    """How many people the unit has by its newest counted report, if that is of this operation;
    None while it has sent none."""
    newest = UnitLatest.objects.filter(unit=unit, report__operation=operation)
    latest = newest.select_related("report").first()
    return latest.report.total if latest else None


def other_at_place(others: QuerySet[Deployment], place: Place | None) -> Deployment | None:
    if place is None:
        return None
    return others.filter(place=place).select_related("place").order_by("pk").first()


def busiest_day(rows: Iterable[Deployment], starts: date) -> BusyDay:
    """The day from `starts` on which most people are placed; the number of people only grows on a
    day on which one of the rows starts."""
    rows = list(rows)
    days = sorted({starts, *(row.starts_on for row in rows if row.starts_on > starts)})
    busy = []
    for day in days:
        there = tuple(
            row for row in rows if row.starts_on <= day and (not row.ends_on or row.ends_on >= day)
        )
        busy.append(BusyDay(day, sum(row.personnel for row in there), there))
    return max(busy, key=lambda found: found.personnel)


def placement_detail(deployment: Deployment) -> dict[str, Any]:
    """The facts and the history of one deployment as plain values."""
    return {
        "facts": _facts(deployment),
        "state_badge": DEPLOYMENT_BADGE[DeploymentState(deployment.state)],
        "next": [
            (state, str(DeploymentState(state).label))
            for state in DeploymentState
            if state in DEPLOYMENT_MOVES[deployment.state]
        ],
        "over": deployment.state in FINISHED,
        "history": placement_events(deployment),
        "edit_url": reverse("deployments:deployment_edit", args=[deployment.pk]),
        "rotation_url": f"{reverse('deployments:rotation')}?{_around(deployment)}",
    }


def _around(deployment: Deployment) -> str:
    """The regency whose rotation plan has the placement; of the province, the whole plan."""
    regency = ".".join(deployment.region_id.split(".")[:2])
    return urlencode({"region": regency}) if "." in regency else ""


def _facts(row: Deployment) -> list[dict[str, str]]:
    ends = tanggal_pendek(row.ends_on) if row.ends_on else "…"
    sprin = row.sprin_number
    if row.sprin_date:
        sprin = f"{sprin}, {tanggal_pendek(row.sprin_date)}"
    said = [
        (_("Satuan"), f"{row.unit.name} ({row.agency.short_name})"),
        (_("Jumlah personel"), angka(row.personnel)),
        (_("Pengendali (BKO)"), row.controller.short_name if row.controller else ""),
        (_("Wilayah"), row.region.name),
        (_("Tempat"), row.place.name if row.place else ""),
        (_("Satuan tugas"), row.get_task_force_display()),
        (_("Fungsi"), row.function),
        (_("Tahapan"), str(row.stage) if row.stage else ""),
        (_("Tugas"), row.task),
        (_("Berlaku"), f"{tanggal_pendek(row.starts_on)} – {ends}"),
        (_("Penanggung jawab (jabatan)"), str(row.in_charge) if row.in_charge else ""),
        (_("Kontak"), row.contact),
        (_("Sprin"), sprin),
        (_("Sumber"), f"{row.source} ({row.get_quality_display()}, {wita(row.as_of)})"),
    ]
    return [{"label": label, "value": value} for label, value in said if value]
