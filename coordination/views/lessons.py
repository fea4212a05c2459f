from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coordination.actions import lessons as actions
from coordination.enums import LESSON_BADGES
from coordination.filters import LessonFilter
from coordination.forms.lessons import FollowUpForm, LessonForm
from coordination.models import Lesson, Meeting
from coordination.queries import lessons as queries
from coordination.views.reading import address_of, found
from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.web.forms import submit
from portal.web.idempotency import idempotent, release
from portal.web.pagination import paginate


@require_GET
@needs(Permission.LESSON_VIEW)
def lesson_list(request: HttpRequest) -> HttpResponse:
    filters = LessonFilter(request.GET, queryset=queries.lessons(request.actor))
    page = paginate(request, filters.qs)
    context = {
        "filter_form": filters.form,
        "page": page,
        "rows": queries.lesson_rows(page.object_list),
    }
    return render(request, "coordination/lesson_list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.LESSON_VIEW)
@idempotent
def lesson_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was learnt and what came of it; who answers for it writes that here."""
    rows = Lesson.objects.visible_to(request.actor)
    related = ("owner_agency", "operation", "meeting", "agenda_item", "created_by")
    lesson = found(request, rows.select_related(*related), pk=pk)
    form = None
    if request.method == "POST":
        require(request.actor, Permission.LESSON_FOLLOW, lesson)
    if may(request.actor, Permission.LESSON_FOLLOW, lesson):
        choices = queries.directive_choices(lesson, request.actor)
        form = FollowUpForm(request.POST or None, lesson=lesson, directives=choices)
    if request.method == "POST":
        saved = submit(
            request,
            form,
            lambda: actions.follow_lesson(
                lesson, by=request.actor, at=clock.now(), version=form.version, **form.values
            ),
        )
        if saved:
            messages.success(request, _("Bahan evaluasi disimpan."))
            return redirect("coordination:lesson_detail", pk)
    context = {
        "lesson": lesson,
        "state": (LESSON_BADGES[lesson.state], lesson.get_state_display()),
        "facts": queries.lesson_facts(lesson, request.actor),
        "form": form,
        "here": address_of(request, "lesson_detail", pk),
    }
    return render(request, "coordination/lesson_detail.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.LESSON_RAISE)
@idempotent
def lesson_create(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = found(request, Meeting.objects.visible_to(request.actor), pk=pk)
    sections = queries.readable_sections(meeting, request.actor)
    form = LessonForm(request.POST or None, meeting=meeting, actor=request.actor, sections=sections)
    if request.method == "POST":
        lesson = submit(
            request,
            form,
            lambda: actions.raise_lesson(meeting, by=request.actor, at=clock.now(), **form.values),
        )
        if lesson:
            messages.success(request, _("Bahan evaluasi dicatat."))
            return redirect("coordination:lesson_detail", lesson.pk)
    cancel_url = reverse("coordination:meeting_detail", args=[pk])
    context = {"form": form, "meeting": meeting, "cancel_url": cancel_url}
    return render(request, "coordination/lesson_form.html", context)


@require_POST
@needs(Permission.MEETING_PLAN)
@idempotent
def lesson_take(request: HttpRequest, pk: int, meeting: int) -> HttpResponse:
    """Put a lesson on the agenda of a rakor that is being planned."""
    row = found(request, Meeting.objects.visible_to(request.actor), pk=meeting)
    require(request.actor, Permission.MEETING_PLAN, row)
    lesson = found(request, Lesson.objects.visible_to(request.actor), pk=pk)
    try:
        actions.put_on_agenda(lesson, row, by=request.actor, at=clock.now())
    except Refused as refusal:
        release(request)
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Bahan evaluasi masuk susunan acara."))
    return redirect("coordination:meeting_detail", meeting)
