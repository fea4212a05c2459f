"""The thread, driven by the three persons in a browser, on a desk and on a phone."""

import csv
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfWriter

from coordination.models import Meeting, Minutes, Obligation
from deployments.maps.measures import measures
from deployments.models import ExpectedReport, ReadinessReport
from portal.audit.models import Entry
from tests.e2e import rakor
from tests.e2e.troubles import watch
from tests.e2e.walk import IN_TIME, Walk

NEXT_RAKOR = "Rakor kesiapan masa tenang dan pemungutan suara"
LOGISTICS = "Pengamanan distribusi logistik ke TPS"


@pytest.fixture(params=["desk", "phone"])
def walk(request, demo, live_server, axe):
    page = request.getfixturevalue("page" if request.param == "desk" else "phone")
    return Walk(page, request.param, axe, live_server.url)


@pytest.fixture
def guest(browser, browser_context_args):
    """The page of somebody else, at another desk."""
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    troubles = watch(page)
    yield page
    context.close()
    assert troubles == []


def test_a_liaison_answers_acknowledges_reports_and_submits(walk, sign_in):
    walk.go(reverse("account_login"), "login")
    sign_in(walk.page, "liaison.kpu@demo.test")
    walk.arrive("dashboard-liaison")
    walk.portray("dashboard", height=1000)
    waiting = walk.page.locator("[aria-labelledby=menunggu]")
    states = waiting.locator(".duty-list > li .state").all_inner_texts()
    late = [state == "Terlambat" for state in states]
    assert any(late)
    assert late == sorted(late, reverse=True)

    answer_the_invitation(walk)
    acknowledge_and_report(walk)

    walk.page.context.clear_cookies()
    sign_in(walk.page, "liaison.korem@demo.test")
    submit_readiness(walk, "kodim-1006")


def answer_the_invitation(walk):
    walk.follow(NEXT_RAKOR)
    if walk.page.get_by_role("link", name="Jawab undangan").count():
        walk.follow("Jawab undangan")
    walk.picture("invitation")
    walk.choose("answer", "diwakili")
    walk.write(representative="Sekretaris KPU Provinsi")
    walk.press("Kirim jawaban")
    walk.sees("Jawaban undangan terkirim.")
    walk.sees("Sekretaris KPU Provinsi")


def acknowledge_and_report(walk):
    walk.go("/")
    walk.follow(LOGISTICS)
    walk.press("Nyatakan diterima")
    walk.sees("Pengingat dihentikan.")
    obligation = Obligation.objects.get(directive__title=LOGISTICS, agency__slug="kpu-kalsel")
    assert obligation.state == "acknowledged"
    walk.choose("kind", "progress")
    walk.write(percent="40", note="Jadwal pengiriman sembilan kabupaten disepakati.")
    walk.page.locator("main [type=file]").set_input_files(
        {"name": "jadwal.pdf", "mimeType": "application/pdf", "buffer": blank_pdf()}
    )
    walk.press("Kirim laporan")
    walk.sees("Laporan tersimpan.")
    walk.sees("jadwal.pdf")
    walk.picture("obligation")
    obligation.refresh_from_db()
    assert (obligation.state, obligation.progress) == ("in_progress", 40)


def blank_pdf() -> bytes:
    """A document that is what its name says; what is not is refused."""
    paper = PdfWriter()
    paper.add_blank_page(width=595, height=842)
    file = BytesIO()
    paper.write(file)
    return file.getvalue()


def submit_readiness(walk, unit):
    """This morning's report of the unit, by the form: the last figures, one of them changed."""
    expected = ExpectedReport.objects.filter(unit__slug=unit, state="missing").latest("cut_off_at")
    walk.go(reverse("deployments:readiness_create"), "readiness-choose")
    name = expected.unit.short_name
    walk.page.locator("main a", has_text=name).last.click()
    walk.page.wait_for_url("**unit=" + unit + "**")
    walk.arrive()
    walk.follow("Salin angka laporan terakhir")
    walk.picture("readiness")
    walk.write(notes="Dua regu bersiap di posko.")
    walk.press("Kirim laporan")
    walk.sees("diterima.")
    walk.sees("Dua regu bersiap di posko.")
    report = ReadinessReport.objects.get(unit__slug=unit, cut_off_at=expected.cut_off_at)
    assert report.state == "submitted"


def test_a_coordinator_plans_holds_writes_and_publishes(walk, sign_in, background, tmp_path):
    title = f"Rakor pengamanan distribusi, {walk.device}"
    sign_in(walk.page, "koordinator@demo.test")
    walk.arrive("dashboard-coordinator")
    rakor.plan_the_rakor(walk, title)
    meeting = Meeting.objects.get(title=title)
    rakor.hold_the_rakor(walk)
    rakor.write_the_minutes(walk)
    rakor.draft_the_directive(walk, meeting)
    rakor.publish(walk, meeting)
    rakor.text_is_fixed(walk, meeting)
    rakor.everyone_is_told(walk, meeting)
    rakor.pdf_says_the_same(walk, meeting, tmp_path)
    portray_the_first_rakor(walk)
    verbs = set(Entry.objects.filter(object_id=str(meeting.pk)).values_list("verb", flat=True))
    minutes_verbs = Entry.objects.filter(object_id=str(meeting.minutes.pk))
    verbs |= set(minutes_verbs.values_list("verb", flat=True))
    assert {"meeting.attendance", "minutes.open", "minutes.save", "minutes.publish"} <= verbs
    assert "minutes.download" in verbs


