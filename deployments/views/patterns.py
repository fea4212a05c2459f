"""The guarding patterns: list with history, a new one, the end of one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from deployments import actions
from deployments.forms import PatternEndForm, PatternForm
from deployments.models import GuardPattern
from deployments.queries.pattern_pages import pattern_list_rows
from deployments.views.reading import asked_operation
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.registry.models import Agency
from portal.web.forms import submit
from portal.web.idempotency import idempotent


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def pattern_list(request: HttpRequest) -> HttpResponse:
    """Every pattern of the operation, those in force marked."""
    at = clock.now()
    operation = asked_operation(request, at)
    own = Agency.objects.filter(pk=request.actor.agency_id).first()
    rows = pattern_list_rows(request.actor, operation, at)
    context = {
        "operation": operation,
        "standing": [row for row in rows if not row["past"]],
        "past": [row for row in rows if row["past"]],
        "may_edit": own is not None and may(request.actor, Permission.PATTERN_EDIT, own),
    }
    return render(request, "deployments/pattern_list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.PATTERN_EDIT)
@idempotent
def pattern_create(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    operation = asked_operation(request, at)
    agency = get_object_or_404(Agency, pk=request.actor.agency_id)
    require(request.actor, Permission.PATTERN_EDIT, agency)
    form = PatternForm(
        request.POST or None, agency=agency, initial={"valid_from": clock.local(at).date()}
    )
    if request.method == "POST" and submit(
        request,
        form,
        lambda: actions.set_guard_pattern(
            operation, agency, by=request.actor, at=at, **form.values
        ),
    ):
        messages.success(request, _("Pola pengamanan dicatat."))
        return redirect("deployments:pattern_list")
    return render(request, "deployments/pattern_form.html", {"form": form, "operation": operation})


@require_http_methods(["GET", "POST"])
@needs(Permission.PATTERN_EDIT)
@idempotent
def pattern_end(request: HttpRequest, pk: int) -> HttpResponse:
    patterns = GuardPattern.objects.visible_to(request.actor).select_related("agency", "unit")
    pattern = get_object_or_404(patterns, pk=pk)
    require(request.actor, Permission.PATTERN_EDIT, pattern.agency)
    at = clock.now()
    if pattern.valid_to and pattern.valid_to < clock.local(at).date():
        raise Http404
    form = PatternEndForm(request.POST or None, initial={"valid_to": pattern.valid_to})
    if request.method == "POST" and submit(
        request,
        form,
        lambda: actions.end_guard_pattern(pattern, by=request.actor, at=at, **form.values),
    ):
        messages.success(request, _("Akhir masa berlaku pola dicatat."))
        return redirect("deployments:pattern_list")
    return render(request, "deployments/pattern_end.html", {"form": form, "pattern": pattern})
