"""The frame and the components in a browser: no barriers, no errors, and usable without scripts."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User

UI = reverse("web:ui")
LOGIN = reverse("account_login")


@pytest.fixture
def enter(live_server, coordinator):
    """Give a browser page the session of the coordinator, and open an address."""

    def open_page(page, address=UI):
        client = Client()
        client.force_login(User.objects.get(pk=coordinator.user_id))
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )
        page.goto(live_server.url + address)
        return page

    return open_page


def ready(page):
    page.wait_for_selector("html[data-ready=true]")
    return page


def width(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_components_have_no_barriers_on_a_desk(page, enter, axe, scheme):
    page.emulate_media(color_scheme=scheme)
    ready(enter(page))
    assert page.locator("html").get_attribute("data-bs-theme") == scheme
    axe(page)
    assert width(page) == 1440


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_components_have_no_barriers_on_a_phone(phone, enter, axe, scheme):
    phone.emulate_media(color_scheme=scheme)
    ready(enter(phone))
    axe(phone)
    assert width(phone) == 390


def test_sign_in_has_no_barriers(page, phone, live_server, axe):
    for device, expected in ((page, 1440), (phone, 390)):
        device.goto(live_server.url + LOGIN)
        axe(ready(device))
        assert width(device) == expected


def test_menu_slides_in_on_a_phone_and_closes(phone, enter, axe):
    ready(enter(phone))
    menu = phone.locator("#navigasi")
    assert not menu.is_visible()
    phone.locator(".bottom button").click()
    assert menu.is_visible()
    axe(phone)
    phone.keyboard.press("Escape")
    assert not menu.is_visible()


def test_account_menu_closes_on_escape_and_on_a_click_elsewhere(page, enter, axe):
    ready(enter(page))
    summary, panel = page.locator(".menu-button"), page.locator(".menu-panel")
    summary.click()
    assert panel.is_visible()
    axe(page)
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert summary.evaluate("(node) => node === document.activeElement")
    summary.click()
    page.locator("h1").click()
    assert not panel.is_visible()


def test_skip_link_leads_to_the_content(page, enter):
    ready(enter(page))
    page.keyboard.press("Tab")
    assert page.locator(".skip-link").evaluate("(node) => node === document.activeElement")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "isi"


def test_question_is_a_dialog_that_gives_focus_back(page, enter, axe):
    ready(enter(page))
    opener = page.locator("summary", has_text="Batalkan rakor")
    opener.click()
    dialog = page.locator("dialog[open]")
    assert "Semua undangan akan ditarik" in dialog.inner_text()
    axe(page)
    dialog.get_by_role("button", name="Batal", exact=True).click()
    assert dialog.count() == 0
    assert opener.evaluate("(node) => node === document.activeElement")


def test_two_quick_clicks_send_a_form_once(page, enter):
    ready(enter(page))
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else 0)
    form = page.locator("form[data-unsaved]")
    with page.expect_navigation():
        form.evaluate(
            "(form) => { const button = form.querySelector('[type=submit]');"
            " button.click(); button.click(); }"
        )
    assert len(posts) == 1
    assert "isian perlu diperbaiki" in page.locator("main").inner_text()


def test_leaving_with_unsaved_text_asks_first(page, enter):
    ready(enter(page))
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.locator("input[name=subject]").fill("Rakor")
    page.reload()
    assert asked == ["beforeunload"]


def test_failed_fragment_is_said_aloud(browser, browser_context_args, enter):
    # A context of its own: htmx writes each failed answer to the console.
    context = browser.new_context(**browser_context_args)
    page = ready(enter(context.new_page()))
    notice = page.locator("[data-behaviour=failed-fragment]")
    page.locator(".top .brand").evaluate(
        "(node) => { node.setAttribute('hx-get', '/ui/'); node.removeAttribute('href');"
        " htmx.process(node); }"
    )
    page.context.clear_cookies()
    assert not notice.is_visible()
    page.locator(".top .brand").click()
    notice.wait_for()
    assert "Sesi Anda berakhir." in notice.inner_text()
    context.close()


def test_failed_fragment_stays_said_when_a_poll_comes_late(browser, browser_context_args, enter):
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    held = []
    page.route("**/pemberitahuan/lencana/", lambda route: held.append(route))
    ready(enter(page))
    notice = page.locator("[data-behaviour=failed-fragment]")
    page.locator(".top .brand").evaluate(
        "(node) => { node.setAttribute('hx-get', '/ui/?x'); node.removeAttribute('href');"
        " htmx.process(node); }"
    )
    page.route("**/ui/?x*", lambda route: route.fulfill(status=401, body=""))
    page.locator(".top .brand").click()
    notice.wait_for()
    with page.expect_response("**/pemberitahuan/lencana/"):
        held[0].fulfill(status=200, content_type="text/html", body="7")
    page.wait_for_function("document.getElementById('lencana').textContent === '7'")
    assert notice.is_visible()
    context.close()


def test_text_area_grows_with_its_text(page, enter):
    ready(enter(page))
    area = page.locator("textarea[name=note]")
    before = area.bounding_box()["height"]
    area.fill("\n".join("baris" for _ in range(12)))
    assert area.bounding_box()["height"] > before


def test_theme_is_chosen_and_stays(page, enter):
    ready(enter(page))
    page.locator(".menu-button").click()
    with page.expect_navigation():
        page.locator("button[name=theme][value=dark]").click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"


def test_everything_works_without_scripts(browser, browser_context_args, live_server, enter):
    context = browser.new_context(
        **{
            **browser_context_args,
            "java_script_enabled": False,
            "viewport": {"width": 390, "height": 844},
        }
    )
    page = enter(context.new_page())
    page.locator(".bottom button").click()
    assert page.locator("#navigasi").is_visible()
    page.keyboard.press("Escape")
    page.locator(".menu-button").click()
    assert page.locator(".menu-panel").is_visible()
    page.locator(".menu-button").click()
    page.locator("summary", has_text="Terbitkan").click()
    assert page.get_by_text("Terbitkan sekarang?").is_visible()
    page.locator("input[name=subject]").fill("Rakor tanpa skrip")
    page.locator("form[data-unsaved] [type=submit]").click()
    assert "isian perlu diperbaiki" in page.locator("main").inner_text()
    assert page.locator("input[name=subject]").input_value() == "Rakor tanpa skrip"
    context.close()


def test_print_has_no_frame_and_fits_a4(page, enter):
    ready(enter(page))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 960})
    for hidden in (".top", "#navigasi", ".filters", ".form-actions"):
        assert not page.locator(hidden).first.is_visible()
    assert page.locator(".sheet thead").first.is_visible()
    assert width(page) <= 680
