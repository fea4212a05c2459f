from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coordination import exports
from coordination.actions import minutes as actions
from coordination.enums import MINUTES_BADGES, MinutesState
from coordination.forms.circulation import FileForm
from coordination.forms.minutes import MinutesForm
from coordination.models import Meeting, Minutes, SectionRevision
from coordination.queries import directives as directive_queries
from coordination.queries import meetings as meeting_queries
from coordination.queries import minutes as queries
from coordination.views.reading import found
from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.attachments.models import Attachment
from portal.web.forms import MAX_TEXT, submit
from portal.web.idempotency import idempotent, release
from portal.web.markdown import render as render_markdown

form_page = require_http_methods(["GET", "POST"])


def minutes_of(request: HttpRequest, pk: int) -> Minutes:
    """The minutes of that meeting, if the post may see them."""
    rows = Minutes.objects.visible_to(request.actor)
    rows = rows.select_related(
        "meeting__host_agency", "meeting__host_unit", "meeting__operation", "published_by"
    )
    return found(request, rows, meeting=pk)


def possible(request: HttpRequest, minutes: Minutes) -> set[str]:
    """What the page offers, from the state and the post's rights."""
    meeting, state, actor = minutes.meeting, minutes.state, request.actor
    offered = set()
    held = meeting.state == "held"
    if may(actor, Permission.MINUTES_WRITE, meeting):
        offered.add("history")
        if state == MinutesState.DRAFT:
            offered |= {"write", "files"} | ({"circulate"} if held else set())
        if state in {MinutesState.CIRCULATED, MinutesState.SIGNED}:
            offered.add("return")
        if state in {MinutesState.DRAFT, MinutesState.CIRCULATED}:
            offered.add("answer")
        if state == MinutesState.PUBLISHED:
            offered.add("addendum")
    circulating = (
        state == MinutesState.CIRCULATED
        and minutes.object_until is not None
        and clock.now() < minutes.object_until
    )
    unsigned = state in {MinutesState.DRAFT, MinutesState.CIRCULATED} and not circulating
    if may(actor, Permission.MINUTES_SIGN, meeting):
        offered |= {"sign_addendum"} | ({"sign"} if unsigned and held else set())
    if may(actor, Permission.MINUTES_PUBLISH, meeting):
        offered |= {"publish_addendum"} | ({"publish"} if state == MinutesState.SIGNED else set())
    if circulating and may(actor, Permission.MINUTES_OBJECT):
        offered.add("object")
    return offered


