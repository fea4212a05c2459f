from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coordination.actions import agenda as actions
from coordination.actions import agenda_order as order
from coordination.actions import backlog
from coordination.actions.running_order import items_of
from coordination.forms.agenda import (
    AgendaItemForm,
    OrderForm,
    TemplateChoiceForm,
    TemplateNameForm,
)
from coordination.models import AgendaItem, Meeting, MeetingSeries
from coordination.queries import agenda as queries
from coordination.queries.carry_over import returned_items
from coordination.queries.meetings import possible
from coordination.views.reading import found
from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.forms import submit
from portal.web.idempotency import idempotent, release

form_page = require_http_methods(["GET", "POST"])
MOVES = {
    "daftar-tunggu": (backlog.move_to_backlog, _lazy("Butir menunggu dalam daftar tunggu seri.")),
    "rakor-berikut": (backlog.move_to_next, _lazy("Butir dipindahkan ke rakor berikutnya.")),
}
STEPS = {"naik": -1, "turun": 1}


def planned(request: HttpRequest, pk: int) -> Meeting:
    rows = Meeting.objects.visible_to(request.actor).select_related("series", "host_agency")
    meeting = found(request, rows, pk=pk)
    require(request.actor, Permission.MEETING_PLAN, meeting)
    return meeting


def _item(request: HttpRequest, pk: int) -> AgendaItem:
    rows = AgendaItem.objects.visible_to(request.actor).select_related(
        "meeting__series", "series", "presenter", "presenter_post"
    )
    item = found(request, rows, pk=pk)
    require(request.actor, Permission.MEETING_PLAN, item.meeting or item.series)
    return item


def _home(owner: Any) -> str:
    name = "agenda" if isinstance(owner, Meeting) else "series_detail"
    return reverse(f"coordination:{name}", args=[owner.pk])


@require_GET
@needs(Permission.MEETING_PLAN)
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """The workshop of a running order: order, sum, sections, files, backlog, examples."""
    return agenda_page(request, planned(request, pk))


def agenda_page(request: HttpRequest, meeting: Meeting, **more: Any) -> HttpResponse:
    series = meeting.series
    context = {
        "meeting": meeting,
        "agenda": queries.agenda_rows(
            queries.items_for(request.actor).filter(meeting=meeting),
            returned=returned_items(meeting, request.actor, clock.now()),
            reader=request.actor,
        ),
        "agenda_sum": queries.agenda_sum(meeting),
        "waiting": queries.backlog(series, request.actor) if series else [],
        "series": series,
        "following": backlog.next_meeting(meeting),
        "possible": possible(meeting, None, request.actor, clock.now()),
        "save_form": TemplateNameForm(),
        "apply_form": TemplateChoiceForm(actor=request.actor),
        "has_templates": queries.templates(request.actor).exists(),
        "refusal": "",
        "news": "",
    } | more
    name = "coordination/agenda.html"
    if request.headers.get("HX-Request"):
        name += "#list"
    return render(request, name, context)


@form_page
@needs(Permission.MEETING_PLAN)
@idempotent
def item_create(request: HttpRequest, pk: int) -> HttpResponse:
    return _create(request, planned(request, pk))


@form_page
@needs(Permission.MEETING_PLAN)
@idempotent
def backlog_create(request: HttpRequest, pk: int) -> HttpResponse:
    series = found(request, MeetingSeries.objects.visible_to(request.actor), pk=pk)
    require(request.actor, Permission.MEETING_PLAN, series)
    return _create(request, series)


def _create(request: HttpRequest, owner: Any) -> HttpResponse:
    sections = items_of(owner).values_list("section", flat=True)
    form = AgendaItemForm(request.POST or None, request.FILES or None, sections=sections)
    if request.method == "POST":
        item = submit(
            request,
            form,
            lambda: actions.add_item(
                owner,
                by=request.actor,
                at=clock.now(),
                files=form.attached,
                **form.item_values,
            ),
        )
        if item:
            messages.success(request, _("Mata acara ditambahkan."))
            return redirect(_home(owner))
    context = {"form": form, "owner": owner, "cancel_url": _home(owner)}
    return render(request, "coordination/agenda_item_form.html", context)


