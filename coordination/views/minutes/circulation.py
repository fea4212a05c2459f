"""From the draft to publication: circulate, object, answer, sign, publish, or take back."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination.actions import minutes as actions
from coordination.enums import MinutesState
from coordination.exports import digest, signable
from coordination.forms.circulation import (
    AnswerObjectionForm,
    CirculateForm,
    ObjectForm,
    SignForm,
)
from coordination.forms.meetings import ReasonForm
from coordination.forms.minutes import PublishForm
from coordination.models import MinutesSection, Objection
from coordination.queries import directives as directive_queries
from coordination.queries import minutes as queries
from coordination.queries.attendance import quorum
from coordination.views.minutes.pages import minutes_of
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.accounts import stepup
from portal.web.forms import submit
from portal.web.idempotency import idempotent

form_page = require_http_methods(["GET", "POST"])


@form_page
@needs(Permission.MINUTES_WRITE)
@idempotent
def minutes_circulate(request: HttpRequest, pk: int) -> HttpResponse:
    minutes = minutes_of(request, pk)
    require(request.actor, Permission.MINUTES_WRITE, minutes.meeting)
    form = CirculateForm(request.POST or None, minutes=minutes)
    if request.method == "POST":
        circulated = submit(
            request,
            form,
            lambda: actions.circulate_minutes(
                minutes, by=request.actor, at=clock.now(), version=form.version, **form.values
            ),
        )
        if circulated:
            messages.success(request, _("Naskah notula diedarkan; semua instansi diberi tahu."))
            return redirect("coordination:minutes_detail", pk)
    told = [seat.short_name for seat in queries.agencies_of_seats(minutes.meeting)]
    context = {"form": form, "minutes": minutes, "meeting": minutes.meeting, "told": told}
    return render(request, "coordination/minutes_circulate.html", context)


@form_page
@needs(Permission.MINUTES_OBJECT)
@idempotent
def minutes_object(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    minutes = minutes_of(request, pk)
    own = [p.pk for p in queries.passages(minutes, request.actor) if p.own]
    rows = MinutesSection.objects.filter(pk__in=own).select_related("minutes__meeting")
    row = get_object_or_404(rows.select_related("agenda_item"), pk=section)
    form = ObjectForm(request.POST or None, initial={"proposed": row.body})
    if request.method == "POST":
        made = submit(
            request,
            form,
            lambda: actions.object_to(row, by=request.actor, at=clock.now(), **form.values),
        )
        if made:
            messages.success(request, _("Keberatan dikirim kepada penyusun notula."))
            return redirect("coordination:minutes_detail", pk)
    context = {"form": form, "minutes": minutes, "meeting": minutes.meeting, "section": row}
    return render(request, "coordination/minutes_object.html", context)


@form_page
@needs(Permission.MINUTES_WRITE)
@idempotent
def objection_answer(request: HttpRequest, pk: int, objection: int) -> HttpResponse:
    minutes = minutes_of(request, pk)
    require(request.actor, Permission.MINUTES_WRITE, minutes.meeting)
    rows = Objection.objects.visible_to(request.actor).filter(minutes=minutes)
    row = get_object_or_404(rows.select_related("minutes__meeting", "section"), pk=objection)
    form = AnswerObjectionForm(request.POST or None, objection=row)
    if request.method == "POST":

        def answer():
            values = form.values
            accept = values["decision"] == "accept"
            return actions.answer_objection(
                row,
                by=request.actor,
                at=clock.now(),
                accept=accept,
                answer=values["answer"],
                body=values["body"] if accept else None,
                version=form.version,
            )

        if submit(request, form, answer):
            messages.success(request, _("Keberatan dijawab; instansinya diberi tahu."))
            return redirect("coordination:minutes_detail", pk)
    shown = [r for r in queries.objection_rows(minutes, request.actor) if r["pk"] == row.pk]
    context = {
        "form": form,
        "minutes": minutes,
        "meeting": minutes.meeting,
        "objection": shown[0],
        "body": row.section.body,
    }
    return render(request, "coordination/objection_answer.html", context)


@form_page
@needs(Permission.MINUTES_SIGN)
@idempotent
def minutes_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair's signature: only after he has proved himself within the last five minutes."""
    minutes = minutes_of(request, pk)
    require(request.actor, Permission.MINUTES_SIGN, minutes.meeting)
    if minutes.state in {MinutesState.SIGNED, MinutesState.PUBLISHED}:
        return redirect("coordination:minutes_detail", pk)
    seen = digest(signable(minutes))[1]
    form = SignForm(request.POST or None, minutes=minutes, seen=seen)
    if request.method == "POST":
        signed = submit(
            request,
            form,
            lambda: actions.sign_minutes(
                minutes,
                by=request.actor,
                at=clock.now(),
                proof=stepup.recent_proof(request),
                **form.values,
            ),
        )
        if signed:
            messages.success(
                request, _("Notula disahkan: %(office)s.") % {"office": signed.signed_office}
            )
            return redirect("coordination:minutes_detail", pk)
    context = {
        "form": form,
        "minutes": minutes,
        "meeting": minutes.meeting,
        "unanswered": minutes.objections.unanswered().count(),
        **proof_context(request),
    }
    return render(request, "coordination/minutes_sign.html", context)


def proof_context(request: HttpRequest) -> dict:
    """Whether the person has proved himself just now, and where he does."""
    proven = stepup.is_proven(request)
    return {
        "proven": proven,
        "too_weak": not proven and stepup.recent_proof(request) != "",
        "proof_url": stepup.proof_url(request),
        "by_password": settings.SIGN_STEP_UP == "password",
    }


@form_page
@needs(Permission.MINUTES_WRITE)
@idempotent
def minutes_return(request: HttpRequest, pk: int) -> HttpResponse:
    minutes = minutes_of(request, pk)
    require(request.actor, Permission.MINUTES_WRITE, minutes.meeting)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        returned = submit(
            request,
            form,
            lambda: actions.return_to_draft(
                minutes, by=request.actor, at=clock.now(), **form.values
            ),
        )
        if returned:
            messages.success(request, _("Notula kembali ke draf."))
            return redirect("coordination:minutes_detail", pk)
    context = {"form": form, "minutes": minutes, "meeting": minutes.meeting}
    return render(request, "coordination/minutes_return.html", context)


@form_page
@needs(Permission.MINUTES_PUBLISH)
@idempotent
def minutes_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What will happen and to whom, and the button that does it."""
    minutes = minutes_of(request, pk)
    require(request.actor, Permission.MINUTES_PUBLISH, minutes.meeting)
    form = PublishForm(request.POST or None, minutes=minutes)
    if request.method == "POST":
        published = submit(
            request,
            form,
            lambda: actions.publish_minutes(
                minutes, by=request.actor, at=clock.now(), version=form.version
            ),
        )
        if published:
            messages.success(
                request, _("Notula terbit dengan nomor %(number)s.") % {"number": published.number}
            )
            return redirect("coordination:minutes_detail", pk)
    if minutes.state == MinutesState.PUBLISHED:
        return redirect("coordination:minutes_detail", pk)
    plan = directive_queries.publication(minutes)
    seats = quorum(minutes.meeting)
    context = {
        "form": form,
        "minutes": minutes,
        "meeting": minutes.meeting,
        "plan": plan,
        "quorum": seats,
    }
    return render(request, "coordination/minutes_publish.html", context)
