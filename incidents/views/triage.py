"""The officers' side of the public's reports."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from incidents import queries
from incidents.actions.public_triage import (
    Sorted,
    answer_report,
    follow_up,
    open_contact,
    set_aside,
    take_back,
)
from incidents.actions.reports import report_incident
from incidents.enums import PUBLIC_MOVES, Disturbance, Occurrence, PublicState, Timing
from incidents.filters import PublicReportFilter
from incidents.forms.incidents import IncidentForm
from incidents.forms.triage import FOLLOW, SET_ASIDE, TAKE_BACK, AnswerForm, TriageForm
from incidents.models import Incident, PublicPhoto, PublicReport
from portal import clock
from portal.access.classification import Classification
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.attachments.storage import read
from portal.audit.record import record_read
from portal.web.forms import ids_of, submit
from portal.web.idempotency import idempotent, release
from portal.web.pagination import paginate

REASON_KEYS = 9
"""Quick reasons that a digit chooses; js/behaviours/triage.js reads 1 to 9."""
PER_PAGE = 50
KEPT = "triage"
"""In the session: what was ticked and chosen in the queue when the act was refused."""
LEADS_TO = {
    SET_ASIDE: PublicState.SET_ASIDE,
    FOLLOW: PublicState.FOLLOWED,
    TAKE_BACK: PublicState.WAITING,
}


def found(request: HttpRequest, pk: int) -> PublicReport:
    """The report within the post's sight, else 404."""
    rows = queries.triage_queue(request.actor).select_related(
        "subject__type__lead", "region__parent", "likely_of", "reason", "incident"
    )
    report = rows.filter(pk=pk).first()
    if report is None:
        raise Http404
    return report


@require_GET
@needs(Permission.PUBLIC_REPORT_TRIAGE)
def public_queue(request: HttpRequest) -> HttpResponse:
    kept = request.session.pop(KEPT, {})
    form = TriageForm(actor=request.actor, initial=kept)
    return _queue(request, form, chosen=ids_of(kept.get("ids", [])))


def _queue(request: HttpRequest, form: TriageForm, chosen: list[int]) -> HttpResponse:
    filters = PublicReportFilter(
        request.GET or {"state": "menunggu"}, queryset=queries.triage_queue(request.actor)
    )
    page = paginate(request, filters.qs, per_page=PER_PAGE)
    reasons = queries.quick_reasons()
    context = {
        "filter_form": filters.form,
        "page": page,
        "rows": queries.queue_rows(page.object_list),
        "summary": queries.queue_summary(request.actor),
        "reasons": reasons,
        "reason_keys": min(len(reasons), REASON_KEYS),
        "form": form,
        "chosen": chosen,
        "back": request.get_full_path(),
    }
    return render(request, "incidents/public_queue.html", context)


@require_POST
@needs(Permission.PUBLIC_REPORT_TRIAGE)
@idempotent
def public_sort(request: HttpRequest) -> HttpResponse:
    """One act on the ticked reports, or on the one whose page it came from."""
    form = TriageForm(request.POST, actor=request.actor)
    done = submit(request, form, lambda: _sort(request, form))
    if done is None:
        for errors in form.errors.values():
            messages.error(request, " ".join(errors))
        if "version" not in request.POST:
            request.session[KEPT] = {
                "ids": request.POST.getlist("ids"),
                "act": request.POST.get("act", ""),
                "incident": request.POST.get("incident", ""),
            }
        release(request)
    else:
        messages.success(request, _said(done))
    return redirect(_next(request))


def _sort(request: HttpRequest, form: TriageForm) -> Sorted:
    chosen = ids_of(request.POST.getlist("ids"))
    words = {"by": request.actor, "at": clock.now(), "version": form.cleaned_data.get("version")}
    act = form.cleaned_data["act"]
    if act == SET_ASIDE:
        return set_aside(chosen, form.cleaned_data["reason"], **words)
    if act == FOLLOW:
        return follow_up(chosen, form.found(), **words)
    return take_back(chosen, **words)


def _said(done: Sorted) -> str:
    text = ngettext("%(n)s laporan ditelaah.", "%(n)s laporan ditelaah.", done.changed) % {
        "n": done.changed
    }
    if done.left:
        text += " " + ngettext(
            "%(n)s dilewati karena sudah diputus.",
            "%(n)s dilewati karena sudah diputus.",
            done.left,
        ) % {"n": done.left}
    return text


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else reverse("incidents:public_queue")


