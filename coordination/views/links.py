from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coordination.enums import OBLIGATION_BADGES
from coordination.models import Obligation
from coordination.queries import links as queries
from coordination.views.reading import address_of, found
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission


@require_GET
@needs(Permission.OBLIGATION_VIEW)
def obligation_chain(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole chain; to htmx only the short form that stands beside the obligation."""
    rows = Obligation.objects.visible_to(request.actor)
    related = ("agency", "acknowledged_by", "closed_by", "directive__section__agenda_item")
    obligation = found(request, rows.select_related(*related), pk=pk)
    context = {
        "obligation": obligation,
        "directive": obligation.directive,
        "state": (OBLIGATION_BADGES[obligation.state], obligation.get_state_display()),
        "overdue": obligation.is_overdue(clock.now()),
        "links": queries.chain(obligation, request.actor),
        "here": address_of(request, "obligation_chain", pk),
    }
    fragment = request.htmx and not request.htmx.history_restore_request
    part = "#short" if fragment else ""
    return render(request, f"coordination/obligation_chain.html{part}", context)
