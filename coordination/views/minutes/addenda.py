from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.actions import minutes as actions
from coordination.forms.circulation import AddendumForm, AddendumSignForm
from coordination.models import Addendum, Minutes
from coordination.queries import minutes as queries
from coordination.views.minutes.circulation import proof_context
from coordination.views.minutes.pages import minutes_of
from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.accounts import stepup
from portal.web.forms import submit
from portal.web.idempotency import idempotent, release

form_page = require_http_methods(["GET", "POST"])


def _addendum(request: HttpRequest, pk: int, addendum: int) -> tuple[Minutes, Addendum]:
    minutes = minutes_of(request, pk)
    rows = Addendum.objects.visible_to(request.actor).filter(minutes=minutes)
    return minutes, get_object_or_404(rows.select_related("minutes__meeting"), pk=addendum)


def _page(
    request: HttpRequest, minutes: Minutes, addendum: Addendum | None, call: Callable
) -> HttpResponse:
    """The form of a new or existing draft; `call` is the action that takes its values."""
    require(request.actor, Permission.MINUTES_WRITE, minutes.meeting)
    form = AddendumForm(request.POST or None, minutes=minutes, instance=addendum)
    if request.method == "POST":
        saved = submit(request, form, lambda: call(form))
        if saved:
            messages.success(request, _("Draf adendum disimpan."))
            return redirect("coordination:minutes_detail", minutes.meeting_id)
    context = {"form": form, "minutes": minutes, "meeting": minutes.meeting}
    return render(request, "coordination/addendum_form.html", context)


@form_page
@needs(Permission.MINUTES_WRITE)
@idempotent
def addendum_create(request: HttpRequest, pk: int) -> HttpResponse:
    minutes = minutes_of(request, pk)
    return _page(
        request,
        minutes,
        None,
        lambda form: actions.draft_addendum(
            minutes, by=request.actor, at=clock.now(), **form.values
        ),
    )


@form_page
@needs(Permission.MINUTES_WRITE)
@idempotent
def addendum_edit(request: HttpRequest, pk: int, addendum: int) -> HttpResponse:
    minutes, row = _addendum(request, pk, addendum)
    _same, instance = _addendum(request, pk, addendum)
    return _page(
        request,
        minutes,
        instance,
        lambda form: actions.edit_addendum(
            row, by=request.actor, at=clock.now(), version=form.version, **form.values
        ),
    )


@form_page
@needs(Permission.MINUTES_SIGN)
@idempotent
def addendum_sign(request: HttpRequest, pk: int, addendum: int) -> HttpResponse:
    minutes, row = _addendum(request, pk, addendum)
    require(request.actor, Permission.MINUTES_SIGN, minutes.meeting)
    form = AddendumSignForm(request.POST or None, addendum=row)
    if request.method == "POST":
        signed = submit(
            request,
            form,
            lambda: actions.sign_addendum(
                row,
                by=request.actor,
                at=clock.now(),
                proof=stepup.recent_proof(request),
                version=form.version,
            ),
        )
        if signed:
            messages.success(request, _("Adendum disahkan."))
            return redirect("coordination:minutes_detail", pk)
    shown = [r for r in queries.addendum_rows(minutes, request.actor) if r["pk"] == row.pk]
    context = {
        "form": form,
        "minutes": minutes,
        "meeting": minutes.meeting,
        "addendum": shown[0],
        **proof_context(request),
    }
    return render(request, "coordination/addendum_sign.html", context)


@require_POST
@needs(Permission.MINUTES_PUBLISH)
@idempotent
def addendum_publish(request: HttpRequest, pk: int, addendum: int) -> HttpResponse:
    minutes, row = _addendum(request, pk, addendum)
    require(request.actor, Permission.MINUTES_PUBLISH, minutes.meeting)
    try:
        published = actions.publish_addendum(row, by=request.actor, at=clock.now())
    except Refused as refusal:
        release(request)
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Adendum %(number)s terbit.") % {"number": published.number})
    return redirect("coordination:minutes_detail", pk)
