"""Events that certify readiness: list, plan, participants, result, findings."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deployments import actions
from deployments.actions.events import PLAN
from deployments.enums import EventState
from deployments.filters import EventFilter
from deployments.forms.events import (
    CancelForm,
    CarryOutForm,
    EventForm,
    FindingForm,
    ParticipantForm,
)
from deployments.models import CertifyingEvent, EventFinding
from deployments.queries.events import (
    event_page,
    event_state,
    events_of,
    finding_rows,
    participant_rows,
)
from deployments.views.reading import running
from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.web.forms import PortalForm, submit
from portal.web.idempotency import idempotent, release
from portal.web.pagination import paginate


@require_GET
@needs(Permission.EVENT_VIEW)
def event_list(request: HttpRequest) -> HttpResponse:
    """Exercises and parades in sight, the newest first."""
    found = EventFilter(request.GET, events_of(request.actor), request=request)
    page = paginate(request, found.qs)
    context = {
        "filter": found.form,
        "page": page,
        "rows": event_page(page.object_list),
        "may_plan": may(request.actor, Permission.EVENT_PLAN),
    }
    return render(request, "deployments/event_list.html", context)


def _event(request: HttpRequest, pk: int) -> CertifyingEvent:
    rows = CertifyingEvent.objects.visible_to(request.actor).select_related(
        "agency", "unit", "region"
    )
    return get_object_or_404(rows, pk=pk)


def _held(request: HttpRequest, pk: int) -> CertifyingEvent:
    event = _event(request, pk)
    require(request.actor, Permission.EVENT_PLAN, event)
    return event


@require_http_methods(["GET", "POST"])
@needs(Permission.EVENT_PLAN)
@idempotent
def event_create(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    form = EventForm(
        request.POST or None, actor=request.actor, initial={"agency": request.actor.agency_id}
    )
    if request.method == "POST":
        event = submit(
            request,
            form,
            lambda: actions.plan_event(
                running(at),
                {name: form.cleaned_data[name] for name in PLAN},
                by=request.actor,
                at=at,
            ),
        )
        if event:
            messages.success(request, _("Kegiatan direncanakan."))
            return redirect("deployments:event_detail", pk=event.pk)
    return render(request, "deployments/event_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@needs(Permission.EVENT_PLAN)
@idempotent
def event_edit(request: HttpRequest, pk: int) -> HttpResponse:
    event = _held(request, pk)
    form = EventForm(request.POST or None, instance=event, actor=request.actor)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: actions.change_event(
            event,
            {name: form.cleaned_data[name] for name in PLAN},
            version=form.version,
            by=request.actor,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("Rencana diubah."))
        return redirect("deployments:event_detail", pk=pk)
    return render(request, "deployments/event_form.html", {"form": form, "event": event})


@require_GET
@needs(Permission.EVENT_VIEW)
def event_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _event(request, pk))


def _shown(request: HttpRequest, event: CertifyingEvent, **bound: Any) -> HttpResponse:
    """The event with, for who holds it, a form for each thing that can be done now."""
    holds = may(request.actor, Permission.EVENT_PLAN, event)
    version = {"version": event.version}
    planned = event.state == EventState.PLANNED
    forms = {
        "participant": ParticipantForm() if holds else None,
        "carry_out": CarryOutForm(initial=version)
        if holds and planned and event.starts_at <= clock.now()
        else None,
        "cancel": CancelForm(initial=version) if holds and planned else None,
        "finding": FindingForm() if holds and event.state != EventState.CANCELLED else None,
    }
    context = {
        "event": event,
        "forms": forms | bound,
        "holds": holds,
        "edits": holds and planned,
        "obliges": holds and may(request.actor, Permission.DIRECTIVE_ISSUE),
        "participants": participant_rows(event),
        "findings": finding_rows(event, request.actor),
        **event_state(event),
    }
    return render(request, "deployments/event_detail.html", context)


def _done(request: HttpRequest, pk: int, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("deployments:event_detail", pk=pk)


def take_step(
    request: HttpRequest,
    pk: int,
    slot: str,
    form: PortalForm,
    call: Callable[..., Any],
    done: str,
) -> HttpResponse:
    """Call the action with what the form says and all of them take; the page again, with the form
    in its slot, when it was refused."""
    event = _held(request, pk)

    def run() -> Any:
        given = form.values | ({"version": form.version} if form.versioned else {})
        return call(event, **given, by=request.actor, at=clock.now())

    if submit(request, form, run):
        return _done(request, pk, done)
    return _shown(request, event, **{slot: form})


@require_POST
@needs(Permission.EVENT_PLAN)
@idempotent
def event_participant(request: HttpRequest, pk: int) -> HttpResponse:
    """Add participants, or set their number anew."""
    form = ParticipantForm(request.POST)
    call, done = actions.set_participant, _("Peserta disimpan.")
    return take_step(request, pk, "participant", form, call, done)


@require_POST
@needs(Permission.EVENT_PLAN)
@idempotent
def event_carry_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the event with its result."""
    form = CarryOutForm(request.POST)
    call, done = actions.carry_out_event, _("Hasil kegiatan dicatat.")
    return take_step(request, pk, "carry_out", form, call, done)


@require_POST
@needs(Permission.EVENT_PLAN)
@idempotent
def event_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    form = CancelForm(request.POST)
    call, done = actions.cancel_event, _("Kegiatan dibatalkan.")
    return take_step(request, pk, "cancel", form, call, done)


@require_POST
@needs(Permission.EVENT_PLAN)
@idempotent
def event_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what was found wanting."""
    form = FindingForm(request.POST)
    call, done = actions.add_finding, _("Temuan dicatat.")
    return take_step(request, pk, "finding", form, call, done)


@require_POST
@needs(Permission.EVENT_PLAN)
@idempotent
def event_oblige(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a finding an obligation of its agency."""
    finding = get_object_or_404(
        EventFinding.objects.filter(
            event__in=CertifyingEvent.objects.visible_to(request.actor)
        ).select_related("event"),
        pk=pk,
    )
    require(request.actor, Permission.EVENT_PLAN, finding.event)
    require(request.actor, Permission.DIRECTIVE_ISSUE)
    try:
        actions.oblige_finding(finding, by=request.actor, at=clock.now())
    except Refused as refusal:
        release(request)
        messages.error(request, str(refusal.sentence))
        return redirect("deployments:event_detail", pk=finding.event_id)
    return _done(request, finding.event_id, _("Temuan menjadi tindak lanjut instansinya."))
