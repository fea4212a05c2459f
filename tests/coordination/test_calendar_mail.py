"""The calendar part of invitation mails, as mail programs get it."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from icalendar import Calendar

from coordination.actions import invitations, meetings
from portal.access.classification import Classification
from portal.background.running import drain
from tests import ics
from tests.factories.coordination import NOW, START, agencies, make_scheduled

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _mailbox(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "portal.notifications.mailbox.FileMailbox"
    settings.PORTAL_URL = "https://portal.demo.test"
    with time_machine.travel(NOW + timedelta(minutes=5), tick=True):
        yield


@pytest.fixture
def mails(settings):
    """What each address got since the last look: [(message, its calendar or None)]."""
    seen = set()

    def look():
        drain()
        found = {}
        for file in sorted(settings.MAILBOX_DIR.glob("*.eml")):
            if file.name not in seen:
                seen.add(file.name)
                message = message_from_bytes(file.read_bytes(), policy=policy.default)
                found.setdefault(message["To"], []).append((message, _calendar(message)))
        return found

    return look


def _calendar(message):
    files = [part for part in message.walk() if part.get_content_type() == "application/ics"]
    return ics.read(files[0].get_payload(decode=True)) if files else None


def events(found):
    """(method, uid, sequence, status, start) per mail with a calendar, by address."""
    rows = []
    for address, letters in sorted(found.items()):
        for _message, calendar in letters:
            if calendar:
                event = calendar.all("VEVENT")[0]
                rows.append(
                    (
                        address,
                        calendar.value("METHOD"),
                        event.value("UID"),
                        event.value("SEQUENCE"),
                        event.value("STATUS"),
                        event.value("DTSTART"),
                    )
                )
    return rows


KPU, KOREM = "liaison.kpu@demo.test", "liaison.korem@demo.test"


def test_an_invitation_is_a_request_to_one_person(mails, coordinator, liaison_kpu, liaison_korem):
    meeting = make_scheduled(
        coordinator, "kpu-kalsel", "korem-101", virtual_link="https://rapat.demo.test/1"
    )
    found = mails()
    uid = str(meeting.calendar_uid)
    assert events(found) == [
        (KOREM, "REQUEST", uid, "0", "CONFIRMED", "20240606T100000"),
        (KPU, "REQUEST", uid, "0", "CONFIRMED", "20240606T100000"),
    ]
    message, calendar = found[KPU][0]
    event = calendar.all("VEVENT")[0]
    assert [value for _p, value in event.properties["ATTENDEE"]] == [f"mailto:{KPU}"]
    assert event.value("LOCATION") == "Aula Polda Kalimantan Selatan"
    assert event.value("URL") == "https://rapat.demo.test/1"
    assert "Kepolisian Daerah Kalimantan Selatan" in event.properties["ORGANIZER"][0][0]
    assert f"/undangan/{meeting.invitations.get(agency__slug='kpu-kalsel').pk}/" in (
        event.value("DESCRIPTION")
    )
    inline = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert inline.get_param("method") == "REQUEST"
    assert inline.get_content_charset() == "utf-8"
    parsed = Calendar.from_ical(inline.get_payload(decode=True)).walk("VEVENT")[0]
    assert parsed.decoded("dtstart") == START
    assert message.get_body(("plain",)).get_content().startswith("Yth.")
    assert KOREM not in message.as_string()


def test_the_sequence_rises_with_every_change_and_the_uid_stays(mails, coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    told = [events(mails())]
    later = {"starts_at": START + HOUR, "ends_at": START + 3 * HOUR}
    meeting = meetings.edit_meeting(meeting, by=coordinator, at=NOW + HOUR, **later)
    told.append(events(mails()))
    meeting = meetings.postpone_meeting(meeting, by=coordinator, at=NOW + HOUR, reason="Hujan")
    told.append(events(mails()))
    meeting = meetings.schedule_meeting(meeting, by=coordinator, at=NOW + 2 * HOUR)
    told.append(events(mails()))
    meetings.cancel_meeting(meeting, by=coordinator, at=NOW + 3 * HOUR, reason="Batal")
    told.append(events(mails()))

    assert [[row[1:2] + row[3:] for row in rows] for rows in told] == [
        [("REQUEST", "0", "CONFIRMED", "20240606T100000")],
        [("REQUEST", "1", "CONFIRMED", "20240606T110000")],
        [("CANCEL", "2", "CANCELLED", "20240606T110000")],
        [("REQUEST", "3", "CONFIRMED", "20240606T110000")],
        [("CANCEL", "4", "CANCELLED", "20240606T110000")],
    ]
    assert len({row[2] for rows in told for row in rows}) == 1


def test_a_change_that_nobody_is_told_of_leaves_the_sequence(mails, coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    meeting = meetings.edit_meeting(meeting, by=coordinator, at=NOW + HOUR, dress="PDH")
    meeting.refresh_from_db()
    assert meeting.calendar_sequence == 0


def test_who_is_invited_later_gets_the_running_sequence(
    mails, coordinator, liaison_kpu, liaison_korem
):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    meetings.edit_meeting(meeting, by=coordinator, at=NOW + HOUR, place="Gedung lain")
    mails()
    meetings.invite_agencies(
        meeting, agencies("korem-101"), by=coordinator, at=NOW + timedelta(hours=2)
    )
    rows = events(mails())
    assert [(row[0], row[1], row[3]) for row in rows] == [(KOREM, "REQUEST", "1")]


def test_a_secret_meeting_sends_no_calendar_and_no_word(mails, coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel", classification=Classification.RAHASIA)
    found = mails()
    message, calendar = found[KPU][0]
    assert calendar is None
    assert meeting.title not in message.as_string()
    assert "Aula Polda" not in message.as_string()


def test_other_mails_carry_no_calendar(mails, coordinator, liaison_kpu):
    seat = make_scheduled(coordinator, "kpu-kalsel").invitations.get()
    mails()
    invitations.answer_invitation(seat, by=liaison_kpu, at=NOW + HOUR, answer="hadir")
    found = mails()
    assert events(found) == []
    assert list(found) == ["koordinator@demo.test"]


def test_a_meeting_that_becomes_secret_leaves_calendars_and_says_nothing(
    mails, coordinator, liaison_kpu
):
    meeting = make_scheduled(coordinator, "kpu-kalsel", title="Pola pengamanan gudang")
    mails()
    change = {"classification": Classification.RAHASIA, "place": "Ruang rahasia"}
    later = {"starts_at": START + HOUR, "ends_at": START + 3 * HOUR}
    meeting = meetings.edit_meeting(meeting, by=coordinator, at=NOW + HOUR, **change, **later)
    found = mails()
    ((_who, method, uid, sequence, status, start),) = events(found)
    assert (method, uid, sequence) == ("CANCEL", str(meeting.calendar_uid), "1")
    assert (status, start) == ("CANCELLED", "20240606T100000")
    message, calendar = found[KPU][0]
    assert calendar.all("VEVENT")[0].value("SUMMARY") == "Rakor"
    for word in ("gudang", "Ruang rahasia"):
        assert word not in message.as_string()
    meetings.edit_meeting(
        meeting, by=coordinator, at=NOW + 2 * HOUR, classification=Classification.TERBATAS
    )
    ((_who, method, *_rest, start),) = events(mails())
    assert (method, start) == ("REQUEST", "20240606T110000")
