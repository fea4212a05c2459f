"""A point is shown on a map instead of typed: by a tap, by the keyboard, without a network; and no
map is fetched before somebody asks for one."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.e2e.test_incident import kept_for_later
from tests.e2e.walk import IN_TIME, Walk

HEAVY = ("leaflet", "batas-wilayah", "point.js", "point-map.css")
PANEL = ".point-map-panel"


@pytest.fixture
def unwatched(browser, browser_context_args):
    """A phone; that it loses its connection is no fault of its page."""
    sized = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    context = browser.new_context(**browser_context_args | sized)
    yield context.new_page()
    context.close()


def tap(page, *, x: float, y: float) -> None:
    box = page.locator(f"{PANEL} .leaflet-container").bounding_box()
    page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)


def point(page) -> tuple[str, str]:
    names = ("latitude", "longitude")
    return tuple(page.locator(f"[name={name}]").input_value() for name in names)


def status(page):
    return page.locator(".point-map [data-status]")


@pytest.mark.parametrize("width", [390, 1440])
def test_a_citizen_taps_the_place(page, live_server, axe, width):
    page.set_viewport_size({"width": width, "height": 900})
    walk = Walk(page, "phone" if width == 390 else "desk", axe, live_server.url)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    walk.go(reverse("incidents:public_create"))
    assert not [url for url in asked if any(part in url for part in HEAVY)]

    page.get_by_label("Kabupaten atau kota").select_option("63.03")
    page.get_by_role("button", name="Tunjuk di peta").click()
    expect(status(page)).to_have_text("Belum ada titik terpilih.", timeout=IN_TIME)
    assert {part for part in HEAVY if any(part in url for url in asked)} == set(HEAVY)
    assert all(url.startswith((live_server.url, "data:")) for url in asked)

    tap(page, x=0.5, y=0.5)
    expect(status(page)).to_contain_text("Kabupaten Banjar")
    latitude, longitude = point(page)
    assert -4.2 < float(latitude) < -1.3 and len(latitude.partition(".")[2]) == 3
    expect(status(page)).not_to_contain_text("di luar wilayah")
    page.get_by_label("Kabupaten atau kota").select_option("63.71")
    expect(status(page)).to_contain_text("Titik ini di luar wilayah yang dipilih.")
    page.get_by_label("Kabupaten atau kota").select_option("63.03")
    expect(status(page)).not_to_contain_text("di luar wilayah")
    page.locator(PANEL).scroll_into_view_if_needed()
    walk.arrive("point-map-public")
    page.get_by_role("button", name="Hapus titik").click()
    assert point(page) == ("", "")


def test_the_keyboard_reaches_every_place(page, live_server, axe):
    walk = Walk(page, "desk", axe, live_server.url)
    walk.go(reverse("incidents:public_create"))
    page.get_by_label("Kabupaten atau kota").select_option("63.03")
    page.get_by_role("button", name="Tunjuk di peta").press("Enter")
    expect(page.locator(f"{PANEL} .leaflet-container")).to_be_focused(timeout=IN_TIME)

    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("Titik terpilih:")
    first = point(page)
    for _step in range(3):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    expect(page.locator("[name=longitude]")).not_to_have_value(first[1])
    assert float(point(page)[1]) > float(first[1])
    assert page.url.endswith(reverse("incidents:public_create"))


def test_the_field_shows_a_place_without_network(unwatched, demo, live_server, axe, sign_in):
    field = unwatched
    walk = Walk(field, "phone", axe, live_server.url)
    sign_in(field, "posko.banjar@demo.test")
    walk.go(reverse("incidents:field_report_create"))
    kept_for_later(field)
    kept = """async () => {
        const names = (await (await caches.open("lapangan-1")).keys()).map((one) => one.url);
        return ["leaflet.js", "batas-wilayah", "point"].every(
          (part) => names.some((name) => name.includes(part)));
    }"""
    field.wait_for_function(kept, timeout=IN_TIME)

    field.context.set_offline(True)
    field.reload()
    field.get_by_role("button", name="Tunjuk di peta").click()
    expect(status(field)).to_contain_text("Belum ada titik", timeout=IN_TIME)
    field.get_by_role("button", name="Pakai titik tengah").click()
    expect(status(field)).to_contain_text("Kabupaten Banjar")
    assert len(point(field)[0].partition(".")[2]) == 5
    field.context.grant_permissions(["geolocation"])
    field.context.set_geolocation({"latitude": -3.32, "longitude": 114.59})
    field.get_by_role("button", name="Pakai lokasi perangkat").click()
    expect(status(field)).to_contain_text("Titik ini di luar wilayah yang dipilih.")
    field.context.set_offline(False)
    field.locator(PANEL).scroll_into_view_if_needed()
    walk.arrive("point-map-field")


def test_what_cannot_be_fetched_is_said_and_the_fields_stay(unwatched, live_server):
    page = unwatched
    page.route("**/batas-wilayah/", lambda route: route.abort())
    page.goto(live_server.url + reverse("incidents:public_create"))
    page.get_by_role("button", name="Tunjuk di peta").click()
    expect(status(page)).to_contain_text("Peta tidak dapat dimuat", timeout=IN_TIME)
    expect(page.locator(PANEL)).to_be_hidden()
    page.locator("summary", has_text="Punya koordinatnya").click()
    expect(page.locator("[name=latitude]")).to_be_editable()
