"""A visitor with a PDF, on a telephone and without JavaScript: genuine, or not known."""

import pytest
from playwright.sync_api import expect

from coordination.actions import minutes as actions
from coordination.models import Minutes
from portal import clock
from portal.home.demo.people import OFFICES, actor_of
from tests.e2e.conftest import DESKTOP, PHONE

PDF = b"%PDF-1.7 salinan"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_visitor_finds_out_whether_a_pdf_is_genuine(
    browser, browser_context_args, demo, live_server, size
):
    minutes = Minutes.objects.published().select_related("meeting").order_by("pk").first()
    host = next(office for office in OFFICES if office.login == "koordinator")
    actions.issue_copy(minutes, PDF, by=actor_of(host), at=clock.now())
    options = {**browser_context_args, "viewport": size, "java_script_enabled": False}
    context = browser.new_context(**options, base_url=live_server.url)
    page = context.new_page()
    page.goto(f"/verifikasi/{minutes.verification_code}/")
    page.get_by_role("link", name="Periksa berkas PDF-nya").click()
    for content, verdict in (
        (PDF, "Asli: berkas ini salinan notula yang terbit melalui portal"),
        (PDF + b"!", "Tidak dikenal: portal ini tidak pernah mengeluarkan berkas ini"),
    ):
        page.set_input_files(
            "[name=file]", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        page.get_by_role("button", name="Periksa berkas").click()
        expect(page.get_by_text(verdict)).to_be_visible()
        numbers = page.locator("main").get_by_text(minutes.number, exact=True)
        expect(numbers).to_have_count(int(content == PDF))
        expect(page.locator("main")).not_to_contain_text(minutes.meeting.title)
    context.close()


def test_the_page_is_clean_and_fits_a_telephone(phone, db, axe):
    phone.goto("/verifikasi/")
    axe(phone)
    wide = phone.evaluate("document.documentElement.scrollWidth")
    assert wide == PHONE["width"]
    phone.get_by_role("button", name="Periksa berkas").click()
    expect(phone.get_by_text("Pilih berkas PDF notula lebih dahulu.")).to_be_visible()
    axe(phone)
