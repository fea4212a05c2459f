"""The follow-up matrix and its saved views."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coordination.actions import saved_views as actions
from coordination.enums import ObligationState
from coordination.filters import OVERDUE, UNFINISHED, ObligationFilter, sound_query
from coordination.forms.saved_views import NewViewForm, ViewForm
from coordination.models import Obligation, SavedView
from coordination.queries import dashboard
from coordination.queries import matrix as queries
from coordination.queries import saved_views as views
from coordination.views.files import MATRIX
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.exports.making import DIRECT_ROWS
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate

STATS = (
    # state in the filter, field of the summary, icon, kind
    (UNFINISHED, "unfinished", "list-check", "info"),
    (OVERDUE, "overdue", "alarm", "danger"),
    ("open", "unacknowledged", "question-circle", "silent"),
    ("awaiting_verification", "awaiting", "hourglass-split", "warning"),
    ("done", "done", "check-circle", "success"),
)
SORTABLE = ("number", "agency", "due", "state", "progress")


@require_GET
@needs(Permission.OBLIGATION_VIEW)
def obligation_list(request: HttpRequest) -> HttpResponse:
    """The follow-up matrix; the whole filter stands in the address. The bare address opens the
    post's default view."""
    if not request.GET and (query := views.default_query(request.actor)):
        return redirect(f"{reverse('coordination:obligation_list')}?{query}")
    return _page(request, request.GET)


def _page(request: HttpRequest, data: QueryDict, **bound: Any) -> HttpResponse:
    at = clock.now()
    filters = ObligationFilter(
        data, queryset=queries.matrix(request.actor), actor=request.actor, at=at
    )
    page = paginate(request, filters.qs)
    chosen, here = filters.chosen, reverse("coordination:obligation_list")
    summary = dashboard.obligation_summary(request.actor, at, filters.qs)
    listed = queries.in_full(request.actor, list(page.object_list.values_list("pk", flat=True)))
    context = {
        "filter_form": filters.form,
        "narrowed": len(set(chosen) - {"q", "sort"}),
        "page": page,
        "rows": queries.matrix_rows(listed, at, page.start_index()),
        "summary": summary,
        "stats": _stats(summary, chosen, here),
        "chips": [
            {"label": label, "value": value, "url": _without(chosen, name, here)}
            for name, label, value in filters.words
        ],
        "sorts": {name: _sorted(chosen, name, here) for name in SORTABLE},
        "sort": chosen.get("sort", ""),
        "query": filters.query,
        "everything": f"{here}?{views.EVERYTHING}",
        "views": views.view_chips(request.actor, filters.query),
        "view_form": NewViewForm(initial={"query": filters.query}),
        "may_export": may(request.actor, Permission.EXPORT_CREATE),
        "export_url": reverse("exports:create", args=[MATRIX.name]),
        "direct_rows": DIRECT_ROWS,
    }
    return render(request, "coordination/obligation_list.html", context | bound)


def _stats(
    summary: dashboard.ObligationSummary, chosen: dict[str, str], here: str
) -> list[dict[str, Any]]:
    """The totals of what the filter selects; each narrows it further to a state."""
    labels = {UNFINISHED: _("Belum selesai"), OVERDUE: _("Terlambat")}
    labels |= dict(ObligationState.choices)
    return [
        {
            "label": labels[state],
            "value": getattr(summary, field),
            "icon": icon,
            "kind": kind,
            "url": f"{here}?{urlencode(chosen | {'state': state})}",
        }
        for state, field, icon, kind in STATS
    ]


def _without(chosen: dict[str, str], name: str, here: str) -> str:
    rest = {key: value for key, value in chosen.items() if key != name}
    return f"{here}?{urlencode(rest) or views.EVERYTHING}"


def _sorted(chosen: dict[str, str], name: str, here: str) -> str:
    """The address of the list ordered by a column; again turns it round where that makes sense."""
    turned = name in {"due", "progress"} and chosen.get("sort") == name
    return f"{here}?{urlencode(chosen | {'sort': f'-{name}' if turned else name})}"


@require_POST
@needs(Permission.OBLIGATION_VIEW)
@idempotent
def view_create(request: HttpRequest) -> HttpResponse:
    """Keep the present filter under a name; what is not a sound filter is left out."""
    form = NewViewForm(request.POST)
    data = QueryDict(request.POST.get("query", "")[:1000])
    query = sound_query(request.actor, data)
    saved = submit(request, form, lambda: _create(request, form, query))
    if not saved:
        return _page(request, data, view_form=form, view_open=True)
    messages.success(request, _("Tampilan “%(name)s” tersimpan.") % {"name": saved.name})
    return redirect(f"{reverse('coordination:obligation_list')}?{query or views.EVERYTHING}")


def _filter(request: HttpRequest, data: QueryDict) -> ObligationFilter:
    """What such an address asks for, without rows."""
    return ObligationFilter(data, queryset=Obligation.objects.none(), actor=request.actor)


def _create(request: HttpRequest, form: NewViewForm, query: str) -> SavedView:
    values = form.values | {"query": query}
    return actions.save_view(by=request.actor, at=clock.now(), **values)


@require_http_methods(["GET", "POST"])
@needs(Permission.OBLIGATION_VIEW)
@idempotent
def view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    view = _own(request, pk)
    form = ViewForm(request.POST or None, instance=view)
    stored = _own(request, pk)  # The form writes what was typed into its own copy.
    if request.method == "POST" and submit(
        request,
        form,
        lambda: actions.change_view(stored, by=request.actor, at=clock.now(), **form.values),
    ):
        messages.success(request, _("Tampilan diperbarui."))
        return redirect(
            f"{reverse('coordination:obligation_list')}?{stored.query or views.EVERYTHING}"
        )
    context = {
        "view": stored,
        "form": form,
        "words": _filter(request, QueryDict(stored.query)).words,
        "back": f"?{stored.query or views.EVERYTHING}",
    }
    return render(request, "coordination/view_form.html", context)


@require_POST
@needs(Permission.OBLIGATION_VIEW)
@idempotent
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    actions.delete_view(_own(request, pk), by=request.actor, at=clock.now())
    messages.success(request, _("Tampilan dihapus."))
    return redirect(f"{reverse('coordination:obligation_list')}?{views.EVERYTHING}")


def _own(request: HttpRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.editable_by(request.actor), pk=pk)
