"""Laporan khusus for paper: one incident as it stood, in the source language."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import Incident
from incidents.queries.special_reports import Part
from portal.access.actor import Actor
from portal.documents.typst import render
from portal.registry.models import Agency
from portal.web.language import for_everybody
from portal.web.templatetags.portal import wita


def special_pdf(
    incident: Incident, parts: Sequence[Part], *, number: str, by: Actor, at: datetime
) -> bytes:
    """A4 upright with the issuer's letterhead. Without a number it says on every page that it is a
    preview."""
    with for_everybody():
        return render("laporan_khusus.typ", _values(incident, parts, number, by, at), at=at)


def _values(
    incident: Incident, parts: Sequence[Part], number: str, by: Actor, at: datetime
) -> dict[str, Any]:
    agency = Agency.objects.get(pk=by.agency_id)
    taken = _("Diterbitkan %(at)s oleh %(post)s") if number else _("Dibuat %(at)s oleh %(post)s")
    return {
        "language": "id",
        "letterhead": [agency.name.upper()],
        "classification": str(incident.get_classification_display()).upper(),
        "title": _("Laporan khusus"),
        "number": _("Nomor: %(number)s") % {"number": number}
        if number
        else _("PRATINJAU, BELUM BERNOMOR"),
        "subtitle": f"{incident.number} · {incident.title}",
        "illustrative": _("Data ilustrasi") if incident.illustrative else "",
        "stamp": taken % {"at": wita(at), "post": by.post_title},
        "labels": {"page": _("Halaman"), "of": _("dari")},
        "parts": [
            {
                "title": part.title,
                "texts": list(part.texts),
                "pairs": [list(pair) for pair in part.pairs],
                "heads": list(part.heads),
                "rows": [list(row) for row in part.rows],
                "widths": list(part.widths),
            }
            for part in parts
        ],
    }
