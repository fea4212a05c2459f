"""The map to take away: PDF and PNG for the briefing, the table as XLSX or CSV; all recorded."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from deployments.maps.picture import MAINLAND, svg
from deployments.maps.sheet import briefing_values, table_sheet
from deployments.maps.words import gap_rule, say_not_itemised
from deployments.views.map.choice import chosen
from deployments.views.map.data import land
from deployments.views.map.drawing import Drawn, draw, moment_text, own_column, texts
from deployments.views.reading import running
from portal import clock
from portal.access.classification import Classification
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.audit.record import record_read
from portal.documents.typst import picture, render
from portal.documents.xlsx import CSV_TYPE, XLSX_TYPE, comma_separated, xlsx
from portal.exports.making import stamp
from portal.registry.enums import PROVINCE
from portal.registry.models import Boundary
from portal.web.templatetags.portal import jam, tanggal

PAPERS = ("a4", "a3")
DOTS = {"a4": 200, "a3": 160}
"""Dots per inch of the PNG: some 2,300 points across for either size."""


@require_GET
@never_cache
@needs(Permission.EXPORT_CREATE)
def map_print(request: HttpRequest) -> HttpResponse:
    """The page for the briefing on A4 or A3, as PDF or PNG, of any measure and moment."""
    paper, form = request.GET.get("paper", "a4"), request.GET.get("format", "pdf")
    if paper not in PAPERS or form not in ("pdf", "png"):
        raise Http404
    drawn = _drawn(request)
    record_read(drawn.operation, by=request.actor, at=drawn.now, verb="map_print")
    values = _briefing(request, drawn) | {"paper": paper}
    if form == "png":
        return _file(picture("peta.typ", values, dots=DOTS[paper]), "image/png", drawn, form)
    return _file(render("peta.typ", values, at=drawn.now), "application/pdf", drawn, form)


@require_GET
@never_cache
@needs(Permission.EXPORT_CREATE)
def map_export(request: HttpRequest) -> HttpResponse:
    """The table twin with the same rows in the same order, as XLSX or CSV."""
    form = request.GET.get("format", "xlsx")
    if form not in ("xlsx", "csv"):
        raise Http404
    drawn = _drawn(request)
    record_read(drawn.operation, by=request.actor, at=drawn.now, verb="map_export")
    column = str(drawn.choice.measure.legend) if own_column(drawn.choice) else ""
    sheet = table_sheet(drawn.scene, drawn.choice.sort, column, [_title(drawn), *_notes(drawn)])
    if form == "csv":
        return _file(comma_separated(sheet), CSV_TYPE, drawn, form)
    return _file(xlsx([sheet]), XLSX_TYPE, drawn, form)


def _drawn(request: HttpRequest) -> Drawn:
    now = clock.now()
    operation = running(now)
    return draw(request, chosen(request, operation, now), operation, now)


def _briefing(request: HttpRequest, drawn: Drawn) -> dict[str, Any]:
    choice = drawn.choice
    found = Boundary.objects.filter(region__parent=choice.within).select_related("region")
    rows = list(found.order_by("region"))
    outlines = {row.region_id: row.drawing for row in rows}
    labels = {row.region_id: (row.region.longitude, row.region.latitude) for row in rows}
    whole_province = choice.within.code == PROVINCE
    drawing = svg(
        drawn.scene,
        outlines,
        labels,
        land=[feature["geometry"] for feature in json.loads(land())["features"]],
        box=MAINLAND if whole_province else None,
    )
    column = str(choice.measure.legend) if own_column(choice) else ""
    words = {
        "language": get_language(),
        "classification": Classification.TERBATAS.label.upper(),
        "title": str(choice.measure.label),
        "subtitle": _subtitle(drawn),
        "moment": _moment(drawn),
        "notes": [note for note in _notes(drawn) if note != _moment(drawn)],
        "stamp": stamp(request.actor, drawn.now),
        "drawing": drawing,
        "alt": _("Peta %(title)s. Angka yang sama ada dalam tabel.") % {"title": _title(drawn)},
        "labels": {"boundaries": _boundary_words(rows)},
    }
    return briefing_values(drawn.scene, choice.sort, column, words)


def _boundary_words(rows: list[Boundary]) -> str:
    sources = sorted({row.source for row in rows})
    return " · ".join(sources)


def _title(drawn: Drawn) -> str:
    return f"{drawn.choice.measure.label}, {_subtitle(drawn)}"


def _subtitle(drawn: Drawn) -> str:
    agency = drawn.choice.agency
    parts = [drawn.choice.within.name, agency.short_name if agency else _("Semua instansi")]
    if controller := drawn.choice.controller:
        parts.append(_("di bawah kendali %(agency)s") % {"agency": controller.short_name})
    if drawn.choice.narrowed:
        parts.append(drawn.choice.narrowed)
    return " · ".join(parts)


def _moment(drawn: Drawn) -> str:
    said = moment_text(drawn)
    now = _("Angka pukul %(time)s, %(day)s")
    return said or now % {"time": jam(drawn.at), "day": tanggal(drawn.at)}


def _notes(drawn: Drawn) -> list[str]:
    said = texts(drawn)
    notes = [
        drawn.operation.name,
        _moment(drawn),
        _("Data per %(as_of)s · laporan kesiapan %(cut_off)s: %(reports)s masuk") % said,
        say_not_itemised(drawn.whole),
        gap_rule(drawn.whole) if drawn.whole else "",
        str(drawn.choice.measure.source),
    ]
    return [note for note in notes if note]


def _file(body: bytes, kind: str, drawn: Drawn, ending: str) -> HttpResponse:
    moment = clock.local(drawn.at)
    name = f"peta-{drawn.choice.measure.key}-{drawn.choice.within.code}-{moment:%Y%m%d-%H%M}"
    return HttpResponse(
        body,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'},
    )
