from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coordination.enums import Priority
from coordination.models.visibility import oversees
from coordination.queries import scores as queries
from coordination.queries.ladder import span_text
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission

COLUMNS = {
    "instansi": lambda score: (score.position, score.slug),
    "jumlah": lambda score: score.obligations,
    "diterima": lambda score: score.acknowledged_percent,
    "lama": lambda score: score.hours_to_acknowledge,
    "dilaksanakan": lambda score: score.carried_out_percent,
    "keterlambatan": lambda score: score.hours_late,
}
"""What the table can be ordered by, as the address says it."""


@require_GET
@needs(Permission.OBLIGATION_VIEW)
def score_table(request: HttpRequest) -> HttpResponse:
    """How agencies keep their share; in the registry's order unless asked otherwise."""
    at = clock.now()
    rows = queries.scores(request.actor, at)
    wanted = request.GET.get("urut", "")
    name = wanted.removeprefix("-")
    if name in COLUMNS:
        key = COLUMNS[name]
        # What cannot be counted yet stands below, whichever way the table is ordered.
        known = [row for row in rows if key(row) is not None]
        unknown = [row for row in rows if key(row) is None]
        rows = sorted(known, key=key, reverse=wanted.startswith("-")) + unknown
    context = {
        "rows": rows,
        "sorted_by": wanted if name in COLUMNS else "instansi",
        "whole_province": oversees(request.actor),
        "at": at,
        "limits": [
            f"{Priority(priority).label} {span_text(int(limit.total_seconds() // 60))}"
            for priority, limit in queries.acknowledge_within().items()
        ],
    }
    return render(request, "coordination/score_table.html", context)
