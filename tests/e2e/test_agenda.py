"""A running order arranged by hand and by keyboard, and the wall of the rakor that sits."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from coordination.models import AgendaItem, Meeting
from tests.e2e.walk import IN_TIME, Walk


@pytest.fixture
def walk(demo, live_server, axe, page, sign_in):
    sign_in(page, "koordinator@demo.test")
    return Walk(page, "desk", axe, live_server.url)


def address(name, *args):
    return reverse(f"coordination:{name}", args=args)


def titles(meeting):
    rows = AgendaItem.objects.filter(meeting=meeting).order_by("position")
    return list(rows.values_list("title", flat=True))


def test_an_agenda_is_arranged_by_dragging_and_by_keyboard(walk):
    meeting = Meeting.objects.get(title="Anev mingguan ke-14")
    before = titles(meeting)
    walk.go(address("agenda", meeting.pk), "agenda")
    lines = walk.page.locator(".agenda-line")
    # Its own items take 85 minutes; eleven that came back take five minutes each.
    expect(walk.page.locator(".agenda-sum")).to_contain_text("Direncanakan 140 dari 150 menit")
    assert walk.page.locator(".agenda-title").first.inner_text() == "Pembukaan"

    with walk.page.expect_response(re.compile("/acara/urutan/$")):
        lines.nth(6).locator("[data-grip]").drag_to(lines.nth(3).locator(".agenda-row"))
    expect(lines.nth(3)).to_contain_text(before[6], timeout=IN_TIME)
    assert titles(meeting)[3] == before[6]

    up = lines.nth(6).get_by_role("button", name="Naikkan")
    name = lines.nth(6).locator(".agenda-title").inner_text()
    up.focus()
    walk.page.keyboard.press("Enter")
    expect(lines.nth(5)).to_contain_text(name, timeout=IN_TIME)
    # The button that was pressed still has the focus: the next press moves the same line.
    expect(lines.nth(5).get_by_role("button", name="Naikkan")).to_be_focused()
    walk.axe(walk.page)


def test_on_a_phone_the_buttons_are_big_speak_and_keep_the_focus(
    demo, live_server, axe, phone, sign_in
):
    meeting = Meeting.objects.get(title="Anev mingguan ke-14")
    sign_in(phone, "koordinator@demo.test")
    walk = Walk(phone, "phone", axe, live_server.url)
    walk.go(address("agenda", meeting.pk), "agenda")
    buttons = phone.locator(".agenda-buttons").locator("button, summary").all()
    sizes = [button.bounding_box() for button in buttons if button.is_visible()]
    assert min(min(size["width"], size["height"]) for size in sizes) >= 44
    name = titles(meeting)[2]
    item = meeting.agenda.get(position=3)
    down = phone.locator(f"#turun-{item.pk}")

    for place in (4, 5):
        down.tap()
        expect(phone.locator("#kabar-susunan")).to_have_text(
            f"“{name}” kini nomor {place} dari 18.", timeout=IN_TIME
        )
        expect(down).to_be_focused()
        expect(down).to_be_in_viewport()
    walk.axe(phone)


def test_the_wall_counts_and_steps(walk):
    meeting = Meeting.objects.get(title__startswith="Anev harian posko")
    walk.go(address("meeting_wall", meeting.pk), "wall")
    page = walk.page
    expect(page.locator(".room-item")).to_have_text("Kesiapan gudang logistik")
    clock = page.locator("[data-clock]")
    shown = clock.inner_text()
    assert re.fullmatch(r"08\.0\d\.\d\d WITA", shown)
    expect(clock).not_to_have_text(shown, timeout=IN_TIME)

    walk.press("Butir berikutnya")
    expect(page.locator(".room-item")).to_have_text("Butir tertutup")
    expect(page.locator("[data-left-time]")).to_have_text(re.compile(r"^(9|10)\.\d\d$"))

    # The chair steps at another place; the wall follows by itself.
    AgendaItem.objects.filter(meeting=meeting, ended_at=None).exclude(started_at=None).update(
        planned_minutes=1, started_at=meeting.starts_at
    )
    expect(page.locator(".room-left.is-over")).to_contain_text("lewat", timeout=IN_TIME)
    expect(page.locator("[data-left-time]")).to_have_text(re.compile(r"^\+\d+\.\d\d$"))
    walk.axe(page)


def test_without_javascript_the_buttons_do_the_same(demo, live_server, browser, sign_in):
    meeting = Meeting.objects.get(title="Anev mingguan ke-14")
    before = titles(meeting)
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    sign_in(page, "koordinator@demo.test")
    page.goto(live_server.url + address("agenda", meeting.pk))
    with page.expect_navigation():
        page.get_by_role("button", name=f"Turunkan: {before[1]}").click()
    assert titles(meeting)[:3] == [before[0], before[2], before[1]]
    context.close()
