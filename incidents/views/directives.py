from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination.forms.directives import DirectiveForm
from incidents.actions.directives import direct_from_incident
from incidents.views.incidents import found, note_read
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.web.forms import submit
from portal.web.idempotency import idempotent


@require_http_methods(["GET", "POST"])
@needs(Permission.DIRECTIVE_ISSUE)
@idempotent
def incident_direct(request: HttpRequest, pk: int) -> HttpResponse:
    """A directive because of the incident; it is issued at once."""
    incident = found(request, pk)
    ground = _("Kejadian %(number)s") % {"number": incident.number}
    initial = {"ground": ground, "classification": incident.classification}
    form = DirectiveForm(request.POST or None, minutes=None, initial=initial)
    if request.method == "POST":
        directive = submit(
            request,
            form,
            lambda: direct_from_incident(
                incident,
                shares=form.shares(),
                due=form.due(),
                by=request.actor,
                at=clock.now(),
                **form.row_values,
            ),
        )
        if directive:
            messages.success(request, _("Arahan terbit; yang diarahkan diberi tahu."))
            return redirect("coordination:directive_detail", directive.pk)
    note_read(request, incident)
    context = {"form": form, "cancel_url": reverse("incidents:incident_detail", args=[pk])}
    return render(request, "coordination/directive_form.html", context)
