"""Rekapitulasi kuat personel: who is there, who is not and why, by region or unit."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from deployments import queries
from deployments.exports.personnel import file_name, heads, personnel_sheet, rule
from deployments.queries.personnel import FIGURES, PersonnelRow, PersonnelTable
from deployments.views.reading import running
from deployments.views.recap import TABS, Asked, asked, asked_file
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.audit.record import record_read
from portal.documents.xlsx import CSV_TYPE, XLSX_TYPE, comma_separated, xlsx
from portal.registry.models import Operation
from portal.web.templatetags.portal import angka

BY = ("region", "unit")


@require_GET
@needs(Permission.READINESS_VIEW)
def personnel(request: HttpRequest) -> HttpResponse:
    """Jumlah = hadir + kurang, the reasons apart, for the reports in the reader's sight."""
    question = asked(request)
    operation = running(question.at)
    table = found(request, question, operation)
    context = {
        "operation": operation,
        "question": question,
        "table": table,
        "heads": heads(),
        "rule": rule(),
        "rows": [prepared(question, table, row) for row in table.rows],
        "whole": prepared(question, table, table.whole) if table.whole else None,
        "tabs": [
            {
                "label": TABS[by],
                "url": f"?{question.address(by=by, within='', unit='')}",
                "current": by == by_of(question),
            }
            for by in BY
        ],
        "crumbs": [
            {"label": _("Provinsi"), "url": f"?{question.address(within='')}"},
            {"label": question.within.name},
        ]
        if question.within.parent_id
        else [],
        "now_url": f"?{question.address(at='')}",
        "files": [
            (kind, f"{reverse('deployments:export_personnel')}?{question.address(format=kind)}")
            for kind in ("xlsx", "csv")
        ]
        if may(request.actor, Permission.EXPORT_CREATE)
        else [],
    }
    return render(request, "deployments/personnel.html", context)


def by_of(question: Asked) -> str:
    return question.by if question.by in BY else "region"


def found(request: HttpRequest, question: Asked, operation: Operation) -> PersonnelTable:
    return queries.personnel_table(
        request.actor,
        operation,
        question.at,
        by=by_of(question),
        within=question.within,
        agency=question.agency or "",
        unit=question.unit,
    )


def prepared(question: Asked, table: PersonnelTable, row: PersonnelRow) -> dict[str, Any]:
    """A row as the template prints it."""
    key = "region" if table.by == "region" else "under"
    query = {"agency": question.agency or "", key: row.key}
    query["cut_off_at"] = table.cut_off_at.isoformat() if table.cut_off_at else ""
    words = urlencode({name: word for name, word in query.items() if word})
    label = _("%(region)s, tidak terperinci per wilayah")
    return {
        "row": row,
        "name": label % {"region": row.name} if row.rest else row.name,
        "cells": [
            (head, angka(row.figures[figure]))
            for figure, head in zip(FIGURES, heads(), strict=True)
        ],
        "open_url": f"?{question.address(within=row.key)}" if row.opens else "",
        "source_url": f"{reverse('deployments:readiness_list')}?{words}",
    }


@require_GET
@never_cache
@needs(Permission.EXPORT_CREATE)
def export_personnel(request: HttpRequest) -> HttpResponse:
    """The same rows as a sheet; the download is recorded."""
    question = asked_file(request)
    operation = running(question.at)
    kind = request.GET.get("format", "xlsx")
    if kind not in ("xlsx", "csv"):
        raise Http404
    table = found(request, question, operation)
    sheet = personnel_sheet(table, operation.name)
    record_read(operation, by=request.actor, at=clock.now(), verb="export_personnel")
    return HttpResponse(
        xlsx([sheet]) if kind == "xlsx" else comma_separated(sheet),
        content_type=XLSX_TYPE if kind == "xlsx" else CSV_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{file_name(table)}.{kind}"'},
    )
