"""The map's pages: the map with its table and panel, the comparison, the wall."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from deployments import queries
from deployments.enums import TaskForce
from deployments.maps.groups import all_measures
from deployments.maps.shading import CLASS_LABELS
from deployments.maps.words import say_not_itemised
from deployments.views.map.choice import Choice, chosen, evening, limits, minute_of, second
from deployments.views.map.drawing import Drawn, draw, moment_text, table_context, texts
from deployments.views.map.panel import lacking, panel_context, silent
from deployments.views.reading import running
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.registry.enums import PROVINCE
from portal.registry.models import Agency, Boundary, Operation, Region


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def map_page(request: HttpRequest) -> HttpResponse:
    """The whole page; to htmx only its table."""
    return page(request, code="")


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def map_panel(request: HttpRequest, code: str) -> HttpResponse:
    """One region beside the map; to htmx only the panel."""
    get_object_or_404(Region.objects.visible_to(request.actor), code=code, level__in=queries.LEVELS)
    if fragment_asked(request):
        now = clock.now()
        operation = running(now)
        context = panel_context(request, chosen(request, operation, now), operation, code, now)
        return render(request, "deployments/map_panel.html", context)
    return page(request, code)


def page(request: HttpRequest, code: str) -> HttpResponse:
    now = clock.now()
    operation = running(now)
    choice = chosen(request, operation, now)
    drawn = draw(request, choice, operation, now)
    context = table_context(drawn)
    if fragment_asked(request):
        return render(request, "deployments/map.html#table", context)
    context |= {
        "texts": texts(drawn),
        "out_url": f"{reverse('deployments:map')}?{choice.query(within=PROVINCE)}",
        "open_code": code,
        "here": request.get_full_path(),
        **ground(),
        "may_export": may(request.actor, Permission.EXPORT_CREATE),
        "time": time_bar(operation, now, choice),
        "narrowings": choice.narrowings,
        **choices(request),
        "task_forces": TaskForce.choices,
        "functions": queries.functions_in_use(request.actor, operation),
        **panel_context(request, choice, operation, code or choice.within.code, now),
    }
    return render(request, "deployments/map.html", context)


def fragment_asked(request: HttpRequest) -> bool:
    return request.htmx and not request.htmx.history_restore_request


def choices(request: HttpRequest) -> dict:
    """What the form offers."""
    return {
        "measures": [(key, measure.label) for key, measure in all_measures(clock.now()).items()],
        "regencies": Region.objects.visible_to(request.actor).regencies().order_by("code"),
        "agencies": Agency.objects.visible_to(request.actor).order_by("position"),
        "classes": [(key.value, label) for key, label in CLASS_LABELS.items()],
    }


def ground() -> dict:
    """What lies under the figures: whose outlines, how good they are, and streets if there are."""
    outlines = Boundary.objects.order_by("credit", "approximate")
    found = outlines.values_list("credit", "approximate").distinct()
    return {
        "approximate": any(approximate for _credit, approximate in found),
        "credits": sorted({credit for credit, _approximate in found if credit}),
        "pmtiles": settings.MAP_PMTILES,
        "tiles": settings.MAP_TILES_URL or settings.MAP_PMTILES,
        "tile_credit": settings.MAP_ATTRIBUTION,
    }


def time_bar(operation: Operation, now: datetime, choice: Choice) -> dict:
    """The days of the operation, for the slider."""
    days = (operation.ends_on - operation.starts_on).days
    today = clock.local(now).date()
    shown = clock.local(choice.at).date() if choice.at else today
    first, last = limits(operation)
    return {
        "first": evening(operation.starts_on),
        "days": days,
        "day": min(max((shown - operation.starts_on).days, 0), days),
        "today": min(max((today - operation.starts_on).days, 0), days),
        "starts_on": operation.starts_on,
        "ends_on": operation.ends_on,
        "at": minute_of(choice.at) if choice.at else "",
        "min": minute_of(first),
        "max": minute_of(last),
    }


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def map_compare(request: HttpRequest) -> HttpResponse:
    """Two measures or two moments of the same regions, side by side, with one table."""
    now = clock.now()
    operation = running(now)
    left = chosen(request, operation, now)
    right = second(left, request, operation, now)
    # Two moments of one measure need the same classes on both maps.
    same = left.measure.key == right.measure.key
    drawn = [draw(request, replace(one, steady=same), operation, now) for one in (left, right)]
    context = {
        "choice": left,
        "other": right,
        "sides": [side(name, one) for name, one in zip(("kiri", "kanan"), drawn, strict=True)],
        "rows": pairs(*drawn),
        "same": same,
        **ground(),
        "time": time_bar(operation, now, left),
        "time2": time_bar(operation, now, right),
        "map_url": f"{reverse('deployments:map')}?{left.query()}",
        **choices(request),
    }
    return render(request, "deployments/map_compare.html", context)


def side(name: str, drawn: Drawn) -> dict:
    choice = drawn.choice
    return {
        "name": name,
        "title": choice.measure.label,
        "moment": moment_text(drawn),
        "texts": texts(drawn),
        "query": choice.query(),
    }


def pairs(left: Drawn, right: Drawn) -> list[dict]:
    """A line per region: both figures, and the difference where both are the same measure."""
    same = left.choice.measure.key == right.choice.measure.key
    rows = []
    for area in [*left.scene.areas, None]:
        code = area.code if area else left.choice.within.code
        rows.append(
            {
                "code": area.code if area else "",
                "name": area.name if area else left.choice.within.name,
                "left": left.scene.text_of(code),
                "right": right.scene.text_of(code),
                "styles": [
                    one.scene.shades[code].style if code in one.scene.shades else ""
                    for one in (left, right)
                ],
                "change": left.scene.change(right.scene, code) if same else "",
            }
        )
    return rows


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def map_wall(request: HttpRequest) -> HttpResponse:
    """The map over a whole screen that nobody touches; to htmx only the figures beside it."""
    now = clock.now()
    operation = running(now)
    choice = chosen(request, operation, now)
    drawn = draw(request, choice, operation, now)
    rows = list(drawn.scene.rows.values())
    rest = [drawn.scene.rest] if drawn.scene.rest else []
    context = {
        "choice": choice,
        "operation": operation,
        "texts": texts(drawn),
        "total": drawn.scene.total_line(),
        "not_itemised": say_not_itemised(drawn.whole),
        "short": lacking(rows),
        "silent": silent([*rows, *rest]),
        "lines": drawn.scene.lines(),
        "query": choice.query(),
        "map_url": f"{reverse('deployments:map')}?{choice.query()}",
        **ground(),
    }
    template = "deployments/map_wall.html"
    return render(request, f"{template}#figures" if fragment_asked(request) else template, context)