@require_GET
@needs(Permission.MINUTES_VIEW)
def minutes_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The notula as it is read: the published text with its seal, or the draft for its writers."""
    minutes = minutes_of(request, pk)
    meeting = minutes.meeting
    offered = possible(request, minutes)
    context = {
        "minutes": minutes,
        "meeting": meeting,
        "state": (MINUTES_BADGES[minutes.state], minutes.get_state_display()),
        "passages": queries.passages(minutes, request.actor),
        "attendance": meeting_queries.attendance_rows(
            get_object_or_404(meeting_queries.loaded(request.actor), pk=meeting.pk)
        ),
        "directives": directive_queries.of_meeting(meeting, request.actor),
        "files": queries.file_rows(exports.files_of(minutes)),
        "objections": queries.objection_rows(minutes, request.actor),
        "addenda": queries.addendum_rows(minutes, request.actor),
        "parts": exports.part_labels().items(),
        "offered": offered,
    }
    return render(request, "coordination/minutes_detail.html", context)


@require_POST
@needs(Permission.MINUTES_WRITE)
@idempotent
def minutes_open(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = found(request, Meeting.objects.visible_to(request.actor), pk=pk)
    require(request.actor, Permission.MINUTES_WRITE, meeting)
    try:
        actions.open_minutes(meeting, by=request.actor, at=clock.now())
    except Refused as refusal:
        release(request)
        messages.error(request, refusal.sentence)
        return redirect("coordination:meeting_detail", pk)
    return redirect("coordination:minutes_edit", pk)


@form_page
@needs(Permission.MINUTES_WRITE)
@idempotent
def minutes_edit(request: HttpRequest, pk: int) -> HttpResponse:
    minutes = minutes_of(request, pk)
    require(request.actor, Permission.MINUTES_WRITE, minutes.meeting)
    if not minutes.is_draft:
        return redirect("coordination:minutes_detail", pk)
    form = MinutesForm(request.POST or None, instance=minutes_of(request, pk))
    if request.method == "POST":
        saved = submit(
            request,
            form,
            lambda: actions.save_minutes(
                minutes,
                by=request.actor,
                at=clock.now(),
                version=form.version,
                sections=form.sections(),
                **form.values,
            ),
        )
        if saved:
            messages.success(request, _("Draf notula disimpan."))
            return redirect("coordination:minutes_detail", pk)
    context = {"form": form, "minutes": minutes, "meeting": minutes.meeting}
    return render(request, "coordination/minutes_form.html", context)


@require_POST
@needs(Permission.MINUTES_WRITE)
def markdown_preview(request: HttpRequest) -> HttpResponse:
    """One text as it will look; asked for while it is being typed. Writes nothing."""
    texts = [value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
    return HttpResponse(render_markdown(texts[0][:MAX_TEXT] if texts else ""))


@require_GET
@needs(Permission.MINUTES_WRITE)
def minutes_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every kept text of every passage, with what changed and the way back."""
    minutes = minutes_of(request, pk)
    require(request.actor, Permission.MINUTES_WRITE, minutes.meeting)
    context = {
        "minutes": minutes,
        "meeting": minutes.meeting,
        "histories": queries.history(minutes),
        "may_restore": minutes.is_draft,
    }
    return render(request, "coordination/minutes_history.html", context)


@require_POST
@needs(Permission.MINUTES_WRITE)
@idempotent
def revision_restore(request: HttpRequest, pk: int, revision: int) -> HttpResponse:
    minutes = minutes_of(request, pk)
    require(request.actor, Permission.MINUTES_WRITE, minutes.meeting)
    rows = SectionRevision.objects.filter(minutes=minutes).select_related("minutes", "section")
    kept = get_object_or_404(rows, pk=revision)
    try:
        actions.restore_revision(kept, by=request.actor, at=clock.now())
    except Refused as refusal:
        release(request)
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Teks lama dipulihkan sebagai revisi baru."))
    return redirect("coordination:minutes_history", pk)


@form_page
@needs(Permission.MINUTES_WRITE)
@idempotent
def file_add(request: HttpRequest, pk: int) -> HttpResponse:
    minutes = minutes_of(request, pk)
    require(request.actor, Permission.MINUTES_WRITE, minutes.meeting)
    form = FileForm(
        request.POST or None, request.FILES or None, actor=request.actor, minutes=minutes
    )
    if request.method == "POST":
        added = submit(
            request,
            form,
            lambda: actions.add_file(minutes, by=request.actor, at=clock.now(), **form.values),
        )
        if added:
            messages.success(request, _("Lampiran disimpan."))
            return redirect("coordination:minutes_detail", pk)
    context = {"form": form, "minutes": minutes, "meeting": minutes.meeting}
    return render(request, "coordination/minutes_file.html", context)


@require_POST
@needs(Permission.MINUTES_WRITE)
@idempotent
def file_remove(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    minutes = minutes_of(request, pk)
    require(request.actor, Permission.MINUTES_WRITE, minutes.meeting)
    own = {row.pk for row in exports.files_of(minutes)}
    attachment = get_object_or_404(Attachment.objects.filter(pk__in=own), pk=file)
    try:
        actions.remove_file(minutes, attachment, by=request.actor, at=clock.now())
    except Refused as refusal:
        release(request)
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Lampiran dihapus dari draf."))
    return redirect("coordination:minutes_detail", pk)
