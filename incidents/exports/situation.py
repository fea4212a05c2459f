"""Laporan situasi for paper: the rows of its page."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.queries.situation import CLASS, Situation
from incidents.queries.situation_tables import tables, withheld_line
from portal import clock
from portal.access.actor import Actor
from portal.documents.typst import render
from portal.exports.making import stamp
from portal.registry.models import Agency
from portal.web.templatetags.portal import angka, jam, tanggal, wita


def situation_pdf(found: Situation, *, reader: Actor, at: datetime) -> tuple[str, bytes]:
    """The file's name, and A4 on its side with the reader's letterhead and stamp."""
    agency = Agency.objects.get(pk=reader.agency_id)
    name = f"laporan-situasi-{found.region.pk}-{clock.local(found.at):%Y%m%d-%H%M}.pdf"
    values = situation_values(found, [agency.name.upper()], stamp(reader, at))
    return name, render("laporan_harian.typ", values, at=at)


def situation_values(found: Situation, letterhead: list[str], taken: str) -> dict[str, Any]:
    foot = [_("Isi kejadian menurut catatan terakhir; keadaannya menurut batas waktu laporan.")]
    return {
        "language": (get_language() or "id")[:2],
        "letterhead": letterhead,
        "classification": str(CLASS.label).upper(),
        "title": _("Laporan situasi"),
        "subtitle": found.region.name,
        "stamp": taken,
        "head": [
            [_("Hari"), tanggal(clock.local(found.at))],
            [_("Batas waktu"), jam(found.at)],
            [_("Sejak"), wita(found.since)],
            [_("Kejadian baru"), angka(len(found.new)) if found.new else _("NIHIL")],
            [_("Masih terbuka"), angka(len(found.open)) if found.open else _("NIHIL")],
        ],
        "labels": {"page": _("Halaman"), "of": _("dari")},
        "parts": [
            {
                "title": part.title,
                "heads": list(part.heads),
                "rows": [list(row) for row in part.rows],
                "total": [],
                "widths": list(part.widths),
                "numeric": part.numeric,
                "empty": part.empty,
            }
            for part in tables(found)
        ],
        "foot": [line for line in (withheld_line(found), *foot) if line],
    }
