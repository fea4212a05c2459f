"""The notula as plain values, for the page that Typst draws."""

from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coordination.enums import AddendumState, DirectiveState
from coordination.exports.attendance import cells
from coordination.exports.letterhead import day_held, hour, hours_held, letterhead
from coordination.exports.notula_words import PARTS, labels, part_labels
from coordination.exports.sealed import files_of, issued_with
from coordination.models import Attendance, Directive, Meeting, Minutes
from coordination.queries.attendance import attendance_rows
from coordination.queries.minutes import hidden_sections, open_items, passages
from portal import clock
from portal.access.actor import SYSTEM, Actor
from portal.access.classification import Classification
from portal.documents.text import blocks


@dataclass(frozen=True)
class Copy:
    """For whom a copy is drawn: who reads (None: the archive, in full), what he leaves out, and
    whose name and when stands on each page of a copy that is not for everybody."""

    reader: Actor | None = None
    without: frozenset[str] = frozenset()
    stamp: str = ""


def notula(
    minutes: Minutes, directives: list[Directive] | None = None, copy: Copy | None = None
) -> dict[str, Any]:
    """The values of templates/documents/notula.typ: head, body, foot and two annexes. Text in
    Markdown comes as trees of blocks, so nothing of it is ever read as markup. What is closed to
    the reader is not among them."""
    copy = copy or Copy()
    meeting = minutes.meeting
    if directives is None:
        directives = issued_with(meeting)
    directives = _open_to(directives, minutes, copy.reader)
    left_out = [str(part_labels()[name]) for name in PARTS if name in copy.without]
    values = {
        "language": "id",
        "title": meeting.title,
        "number": minutes.number or _("Draf, belum bernomor"),
        "published": minutes.number is not None,
        "classification": Classification(minutes.classification).label.upper(),
        "letterhead": letterhead(meeting),
        "head": _head(minutes),
        "notes": _notes(minutes, left_out),
        "agenda": _agenda(minutes, copy.reader),
        "opening": blocks(minutes.opening),
        "sections": _sections(minutes, directives, copy.reader),
        "directives": [_directive(directive) for directive in directives],
        "conclusion": blocks(minutes.conclusion),
        "closing": blocks(minutes.closing),
        "signatures": _signatures(minutes),
        "signed": minutes.signed_office
        and _("Disahkan %(office)s, %(at)s")
        % {"office": minutes.signed_office, "at": _moment(minutes.signed_at)},
        "attendance": _attendance(meeting, copy.reader or SYSTEM),
        "matrix": _matrix(directives, meeting),
        "addenda": _addenda(minutes, copy.reader),
        "files": [[file.name, file.sha256] for file in files_of(minutes)],
        "sha256": minutes.sha256,
        "stamp": copy.stamp,
        "footer": " · ".join(
            part for part in (minutes.number or _("Draf, belum bernomor"), copy.stamp) if part
        ),
        "verify_url": _verify_url(minutes),
        "qr": _qr(_verify_url(minutes)),
        "illustrative": minutes.illustrative,
        "source": meeting.source,
        "labels": labels(),
    }
    return values | {name: [] for name in copy.without if name in PARTS}


def _head(minutes: Minutes) -> list[list[str]]:
    meeting = minutes.meeting
    persons = [
        (_("Wakil pimpinan"), minutes.vice_chair_office, minutes.vice_chair_name),
        (_("Sekretaris"), minutes.secretary_office, minutes.secretary_name),
    ]
    return [
        [_("Rapat"), meeting.title],
        [_("Nomor rakor"), meeting.number],
        [_("Surat undangan"), _letters(meeting)],
        [_("Hari, tanggal"), day_held(meeting)],
        [_("Waktu"), hours_held(meeting)],
        [_("Tempat"), meeting.place],
        [_("Pimpinan rapat"), _person(meeting.chair_office, meeting.chair_name)],
        *([role, _person(office, name)] for role, office, name in persons if office or name),
        [_("Notulis"), _person(minutes.taker_office, minutes.taker_name)],
        [_("Peserta"), _("Sesuai daftar hadir (Lampiran I)")],
    ]


def _letters(meeting: Meeting) -> str:
    """Number and date of each letter that called for it; seats called together share one."""
    sent = {
        seat.letter_number: seat.letter_date
        for seat in sorted(meeting.invitations.all(), key=lambda seat: seat.pk)
        if seat.letter_number and seat.letter_date
    }
    letters = (
        _("%(number)s tanggal %(day)s") % {"number": number, "day": date_format(day, "j F Y")}
        for number, day in sent.items()
    )
    return "; ".join(letters) or "–"


def _notes(minutes: Minutes, left_out: list[str]) -> list[str]:
    """What a reader must know before he reads: how it came about, and what is missing here."""
    notes = []
    if minutes.skip_reason:
        notes.append(_("Disahkan tanpa edaran: %(reason)s") % {"reason": minutes.skip_reason})
    if minutes.has_quorum is False:
        notes.append(
            _("Tanpa kuorum: %(present)s dari %(invited)s kursi hadir atau diwakili.")
            % {"present": minutes.seats_present, "invited": minutes.seats_invited}
        )
    if left_out:
        notes.append(_("Salinan ini tidak memuat: %(parts)s.") % {"parts": ", ".join(left_out)})
    return notes


