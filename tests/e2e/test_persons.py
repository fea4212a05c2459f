"""Somebody involved is written down, and a name opened, by hand and without barriers."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from incidents.models import Incident, InvolvedPerson
from portal.audit.models import Entry
from portal.home.demo.persons import QUARREL
from tests.e2e.walk import Walk


@pytest.mark.parametrize("width", [390, 1440])
def test_a_name_is_written_opened_and_wiped(page, demo, live_server, axe, sign_in, width):
    page.set_viewport_size({"width": width, "height": 900})
    walk = Walk(page, "phone" if width == 390 else "desk", axe, live_server.url)
    sign_in(page, "posko.banjar@demo.test")
    incident = Incident.objects.get(title=QUARREL)
    people = page.locator("#orang .persons > li")
    walk.go(reverse("incidents:incident_detail", args=[incident.pk]))
    expect(people).to_have_count(3)

    page.locator("#orang").get_by_role("link", name="Catat orang").click()
    walk.arrive("person-form")
    page.get_by_label("Saksi").check()
    page.get_by_label("Nama").fill("Nama Ilustrasi Empat")
    page.get_by_label("Umur").fill("52")
    page.get_by_role("button", name="Simpan").click()
    walk.sees("Orang terlibat dicatat.")
    row = people.filter(has_text="N. I. E., 52 th")
    expect(row).to_have_count(1)
    expect(page.get_by_text("Nama Ilustrasi Empat")).to_have_count(0)

    row.locator("summary", has_text="Buka nama").click()
    panel = page.locator("dialog[open], details[open] > form")
    with page.expect_navigation():
        panel.get_by_role("button", name="Buka nama").click()
    walk.arrive()
    expect(page.get_by_text("Nama Ilustrasi Empat")).to_be_visible()
    page.locator("#orang").scroll_into_view_if_needed()
    walk.picture("person-opened")
    assert Entry.objects.filter(verb="person.open").count() == 1

    walk.go(reverse("incidents:incident_detail", args=[incident.pk]))
    row.locator("summary", has_text="Hapus nama").click()
    with page.expect_navigation():
        panel.get_by_role("button", name="Hapus nama").click()
    walk.sees("Nama dihapus untuk selamanya.")
    assert InvolvedPerson.objects.latest("pk").sealed == ""
