from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from incidents.actions.special_reports import issue_special_report
from incidents.enums import Audience
from incidents.exports.special import special_pdf
from incidents.forms.reports import SpecialReportForm
from incidents.models import Incident
from incidents.queries.special_reports import last_situation, special_parts
from incidents.views.incidents import found, note_read
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.audit.record import record_read
from portal.documents.download import PDF_TYPE, download
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.language import for_everybody


def _handled(request: HttpRequest, pk: int) -> Incident:
    incident = found(request, pk)
    require(request.actor, Permission.INCIDENT_HANDLE, incident)
    return incident


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def special_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """What the paper will say, and the two things that the officer adds to it."""
    incident = _handled(request, pk)
    proposed = last_situation(incident, Audience.AGENCIES, request.actor.agency_id)
    form = SpecialReportForm(request.POST or None, initial={"situation": proposed})
    if request.method == "POST":
        report = submit(
            request,
            form,
            lambda: issue_special_report(incident, **form.values, by=request.actor, at=clock.now()),
        )
        if report:
            text = _("Laporan khusus %(number)s terbit.") % {"number": report.number}
            messages.success(request, text)
            return redirect("incidents:incident_detail", pk)
    note_read(request, incident)
    context = {
        "form": form,
        "incident": incident,
        "parts": _proposed(incident, request.actor.agency_id),
        "cancel_url": reverse("incidents:incident_detail", args=[pk]),
        "preview_url": reverse("incidents:special_preview", args=[pk]),
    }
    return render(request, "incidents/special_form.html", context)


@require_GET
@needs(Permission.INCIDENT_HANDLE)
def special_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it would be now, without a number; the download is recorded."""
    incident, at = _handled(request, pk), clock.now()
    record_read(incident, by=request.actor, at=at, verb="preview")
    with for_everybody():
        parts = _proposed(incident, request.actor.agency_id)
    pdf = special_pdf(incident, parts, number="", by=request.actor, at=at)
    return download(pdf, PDF_TYPE, f"pratinjau-{incident.number}.pdf")


def _proposed(incident: Incident, agency_id: int | None):
    """The paper for the agencies, with a place for what is still to be written."""
    blank = _("(diisi saat diterbitkan)")
    situation = last_situation(incident, Audience.AGENCIES, agency_id) or blank
    return special_parts(
        incident,
        audience=Audience.AGENCIES,
        agency_id=agency_id,
        situation=situation,
        plan=blank,
    )
