"""An incident warns where enough stations are very vulnerable, as the police classified them."""

import pytest

from deployments import actions
from deployments.enums import TpsClass
from deployments.models import StationClass
from incidents.actions.warnings import evaluate_incident
from incidents.enums.warning import RuleKind
from portal import clock
from portal.access.actor import SYSTEM
from portal.registry.models import PollingStation
from tests.factories.incidents import AT, report
from tests.factories.registry import make_station
from tests.factories.warnings import DISTRICT, rule


@pytest.fixture
def stations(db) -> list[PollingStation]:
    rule(kind=RuleKind.OVERLAP, threshold=2)
    return [
        make_station(code=f"{DISTRICT}-{n:03}", number=n, name=f"TPS {n}", district_id=DISTRICT)
        for n in (901, 902)
    ]


def classify(rows, by, tps_class=TpsClass.HIGH) -> int:
    kept = StationClass.objects.filter(station__in=rows).order_by("pk")
    known = dict(kept.values_list("station", "pk"))
    return actions.classify_stations(
        {row.pk: known.get(row.pk, 0) for row in rows},
        tps_class=tps_class,
        valid_from=clock.local(AT).date(),
        reason="Akses sulit",
        by=by,
        at=AT,
    )


def warned(by, region=DISTRICT) -> list:
    return evaluate_incident(report(by, region=region), by=SYSTEM, at=AT)


def test_too_few_very_vulnerable_stations_give_none(stations, coordinator, liaison_polda):
    classify(stations[:1], liaison_polda)
    classify(stations[1:], liaison_polda, TpsClass.MEDIUM)

    assert warned(coordinator) == []


def test_enough_give_one_for_their_own_area(stations, coordinator, liaison_polda):
    classify(stations, liaison_polda)

    assert warned(coordinator, region="63.03.01") == []
    (warning,) = warned(coordinator)

    assert warning.region_id == DISTRICT
    assert warning.facts.count() == 1
    assert "paling sedikit 2 TPS sangat rawan" in warning.why


def test_a_station_classified_downwards_counts_no_more(stations, coordinator, liaison_polda):
    classify(stations, liaison_polda)
    assert classify(stations[1:], liaison_polda, TpsClass.MEDIUM) == 1
    assert warned(coordinator) == []

    assert classify(stations[1:], liaison_polda) == 1
    assert len(warned(coordinator)) == 1
