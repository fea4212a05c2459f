"""Calendar files (RFC 5545): meetings for a mail's recipient, and a person's whole calendar.

All times stand in Asia/Makassar with its VTIMEZONE, so they mean the same on every clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vText, vUri

from portal import clock

CALENDAR_TYPE: Final = "text/calendar; charset=utf-8"
PRODUCT: Final = "-//Portal Mantap Praja//Kalender//ID"
ZONE: Final = "Asia/Makassar"
OFFSET: Final = timedelta(hours=8)
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


@dataclass(frozen=True)
class Person:
    """Who calls or who is called, as a calendar names them."""

    name: str
    address: str


@dataclass(frozen=True)
class Entry:
    """One event. `sequence` only rises; without `ends_at` it is a moment, which takes no time."""

    uid: str
    starts_at: datetime
    title: str
    ends_at: datetime | None = None
    sequence: int = 0
    place: str = ""
    text: str = ""
    url: str = ""
    cancelled: bool = False
    organizer: Person | None = None
    attendee: Person | None = None


def calendar(entries: Iterable[Entry], *, method: str, at: datetime, name: str = "") -> bytes:
    """The file: CRLF, folded lines, escaped texts. `at` is the time of its making (DTSTAMP)."""
    file = Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", method)
    if name:
        file.add("x-wr-calname", name)
        file.add("x-wr-timezone", ZONE)
    file.add_component(_zone())
    for entry in entries:
        file.add_component(_event(entry, method, at))
    return file.to_ical()


def _zone() -> Timezone:
    zone = Timezone()
    zone.add("tzid", ZONE)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 (local by definition)
    standard.add("tzoffsetfrom", OFFSET)
    standard.add("tzoffsetto", OFFSET)
    standard.add("tzname", "WITA")
    zone.add_component(standard)
    return zone


def _event(entry: Entry, method: str, at: datetime) -> Event:
    cancelled = entry.cancelled or method == CANCEL
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", clock.local(entry.starts_at))
    if entry.ends_at is not None:
        event.add("dtend", clock.local(entry.ends_at))
    event.add("summary", _text(entry.title))
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.ends_at and not cancelled else "TRANSPARENT")
    if entry.place:
        event.add("location", _text(entry.place))
    if entry.text:
        event.add("description", _text(entry.text))
    if entry.url:
        event.add("url", vUri(entry.url))
    if entry.organizer:
        event["organizer"] = _address(entry.organizer)
    if entry.attendee:
        attendee = _address(entry.attendee)
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        # The answer is given in the portal, by whoever holds the post; mail is not read.
        attendee.params["RSVP"] = vText("FALSE")
        event["attendee"] = attendee
    return event


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.address}")
    # RFC 5545 has no way to write a quotation mark or a line break inside a parameter.
    name = " ".join(_text(person.name).split())
    address.params["CN"] = vText(name.replace('"', "'"))
    return address


def _text(value: str) -> str:
    """Line ends of one kind, which are escaped, and no control characters: a bare CR would begin a
    line of the file."""
    lines = "\n".join(str(value).splitlines())
    return "".join(char for char in lines if char >= " " or char in "\n\t")
