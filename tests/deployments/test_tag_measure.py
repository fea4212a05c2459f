"""The share of stations that Bawaslu calls vulnerable, on the map beside the police's classes."""

from datetime import timedelta

import pytest

from deployments.models import StationIndicator, StationTag
from deployments.queries.station_counts import tag_counts, tags_version
from portal import clock
from portal.access.actor import SYSTEM
from portal.registry.models import Agency
from tests.factories import deployments as make
from tests.factories.registry import make_station

CODES = ["63", "63.03", "63.03.02", "63.03.03", "63.05"]


@pytest.fixture
def tagged(db, settings):
    """Two stations in one district, one of them with two tags; one in another; one elsewhere."""
    settings.DEMO_NOW, settings.DEMO_ANCHOR = make.CUT_OFF, clock.true_now().timestamp()
    codes = ("63.03.02-001", "63.03.02-002", "63.03.03-001", "63.05.01-001")
    station, *_others = [make_station(code=code, district_id=code[:8]) for code in codes]
    for indicator in StationIndicator.objects.all()[:2]:
        StationTag.objects.create(
            station=station,
            indicator=indicator,
            agency=Agency.objects.get(slug="bawaslu-kalsel"),
            recorded_at=make.OPENED,
        )


def test_station_counts_once_and_a_regency_without_tags_is_not_known(tagged):
    assert tag_counts(make.operation(), make.CUT_OFF, CODES) == {
        "63.03": (1, 3),
        "63.03.02": (1, 2),
        "63.03.03": (0, 1),
        "63": (1, 4),
    }


def test_moment_before_the_tags_knows_none(tagged):
    assert tag_counts(make.operation(), make.OPENED - timedelta(minutes=1), CODES) == {}


def test_map_shows_the_share_and_names_the_source(tagged, client, sign_in, commander):
    sign_in(client, commander)
    shown = client.get("/peta/data/", {"measure": "tps_tags"}).json()
    texts = {one["code"]: one["text"] for one in shown["regions"]}
    assert (texts["63.03"], texts["63.05"]) == ("33,3%", "–")
    page = client.get("/peta/", {"measure": "tps_tags"})
    assert "Bawaslu" in page.context["source"]


def test_version_changes_when_a_tag_is_taken_off(tagged):
    before = tags_version(SYSTEM)
    StationTag.objects.filter(pk=StationTag.objects.first().pk).update(
        removed_at=make.CUT_OFF, removal_reason="Uji"
    )
    assert tags_version(SYSTEM) != before
