"""A command post's report on a phone: kept while typed, without a connection too, mended where the
superior commented; and the pages of forms, contradictions and events."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from deployments import actions
from deployments.models import CertifyingEvent, Conflict, ReadinessReport, ReportForm
from portal import clock
from portal.home.demo.people import OFFICES, actor_of
from tests.e2e.walk import IN_TIME, Walk

SAVED = re.compile(r"^Draf tersimpan \d\d\.\d\d\.\d\d")
KEPT = "Object.keys(localStorage).filter(k => k.startsWith('kesiapan:')).length"


@pytest.fixture
def phone(browser, browser_context_args):
    """A phone; a lost connection is no fault of its page."""
    context = browser.new_context(
        **browser_context_args | {"viewport": {"width": 390, "height": 844}}
    )
    yield context.new_page()
    context.close()


def test_a_report_survives_the_road_and_comes_back_mended(phone, demo, live_server, axe, sign_in):
    walk = Walk(phone, "phone", axe, live_server.url)
    sign_in(phone, "posko.banjar@demo.test")
    walk.go(reverse("deployments:readiness_create"), "report-form")
    expect(phone.locator("[name=total]")).to_have_attribute("inputmode", "numeric")
    status = phone.locator("form.report-form [data-status]")
    phone.locator("[name=present]").fill("430")
    expect(status).to_have_text(SAVED, timeout=IN_TIME)

    # The connection is lost: what is typed waits in this browser, and the next visit finds it.
    phone.context.set_offline(True)
    phone.locator("[name=on_leave]").fill("20")
    expect(status).to_contain_text("Sambungan terputus", timeout=IN_TIME)
    assert phone.evaluate(KEPT) == 1
    phone.context.set_offline(False)
    phone.reload()
    walk.arrive()
    expect(phone.locator("[name=on_leave]")).to_have_value("20")
    expect(phone.locator("[name=present]")).to_have_value("430")

    phone.locator("[name=engaged]").fill("300")
    phone.locator("[name=vehicles_percent]").fill("95")
    walk.press("Kirim laporan")
    walk.sees("Isi Alat komunikasi siap")
    walk.arrive("report-problems")
    expect(phone.locator("[name=on_leave]")).to_have_value("20")
    phone.locator("[name=comms_percent]").fill("96")
    phone.locator("[name=post_active]").select_option("True")
    walk.press("Kirim laporan")
    walk.sees("diterima.")
    walk.arrive("report-detail")
    assert phone.evaluate(KEPT) == 0

    report = ReadinessReport.objects.filter(unit__slug="polres-banjar").latest("submitted_at")
    liaison = actor_of(next(office for office in OFFICES if office.login == "liaison.polda"))
    actions.return_report(
        report,
        note="",
        comments={"on_leave": "Siapa yang cuti?"},
        version=report.version,
        by=liaison,
        at=clock.now(),
    )
    walk.go(f"{reverse('deployments:readiness_create')}?unit=polres-banjar")
    walk.sees("Siapa yang cuti?")
    walk.arrive("report-returned")


@pytest.mark.parametrize("width", [390, 1440])
def test_pages_of_readiness_have_no_barriers(page, demo, live_server, axe, sign_in, width):
    page.set_viewport_size({"width": width, "height": 900})
    walk = Walk(page, "phone" if width == 390 else "desk", axe, live_server.url)
    sign_in(page, "koordinator@demo.test")
    quarantined = ReadinessReport.objects.filter(state="quarantined").first()
    draft = actions.copy_form(
        ReportForm.objects.get(key="kesiapan", number=1),
        by=actor_of(next(office for office in OFFICES if office.login == "koordinator")),
        at=clock.now(),
    )
    places = {
        "readiness-list": reverse("deployments:readiness_list"),
        "quarantined": reverse("deployments:readiness_detail", args=[quarantined.pk]),
        "conflicts": reverse("deployments:conflict_list"),
        "conflict": reverse("deployments:conflict_detail", args=[Conflict.objects.open()[0].pk]),
        "forms": reverse("deployments:form_list"),
        "form": reverse("deployments:form_detail", args=[draft.pk]),
        "form-field": reverse(
            "deployments:form_field", args=[draft.groups.first().fields.first().pk]
        ),
        "events": reverse("deployments:event_list"),
        "event": reverse("deployments:event_detail", args=[CertifyingEvent.objects.first().pk]),
        "event-new": reverse("deployments:event_create"),
    }
    for name, place in places.items():
        walk.go(place, name)