@require_GET
@needs(Permission.PUBLIC_REPORT_TRIAGE)
def public_report(request: HttpRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    if report.confidential:
        record_read(report, by=request.actor, at=clock.now())
    return _page(request, report, AnswerForm())


def _page(
    request: HttpRequest,
    report: PublicReport,
    form: AnswerForm,
    contact: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "report": report,
        "elsewhere": queries.point_elsewhere(report),
        "sheet": queries.public_sheet(report, request.actor),
        "reasons": queries.quick_reasons(),
        "form": form,
        "triage_form": TriageForm(actor=request.actor),
        "acts": [act for act, state in LEADS_TO.items() if state in PUBLIC_MOVES[report.state]],
        "contact": contact,
        "may_report": may(request.actor, Permission.INCIDENT_REPORT),
    }
    return render(request, "incidents/public_report.html", context)


@require_POST
@needs(Permission.PUBLIC_REPORT_TRIAGE)
@idempotent
def public_answer(request: HttpRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    form = AnswerForm(request.POST)
    answer = submit(
        request,
        form,
        lambda: answer_report(report, **form.values, by=request.actor, at=clock.now()),
    )
    if answer is None:
        return _page(request, report, form)
    messages.success(request, _("Jawaban disimpan; pelapor membacanya dengan kodenya."))
    return redirect("incidents:public_report", pk)


@require_POST
@needs(Permission.PUBLIC_REPORT_TRIAGE)
@idempotent
def public_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how the sender can be reached: on this answer only, and it is recorded."""
    report = found(request, pk)
    try:
        contact = open_contact(report, by=request.actor, at=clock.now())
    except Refused as refusal:
        release(request)
        messages.error(request, refusal.sentence)
        return redirect("incidents:public_report", pk)
    return _page(request, report, AnswerForm(), contact)


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_REPORT)
@idempotent
def public_incident(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an incident from it: the officer writes it, the report only prompts."""
    report = found(request, pk)
    require(request.actor, Permission.PUBLIC_REPORT_TRIAGE, report)
    at = clock.now()
    form = IncidentForm(request.POST or None, actor=request.actor, initial=_prompted(report, at))
    if request.method == "POST":
        incident = submit(request, form, lambda: _make(request, report, form))
        if incident:
            text = _("Kejadian %(number)s dibuat dari laporan warga.") % {"number": incident.number}
            messages.success(request, text)
            return redirect("incidents:incident_detail", incident.pk)
    # What is confidential is read on its own page only, where the reading is recorded.
    told = "" if report.classification >= Classification.RAHASIA else report.text
    context = {"form": form, "report": report, "told": told}
    return render(request, "incidents/public_incident.html", context)


def _make(request: HttpRequest, report: PublicReport, form: IncidentForm) -> Incident:
    actor, at = request.actor, clock.now()
    incident = report_incident(**form.values, illustrative=report.illustrative, by=actor, at=at)
    done = follow_up([report.pk], incident, by=actor, at=at)
    if not done.changed:
        raise Refused(_("Laporan ini sudah diputus orang lain."))
    return incident


OCCURRENCE_OF = {
    Timing.PAST: Occurrence.OVER,
    Timing.NOW: Occurrence.ONGOING,
    Timing.AHEAD: Occurrence.EXPECTED,
}


def _prompted(report: PublicReport, at) -> dict:
    """Of a confidential report only kind, region and time."""
    prompted = {
        "type": report.subject.type_id,
        "region": report.region_id,
        "occurrence": OCCURRENCE_OF[report.timing],
        "occurred_at": report.occurred_at
        if report.timing == Timing.AHEAD
        else min(report.occurred_at, at),
        "disturbance": Disturbance.POTENTIAL if report.timing == Timing.AHEAD else Disturbance.REAL,
        "classification": report.classification,
    }
    if report.classification < Classification.RAHASIA:
        prompted |= {
            "place": report.place,
            "latitude": report.latitude,
            "longitude": report.longitude,
        }
    return prompted


@require_GET
@needs(Permission.PUBLIC_REPORT_TRIAGE)
def public_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture, for whoever sorts its report."""
    photo = (
        PublicPhoto.objects.visible_to(request.actor).select_related("report").filter(pk=pk).first()
    )
    if photo is None:
        raise Http404
    if photo.classification >= Classification.RAHASIA:
        record_read(photo, by=request.actor, at=clock.now(), verb="download")
    return HttpResponse(
        read(photo.path),
        content_type="image/jpeg",
        headers={
            "Content-Disposition": f'inline; filename="{photo}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
        },
    )
