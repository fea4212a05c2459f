from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coordination.actions import ladder as actions
from coordination.forms.ladder import NewRungForm, RungForm
from coordination.models import LadderRung
from coordination.queries import ladder as queries
from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.web.forms import submit
from portal.web.idempotency import idempotent, release


@require_GET
@needs(Permission.LADDER_EDIT)
def ladder_list(request: HttpRequest) -> HttpResponse:
    """The ladders of each priority, the most pressing first."""
    return render(request, "coordination/ladder_list.html", {"priorities": queries.ladder_tables()})


@require_http_methods(["GET", "POST"])
@needs(Permission.LADDER_EDIT)
@idempotent
def rung_create(request: HttpRequest) -> HttpResponse:
    chosen = {"priority": request.GET.get("derajat"), "occasion": request.GET.get("peristiwa")}
    form = NewRungForm(request.POST or None, initial=chosen)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: actions.add_rung(
            by=request.actor, at=clock.now(), **form.values_for(form.values["occasion"])
        ),
    ):
        messages.success(request, _("Anak tangga ditambahkan."))
        return redirect("coordination:ladder_list")
    return render(request, "coordination/rung_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@needs(Permission.LADDER_EDIT)
@idempotent
def rung_edit(request: HttpRequest, pk: int) -> HttpResponse:
    rung = get_object_or_404(LadderRung.objects.visible_to(request.actor), pk=pk)
    form = RungForm(request.POST or None, rung=rung)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: actions.change_rung(
            rung,
            by=request.actor,
            at=clock.now(),
            version=form.version,
            **form.values_for(rung.occasion),
        ),
    ):
        messages.success(request, _("Anak tangga diubah."))
        return redirect("coordination:ladder_list")
    return render(request, "coordination/rung_form.html", {"form": form, "rung": rung})


@require_POST
@needs(Permission.LADDER_EDIT)
@idempotent
def rung_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a rung on (`on=1`) or off."""
    rung = get_object_or_404(LadderRung.objects.visible_to(request.actor), pk=pk)
    on = request.POST.get("on") == "1"
    try:
        actions.switch_rung(rung, by=request.actor, at=clock.now(), on=on)
    except Refused as refusal:
        release(request)
        messages.error(request, refusal.sentence)
    else:
        text = _("Anak tangga diaktifkan.") if on else _("Anak tangga dinonaktifkan.")
        messages.success(request, text)
    return redirect("coordination:ladder_list")
