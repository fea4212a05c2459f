"""Readiness reports: the list with its silences, the form with its draft, the report."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deployments import actions, queries
from deployments.actions.reports import form_in_force
from deployments.enums import COUNTED, ReportState
from deployments.filters import ExpectedReportFilter
from deployments.forms import ReadinessForm, ReturnForm
from deployments.forms.readiness import initial_of
from deployments.forms.review import ReleaseForm
from deployments.models import ExpectedReport, ReadinessReport, ReportDraft
from deployments.models.scope import sees_all
from deployments.queries.detail import detail_page
from deployments.queries.pages import expected_page, may_answer, tally_counts, told_page
from deployments.queries.report_forms import FormSpec
from deployments.views.reading import moment, running
from portal import clock
from portal.access.classification import Classification
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.audit.record import record_read
from portal.web.forms import submit
from portal.web.idempotency import FIELD, idempotent
from portal.web.pagination import paginate
from portal.web.templatetags.portal import pukul

NOT_DRAFTED = {FIELD, "csrfmiddlewaretoken", "replaces"}


@require_GET
@needs(Permission.READINESS_VIEW)
def readiness_list(request: HttpRequest) -> HttpResponse:
    """Every expected report in sight, those that never came included."""
    at = clock.now()
    found = ExpectedReportFilter(request.GET, queries.expected_rows(request.actor), request=request)
    page = paginate(request, found.qs)
    asked = moment(request.GET.get("at"))
    then = asked if asked and asked < at else None
    summary = queries.readiness_summary(running(at), at)
    context = {
        "filter": found.form,
        "page": page,
        "rows": told_page(
            queries.expected_rows(request.actor).filter(pk__in=[row.pk for row in page]), then
        )
        if then
        else expected_page(page.object_list, request.actor, at),
        "then": then,
        "summary": summary,
        "states": tally_counts(summary.tallies, "", summary.cut_off_at),
        "conflicts": queries.conflicts_of(request.actor).open().count(),
        "narrower": not sees_all(request.actor),
        "may_submit": may(request.actor, Permission.READINESS_SUBMIT),
        "may_edit_forms": may(request.actor, Permission.FORM_EDIT),
    }
    return render(request, "deployments/readiness_list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.READINESS_SUBMIT)
@idempotent
def readiness_create(request: HttpRequest) -> HttpResponse:
    """The report of one unit for one cut-off; without a choice, the reports that are owed."""
    at = clock.now()
    expected = asked_for(request, at)
    if expected is None:
        due = queries.reports_due(request.actor, at)
        if len(due) == 1 and request.method == "GET":
            return redirect(due[0].url)
        return render(request, "deployments/readiness_choose.html", {"due": due})
    require(request.actor, Permission.READINESS_SUBMIT, expected.unit)
    try:
        spec = queries.spec_of(form_in_force(expected.unit, expected.cut_off_at))
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("deployments:readiness_list")
    previous = queries.last_report(expected.unit, expected.cut_off_at)
    draft = draft_of(request, expected)
    standing = expected.report
    form = ReadinessForm(
        request.POST or None,
        unit=expected.unit,
        spec=spec,
        comments=comments_on(standing),
        initial=first_values(request, spec, expected, previous, draft),
    )
    if request.method == "POST":
        report = submit(
            request,
            form,
            lambda: actions.submit_report(
                expected.unit,
                expected.cut_off_at,
                form.figures,
                lines=form.lines,
                replaces=form.cleaned_data["replaces"],
                confirm=form.cleaned_data["confirm"],
                by=request.actor,
                at=at,
            ),
        )
        if report:
            return thanks(request, report)
    context = {
        "form": form,
        "expected": expected,
        "previous": previous,
        "standing": standing,
        "draft": draft,
        "copied": previous is not None and "copy" in request.GET,
        "query": f"unit={expected.unit.slug}&cut_off={expected.cut_off_at:%Y-%m-%dT%H:%M:%SZ}",
        "draft_key": draft_key(request, expected.unit_id, expected.cut_off_at),
    }
    return render(request, "deployments/readiness_form.html", context)


def draft_key(request: HttpRequest, unit_id: int, cut_off_at: datetime) -> str:
    """Under which name a browser keeps what could not be sent."""
    return f"kesiapan:{request.actor.post_id}:{unit_id}:{cut_off_at:%Y%m%dT%H%MZ}"


def asked_for(request: HttpRequest, at: datetime) -> ExpectedReport | None:
    """The expected report that the address names. Raises Http404 for one out of sight."""
    slug, cut_off = request.GET.get("unit"), moment(request.GET.get("cut_off"))
    if not slug:
        return None
    rows = may_answer(request.actor).filter(unit__slug=slug)
    if cut_off is None:
        found = rows.filter(cut_off_at__lte=at).order_by("-cut_off_at").first()
    else:
        found = rows.filter(cut_off_at=cut_off).first()
    if found is None:
        raise Http404
    return found


def comments_on(standing: ReadinessReport | None) -> dict[str, str]:
    """What the checker said at single fields of a version that came back."""
    if standing is None or standing.state != ReportState.RETURNED:
        return {}
    return {row.target: row.text for row in standing.comments.all()}


def draft_of(request: HttpRequest, expected: ExpectedReport) -> ReportDraft | None:
    """What this post has typed since the version that stands."""
    draft = ReportDraft.objects.visible_to(request.actor).filter(
        unit=expected.unit_id, cut_off_at=expected.cut_off_at
    )
    if expected.report is not None:
        draft = draft.filter(saved_at__gt=expected.report.submitted_at)
    return draft.first()


def first_values(
    request: HttpRequest,
    spec: FormSpec,
    expected: ExpectedReport,
    previous: ReadinessReport | None,
    draft: ReportDraft | None,
) -> dict[str, Any]:
    """The numbers of the report before, when asked for; else the draft; else the version to be
    corrected."""
    replaces = {"replaces": expected.report.number if expected.report else 0}
    if previous is not None and "copy" in request.GET:
        return initial_of(previous, spec) | {"notes": ""} | replaces
    if draft is not None:
        return draft.data | replaces
    if expected.report is not None:
        return initial_of(expected.report, spec) | replaces
    if previous is None:
        return {}
    kept = ("total", "establishment", "actual")
    return {name: getattr(previous, name) for name in kept}


@require_POST
@needs(Permission.READINESS_SUBMIT)
def readiness_draft(request: HttpRequest) -> HttpResponse:
    """Keep what was typed so far, or throw it away (`buang`). To a script the time of saving; to a
    plain form the form again."""
    at = clock.now()
    expected = asked_for(request, at)
    if expected is None:
        raise Http404
    require(request.actor, Permission.READINESS_SUBMIT, expected.unit)
    wants_json = "application/json" in request.headers.get("Accept", "")
    back = redirect(queries.create_url(expected.unit.slug, expected.cut_off_at))
    if "buang" in request.POST:
        actions.drop_draft(expected, by=request.actor)
        messages.success(request, _("Draf dibuang."))
        return back
    typed = {name: text for name, text in request.POST.items() if name not in NOT_DRAFTED}
    try:
        draft = actions.save_draft(expected, typed, by=request.actor, at=at)
    except Refused as refusal:
        if wants_json:
            return JsonResponse({"sentence": str(refusal.sentence)}, status=422)
        messages.error(request, str(refusal.sentence))
        return back
    if wants_json:
        return JsonResponse({"at": pukul(clock.local(draft.saved_at), seconds=True)})
    messages.success(request, _("Draf disimpan. Laporan belum dikirim."))
    return back


def thanks(request: HttpRequest, report: ReadinessReport) -> HttpResponse:
    if report.state == ReportState.QUARANTINED:
        messages.warning(
            request,
            _("Laporan %(unit)s diterima, tetapi dikarantina: angkanya menunggu satuan atasan.")
            % {"unit": report.unit.short_name},
        )
    else:
        messages.success(
            request, _("Laporan %(unit)s diterima.") % {"unit": report.unit.short_name}
        )
    return redirect("deployments:readiness_detail", pk=report.pk)


@require_POST
@needs(Permission.READINESS_SUBMIT)
@idempotent
def readiness_nihil(request: HttpRequest) -> HttpResponse:
    """One tap: nothing changed since the last report, so its figures hold for this cut-off too."""
    at = clock.now()
    expected = asked_for(request, at)
    if expected is None:
        raise Http404
    require(request.actor, Permission.READINESS_SUBMIT, expected.unit)
    try:
        report = actions.repeat_report(expected, by=request.actor, at=at)
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect(queries.create_url(expected.unit.slug, expected.cut_off_at))
    return thanks(request, report)


@require_GET
@needs(Permission.READINESS_VIEW)
def readiness_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One version of a report with its groups, districts, contradictions and history."""
    return shown(request, seen(request, pk))


def seen(request: HttpRequest, pk: int) -> ReadinessReport:
    reports = ReadinessReport.objects.visible_to(request.actor).select_related(
        "unit", "agency", "region", "form", "submitted_by", "reviewed_by"
    )
    return get_object_or_404(reports, pk=pk)


def shown(
    request: HttpRequest,
    report: ReadinessReport,
    *,
    form: ReturnForm | None = None,
    release: ReleaseForm | None = None,
) -> HttpResponse:
    if report.classification >= Classification.RAHASIA:
        record_read(report, by=request.actor, at=clock.now())
    above = may(request.actor, Permission.READINESS_VERIFY, report)
    version = {"version": report.version}
    context = {
        "report": report,
        "form": form or ReturnForm(initial=version, report=report),
        "release": release or ReleaseForm(initial=version),
        "checks": above and report.state in COUNTED,
        "releases": above and report.state == ReportState.QUARANTINED,
        "corrects": may(request.actor, Permission.READINESS_SUBMIT, report.unit),
        "draft_key": draft_key(request, report.unit_id, report.cut_off_at),
        **detail_page(report, request.actor),
    }
    return render(request, "deployments/readiness_detail.html", context)
