"""The commander's map in a real browser: draw, switch, choose, drill, and change while looking."""

from datetime import datetime

import pytest

from portal import clock
from portal.registry.models import Region
from tests.factories import deployments as make

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
COMMANDER = "pimpinan@demo.test"
READY = "[data-map][data-ready]"


@pytest.fixture
def at_map(committed_forces, live_server, sign_in):
    def enter(page, query=""):
        sign_in(page, COMMANDER)
        page.goto(f"{live_server.url}/peta/{query}")
        page.wait_for_selector(READY)
        return page

    return enter


def region(page, code):
    return page.locator(f"path[data-code='{code}']")


def styles(page):
    """The classes that colour the regions."""
    return page.locator("path.region").evaluate_all(
        "paths => paths.map(path => path.getAttribute('class').match(/fill-\\S+/)[0])"
    )


def test_map_draws_every_regency_with_legend_and_table(at_map, page, axe):
    at_map(page)

    assert page.locator("path.region").count() == 13
    counts = page.locator(".map-legend-count").all_inner_texts()
    assert sum(int(count) for count in counts) == 13
    assert page.locator("#peta-tabel tbody tr a").count() == 13
    assert page.locator("#peta-tabel tfoot [data-sum]").inner_text() == "8.507"
    assert "batas perkiraan" in page.locator(".map-credits").inner_text().lower()
    axe(page)


def test_every_regency_is_named_no_degree_is_cut_and_no_column_hidden(at_map, page):
    at_map(page, "?measure=tps_class")
    page.locator(".map-label > span").nth(12).wait_for()

    assert page.locator(".map-label").count() == 13
    frame = page.locator(".leaflet-container").bounding_box()
    right = frame["x"] + frame["width"]
    ticks = page.locator(".map-tick > span").evaluate_all(
        "all => all.map(one => { const box = one.getBoundingClientRect();"
        "return [box.left, box.right] })"
    )
    assert ticks
    assert [tick for tick in ticks if tick[0] < frame["x"] or tick[1] > right] == []
    hidden = "frame => frame.scrollWidth - frame.clientWidth"
    assert page.locator("#peta-tabel .table-frame").evaluate(hidden) == 0


def test_a_district_is_looked_at_from_near(at_map, page):
    at_map(page, "wilayah/63.03.05/?within=63.03")
    district = page.locator("path.region-chosen")
    before = district.bounding_box()["width"]
    page.get_by_role("button", name="Perbesar di peta").click()
    page.wait_for_function(
        "width => document.querySelector('path.region-chosen').getBoundingClientRect().width"
        " > 3 * width",
        arg=before,
    )
    page.select_option("#ukuran", "gap")
    page.wait_for_selector(READY)
    assert page.url.endswith("/peta/wilayah/63.03.05/?measure=gap&within=63.03")


def test_measure_switches_without_reload_and_stays_in_the_address(at_map, page):
    at_map(page)
    page.evaluate("window.untouched = true")
    before = styles(page)
    page.select_option("#ukuran", "readiness")
    page.wait_for_selector("path.region[class*='fill-light']")
    page.wait_for_selector(READY)

    assert styles(page) != before
    assert page.evaluate("window.untouched") is True
    assert "measure=readiness" in page.url
    assert page.locator(".region-hatch.is-hatched").count() > 0
    page.reload()
    page.wait_for_selector("path.region[class*='fill-light']")


def test_banjar_by_keyboard_then_its_districts(at_map, page, axe):
    at_map(page)
    region(page, "63.03").focus()
    page.keyboard.press("Enter")
    heading = page.locator("#peta-panel h2")
    heading.get_by_text("Kabupaten Banjar").wait_for()

    assert region(page, "63.03").get_attribute("aria-pressed") == "true"
    assert "Polres Banjar" in page.locator("#peta-panel").inner_text()
    axe(page)
    page.locator("#peta-panel a[data-within]").click()
    page.wait_for_selector("[data-map][data-level=district][data-ready]")
    districts = Region.objects.filter(parent="63.03").count()
    assert page.locator("path.region").count() == districts
    page.locator("[data-out]").click()
    page.wait_for_selector("[data-map][data-level=regency][data-ready]")
    assert page.locator("path.region").count() == 13


def test_click_on_a_regency_shows_its_panel(at_map, page):
    at_map(page)
    region(page, "63.10").click()

    page.locator("#peta-panel h2").get_by_text("Kabupaten Tanah Bumbu").wait_for()


def test_map_follows_a_change_within_two_seconds(at_map, page):
    at_map(page)
    cell = page.locator("#peta-tabel tr:has(a[data-region='63.03']) td").first
    shown = int(cell.inner_text().replace(".", ""))
    make.reinforce("63.03", 321, clock.now())

    page.locator("#peta-tabel").get_by_text(f"{shown + 321}", exact=True).wait_for(timeout=4000)
    assert f"{shown + 321} personel" in region(page, "63.03").get_attribute("aria-label")


def test_map_on_a_phone_fits_and_is_accessible(at_map, phone, axe):
    at_map(phone, "?measure=missing")

    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    region(phone, "63.10").dispatch_event("click")
    phone.locator("#peta-panel h2").get_by_text("Tanah Bumbu").wait_for()
    axe(phone)


def test_map_in_the_dark_is_accessible(at_map, page, axe):
    page.emulate_media(color_scheme="dark")
    at_map(page, "?measure=gap")

    axe(page)


def test_without_javascript_the_table_answers(
    committed_forces, browser, browser_context_args, live_server, sign_in
):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, COMMANDER)
    page.goto(f"{live_server.url}/peta/")
    page.select_option("#instansi", "korem-101")
    page.get_by_role("button", name="Tampilkan").click()

    assert page.locator("#peta-tabel tfoot [data-sum]").inner_text() == "2.041"
    context.close()
