"""Laporan situasi as page and paper print it: the same tables in the same order."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from deployments.queries import RecapRow
from incidents.enums import IncidentState, Severity
from incidents.queries.rows import unsaid
from incidents.queries.situation import Count, Situation, SituationRow, SituationWarning
from portal.web.templatetags.portal import angka, wita


@dataclass(frozen=True)
class Table:
    """A part of the report as it is printed; `empty` is said where there are no rows."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[str]
    empty: str = field(default_factory=lambda: _("NIHIL"))
    numeric: int = 0

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each cell with its head, for narrow screens."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


def tables(found: Situation) -> list[Table]:
    """What page and paper print, in order."""
    title = {"number": angka(len(found.new)), "since": wita(found.since)}
    parts = [
        _list(_("Kejadian baru sejak %(since)s (%(number)s)") % title, found.new),
        _list(_("Masih terbuka (%(number)s)") % {"number": angka(len(found.open))}, found.open),
        _numbers(_("Menurut keparahan"), _("Keparahan"), found.by_severity),
        _numbers(_("Menurut jenis"), _("Jenis"), found.by_type),
        Table(
            _("Korban dan kerugian"),
            [_("Nomor"), _("Tempat"), _("Korban"), _("Kerugian")],
            [
                [row.number, row.place, row.casualties or unsaid(), row.loss or unsaid()]
                for row in found.casualties
            ],
            ["1fr", "2fr", "2fr", "2fr"],
            empty=unsaid() if _untold(found) else _("NIHIL"),
        ),
        Table(
            _("Pelimpahan yang belum ditangani penerima"),
            [_("Nomor"), _("Kejadian"), _("Dilimpahkan kepada")],
            [[row.number, row.title, row.lead] for row in found.referred],
            ["1fr", "3fr", "1.5fr"],
        ),
        _warned(found.warnings),
        _ready(found.readiness),
    ]
    return parts


def _untold(found: Situation) -> bool:
    """Of some incident nobody has said yet whether somebody or something came to harm."""
    return any(not (row.casualties and row.loss) for row in [*found.new, *found.open])


def withheld_line(found: Situation) -> str:
    """How many are of a higher class; empty when there are none that the reader may know of."""
    if not found.withheld:
        return ""
    said = ngettext(
        "%(number)s kejadian berklasifikasi lebih tinggi tidak dimuat.",
        "%(number)s kejadian berklasifikasi lebih tinggi tidak dimuat.",
        found.withheld,
    )
    return said % {"number": angka(found.withheld)}


def _list(title: str, rows: Sequence[SituationRow]) -> Table:
    return Table(
        title,
        [
            _("Dilaporkan"), _("Nomor dan jenis"), _("Tempat"), _("Keparahan"), _("Keadaan"),
            _("Kejadian dan tindakan"),
        ],
        [
            [
                wita(row.reported_at),
                f"{row.number} · {row.type}",
                row.place,
                str(Severity(row.severity).label),
                f"{IncidentState(row.state).label} ({row.lead})",
                " · ".join(
                    [
                        *filter(None, [row.title, row.action_taken]),
                        *([_("Data ilustrasi")] if row.illustrative else []),
                    ]
                ),
            ]
            for row in rows
        ],
        ["1fr", "1.4fr", "1.7fr", "0.8fr", "1.1fr", "2.8fr"],
    )  # fmt: skip


def _numbers(title: str, head: str, counts: Sequence[Count]) -> Table:
    return Table(
        title,
        [head, pgettext("kejadian", "Baru"), _("Masih terbuka")],
        [[row.label, angka(row.new), angka(row.open)] for row in counts],
        ["3fr", "1fr", "1fr"],
        numeric=2,
    )


def _warned(rows: Sequence[SituationWarning]) -> Table:
    return Table(
        _("Peringatan dini yang berlaku (%(number)s)") % {"number": angka(len(rows))},
        [
            _("Terbit"), _("Nomor"), _("Peringatan"), _("Wilayah"), _("Keparahan"),
            _("Berlaku sampai"),
        ],
        [
            [
                wita(row.raised_at),
                row.number,
                " · ".join([row.rule, *([_("Data ilustrasi")] if row.illustrative else [])]),
                row.place,
                str(Severity(row.severity).label),
                wita(row.valid_until),
            ]
            for row in rows
        ],
        ["1fr", "1fr", "2fr", "1.7fr", "0.8fr", "1fr"],
    )  # fmt: skip


def _ready(row: RecapRow | None) -> Table:
    """The persons are those of each unit's newest report, also of one from before this cut-off:
    their moment stands beside them, and without any report they are not known."""
    said = _("%(received)s dari %(expected)s")
    rows = (
        []
        if row is None
        else [
            [
                row.light_label or "–",
                said % {"received": angka(row.received), "expected": angka(row.expected)},
                angka(row.late),
                angka(row.missing),
                angka(row.quarantined),
                angka(row.present) if row.as_of else "–",
                angka(row.total) if row.as_of else "–",
                wita(row.as_of) or "–",
            ]
        ]
    )
    return Table(
        _("Kesiapan"),
        [
            _("Kesiapan"), _("Laporan masuk"), _("Terlambat"), _("Belum masuk"),
            _("Dikarantina"), _("Hadir"), _("Jumlah"), _("Data per"),
        ],
        rows,
        ["1.3fr", "1fr", "1fr", "1fr", "1fr", "1fr", "1fr", "1.3fr"],
        empty=_("Tidak ada laporan kesiapan yang ditunggu."),
        numeric=6,
    )  # fmt: skip
