"""Pages of the units that are sent to an incident."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deployments.models import Deployment
from incidents.actions.assignments import assign_units, move_assignment, refuse_sending
from incidents.enums.assignments import AssignmentState
from incidents.forms.assignments import AssignForm, AssignmentMoveForm
from incidents.models import UnitAssignment
from incidents.queries.units import STEPS, units_nearby
from incidents.views.incidents import found, note_read
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.web.forms import submit, too_late
from portal.web.idempotency import idempotent


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def incident_units(request: HttpRequest, pk: int) -> HttpResponse:
    """The units in place around an incident, the nearest first; one or several are sent."""
    incident, actor = found(request, pk), request.actor
    require(actor, Permission.INCIDENT_HANDLE, incident)
    if request.method == "GET" and too_late(request, lambda: refuse_sending(incident)):
        return redirect("incidents:incident_detail", pk)
    nearby = units_nearby(incident, actor, clock.now())
    form = AssignForm(request.POST or None, incident=incident, nearby=nearby)

    def run() -> list[UnitAssignment]:
        rows = Deployment.objects.visible_to(actor)
        chosen = list(rows.filter(pk__in=form.values["placements"]))
        task, version = form.values["task"], form.version
        return assign_units(incident, chosen, task=task, version=version, by=actor, at=clock.now())

    if request.method == "POST" and submit(request, form, run):
        messages.success(request, _("Satuan ditugaskan; instansinya diberi tahu."))
        return redirect("incidents:incident_detail", pk)
    note_read(request, incident)
    context = {
        "incident": incident,
        "form": form,
        "nearby": nearby,
        "cancel_url": reverse("incidents:incident_detail", args=[pk]),
    }
    return render(request, "incidents/incident_units.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_ANSWER)
@idempotent
def assignment_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of a unit that was sent."""
    rows = UnitAssignment.objects.visible_to(request.actor)
    row = get_object_or_404(rows.select_related("incident", "deployment__unit"), pk=pk)
    if not may(request.actor, Permission.INCIDENT_HANDLE, row.incident):
        require(request.actor, Permission.INCIDENT_ANSWER, row)
    state = (request.POST or request.GET).get("state", "")
    if state not in STEPS:
        raise Http404
    form = AssignmentMoveForm(request.POST or None, state=state)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: move_assignment(row, **form.values, by=request.actor, at=clock.now()),
    ):
        messages.success(request, _("Penugasan diperbarui."))
        if rows.filter(pk=pk).exists():
            return redirect("incidents:incident_detail", row.incident_id)
        return redirect("incidents:incident_list")
    label, _icon = STEPS[AssignmentState(state)]
    context = {
        "incident": row.incident,
        "form": form,
        "title": f"{row.deployment.unit.name}: {label}",
        "lead": row.task,
        "submit_label": label,
        "cancel_url": reverse("incidents:incident_detail", args=[row.incident_id]),
        "cancel": _("Kembali"),
    }
    note_read(request, row.incident)
    return render(request, "incidents/incident_act.html", context)
