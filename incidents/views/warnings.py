from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from incidents.actions.warning_acts import acknowledge_warning, end_warning
from incidents.actions.warning_rules import change_rule
from incidents.enums.warning import BY_HAND, WARNING_MOVES
from incidents.exports.cap import cap_message
from incidents.filters import WarningFilter
from incidents.forms.warnings import EndWarningForm, WarningRuleForm
from incidents.models import EarlyWarning, WarningRule
from incidents.queries import warnings as queries
from incidents.queries.threats import proposals
from incidents.queries.warning_rules import rule_events
from incidents.queries.warning_words import rule_sentence
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate


def found(request: HttpRequest, pk: int) -> EarlyWarning:
    """The warning within the post's sight, else 404."""
    warning = queries.warnings(request.actor).filter(pk=pk).first()
    if warning is None:
        raise Http404
    return warning


@require_GET
@needs(Permission.INCIDENT_VIEW)
def warning_list(request: HttpRequest) -> HttpResponse:
    filters = WarningFilter(request.GET, queryset=queries.warnings(request.actor))
    page = paginate(request, filters.qs)
    context = {
        "filter_form": filters.form,
        "page": page,
        "rows": queries.warning_rows(page.object_list),
    }
    return render(request, "incidents/warning_list.html", context)


@require_GET
@needs(Permission.INCIDENT_VIEW)
def warning_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Why, where, until when, who acknowledged it, and what became of it."""
    warning, actor = found(request, pk), request.actor
    own = [row for row in warning.receipts.all() if row.agency_id == actor.agency_id]
    context = {
        "warning": warning,
        "row": queries.warning_row(warning),
        "grounds": queries.grounds(warning, actor),
        "receipts": warning.receipts.all(),
        "events": queries.history(warning),
        "may_acknowledge": may(actor, Permission.WARNING_ACKNOWLEDGE)
        and warning in EarlyWarning.objects.running()
        and any(row.acknowledged_at is None for row in own),
        "may_end": bool(_ends(warning)) and may(actor, Permission.WARNING_HANDLE, warning),
        "proposals": proposals(warning, actor),
    }
    return render(request, "incidents/warning_detail.html", context)


def _ends(warning: EarlyWarning) -> list:
    return [state for state in BY_HAND if state in WARNING_MOVES[warning.state]]


@require_POST
@needs(Permission.WARNING_ACKNOWLEDGE)
@idempotent
def warning_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    acknowledge_warning(found(request, pk), by=request.actor, at=clock.now())
    messages.success(request, _("Peringatan dinyatakan diterima."))
    return redirect("incidents:warning_detail", pk)


@require_http_methods(["GET", "POST"])
@needs(Permission.WARNING_HANDLE)
@idempotent
def warning_end(request: HttpRequest, pk: int) -> HttpResponse:
    warning = found(request, pk)
    require(request.actor, Permission.WARNING_HANDLE, warning)
    form = EndWarningForm(request.POST or None, row=warning, choices=_ends(warning))
    if request.method == "POST" and submit(
        request,
        form,
        lambda: end_warning(
            warning, by=request.actor, at=clock.now(), version=form.version, **form.values
        ),
    ):
        messages.success(request, _("Peringatan diakhiri."))
        return redirect("incidents:warning_detail", pk)
    return render(request, "incidents/warning_end.html", {"form": form, "warning": warning})


@require_GET
@needs(Permission.INCIDENT_VIEW)
def warning_cap(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest message of the warning in CAP 1.2."""
    warning = found(request, pk)
    message = cap_message(warning, list(warning.entries.order_by("at", "pk")))
    response = HttpResponse(message, content_type="application/cap+xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{warning.number}.cap.xml"'
    return response


@require_GET
@needs(Permission.INCIDENT_VIEW)
def warning_rules(request: HttpRequest) -> HttpResponse:
    """The rules, and how often each was right."""
    context = {
        "rows": queries.rule_rows(request.actor),
        "may_edit": may(request.actor, Permission.WARNING_EDIT),
    }
    return render(request, "incidents/warning_rules.html", context)


@require_GET
@needs(Permission.INCIDENT_VIEW)
def warning_rule_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """When a rule warns, and its past."""
    rule = get_object_or_404(WarningRule.objects.visible_to(request.actor), pk=slug)
    context = {
        "rule": rule,
        "sentence": rule_sentence(rule),
        "events": rule_events(rule),
        "may_edit": may(request.actor, Permission.WARNING_EDIT),
    }
    return render(request, "incidents/warning_rule_detail.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.WARNING_EDIT)
@idempotent
def warning_rule_edit(request: HttpRequest, slug: str) -> HttpResponse:
    rule = get_object_or_404(WarningRule.objects.visible_to(request.actor), pk=slug)
    form = WarningRuleForm(request.POST or None, row=rule)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: change_rule(
            rule, by=request.actor, at=clock.now(), version=form.version, **form.values
        ),
    ):
        messages.success(request, _("Aturan diubah."))
        return redirect("incidents:warning_rule_detail", slug)
    return render(request, "incidents/warning_rule_form.html", {"form": form, "rule": rule})