def _agenda(minutes: Minutes, reader: Actor | None) -> list[list[str]]:
    visible = open_items(minutes, reader)
    return [
        [item.title, item.presenter.short_name if item.presenter else ""]
        if item.pk in visible
        else [_("Butir tertutup"), ""]
        for item in minutes.meeting.agenda.select_related("presenter").order_by("position")
    ]


def _sections(
    minutes: Minutes, directives: list[Directive], reader: Actor | None
) -> list[dict[str, Any]]:
    return [
        {
            "number": passage.number,
            "heading": passage.heading,
            "speaker": passage.speaker,
            "body": blocks(passage.body),
            "decision": blocks(passage.decision),
            "directives": [
                f"{directive.number or '–'} {directive.title}"
                for directive in directives
                if passage.pk is not None and directive.section_id == passage.pk
            ],
        }
        for passage in passages(minutes, reader)
    ]


def _open_to(
    directives: list[Directive], minutes: Minutes, reader: Actor | None
) -> list[Directive]:
    """Those that the reader sees: none of a closed item, unless it is addressed to him."""
    if reader is None:
        return directives
    own = Directive.objects.visible_to(reader).filter(meeting=minutes.meeting_id)
    seen = set(own.values_list("pk", flat=True))
    return [directive for directive in directives if directive.pk in seen]


def _signatures(minutes: Minutes) -> list[list[str]]:
    meeting = minutes.meeting
    return [
        [_("Pimpinan rapat"), meeting.chair_office, meeting.chair_name, minutes.chair_rank],
        [_("Notulis"), minutes.taker_office, minutes.taker_name, minutes.taker_rank],
    ]


def _addenda(minutes: Minutes, reader: Actor | None) -> list[dict[str, Any]]:
    rows = minutes.addenda.filter(state=AddendumState.PUBLISHED).select_related("section")
    hidden = hidden_sections(minutes, reader)
    return [
        {
            "title": _("Adendum %(number)s") % {"number": row.number},
            "about": row.section.heading if row.section else "",
            "sha256": row.sha256,
            "parts": [
                [label, blocks(text)]
                for label, text in (
                    (_("Alasan"), row.reason),
                    (_("Semula"), row.original),
                    (_("Menjadi"), row.text),
                )
                if text
            ],
        }
        for row in rows
        if row.section_id not in hidden
    ]


def _verify_url(minutes: Minutes) -> str:
    if not minutes.verification_code:
        return ""
    path = reverse("coordination:verify", args=[minutes.verification_code])
    return f"{settings.PORTAL_URL}{path}"


def _qr(address: str) -> str:
    """The address as a drawing (SVG); empty for none."""
    if not address:
        return ""
    return segno.make(address, error="m").svg_inline(scale=4, border=2)


def _moment(moment) -> str:
    return f"{date_format(clock.local(moment), 'j F Y')}, {hour(moment)} WITA" if moment else ""


def _person(office: str, name: str) -> str:
    return f"{office} – {name}" if name and office else office or name or "–"


def _directive(directive: Directive) -> dict[str, Any]:
    return {
        "number": directive.number or "–",
        "title": directive.title,
        "kind": directive.get_kind_display(),
        "binding": directive.get_binding_display(),
        "body": blocks(directive.text),
        "agencies": ", ".join(share.name for share in directive.addressees.all()),
    }


def _attendance(meeting: Meeting, reader: Actor) -> list[list[str]]:
    """The lines of the daftar hadir, as on its own sheet."""
    lines = Attendance.objects.select_related("agency", "recorded_by")
    prefetch_related_objects([meeting], Prefetch("attendance", lines))
    return [cells(row) for row in attendance_rows(meeting, reader)]


def _matrix(directives: list[Directive], meeting: Meeting) -> list[list[str]]:
    """Annex II as it stood when the minutes were published: who answers for what, until when."""
    held = date_format(clock.local(meeting.opened_at or meeting.starts_at), "j F Y")
    rows: list[list[str]] = []
    for directive in directives:
        if directive.state == DirectiveState.CANCELLED and directive.issued_at is None:
            continue
        shares = list(directive.addressees.all())
        lead = next((share for share in shares if share.is_lead), None)
        responsible = [lead] if lead else shares
        rows.append(
            [
                str(len(rows) + 1),
                f"{directive.number or '–'}. {directive.title}",
                _("Rakor %(day)s") % {"day": held},
                ", ".join(share.name for share in responsible),
                ", ".join(s.name for s in shares if lead and s is not lead) or "–",
                " / ".join(part for part in (directive.output, directive.evidence) if part) or "–",
                date_format(clock.local(directive.default_due_at), "j M Y"),
            ]
        )
    return rows
