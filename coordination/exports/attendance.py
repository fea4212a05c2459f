"""The daftar hadir with the columns of the office: as a printed sheet and as a table."""

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from coordination.exports.letter import reader_stamp
from coordination.exports.letterhead import day_held, hour, hours_held, letterhead
from coordination.models import Meeting
from coordination.queries.attendance import Quorum, attendance_rows, quorum
from portal import clock
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.documents.download import PDF_TYPE
from portal.documents.typst import render
from portal.documents.xlsx import XLSX_TYPE, Sheet, xlsx

Row = dict[str, Any]


def heads() -> list[str]:
    return [
        _("No."),
        _("Nama"),
        _("Pangkat/Gol. dan NRP/NIP"),
        _("Jabatan"),
        _("Instansi"),
        _("Status"),
        _("Mewakili"),
        _("Waktu check-in"),
        _("Tanda tangan"),
    ]


def cells(row: Row) -> list[str]:
    """One line of `queries.attendance.attendance_rows`, column by column; the signature is left
    to the pen."""
    return [
        str(row["position"]),
        row["name"] or "–",
        " / ".join(part for part in (row["rank"], row["service_number"]) if part) or "–",
        row["office"] or row["invited_office"],
        row["agency"],
        str(row["status"][1]),
        row["represents"] or "–",
        _came(row),
        "",
    ]


def _came(row: Row) -> str:
    if row["late"]:
        return _("mandiri, terlambat: %(at)s, %(post)s") % {
            "at": _moment(row["recorded_at"]),
            "post": row["recorded_by"],
        }
    return f"{hour(row['checked_in_at'])} WITA" if row["checked_in_at"] else "–"


def _moment(moment) -> str:
    return f"{date_format(clock.local(moment), 'j M Y')} {hour(moment)}"


def attendance_values(
    meeting: Meeting, rows: list[Row], count: Quorum, *, reader: str
) -> dict[str, Any]:
    """The values of templates/documents/daftar_hadir.typ."""
    return {
        "language": "id",
        "title": _("Daftar hadir"),
        "classification": Classification(meeting.classification).label.upper(),
        "letterhead": letterhead(meeting),
        "number": meeting.number,
        "head": facts(meeting, count),
        "heads": heads(),
        "rows": [cells(row) for row in rows],
        "page": [_("Halaman"), _("dari")],
        "signatory": [meeting.chair_office, meeting.chair_name],
        "reader": reader,
        "illustrative": (
            _("Data ilustrasi: daftar ini disusun untuk peragaan portal.")
            if meeting.illustrative
            else ""
        ),
    }


def facts(meeting: Meeting, count: Quorum) -> list[list[str]]:
    return [
        [_("Acara"), meeting.title],
        [_("Hari, tanggal"), day_held(meeting)],
        [_("Waktu"), hours_held(meeting)],
        [_("Tempat"), meeting.place],
        [_("Kuorum"), quorum_text(count)],
    ]


def quorum_text(count: Quorum) -> str:
    values = {
        "present": count.present,
        "seats": count.seats,
        "needed": count.needed,
        "heads": count.heads,
    }
    if count.reached:
        return (
            _("tercapai: %(present)s dari %(seats)s kursi (perlu %(needed)s), %(heads)s orang")
            % values
        )
    return (
        _("belum tercapai: %(present)s dari %(seats)s kursi (perlu %(needed)s), %(heads)s orang")
        % values
    )


def attendance_sheet(meeting: Meeting, rows: list[Row], count: Quorum, *, reader: str) -> Sheet:
    """The same list as a table, its class and its reader above it."""
    label = Classification(meeting.classification).label.upper()
    title = _("Daftar hadir")
    notes = [label, f"{title}: {meeting.number}"]
    notes += [f"{name}: {value}" for name, value in facts(meeting, count)]
    return Sheet(
        title=title,
        headers=heads(),
        rows=[[row["position"], *cells(row)[1:]] for row in rows],
        notes=[*notes, reader],
    )


def attendance_file(
    meeting: Meeting, kind: str, *, reader: Actor, name: str, at: datetime
) -> tuple[bytes, str, str] | None:
    """The daftar hadir for that reader as `pdf` or `xlsx`: bytes, media type and file name; None
    while nobody stands on it. It speaks Indonesian, whatever its reader's language."""
    with translation.override("id"):
        rows = attendance_rows(meeting, reader)
        if not rows:
            return None
        # The labels are lazy: read them while the language is the document's.
        rows = [row | {"status": (row["status"][0], str(row["status"][1]))} for row in rows]
        stamp = reader_stamp(reader.post_title, name, at)
        parts = (meeting, rows, quorum(meeting))
        if kind == "pdf":
            data = render("daftar_hadir.typ", attendance_values(*parts, reader=stamp), at=at)
        else:
            data = xlsx([attendance_sheet(*parts, reader=stamp)])
    media = PDF_TYPE if kind == "pdf" else XLSX_TYPE
    return data, media, f"daftar-hadir-{slugify(meeting.number.replace('/', '-'))}.{kind}"
