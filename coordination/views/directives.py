from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coordination.actions import directives as actions
from coordination.enums import DIRECTIVE_BADGES, PRIORITY_BADGES, DirectiveState
from coordination.filters import DirectiveFilter
from coordination.forms.directives import DirectiveForm
from coordination.forms.meetings import ReasonForm
from coordination.models import Directive, Meeting, Minutes
from coordination.queries import directives as queries
from coordination.queries import obligations as obligation_queries
from coordination.queries.following import follow_state
from coordination.queries.origin import ORIGIN, origin_for
from coordination.rules import may_give, require_giving
from coordination.views.reading import address_of, found
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.pagination import page_number, paginate

form_page = require_http_methods(["GET", "POST"])
LONGEST_PASSAGE = 5000


@require_GET
@needs(Permission.DIRECTIVE_VIEW)
def directive_list(request: HttpRequest) -> HttpResponse:
    filters = DirectiveFilter(request.GET, queryset=queries.directives(request.actor))
    page = paginate(request, filters.qs)
    context = {
        "filter_form": filters.form,
        "page": page,
        "rows": queries.directive_rows(page.object_list),
        "may_issue": may(request.actor, Permission.DIRECTIVE_ISSUE),
    }
    return render(request, "coordination/directive_list.html", context)


@require_GET
@needs(Permission.DIRECTIVE_VIEW)
def directive_detail(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Directive.objects.visible_to(request.actor)
    rows = rows.select_related("issuer_agency", "due_stage", *ORIGIN)
    shares = ("addressees__agency", "addressees__unit")
    directive = found(request, rows.prefetch_related(*shares), pk=pk)
    obligations = obligation_queries.obligations(request.actor).filter(directive=directive)
    context = {
        "directive": directive,
        "state": (DIRECTIVE_BADGES[directive.state], directive.get_state_display()),
        "priority": (PRIORITY_BADGES[directive.priority], directive.get_priority_display()),
        "binding": obligation_queries.kind_and_binding(directive),
        "origin": origin_for(directive, request.actor),
        "evidence": obligation_queries.evidence_words(directive),
        "due_rule": queries.due_rule(directive),
        "rows": obligation_queries.obligation_rows(obligations, clock.now()),
        "addressees": directive.addressees.all(),
        "follow": follow_state(directive, request.actor),
        "here": address_of(request, "directive_detail", pk),
        "may_edit": may(request.actor, Permission.DIRECTIVE_ISSUE, directive)
        and directive.state == DirectiveState.DRAFT,
        "may_cancel": may_give(request.actor, directive)
        and directive.state != DirectiveState.CANCELLED,
    }
    return render(request, "coordination/directive_detail.html", context)


@form_page
@needs(Permission.DIRECTIVE_ISSUE)
@idempotent
def directive_create(request: HttpRequest, pk: int) -> HttpResponse:
    """From a passage: the section and the marked text come in the address."""
    meeting, minutes = _minutes(request, pk)
    form = DirectiveForm(request.POST or None, minutes=minutes, initial=_passage(request, minutes))
    if request.method == "POST":
        directive = submit(
            request,
            form,
            lambda: actions.draft_directive(
                meeting,
                by=request.actor,
                at=clock.now(),
                shares=form.shares(),
                due=form.due(),
                illustrative=meeting.illustrative,
                **form.row_values,
            ),
        )
        if directive:
            messages.success(request, _("Draf arahan disimpan; berlaku saat notula terbit."))
            return redirect("coordination:minutes_detail", pk)
    cancel_url = reverse("coordination:minutes_detail", args=[pk])
    context = {"form": form, "meeting": meeting, "cancel_url": cancel_url}
    return render(request, "coordination/directive_form.html", context)


def _minutes(request: HttpRequest, pk: int) -> tuple[Meeting, Minutes]:
    rows = Minutes.objects.visible_to(request.actor).select_related("meeting")
    minutes = found(request, rows, meeting=pk)
    require(request.actor, Permission.MINUTES_WRITE, minutes.meeting)
    return minutes.meeting, minutes


def _passage(request: HttpRequest, minutes: Minutes) -> dict:
    wanted = page_number(request.GET.get("section"))
    section = minutes.sections.filter(pk=wanted).first() if "section" in request.GET else None
    if "agenda" in request.GET:
        return _item(request, minutes)
    text = request.GET.get("text", "").replace("\0", "")[:LONGEST_PASSAGE].strip()
    if section is None:
        return {"text": text}
    return {"section": section.pk, "title": section.heading[:160], "text": text or section.body}


def _item(request: HttpRequest, minutes: Minutes) -> dict:
    """An agenda item, by its number in the address; another meeting's is passed over."""
    wanted = page_number(request.GET.get("agenda"))
    item = minutes.meeting.agenda.filter(pk=wanted).first()
    return {"agenda_item": item.pk, "title": item.title[:160]} if item else {}


@form_page
@needs(Permission.DIRECTIVE_ISSUE)
@idempotent
def directive_edit(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Directive.objects.visible_to(request.actor).select_related("meeting__minutes")
    directive = found(request, rows, pk=pk, meeting__isnull=False)
    require(request.actor, Permission.DIRECTIVE_ISSUE, directive)
    minutes = directive.meeting.minutes
    form = DirectiveForm(request.POST or None, minutes=minutes, instance=rows.get(pk=pk))
    if request.method == "POST":
        saved = submit(
            request,
            form,
            lambda: actions.edit_directive(
                directive,
                by=request.actor,
                at=clock.now(),
                version=form.version,
                shares=form.shares(),
                due=form.due(),
                **form.row_values,
            ),
        )
        if saved:
            messages.success(request, _("Draf arahan disimpan; berlaku saat notula terbit."))
            return redirect("coordination:directive_detail", pk)
    cancel_url = reverse("coordination:directive_detail", args=[pk])
    context = {"form": form, "meeting": directive.meeting, "cancel_url": cancel_url}
    return render(request, "coordination/directive_form.html", context)


@form_page
@needs(Permission.DIRECTIVE_VIEW)
@idempotent
def directive_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Directive.objects.visible_to(request.actor).select_related("parent_obligation")
    directive = found(request, rows, pk=pk)
    require_giving(request.actor, directive)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        cancelled = submit(
            request,
            form,
            lambda: actions.cancel_directive(
                directive, by=request.actor, at=clock.now(), **form.values
            ),
        )
        if cancelled:
            messages.success(request, _("Arahan dibatalkan."))
            return redirect("coordination:directive_detail", pk)
    return render(
        request, "coordination/directive_cancel.html", {"form": form, "directive": directive}
    )
