"""Streets under the map out of a real PMTiles file on another server, drawn in a real browser under
the policy that the setting makes."""

import re
from datetime import datetime
from http.server import ThreadingHTTPServer
from threading import Thread

import leaflet
import pytest
from playwright.sync_api import expect

from portal import clock
from portal.settings import _origin
from tests.e2e.streets import RangeServer, archive

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
KALSEL = (114.0, -4.5, 117.0, -1.0)
DEEPEST = 8
LAND, WATER, ROAD = "#e2dfda", "#80deea", "#ffffff"
COLOURS = """() => [...document.querySelectorAll("canvas.leaflet-tile")].map(canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const found = new Set();
    for (let at = 0; at < data.length; at += 4)
        found.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
    return [...found].map(one => `#${one.toString(16).padStart(6, "0")}`);
})"""
"""The colours of each tile."""


@pytest.fixture(scope="module")
def streets():
    """The address of the file."""

    class Streets(RangeServer):
        files = {"/kalsel.pmtiles": archive(KALSEL, DEEPEST), "/bukan.pmtiles": b"bukan" * 99}

    server = ThreadingHTTPServer(("127.0.0.1", 0), Streets)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/kalsel.pmtiles"
    server.shutdown()
    server.server_close()


@pytest.fixture
def with_streets(committed_forces, settings, streets):
    settings.MAP_PMTILES, settings.MAP_ATTRIBUTION = streets, "Peta jalan uji"
    allow(settings, "connect-src", streets)


def allow(settings, directive, address):
    """As the settings do for the address that the operator names."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    allowed = {directive: [*directives[directive], *_origin(address)]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives | allowed}


def open_map(page, live_server, sign_in, path="/peta/"):
    sign_in(page, "pimpinan@demo.test")
    page.goto(f"{live_server.url}{path}")
    page.wait_for_selector("[data-map][data-ready]")


def drawn(page, colour):
    """Some tile has that colour."""
    page.wait_for_function(f"([colour]) => ({COLOURS})().flat().includes(colour)", arg=[colour])


def test_streets_are_drawn_under_the_regions_and_their_owner_is_named(
    with_streets, page, live_server, sign_in
):
    open_map(page, live_server, sign_in)
    for colour in (LAND, WATER, ROAD):
        drawn(page, colour)
    assert page.locator("path.region").count() == 13
    assert "has-tiles" in page.locator("figure.map-figure").get_attribute("class")
    assert "Peta jalan uji" in page.locator(".map-credits").inner_text()
    assert page.locator(".leaflet-control-attribution a").count() == 0


def test_nearer_than_the_file_goes_its_last_tiles_are_enlarged(
    with_streets, page, live_server, sign_in
):
    open_map(page, live_server, sign_in, "/peta/?within=63.71")
    near = page.locator(".leaflet-control-scale-line", has_text=re.compile(r"^\d+ m$"))
    closer = page.locator(".leaflet-control-zoom-in:not(.leaflet-disabled)")
    while near.count() == 0 and closer.count():
        closer.click()
        # The scale and the button speak of the new zoom only when the map has come to rest.
        page.wait_for_function("() => !document.querySelector('.leaflet-zoom-anim')")
    expect(near).to_have_count(1)
    page.wait_for_function(
        f"([known]) => {{ const tiles = ({COLOURS})();"
        "return tiles.length && tiles.every(one => known.some(colour => one.includes(colour))) }",
        arg=[[LAND, WATER, ROAD]],
    )


def test_a_server_of_tiles_is_drawn_too(
    committed_forces, streets, settings, page, live_server, sign_in, monkeypatch
):
    address = streets.replace("kalsel.pmtiles", "ubin/{z}/{x}/{y}.png")
    settings.MAP_TILES_URL = address
    monkeypatch.setitem(leaflet.app_settings, "TILES", [("", address, {"attribution": ""})])
    allow(settings, "img-src", streets)
    open_map(page, live_server, sign_in)
    page.wait_for_function(
        "() => { const tiles = [...document.querySelectorAll('img.leaflet-tile')];"
        "return tiles.length && tiles.every(tile => tile.complete && tile.naturalWidth === 1) }"
    )
    assert "has-tiles" in page.locator("figure.map-figure").get_attribute("class")
    assert page.locator("path.region").count() == 13


def test_a_file_that_is_none_leaves_the_map_as_it_is_without_streets(
    with_streets, streets, settings, page, live_server, sign_in
):
    settings.MAP_PMTILES = streets.replace("kalsel.pmtiles", "bukan.pmtiles")
    open_map(page, live_server, sign_in)
    page.wait_for_selector("figure.map-figure:not(.has-tiles)")
    assert page.locator("path.region").count() == 13
