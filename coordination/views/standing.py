"""Directives outside a rakor: alone, passed on to units, and due times that follow a stage."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from coordination.actions import due_dates, standing
from coordination.forms.directives import DirectiveForm
from coordination.forms.standing import DelegateForm, MoveDueForm, ThoughtForm
from coordination.queries.doers import units_below
from coordination.queries.due import stage_moves, stage_moves_if
from coordination.views.obligations import find_obligation
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.registry.models import Stage
from portal.web.forms import submit
from portal.web.idempotency import idempotent

form_page = require_http_methods(["GET", "POST"])


@form_page
@needs(Permission.DIRECTIVE_ISSUE)
@idempotent
def directive_new(request: HttpRequest) -> HttpResponse:
    """A directive that stands alone; it is issued at once."""
    form = DirectiveForm(request.POST or None, minutes=None)
    if request.method == "POST":
        directive = submit(
            request,
            form,
            lambda: standing.issue_directive_alone(
                by=request.actor,
                at=clock.now(),
                shares=form.shares(),
                due=form.due(),
                **form.row_values,
            ),
        )
        if directive:
            messages.success(request, _("Arahan terbit; yang diarahkan diberi tahu."))
            return redirect("coordination:directive_detail", directive.pk)
    context = {"form": form, "cancel_url": reverse("coordination:directive_list")}
    return render(request, "coordination/directive_form.html", context)


@form_page
@needs(Permission.DIRECTIVE_DELEGATE)
@idempotent
def obligation_delegate(request: HttpRequest, pk: int) -> HttpResponse:
    obligation = find_obligation(request, pk)
    require(request.actor, Permission.DIRECTIVE_DELEGATE, obligation)
    units = units_below(request.actor)
    form = DelegateForm(request.POST or None, obligation=obligation, units=units)
    if request.method == "POST":
        directive = submit(request, form, lambda: _delegate(request, form, obligation))
        if directive:
            messages.success(request, _("Perintah kepada satuan terbit."))
            return redirect("coordination:obligation_detail", pk)
    context = {"form": form, "obligation": obligation}
    return render(request, "coordination/obligation_delegate.html", context)


def _delegate(request, form, obligation):
    values = {name: value for name, value in form.values.items() if name != "units"}
    return standing.delegate_obligation(
        obligation,
        by=request.actor,
        at=clock.now(),
        version=form.version,
        units=form.units(),
        **values,
    )


@require_http_methods(["GET"])
@needs(Permission.DIRECTIVE_ISSUE)
def stage_due_dates(request: HttpRequest) -> HttpResponse:
    """Which unfinished obligations would get which due time, since their stage has moved, or if it
    moved to a date that is only thought of."""
    return _moves_page(request)


def _moves_page(request: HttpRequest, refused: str = "") -> HttpResponse:
    found = stage_moves(request.actor, clock.now())
    groups = [
        {"moved": moved, "form": MoveDueForm(initial={"digest": moved.digest})} for moved in found
    ]
    thought = ThoughtForm(request.GET if "stage" in request.GET else None)
    supposed = None
    if thought.is_bound and thought.is_valid():
        supposed = stage_moves_if(request.actor, at=clock.now(), **thought.cleaned_data)
    context = {"groups": groups, "refused": refused, "thought": thought, "supposed": supposed}
    return render(request, "coordination/stage_due_dates.html", context)


@require_POST
@needs(Permission.DIRECTIVE_ISSUE)
@idempotent
def stage_due_apply(request: HttpRequest, pk: int) -> HttpResponse:
    stage = get_object_or_404(Stage.objects.visible_to(request.actor), pk=pk)
    form = MoveDueForm(request.POST)
    moved = submit(
        request,
        form,
        lambda: [
            due_dates.move_due_dates(
                stage, by=request.actor, at=clock.now(), digest=form.values["digest"]
            )
        ],
    )
    if moved is None:
        errors = [error for errors in form.errors.values() for error in errors]
        return _moves_page(request, refused=" ".join(errors))
    words = ngettext("%(count)s tenggat digeser.", "%(count)s tenggat digeser.", moved[0])
    messages.success(request, words % {"count": moved[0]})
    return redirect("coordination:stage_due_dates")
