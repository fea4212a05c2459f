"""Serah terima piket for paper."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.models import ShiftHandover
from incidents.queries.shifts import LineRow, shift_facts, shift_state
from portal import clock
from portal.access.actor import Actor
from portal.documents.typst import render
from portal.exports.making import stamp
from portal.web.templatetags.portal import wita


def shift_pdf(
    row: ShiftHandover, lines: list[LineRow], *, reader: Actor, at: datetime
) -> tuple[str, bytes]:
    """The file's name, and A4 on its side. What is Rahasia does not stand on it."""
    name = f"serah-terima-{row.unit.slug}-{clock.local(row.written_at):%Y%m%d-%H%M}.pdf"
    return name, render("laporan_harian.typ", _values(row, lines, stamp(reader, at)), at=at)


def _values(row: ShiftHandover, lines: list[LineRow], taken: str) -> dict[str, Any]:
    shown = [line for line in lines if not line.secret]
    texts = [
        (_("Hal yang perlu diperhatikan"), row.notes),
        (_("Perlengkapan dan kunci"), row.equipment),
        (_("Catatan penerima"), row.remark),
    ]
    return {
        "language": (get_language() or "id")[:2],
        "letterhead": [row.agency.name.upper(), row.unit.name.upper()],
        "classification": str(row.classification.label).upper(),
        "title": _("Serah terima piket"),
        "subtitle": " · ".join(
            [wita(row.written_at), *([_("Data ilustrasi")] if row.illustrative else [])]
        ),
        "stamp": taken,
        "head": [
            *([fact["label"], fact["value"] or "–"] for fact in shift_facts(row)),
            [_("Tanda tangan"), wita(row.signed_at) if row.signed_at else shift_state(row)[1]],
        ],
        "labels": {"page": _("Halaman"), "of": _("dari")},
        "parts": [
            _part(
                _("Kejadian yang masih terbuka"),
                [_("Nomor"), _("Kejadian"), _("Keparahan"), _("Keadaan"), _("Target berjalan")],
                [
                    [
                        line.number, line.title, line.severity[1], line.state[1],
                        f"{line.target}: {wita(line.due_at)}" if line.due_at else "–",
                    ]
                    for line in shown
                ],
                ["1fr", "3fr", "1fr", "1.2fr", "2fr"],
            ),
            *(_part(title, [_("Isi")], [[text]] if text else [], ["1fr"]) for title, text in texts),
        ],
        "foot": [_("Keadaan dan target menurut saat serah terima ditulis.")],
    }  # fmt: skip


def _part(title: str, heads: list[str], rows: list[list[str]], widths: list[str]) -> dict[str, Any]:
    return {
        "title": title, "heads": heads, "rows": rows, "total": [], "widths": widths, "numeric": 0,
        "empty": _("NIHIL"),
    }  # fmt: skip
