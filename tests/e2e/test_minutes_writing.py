"""Two minute-takers at two desks: each passage saves itself, also after a lost connection."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from coordination.models import Meeting, MinutesSection
from tests.e2e.walk import IN_TIME, Walk

TITLE = "Anev mingguan ke-12"
SAVED = re.compile(r"^Tersimpan \d\d\.\d\d\.\d\d")


@pytest.fixture
def desks(browser, browser_context_args):
    """The pages of one office at two desks; a lost connection is no fault of theirs."""
    contexts = [browser.new_context(**browser_context_args) for _desk in range(2)]
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def passage(page, number):
    return page.locator(".passage-form").nth(number)


def test_what_is_typed_is_kept_whatever_the_connection_does(desks, demo, live_server, axe, sign_in):
    page, other = desks
    pk = Meeting.objects.get(title=TITLE).pk
    address = reverse("coordination:minutes_write", args=[pk])
    walk, second = (Walk(each, "desk", axe, live_server.url) for each in (page, other))
    for each in (walk, second):
        sign_in(each.page, "koordinator@demo.test")
        each.go(address)
    first = passage(page, 1).locator("textarea[name$='-body']")
    first.fill("Baris satu.\n\nBaris dua.")
    expect(passage(page, 1).locator("[data-status]")).to_have_text(SAVED, timeout=IN_TIME)
    walk.arrive("minutes-write")

    # The other desk still has the old text before it, writes the same passage, and is joined.
    far = passage(other, 1).locator("textarea[name$='-decision']")
    far.fill("Setuju.")
    expect(passage(other, 1).locator("[data-status]")).to_contain_text("digabung", timeout=IN_TIME)
    expect(passage(other, 1).locator("textarea[name$='-body']")).to_have_value(
        "Baris satu.\n\nBaris dua."
    )

    # Without a connection the text waits in this browser, and is sent when it is back.
    page.context.set_offline(True)
    first.fill("Baris satu.\n\nBaris dua.\n\nBaris tiga, tanpa sambungan.")
    status = passage(page, 1).locator("[data-status]")
    expect(status).to_contain_text("Sambungan terputus", timeout=IN_TIME)
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('notula:')).length")
    page.context.set_offline(False)
    expect(status).to_contain_text("Tersimpan", timeout=IN_TIME)
    row = MinutesSection.objects.get(minutes__meeting=pk, position=1)
    assert "Baris tiga, tanpa sambungan." in row.body
    assert row.decision == "Setuju."
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('notula:'))") == []


def test_signing_out_leaves_no_text_behind(page, demo, live_server, axe, sign_in):
    pk = Meeting.objects.get(title=TITLE).pk
    walk = Walk(page, "desk", axe, live_server.url)
    sign_in(page, "koordinator@demo.test")
    walk.go(reverse("coordination:minutes_write", args=[pk]))
    page.evaluate("localStorage.setItem('notula:1:/x/', '{}')")
    walk.go(reverse("account_logout"))
    page.locator("main").get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('notula:'))") == []
