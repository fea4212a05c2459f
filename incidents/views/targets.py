from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from incidents.actions.moves import receive_incident
from incidents.actions.target_ladder import change_target_rung
from incidents.forms.targets import TargetRungForm
from incidents.models import TargetRung
from incidents.views.incidents import found
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.forms import submit
from portal.web.idempotency import idempotent


@require_POST
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def incident_receive(request: HttpRequest, pk: int) -> HttpResponse:
    """The lead says that it has the report."""
    incident = found(request, pk)
    require(request.actor, Permission.INCIDENT_HANDLE, incident)
    receive_incident(incident, by=request.actor, at=clock.now())
    messages.success(request, _("Kejadian diterima."))
    return redirect("incidents:incident_detail", pk)


@require_GET
@needs(Permission.LADDER_EDIT)
def target_rung_list(request: HttpRequest) -> HttpResponse:
    """The ladder of target times as it is set, for administrators."""
    rows = [
        {
            "pk": rung.pk,
            "percent": rung.percent,
            "recipient": rung.get_recipient_display(),
            "state": ("success", _("Aktif")) if rung.is_active else ("neutral", _("Tidak aktif")),
        }
        for rung in TargetRung.objects.visible_to(request.actor)
    ]
    return render(request, "incidents/target_rung_list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@needs(Permission.LADDER_EDIT)
@idempotent
def target_rung_edit(request: HttpRequest, pk: int) -> HttpResponse:
    rung = get_object_or_404(TargetRung.objects.visible_to(request.actor), pk=pk)
    form = TargetRungForm(request.POST or None, row=rung)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: change_target_rung(
            rung, by=request.actor, at=clock.now(), version=form.version, **form.values
        ),
    ):
        messages.success(request, _("Anak tangga diubah."))
        return redirect("incidents:target_rung_list")
    return render(request, "incidents/target_rung_form.html", {"form": form, "rung": rung})
