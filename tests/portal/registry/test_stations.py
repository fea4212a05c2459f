"""Polling stations and places: what the database refuses, and who reads them."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from portal.registry.models import Place, PollingStation
from tests.factories.registry import make_place, make_station

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("station_code_unique", {}),
        ("station_number_positive", {"code": "63.03.01-002", "number": 0}),
        ("station_village_in_district", {"code": "63.03.01-002", "village_id": "63.03.02.2001"}),
        ("station_point_whole", {"code": "63.03.01-002", "latitude": -3.4}),
        ("station_point_whole", {"code": "63.03.01-002", "latitude": 91, "longitude": 115}),
    ],
)
def test_station_that_cannot_be_is_refused(constraint, values):
    make_station()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_station(**values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("place_once", {}),
        ("place_has_name", {"name": ""}),
        ("place_kind_known", {"kind": "castle"}),
        ("place_point_whole", {"name": "Posko lain", "longitude": 115}),
    ],
)
def test_place_that_cannot_be_is_refused(constraint, values):
    make_place()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_place(**values)


def test_station_in_its_village_is_kept():
    station = make_station(village_id="63.03.01.2001", as_of=date(2024, 11, 4))
    assert station.village.parent_id == station.district_id


def test_stations_and_places_are_the_same_for_everyone_signed_in(posko_banjar, liaison_kpu):
    make_station()
    make_place()
    for model in (PollingStation, Place):
        for actor in (posko_banjar, liaison_kpu):
            assert model.objects.visible_to(actor).count() == 1
        assert model.objects.visible_to(None).count() == 0


def test_region_holds_the_stations_inside_it():
    make_station()
    make_station(code="63.72.02-001", district_id="63.72.02")
    codes = {
        within: [station.code for station in PollingStation.objects.within(within)]
        for within in ("63", "63.03", "63.03.01", "63.0")
    }
    assert codes == {
        "63": ["63.03.01-001", "63.72.02-001"],
        "63.03": ["63.03.01-001"],
        "63.03.01": ["63.03.01-001"],
        "63.0": [],
    }
