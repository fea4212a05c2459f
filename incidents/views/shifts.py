"""Serah terima piket."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coordination.views.minutes.circulation import proof_context
from incidents.actions.shifts import sign_handover, write_handover
from incidents.exports.shift import shift_pdf
from incidents.forms.shifts import HandoverForm, TakeOverForm
from incidents.models import ShiftHandover
from incidents.queries import shifts as queries
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.accounts import stepup
from portal.audit.record import record_read
from portal.documents.download import PDF_TYPE, download
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate


def _found(request: HttpRequest, pk: int) -> ShiftHandover:
    rows = ShiftHandover.objects.visible_to(request.actor).select_related(*queries.RELATED)
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@require_GET
@needs(Permission.SHIFT_HAND_OVER)
def shift_list(request: HttpRequest) -> HttpResponse:
    page = paginate(request, queries.handovers(request.actor))
    context = {"page": page, "rows": queries.shift_rows(page.object_list)}
    return render(request, "incidents/shift_list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.SHIFT_HAND_OVER)
@idempotent
def shift_write(request: HttpRequest) -> HttpResponse:
    """What is left as it stands now, and the words of who goes."""
    actor, at = request.actor, clock.now()
    posts = queries.receivers(actor)
    form = HandoverForm(request.POST or None, posts=posts, initial={"to": actor.post_id})
    if request.method == "POST":
        row = submit(request, form, lambda: write_handover(**form.values, by=actor, at=clock.now()))
        if row:
            messages.success(request, _("Serah terima ditulis; menunggu tanda tangan penerima."))
            return redirect("incidents:shift_detail", row.pk)
    left = queries.standing_at(actor, at)
    context = {
        "form": form,
        "lines": queries.line_rows(left.lines, at),
        "left": left,
        "cancel_url": reverse("incidents:shift_list"),
    }
    return render(request, "incidents/shift_form.html", context)


@require_GET
@needs(Permission.SHIFT_HAND_OVER)
def shift_detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    return render(request, "incidents/shift_detail.html", _page(request, row))


@require_http_methods(["GET", "POST"])
@needs(Permission.SHIFT_HAND_OVER)
@idempotent
def shift_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Only after the person has proved himself within the last five minutes."""
    row = _found(request, pk)
    require(request.actor, Permission.SHIFT_HAND_OVER, row)
    if row.signed_at:
        return redirect("incidents:shift_detail", pk)
    form = TakeOverForm(request.POST or None)
    if request.method == "POST":
        signed = submit(
            request,
            form,
            lambda: sign_handover(
                row,
                by=request.actor,
                at=clock.now(),
                proof=stepup.recent_proof(request),
                **form.values,
            ),
        )
        if signed:
            messages.success(request, _("Piket Anda terima."))
            return redirect("incidents:shift_detail", pk)
    context = _page(request, row) | {"form": form} | proof_context(request)
    return render(request, "incidents/shift_sign.html", context)


@require_GET
@needs(Permission.SHIFT_HAND_OVER)
def shift_print(request: HttpRequest, pk: int) -> HttpResponse:
    row, at = _found(request, pk), clock.now()
    lines = queries.line_rows(queries.lines_of(row, request.actor), row.written_at)
    record_read(row, by=request.actor, at=at, verb="shift_print")
    name, pdf = shift_pdf(row, lines, reader=request.actor, at=at)
    return download(pdf, PDF_TYPE, name)


def _page(request: HttpRequest, row: ShiftHandover) -> dict:
    waits = row.signed_at is None and row.replaced_at is None
    return {
        "row": row,
        "state": queries.shift_state(row),
        "facts": queries.shift_facts(row),
        "lines": queries.line_rows(queries.lines_of(row, request.actor), row.written_at),
        "may_sign": waits and may(request.actor, Permission.SHIFT_HAND_OVER, row),
    }
