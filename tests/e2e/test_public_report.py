"""A citizen reports anonymously with a photo, adds another by the code, and reads the answer that
an officer gives; nobody leaves a cookie or comes past a barrier."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from incidents.models import PublicPhoto, PublicReport
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.troubles import watch
from tests.factories.public import photo

POSKO = "posko.banjar@demo.test"
ANSWER = "Petugas sedang menuju lokasi. Terima kasih."


def picture(name: str, color: str) -> dict:
    data = photo(color=color, size=(120, 90))
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def fill(page) -> None:
    page.get_by_label("Apa yang terjadi?").select_option("bencana")
    page.get_by_label("Sedang terjadi").check()
    page.get_by_label("Ceritakan").fill("Air sungai naik dan menutup jalan ke balai desa.")
    page.get_by_label("Kabupaten atau kota").select_option("63.03")
    page.get_by_label("Kecamatan").select_option("63.03.17")
    page.get_by_label("Di mana tepatnya?").fill("dekat jembatan gantung")


def follow(page, code: str) -> None:
    page.goto(reverse("incidents:public_follow"))
    page.get_by_label("Kode laporan").fill(code)
    page.get_by_role("button", name="Buka").click()


def test_a_citizen_reports_adds_a_photo_and_reads_the_answer(
    phone, browser, browser_context_args, live_server, people, sign_in, axe
):
    people["posko.banjar"]
    phone.goto(reverse("incidents:public_create"))
    expect(phone.locator("[data-question]")).to_be_hidden()
    expect(phone.locator("[data-contact]")).to_be_hidden()
    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    fill(phone)
    phone.set_input_files("[name=photos]", picture("Budi-rumah.jpg", "red"))
    phone.get_by_role("button", name="Kirim laporan").click()
    expect(phone.get_by_role("heading", name="Laporan Anda diterima")).to_be_visible()
    code = phone.locator("code").inner_text()
    assert re.fullmatch(r"([0-9A-Z]{5}-){5}[0-9A-Z]", code)
    axe(phone)

    follow(phone, code)
    expect(phone.get_by_text("Belum ada jawaban.")).to_be_visible()
    below = """parts => parts.map((part) => part.getBoundingClientRect().bottom
        - part.lastElementChild.getBoundingClientRect().bottom)"""
    assert min(phone.eval_on_selector_all("section.public-part", below)) >= 16
    phone.set_input_files("[name=photos]", picture("lagi.jpg", "blue"))
    phone.get_by_role("button", name="Kirim tambahan").click()
    expect(phone.get_by_text("Tambahan Anda diterima")).to_be_visible()
    expect(phone.get_by_text("2 foto tersimpan")).to_be_visible()
    axe(phone)
    assert PublicPhoto.objects.count() == 2

    context = browser.new_context(
        **{**browser_context_args, "viewport": DESKTOP}, base_url=live_server.url
    )
    officer = context.new_page()
    troubles = watch(officer)
    answer_as_officer(officer, sign_in, axe)
    context.close()
    assert troubles == []

    follow(phone, code)
    expect(phone.get_by_text(ANSWER)).to_be_visible()
    assert PublicReport.objects.get().answer_read_at is not None
    assert phone.context.cookies() == []


def answer_as_officer(page, sign_in, axe) -> None:
    sign_in(page, POSKO)
    page.goto(reverse("incidents:public_queue"))
    page.wait_for_selector("#telaah[data-ready]")
    axe(page)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-count]")).to_have_text("1 dipilih")
    page.keyboard.press("1")
    expect(page.locator("[name=reason]")).to_have_value("kurang-jelas")
    page.locator("[data-item] [data-open]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tidak disebutkan, atas pilihan pelapor")).to_be_visible()
    images = page.locator(".triage-photos img")
    expect(images).to_have_count(2)
    assert images.first.evaluate("image => image.decode().then(() => image.naturalWidth)") == 90
    axe(page)
    page.get_by_label("Jawaban kepada pelapor").fill(ANSWER)
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_text("Jawaban, belum dibaca")).to_be_visible()


def test_without_javascript_the_sum_is_asked(browser, browser_context_args, live_server):
    context = browser.new_context(
        **{**browser_context_args, "java_script_enabled": False}, base_url=live_server.url
    )
    page = context.new_page()
    page.goto(reverse("incidents:public_create"))
    words = "nol satu dua tiga empat lima enam tujuh delapan sembilan".split()
    question = page.locator("[for=id_result]").inner_text()
    one, other = (words.index(word) for word in re.findall("|".join(words), question))
    fill(page)
    page.get_by_label(question).fill(str(one + other))
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_role("heading", name="Laporan Anda diterima")).to_be_visible()
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("name", ["public_follow", "public_figures"])
def test_the_other_public_pages_are_without_barriers(phone, settings, axe, name):
    settings.PUBLIC_COUNTS = True
    for language in ("id", "en"):
        phone.goto(f"{reverse(f'incidents:{name}')}?lang={language}")
        axe(phone)
        assert phone.locator("html").get_attribute("lang") == language
        assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
