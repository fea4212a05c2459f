"""The need at polling stations against who is engaged: province, then regency, then district."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from deployments import queries
from deployments.enums import TpsClass
from deployments.maps.words import short_or_over
from deployments.models import GuardPattern
from deployments.queries.need_rows import BELOW, NeedRow, PartRow
from deployments.queries.station_pages import ikp_cell
from deployments.views.files import NEEDS
from deployments.views.reading import asked_operation, local_moment
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.exports.making import DIRECT_ROWS
from portal.registry.enums import PROVINCE
from portal.registry.models import Operation, Region


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def need_page(request: HttpRequest) -> HttpResponse:
    """Rule, pattern, need, engaged and gap of a region by its parts."""
    now = clock.now()
    operation = asked_operation(request, now)
    text = request.GET.get("at", "")
    moment = clock.through_minute(local_moment(text), now) if text else now
    at = queries.moment_in(operation, moment)
    here = {"operation": operation.slug} if request.GET.get("operation") else {}
    asked = here | ({"at": text} if text else {})
    region = get_object_or_404(
        Region.objects.visible_to(request.actor), pk=request.GET.get("region") or PROVINCE
    )
    if region.level not in BELOW:
        raise Http404
    table = queries.need_table(operation, at, region)
    context = {
        "operation": operation,
        "table": table,
        "plan": bool(text) and at > now,
        "now_url": _address("deployments:need", here | {"region": region.code}) if text else "",
        "classes": [str(label) for _name, label in TpsClass.choices],
        "rows": [_printed(row, asked) for row in table.rows],
        "total": _printed(table.total, asked),
        "parts": _parts(table.parts),
        "crumbs": _crumbs(region, asked),
        "operations": _operations(request, operation),
        "patterns_url": _address("deployments:pattern_list", asked),
        "stations_url": _address("deployments:station_list", asked | {"region": region.code}),
        # A file is made of the moment at which it is made.
        "may_export": not text and may(request.actor, Permission.EXPORT_CREATE),
        "export_url": reverse("exports:create", args=[NEEDS.name]),
        "query": urlencode(asked | {"region": region.code}),
        "direct_rows": DIRECT_ROWS,
    }
    return render(request, "deployments/need.html", context)


def _printed(row: NeedRow, asked: dict[str, str]) -> dict[str, Any]:
    drills = row.level == Region.Level.REGENCY and not row.undistributed
    lists = row.level == Region.Level.DISTRICT and not row.undistributed
    inside = asked | {"region": row.region}
    return {
        "row": row,
        "cells": [(str(TpsClass(kind).label), number) for kind, number in row.by_class.items()],
        "balance": short_or_over(row.gap),
        "surplus": -row.gap if row.gap is not None and row.gap < 0 else None,
        "ikp": ikp_cell(row.ikp),
        "url": _address("deployments:need", inside)
        if drills
        else _address("deployments:station_list", inside)
        if lists
        else "",
    }


def _parts(parts: list[PartRow]) -> list[dict[str, Any]]:
    """A row per unit and regency, a cell per class: how many stations give which need."""
    groups: dict[tuple[str, str], dict[str, PartRow]] = {}
    for part in parts:
        groups.setdefault((part.unit, part.region_name), {})[part.tps_class] = part
    return [
        {
            "unit": unit,
            "region": region,
            "cells": [(str(label), group.get(kind)) for kind, label in TpsClass.choices],
            "police": sum(part.police or 0 for part in group.values()),
        }
        for (unit, region), group in groups.items()
    ]


def _crumbs(region: Region, asked: dict[str, str]) -> list[dict[str, str]]:
    if region.code == PROVINCE:
        return []
    return [
        {"label": _("Provinsi"), "url": _address("deployments:need", asked)},
        {"label": region.name, "url": ""},
    ]


def _operations(request: HttpRequest, shown: Operation) -> list[dict[str, Any]]:
    """A tab per operation with patterns, as soon as there are two."""
    counted = GuardPattern.objects.filter(operation=OuterRef("pk"))
    found = list(
        Operation.objects.visible_to(request.actor)
        .filter(Exists(counted) | Q(pk=shown.pk))
        .order_by("starts_on")
    )
    if len(found) < 2:
        return []
    return [
        {
            "label": operation.code_name,
            "url": _address("deployments:need", {"operation": operation.slug}),
            "current": operation == shown,
        }
        for operation in found
    ]


def _address(name: str, query: dict[str, str]) -> str:
    return f"{reverse(name)}?{urlencode(query)}" if query else reverse(name)
