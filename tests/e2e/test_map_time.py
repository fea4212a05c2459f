"""The map's slider, comparison and wall in a real browser, by mouse, by keyboard, on a phone."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect

from portal import clock
from tests.factories import deployments as make

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
COMMANDER = "pimpinan@demo.test"
READY = "[data-map][data-ready]"
FIRST = "Angka pukul 20.00 WITA, Sabtu, 24 Agustus 2024"
SECOND = "Angka pukul 20.00 WITA, Minggu, 25 Agustus 2024"


@pytest.fixture
def at_map(committed_forces, live_server, sign_in):
    def enter(page, path="/peta/"):
        sign_in(page, COMMANDER)
        page.goto(f"{live_server.url}{path}")
        page.wait_for_selector(READY)
        return page

    return enter


def shown(page, words):
    """The moment stands above the map and in its table twin."""
    page.locator("p[data-text=moment]", has_text=words).wait_for()
    page.locator("#peta-tabel caption", has_text=words).wait_for()


def test_slider_by_keyboard_moves_map_table_and_address(at_map, page, axe):
    at_map(page)
    slider = page.locator("[data-slider]")
    slider.focus()
    page.keyboard.press("Home")
    shown(page, FIRST)
    page.locator("#peta-panel .map-moment", has_text="24 Agu 2024").wait_for()
    page.keyboard.press("ArrowRight")
    shown(page, SECOND)
    page.locator("#peta-panel .map-moment", has_text="25 Agu 2024").wait_for()

    assert "at=2024-08-25T20%3A00" in page.url
    assert slider.get_attribute("aria-valuetext").startswith("Min, 25 Agu")
    axe(page)
    page.reload()
    shown(page, SECOND)
    page.locator("[data-now]").click()
    page.wait_for_selector("p[data-text=moment]", state="hidden")
    page.wait_for_selector("#peta-panel .map-moment", state="detached")
    assert "at=" not in page.url


def test_space_plays_day_after_day_and_stops(at_map, page):
    at_map(page, "/peta/?at=2024-08-24T20:00")
    page.locator("[data-slider]").focus()
    page.keyboard.press("Space")
    shown(page, SECOND)
    assert page.locator("[data-play]").get_attribute("aria-pressed") == "true"
    page.keyboard.press("Space")

    assert page.locator("[data-play]").get_attribute("aria-pressed") == "false"
    page.wait_for_selector(READY)
    day = page.locator("[data-slider]").input_value()
    page.wait_for_timeout(1200)
    assert page.locator("[data-slider]").input_value() == day


def test_reduced_motion_plays_without_transitions(at_map, page):
    page.emulate_media(reduced_motion="reduce")
    at_map(page)
    region = page.locator("path[data-code='63.03']")

    duration = region.evaluate("path => getComputedStyle(path).transitionDuration")
    assert float(duration.removesuffix("s")) < 0.01


def test_two_maps_move_together_and_a_pick_marks_both(at_map, page, axe):
    at_map(page, "/peta/banding/?measure=gap&measure2=readiness")
    page.wait_for_selector(f"[data-map=kanan]{READY.removeprefix('[data-map]')}")
    assert page.locator("path.region").count() == 26
    page.locator("[data-map=kiri] .leaflet-control-zoom-in").click()
    page.wait_for_timeout(600)
    ticks = [
        page.locator(f"[data-map={name}] .map-tick").all_inner_texts() for name in ("kiri", "kanan")
    ]
    assert ticks[0] == ticks[1] != []
    page.locator("[data-map=kiri] path[data-code='63.03']").dispatch_event("click")

    assert page.locator("path[data-code='63.03'][aria-pressed=true]").count() == 2
    assert page.locator("#peta-banding tr.is-chosen").get_attribute("data-code") == "63.03"
    axe(page)


def test_slider_says_the_day_before_the_month_in_english_too(at_map, page):
    at_map(page)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": page.url}])
    page.reload()
    page.wait_for_selector(READY)
    page.locator("[data-slider]").focus()
    page.keyboard.press("Home")

    expect(page.locator("[data-slider]")).to_have_attribute(
        "aria-valuetext", re.compile(r"^Sat,? 24 Aug 2024$")
    )


def test_comparison_stacks_on_a_phone(at_map, phone, axe):
    at_map(phone, "/peta/banding/?at=2024-11-12T20:00")
    phone.wait_for_selector("[data-map=kanan][data-ready]")
    left, right = (phone.locator(f"[data-map={name}]").bounding_box() for name in ("kiri", "kanan"))

    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    assert right["y"] > left["y"] + left["height"]
    fields = ("kiri-ukuran", "kiri-saat", "kanan-ukuran", "kanan-saat", "instansi")
    places = [phone.locator(f"#{name}").bounding_box()["y"] for name in fields]
    assert places == sorted(set(places))
    axe(phone)


def test_wall_follows_a_change_and_turns_red_without_a_connection(at_map, page, axe):
    at_map(page, "/peta/dinding/")
    wall = page.locator("[data-wall]")
    page.wait_for_selector("[data-wall][data-state=fresh]")
    axe(page)
    before = page.locator("#dinding-angka dd").first.inner_text()
    make.reinforce("63.05", 771, clock.now())
    page.locator("path[data-code='63.05'][aria-label*='1.201']").wait_for(timeout=4000)
    after = f"{int(before.replace('.', '')) + 771:,}".replace(",", ".")
    expect(page.locator("#dinding-angka dd").first).to_have_text(after)

    page.route("**/peta/versi/**", lambda route: route.fulfill(status=503))
    page.wait_for_selector("[data-wall][data-state=old]", timeout=25000)
    assert "Mulai lama" in wall.locator("[data-say=verdict]").inner_text()
    page.wait_for_selector("[data-wall][data-state=stale]", timeout=70000)
    page.unroute("**/peta/versi/**")
    page.wait_for_selector("[data-wall][data-state=fresh]", timeout=40000)


def test_units_of_a_regency_are_points_and_open_its_panel(at_map, page, axe):
    at_map(page, "/peta/?within=63.03")
    cluster = page.locator(".map-cluster")
    cluster.wait_for()

    assert cluster.inner_text() == "2"
    axe(page)
    cluster.click()
    page.locator(".map-unit-dot").first.click()
    page.locator("#peta-panel h2", has_text="Kabupaten Banjar").wait_for()


def test_map_with_all_its_choices_fits_a_phone(at_map, phone, axe):
    at_map(phone, "/peta/?measure=per_station&at=2024-11-12T20:00")

    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    axe(phone)


def test_files_follow_what_is_chosen_without_a_reload(at_map, page):
    at_map(page)
    page.select_option("#ukuran", "gap")
    page.wait_for_selector(READY)
    link = page.locator("a[href*='/peta/banding/']").get_attribute("href")

    assert "measure=gap" in link
    assert page.locator("a[data-here]").get_attribute("href") == page.url
    assert "measure=gap" in page.url
