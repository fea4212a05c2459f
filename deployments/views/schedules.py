"""When which units report, and a new rule for odd numbers: what the list of forms adds."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deployments import actions
from deployments.forms.report_forms import NewRuleForm
from deployments.forms.schedules import ScheduleForm, ScheduleTermsForm
from deployments.models import ReportSchedule
from deployments.views.reading import asked_operation
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.web.forms import submit
from portal.web.idempotency import idempotent


@require_http_methods(["GET", "POST"])
@needs(Permission.FORM_EDIT)
@idempotent
def schedule_create(request: HttpRequest) -> HttpResponse:
    """From now on the units of a kind owe a report at that hour."""
    at = clock.now()
    operation = asked_operation(request, at)
    form = ScheduleForm(
        request.POST or None,
        initial={
            "valid_from": clock.local(at).date(),
            "valid_to": operation.ends_on,
        },
    )
    if request.method == "POST" and submit(
        request,
        form,
        lambda: actions.add_schedule(
            operation, form.cleaned_data["agency"], form.values, by=request.actor, at=at
        ),
    ):
        messages.success(request, _("Jadwal disimpan. Laporannya ditunggu sejak hari pertama."))
        return redirect("deployments:form_list")
    return render(request, "deployments/form_part.html", {"form": form, "title": _("Jam lapor")})


@require_http_methods(["GET", "POST"])
@needs(Permission.FORM_EDIT)
@idempotent
def schedule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Its first and last day, when it opens, and the grace after it."""
    schedule = get_object_or_404(ReportSchedule.objects.visible_to(request.actor), pk=pk)
    form = ScheduleTermsForm(request.POST or None, instance=schedule)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: actions.change_schedule(
            schedule, form.values, version=form.version, by=request.actor, at=clock.now()
        ),
    ):
        messages.success(request, _("Disimpan. Laporan yang sudah ditunggu tetap ditunggu."))
        return redirect("deployments:form_list")
    return render(request, "deployments/form_part.html", {"form": form, "title": schedule.label})


@require_http_methods(["GET", "POST"])
@needs(Permission.FORM_EDIT)
@idempotent
def rule_create(request: HttpRequest) -> HttpResponse:
    """What else makes a number odd."""
    form = NewRuleForm(request.POST or None)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: actions.add_rule(form.values, by=request.actor, at=clock.now()),
    ):
        messages.success(request, _("Disimpan. Laporan yang sudah masuk tidak dinilai ulang."))
        return redirect("deployments:form_list")
    context = {"form": form, "title": _("Aturan kewajaran baru")}
    return render(request, "deployments/form_part.html", context)
