from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coordination.actions.carry_over import drop_item
from coordination.forms.meetings import ReasonForm
from coordination.models import Meeting, MeetingSeries, Obligation
from coordination.queries import carry_over as queries
from coordination.queries.obligations import obligation_rows
from coordination.views.reading import found
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate


@require_GET
@needs(Permission.OBLIGATION_VIEW)
def series_obligations(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still open of all rakor of a series, and comes onto the next agenda."""
    series = get_object_or_404(MeetingSeries.objects.visible_to(request.actor), pk=pk)
    page = paginate(request, queries.open_of_series(series, request.actor))
    context = {
        "series": series,
        "page": page,
        "rows": obligation_rows(page.object_list, clock.now()),
    }
    return render(request, "coordination/series_obligations.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.MEETING_PLAN)
@idempotent
def agenda_drop(request: HttpRequest, pk: int, obligation: int) -> HttpResponse:
    """Take what came back off this agenda, with a reason."""
    meeting = found(request, Meeting.objects.visible_to(request.actor), pk=pk)
    require(request.actor, Permission.MEETING_PLAN, meeting)
    rows = Obligation.objects.visible_to(request.actor).filter(agenda_items__meeting=meeting)
    row = found(request, rows.select_related("agency", "directive"), pk=obligation)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        dropped = submit(
            request,
            form,
            lambda: drop_item(meeting, row, by=request.actor, at=clock.now(), **form.values),
        )
        if dropped:
            messages.success(request, _("Butir dikeluarkan dari susunan acara."))
            return redirect("coordination:meeting_detail", pk)
    cancel_url = reverse("coordination:meeting_detail", args=[pk])
    context = {"form": form, "meeting": meeting, "obligation": row, "cancel_url": cancel_url}
    return render(request, "coordination/agenda_drop.html", context)
