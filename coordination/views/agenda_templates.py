"""Examples of running orders: kept, used, thrown away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from coordination.actions import agenda_templates
from coordination.forms.agenda import (
    TemplateChoiceForm,
    TemplateNameForm,
)
from coordination.models import AgendaTemplate
from coordination.queries import agenda as queries
from coordination.views.agenda import agenda_page, planned
from coordination.views.reading import found
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.forms import submit
from portal.web.idempotency import idempotent


@require_POST
@needs(Permission.MEETING_PLAN)
@idempotent
def template_apply(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = planned(request, pk)
    form = TemplateChoiceForm(request.POST, actor=request.actor)
    done = submit(
        request,
        form,
        lambda: agenda_templates.apply_template(
            meeting, form.values["template"], by=request.actor, at=clock.now()
        ),
    )
    if not done:
        return agenda_page(request, meeting, apply_form=form)
    messages.success(request, _("Contoh susunan acara dipakai."))
    return redirect("coordination:agenda", pk)


@require_POST
@needs(Permission.MEETING_PLAN)
@idempotent
def template_save(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = planned(request, pk)
    form = TemplateNameForm(request.POST)
    done = submit(
        request,
        form,
        lambda: agenda_templates.save_template(
            meeting, by=request.actor, at=clock.now(), name=form.values["name"]
        ),
    )
    if not done:
        return agenda_page(request, meeting, save_form=form)
    messages.success(request, _("Susunan acara disimpan sebagai contoh."))
    return redirect("coordination:agenda", pk)


@require_POST
@needs(Permission.MEETING_PLAN)
@idempotent
def template_delete(request: HttpRequest, pk: int) -> HttpResponse:
    template = found(request, AgendaTemplate.objects.visible_to(request.actor), pk=pk)
    require(request.actor, Permission.MEETING_PLAN, template)
    agenda_templates.delete_template(template, by=request.actor, at=clock.now())
    messages.success(request, _("Contoh susunan acara dihapus."))
    return redirect("coordination:template_list")


@require_GET
@needs(Permission.MEETING_PLAN)
def template_list(request: HttpRequest) -> HttpResponse:
    context = {"rows": queries.template_rows(request.actor)}
    return render(request, "coordination/agenda_templates.html", context)
