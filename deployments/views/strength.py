"""Kuat personel: the table, its sources, its export."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from deployments import queries
from deployments.enums import LIGHT_BADGE, Light
from deployments.exports import strength_sheet
from deployments.views.reading import running
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.audit.record import record_read
from portal.documents.xlsx import CSV_TYPE, XLSX_TYPE, comma_separated, xlsx


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def strength(request: HttpRequest) -> HttpResponse:
    """Regions down, agencies across, and what is not itemised."""
    at = clock.now()
    operation = running(at)
    table = queries.strength_table(operation, at)
    context = {
        "operation": operation,
        "table": table,
        "rows": [prepared(row, table.agencies) for row in table.rows],
        "total": prepared(table.totals, table.agencies) if table.totals else None,
        "patterns": queries.pattern_rows(operation, at),
        "may_edit": may(request.actor, Permission.DEPLOYMENT_EDIT),
        "may_export": may(request.actor, Permission.EXPORT_CREATE),
    }
    return render(request, "deployments/strength.html", context)


def prepared(row: queries.StrengthRow, agencies: list) -> dict:
    """A row as the template prints it: label and figure per agency, in the order of the heads."""
    light = Light(row.light) if row.light else None
    return {
        "row": row,
        "cells": [
            (
                agency.short_name,
                row.by_agency[agency.slug].declared if agency.slug in row.by_agency else 0,
            )
            for agency in agencies
        ],
        "surplus": -row.gap if row.gap is not None and row.gap < 0 else None,
        "light": str(light.label) if light else "",
        "badge": LIGHT_BADGE[light] if light else "neutral",
    }


@require_GET
@never_cache
@needs(Permission.EXPORT_CREATE)
def export_strength(request: HttpRequest) -> HttpResponse:
    """The table as it stands, as XLSX or CSV; the download is recorded."""
    at = clock.now()
    operation = running(at)
    sheet = strength_sheet(queries.strength_table(operation, at), operation.name)
    kind = request.GET.get("format", "xlsx")
    if kind not in ("xlsx", "csv"):
        raise Http404
    record_read(operation, by=request.actor, at=at, verb="export_strength")
    body = xlsx([sheet]) if kind == "xlsx" else comma_separated(sheet)
    name = f"kuat-personel-{clock.local(at):%Y%m%d-%H%M}.{kind}"
    return HttpResponse(
        body,
        content_type=XLSX_TYPE if kind == "xlsx" else CSV_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
