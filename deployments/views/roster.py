"""The roster of a placement: read by its owner, each reading recorded; add, mend, remove."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from deployments import actions
from deployments.forms.roster import MemberChangeForm, MemberForm
from deployments.models import Deployment, RosterMember
from deployments.queries.roster import listed, listed_text, roster_rows
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.audit.record import record_read
from portal.web.forms import submit
from portal.web.idempotency import idempotent


def _owned(request: HttpRequest, pk: int) -> Deployment:
    """A placement of the own agency; to the agency that only controls it, it has no roster."""
    rows = Deployment.objects.visible_to(request.actor).select_related("unit", "agency")
    deployment = get_object_or_404(rows, pk=pk)
    if not may(request.actor, Permission.ROSTER_VIEW, deployment):
        raise Http404
    return deployment


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Permission.ROSTER_VIEW)
@idempotent
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """The names with masked numbers; `?nrp=1` in full, for who may. Posting adds a person."""
    deployment = _owned(request, pk)
    edits = may(request.actor, Permission.ROSTER_EDIT, deployment)
    unmasks = may(request.actor, Permission.ROSTER_UNMASK, deployment)
    form = MemberForm(request.POST or None)
    if request.method == "POST":
        require(request.actor, Permission.ROSTER_EDIT, deployment)
        added = submit(
            request,
            form,
            lambda: actions.add_roster_member(
                deployment, form.values, by=request.actor, at=clock.now()
            ),
        )
        if added:
            messages.success(request, _("Nama ditambahkan."))
            return redirect("deployments:roster", pk=pk)
    whole = unmasks and request.GET.get("nrp") == "1"
    if whole:
        record_read(deployment, by=request.actor, at=clock.now(), verb="roster_nrp")
    else:
        record_read(deployment, by=request.actor, at=clock.now(), verb="roster")
    number = listed(deployment)
    context = {
        "deployment": deployment,
        "rows": roster_rows(deployment, request.actor, whole=whole, edits=edits),
        "listed": listed_text(deployment, number),
        "number": number,
        "form": form if edits else None,
        "unmasks": unmasks,
        "whole": whole,
    }
    return render(request, "deployments/roster.html", context)


def _member(request: HttpRequest, pk: int) -> RosterMember:
    rows = RosterMember.objects.visible_to(request.actor)
    member = get_object_or_404(rows.select_related("deployment__unit"), pk=pk)
    require(request.actor, Permission.ROSTER_EDIT, member.deployment)
    return member


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Permission.ROSTER_EDIT)
@idempotent
def roster_member(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    form = MemberChangeForm(request.POST or None, member=member)
    if request.method == "POST":
        changed: Any = submit(
            request,
            form,
            lambda: actions.change_roster_member(
                member, form.values, version=form.version, by=request.actor, at=clock.now()
            ),
        )
        if changed:
            messages.success(request, _("Nama diubah."))
            return redirect("deployments:roster", pk=member.deployment_id)
    context = {"form": form, "deployment": member.deployment}
    return render(request, "deployments/roster_member.html", context)


@require_POST
@needs(Permission.ROSTER_EDIT)
@idempotent
def roster_remove(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    actions.remove_roster_member(member, by=request.actor, at=clock.now())
    messages.success(request, _("Nama dihapus dari daftar."))
    return redirect("deployments:roster", pk=member.deployment_id)
