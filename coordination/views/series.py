from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coordination.actions import series as actions
from coordination.forms.agenda import SeriesForm
from coordination.models import MeetingSeries
from coordination.queries import agenda as agenda_queries
from coordination.queries import series as queries
from coordination.views.reading import found
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate

form_page = require_http_methods(["GET", "POST"])


@require_GET
@needs(Permission.MEETING_VIEW)
def series_list(request: HttpRequest) -> HttpResponse:
    page = paginate(request, queries.series_list(request.actor, clock.now()))
    context = {
        "page": page,
        "rows": queries.series_rows(page.object_list),
        "may_plan": may(request.actor, Permission.MEETING_PLAN),
    }
    return render(request, "coordination/series_list.html", context)


@require_GET
@needs(Permission.MEETING_VIEW)
def series_detail(request: HttpRequest, pk: int) -> HttpResponse:
    rows = MeetingSeries.objects.visible_to(request.actor).select_related(
        "host_agency", "operation"
    )
    series = found(request, rows, pk=pk)
    coming, past = queries.series_meetings(series, request.actor, clock.now())
    context = {
        "series": series,
        "coming": coming,
        "past": past,
        "waiting": agenda_queries.backlog(series, request.actor),
        "may_plan": may(request.actor, Permission.MEETING_PLAN, series),
    }
    return render(request, "coordination/series_detail.html", context)


@form_page
@needs(Permission.MEETING_PLAN)
@idempotent
def series_create(request: HttpRequest) -> HttpResponse:
    form = SeriesForm(request.POST or None)
    if request.method == "POST":
        series = submit(
            request,
            form,
            lambda: actions.create_series(by=request.actor, at=clock.now(), **form.values),
        )
        if series:
            messages.success(request, _("Seri rakor disimpan."))
            return redirect("coordination:series_detail", series.pk)
    context = {"form": form, "cancel_url": reverse("coordination:series_list")}
    return render(request, "coordination/series_form.html", context)


@form_page
@needs(Permission.MEETING_PLAN)
@idempotent
def series_edit(request: HttpRequest, pk: int) -> HttpResponse:
    rows = MeetingSeries.objects.visible_to(request.actor)
    series = found(request, rows, pk=pk)
    require(request.actor, Permission.MEETING_PLAN, series)
    form = SeriesForm(request.POST or None, instance=rows.get(pk=pk))
    if request.method == "POST":
        saved = submit(
            request,
            form,
            lambda: actions.edit_series(
                series, by=request.actor, at=clock.now(), version=form.version, **form.values
            ),
        )
        if saved:
            messages.success(request, _("Seri rakor disimpan."))
            return redirect("coordination:series_detail", pk)
    cancel_url = reverse("coordination:series_detail", args=[pk])
    context = {"form": form, "series": series, "cancel_url": cancel_url}
    return render(request, "coordination/series_form.html", context)
