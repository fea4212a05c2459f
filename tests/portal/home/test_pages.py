"""The roof's pages: what each office finds, and what it must not find."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from portal import clock
from portal.audit.record import record, record_read
from portal.home.demo import incidents
from portal.home.stages import stage_banner, time_left
from portal.registry.models import Operation, Region

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
EVERYBODY = [
    "koordinator", "pimpinan", "auditor", "admin", "liaison.kpu", "liaison.korem",
    "posko.banjar", "kodim.1006",
]  # fmt: skip


@pytest.fixture(autouse=True)
def demo_time(settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()


@pytest.fixture
def told(forces, people):
    incidents.load(people)
    return people


@pytest.fixture
def enter(client, people, sign_in):
    return lambda login: sign_in(client, people[login])


@pytest.mark.parametrize("login", EVERYBODY)
def test_first_page_opens_with_the_blocks_of_the_role(enter, login):
    expected = {
        "koordinator": ["matrix", "waiting", "meetings", "command", "drafts", "incidents"],
        "pimpinan": ["command", "waiting", "incidents", "meetings"],
        "auditor": ["audit"],
        "admin": ["people", "health"],
        "posko.banjar": ["send", "incidents"],
        "kodim.1006": ["send", "incidents"],
    }
    answer = enter(login).get(reverse("home:dashboard"))

    blocks = [block.name for block in answer.context["blocks"]]
    assert blocks == expected.get(login, ["waiting", "meetings", "own_readiness", "incidents"])
    assert "Tahapan berjalan" in answer.content.decode()


def test_auditor_sees_who_read_and_fetched(enter, people):
    region = Region.objects.get(code="63.03")
    record("region.rename", region, by=people["admin"], at=NOW)
    for verb in ("read", "situation_print"):
        record_read(region, by=people["pimpinan"], at=NOW, verb=verb)
    answer = enter("auditor").get(reverse("home:dashboard"))
    [block] = answer.context["blocks"]

    assert "Laporan situasi diunduh · Kapolda Kalsel (Kaopsda)" in answer.content.decode()
    assert [entry.verb for entry in block.data["reads"]] == [
        "region.situation_print", "region.read",
    ]  # fmt: skip
    assert "region.rename" in [entry.verb for entry in block.data["last"]]


def test_commander_sees_the_sums_and_the_silent(told, enter):
    html = enter("pimpinan").get(reverse("home:dashboard")).content.decode()

    assert "2.041" in html
    assert "6.466" in html
    assert "Laporan belum masuk" in html


def test_missing_reports_listed_add_up_to_the_count(told, enter):
    parts = enter("pimpinan").get(reverse("home:dashboard")).context["blocks"]
    found = next(block.data["situation"] for block in parts if block.name == "command")
    figures = [place.figure.split("/") for place in found.silent]

    assert found.silent_count == sum(int(due) - int(got) for got, due in figures) > 0
    assert [place.name for place in found.silent if not place.url] == [
        "Satuan tingkat provinsi (Korem 101)"
    ]


def test_posko_with_a_report_due_gets_one_big_button(told, enter):
    answer = enter("posko.banjar").get(reverse("home:dashboard"))
    html = answer.content.decode()

    assert html.count("Kirim laporan sekarang") == 1
    assert "Polres Banjar" in html


def test_overdue_duties_stand_first(told, enter):
    waiting = enter("liaison.korem").get(reverse("home:dashboard")).context["blocks"][0].data
    order = [item.overdue for item in waiting["items"]]

    assert order == sorted(order, reverse=True)
    assert waiting["overdue"] == sum(order) > 0


@pytest.mark.parametrize("login", ["koordinator", "liaison.polda", "liaison.korem"])
def test_every_waiting_report_opens_for_the_one_it_waits_for(told, enter, login):
    client = enter(login)
    parts = client.get(reverse("home:dashboard")).context["blocks"]
    waiting = next(block.data for block in parts if block.name == "waiting")
    reports = [item.url for item in waiting["items"] if item.kind == "report"]

    assert reports
    for url in reports:
        answer = client.get(url)
        assert answer.status_code == 200
        assert b"Polres" in answer.content or b"Kodim" in answer.content


def test_liaison_of_another_agency_sees_no_duty_of_korem(told, enter):
    waiting = enter("liaison.kpu").get(reverse("home:dashboard")).context["blocks"][0].data

    assert not [item for item in waiting["items"] if item.kind == "report"]


def test_situation_room_refreshes_with_a_part_of_itself(told, enter):
    client = enter("pimpinan")
    whole = client.get(reverse("home:situation")).content.decode()
    part = client.get(reverse("home:situation"), headers={"HX-Request": "true"}).content.decode()

    assert part.strip().startswith('<div id="dinding"')
    assert 'hx-trigger="every 30s"' in whole
    assert "<html" not in part
    assert "6.466" in part


def test_administrator_has_no_situation_room(enter):
    assert enter("admin").get(reverse("home:situation")).status_code == 403


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", "November 2024"),
        ("2024-06", "Juni 2024"),
        ("2024-13", "November 2024"),
        ("kemarin", "November 2024"),
        ("1500-01", "Januari 2000"),
        ("9999-12", "Desember 2100"),
    ],
)
def test_calendar_shows_the_month_or_the_present_one(enter, text, title):
    month = enter("liaison.kpu").get(reverse("home:calendar"), {"bulan": text}).context["month"]

    assert month.title == title
    assert {len(week) for week in month.weeks} == {7}


def test_calendar_marks_today_and_the_election(enter):
    month = enter("liaison.kpu").get(reverse("home:calendar")).context["month"]
    days = {day.day: day for week in month.weeks for day in week}

    assert [day for day, found in days.items() if found.today] == [NOW.date()]
    titles = [entry.title for entry in days[date(2024, 11, 27)].entries]
    assert "Pemungutan dan penghitungan suara" in titles


def test_search_finds_stems_and_parts_within_sight(told, enter):
    found = enter("koordinator").get(reverse("home:search"), {"q": "banjar"}).context["groups"]
    labels = [group.label for group in found]

    assert "Satuan" in labels
    assert "Wilayah" in labels
    assert all(len(group.hits) <= 10 for group in found)


def test_search_of_an_outsider_finds_no_foreign_incident(told, client, people, sign_in):
    from_coordinator = sign_in(client, people["koordinator"]).get(
        reverse("home:search"), {"q": "kampanye"}
    )
    seen = {hit.url for group in from_coordinator.context["groups"] for hit in group.hits}
    client.logout()
    from_admin = sign_in(client, people["admin"]).get(reverse("home:search"), {"q": "kampanye"})
    hidden = {hit.url for group in from_admin.context["groups"] for hit in group.hits}

    assert not [url for url in hidden if url.startswith("/kejadian/")]
    assert hidden <= seen


@pytest.mark.parametrize(
    "words", ["", "a", "'; DROP TABLE", "%%%", "tidakadasamasekali", "x" * 500]
)
def test_search_survives_any_words(enter, words):
    assert enter("auditor").get(reverse("home:search"), {"q": words}).status_code == 200


@pytest.mark.parametrize(
    ("delta", "text"),
    [
        (timedelta(days=7), "7 hari lagi"),
        (timedelta(hours=20), "20 jam lagi"),
        (timedelta(minutes=25), "25 menit lagi"),
        (timedelta(seconds=20), "sekarang"),
    ],
)
def test_time_left_in_words(delta, text):
    assert time_left(NOW + delta, NOW) == text


@pytest.mark.django_db
def test_banner_counts_down_to_the_vote():
    operation = Operation.objects.current(NOW)
    banner = stage_banner(operation, NOW)

    assert "Kampanye" in banner.running
    assert banner.coming.left == "4 hari lagi"
    assert (banner.decisive.left, banner.decisive.starts_at.date()) == (
        "7 hari lagi",
        date(2024, 11, 26),
    )


def test_number_of_queries_of_the_first_page(told, enter, django_assert_num_queries):
    client = enter("pimpinan")
    client.get("/")
    with django_assert_num_queries(38):
        client.get("/")
