"""Pages of what is asked of another agency about an incident, and of its answer."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents.actions import requests as actions
from incidents.forms.requests import (
    AcceptForm,
    AdviceForm,
    AnswerForm,
    AskForm,
    DeclineForm,
    ReferForm,
    WithdrawForm,
)
from incidents.models import AgencyRequest, Incident
from incidents.views.incidents import found, note_read
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.forms import PortalForm, submit, too_late
from portal.web.idempotency import idempotent


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def incident_refer(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask another agency to take the incident over, whole or in part."""
    incident = found(request, pk)
    form = ReferForm(request.POST or None, incident=incident)
    said = _("Pelimpahan dikirim; penerima diberi tahu.")
    return _ask(request, incident, form, title=_("Limpahkan kejadian"), said=said)


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def incident_advice(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask another agency's advice."""
    incident = found(request, pk)
    form = AdviceForm(request.POST or None, incident=incident)
    said = _("Permintaan saran dikirim.")
    return _ask(request, incident, form, title=_("Minta saran"), said=said)


def _ask(
    request: HttpRequest, incident: Incident, form: AskForm, *, title: str, said: str
) -> HttpResponse:
    require(request.actor, Permission.INCIDENT_HANDLE, incident)
    if request.method == "GET" and too_late(request, lambda: actions.refuse_asking(incident)):
        return redirect("incidents:incident_detail", incident.pk)

    def run() -> AgencyRequest:
        by, at = request.actor, clock.now()
        return actions.ask_agency(incident, by=by, at=at, version=form.version, **form.values)

    if request.method == "POST" and submit(request, form, run):
        messages.success(request, said)
        return redirect("incidents:incident_detail", incident.pk)
    return _page(request, incident, form, title=title, lead=incident.title, submit_label=_("Kirim"))


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_ANSWER)
@idempotent
def request_accept(request: HttpRequest, pk: int) -> HttpResponse:
    form = AcceptForm(request.POST or None)
    return _step(request, pk, form, actions.accept_request, _("Terima pelimpahan"))


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_ANSWER)
@idempotent
def request_decline(request: HttpRequest, pk: int) -> HttpResponse:
    form = DeclineForm(request.POST or None)
    return _step(request, pk, form, actions.decline_request, _("Tolak pelimpahan"))


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_ANSWER)
@idempotent
def request_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The result of a referral, or the advice."""
    form = AnswerForm(request.POST or None, request.FILES or None)
    return _step(request, pk, form, actions.answer_request, _("Jawab"), multipart=True)


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def request_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = _asked(request, pk)
    require(request.actor, Permission.INCIDENT_HANDLE, row.incident)
    form = WithdrawForm(request.POST or None)
    return _finish(request, row, form, actions.withdraw_request, _("Tarik permintaan"))


def _asked(request: HttpRequest, pk: int) -> AgencyRequest:
    rows = AgencyRequest.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("incident", "agency", "from_agency"), pk=pk)


def _step(
    request: HttpRequest,
    pk: int,
    form: PortalForm,
    act: Callable[..., Any],
    title: str,
    **context: Any,
) -> HttpResponse:
    row = _asked(request, pk)
    require(request.actor, Permission.INCIDENT_ANSWER, row)
    return _finish(request, row, form, act, title, **context)


def _finish(
    request: HttpRequest,
    row: AgencyRequest,
    form: PortalForm,
    act: Callable[..., Any],
    title: str,
    **context: Any,
) -> HttpResponse:
    def run() -> AgencyRequest:
        return act(row, by=request.actor, at=clock.now(), **form.values)

    if request.method == "POST" and submit(request, form, run):
        messages.success(request, _("Permintaan diperbarui."))
        seen = Incident.objects.visible_to(request.actor).filter(pk=row.incident_id)
        if seen.exists():
            return redirect("incidents:incident_detail", row.incident_id)
        return redirect("incidents:incident_list")  # Who declined has no part in it any more.
    lead = f"{row.get_kind_display()}: {row.matter}"
    return _page(request, row.incident, form, title=title, lead=lead, submit_label=title, **context)


def _page(
    request: HttpRequest, incident: Incident, form: PortalForm, **context: Any
) -> HttpResponse:
    note_read(request, incident)
    cancel_url = reverse("incidents:incident_detail", args=[incident.pk])
    page = {"incident": incident, "form": form, "cancel_url": cancel_url, **context}
    return render(request, "incidents/incident_act.html", page)
