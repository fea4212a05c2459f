"""Four processes write in any order: balances hold, incremental equals rebuild to the byte, past
moments do not change."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deployments import actions
from deployments.models import ReadinessReport
from deployments.queries import rollup_levels, stage_recap, unit_recap
from deployments.queries.ledger import positions
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.registry.models import Agency
from tests.deployments.hands import STEPS, moment
from tests.deployments.test_rollup import kept
from tests.factories import deployments as make

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 500
LEVELS = ("province", "regency", "district")


def work(seed: int, turn: int) -> None:
    """Four processes at once; one that fails says why."""
    command = [sys.executable, "-m", "tests.deployments.hands"]
    hands = [
        subprocess.Popen(
            [*command, str(seed * 10 + number), str(turn)],
            cwd=ROOT,
            env=os.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for number in range(4)
    ]
    said = [hand.communicate(timeout=300)[0] for hand in hands]
    assert [hand.returncode for hand in hands] == [0] * len(hands), "\n".join(said)


def shown(turn: int) -> list:
    """The rows of every level, of the tree of units and of the stages at three moments of that
    turn."""
    polda = make.unit("polda-kalsel")
    return [
        (
            rollup_levels(make.operation(), levels=LEVELS, agency_slug="polda-kalsel", at=at),
            unit_recap(SYSTEM, make.operation(), at, parent=polda),
            stage_recap(make.operation(), at, agency="polda-kalsel"),
        )
        for at in (moment(turn, 0), moment(turn, STEPS // 2), moment(turn, STEPS))
    ]


def end(turn: int) -> None:
    """Time passes to the end of the turn: every unit adds up to the one above it, and that is what
    the province shows."""
    at = moment(turn, STEPS)
    actions.advance(at=at)
    actions.fold()
    tree = unit_recap(SYSTEM, make.operation(), at, parent=make.unit("polda-kalsel"))
    for name in ("received", "late", "missing", "verified", "present", "total", "conflicts"):
        assert sum(getattr(row, name) for row in tree.rows) == getattr(tree.whole, name), name
    for state, number in tree.whole.states.items():
        assert sum(row.states[state] for row in tree.rows) == number, state
    [province] = rollup_levels(
        make.operation(), levels=["province"], agency_slug="polda-kalsel", at=at
    )["province"]
    assert (province.states, province.light) == (tree.whole.states, tree.whole.light)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2])
def test_four_processes_in_any_order(seed):
    polda = Agency.objects.get(slug="polda-kalsel")
    with actor_context(SYSTEM):
        make.expect()
        actions.declare_strength(
            make.operation(), polda, total=PEOPLE, source="uji",
            as_of=make.OPENED, by=SYSTEM, at=make.OPENED,
        )  # fmt: skip
    work(seed, 1)
    end(1)
    first = shown(1)
    work(seed, 2)
    end(2)
    assert shown(1) == first, "the past is as it was shown"
    before = kept()
    actions.rebuild(make.operation(), at=moment(3, 0))
    assert kept() == before, "incremental equals rebuild"
    assert shown(1) == first
    day = clock.local(moment(2, STEPS)).date()
    held = list(positions(make.operation(), day, moment(3, 0), [polda.pk]))
    assert sum(place.people for place in held) == PEOPLE, "nobody is lost or counted twice"
    assert min(place.people for place in held) > 0
    standing = ReadinessReport.objects.current().values_list("unit", "cut_off_at")
    assert len(standing) == len(set(standing)) > 0
    [province] = rollup_levels(
        make.operation(), levels=["province"], agency_slug="polda-kalsel", at=moment(3, 0)
    )["province"]
    assert province.declared == PEOPLE
