"""A unit with nobody below it has no row in the roll-up: its report tells it, then as now."""

from datetime import timedelta

import pytest

from deployments import actions
from deployments.models import UnitRollupVersion
from deployments.queries import region_recap, unit_recap
from portal.access.actor import SYSTEM
from portal.registry.models import Region, Unit
from tests.factories import deployments as make

MINUTE = timedelta(minutes=1)


@pytest.fixture
def told(db):
    """Sent, returned, mended, verified: 10, 20, 30 and 40 minutes after the cut-off."""
    make.expect()
    report = send(10)
    actions.return_report(report, note="?", version=1, by=SYSTEM, at=make.CUT_OFF + 20 * MINUTE)
    report = send(30, present=80, on_leave=20, engaged=50)
    actions.verify_report(report, version=report.version, by=SYSTEM, at=make.CUT_OFF + 40 * MINUTE)
    actions.advance(at=make.CUT_OFF + 40 * MINUTE)
    actions.fold()


def send(minutes: int, **values):
    standing = make.expected("polres-banjar").report
    return actions.submit_report(
        make.unit("polres-banjar"),
        make.CUT_OFF,
        make.figures(**values),
        replaces=standing.number if standing else 0,
        by=SYSTEM,
        at=make.CUT_OFF + minutes * MINUTE,
    )


def banjar(actor, minutes: int):
    polda = Unit.objects.get(slug="polda-kalsel")
    recap = unit_recap(actor, make.operation(), make.CUT_OFF + minutes * MINUTE, parent=polda)
    return next(row for row in recap.rows if row.key == "polres-banjar")


@pytest.mark.parametrize(
    ("minutes", "state", "received", "present", "verified"),
    [
        (0, "waiting", 0, 0, 0),
        (5, "missing", 0, 0, 0),
        (10, "late", 1, 90, 0),
        (20, "missing", 0, 0, 0),
        (30, "late", 1, 80, 0),
        (40, "late", 1, 80, 1),
    ],
)
def test_leaf_at_any_moment(told, commander, minutes, state, received, present, verified):
    row = banjar(commander, minutes)
    assert [name for name, number in row.states.items() if number] == [state]
    assert (row.expected, row.received, row.present, row.verified) == (
        1,
        received,
        present,
        verified,
    )


def test_leaves_add_up_to_the_unit_above_and_have_no_rows(told, commander):
    at = make.CUT_OFF + 40 * MINUTE
    polda = Unit.objects.get(slug="polda-kalsel")
    recap = unit_recap(commander, make.operation(), at, parent=polda)
    for name in ("expected", "received", "late", "missing", "present", "total", "verified"):
        assert sum(getattr(row, name) for row in recap.rows) == getattr(recap.whole, name)
    for state, number in recap.whole.states.items():
        assert sum(row.states[state] for row in recap.rows) == number
    assert set(UnitRollupVersion.objects.values_list("unit__slug", flat=True)) == {"polda-kalsel"}
    province = region_recap(
        make.operation(), at, within=Region.objects.get(code="63"), agency="polda-kalsel"
    )
    assert province.whole.states == recap.whole.states


def test_operator_sees_his_own_unit_alone(told, posko_banjar, liaison_kpu):
    at = make.CUT_OFF + 40 * MINUTE
    rows = unit_recap(posko_banjar, make.operation(), at, parent=None).rows
    assert [row.key for row in rows] == ["polres-banjar"]
    assert unit_recap(liaison_kpu, make.operation(), at, parent=None).rows == []
