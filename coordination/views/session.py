from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coordination.actions import session as actions
from coordination.actions.withdrawals import withdraw_seat
from coordination.forms.meetings import ReasonForm
from coordination.models import Invitation, Meeting
from coordination.queries.attendance import quorum_of
from coordination.queries.wall import wall
from coordination.views.reading import found
from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.web.forms import submit
from portal.web.idempotency import idempotent, release

STEPS = {"berikutnya": actions.next_item, "sebelumnya": actions.previous_item}


@require_GET
@needs(Permission.MEETING_VIEW)
def meeting_wall(request: HttpRequest, pk: int) -> HttpResponse:
    """For the screen in the room: the running item, its time, and what comes next."""
    rows = Meeting.objects.visible_to(request.actor)
    polled = bool(request.headers.get("HX-Request"))
    # The screen asks every few seconds: the reading of a secret is recorded when it is opened.
    meeting = found(request, rows, pk=pk) if not polled else _polled(rows, pk)
    may_run = may(request.actor, Permission.MEETING_RUN, meeting)
    context = {
        "meeting": meeting,
        "wall": wall(meeting, clock.now()),
        "may_run": may_run,
        # Beside the polled part: the count asks for itself.
        "quorum": quorum_of(meeting) if may_run and not polled else None,
    }
    name = "coordination/meeting_wall.html" + ("#wall" if polled else "")
    return render(request, name, context)


def _polled(rows, pk: int) -> Meeting:
    meeting = rows.filter(pk=pk).first()
    if meeting is None:
        raise Http404
    return meeting


@require_POST
@needs(Permission.MEETING_RUN)
@idempotent
def agenda_step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The chair goes on to the next item, or back."""
    if verb not in STEPS:
        raise Http404
    meeting = found(request, Meeting.objects.visible_to(request.actor), pk=pk)
    require(request.actor, Permission.MEETING_RUN, meeting)
    seen = request.POST.get("seen", "")
    try:
        STEPS[verb](
            meeting,
            by=request.actor,
            at=clock.now(),
            seen=int(seen) if seen.isdecimal() and len(seen) < 12 else None,
        )
    except Refused as refusal:
        release(request)
        messages.error(request, refusal.sentence)
    return redirect("coordination:meeting_wall", pk)


@require_http_methods(["GET", "POST"])
@needs(Permission.MEETING_PLAN)
@idempotent
def seat_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an agency's seat back, with the reason that it will read."""
    rows = Invitation.objects.visible_to(request.actor).select_related("meeting", "agency")
    invitation = found(request, rows, pk=pk)
    require(request.actor, Permission.MEETING_PLAN, invitation.meeting)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        withdrawn = submit(
            request,
            form,
            lambda: withdraw_seat(invitation, by=request.actor, at=clock.now(), **form.values),
        )
        if withdrawn:
            messages.success(
                request,
                _("Undangan kepada %(agency)s ditarik.") % {"agency": invitation.agency.name},
            )
            return redirect("coordination:meeting_detail", invitation.meeting_id)
    context = {"form": form, "invitation": invitation, "meeting": invitation.meeting}
    return render(request, "coordination/seat_withdraw.html", context)
