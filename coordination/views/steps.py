"""The steps of an obligation: each a POST that ends on its page."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from coordination.actions import obligations as actions
from coordination.forms import exceptions
from coordination.forms import obligations as forms
from coordination.models import Obligation
from coordination.queries import obligations as queries
from coordination.views.obligations import find_obligation, obligation_page
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.forms import submit
from portal.web.idempotency import idempotent

Build = Callable[[Obligation], forms.ObligationForm]
Call = Callable[[Obligation, forms.ObligationForm, dict], Obligation]


def take_step(
    request: HttpRequest,
    pk: int,
    permission: Permission,
    slot: str,
    build: Build,
    call: Call,
    done: str | Promise,
) -> HttpResponse:
    """Fetch in scope, check the right, bind the form, call the action with what all of them take;
    the page again, with the form in its slot, when it was refused."""
    obligation = find_obligation(request, pk)
    require(request.actor, permission, obligation)
    form = build(obligation)

    def run() -> Obligation:
        common = {"by": request.actor, "at": clock.now(), "version": form.version}
        return call(obligation, form, common)

    if not submit(request, form, run):
        return obligation_page(request, find_obligation(request, pk), **{slot: form})
    messages.success(request, done)
    return redirect("coordination:obligation_detail", pk)


@require_POST
@needs(Permission.OBLIGATION_ANSWER)
@idempotent
def obligation_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    return take_step(
        request,
        pk,
        Permission.OBLIGATION_ANSWER,
        "acknowledge_form",
        lambda row: forms.AcknowledgeForm(request.POST, obligation=row),
        lambda row, form, common: actions.acknowledge_obligation(row, **common),
        _("Arahan dinyatakan diterima. Pengingat dihentikan."),
    )


@require_POST
@needs(Permission.OBLIGATION_ANSWER)
@idempotent
def obligation_report(request: HttpRequest, pk: int) -> HttpResponse:
    def build(row: Obligation) -> forms.ReportForm:
        rolls_up = queries.passed_on(row)
        return forms.ReportForm(request.POST, request.FILES, obligation=row, rolls_up=rolls_up)

    return take_step(
        request,
        pk,
        Permission.OBLIGATION_ANSWER,
        "report_form",
        build,
        _report,
        _("Laporan tersimpan."),
    )


def _report(row: Obligation, form: forms.ObligationForm, common: dict) -> Obligation:
    values = form.values
    common |= {"note": values["note"], "files": form.attached}
    percent = values.get("percent")
    if values["kind"] == forms.BLOCKED:
        obstacle = values["obstacle"]
        return actions.report_obstacle(row, obstacle=obstacle, percent=percent, **common)
    if values["kind"] == forms.SUBMITTED:
        return actions.submit_obligation(row, **common)
    return actions.report_progress(row, percent=percent or 0, **common)


@require_POST
@needs(Permission.OBLIGATION_VERIFY)
@idempotent
def obligation_verify(request: HttpRequest, pk: int) -> HttpResponse:
    return take_step(
        request,
        pk,
        Permission.OBLIGATION_VERIFY,
        "verify_form",
        lambda row: forms.VerifyForm(request.POST, obligation=row),
        _verify,
        _("Keputusan verifikasi tersimpan."),
    )


def _verify(row: Obligation, form: forms.ObligationForm, common: dict) -> Obligation:
    steps = {
        forms.VERIFY: actions.verify_and_close,
        forms.VERIFY_ONLY: actions.verify_obligation,
        forms.RETURN: actions.return_obligation,
    }
    return steps[form.values["decision"]](row, note=form.values["note"], **common)


@require_POST
@needs(Permission.OBLIGATION_ANSWER)
@idempotent
def extension_ask(request: HttpRequest, pk: int) -> HttpResponse:
    return take_step(
        request,
        pk,
        Permission.OBLIGATION_ANSWER,
        "ask_extension_form",
        lambda row: exceptions.ExtensionForm(request.POST, obligation=row),
        lambda row, form, common: actions.ask_extension(row, **form.values, **common),
        _("Perpanjangan dimohon; tenggat berhenti berjalan sampai diputuskan."),
    )


@require_POST
@needs(Permission.OBLIGATION_VERIFY)
@idempotent
def extension_decide(request: HttpRequest, pk: int) -> HttpResponse:
    return take_step(
        request,
        pk,
        Permission.OBLIGATION_VERIFY,
        "decide_extension_form",
        lambda row: exceptions.ExtensionDecisionForm(request.POST, obligation=row),
        _decide_extension,
        _("Putusan perpanjangan tersimpan."),
    )


@require_POST
@needs(Permission.OBLIGATION_VERIFY)
@idempotent
def due_set(request: HttpRequest, pk: int) -> HttpResponse:
    return take_step(
        request,
        pk,
        Permission.OBLIGATION_VERIFY,
        "set_due_form",
        lambda row: exceptions.DueForm(request.POST, obligation=row),
        lambda row, form, common: actions.set_due(row, **form.values, **common),
        _("Tenggat baru tersimpan; pelaksana diberi tahu."),
    )


def _decide_extension(row: Obligation, form: forms.ObligationForm, common: dict) -> Obligation:
    note = form.values["note"]
    if form.values["decision"] == exceptions.GRANT:
        return actions.grant_extension(row, due_at=form.values["due_at"], note=note, **common)
    return actions.refuse_extension(row, note=note, **common)


@require_POST
@needs(Permission.OBLIGATION_ANSWER)
@idempotent
def wait_begin(request: HttpRequest, pk: int) -> HttpResponse:
    def build(row: Obligation) -> exceptions.WaitForm:
        others = queries.blockers(row, request.actor)
        return exceptions.WaitForm(request.POST, obligation=row, others=others)

    return take_step(
        request,
        pk,
        Permission.OBLIGATION_ANSWER,
        "wait_form",
        build,
        lambda row, form, common: actions.wait_for_obligation(
            row, form.values["blocker"], note=form.values["remark"], **common
        ),
        _("Dicatat: tindak lanjut ini menunggu yang lain."),
    )


@require_POST
@needs(Permission.OBLIGATION_ANSWER)
@idempotent
def wait_end(request: HttpRequest, pk: int) -> HttpResponse:
    return take_step(
        request,
        pk,
        Permission.OBLIGATION_ANSWER,
        "stop_waiting_form",
        lambda row: exceptions.StopWaitingForm(request.POST, obligation=row),
        lambda row, form, common: actions.stop_waiting(row, **common),
        _("Dicatat: tindak lanjut ini tidak lagi menunggu."),
    )


@require_POST
@needs(Permission.OBLIGATION_ANSWER)
@idempotent
def unfeasible_declare(request: HttpRequest, pk: int) -> HttpResponse:
    return take_step(
        request,
        pk,
        Permission.OBLIGATION_ANSWER,
        "declare_form",
        lambda row: exceptions.UnfeasibleForm(request.POST, obligation=row),
        lambda row, form, common: actions.declare_unfeasible(row, **form.values, **common),
        _("Alasan disampaikan kepada pemberi arahan."),
    )


@require_POST
@needs(Permission.OBLIGATION_VERIFY)
@idempotent
def unfeasible_decide(request: HttpRequest, pk: int) -> HttpResponse:
    return take_step(
        request,
        pk,
        Permission.OBLIGATION_VERIFY,
        "decide_unfeasible_form",
        lambda row: exceptions.UnfeasibleDecisionForm(request.POST, obligation=row),
        _decide_unfeasible,
        _("Keputusan tersimpan."),
    )


def _decide_unfeasible(row: Obligation, form: forms.ObligationForm, common: dict) -> Obligation:
    accepted = form.values["decision"] == exceptions.ACCEPT
    action = actions.accept_unfeasible if accepted else actions.return_obligation
    return action(row, note=form.values["note"], **common)
