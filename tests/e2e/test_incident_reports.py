"""A special report is issued and fetched again; a shift goes from one person to another."""

import hashlib
from pathlib import Path

from django.urls import reverse
from playwright.sync_api import expect

from incidents.models import Incident, ShiftHandover, SpecialReport
from portal.web.demo import PASSWORD
from tests.e2e.walk import Walk

THREAT = "Petugas pemungutan menerima ancaman"


def test_special_report_is_issued_and_fetched_again(page, demo, live_server, axe, sign_in):
    walk = Walk(page, "desk", axe, live_server.url)
    sign_in(page, "koordinator@demo.test")
    incident = Incident.objects.get(title=THREAT)
    walk.go(reverse("incidents:incident_detail", args=[incident.pk]))
    walk.follow("Laporan khusus")
    walk.arrive("special-report-form")
    page.locator("[name=situation]").fill("Rumah petugas dijaga; tidak ada gangguan lanjutan.")
    page.locator("[name=plan]").fill("Patroli sampai hari pemungutan.")
    walk.press("Terbitkan laporan khusus")
    walk.arrive("special-report-issued")
    report = SpecialReport.objects.get(incident=incident)
    with page.expect_download() as started:
        page.get_by_role("link", name=f"{report.number} (PDF)").click()
    stored = Path(started.value.path()).read_bytes()
    assert hashlib.sha256(stored).hexdigest() == report.sha256

    walk.go(reverse("incidents:situation"), "situation-report")
    # Of 06.00: what was reported at 07.20 stands in the next one.
    expect(page.locator("main")).not_to_contain_text(incident.number)
    with page.expect_download() as paper:
        page.get_by_role("link", name="Unduh PDF").click()
    assert Path(paper.value.path()).read_bytes().startswith(b"%PDF")


def test_shift_goes_from_one_person_to_another(page, phone, demo, live_server, axe, sign_in):
    leaving = Walk(page, "desk", axe, live_server.url)
    sign_in(page, "posko.banjar@demo.test")
    leaving.go(reverse("incidents:shift_list"), "shift-list")
    leaving.follow("Tulis serah terima")
    leaving.arrive("shift-form")
    page.locator("[name=notes]").fill("Jaga rumah petugas di Aluh-Aluh.")
    leaving.press("Serahkan piket")
    row = ShiftHandover.objects.standing().get(notes__startswith="Jaga rumah")
    expect(page.get_by_role("link", name="Baca dan tandatangani")).to_have_count(0)

    coming = Walk(phone, "phone", axe, live_server.url)
    sign_in(phone, "posko2.banjar@demo.test")
    coming.go(reverse("home:work"))
    coming.follow("Terima piket")
    coming.follow("Baca dan tandatangani")
    coming.follow("Buktikan diri")
    phone.locator("[name=password]").fill(PASSWORD)
    with phone.expect_navigation():
        phone.locator("main form button[type=submit]").first.click()
    coming.arrive("shift-sign")
    coming.press("Tandatangani dan terima")
    coming.arrive("shift-signed")
    row.refresh_from_db()
    assert row.signed_at is not None
    assert row.in_user_id != row.out_user_id
