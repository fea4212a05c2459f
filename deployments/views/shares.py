"""How the units over several districts are split."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from deployments import actions
from deployments.forms.shares import SharesForm, share_field
from deployments.queries.shares import declared_shares, shared_units
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.registry.models import Unit
from portal.web.forms import submit
from portal.web.idempotency import idempotent


@require_GET
@needs(Permission.DEPLOYMENT_EDIT)
def share_list(request: HttpRequest) -> HttpResponse:
    """The units whose split the post may declare, and how much of each is declared."""
    units = shared_units(request.actor, clock.now())
    return render(request, "deployments/share_list.html", {"units": units})


@require_http_methods(["GET", "POST"])
@needs(Permission.DEPLOYMENT_EDIT)
@idempotent
def share_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The parts of one unit, in per cent."""
    at = clock.now()
    unit = get_object_or_404(Unit.objects.visible_to(request.actor), slug=slug)
    require(request.actor, Permission.DEPLOYMENT_EDIT, unit)
    known = declared_shares([unit.pk], at).get(unit.pk, {})
    initial = {share_field(code): share * 100 for code, share in known.items()}
    form = SharesForm(request.POST or None, unit=unit, initial=initial)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: (
            actions.declare_shares(
                unit, form.shares, source=form.cleaned_data["source"], by=request.actor, at=at
            )
            or [unit]
        ),
    ):
        return redirect("deployments:share_list")
    return render(request, "deployments/share_form.html", {"form": form, "unit": unit})
