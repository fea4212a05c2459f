"""The placed parts of the strength: list, add, read, move on, change."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from deployments import actions
from deployments.forms import DeploymentForm, MoveForm
from deployments.models import Deployment
from deployments.queries.pages import deployment_page
from deployments.queries.placements import placement_detail
from deployments.queries.reinforcements import answered_request
from deployments.queries.roster import listed, listed_text
from deployments.views.deployment_file import PLACEMENTS, chosen
from deployments.views.reading import running
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.exports.making import DIRECT_ROWS
from portal.web.forms import submit, too_late
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def deployment_list(request: HttpRequest) -> HttpResponse:
    """The parts in sight that run or are to come, in every state; with a day those of that day."""
    at = clock.now()
    found = chosen(request.actor, running(at), request.GET, at, request)
    page = paginate(request, found.qs)
    context = {
        "filter": found.form,
        "page": page,
        "rows": deployment_page(page.object_list),
        "may_edit": may(request.actor, Permission.DEPLOYMENT_EDIT),
        "may_export": may(request.actor, Permission.EXPORT_CREATE),
        "export_url": reverse("exports:create", args=[PLACEMENTS.name]),
        "query": found.query,
        "direct_rows": DIRECT_ROWS,
    }
    return render(request, "deployments/deployment_list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.DEPLOYMENT_EDIT)
@idempotent
def deployment_create(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    form = DeploymentForm(
        request.POST or None,
        actor=request.actor,
        operation=running(at),
        initial={"starts_on": clock.today(), "as_of": at},
    )
    if request.method == "POST":
        placed = submit(
            request,
            form,
            lambda: actions.place_deployment(
                running(at), form.values, by=request.actor, at=at, state=form.state
            ),
        )
        if placed:
            messages.success(request, _("Penempatan dicatat."))
            return redirect("deployments:deployment_list")
    return render(request, "deployments/deployment_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@needs(Permission.DEPLOYMENT_EDIT)
@idempotent
def deployment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Deployment.objects.visible_to(request.actor).select_related("unit", "operation")
    deployment = get_object_or_404(rows, pk=pk)
    require(request.actor, Permission.DEPLOYMENT_EDIT, deployment)
    if request.method == "GET" and too_late(request, lambda: actions.refuse_finished(deployment)):
        return redirect("deployments:deployment_detail", deployment.pk)
    form = DeploymentForm(
        request.POST or None,
        actor=request.actor,
        operation=deployment.operation,
        instance=deployment,
    )
    if request.method == "POST":
        changed = submit(
            request,
            form,
            lambda: actions.change_deployment(
                deployment,
                form.values,
                version=form.version,
                by=request.actor,
                at=clock.now(),
                reason=form.why,
            ),
        )
        if changed:
            messages.success(request, _("Penempatan diubah."))
            return redirect("deployments:deployment_detail", deployment.pk)
    context = {"form": form, "deployment": deployment}
    return render(request, "deployments/deployment_form.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.DEPLOYMENT_VIEW)
@idempotent
def deployment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One deployment with its history; posting the form takes it one step on."""
    rows = Deployment.objects.visible_to(request.actor).select_related(
        "unit", "agency", "controller", "region", "place", "stage", "in_charge"
    )
    deployment = get_object_or_404(rows, pk=pk)
    detail = placement_detail(deployment)
    edits = may(request.actor, Permission.DEPLOYMENT_EDIT, deployment)
    form = MoveForm(request.POST or None, deployment=deployment, steps=detail["next"])
    if request.method == "POST":
        require(request.actor, Permission.DEPLOYMENT_EDIT, deployment)
        moved = submit(
            request,
            form,
            lambda: actions.move_deployment(
                deployment, version=form.version, by=request.actor, at=clock.now(), **form.values
            ),
        )
        if moved:
            messages.success(request, _("Keadaan penempatan dicatat."))
            return redirect("deployments:deployment_detail", deployment.pk)
    context = {
        **detail,
        "deployment": deployment,
        "form": form,
        "edits": edits,
        "listed": listed_text(deployment, listed(deployment)),
        "reads_roster": may(request.actor, Permission.ROSTER_VIEW, deployment),
        "answers": answered_request(deployment, request.actor),
    }
    return render(request, "deployments/deployment_detail.html", context)
