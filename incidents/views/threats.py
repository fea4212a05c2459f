from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from incidents.actions.threats import set_threat
from incidents.filters import ThreatFilter
from incidents.forms.warnings import ThreatForm
from incidents.models import EarlyWarning
from incidents.queries import threats as queries
from incidents.rules import judges_threat
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.registry.models import Region, regency_code
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate


@require_GET
@needs(Permission.INCIDENT_VIEW)
def threat_list(request: HttpRequest) -> HttpResponse:
    """Every kecamatan with its level; who has not been judged is named so."""
    form = ThreatFilter(request.GET, queryset=Region.objects.none()).form
    chosen = form.cleaned_data.get("region") if form.is_valid() else None
    rows = queries.threat_rows(request.actor, chosen.pk if chosen else "")
    page = paginate(request, rows)
    context = {"filter_form": form, "page": page, "rows": page.object_list}
    return render(request, "incidents/threat_list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_VIEW)
@idempotent
def threat_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The level of a kecamatan with its history, and the form for who judges it."""
    actor = request.actor
    region = get_object_or_404(Region.objects.districts().select_related("parent"), pk=code)
    warnings = EarlyWarning.objects.visible_to(actor).running()
    warnings = warnings.filter(region__in=[region.pk, regency_code(region.pk)])
    judges = judges_threat(actor, region)
    form = None
    if judges:
        given = request.GET.get("peringatan", "")
        initial = {
            "level": request.GET.get("tingkat") or queries.level_of(region, actor),
            "warning": given if given.isascii() and given.isdigit() else None,
        }
        form = ThreatForm(request.POST or None, warnings=warnings, initial=initial)
    if request.method == "POST":
        require(actor, Permission.WARNING_HANDLE)
        if form is not None and submit(
            request, form, lambda: set_threat(region, by=actor, at=clock.now(), **form.values)
        ):
            messages.success(request, _("Tingkat ancaman ditetapkan."))
            return redirect("incidents:threat_detail", code)
    context = {
        "region": region,
        "badge": queries.threat_badge(queries.level_of(region, actor)),
        "events": queries.threat_history(region, actor),
        "form": form,
    }
    return render(request, "incidents/threat_detail.html", context)
