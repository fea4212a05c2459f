from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from incidents.actions.gakkumdu_clock import change_clock_step
from incidents.forms.gakkumdu import ClockStepForm
from incidents.models import ClockStep
from incidents.queries.gakkumdu_detail import clock_settings
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.web.forms import submit
from portal.web.idempotency import idempotent


@require_GET
@needs(Permission.GAKKUMDU_EDIT)
def clock_list(request: HttpRequest) -> HttpResponse:
    """The legal clock as it is set, for administrators."""
    return render(request, "incidents/clock_list.html", {"rows": clock_settings(request.actor)})


@require_http_methods(["GET", "POST"])
@needs(Permission.GAKKUMDU_EDIT)
@idempotent
def clock_edit(request: HttpRequest, slug: str) -> HttpResponse:
    step = get_object_or_404(ClockStep.objects.visible_to(request.actor), pk=slug)
    form = ClockStepForm(request.POST or None, row=step)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: change_clock_step(
            step, by=request.actor, at=clock.now(), version=form.version, **form.values
        ),
    ):
        messages.success(request, _("Batas waktu diubah."))
        return redirect("incidents:clock_list")
    return render(request, "incidents/clock_form.html", {"form": form, "step": step})
