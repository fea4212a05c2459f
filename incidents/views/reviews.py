"""After-action reviews (kaji ulang)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coordination.forms.directives import DirectiveForm
from incidents.actions.reviews import add_review_item, write_review
from incidents.enums import IncidentState
from incidents.forms.reviews import ReviewForm
from incidents.queries import reviews as queries
from incidents.views.incidents import found, note_read
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate


@require_GET
@needs(Permission.INCIDENT_VIEW)
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits for a review, and what reviews led to and is not closed."""
    at = clock.now()
    page = paginate(request, queries.open_items(request.actor))
    context = {
        "waiting": queries.unreviewed_rows(queries.unreviewed(request.actor)[:MOST]),
        "page": page,
        "items": queries.item_rows(page.object_list, at),
    }
    return render(request, "incidents/review_list.html", context)


MOST = 100


@require_GET
@needs(Permission.INCIDENT_VIEW)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    incident = found(request, pk)
    note_read(request, incident)
    row = queries.review_of(incident)
    items = queries.review_items(request.actor).filter(directive__origin_url=_page(pk))
    closed = incident.state == IncidentState.CLOSED
    context = {
        "incident": incident,
        "row": row,
        "texts": queries.review_texts(row) if row else [],
        "items": queries.item_rows(items, clock.now()),
        "may_write": closed and may(request.actor, Permission.INCIDENT_HANDLE, incident),
        "may_direct": row is not None and may(request.actor, Permission.DIRECTIVE_ISSUE),
    }
    return render(request, "incidents/review.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def review_write(request: HttpRequest, pk: int) -> HttpResponse:
    incident = found(request, pk)
    require(request.actor, Permission.INCIDENT_HANDLE, incident)
    row = queries.review_of(incident)
    form = ReviewForm(request.POST or None, review=row)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: write_review(
            incident, **form.values, version=form.version, by=request.actor, at=clock.now()
        ),
    ):
        messages.success(request, _("Kaji ulang disimpan."))
        return redirect("incidents:review", pk)
    note_read(request, incident)
    context = {
        "form": form,
        "title": _("Tulis kaji ulang"),
        "parent": (incident.number, reverse("incidents:review", args=[pk])),
        "lead": incident.title,
    }
    return render(request, "incidents/case_form.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.DIRECTIVE_ISSUE)
@idempotent
def review_item(request: HttpRequest, pk: int) -> HttpResponse:
    """What must change, as a directive with a due time that is done only with proof."""
    incident = found(request, pk)
    row = queries.review_of(incident)
    if row is None:
        raise Http404
    ground = _("Kaji ulang kejadian %(number)s") % {"number": incident.number}
    initial = {
        "ground": ground,
        "classification": incident.classification,
        "evidence_required": True,
    }
    form = DirectiveForm(request.POST or None, minutes=None, initial=initial)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: add_review_item(
            row,
            shares=form.shares(),
            due=form.due(),
            by=request.actor,
            at=clock.now(),
            **form.row_values,
        ),
    ):
        messages.success(request, _("Tindakan perbaikan terbit sebagai arahan."))
        return redirect("incidents:review", pk)
    note_read(request, incident)
    context = {"form": form, "cancel_url": reverse("incidents:review", args=[pk])}
    return render(request, "coordination/directive_form.html", context)


def _page(pk: int) -> str:
    return reverse("incidents:incident_detail", args=[pk])
