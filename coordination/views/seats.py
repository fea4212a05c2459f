"""The letter of invitation, and the agency's answer to it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coordination.actions.invitations import answer_invitation
from coordination.actions.letters import WRITABLE, write_letter
from coordination.exports.letter import letter_pdf
from coordination.forms.seats import AnswerForm, LetterForm
from coordination.models import Invitation, Meeting
from coordination.queries.seats import seats
from coordination.views.reading import found
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.audit.record import record_read
from portal.documents.download import PDF_TYPE, download
from portal.web.forms import submit
from portal.web.idempotency import idempotent

form_page = require_http_methods(["GET", "POST"])


@form_page
@needs(Permission.INVITATION_ANSWER)
@idempotent
def invitation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Invitation.objects.visible_to(request.actor).select_related("meeting", "agency")
    invitation = found(request, rows.filter(agency_id=request.actor.agency_id), pk=pk)
    require(request.actor, Permission.INVITATION_ANSWER, invitation)
    form = AnswerForm(request.POST or None, request.FILES or None, instance=rows.get(pk=pk))
    if request.method == "POST":
        answered = submit(
            request,
            form,
            lambda: answer_invitation(
                invitation,
                by=request.actor,
                at=clock.now(),
                version=form.version,
                **form.answer_values,
            ),
        )
        if answered:
            messages.success(request, _("Jawaban undangan terkirim."))
            return redirect("coordination:meeting_detail", invitation.meeting_id)
    context = {"form": form, "invitation": invitation, "meeting": invitation.meeting}
    return render(request, "coordination/invitation_answer.html", context)


@form_page
@needs(Permission.MEETING_PLAN)
@idempotent
def meeting_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """What the letters will say, before they go out."""
    meeting = found(request, Meeting.objects.visible_to(request.actor), pk=pk)
    require(request.actor, Permission.MEETING_PLAN, meeting)
    if request.method == "GET" and meeting.state not in WRITABLE:
        return redirect("coordination:meeting_detail", pk)
    form = LetterForm(request.POST or None, meeting=meeting)
    if request.method == "POST":
        written = submit(
            request,
            form,
            lambda: write_letter(
                meeting,
                by=request.actor,
                at=clock.now(),
                version=form.version,
                addressees=form.addressees,
                **form.letter_values,
            ),
        )
        if written:
            messages.success(request, _("Surat undangan disimpan. Undangan belum dikirim."))
            return redirect("coordination:meeting_letter", pk)
    previews = [
        (seat.agency.short_name, reverse("coordination:invitation_letter", args=[seat.pk]))
        for seat in form.seats
    ]
    context = {"form": form, "meeting": meeting, "previews": previews}
    return render(request, "coordination/letter_form.html", context)


@require_GET
@needs(Permission.MEETING_VIEW)
def invitation_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter of one seat as PDF/A, as it went out, or the host's concept; the download is
    recorded."""
    seat = found(request, seats(request.actor), pk=pk)
    at = clock.now()
    record_read(seat, by=request.actor, at=at, verb="download")
    name, pdf = letter_pdf(seat, office=request.actor.post_title, reader=request.user.name, at=at)
    return download(pdf, PDF_TYPE, name)
