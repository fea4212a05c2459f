"""The calendar's three shapes, and the private feed: what is on a day, and who learns of it."""

from datetime import date, datetime, timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse
from icalendar import Calendar

from coordination.actions import meetings
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.classification import Classification
from portal.accounts import actions as accounts
from portal.accounts.models import CalendarFeed, Tenure, User
from portal.audit.models import Entry
from portal.home.feed import feed
from tests import ics
from tests.factories.accounts import appoint
from tests.factories.coordination import NOW, START, make_obligation, make_scheduled

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def june(settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()
    settings.PORTAL_URL = "https://portal.demo.test"
    caches["memory"].clear()


def at(day, hour, minute=0):
    return datetime(2024, 6, day, hour, minute, tzinfo=clock.WITA)


def shown(client, **query):
    """{day: [(time, title)]} of the meetings on the page."""
    context = client.get(reverse("home:calendar"), query).context
    page = context.get("span") or context["month"]
    return {
        day.day.day: [(e.time, e.title) for e in day.entries if e.kind == "meeting"]
        for day in page.busy
        if any(e.kind == "meeting" for e in day.entries)
    }


@pytest.mark.parametrize(
    "query",
    [
        {"bulan": "2024-06"},
        {"tampil": "pekan", "tanggal": "2024-06-06"},
        {"tampil": "daftar", "tanggal": "2024-06-01"},
    ],
)
def test_each_shape_shows_midnight_right(client, sign_in, coordinator, liaison_kpu, query):
    for title, starts, ends in (
        ("Sampai tengah malam", at(5, 22), at(6, 0)),
        ("Lewat tengah malam", at(6, 23, 30), at(7, 1)),
        ("Tepat tengah malam", at(7, 0), at(7, 2)),
    ):
        make_scheduled(coordinator, "kpu-kalsel", title=title, starts_at=starts, ends_at=ends)
    sign_in(client, liaison_kpu)
    assert shown(client, **query) == {
        5: [("22.00", "Sampai tengah malam")],
        6: [("23.30", "Lewat tengah malam")],
        7: [("s.d. 07-06 01.00", "Lewat tengah malam"), ("00.00", "Tepat tengah malam")],
    }


def test_a_week_runs_from_monday_and_leads_on(client, sign_in, liaison_kpu):
    sign_in(client, liaison_kpu)
    span = client.get(
        reverse("home:calendar"), {"tampil": "pekan", "tanggal": "2024-06-06"}
    ).context["span"]
    assert [day.day for day in span.days] == [date(2024, 6, 3) + timedelta(n) for n in range(7)]
    assert (span.previous, span.following) == ("2024-05-27", "2024-06-10")
    assert [day.day for day in span.days if day.today] == [NOW.date()]


@pytest.mark.parametrize("text", ["", "kemarin", "2024-13-40", "99999-01-01"])
def test_nonsense_is_today(client, sign_in, liaison_kpu, text):
    sign_in(client, liaison_kpu)
    answer = client.get(reverse("home:calendar"), {"tampil": "pekan", "tanggal": text})
    assert answer.context["span"].days[0].day == date(2024, 6, 3)


@pytest.mark.parametrize("shape", ["pekan", "daftar"])
def test_who_is_not_invited_sees_nothing_there(
    client, sign_in, coordinator, liaison_kpu, liaison_dprd, shape
):
    make_scheduled(coordinator, "kpu-kalsel")
    query = {"tampil": shape, "tanggal": "2024-06-05"}
    assert shown(sign_in(client, liaison_kpu), **query) == {6: [("10.00", "Rakor kesiapan")]}
    assert shown(sign_in(client, liaison_dprd), **query) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_with_one_and_three(
    client, sign_in, coordinator, liaison_kpu, django_assert_num_queries, count
):
    for _number in range(count):
        make_scheduled(coordinator, "kpu-kalsel")
    sign_in(client, liaison_kpu)
    client.get(reverse("home:calendar"))
    with django_assert_num_queries(11):
        assert client.get(reverse("home:calendar"), {"tampil": "daftar"}).status_code == 200


def user_of(actor) -> User:
    return User.objects.get(pk=actor.user_id)


def events(data: bytes) -> dict[str, ics.Part]:
    return {part.value("SUMMARY"): part for part in ics.read(data).all("VEVENT")}


def test_a_feed_has_the_meetings_and_due_times_of_ones_post(coordinator, liaison_kpu, liaison_dprd):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    meeting = obligation.directive.meeting
    found = events(feed(user_of(liaison_kpu), NOW))
    assert set(found) == {"Rakor kesiapan", "Tenggat: KPU Kalsel: Kawal logistik"}
    rakor = found["Rakor kesiapan"]
    assert rakor.value("UID") == str(meeting.calendar_uid)
    assert rakor.value("DTSTART") == "20240606T100000"
    assert rakor.value("URL") == f"https://portal.demo.test/rakor/{meeting.pk}/"
    due = found["Tenggat: KPU Kalsel: Kawal logistik"]
    assert due.value("UID") == f"obligation-{obligation.pk}@portal.demo.test"
    assert "DTEND" not in due.properties
    assert events(feed(user_of(liaison_dprd), NOW)) == {}


def test_a_secret_meeting_is_only_a_taken_time(coordinator, auditor):
    make_scheduled(
        coordinator,
        "polda-kalsel",
        title="Operasi senyap",
        place="Ruang rahasia",
        virtual_link="https://rahasia.demo.test/",
        classification=Classification.RAHASIA,
    )
    data = feed(user_of(coordinator), NOW)
    assert set(events(data)) == {"Acara tertutup"}
    for word in (b"senyap", b"rahasia", b"/rakor/"):
        assert word not in data.lower()


def test_a_called_off_meeting_is_cancelled_under_its_uid(coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    meetings.cancel_meeting(meeting, by=coordinator, at=NOW + HOUR, reason="Hujan")
    event = events(feed(user_of(liaison_kpu), NOW + HOUR))["Rakor kesiapan"]
    assert (event.value("STATUS"), event.value("SEQUENCE")) == ("CANCELLED", "1")


def test_a_feed_follows_the_posts_held_when_it_is_fetched(coordinator, liaison_kpu, liaison_korem):
    make_scheduled(coordinator, "kpu-kalsel", title="Bersama KPU")
    make_scheduled(coordinator, "korem-101", title="Bersama Korem")
    user = user_of(liaison_kpu)
    post = Tenure.objects.get(user_id=liaison_korem.user_id).post
    appoint(user, post, kind="plh", starts_at=NOW, ends_at=NOW + HOUR)
    assert set(events(feed(user, NOW))) == {"Bersama KPU", "Bersama Korem"}
    assert set(events(feed(user, NOW + HOUR))) == {"Bersama KPU"}
    Tenure.objects.filter(user=user).update(ends_at=NOW + HOUR)
    assert events(feed(user, NOW + HOUR)) == {}


@pytest.fixture
def address(liaison_kpu):
    _feed, token = accounts.open_feed(user_of(liaison_kpu), by=liaison_kpu, at=NOW)
    return reverse("home:calendar_feed", args=[token])


def test_the_address_opens_the_calendar_without_signing_in(client, coordinator, address):
    make_scheduled(coordinator, "kpu-kalsel")
    answer = client.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, max-age=300"
    parsed = Calendar.from_ical(answer.content)
    assert [event.decoded("dtstart") for event in parsed.walk("VEVENT")] == [START]
    assert client.post(address).status_code == 405


def test_only_a_digest_of_the_secret_is_kept(address, liaison_kpu):
    token = address.split("/")[-1].removesuffix(".ics")
    assert len(token) >= 43
    row = CalendarFeed.objects.get()
    assert token not in str(vars(row))
    entry = Entry.objects.get(verb="calendar_feed.open")
    assert token not in str(entry.after) and entry.user_id == liaison_kpu.user_id


def test_an_unknown_revoked_or_disused_address_is_nothing(client, address, liaison_kpu):
    assert client.get(address).status_code == 200
    assert client.get(reverse("home:calendar_feed", args=["tebakan"])).status_code == 404
    user = user_of(liaison_kpu)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(address).status_code == 404
    User.objects.filter(pk=user.pk).update(is_active=True)
    accounts.revoke_feed(user, by=liaison_kpu, at=NOW)
    assert client.get(address).status_code == 404
    assert Entry.objects.filter(verb="calendar_feed.revoke").count() == 1
    assert accounts.revoke_feed(user, by=SYSTEM, at=NOW) is False


def test_a_guessing_client_is_slowed_down(client, db):
    guess = reverse("home:calendar_feed", args=["tebakan"])
    found = [client.get(guess).status_code for _try in range(62)]
    assert found == [404] * 60 + [429] * 2


def test_the_profile_shows_the_address_once_and_ends_it(client, sign_in, liaison_kpu):
    sign_in(client, liaison_kpu)
    page = reverse("accounts:calendar_feed")
    first = client.post(page).context["address"]
    assert first.startswith("https://portal.demo.test/kalender/langganan/")
    assert first not in client.get(page).content.decode()
    second = client.post(page).context["address"]
    path = "/" + first.split("/", 3)[3]
    assert (first != second, client.get(path).status_code) == (True, 404)
    assert client.post(reverse("accounts:revoke_feed"))["Location"] == page
    assert CalendarFeed.objects.count() == 0
