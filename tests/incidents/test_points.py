"""A point in another kabupaten/kota than was chosen is said to whoever reads, never refused."""

import pytest
from django.urls import reverse

from incidents.queries import point_elsewhere
from tests.factories.incidents import report, send

MARTAPURA = {"latitude": -3.41, "longitude": 114.85}
TITLE = "Titik di luar wilayah yang dipilih"


@pytest.mark.parametrize(
    ("region", "stray"), [("63.03", False), ("63.03.17", False), ("63.71", True), ("63.05", True)]
)
def test_a_point_is_compared_with_the_kabupaten_of_its_region(coordinator, region, stray):
    sent = send(coordinator, region=region, **MARTAPURA)

    sentence = point_elsewhere(sent)

    assert bool(sentence) is stray
    if stray:
        assert "Kabupaten Banjar" in sentence
        assert sent.region.name in sentence


def test_a_report_without_point_is_nowhere_else(coordinator):
    assert point_elsewhere(send(coordinator, region="63.71")) == ""


@pytest.mark.parametrize("region", ["63.03", "63.71"])
def test_pages_of_report_and_incident_say_it(client, sign_in, coordinator, region):
    sent = send(coordinator, region=region, **MARTAPURA)
    opened = report(coordinator, region=region, **MARTAPURA)
    sign_in(client, coordinator)

    pages = (
        reverse("incidents:field_report_detail", args=[sent.pk]),
        reverse("incidents:incident_detail", args=[opened.pk]),
    )

    for address in pages:
        assert (TITLE in client.get(address).content.decode()) is (region == "63.71")
