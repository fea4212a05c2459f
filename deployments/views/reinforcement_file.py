"""The requests for reinforcement as a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments.filters import ReinforcementFilter
from deployments.queries.reinforcements import days_of, reinforcements_of, state_of
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.exports.kinds import Kind, Selection
from portal.registry.queries import current_operation
from portal.web.templatetags.portal import wita


def select_reinforcements(actor: Actor, query: str, at: datetime) -> Selection:
    """The requests that the page shows for the same filter, in its order."""
    operation = current_operation(at)
    if operation is None:
        return Selection([], "", [], Classification.TERBATAS)
    found = ReinforcementFilter(QueryDict(query), reinforcements_of(actor, operation, at))
    return Selection(
        ids=list(found.qs.values_list("pk", flat=True)),
        query=found.query,
        words=found.words,
        classification=Classification.TERBATAS,
    )


def reinforcement_columns() -> list[tuple[str, int]]:
    return [
        (_("Nomor"), 8),
        (_("Satuan peminta"), 24),
        (_("Instansi"), 14),
        (_("Wilayah"), 22),
        (_("Tempat"), 22),
        (_("Berlaku"), 24),
        (_("Derajat"), 12),
        (_("Keadaan"), 18),
        (_("Diminta"), 10),
        (_("Disanggupi"), 11),
        (_("Diperintahkan"), 13),
        (_("Di tempat"), 10),
        (_("Masih kurang"), 12),
        (_("Diminta pada"), 20),
        (_("Alasan"), 40),
    ]


def reinforcement_lines(
    actor: Actor, ids: Sequence[int], at: datetime, first: int
) -> list[list[Any]]:
    """The cells of these requests in the given order."""
    operation = current_operation(at)
    if operation is None:
        return []
    found = {row.pk: row for row in reinforcements_of(actor, operation, at).filter(pk__in=ids)}
    return [_cells(found[pk]) for pk in ids if pk in found]


def _cells(row: Any) -> list[Any]:
    state = state_of(row)
    return [
        row.pk,
        row.unit.short_name,
        row.agency.short_name,
        row.region.name,
        row.place.name if row.place else "",
        days_of(row),
        state["priority"],
        state["state"],
        row.personnel,
        row.promised,
        row.ordered,
        row.present,
        row.missing,
        wita(row.asked_at),
        row.reason,
    ]


REINFORCEMENTS = Kind(
    name="penebalan",
    permission=Permission.DEPLOYMENT_VIEW,
    title=gettext_lazy("Permintaan penebalan"),
    columns=reinforcement_columns,
    select=select_reinforcements,
    lines=reinforcement_lines,
    page="deployments:reinforcement_list",
    numeric=frozenset(range(8, 13)),
)
