"""The shift to the 13 Polres: ordered on 20 November, moved through the ledger as time goes on."""

from collections import Counter
from datetime import datetime, timedelta

from deployments.models import Deployment, DeploymentMove, StrengthTransfer
from deployments.queries import rollup_rows, rotation_plan, strength_table
from portal import clock
from portal.access.actor import SYSTEM
from portal.embedded.demo_clock import FIRST_MORNING
from portal.home.demo import shift
from portal.registry.models import Region
from tests.factories import deployments as make


def at(month, day, hour=12):
    return datetime(2024, month, day, hour, tzinfo=clock.WITA)


def states():
    rows = Deployment.objects.filter(sprin_number=shift.SPRIN, task=shift.TASK)
    return Counter(rows.values_list("state", flat=True))


def polda(moment):
    """Engaged and standby of Polda at the province as a whole and in all its regencies."""
    rows = rollup_rows(
        make.operation(), level=Region.Level.REGENCY, agency_slug="polda-kalsel", at=moment
    )
    inside = [row for row in rows if not row.undistributed]
    rest = [row for row in rows if row.undistributed]
    return tuple(
        (sum(row.engaged for row in part), sum(row.standby for row in part))
        for part in (rest, inside)
    )


def test_parts_add_up_to_the_thousand_on_every_day():
    day = shift.SHIFT
    while day <= shift.ENDS:
        there = [part for part in shift.PARTS if part.starts <= day <= part.ends]
        assert sum(part.people for part in there) == 1000, day
        day += timedelta(days=1)
    assert len(shift.SHARES) == 12


def test_on_the_first_morning_the_shift_is_ordered_and_counted_nowhere_yet(demo):
    assert states() == {"ordered": 14}
    assert polda(FIRST_MORNING) == ((1292, 0), (5174, 0))
    table = strength_table(make.operation(), FIRST_MORNING)
    assert {one.slug: one.declared for one in table.agencies} == {
        "polda-kalsel": 6466, "korem-101": 2041,
    }  # fmt: skip
    plan = at(11, 27)
    assert polda(plan) == ((292, 58 // 2), (5174, 971))
    assert (table.totals.declared, strength_table(make.operation(), plan).totals.declared) == (
        8507, 8507,
    )  # fmt: skip
    operation = make.operation()
    found = rotation_plan(
        SYSTEM, operation, Region.objects.get(code="63.72"),
        first=operation.starts_on, last=operation.ends_on, task_force="preventif",
    )  # fmt: skip
    [duty] = found.duties
    assert [(stay.personnel, stay.illustrative) for stay in duty.stays] == [(29, True)] * 2
    assert ([span.days for span in duty.handovers], list(duty.gaps)) == ([1], [])


WALK = [
    (at(11, 24, 20), {"ordered": 14}, ((1292, 0), (5174, 0))),
    (at(11, 25, 6), {"standby": 13, "ordered": 1}, ((292, 29), (5174, 971))),
    (at(11, 26), {"in_place": 13, "ordered": 1}, ((292, 29), (6145, 0))),
    (at(11, 28), {"in_place": 13, "moving": 1}, ((292, 0), (6174, 0))),
    (at(11, 30), {"in_place": 13, "returned": 1}, ((292, 29), (6145, 0))),
    (at(12, 5, 15), {"returned": 14}, ((1292, 0), (5174, 0))),
]


def test_started_later_it_has_moved_through_the_ledger(demo, demo_clock):
    for moment, expected, people in WALK:
        demo_clock(moment)
        shift.load({"koordinator": SYSTEM})
        assert (states(), polda(moment)) == (expected, people), moment
        entries, moves = StrengthTransfer.objects.count(), DeploymentMove.objects.count()
        shift.load({"koordinator": SYSTEM})
        assert (StrengthTransfer.objects.count(), DeploymentMove.objects.count()) == (
            entries, moves,
        )  # fmt: skip
        table = strength_table(make.operation(), moment)
        assert [one.not_itemised for one in table.agencies] == [0, 0]
        assert table.totals.declared == 8507


def test_what_was_called_off_by_hand_stays_so(demo, demo_clock):
    row = Deployment.objects.get(sprin_number=shift.SPRIN, region="63.11")
    Deployment.objects.filter(pk=row.pk).update(state="cancelled")
    demo_clock(at(11, 26))
    shift.load({"koordinator": SYSTEM})
    row.refresh_from_db()
    assert (row.state, states()["in_place"]) == ("cancelled", 12)
