"""The rotation plan: who relieves whom, as bars over the days and as a table of the same rows."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from deployments import queries
from deployments.forms.rotation import SHOWN, RotationForm
from deployments.maps.timeline import timeline
from deployments.views.reading import running
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.registry.enums import PROVINCE
from portal.registry.models import Operation, Region, Stage
from portal.web.pagination import paginate

PER_PAGE = 40
"""Duties on a page; each has a row per placement."""
AROUND = timedelta(days=3)
"""So many days before and after a stage are shown with it, to see who hands over to whom."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for; `words` are the same as a query."""

    form: RotationForm
    region: Region
    first: date
    last: date
    task_force: str
    function: str
    state: str
    words: dict[str, str]


def asked(request: HttpRequest, operation: Operation) -> Asked:
    """Raises Http404 for a region or a stage that is not there."""
    regions = Region.objects.visible_to(request.actor)
    form = RotationForm(
        request.GET,
        operation=operation,
        regions=regions.regencies().order_by("code"),
        functions=queries.functions_in_use(request.actor, operation),
    )
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    stage: Stage | None = given["window"]
    first, last = days_of(operation, stage)
    return Asked(
        form=form,
        region=given["region"] or regions.get(code=PROVINCE),
        first=first,
        last=last,
        task_force=given["task_force"],
        function=given["function"],
        state=given["state"],
        words={name: word for name, word in request.GET.items() if word and name in given},
    )


def days_of(operation: Operation, stage: Stage | None) -> tuple[date, date]:
    if stage is None:
        return operation.starts_on, operation.ends_on
    starts = clock.local(stage.starts_at).date() - AROUND
    ends = clock.local(stage.ends_at - timedelta(seconds=1)).date() + AROUND
    return max(starts, operation.starts_on), min(ends, operation.ends_on)


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def rotation(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    operation = running(now)
    question = asked(request, operation)
    plan = queries.rotation_plan(
        request.actor,
        operation,
        question.region,
        first=question.first,
        last=question.last,
        task_force=question.task_force,
        function=question.function,
        state=question.state,
    )
    page = paginate(request, plan.duties, per_page=PER_PAGE)
    shown = queries.RotationPlan(
        plan.region, plan.region_name, plan.first, plan.last, page.object_list
    )
    api = {name: word for name, word in question.words.items() if name != "window"}
    context = {
        "operation": operation,
        "filter": question.form,
        "plan": plan,
        "page": page,
        "chart": timeline(shown, operation.stages.all(), clock.local(now).date()),
        "legend": [(state.value, state.label) for state in SHOWN],
        "api_url": f"{reverse('rotation-list')}?{urlencode(api)}",
    }
    return render(request, "deployments/rotation.html", context)
