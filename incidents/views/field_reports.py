"""Field reports: sent from a phone, put into an incident or aside by the posko."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from incidents import queries
from incidents.actions.accounts import Told
from incidents.actions.field_reports import file_report, send_field_report, set_aside
from incidents.actions.grouping import open_incident
from incidents.enums import SEVERITY_BADGES
from incidents.filters import FieldReportFilter
from incidents.forms.field_reports import FieldReportForm, FileReportForm
from incidents.forms.incidents import ReasonForm
from incidents.models import FieldReport, Incident
from incidents.views.incidents import note_read
from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.web.forms import ids_of, submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate

AT_ONCE = 100
EXTRA = ("client_key", "written_at", "station", "situation", "next_steps", "photos")


def found(request: HttpRequest, pk: int) -> FieldReport:
    """The report within the post's sight, else 404."""
    report = queries.field_reports(request.actor).filter(pk=pk).first()
    if report is None:
        raise Http404
    return report


@require_GET
@needs(Permission.INCIDENT_VIEW)
def field_report_list(request: HttpRequest) -> HttpResponse:
    filters = FieldReportFilter(request.GET, queryset=queries.field_reports(request.actor))
    page = paginate(request, filters.qs)
    context = {
        "filter_form": filters.form,
        "page": page,
        "rows": queries.field_report_rows(page.object_list),
        "waiting": queries.waiting_reports(request.actor).count(),
        "may_report": may(request.actor, Permission.INCIDENT_REPORT),
        "may_file": may(request.actor, Permission.INCIDENT_HANDLE),
    }
    return render(request, "incidents/field_report_list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_REPORT)
@idempotent
def field_report_create(request: HttpRequest) -> HttpResponse:
    actor, at = request.actor, clock.now()
    follows = _followed(request)
    own_region = "" if actor.whole_province else actor.region_code
    initial: dict[str, Any] = {"occurred_at": at, "region": own_region, "written_at": at}
    if follows:
        initial |= {
            "type": follows.type_id,
            "region": follows.region_id,
            "place": follows.place,
            "severity": follows.severity,
            "disturbance": follows.disturbance,
        }
    form = FieldReportForm(
        request.POST or None, request.FILES or None, actor=actor, initial=initial
    )
    if request.method == "POST":
        report = submit(request, form, lambda: _send(request, form, follows))
        if report:
            text = _("Laporan %(number)s terkirim.") % {"number": report.number}
            messages.success(request, text)
            return redirect("incidents:field_report_detail", report.pk)
    owner = f"{actor.user_id}:{actor.post_id}"
    # By the clock of the phone, which knows nothing of a demo's: how old a kept page is.
    drawn_at = "" if form.is_bound else clock.true_now().isoformat()
    context = {"form": form, "follows": follows, "owner": owner, "drawn_at": drawn_at}
    return render(request, "incidents/field_report_form.html", context)


@require_GET
@needs(Permission.INCIDENT_REPORT)
def field_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the form for use without network. It must come from the address below
    which it works, so it is not among the static files' addresses."""
    script = Path(settings.BASE_DIR) / "static" / "js" / "field" / "worker.js"
    answer = HttpResponse(script.read_text(encoding="utf-8"), content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


def _followed(request: HttpRequest) -> FieldReport | None:
    """The own report that this one goes on from."""
    pk = request.GET.get("lanjutan", "")
    given = ids_of([pk])
    if not given:
        return None
    own = FieldReport.objects.visible_to(request.actor).filter(reporter_post=request.actor.post_id)
    return own.filter(pk=given[0]).first()


def _send(request: HttpRequest, form: FieldReportForm, follows: FieldReport | None) -> FieldReport:
    values, at = form.values, clock.now()
    extra = {name: values.pop(name) for name in EXTRA}
    extra["written_at"] = extra["written_at"] or at
    return send_field_report(Told(**values), follows=follows, by=request.actor, at=at, **extra)


@require_GET
@needs(Permission.INCIDENT_VIEW)
def field_report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, found(request, pk))


def _page(request: HttpRequest, report: Any, **forms: Any) -> HttpResponse:
    actor = request.actor
    note_read(request, report)
    may_file, may_open = queries.may_file(actor, report), queries.may_open(actor, report)
    incident = Incident.objects.visible_to(actor).filter(pk=report.filed_in).first()
    waiting = report.filing is None
    context = {
        "report": report,
        "severity": (SEVERITY_BADGES[report.severity], report.get_severity_display()),
        "standing": queries.standing_badge(report),
        "elsewhere": queries.point_elsewhere(report),
        "facts": queries.field_report_facts(report),
        "files": queries.pictures_of(report),
        "filings": queries.filings(report, actor),
        "incident": incident,
        "further": queries.further_reports(report, actor),
        "may_follow": report.reporter_post_id == actor.post_id
        and may(actor, Permission.INCIDENT_REPORT),
        "may_file": may_file,
        "may_open": may_open,
        "waiting": waiting,
        "alike_incidents": queries.likely_incidents(report, actor) if may_file else [],
        "alike_reports": queries.likely_reports(report, actor) if may_open and waiting else [],
        "file_form": FileReportForm(report=report, actor=actor),
        "aside_form": ReasonForm(),
        **forms,
    }
    return render(request, "incidents/field_report_detail.html", context)


@require_POST
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def field_report_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Into an incident that is there already."""
    report, at = found(request, pk), clock.now()
    form = FileReportForm(request.POST, report=report, actor=request.actor)
    if submit(request, form, lambda: _file(request, report, form, at)) is None:
        return _page(request, report, file_form=form)
    messages.success(request, _("Laporan dimasukkan ke kejadian."))
    return redirect("incidents:field_report_detail", pk)


def _file(request: HttpRequest, report: FieldReport, form: FileReportForm, at: Any) -> Any:
    values = form.values
    return file_report(report, values["incident"], reason=values["reason"], by=request.actor, at=at)


@require_POST
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def field_report_aside(request: HttpRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    form = ReasonForm(request.POST)
    done = submit(
        request,
        form,
        lambda: set_aside(report, form.values["reason"], by=request.actor, at=clock.now()),
    )
    if done is None:
        return _page(request, report, aside_form=form)
    messages.success(request, _("Laporan disisihkan."))
    return redirect("incidents:field_report_detail", pk)


@require_POST
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def incident_open(request: HttpRequest) -> HttpResponse:
    """One incident out of the chosen field reports."""
    chosen = _chosen(request)
    try:
        incident = open_incident(chosen, by=request.actor, at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("incidents:field_report_list")
    text = _("Kejadian %(number)s dibuka.") % {"number": incident.number}
    messages.success(request, text)
    return redirect("incidents:incident_detail", incident.pk)


def _chosen(request: HttpRequest) -> list[FieldReport]:
    """The reports in sight that were ticked, the first ticked first."""
    given = ids_of(request.POST.getlist("report"))
    rows = {
        row.pk: row for row in queries.field_reports(request.actor).filter(pk__in=given[:AT_ONCE])
    }
    return [rows[pk] for pk in given if pk in rows]
