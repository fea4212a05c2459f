"""The matrix as a file: which rows for whom, and what stands in their cells."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from coordination.filters import ObligationFilter
from coordination.queries.matrix import columns, in_full, line, matrix, matrix_rows
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.exports.kinds import Kind, Selection


def select(actor: Actor, query: str, at: datetime) -> Selection:
    """The rows that the page shows for the same filter, in its order."""
    filters = ObligationFilter(QueryDict(query), queryset=matrix(actor), actor=actor, at=at)
    rows = filters.qs
    highest = rows.order_by().aggregate(highest=Max("classification"))["highest"]
    return Selection(
        ids=list(rows.values_list("pk", flat=True)),
        query=filters.query,
        words=[f"{label}: {value}" for _name, label, value in filters.words],
        classification=highest or Classification.TERBATAS,
    )


def lines(actor: Actor, ids: Sequence[int], at: datetime, first: int) -> list[list[Any]]:
    """The cells of these rows, as far as the actor sees them now, in the given order."""
    return [line(row) for row in matrix_rows(in_full(actor, ids), at, first)]


MATRIX = Kind(
    name="matriks-tindak-lanjut",
    permission=Permission.OBLIGATION_VIEW,
    title=_("Matriks tindak lanjut"),
    columns=columns,
    select=select,
    lines=lines,
    page="coordination:obligation_list",
    numeric=frozenset({0, 8}),
)
