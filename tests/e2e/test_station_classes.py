"""All polling stations of a filter are classified at once: the page says how many first."""

import pytest
from django.urls import reverse

from deployments.models import StationClass
from portal import clock
from tests.factories import deployments as make
from tests.factories.registry import make_station

pytestmark = pytest.mark.e2e


@pytest.mark.django_db(transaction=True)
def test_all_that_match_are_classified_after_their_number_was_read(
    page, live_server, sign_in, axe, posko_banjar, settings
):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = make.OPENED, clock.true_now().timestamp()
    for district, count in (("63.03.02", 60), ("63.03.01", 2)):
        for number in range(1, count + 1):
            code = f"{district}-{number:03}"
            make_station(code=code, district_id=district, number=number, name=f"TPS {number}")
    sign_in(page, "posko.banjar@demo.test")
    page.goto(f"{live_server.url}{reverse('deployments:station_list')}?region=63.03")
    page.get_by_role("link", name="Klasifikasikan semua 62 TPS yang cocok").click()
    page.get_by_text("2 TPS lain cocok").wait_for()
    axe(page)
    page.get_by_label("Kelas TPS").select_option("rawan")
    page.get_by_label("Alasan").fill("Akses sulit")
    page.get_by_role("button", name="Tetapkan kelas 60 TPS").click()
    page.get_by_text("60 TPS diklasifikasi.").wait_for()
    assert StationClass.objects.filter(tps_class="rawan").count() == 60
