"""The minute-taker's view: each passage is saved by itself, while it is being typed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from coordination.actions import minutes as actions
from coordination.forms.minutes import HeadForm, PassageForm
from coordination.models import Minutes, MinutesSection
from coordination.queries import minutes as queries
from coordination.views.minutes.pages import minutes_of
from portal import clock
from portal.access.classification import Classification
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.templatetags.portal import pukul


def _written(request: HttpRequest, pk: int) -> Minutes:
    minutes = minutes_of(request, pk)
    require(request.actor, Permission.MINUTES_WRITE, minutes.meeting)
    return minutes


def _section(minutes: Minutes, pk: int) -> MinutesSection:
    rows = MinutesSection.objects.filter(minutes=minutes).select_related("minutes__meeting")
    return get_object_or_404(rows, pk=pk)


@require_GET
@needs(Permission.MINUTES_WRITE)
def minutes_write(request: HttpRequest, pk: int) -> HttpResponse:
    minutes = _written(request, pk)
    if not minutes.is_draft:
        return redirect("coordination:minutes_detail", pk)
    agencies = list(queries.agencies_of_seats(minutes.meeting))
    # What is secret is never left behind in a browser.
    keeps = minutes.classification < Classification.RAHASIA
    context = {
        "minutes": minutes,
        "meeting": minutes.meeting,
        "head": HeadForm(minutes=minutes),
        "keeps": keeps,
        "draft_owner": f"notula:{request.actor.user_id}:" if keeps else "",
        "lines": [
            (section, PassageForm(section=section, agencies=agencies))
            for section in minutes.sections.order_by("position")
        ],
    }
    return render(request, "coordination/minutes_write.html", context)


@require_POST
@needs(Permission.MINUTES_WRITE)
def passage_save(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    """Keep one passage. The same text sent twice changes nothing the second time: its base says
    what it grew from."""
    minutes = _written(request, pk)
    row = _section(minutes, section)
    agencies = queries.agencies_of_seats(minutes.meeting)
    form = PassageForm(request.POST, section=row, agencies=agencies)
    return _answer(
        request,
        minutes,
        form,
        lambda: actions.save_section(
            row,
            by=request.actor,
            at=clock.now(),
            base_version=form.cleaned_data["base"],
            **form.texts,
        ),
    )


@require_POST
@needs(Permission.MINUTES_WRITE)
def head_save(request: HttpRequest, pk: int) -> HttpResponse:
    minutes = _written(request, pk)
    form = HeadForm(request.POST, minutes=minutes)
    return _answer(
        request,
        minutes,
        form,
        lambda: actions.save_head(
            minutes,
            by=request.actor,
            at=clock.now(),
            base_version=form.cleaned_data["base"],
            **form.texts,
        ),
    )


@require_POST
@needs(Permission.MINUTES_WRITE)
def passage_seen(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    """Somebody is at this passage: who else is?"""
    row = _section(_written(request, pk), section)
    others = actions.touch_section(row, by=request.actor, at=clock.now())
    return JsonResponse({"version": row.version, "others": others})


def _answer(request: HttpRequest, minutes: Minutes, form: Any, call: Any) -> HttpResponse:
    """To a script: what was kept, as JSON. To a plain form: back to the page."""
    wants_json = "application/json" in request.headers.get("Accept", "")
    back = reverse("coordination:minutes_write", args=[minutes.meeting_id])
    if not form.is_valid():
        sentence = " ".join(error for errors in form.errors.values() for error in errors)
        return _refusal(request, sentence, back, wants_json, 422)
    try:
        saved = call()
    except Refused as refusal:
        return _refusal(request, str(refusal.sentence), back, wants_json, 409)
    if not wants_json:
        messages.success(request, _("Bagian notula disimpan."))
        if saved.clashed:
            messages.warning(
                request, _("Tulisan Anda berbenturan dengan tulisan lain; keduanya ditandai.")
            )
        return redirect(back)
    fields = {name: getattr(saved.row, name) for name in form.texts}
    return JsonResponse(
        {
            "version": saved.row.version,
            "at": pukul(clock.local(clock.now()), seconds=True),
            "merged": saved.merged,
            "clashed": saved.clashed,
            "others": saved.others,
            "values": fields if saved.merged else {},
        }
    )


def _refusal(
    request: HttpRequest, sentence: str, back: str, wants_json: bool, status: int
) -> HttpResponse:
    if wants_json:
        return JsonResponse({"sentence": sentence}, status=status)
    messages.error(request, sentence)
    return redirect(back)
