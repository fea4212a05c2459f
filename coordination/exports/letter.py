"""The letter of invitation (surat undangan) as plain values: kept at the seat when it goes out, and
printed by templates/documents/undangan.typ."""

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from coordination.exports.letterhead import hour, letterhead
from coordination.models import Invitation, Letter, Meeting
from coordination.queries.seats import letter_of
from portal import clock
from portal.access.classification import Classification
from portal.documents.reader import named
from portal.documents.typst import render


def letter_values(meeting: Meeting, details: Letter, seat: Invitation) -> dict[str, Any]:
    """All that the letter says, in the active language; host_agency and host_unit are loaded."""
    dated = seat.letter_date and date_format(seat.letter_date, "j F Y")
    same_day = clock.local(meeting.starts_at).date() == clock.local(meeting.ends_at).date()
    ends = hour(meeting.ends_at) if same_day else _moment(meeting.ends_at)
    facts = [
        [_("Hari, tanggal"), _day(meeting.starts_at)],
        [_("Pukul"), f"{hour(meeting.starts_at)}–{ends} WITA"],
        [_("Tempat"), meeting.place],
        [_("Acara"), meeting.title],
        [_("Pimpinan rapat"), meeting.chair_office],
        [_("Pakaian"), meeting.dress],
        [_("Tautan daring"), meeting.virtual_link],
    ]
    return {
        "language": "id",
        "classification": Classification(meeting.classification).label.upper(),
        "letterhead": letterhead(meeting),
        "place_and_date": f"{details.issued_in}, {dated or '…'}",
        "number": seat.letter_number,
        "head": [
            [_("Nomor"), seat.letter_number or "…"],
            [_("Klasifikasi"), str(Classification(meeting.classification).label)],
            [_("Derajat"), str(details.get_urgency_display())],
            [_("Lampiran"), details.enclosures],
            [_("Hal"), details.subject],
        ],
        "addressee": [seat.addressee, _("di Tempat")],
        "to": _("Yth."),
        "opening": details.opening or opening(meeting),
        "facts": [fact for fact in facts if fact[1]],
        "closing": [
            _(
                "Kehadiran Saudara atau pejabat yang mewakili dengan mandat mohon dikonfirmasi "
                "melalui Portal Mantap Praja sebelum rapat dimulai."
            ),
            _("Demikian untuk menjadi maklum."),
        ],
        "signatory": [
            _in_capitals(details.signatory_office),
            details.signatory_name,
            details.signatory_rank,
        ],
        "copies_label": _("Tembusan:"),
        "copies": list(details.copies),
        "page": [_("Halaman"), _("dari")],
        "draft_label": _("KONSEP – belum dikirim"),
        "illustrative": (
            _("Data ilustrasi: surat ini disusun untuk peragaan portal.")
            if meeting.illustrative
            else ""
        ),
    }


def letter_pdf(seat: Invitation, *, office: str, reader: str, at: datetime) -> tuple[str, bytes]:
    """The letter of one seat as a file's name and PDF/A: as it went out, or the host's concept,
    stamped with who takes it out. The seat comes from `queries.seats.seats`."""
    # An official document speaks Indonesian, whatever the language of its reader's menus.
    with translation.override("id"):
        values = seat.letter or letter_values(seat.meeting, letter_of(seat.meeting), seat)
        stamp = reader_stamp(office, reader, at)
        data = stamped(values, draft=seat.sent_at is None, reader=stamp)
        pdf = render("undangan.typ", data, at=seat.sent_at or at)
    return f"undangan-{slugify(seat.letter_number.replace('/', '-')) or 'konsep'}.pdf", pdf


def opening(meeting: Meeting) -> str:
    """The sentence that a letter begins with when its writer has no other."""
    return _(
        "Sehubungan dengan pelaksanaan %(operation)s, dengan hormat kami mengundang Saudara untuk "
        "menghadiri rapat koordinasi yang diselenggarakan pada:"
    ) % {"operation": meeting.operation.name}


def stamped(values: dict[str, Any], *, draft: bool, reader: str) -> dict[str, Any]:
    """The letter for one reader: a concept says so, and the sheet says who took it out."""
    return values | {"draft": draft, "reader": reader}


def reader_stamp(office: str, name: str, at: datetime) -> str:
    """Who took a sheet out of the portal, and when."""
    return _("Diunduh oleh %(reader)s, %(at)s WITA") % {
        "reader": named(name, office),
        "at": _moment(at),
    }


def _in_capitals(office: str) -> str:
    """As offices stand above a signature; "on behalf of" stays small."""
    return office.upper().replace("A.N.", "a.n.").replace("U.B.", "u.b.")


def _day(moment: datetime) -> str:
    return date_format(clock.local(moment), "l, j F Y")


def _moment(moment: datetime) -> str:
    return f"{date_format(clock.local(moment), 'j F Y')} {hour(moment)}"
