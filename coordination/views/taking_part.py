"""Which agencies have left the operation; leaving and coming back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination.actions import withdrawals as actions
from coordination.forms.taking_part import LeaveForm, ReadmitForm
from coordination.models import AgencyWithdrawal
from coordination.queries.taking_part import withdrawal_rows
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.registry.models import Operation
from portal.registry.queries import current_operation
from portal.web.forms import submit
from portal.web.idempotency import idempotent


@require_http_methods(["GET", "POST"])
@needs(Permission.MEETING_PLAN)
@idempotent
def taking_part(request: HttpRequest) -> HttpResponse:
    """Who left, and the form with which one more leaves."""
    operation = _operation(request)
    form = LeaveForm(request.POST or None)
    if request.method == "POST":
        left = submit(
            request,
            form,
            lambda: actions.withdraw_agency(
                operation, by=request.actor, at=clock.now(), **form.values
            ),
        )
        if left:
            text = _("%(agency)s ditarik dari operasi; kursinya di rakor mendatang ikut ditarik.")
            messages.success(request, text % {"agency": left.agency.short_name})
            return redirect("coordination:taking_part")
    context = {
        "form": form,
        "operation": operation,
        "rows": withdrawal_rows(request.actor, operation),
    }
    return render(request, "coordination/taking_part.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.MEETING_PLAN)
@idempotent
def agency_readmit(request: HttpRequest, pk: int) -> HttpResponse:
    _operation(request)
    rows = AgencyWithdrawal.objects.visible_to(request.actor).select_related("agency")
    withdrawal = get_object_or_404(rows, pk=pk, ended_at=None)
    form = ReadmitForm(request.POST or None)
    if request.method == "POST":
        back = submit(
            request,
            form,
            lambda: actions.readmit_agency(
                withdrawal, by=request.actor, at=clock.now(), **form.values
            ),
        )
        if back:
            text = _("%(agency)s ikut kembali. Undang lagi ke rakor yang perlu dihadirinya.")
            messages.success(request, text % {"agency": back.agency.short_name})
            return redirect("coordination:taking_part")
    context = {"form": form, "withdrawal": withdrawal}
    return render(request, "coordination/agency_readmit.html", context)


def _operation(request: HttpRequest) -> Operation:
    """Only who oversees the province decides who takes part."""
    if not request.actor.whole_province:
        raise PermissionDenied
    operation = current_operation(clock.now())
    if operation is None:
        raise Http404
    return operation
