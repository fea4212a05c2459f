"""From the field to the incident: reports written without network, sent once, merged, mended."""

import io
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from incidents.models import FieldReport, Incident, SpecialReport
from portal.attachments.actions import files_of
from portal.registry.models import Agency
from tests.e2e.walk import IN_TIME, Walk

ROW = "[data-unsent] li"


@pytest.fixture
def field(browser, browser_context_args):
    """A phone in the field; a lost connection is no fault of its page."""
    sized = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    context = browser.new_context(**browser_context_args | sized)
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(browser, browser_context_args):
    """Somebody else's desk, with a session of its own."""
    context = browser.new_context(**browser_context_args)
    yield context.new_page()
    context.close()


def picture(name: str) -> dict:
    held = io.BytesIO()
    Image.new("RGB", (64, 48), "olive").save(held, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": held.getvalue()}


def fill(page, title: str, *photos: str) -> None:
    page.locator("[name=type]").select_option("A1")
    page.locator("[name=title]").fill(title)
    page.locator("[name=severity][value='2']").check()
    page.locator("[name=place]").fill("Simpang Empat Martapura")
    page.locator("[name=chronology]").fill("Sekitar 200 orang berkumpul di depan kantor kecamatan.")
    page.locator("[name=photos]").set_input_files([picture(name) for name in photos])


def kept_for_later(page) -> None:
    """The form and what it is drawn with stand in this browser, and its worker answers for it."""
    page.wait_for_function(
        """async () => {
          if (navigator.serviceWorker.controller?.state !== "activated") return false;
          const pages = await caches.open("lapangan-1");
          const drawn = performance.getEntriesByType("resource").map((entry) => entry.name);
          const wanted = drawn.filter((address) => address.includes("/static/"));
          wanted.push("/lapangan/lapor/");
          return (await Promise.all(wanted.map((one) => pages.match(one)))).every(Boolean);
        }""",
        timeout=IN_TIME,
    )


def test_two_reports_without_network_arrive_once_each_and_are_answered(
    field, desk, demo, live_server, axe, sign_in
):
    walk = Walk(field, "phone", axe, live_server.url)
    sign_in(field, "posko.banjar@demo.test")
    walk.go(reverse("incidents:field_report_create"), "field-report-form")
    kept_for_later(field)

    field.context.set_offline(True)
    fill(field, "Massa berkumpul di simpang", "satu.jpg")
    field.get_by_role("button", name="Kirim laporan").click()
    expect(field.locator(ROW)).to_have_count(1, timeout=IN_TIME)
    expect(field.locator(ROW).first).to_contain_text("Jaringan terputus")
    expect(field.locator("[name=title]")).to_have_value("")

    # The page itself is there without network, and so is what was written before.
    field.reload()
    expect(field.locator(ROW)).to_have_count(1, timeout=IN_TIME)
    fill(field, "Jalan tertutup massa", "dua.jpg", "tiga.jpg")
    field.get_by_role("button", name="Kirim laporan").click()
    expect(field.locator(ROW)).to_have_count(2, timeout=IN_TIME)
    walk.arrive("field-report-unsent")
    assert not FieldReport.objects.filter(title="Massa berkumpul di simpang").exists()

    field.context.set_offline(False)
    expect(field.locator(ROW)).to_have_count(0, timeout=IN_TIME)
    first = FieldReport.objects.get(title="Massa berkumpul di simpang")
    second = FieldReport.objects.get(title="Jalan tertutup massa")
    assert [files_of(report).count() for report in (first, second)] == [1, 2]

    # The posko makes one incident of the first, and the second is proposed as the same thing.
    walk.go(reverse("incidents:field_report_detail", args=[first.pk]), "field-report-detail")
    same = field.get_by_label(second.title)
    same.check()
    field.get_by_role("button", name="Buka kejadian").click()
    walk.sees("dibuka.")
    walk.arrive("incident-of-two")
    incident = Incident.objects.get(title=first.title)
    expect(field.get_by_role("link", name=second.number)).to_be_visible()

    walk.go(reverse("incidents:incident_edit", args=[incident.pk]), "incident-edit")
    field.locator("[name=loss]").fill("Lalu lintas terhenti satu jam")
    field.get_by_role("button", name="Simpan perubahan").click()
    walk.sees("Isi kejadian diperbarui.")
    expect(field.locator("main dd", has_text="Lalu lintas terhenti satu jam")).to_be_visible()
    walk.go(reverse("incidents:field_report_list"), "field-report-list")

    # Verified; the nearest unit of the own chain is sent and says how far it has come.
    detail = reverse("incidents:incident_detail", args=[incident.pk])
    walk.go(detail)
    walk.press("Nyatakan diterima")
    walk.confirm("Verifikasi")
    walk.follow("Tugaskan satuan")
    walk.arrive("incident-units")
    field.locator("[name=placements]").first.check()
    field.locator("[name=task]").fill("Pisahkan massa dan buka satu lajur.")
    walk.press("Tugaskan")
    walk.sees("Satuan ditugaskan")
    for step in ("Berangkat", "Tiba"):
        walk.follow(step)
        walk.press(step)
    assert incident.assignments.get().state == "tiba"

    # One part is Bawaslu's: it is asked, accepts, and reports back.
    walk.follow("Limpahkan")
    bawaslu = Agency.objects.get(slug="bawaslu-kalsel")
    field.locator("[name=to]").select_option(str(bawaslu.pk))
    field.locator("[name=kind][value=sebagian]").check()
    field.locator("[name=matter]").fill("Periksa apakah kampanye itu mempunyai pemberitahuan.")
    field.locator("[name=reason]").fill("Pengawasan kampanye kewenangan Bawaslu.")
    walk.arrive("incident-refer")
    walk.press("Kirim")
    walk.sees("Pelimpahan dikirim")

    other = Walk(desk, "desk", axe, live_server.url)
    sign_in(desk, "liaison.bawaslu@demo.test")
    other.go(reverse("home:work"), "work-of-the-asked")
    other.follow(incident.number)
    other.arrive("incident-of-the-asked")
    other.follow("Terima")
    other.press("Terima pelimpahan")
    other.follow("Laporkan hasil")
    desk.locator("[name=text]").fill("Pemberitahuan ada; pengawas mendampingi sampai bubar.")
    other.press("Jawab")
    other.sees("Permintaan diperbarui.")

    walk.go(detail)
    expect(field.get_by_text("pengawas mendampingi sampai bubar").first).to_be_visible()
    walk.follow("Selesai tugas")
    walk.press("Selesai tugas")
    for step in ("Tangani", "Nyatakan terkendali", "Tutup kejadian"):
        walk.confirm(step)
    walk.arrive("incident-closed")
    incident.refresh_from_db()
    assert (incident.state, incident.lead_agency.slug) == ("selesai", "polda-kalsel")
    assert incident.requests.get().state == "dijawab"

    # What became of it is written down for the superiors.
    walk.follow("Laporan khusus")
    field.locator("[name=situation]").fill("Massa bubar dengan tertib; satu lajur dibuka kembali.")
    field.locator("[name=plan]").fill("Patroli sampai masa tenang.")
    walk.arrive("special-report-form")
    walk.press("Terbitkan laporan khusus")
    walk.arrive("special-report")
    paper = SpecialReport.objects.get(incident=incident)
    expect(field.get_by_role("link", name=f"{paper.number} (PDF)")).to_be_visible()


def test_every_report_of_a_kept_page_arrives(field, demo, live_server, axe, sign_in):
    """The page that opens without network is the same one each time; its reports are not."""
    walk = Walk(field, "phone", axe, live_server.url)
    form = reverse("incidents:field_report_create")
    sign_in(field, "posko.banjar@demo.test")
    walk.go(form)
    kept_for_later(field)
    fill(field, "Terkirim dengan jaringan", "satu.jpg")
    field.get_by_role("button", name="Kirim laporan").click()
    walk.sees("Terkirim dengan jaringan")
    sent = FieldReport.objects.get(title="Terkirim dengan jaringan")

    field.context.set_offline(True)
    titles = ["Luring pertama", "Luring kedua", "Luring lanjutan"]
    for number, title in enumerate(titles, start=1):
        follows = f"?lanjutan={sent.pk}" if title == titles[-1] else ""
        field.goto(f"{live_server.url}{form}{follows}")
        expect(field.locator("html[data-ready=true]")).to_be_attached(timeout=IN_TIME)
        fill(field, title, "dua.jpg")
        field.get_by_role("button", name="Kirim laporan").click()
        expect(field.locator(ROW)).to_have_count(number, timeout=IN_TIME)

    field.context.set_offline(False)
    expect(field.locator(ROW)).to_have_count(0, timeout=IN_TIME)
    arrived = [FieldReport.objects.get(title=title) for title in titles]
    assert [files_of(report).count() for report in arrived] == [1, 1, 1]
    assert [report.follows_id for report in arrived] == [None, None, sent.pk]


def test_a_kept_form_does_not_offer_the_time_of_its_keeping(field, demo, live_server, axe, sign_in):
    walk = Walk(field, "phone", axe, live_server.url)
    field.clock.install()
    sign_in(field, "posko.banjar@demo.test")
    walk.go(reverse("incidents:field_report_create"))
    kept_for_later(field)
    offered = field.locator("[name=occurred_at]").input_value()
    field.context.set_offline(True)
    field.clock.fast_forward("05:00:00")
    field.reload()
    expect(field.locator("html[data-ready=true]")).to_be_attached(timeout=IN_TIME)
    later = field.locator("[name=occurred_at]").input_value()
    passed = datetime.fromisoformat(later) - datetime.fromisoformat(offered)
    assert timedelta(hours=5) <= passed < timedelta(hours=6)


def test_signing_out_wipes_what_was_not_sent(field, demo, live_server, axe, sign_in):
    walk = Walk(field, "phone", axe, live_server.url)
    sign_in(field, "posko.banjar@demo.test")
    walk.go(reverse("incidents:field_report_create"))
    kept_for_later(field)
    field.route("**/api/v1/field-reports/", lambda route: route.abort())
    fill(field, "Tidak jadi terkirim", "satu.jpg")
    field.get_by_role("button", name="Kirim laporan").click()
    expect(field.locator(ROW)).to_have_count(1, timeout=IN_TIME)

    asked = []
    field.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    field.goto(live_server.url + reverse("account_logout"))
    field.wait_for_selector("html[data-ready=true]")
    field.locator("main form button").click()
    field.wait_for_url(lambda url: "logout" not in url)
    assert len(asked) == 1
    assert "belum terkirim" in asked[0]

    sign_in(field, "posko.banjar@demo.test")
    walk.go(reverse("incidents:field_report_create"))
    expect(field.locator("[data-queue]")).to_be_hidden()
    assert not FieldReport.objects.filter(title="Tidak jadi terkirim").exists()


def test_signing_out_wipes_also_before_any_script_runs(field, demo, live_server, axe, sign_in):
    walk = Walk(field, "phone", axe, live_server.url)
    sign_in(field, "posko.banjar@demo.test")
    walk.go(reverse("incidents:field_report_create"))
    kept_for_later(field)
    field.route("**/api/v1/field-reports/", lambda route: route.abort())
    fill(field, "Tidak jadi terkirim", "satu.jpg")
    field.get_by_role("button", name="Kirim laporan").click()
    expect(field.locator(ROW)).to_have_count(1, timeout=IN_TIME)

    field.route("**/static/**/*.js", lambda route: route.abort())
    field.goto(live_server.url + reverse("account_logout"))
    field.locator("main form button").click()
    field.wait_for_url(lambda url: "logout" not in url)
    kept = field.evaluate(
        "async () => (await caches.keys()).length + (await indexedDB.databases()).length"
    )
    assert kept == 0


def test_how_many_were_sent_and_how_many_are_left_is_said(field, demo, live_server, axe, sign_in):
    walk = Walk(field, "phone", axe, live_server.url)
    sign_in(field, "posko.banjar@demo.test")
    walk.go(reverse("incidents:field_report_create"))
    field.route("**/api/v1/field-reports/", lambda route: route.abort())
    for number, (title, told) in enumerate(
        (("Pohon tumbang", ""), ("Massa berkumpul", "Paslon 1 meraih 120 suara.")), start=1
    ):
        fill(field, title, "satu.jpg")
        if told:
            field.locator("[name=chronology]").fill(told)
        field.get_by_role("button", name="Kirim laporan").click()
        expect(field.locator(ROW)).to_have_count(number, timeout=IN_TIME)

    field.unroute("**/api/v1/field-reports/")
    field.get_by_role("button", name="Kirim sekarang").first.click()
    expect(field.locator(ROW)).to_have_count(1, timeout=IN_TIME)
    expect(field.locator("[data-notice]")).to_have_text(
        "1 laporan terkirim, 1 belum: alasannya di bawah ini."
    )
    expect(field.locator(ROW)).to_contain_text("tidak menyimpan perolehan suara")


def test_nobody_sends_what_another_wrote(field, demo, live_server, axe, sign_in):
    """A tab stays open, its session ends, and somebody else signs in on the same device."""
    walk = Walk(field, "phone", axe, live_server.url)
    sign_in(field, "posko.banjar@demo.test")
    walk.go(reverse("incidents:field_report_create"))
    field.route("**/api/v1/field-reports/", lambda route: route.abort())
    fill(field, "Ditulis posko Banjar", "satu.jpg")
    field.get_by_role("button", name="Kirim laporan").click()
    expect(field.locator(ROW)).to_contain_text("Jaringan terputus", timeout=IN_TIME)

    field.context.clear_cookies()
    sign_in(field.context.new_page(), "liaison.kpu@demo.test")
    field.unroute("**/api/v1/field-reports/")
    field.get_by_role("button", name="Kirim sekarang").click()
    expect(field.locator(ROW)).to_contain_text("Sesi berakhir", timeout=IN_TIME)
    expect(field.locator("[data-notice]")).to_contain_text("masuk lagi")
    assert not FieldReport.objects.filter(title="Ditulis posko Banjar").exists()

    field.context.clear_cookies()
    sign_in(field.context.new_page(), "posko.banjar@demo.test")
    field.get_by_role("button", name="Kirim sekarang").click()
    expect(field.locator(ROW)).to_have_count(0, timeout=IN_TIME)
    sent = FieldReport.objects.get(title="Ditulis posko Banjar")
    assert sent.reporter_post.title == "Operator Posko Ops Polres Banjar"


def test_what_the_server_refuses_is_shown_at_its_field(field, demo, live_server, axe, sign_in):
    walk = Walk(field, "phone", axe, live_server.url)
    sign_in(field, "posko.banjar@demo.test")
    walk.go(reverse("incidents:field_report_create"))
    fill(field, "Massa berkumpul", "satu.jpg")
    field.locator("[name=chronology]").fill("Paslon 1 meraih 120 suara.")
    field.get_by_role("button", name="Kirim laporan").click()
    walk.sees("tidak menyimpan perolehan suara")
    expect(field.locator(ROW)).to_have_count(0)

    # The photo is in the form again, and goes out with the mended words.
    held = "() => document.querySelector('[name=photos]').files.length === 1"
    field.wait_for_function(held, timeout=IN_TIME)
    field.locator("[name=chronology]").fill("Sekitar 50 orang berkumpul dengan tertib.")
    with field.expect_navigation():
        field.get_by_role("button", name="Kirim laporan").click()
    report = FieldReport.objects.get(title="Massa berkumpul")
    assert [file.name for file in files_of(report)] == ["satu.jpg"]
