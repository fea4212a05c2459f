from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents.actions.agenda import bring_to_rakor
from incidents.forms.agenda import BringForm
from incidents.views.incidents import found, note_read
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.web.forms import submit
from portal.web.idempotency import idempotent


@require_http_methods(["GET", "POST"])
@needs(Permission.MEETING_PLAN)
@idempotent
def incident_bring(request: HttpRequest, pk: int) -> HttpResponse:
    """The incident becomes an item of a rakor's agenda or of a series' backlog."""
    incident, actor = found(request, pk), request.actor
    form = BringForm(request.POST or None, incident=incident, actor=actor)

    def run():
        values = dict(form.values)
        return bring_to_rakor(incident, values.pop("place"), **values, by=actor, at=clock.now())

    if request.method == "POST" and submit(request, form, run):
        messages.success(request, _("Kejadian masuk susunan acara."))
        return redirect("incidents:incident_detail", pk)
    note_read(request, incident)
    context = {
        "incident": incident,
        "form": form,
        "title": _("Bawa ke rakor"),
        "submit_label": _("Bawa ke rakor"),
        "cancel_url": reverse("incidents:incident_detail", args=[pk]),
    }
    return render(request, "incidents/incident_act.html", context)