def portray_the_first_rakor(walk):
    minutes = Minutes.objects.filter(state="published").earliest("meeting__starts_at")
    walk.go(reverse("coordination:minutes_detail", args=[minutes.meeting_id]))
    walk.sees(minutes.sha256)
    walk.portray("minutes", height=1100)


def test_a_commander_reads_the_map_and_sees_it_change(walk, sign_in, background, guest):
    sign_in(walk.page, "pimpinan@demo.test")
    walk.arrive("dashboard")
    open_map(walk)
    walk.arrive("map")
    for measure in [*measures().values()][::-1]:
        look_at(walk, measure=measure.key)
        title = str(measure.legend)
        expect(walk.page.locator(".map-legend-title")).to_have_text(title, timeout=IN_TIME)
        walk.picture(f"map-{measure.key}")
    for agency, declared in (("korem-101", 2041), ("polda-kalsel", 6466)):
        look_at(walk, agency=agency)
        total = walk.page.locator("#peta-tabel tfoot [data-sum=declared]")
        expect(total).to_have_text(f"{declared:,}".replace(",", "."), timeout=IN_TIME)
        assert (
            sum(figures(walk)) == declared == of_api(walk, guest, agency) == of_export(walk, agency)
        )
    look_at(walk, agency="")
    open_banjar(walk)
    a_report_changes_the_map(walk, sign_in, guest)
    walk.page.locator("#peta-panel").get_by_role("link", name="Lihat per kecamatan").click()
    expect(walk.page.locator("[data-map]")).to_have_attribute("data-level", "district")
    expect(walk.page.locator("#peta-tabel [data-region]")).to_have_count(20, timeout=IN_TIME)
    walk.arrive("map-districts")


def open_map(walk):
    walk.page.goto(walk.address + reverse("deployments:map"))
    walk.page.wait_for_selector("[data-map][data-ready=true]")


def look_at(walk, **choices):
    for name, value in choices.items():
        walk.page.locator(f"#peta-pilihan [name={name}]").select_option(value)
    walk.page.wait_for_selector("[data-map][data-ready=true]")
    walk.axe(walk.page)


def figures(walk) -> list[int]:
    """The strength in each line of the table, what is not itemised included."""
    cells = walk.page.locator("#peta-tabel tbody tr td:nth-of-type(1)").all_inner_texts()
    return [int(cell.replace(".", "")) for cell in cells if cell != "–"]


def of_api(walk, guest, agency) -> int:
    token = StringIO()
    call_command("issue_token", "pimpinan@demo.test", stdout=token)
    address, total = f"{walk.address}/api/v1/rollups/?level=regency&agency={agency}", 0
    headers = {"Authorization": f"Token {token.getvalue().strip()}"}
    while address:
        answer = guest.request.get(address, headers=headers).json()
        total += sum(row["declared"] for row in answer["results"])
        address = answer["next"]
    return total


def of_export(walk, agency) -> int:
    address = f"{walk.address}{reverse('deployments:export_strength')}?format=csv"
    lines = list(csv.reader(StringIO(walk.page.request.get(address).text())))
    head = next(line for line in lines if "Wilayah" in line)
    column = head.index({"korem-101": "Korem 101", "polda-kalsel": "Polda Kalsel"}[agency])
    *rows, total = [line for line in lines[lines.index(head) + 1 :] if len(line) == len(head)]
    assert sum(int(line[column]) for line in rows) == int(total[column])
    return int(total[column])


def open_banjar(walk):
    walk.page.locator("path[data-code='63.03']").click()
    panel = walk.page.locator("#peta-panel")
    expect(panel.locator("[data-heading]")).to_have_text("Kabupaten Banjar", timeout=IN_TIME)
    for words in ("Polres Banjar", "Kodim 1006", "Laporan terakhir", " lalu)"):
        expect(panel).to_contain_text(words)
    declared = panel.locator(".map-numbers dd").first.inner_text()
    row = walk.page.locator("#peta-tabel tr", has=walk.page.locator("[data-region='63.03']"))
    assert row.locator("td").first.inner_text() == declared
    walk.arrive("map-panel")
    walk.portray("map", height=1100)


def a_report_changes_the_map(walk, sign_in, guest):
    """While the commander looks, the posko of Banjar reports: the page follows by itself."""
    walk.page.evaluate("window.untouched = true")
    row = walk.page.locator("#peta-tabel tr", has=walk.page.locator("[data-region='63.03']"))
    reports = row.locator("td").nth(3)
    before = reports.inner_text()
    sign_in(guest, "posko.banjar@demo.test")
    guest.get_by_role("link", name="Kirim laporan sekarang").click()
    walk.axe(guest)
    guest.get_by_role("button", name="Nihil: tidak ada perubahan").click()
    expect(guest.locator("body")).to_contain_text("diterima.", timeout=IN_TIME)
    expect(reports).not_to_have_text(before, timeout=IN_TIME)
    expect(walk.page.locator("#peta-panel")).to_contain_text("Masuk terlambat", timeout=IN_TIME)
    assert walk.page.evaluate("window.untouched")
