from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from incidents.filters import IncidentListFilter
from incidents.models import Incident
from incidents.queries.statistics import Statistics, statistics
from incidents.queries.trend import trend
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.registry.enums import PROVINCE
from portal.registry.queries import current_operation


@require_GET
@needs(Permission.INCIDENT_VIEW)
def incident_statistics(request: HttpRequest) -> HttpResponse:
    """Incidents by week, stage, type and place, under the same filter as the list."""
    at = clock.now()
    filters = IncidentListFilter(request.GET, Incident.objects.visible_to(request.actor))
    region = filters.form.cleaned_data.get("region") if filters.form.is_valid() else None
    operation = current_operation(at)
    figures = operation and statistics(
        filters.qs, operation, at, within=region.pk if region else PROVINCE
    )
    context = {
        "filter_form": filters.form,
        "operation": operation,
        "figures": figures,
        "at": at,
        "region": region,
        **(_linked(request, figures) if figures else {}),
    }
    return render(request, "incidents/statistics.html", context)


def _linked(request: HttpRequest, figures: Statistics) -> dict[str, object]:
    """The rows with the address of what is behind them, under the same filter."""

    def query(**chosen: str) -> str:
        asked = request.GET.copy()
        for name, value in chosen.items():
            asked[name] = value
        return f"?{asked.urlencode()}"

    listed = reverse("incidents:incident_list")
    return {
        "trend": trend(figures.weeks),
        "types": [(row, listed + query(type=row.key)) for row in figures.types],
        "places": [(row, query(region=row.within) if row.within else "") for row in figures.places],
        "list_url": listed + query(),
    }
