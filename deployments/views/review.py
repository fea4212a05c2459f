"""The superior's part of a report: return, verify, release; and which of two numbers stands."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deployments import actions, queries
from deployments.enums import CONFLICT_BADGE, ConflictState
from deployments.forms import ReturnForm
from deployments.forms.review import DecisionForm, ReleaseForm
from deployments.models import Conflict, ReadinessReport
from deployments.queries.detail import side_rows
from deployments.queries.pages import conflict_page
from deployments.views.readiness import seen, shown
from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate


@require_POST
@needs(Permission.READINESS_VERIFY)
@idempotent
def readiness_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the report back with a reason, in general or at single fields."""
    report = seen(request, pk)
    require(request.actor, Permission.READINESS_VERIFY, report)
    form = ReturnForm(request.POST, report=report)
    done = submit(
        request,
        form,
        lambda: actions.return_report(
            report,
            note=form.cleaned_data["note"],
            comments=form.comments,
            version=form.version,
            by=request.actor,
            at=clock.now(),
        ),
    )
    if not done:
        return shown(request, report, form=form)
    messages.success(request, _("Laporan dikembalikan kepada satuan."))
    return redirect("deployments:readiness_detail", pk=pk)


@require_POST
@needs(Permission.READINESS_VERIFY)
@idempotent
def readiness_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a quarantined report into the totals."""
    report = seen(request, pk)
    require(request.actor, Permission.READINESS_VERIFY, report)
    form = ReleaseForm(request.POST)
    done = submit(
        request,
        form,
        lambda: actions.release_report(
            report,
            reason=form.cleaned_data["reason"],
            version=form.version,
            by=request.actor,
            at=clock.now(),
        ),
    )
    if not done:
        return shown(request, report, release=form)
    messages.success(request, _("Laporan dilepas dari karantina dan kini dihitung."))
    return redirect("deployments:readiness_detail", pk=pk)


@require_POST
@needs(Permission.READINESS_VERIFY)
@idempotent
def readiness_verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the figures as they stand on the page."""
    report = seen(request, pk)
    require(request.actor, Permission.READINESS_VERIFY, report)
    version = request.POST.get("version", "")
    try:
        actions.verify_report(
            report,
            version=int(version) if version.isdecimal() else 0,
            by=request.actor,
            at=clock.now(),
        )
        messages.success(request, _("Laporan diverifikasi."))
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect("deployments:readiness_detail", pk=pk)


@require_GET
@needs(Permission.READINESS_VIEW)
def conflict_list(request: HttpRequest) -> HttpResponse:
    """Places of which two units say different things, the undecided first."""
    page = paginate(request, queries.conflicts_of(request.actor))
    context = {"page": page, "rows": conflict_page(page.object_list)}
    return render(request, "deployments/conflict_list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.READINESS_VIEW)
@idempotent
def conflict_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Both numbers, and for the superior the question which of them stands."""
    conflict = get_object_or_404(
        Conflict.objects.visible_to(request.actor)
        .select_related("region", "agency", "standing", "decided_by")
        .prefetch_related("sides__unit", "sides__report__unit"),
        pk=pk,
    )
    sides = list(conflict.sides.all())
    decides = conflict.state == ConflictState.OPEN and all(
        may(request.actor, Permission.READINESS_VERIFY, side.report) for side in sides
    )
    form = DecisionForm(
        request.POST or None, conflict=conflict, initial={"version": conflict.version}
    )
    if request.method == "POST":
        for side in sides:
            require(request.actor, Permission.READINESS_VERIFY, side.report)
        done = submit(
            request,
            form,
            lambda: actions.decide_conflict(
                conflict,
                standing=form.units[form.cleaned_data["standing"]],
                reason=form.cleaned_data["reason"],
                version=form.version,
                by=request.actor,
                at=clock.now(),
            ),
        )
        if done:
            messages.success(request, _("Keputusan disimpan. Angka yang lain tidak dihitung."))
            return redirect("deployments:conflict_detail", pk=pk)
    context = {
        "conflict": conflict,
        "badge": CONFLICT_BADGE[ConflictState(conflict.state)],
        "sides": side_rows(conflict),
        "reports": ReadinessReport.objects.visible_to(request.actor)
        .filter(pk__in=[side.report_id for side in sides])
        .select_related("unit"),
        "form": form if decides else None,
    }
    return render(request, "deployments/conflict_detail.html", context)
