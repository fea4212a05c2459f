"""From the report of a command post to the commander's decision: what is sent on a phone is on his
map, he finds where the gap is greatest and who says so, looks back over the operation, and takes
the sheet to the briefing. Real worker and beat; nobody reloads a page."""

import re
from datetime import date, datetime
from io import BytesIO

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfReader

from deployments import actions
from deployments.models import ReadinessReport
from portal import clock
from portal.home.demo.people import OFFICES, actor_of
from portal.registry.models import Agency, Operation
from tests.e2e.troubles import watch
from tests.e2e.walk import IN_TIME, Walk

BANJAR = "63.03"
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}
READY = "[data-map][data-ready=true]"


@pytest.fixture
def desks(browser, browser_context_args, live_server, axe, sign_in):
    """`desks(login, device)`: a person at a desk or with a phone; no page may report an error."""
    opened, troubles = [], []

    def enter(login, device="desk"):
        context = browser.new_context(**browser_context_args | {"viewport": SIZES[device]})
        opened.append(context)
        page = context.new_page()
        troubles.append(watch(page))
        sign_in(page, f"{login}@demo.test")
        return Walk(page, device, axe, live_server.url)

    yield enter
    for context in opened:
        context.close()
    assert [found for found in troubles if found] == []


def office(login):
    return actor_of(next(office for office in OFFICES if office.login == login))


def open_map(walk, query=""):
    walk.page.goto(f"{walk.address}{reverse('deployments:map')}{query}")
    walk.page.wait_for_selector(READY)
    walk.page.evaluate("window.untouched = true")


def row_of(walk, code):
    return walk.page.locator("#peta-tabel tr", has=walk.page.locator(f"[data-region='{code}']"))


def reports_say(walk, code, words):
    """The number of reports in the region's line of the table, within the time of a real worker."""
    expect(row_of(walk, code).locator("[data-label=Laporan]")).to_have_text(words, timeout=IN_TIME)


def test_a_report_is_sent_returned_and_mended_while_the_map_follows(demo, background, desks):
    posko = desks("posko.banjar", "phone")
    superior = desks("liaison.polda")
    commander = desks("pimpinan")
    open_map(commander, "?measure=readiness")
    reports_say(commander, BANJAR, "0/1")

    posko.page.get_by_role("link", name="Kirim laporan sekarang").click()
    posko.arrive("map-report-form")
    posko.write(present="430", on_leave="20", engaged="300", vehicles_percent="95")
    posko.write(comms_percent="96")
    posko.page.locator("[name=post_active]").select_option("True")
    posko.press("Kirim laporan")
    posko.sees("diterima.")
    report = ReadinessReport.objects.filter(unit__slug="polres-banjar").latest("submitted_at")
    reports_say(commander, BANJAR, re.compile(r"^1/1"))

    superior.go(reverse("deployments:readiness_detail", args=[report.pk]))
    superior.write(note="Sebut siapa yang cuti, lalu kirim lagi.")
    superior.press("Kembalikan kepada satuan")
    superior.sees("Dikembalikan")
    reports_say(commander, BANJAR, "0/1")

    posko.go(f"{reverse('deployments:readiness_create')}?unit=polres-banjar")
    posko.sees("Sebut siapa yang cuti, lalu kirim lagi.")
    posko.write(present="440", on_leave="10", notes="Sepuluh orang cuti bersalin dan sakit.")
    posko.press("Kirim laporan")
    posko.sees("diterima.")
    reports_say(commander, BANJAR, re.compile(r"^1/1"))
    expect(row_of(commander, BANJAR).locator("[data-label=Hadir]")).to_contain_text(
        "97%", timeout=IN_TIME
    )
    assert commander.page.evaluate("window.untouched")


def test_a_commander_finds_the_greatest_gaps_and_who_says_so(demo, desks):
    tighten()
    commander = desks("pimpinan")
    open_map(commander, "?measure=gap")
    panel = commander.page.locator("#peta-panel")
    short = panel.locator(".map-gaps", has=commander.page.locator(".is-short")).locator("li")
    codes = short.locator("a").evaluate_all("links => links.map(link => link.dataset.region)")
    assert codes == greatest_gaps(commander)
    names = short.locator("a").all_inner_texts()

    commander.page.locator("#peta-tabel thead").get_by_role("link", name="Selisih").click()
    expect(commander.page.locator("#peta-tabel th[aria-sort]")).to_have_count(1, timeout=IN_TIME)
    short.locator("a").first.click()
    expect(panel.locator("[data-heading]")).to_have_text(names[0], timeout=IN_TIME)
    commander.arrive("gap-panel")
    panel.get_by_role("link", name="Sumber: laporan kesiapan").click()
    commander.page.wait_for_selector("html[data-ready=true]")
    commander.arrive("gap-reports")
    commander.page.locator("main tbody a").first.click()
    commander.page.wait_for_selector("html[data-ready=true]")
    commander.sees("Versi")
    commander.arrive("gap-report")


def tighten():
    """The police decide on two officers for every station from today: nobody has so many."""
    operation = Operation.objects.get(slug="mantap-praja-intan-2024")
    polda = Agency.objects.get(slug="polda-kalsel")
    for tps_class in ("kurang_rawan", "rawan", "sangat_rawan"):
        actions.set_guard_pattern(
            operation,
            polda,
            tps_class=tps_class,
            police=2,
            tps=1,
            linmas=2,
            valid_from=date(2024, 11, 20),
            source="Data ilustrasi",
            by=office("koordinator"),
            at=clock.now(),
        )


def greatest_gaps(walk):
    """The three regencies where the police lack most, as the API says."""
    address = f"{walk.address}/api/v1/rollups/?level=regency&agency=polda-kalsel&page_size=50"
    rows = walk.page.request.get(address).json()["results"]
    short = sorted(rows, key=lambda row: -(row["gap"] or 0))
    return [row["region"] for row in short[:3]]


def test_a_commander_plays_the_operation_and_prints_the_briefing(demo, demo_clock, desks):
    demo_clock(datetime(2024, 11, 27, 20, tzinfo=clock.WITA))
    commander = desks("pimpinan")
    open_map(commander, "?at=2024-08-24T20:00")
    page = commander.page
    moment = page.locator("p[data-text=moment]")
    expect(moment).to_have_text("Angka pukul 20.00 WITA, Sabtu, 24 Agustus 2024", timeout=IN_TIME)
    page.locator("[data-play]").click()
    expect(moment).to_have_text(
        "Angka pukul 20.00 WITA, Rabu, 27 November 2024", timeout=10 * IN_TIME
    )
    page.locator("[data-play]").click()
    page.wait_for_selector(READY)
    total = page.locator("#peta-tabel tfoot [data-sum=declared]").inner_text()
    assert page.evaluate("window.untouched")
    commander.arrive("played")

    with page.expect_download() as download:
        page.get_by_role("link", name="PDF A4").click()
    sheet = PdfReader(BytesIO(download.value.path().read_bytes()))
    text = re.sub(r"\s+", " ", " ".join(paper.extract_text() for paper in sheet.pages))
    assert total in text
    for words in ("27 November 2024", "Tanah Bumbu", "Batas perkiraan"):
        assert words.lower() in text.lower()