@form_page
@needs(Permission.MEETING_PLAN)
@idempotent
def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    owner = item.meeting or item.series
    form = AgendaItemForm(
        request.POST or None,
        request.FILES or None,
        instance=AgendaItem.objects.visible_to(request.actor).get(pk=pk),
        sections=items_of(owner).values_list("section", flat=True),
    )
    if request.method == "POST":
        saved = submit(
            request,
            form,
            lambda: actions.edit_item(
                item,
                by=request.actor,
                at=clock.now(),
                version=form.version,
                files=form.attached,
                **form.item_values,
            ),
        )
        if saved:
            messages.success(request, _("Mata acara disimpan."))
            return redirect(_home(owner))
    context = {
        "form": form,
        "owner": owner,
        "item": item,
        "files": queries.files_of(item),
        "cancel_url": _home(owner),
    }
    return render(request, "coordination/agenda_item_form.html", context)


def _act(request: HttpRequest, item: AgendaItem, call: Any, said: str = "") -> HttpResponse:
    """One button on one item: the action, or its refusal, and back to where the item stood. What
    stays on the page (nothing `said`) is told by its place."""
    owner = item.meeting or item.series
    stays, refusal = not said, ""
    try:
        call()
    except Refused as refused:
        refusal = str(refused.sentence)
        release(request)
    else:
        said = said or _place_of(item, owner)
    if request.headers.get("HX-Request") and isinstance(owner, Meeting):
        news = "" if refusal else said
        return agenda_page(request, planned(request, owner.pk), refusal=refusal, news=news)
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, said)
    return redirect(_home(owner) + (f"#butir-{item.pk}" if stays else ""))


def _place_of(item: AgendaItem, owner: Any) -> str:
    """For who does not see where a line went."""
    item.refresh_from_db(fields=["position", "title"])
    return _("“%(title)s” kini nomor %(place)s dari %(total)s.") % {
        "title": item.title,
        "place": item.position,
        "total": items_of(owner).count(),
    }


@require_POST
@needs(Permission.MEETING_PLAN)
@idempotent
def item_delete(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    return _act(
        request,
        item,
        lambda: actions.delete_item(item, by=request.actor, at=clock.now()),
        _("Mata acara dihapus."),
    )


@require_POST
@needs(Permission.MEETING_PLAN)
@idempotent
def item_shift(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One place up or down: the buttons, also of who has no mouse and no JavaScript."""
    if verb not in STEPS:
        raise Http404
    item = _item(request, pk)
    return _act(
        request,
        item,
        lambda: order.shift_item(item, by=request.actor, at=clock.now(), step=STEPS[verb]),
    )


@require_POST
@needs(Permission.MEETING_PLAN)
@idempotent
def item_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Into the backlog, or onto the agenda of the next rakor of the series."""
    if verb not in MOVES:
        raise Http404
    item = _item(request, pk)
    action, said = MOVES[verb]
    return _act(request, item, lambda: action(item, by=request.actor, at=clock.now()), str(said))


@require_POST
@needs(Permission.MEETING_PLAN)
@idempotent
def item_take(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """From the backlog of the series onto this agenda."""
    meeting, item = planned(request, pk), _item(request, item_pk)
    try:
        backlog.take_from_backlog(item, meeting, by=request.actor, at=clock.now())
    except Refused as refusal:
        release(request)
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Butir diambil dari daftar tunggu."))
    return redirect("coordination:agenda", pk)


@require_POST
@needs(Permission.MEETING_PLAN)
@idempotent
def agenda_order(request: HttpRequest, pk: int) -> HttpResponse:
    """The order after something was dragged."""
    meeting = planned(request, pk)
    form = OrderForm(request.POST)
    done = submit(
        request,
        form,
        lambda: order.arrange_agenda(
            meeting,
            form.values["order"],
            moved=form.values["moved"],
            by=request.actor,
            at=clock.now(),
        ),
    )
    refusal = "" if done else " ".join(text for texts in form.errors.values() for text in texts)
    if request.headers.get("HX-Request"):
        moved = items_of(meeting).filter(pk=form.values["moved"]).first() if done else None
        news = _place_of(moved, meeting) if moved else ""
        return agenda_page(request, planned(request, pk), refusal=refusal, news=news)
    if refusal:
        messages.error(request, refusal)
    return redirect("coordination:agenda", pk)
