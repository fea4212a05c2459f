"""The roof's pages have no barriers, on a desk and on a phone, and the wall refreshes itself."""

from datetime import datetime

import pytest
from django.urls import reverse

from portal import clock
from portal.home.demo import incidents

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
PAGES = ["home:dashboard", "home:calendar", "home:search"]


@pytest.fixture(autouse=True)
def forces(committed_forces, live_server, people):
    incidents.load(people)
    return people


@pytest.mark.parametrize(
    "login", ["koordinator", "pimpinan", "liaison.korem", "posko.banjar", "auditor", "admin"]
)
def test_first_pages_have_no_barriers(people, page, phone, live_server, sign_in, axe, login):
    assert people[login]
    for device, expected in ((page, 1440), (phone, 390)):
        sign_in(device, f"{login}@demo.test")
        for name in PAGES:
            query = "?q=banjar" if name == "home:search" else ""
            device.goto(live_server.url + reverse(name) + query)
            device.wait_for_selector("html[data-ready=true]")
            axe(device)
            assert device.evaluate("document.documentElement.scrollWidth") == expected


def test_wall_has_no_barriers_and_brings_fresh_figures(people, page, live_server, sign_in, axe):
    assert people["pimpinan"]
    sign_in(page, "pimpinan@demo.test")
    page.goto(live_server.url + reverse("home:situation"))
    page.wait_for_selector("html[data-ready=true]")
    axe(page)
    with page.expect_response(lambda answer: answer.url.endswith("/situasi/")) as fresh:
        page.evaluate("htmx.ajax('GET', '/situasi/', {target: '#dinding', swap: 'outerHTML'})")

    assert fresh.value.text().strip().startswith('<div id="dinding"')
    page.locator("#dinding .stage-banner").wait_for()
