"""Reinforcement: the list with what is missing, the request, its answers, its log."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deployments import actions
from deployments.enums import DeploymentState, NeedState
from deployments.filters import ReinforcementFilter
from deployments.forms.reinforcement import (
    DeclineForm,
    GiveForm,
    ReinforcementForm,
    ReleaseForm,
    WithdrawForm,
)
from deployments.maps.words import short_or_over
from deployments.models import Contribution, Reinforcement
from deployments.queries.reinforcement_detail import reinforcement_detail
from deployments.queries.reinforcements import (
    RELATED,
    ground,
    open_needs,
    reinforcement_page,
    reinforcements_of,
)
from deployments.views.reading import running
from deployments.views.reinforcement_file import REINFORCEMENTS
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.exports.making import DIRECT_ROWS
from portal.web.forms import PortalForm, submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def reinforcement_list(request: HttpRequest) -> HttpResponse:
    """The requests in sight, and what the chosen ones still lack by regency."""
    operation = running(clock.now())
    found = ReinforcementFilter(
        request.GET, reinforcements_of(request.actor, operation, clock.now()), request=request
    )
    page = paginate(request, found.qs)
    context = {
        "filter": found.form,
        "page": page,
        "rows": reinforcement_page(page.object_list),
        "needs": open_needs(found.qs.filter(missing__gt=0)),
        "may_ask": may(request.actor, Permission.REINFORCEMENT_ASK),
        "may_export": may(request.actor, Permission.EXPORT_CREATE),
        "export_url": reverse("exports:create", args=[REINFORCEMENTS.name]),
        "query": found.query,
        "direct_rows": DIRECT_ROWS,
    }
    return render(request, "deployments/reinforcement_list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.REINFORCEMENT_ASK)
@idempotent
def reinforcement_create(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    operation = running(at)
    actor = request.actor
    initial = {"unit": actor.unit_id, "region": actor.region_code, "starts_on": clock.today()}
    form = ReinforcementForm(
        request.POST or None, actor=actor, operation=operation, initial=initial
    )
    if request.method == "POST":
        asked = submit(
            request,
            form,
            lambda: actions.ask_reinforcement(
                operation,
                form.values,
                addressees=form.cleaned_data["addressees"],
                by=actor,
                at=at,
            ),
        )
        if asked:
            return _done(request, asked.pk, _("Penebalan diminta."))
    return render(request, "deployments/reinforcement_form.html", {"form": form})


def _request(request: HttpRequest, pk: int) -> Any:
    rows = Reinforcement.objects.visible_to(request.actor).counted(clock.now())
    return get_object_or_404(rows.select_related(*RELATED, "operation"), pk=pk)


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def reinforcement_detail_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _request(request, pk))


def _shown(request: HttpRequest, row: Any, **bound: Any) -> HttpResponse:
    """The request with, for who may, a form for each thing that can be done now."""
    actor = request.actor
    detail = reinforcement_detail(row, actor)
    declines = [item["pk"] for item in detail["addressees"] if item["declines"]]
    open_still = row.withdrawn_at is None
    gives = open_still and may(actor, Permission.REINFORCEMENT_ANSWER)
    give = GiveForm(request=row, actor=actor) if gives and _wanted(row) else None
    holds = open_still and may(actor, Permission.REINFORCEMENT_ASK, row)
    forms = {
        "give": give if give and give.fields["unit"].queryset.exists() else None,
        "decline": DeclineForm(request=row, units=declines) if declines else None,
        "withdraw": WithdrawForm(initial={"version": row.version})
        if holds and row.ordered == row.released and row.state != NeedState.RELEASED
        else None,
    }
    need = ground(row.operation, row.region, clock.now())
    context = {
        "row": row,
        "forms": forms | bound,
        "ground": need,
        "balance": short_or_over(need.gap) if need else "",
        **detail,
    }
    return render(request, "deployments/reinforcement_detail.html", context)


def _wanted(row: Any) -> bool:
    """Whether anybody may still give: something is missing, or more is welcome."""
    return bool(row.missing or row.allows_more) and row.ends_on >= clock.today()


def _done(request: HttpRequest, pk: int, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("deployments:reinforcement_detail", pk=pk)


def _step(
    request: HttpRequest, row: Any, slot: str, form: PortalForm, call: Callable[[], Any], done: str
) -> HttpResponse:
    """Call the action; the page again, with the form in its slot, when it was refused."""
    if submit(request, form, call):
        return _done(request, row.pk, done)
    return _shown(request, row, **{slot: form})


@require_POST
@needs(Permission.REINFORCEMENT_ANSWER)
@idempotent
def reinforcement_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer or assign people."""
    row, actor = _request(request, pk), request.actor
    form = GiveForm(request.POST, request=row, actor=actor)

    def call() -> Any:
        require(actor, Permission.REINFORCEMENT_ANSWER, form.values["unit"])
        return actions.give_people(row, **form.values, by=actor, at=clock.now())

    return _step(request, row, "give", form, call, _("Personel dicatat untuk penebalan ini."))


@require_POST
@needs(Permission.REINFORCEMENT_ANSWER)
@idempotent
def reinforcement_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one of the own units cannot help."""
    row, actor = _request(request, pk), request.actor
    units = [
        item.pk
        for item in row.addressees.select_related("unit")
        if may(actor, Permission.REINFORCEMENT_ANSWER, item.unit)
    ]
    form = DeclineForm(request.POST, request=row, units=units)

    def call() -> Any:
        given = form.values
        return actions.decline_need(
            given["addressee"], reason=given["reason"], by=actor, at=clock.now()
        )

    return _step(request, row, "decline", form, call, _("Jawaban dicatat."))


@require_POST
@needs(Permission.REINFORCEMENT_ASK)
@idempotent
def reinforcement_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row, actor = _request(request, pk), request.actor
    require(actor, Permission.REINFORCEMENT_ASK, row)
    form = WithdrawForm(request.POST)

    def call() -> Any:
        return actions.withdraw_reinforcement(
            row, reason=form.values["reason"], version=form.version, by=actor, at=clock.now()
        )

    return _step(request, row, "withdraw", form, call, _("Permintaan ditarik."))


@require_POST
@needs(Permission.REINFORCEMENT_ASK)
@idempotent
def reinforcement_release(request: HttpRequest, pk: int, given: int) -> HttpResponse:
    """Let the people of one answer go, who stand in place."""
    row, actor = _request(request, pk), request.actor
    require(actor, Permission.REINFORCEMENT_ASK, row)
    rows = Contribution.objects.filter(reinforcement=row).select_related("deployment")
    contribution = get_object_or_404(
        rows.exclude(deployment__state=DeploymentState.CANCELLED), pk=given
    )
    form = ReleaseForm(request.POST)

    def call() -> Any:
        return actions.release_people(
            contribution, version=form.version, note=form.values["note"], by=actor, at=clock.now()
        )

    return _step(request, row, "release", form, call, _("Personel dilepas."))
