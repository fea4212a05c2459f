"""What stands around an obligation in a browser: its chain, what is said about it, its address."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from coordination.models import Comment, Following
from portal.notifications.models import Notification
from tests.factories.coordination import make_obligation

IN_TIME = 20_000


@pytest.fixture
def obligation(live_server, people):
    people["liaison.kpu"]  # made when asked for
    return make_obligation(people["koordinator"], "kpu-kalsel")


def detail(obligation) -> str:
    return reverse("coordination:obligation_detail", args=[obligation.pk])


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_a_person_follows_copies_and_calls_on_another(
    request, screen, live_server, obligation, sign_in, axe
):
    page = request.getfixturevalue(screen)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, "koordinator@demo.test")
    page.goto(live_server.url + detail(obligation))
    expect(page.locator(".chain-short li")).to_have_count(7, timeout=IN_TIME)
    expect(page.locator("#komentar form")).to_be_visible(timeout=IN_TIME)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]

    page.get_by_role("link", name="Salin tautan").click()
    expect(page.locator(".copied")).to_have_text("Tautan disalin.", timeout=IN_TIME)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == live_server.url + detail(obligation)

    page.get_by_label("Komentar Anda").fill("Mohon **kabar** hari ini.")
    page.get_by_label("Semua instansi yang melihat tindak lanjut ini").check()
    page.locator("#komentar .mention summary").click()
    page.get_by_label("Semua penghubung KPU Kalsel").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Kirim komentar").click()
    expect(page.locator(".comment strong", has_text="kabar")).to_be_visible(timeout=IN_TIME)
    axe(page)
    told = Notification.objects.get(kind="comment_mention")
    assert told.post.slug == "liaison-kpu"

    with page.expect_navigation():
        page.get_by_role("button", name="Berhenti mengikuti").click()
    expect(page.get_by_role("button", name="Ikuti", exact=True)).to_be_visible(timeout=IN_TIME)
    assert not Following.objects.get().is_on

    page.goto(live_server.url + reverse("coordination:obligation_chain", args=[obligation.pk]))
    expect(page.locator(".chain-missing")).to_have_count(3, timeout=IN_TIME)
    axe(page)


def test_all_of_it_works_without_javascript(browser, live_server, obligation, sign_in):
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    sign_in(page, "koordinator@demo.test")
    page.goto(live_server.url + detail(obligation))

    page.locator("main").get_by_role("link", name="Lihat rantai lengkap").click()
    expect(page.locator(".chain-link")).to_have_count(7)
    page.get_by_role("link", name="Salin tautan").click()
    assert page.url.endswith(reverse("coordination:obligation_chain", args=[obligation.pk]))
    page.goto(live_server.url + detail(obligation))
    page.locator("#komentar").get_by_role("link", name="Komentar").click()
    page.get_by_label("Komentar Anda").fill("Tanpa skrip.")
    page.get_by_role("button", name="Kirim komentar").click()

    assert Comment.objects.get().body == "Tanpa skrip."
    context.close()
