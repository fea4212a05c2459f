"""Kuat personel: the table, its sources, its export."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from deployments import queries
from deployments.enums import LIGHT_BADGE, Light
from deployments.exports import strength_sheet
from deployments.maps.words import short_or_over
from deployments.views.reading import running
from deployments.views.recap import Asked, asked, asked_file
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.audit.record import record_read
from portal.documents.xlsx import CSV_TYPE, XLSX_TYPE, comma_separated, xlsx
from portal.registry.enums import PROVINCE
from portal.registry.models import Operation, Region


def found(question: Asked, operation: Operation) -> queries.StrengthTable:
    level = Region.Level.REGENCY if question.within.code == PROVINCE else Region.Level.DISTRICT
    return queries.strength_table(
        operation, question.at, level, within=question.within.code, agency=question.agency
    )


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def strength(request: HttpRequest) -> HttpResponse:
    """Regions down, agencies across, and what is not itemised."""
    question = asked(request)
    operation = running(question.at)
    table = found(question, operation)
    context = {
        "operation": operation,
        "question": question,
        "table": table,
        "rows": [prepared(row, table.agencies, question) for row in table.rows],
        "total": prepared(table.totals, table.agencies, question) if table.totals else None,
        "patterns": queries.pattern_rows(operation, question.at),
        "now_url": f"?{question.address(at='')}",
        "query": question.address(),
        "may_edit": may(request.actor, Permission.DEPLOYMENT_EDIT),
        "may_export": may(request.actor, Permission.EXPORT_CREATE),
    }
    return render(request, "deployments/strength.html", context)


def prepared(row: queries.StrengthRow, agencies: list, question: Asked) -> dict:
    """A row as the template prints it: label and figure per agency, in the order of the heads."""
    light = Light(row.light) if row.light else None
    regency = row.region.count(".") == 1 and not row.undistributed
    inside = regency and question.within.code == PROVINCE
    return {
        "row": row,
        "open_url": f"?{question.address(within=row.region)}" if inside else "",
        "cells": [
            (
                agency.short_name,
                row.by_agency[agency.slug].declared if agency.slug in row.by_agency else 0,
            )
            for agency in agencies
        ],
        "balance": short_or_over(row.gap),
        "light": str(light.label) if light else "",
        "badge": LIGHT_BADGE[light] if light else "neutral",
    }


@require_GET
@never_cache
@needs(Permission.EXPORT_CREATE)
def export_strength(request: HttpRequest) -> HttpResponse:
    """The table as the page shows it, as XLSX or CSV; the download is recorded."""
    at, question = clock.now(), asked_file(request)
    operation = running(question.at)
    sheet = strength_sheet(found(question, operation), operation.name)
    kind = request.GET.get("format", "xlsx")
    if kind not in ("xlsx", "csv"):
        raise Http404
    record_read(operation, by=request.actor, at=at, verb="export_strength")
    body = xlsx([sheet]) if kind == "xlsx" else comma_separated(sheet)
    name = f"kuat-personel-{clock.local(question.at):%Y%m%d-%H%M}.{kind}"
    return HttpResponse(
        body,
        content_type=XLSX_TYPE if kind == "xlsx" else CSV_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
