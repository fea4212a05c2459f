from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from portal import clock
from portal.documents.calendar import CANCEL, PUBLISH, REQUEST, Entry, Person, calendar
from tests import ics

AT = datetime(2024, 6, 3, 10, tzinfo=clock.WITA)
NINE = datetime(2024, 6, 4, 9, tzinfo=clock.WITA)


def entry(**values):
    fields = {"uid": "u-1", "starts_at": NINE, "ends_at": NINE + timedelta(hours=2), "title": "R"}
    return Entry(**(fields | values))


def test_two_readers_agree_on_a_request():
    data = calendar(
        [
            entry(
                title="Rakor; kesiapan, dan\nlogistik",
                place="Aula " * 30,
                sequence=3,
                organizer=Person('Polda "Kalsel"', "portal@demo.test"),
                attendee=Person("Penghubung KPU; Provinsi", "kpu@demo.test"),
            )
        ],
        method=REQUEST,
        at=AT,
    )
    strict = ics.read(data)
    event = strict.all("VEVENT")[0]
    loose = Calendar.from_ical(data).walk("VEVENT")[0]

    assert strict.value("METHOD") == "REQUEST"
    assert loose["summary"] == "Rakor; kesiapan, dan\nlogistik"
    assert event.value("SUMMARY") == "Rakor\\; kesiapan\\, dan\\nlogistik"
    assert loose.decoded("dtstart") == NINE
    assert event.properties["DTSTART"] == [(";TZID=Asia/Makassar", "20240604T090000")]
    assert event.value("DTSTAMP") == "20240603T020000Z"
    assert (event.value("SEQUENCE"), event.value("STATUS")) == ("3", "CONFIRMED")
    assert event.value("ORGANIZER") == "mailto:portal@demo.test"
    assert [str(loose["attendee"])] == ["mailto:kpu@demo.test"]
    assert "RSVP=FALSE" in event.properties["ATTENDEE"][0][0]


def test_a_cancel_says_cancelled():
    event = ics.read(calendar([entry(sequence=4)], method=CANCEL, at=AT)).all("VEVENT")[0]
    assert (event.value("STATUS"), event.value("TRANSP")) == ("CANCELLED", "TRANSPARENT")


@pytest.mark.parametrize(
    ("hour", "minute", "stamp"), [(0, 0, "20240604T000000"), (23, 59, "20240604T235959")]
)
def test_times_around_midnight_are_of_wita(hour, minute, stamp):
    moment = datetime(2024, 6, 4, hour, minute, 59 if minute else 0, tzinfo=clock.WITA)
    starts = moment.astimezone(clock.ZoneInfo("UTC"))
    data = calendar([entry(starts_at=starts, ends_at=None)], method=PUBLISH, at=AT)
    assert ics.read(data).all("VEVENT")[0].value("DTSTART") == stamp
    assert Calendar.from_ical(data).walk("VEVENT")[0].decoded("dtstart") == moment


def test_an_empty_calendar_is_one():
    data = calendar([], method=PUBLISH, at=AT, name="Portal")
    assert ics.read(data).all("VEVENT") == []
    assert Calendar.from_ical(data)["x-wr-calname"] == "Portal"


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.sampled_from('\n;,:"\\'),
    max_size=200,
)


@given(title=TEXT, place=TEXT, text=TEXT, name=TEXT)
def test_no_text_breaks_out_of_its_property(title, place, text, name):
    data = calendar(
        [entry(title=title, place=place, text=text, attendee=Person(name, "a@demo.test"))],
        method=REQUEST,
        at=AT,
    )
    event = ics.read(data).all("VEVENT")[0]
    allowed = {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS", "TRANSP",
        "LOCATION", "DESCRIPTION", "ATTENDEE",
    }  # fmt: skip
    assert set(event.properties) <= allowed
    # Lines end between texts; at the end of one there is nothing to part.
    lines = "\n".join(title.splitlines())
    assert Calendar.from_ical(data).walk("VEVENT")[0]["summary"] == lines
