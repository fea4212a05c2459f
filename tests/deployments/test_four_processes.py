"""Four processes write in any order: balances hold, incremental equals rebuild to the byte, past
moments do not change."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deployments import actions
from deployments.models import ReadinessReport
from deployments.queries import rollup_levels
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
    """The rows of every level at three moments of that turn."""
    return [
        rollup_levels(make.operation(), levels=LEVELS, agency_slug="polda-kalsel", at=at)
        for at in (moment(turn, 0), moment(turn, STEPS // 2), moment(turn, STEPS))
    ]


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
    actions.fold()
    first = shown(1)
    work(seed, 2)
    actions.fold()
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
