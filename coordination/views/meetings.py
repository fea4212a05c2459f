from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coordination.actions import meetings as actions
from coordination.enums import MEETING_EDITABLE
from coordination.filters import MeetingFilter
from coordination.forms.meetings import MeetingForm, ReasonForm
from coordination.models import Meeting, Minutes
from coordination.queries import agenda as agenda_queries
from coordination.queries import directives as directive_queries
from coordination.queries import meetings as queries
from coordination.queries.attendance import quorum_of
from coordination.queries.carry_over import carried_items, returned_items
from coordination.queries.conflicts import Conflict, conflicts
from coordination.queries.following import follow_state
from coordination.queries.lessons import meeting_lessons
from coordination.views.reading import address_of, found
from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.web.forms import submit
from portal.web.idempotency import idempotent, release
from portal.web.pagination import paginate

form_page = require_http_methods(["GET", "POST"])
MOVES = {
    "jadwalkan": (actions.schedule_meeting, Permission.MEETING_PLAN),
    "mulai": (actions.start_meeting, Permission.MEETING_RUN),
    "tutup": (actions.close_meeting, Permission.MEETING_RUN),
}
STOPS = {
    "tunda": (actions.postpone_meeting, _lazy("Tunda rakor")),
    "batalkan": (actions.cancel_meeting, _lazy("Batalkan rakor")),
}


@require_GET
@needs(Permission.MEETING_VIEW)
def meeting_list(request: HttpRequest) -> HttpResponse:
    filters = MeetingFilter(request.GET, queryset=queries.meetings(request.actor))
    page = paginate(request, filters.qs)
    context = {
        "filter_form": filters.form,
        "page": page,
        "rows": queries.meeting_rows(page.object_list),
        "may_plan": (plans := may(request.actor, Permission.MEETING_PLAN)),
        "may_oversee": plans and request.actor.whole_province,
    }
    return render(request, "coordination/meeting_list.html", context)


@require_GET
@needs(Permission.MEETING_VIEW)
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = found(request, queries.loaded(request.actor), pk=pk)
    minutes = Minutes.objects.visible_to(request.actor).filter(meeting=meeting).first()
    context = {
        "meeting": meeting,
        "state": (queries.MEETING_BADGES[meeting.state], meeting.get_state_display()),
        "facts": queries.meeting_facts(meeting),
        "agenda": agenda_queries.agenda_rows(
            meeting.agenda.all(),
            returned=returned_items(meeting, request.actor, clock.now()),
            reader=request.actor,
        ),
        "agenda_sum": agenda_queries.agenda_sum(meeting),
        "conflicts": _conflicts(request, meeting),
        "seats": queries.seat_rows(meeting, request.actor),
        "answers": queries.answer_counts(meeting),
        "attendance": queries.attendance_rows(meeting, request.actor),
        "quorum": quorum_of(meeting),
        "minutes": minutes,
        "carried": carried_items(meeting, request.actor),
        "lessons": meeting_lessons(meeting, request.actor),
        "follow": follow_state(meeting, request.actor),
        "here": address_of(request, "meeting_detail", pk),
        "directives": directive_queries.of_meeting(meeting, request.actor),
        "seat": queries.own_seat(meeting, request.actor),
        "possible": queries.possible(meeting, minutes, request.actor, clock.now()),
    }
    return render(request, "coordination/meeting_detail.html", context)


@form_page
@needs(Permission.MEETING_PLAN)
@idempotent
def meeting_create(request: HttpRequest) -> HttpResponse:
    series = request.GET.get("series", "")
    form = MeetingForm(request.POST or None, actor=request.actor, series=series)
    if request.method == "POST":
        meeting = submit(
            request,
            form,
            lambda: actions.plan_meeting(
                by=request.actor, at=clock.now(), agenda=form.agenda(), **form.values
            ),
        )
        if meeting:
            messages.success(request, _("Draf rakor disimpan. Undangan belum dikirim."))
            _warn(request, meeting)
            return redirect("coordination:meeting_detail", meeting.pk)
    context = {"form": form, "cancel_url": reverse("coordination:meeting_list")}
    return render(request, "coordination/meeting_form.html", context)


@form_page
@needs(Permission.MEETING_PLAN)
@idempotent
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = found(request, Meeting.objects.visible_to(request.actor), pk=pk)
    require(request.actor, Permission.MEETING_PLAN, meeting)
    form = MeetingForm(request.POST or None, actor=request.actor, instance=_copy(meeting))
    if request.method == "POST":
        saved = submit(
            request,
            form,
            lambda: actions.edit_meeting(
                meeting,
                by=request.actor,
                at=clock.now(),
                version=form.version,
                agenda=form.agenda(),
                **form.values,
            ),
        )
        if saved:
            messages.success(request, _("Perubahan rakor disimpan."))
            _warn(request, saved)
            return redirect("coordination:meeting_detail", pk)
    cancel_url = reverse("coordination:meeting_detail", args=[pk])
    context = {"form": form, "meeting": meeting, "cancel_url": cancel_url}
    return render(request, "coordination/meeting_form.html", context)


def _conflicts(request: HttpRequest, meeting: Meeting) -> list[Conflict]:
    """For who plans it, as long as something can be done about them."""
    may_plan = may(request.actor, Permission.MEETING_PLAN, meeting)
    if not may_plan or meeting.state not in MEETING_EDITABLE:
        return []
    return conflicts(meeting, request.actor)


def _warn(request: HttpRequest, meeting: Meeting) -> None:
    """After saving: agencies that are to be elsewhere then. The page lists them."""
    found_conflicts = _conflicts(request, meeting)
    if found_conflicts:
        agencies = ", ".join(sorted({clash.agency for clash in found_conflicts}))
        messages.warning(
            request,
            _("Jadwal bertabrakan dengan rakor lain bagi: %(agencies)s.") % {"agencies": agencies},
        )


def _copy(meeting: Meeting) -> Meeting:
    """A row for the form to write on: the one in hand keeps what is stored."""
    return Meeting.objects.get(pk=meeting.pk)


@require_POST
@needs(Permission.MEETING_VIEW)
@idempotent
def meeting_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Call for it, open it, close it: one step in the table of moves."""
    meeting = found(request, Meeting.objects.visible_to(request.actor), pk=pk)
    if verb not in MOVES:
        raise Http404
    action, permission = MOVES[verb]
    require(request.actor, permission, meeting)
    try:
        moved = action(meeting, by=request.actor, at=clock.now())
    except Refused as refusal:
        release(request)
        messages.error(request, refusal.sentence)
    else:
        _warn(request, moved)
        messages.success(request, _("Rakor: %(state)s.") % {"state": moved.get_state_display()})
    return redirect("coordination:meeting_detail", pk)


@form_page
@needs(Permission.MEETING_PLAN)
@idempotent
def meeting_stop(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Put it off or call it off, with the reason that everyone invited will read."""
    meeting = found(request, Meeting.objects.visible_to(request.actor), pk=pk)
    require(request.actor, Permission.MEETING_PLAN, meeting)
    if verb not in STOPS:
        raise Http404
    action, title = STOPS[verb]
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        stopped = submit(
            request,
            form,
            lambda: action(meeting, by=request.actor, at=clock.now(), **form.values),
        )
        if stopped:
            messages.success(
                request, _("Rakor: %(state)s.") % {"state": stopped.get_state_display()}
            )
            return redirect("coordination:meeting_detail", pk)
    kind = "danger" if verb == "batalkan" else "primary"
    context = {"form": form, "meeting": meeting, "title": title, "kind": kind}
    return render(request, "coordination/meeting_stop.html", context)
