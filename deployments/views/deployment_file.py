"""The placements as a list and as a file: one choice for both."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments.filters import DeploymentFilter
from deployments.models import Deployment
from deployments.queries.placements import placements_of
from portal import clock
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.exports.kinds import Kind, Selection
from portal.registry.models import Operation
from portal.registry.queries import current_operation
from portal.web.templatetags.portal import tanggal_pendek, wita


def chosen(
    actor: Actor,
    operation: Operation,
    data: QueryDict,
    at: datetime,
    request: HttpRequest | None = None,
) -> DeploymentFilter:
    """What runs and what is to come; of a day that was asked for all that stood or will stand."""
    since = None if data.get("at") else clock.local(at).date()
    rows = placements_of(actor, operation, since)
    return DeploymentFilter(data, rows, request=request)


def select_placements(actor: Actor, query: str, at: datetime) -> Selection:
    """The placements that the page shows for the same filter, in its order."""
    operation = current_operation(at)
    if operation is None:
        return Selection([], "", [], Classification.TERBATAS)
    found = chosen(actor, operation, QueryDict(query), at)
    return Selection(
        ids=list(found.qs.values_list("pk", flat=True)),
        query=found.query,
        words=found.words,
        classification=Classification.TERBATAS,
    )


def placement_columns() -> list[tuple[str, int]]:
    return [
        (_("Nomor"), 8),
        (_("Satuan"), 22),
        (_("Instansi"), 14),
        (_("Pengendali (BKO)"), 14),
        (_("Kode wilayah"), 10),
        (_("Wilayah"), 20),
        (_("Tempat"), 22),
        (_("Jumlah personel"), 10),
        (_("Status"), 10),
        (_("Keadaan"), 16),
        (_("Satuan tugas"), 16),
        (_("Fungsi"), 14),
        (_("Tugas"), 26),
        (_("Mulai"), 12),
        (_("Sampai dengan"), 12),
        (_("Sprin"), 18),
        (_("Penanggung jawab"), 22),
        (_("Kontak"), 16),
        (_("Sumber"), 26),
        (_("Data per"), 18),
        (_("Mutu data"), 14),
    ]


def placement_lines(actor: Actor, ids: Sequence[int], at: datetime, first: int) -> list[list[Any]]:
    """The cells of these placements in the given order."""
    operation = current_operation(at)
    if operation is None:
        return []
    found = {row.pk: row for row in placements_of(actor, operation).filter(pk__in=ids)}
    return [_cells(found[pk]) for pk in ids if pk in found]


def _cells(row: Deployment) -> list[Any]:
    return [
        row.pk,
        row.unit.short_name,
        row.agency.short_name,
        row.controller.short_name if row.controller else "",
        row.region_id,
        row.region.name,
        row.place.name if row.place else "",
        row.personnel,
        row.get_status_display(),
        row.get_state_display(),
        row.get_task_force_display(),
        row.function,
        row.task,
        tanggal_pendek(row.starts_on),
        tanggal_pendek(row.ends_on) if row.ends_on else "",
        row.sprin_number,
        str(row.in_charge) if row.in_charge else "",
        row.contact,
        row.source,
        wita(row.as_of),
        _("Data ilustrasi") if row.illustrative else row.get_quality_display(),
    ]


PLACEMENTS = Kind(
    name="daftar-penempatan",
    permission=Permission.DEPLOYMENT_VIEW,
    title=gettext_lazy("Penempatan"),
    columns=placement_columns,
    select=select_placements,
    lines=placement_lines,
    page="deployments:deployment_list",
    numeric=frozenset({7}),
)
