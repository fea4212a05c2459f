"""In the browser: facts give a warning, an agency acknowledges it, it is called off."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from incidents.enums.warning import RuleArea, RuleKind
from incidents.models import EarlyWarning, FieldReport, WarningRule
from incidents.tasks import evaluate_incident
from portal.notifications.models import Notification
from tests.e2e.walk import IN_TIME, Walk
from tests.factories.incidents import AT, report
from tests.factories.warnings import DISTRICT, rule


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_a_warning_is_acknowledged_and_called_off(
    request, screen, live_server, people, demo_clock, sign_in, axe
):
    demo_clock(AT)
    WarningRule.objects.all().delete()
    rule()
    kpu, coordinator = people["liaison.kpu"], people["koordinator"]
    browser = request.getfixturevalue(screen)
    walk = Walk(browser, "phone" if screen == "phone" else "desk", axe, live_server.url)

    for _each in range(2):
        evaluate_incident(report(coordinator, region=DISTRICT).pk)
    warning = EarlyWarning.objects.get()
    sheet = reverse("incidents:warning_detail", args=[warning.pk])

    sign_in(browser, "liaison.kpu@demo.test")
    walk.go(reverse("incidents:warning_list"), "warning-list")
    browser.get_by_role("link", name="Banjir berulang").click()
    browser.wait_for_url(f"**{sheet}")
    walk.arrive("warning")
    expect(browser.locator("main")).to_contain_text("Paling sedikit 2 kejadian")
    browser.get_by_role("button", name="Nyatakan diterima").click()
    expect(browser.get_by_role("button", name="Nyatakan diterima")).to_have_count(
        0, timeout=IN_TIME
    )
    assert warning.receipts.get(agency=kpu.agency_id).acknowledged_by_id == kpu.post_id

    browser.context.clear_cookies()
    sign_in(browser, "koordinator@demo.test")
    walk.go(sheet, "warning-coordinator")
    browser.get_by_role("link", name="Nilai atau akhiri").click()
    walk.arrive("warning-end")
    browser.locator("[name=state]").select_option("dibatalkan")
    browser.locator("[name=reason]").fill("Air surut sebelum malam.")
    browser.locator("main form button[type=submit]").last.click()
    expect(browser.locator("main")).to_contain_text("Air surut sebelum malam.", timeout=IN_TIME)
    warning.refresh_from_db()
    assert warning.state == "dibatalkan"
    for address, name in (
        (reverse("incidents:warning_rules"), "warning-rules"),
        (reverse("incidents:warning_rule_detail", args=["uji"]), "warning-rule-history"),
        (reverse("incidents:warning_rule_edit", args=["uji"]), "warning-rule"),
        (reverse("incidents:threat_list"), "threats"),
        (reverse("incidents:threat_detail", args=[DISTRICT]), "threat"),
    ):
        walk.go(address, name)


def test_what_the_field_expects_reaches_the_coordinator_through_the_worker(
    page, phone, live_server, people, demo_clock, sign_in, axe, background
):
    demo_clock(AT)
    WarningRule.objects.all().delete()
    rule(name="Akan terjadi", kind=RuleKind.EXPECTED, area=RuleArea.REGENCY, threshold=1)
    coordinator, post = people["koordinator"], people["posko.banjar"]
    background.stop()
    background.start()  # From here on at the demo's hour.

    sign_in(phone, "posko.banjar@demo.test")
    field = Walk(phone, "phone", axe, live_server.url)
    field.go(reverse("incidents:field_report_create"))
    phone.locator("[name=type]").select_option("F1")
    phone.locator("[name=severity][value='2']").check()
    phone.locator("[name=occurrence][value=akan_terjadi]").check()
    field.write(
        title="Air sungai diperkirakan meluap",
        place="Desa Angkipih",
        chronology="Hujan di hulu sejak kemarin; air naik besok pagi.",
        occurred_at=(AT + timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M"),
    )
    field.press("Kirim laporan")
    report = FieldReport.objects.get()
    assert report.reporter_post_id == post.post_id

    sign_in(page, "koordinator@demo.test")
    desk = Walk(page, "desk", axe, live_server.url)
    told = Notification.objects.filter(kind="warning_raised", post=coordinator.post_id)
    deadline = time.monotonic() + IN_TIME / 1000
    while not told.exists() and time.monotonic() < deadline:
        page.wait_for_timeout(200)
    warning = EarlyWarning.objects.get(region="63.03")
    assert warning.facts.get().report == report

    desk.go(told.get().url, "warning-of-the-field")
    desk.sees("Air sungai diperkirakan meluap")
    desk.go(reverse("incidents:warning_list"))
    desk.sees(warning.number)
