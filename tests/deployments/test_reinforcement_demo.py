"""The demo's reinforcement: sixty asked for, fifty given, ten missing, and no total moves."""

from datetime import timedelta

import pytest

from deployments.models import Reinforcement, RosterMember
from deployments.queries import rollup_rows
from portal.home.demo import reinforcement
from tests.factories import deployments as make
from tests.factories.reinforcement import NOW, walk


@pytest.fixture
def told(forces, people):
    before = totals()
    for _time in range(2):
        reinforcement.load(people)
    return before


def totals(at=NOW):
    """Those of whom it is said where they stand."""
    return {
        agency: sum(row.declared - row.not_itemised for row in rows(agency, at))
        for agency in ("polda-kalsel", "korem-101")
    }


def rows(agency, at):
    return rollup_rows(make.operation(), level="regency", agency_slug=agency, at=at)


def test_sixty_asked_fifty_given_ten_missing(told, liaison_korem):
    row = Reinforcement.objects.counted(NOW).get()
    assert (row.state, row.personnel, row.promised, row.missing) == ("partly", 60, 50, 10)
    given = row.contributions.order_by("pk").values_list(
        "deployment__unit__slug", "deployment__personnel", "deployment__illustrative"
    )
    assert list(given) == [("polres-tanah-laut", 30, True), ("kodim-1006", 20, True)]
    assert row.illustrative
    assert told == totals() == {"polda-kalsel": 6466, "korem-101": 2041}
    assert RosterMember.objects.visible_to(liaison_korem).count() == 3
    # Ordered away, they leave the reserve and stand in Banjar from the first day on; afterwards
    # they are where they came from.
    walk(row.contributions.last(), "ordered", by=liaison_korem)
    assert totals() == {"polda-kalsel": 6466, "korem-101": 2041}
    assert totals(NOW + timedelta(days=14)) == totals()
    assert totals(NOW + timedelta(days=4)) == {"polda-kalsel": 6466, "korem-101": 2041}
