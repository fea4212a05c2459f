"""Who came: the host's list, the desk, the screen with the code, one's own signature."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from coordination.actions import attendance as actions
from coordination.forms.attendance import AttendanceForm, AttendeeForm, DeskForm
from coordination.forms.meetings import ReasonForm
from coordination.models import Attendance, Meeting
from coordination.queries import attendance as queries
from coordination.queries.meetings import loaded, own_seat
from coordination.views.reading import found
from portal import clock
from portal.access import codes
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.documents.qr import svg
from portal.web.forms import submit
from portal.web.idempotency import idempotent

form_page = require_http_methods(["GET", "POST"])


def _run(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, for who runs it."""
    meeting = found(request, loaded(request.actor), pk=pk)
    require(request.actor, Permission.MEETING_RUN, meeting)
    return meeting


@form_page
@needs(Permission.MEETING_RUN)
@idempotent
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _run(request, pk)
    form = AttendanceForm(request.POST or None, meeting=meeting)
    if request.method == "POST":
        saved = submit(
            request,
            form,
            lambda: actions.record_attendance(
                meeting,
                form.seats(),
                by=request.actor,
                at=clock.now(),
                version=form.version,
                removed=form.removed(),
            ),
        )
        if saved:
            messages.success(request, _("Daftar hadir disimpan."))
            return redirect("coordination:meeting_detail", pk)
    return render(request, "coordination/attendance.html", {"form": form, "meeting": meeting})


@require_GET
@never_cache
@needs(Permission.MEETING_RUN)
def attendance_screen(request: HttpRequest, pk: int) -> HttpResponse:
    """The code for the wall; to htmx only the code, which changes every half minute."""
    fragment = request.htmx and not request.htmx.history_restore_request
    if fragment:
        # Not `found`: a screen that asks every ten seconds is not a reader each time.
        meeting = get_object_or_404(Meeting.objects.visible_to(request.actor), pk=pk)
        require(request.actor, Permission.MEETING_RUN, meeting)
    else:
        meeting = _run(request, pk)
    at = clock.now()
    code = codes.code_at(queries.code_subject(meeting), at)
    path = reverse("coordination:check_in", args=[pk, code])
    context = {
        "meeting": meeting,
        "open": queries.arriving(meeting, at),
        "code": svg(settings.PORTAL_URL.rstrip("/") + path),
        "quorum": queries.quorum(meeting),
    }
    name = f"coordination/attendance_screen.html{'#code' if fragment else ''}"
    return render(request, name, context)


@require_GET
@never_cache
@needs(Permission.MEETING_VIEW)
def live_count(request: HttpRequest, pk: int) -> HttpResponse:
    """Seats of those needed, and heads: asked for by the chair's screen."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.actor), pk=pk)
    context = {"meeting": meeting, "quorum": queries.quorum(meeting)}
    return render(request, "coordination/live_count.html", context)


@form_page
@never_cache
@needs(Permission.MEETING_ATTEND)
@idempotent
def check_in(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Where the code on the screen leads: one form, one signature."""
    meeting = found(request, loaded(request.actor), pk=pk)
    at = clock.now()
    slot = codes.slot_of(queries.code_subject(meeting), code)
    fresh = slot is not None and codes.is_fresh(slot, at)
    held = ""
    if fresh:
        held = codes.hold(queries.code_subject(meeting), slot, request.user.pk, at)
    form = _attendee_form(request, meeting, held)
    if request.method == "POST":
        signed = submit(
            request,
            form,
            lambda: actions.check_in(
                meeting,
                form.attendee(),
                by=request.actor,
                at=at,
                code=code,
                held=form.cleaned_data["held"],
            ),
        )
        if signed:
            messages.success(request, _("Kehadiran Anda tercatat."))
            return redirect("coordination:meeting_detail", pk)
    context = {
        "form": form,
        "meeting": meeting,
        "usable": fresh or request.method == "POST",
        "line": queries.own_line(meeting, request.actor),
    }
    return render(request, "coordination/check_in.html", context)


@form_page
@needs(Permission.MEETING_ATTEND)
@idempotent
def sign_late(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own signature after the session, marked as such."""
    meeting = found(request, loaded(request.actor), pk=pk)
    form = _attendee_form(request, meeting)
    if request.method == "POST":
        signed = submit(
            request,
            form,
            lambda: actions.sign_late(meeting, form.attendee(), by=request.actor, at=clock.now()),
        )
        if signed:
            messages.success(request, _("Kehadiran susulan Anda tercatat."))
            return redirect("coordination:meeting_detail", pk)
    context = {
        "form": form,
        "meeting": meeting,
        "late": True,
        "usable": queries.signing_late(meeting) or request.method == "POST",
        "line": queries.own_line(meeting, request.actor),
    }
    return render(request, "coordination/check_in.html", context)


def _attendee_form(request: HttpRequest, meeting: Meeting, held: str = "") -> Any:
    return AttendeeForm(
        request.POST or None,
        actor=request.actor,
        name=request.user.name,
        seat=own_seat(meeting, request.actor),
        held=held,
    )


@form_page
@needs(Permission.MEETING_RUN)
@idempotent
def attendance_desk(request: HttpRequest, pk: int) -> HttpResponse:
    """The reception: mark seats, take down people, also of agencies without an invitation."""
    meeting = _run(request, pk)
    at = clock.now()
    form = DeskForm(request.POST or None)
    if request.method == "POST":
        taken = submit(
            request,
            form,
            lambda: actions.check_in_at_desk(
                meeting,
                form.attendee(),
                agency=form.cleaned_data["agency"],
                may_commit=form.cleaned_data["may_commit"],
                by=request.actor,
                at=at,
            ),
        )
        if taken:
            messages.success(
                request, _("%(agency)s tercatat.") % {"agency": taken.agency.short_name}
            )
            return redirect("coordination:attendance_desk", pk)
    context = {
        "form": form,
        "meeting": meeting,
        "open": queries.arriving(meeting, at),
        "rows": queries.attendance_rows(meeting, request.actor),
        "waiting": queries.not_yet_there(meeting),
        "quorum": queries.quorum(meeting),
    }
    return render(request, "coordination/attendance_desk.html", context)


@form_page
@needs(Permission.MEETING_RUN)
@idempotent
def attendance_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one line off, with the reason that the audit keeps."""
    meetings = Meeting.objects.visible_to(request.actor)
    lines = Attendance.objects.filter(meeting__in=meetings).select_related("meeting", "agency")
    line = get_object_or_404(lines, pk=pk)
    require(request.actor, Permission.MEETING_RUN, found(request, meetings, pk=line.meeting_id))
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        removed = submit(
            request,
            form,
            lambda: actions.remove_line(line, by=request.actor, at=clock.now(), **form.values),
        )
        if removed:
            messages.success(request, _("Baris dihapus dari daftar hadir."))
            return redirect("coordination:attendance_desk", line.meeting_id)
    context = {"form": form, "line": line, "meeting": line.meeting}
    return render(request, "coordination/attendance_remove.html", context)
