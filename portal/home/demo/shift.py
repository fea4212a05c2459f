"""The thousand whom Polda sent to the 13 Polres for the vote: ordered a week before, moved on 25
November, home on 4 December. As the demo's clock goes on, each start takes them as far as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from deployments import actions
from deployments.actions.placements import EDITABLE
from deployments.enums import DeploymentState, DeploymentStatus, Quality, TaskForce
from deployments.models import Deployment
from portal import clock
from portal.access.actor import Actor
from portal.home.demo.strengths import ENDS, OPERATION, POOL_TASK
from portal.registry.models import Operation, Region, Stage, Unit

SOURCE = "koranbanjar.net, November 2024; pembagian per Polres dan waktu: data ilustrasi"
"""935 members and 65 officers in control (Padal): the sum is published, its parts are not."""
SHARES = {
    "63.01": 82, "63.02": 88, "63.03": 146, "63.04": 77, "63.05": 53, "63.06": 61, "63.07": 70,
    "63.08": 65, "63.09": 70, "63.10": 75, "63.11": 38, "63.71": 117,
}  # fmt: skip
"""By the need of police at the polling stations, five officers in control with each."""
WAVE, CITY = 29, "63.72"
"""In Banjarbaru two waves of so many, four days on duty; the first hands over to the second."""
POOL_ENDS = "Digeser ke Polres untuk pemungutan suara"
TASK, FUNCTION = "BKO PAM TPS di Polres", "Pengamanan TPS"
BACK_TASK = "Satgasda, kembali dari BKO PAM TPS"
SPRIN, SIGNED = "Sprin/ILUSTRASI/XI/2024", date(2024, 11, 18)
LIFE = [
    DeploymentState.REQUESTED,
    DeploymentState.ORDERED,
    DeploymentState.STANDBY,
    DeploymentState.MOVING,
    DeploymentState.IN_PLACE,
    DeploymentState.RELIEVED,
    DeploymentState.RETURNED,
]
Steps = list[tuple[datetime, DeploymentState]]


def _at(month: int, day: int, hour: int) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=clock.WITA)


DECIDED, ORDERED = _at(11, 18, 9), _at(11, 18, 10)


@dataclass(frozen=True)
class Part:
    """So many of them at one place for some days, and when they go there and leave."""

    region: str
    people: int
    starts: date
    ends: date
    steps: Steps
    task: str = TASK
    function: str = FUNCTION
    stage: str = "voting"


def _there(day: date) -> Steps:
    states = (DeploymentState.STANDBY, DeploymentState.MOVING, DeploymentState.IN_PLACE)
    return [
        (_at(day.month, day.day, hour), state)
        for hour, state in zip((5, 7, 14), states, strict=True)
    ]


def _home(day: date) -> Steps:
    return [
        (_at(day.month, day.day, 16), DeploymentState.RELIEVED),
        (_at(day.month, day.day, 20), DeploymentState.RETURNED),
    ]


SHIFT, HANDOVER, RETURN = date(2024, 11, 25), date(2024, 11, 28), date(2024, 12, 4)
AFTER = date(2024, 12, 5)
WAITING = [(_at(11, 25, 5), DeploymentState.STANDBY)]
RESTING = [(_at(11, 29, 5), DeploymentState.STANDBY)]
PARTS = (
    *(
        Part(region, people, SHIFT, RETURN, [*_there(SHIFT), *_home(RETURN)])
        for region, people in SHARES.items()
    ),
    Part(CITY, WAVE, SHIFT, HANDOVER, [*_there(SHIFT), *_home(HANDOVER)]),
    Part(CITY, WAVE, HANDOVER, RETURN, [*_there(HANDOVER), *_home(RETURN)]),
    Part("63", WAVE, SHIFT, date(2024, 11, 27), WAITING, "Gelombang II menunggu di Mapolda", ""),
    Part("63", WAVE, date(2024, 11, 29), RETURN, RESTING, "Gelombang I beristirahat", ""),
    Part(
        "63",
        sum(SHARES.values()) + 2 * WAVE,
        AFTER,
        ENDS,
        _there(AFTER),
        BACK_TASK,
        "",
        "operation",
    ),
)


def load(people: Mapping[str, Actor]) -> None:
    """Order the shift once; then take each part as far as the clock is. A demo that was loaded
    before there was a shift has no pool, and stays without."""
    operation = Operation.objects.get(slug=OPERATION)
    by = people["koordinator"]
    pool = Deployment.objects.filter(operation=operation, task=POOL_TASK).first()
    if pool is not None and not _ordered(operation).exists():
        _order(operation, pool, by)
    advance(operation, by=by, now=clock.now())


def _ordered(operation: Operation) -> Any:
    return Deployment.objects.filter(operation=operation, sprin_number=SPRIN)


def _order(operation: Operation, pool: Deployment, by: Actor) -> None:
    """The pool ends when the shift begins; nobody is counted twice on any day."""
    values = {name: getattr(pool, name) for name in EDITABLE}
    values |= {"ends_on": date(2024, 11, 24)}
    actions.change_deployment(
        pool, values, version=pool.version, by=by, at=DECIDED, reason=POOL_ENDS
    )
    unit = Unit.objects.select_related("agency").get(slug="polda-kalsel")
    stages = {stage.key: stage for stage in Stage.objects.filter(operation=operation)}
    for part in PARTS:
        row = actions.place_deployment(
            operation,
            {
                "unit": unit,
                "region": Region(code=part.region),
                "personnel": part.people,
                "status": DeploymentStatus.STANDBY,
                "controller": None,
                "task_force": TaskForce.PREVENTIF,
                "function": part.function,
                "stage": stages[part.stage],
                "task": part.task,
                "starts_on": part.starts,
                "ends_on": part.ends,
                "source": SOURCE,
                "as_of": DECIDED,
                "quality": Quality.ILLUSTRATIVE,
            },
            by=by,
            at=DECIDED,
            state=DeploymentState.REQUESTED,
            illustrative=True,
        )
        actions.move_deployment(
            row,
            DeploymentState.ORDERED,
            version=row.version,
            by=by,
            at=ORDERED,
            sprin_number=SPRIN,
            sprin_date=SIGNED,
        )


def advance(operation: Operation, *, by: Actor, now: datetime) -> int:
    """Every step whose moment has passed, in the order of the moments; returns how many. What
    somebody moved by hand is left where it is if it is further or was called off."""
    rows = {(row.region_id, row.starts_on, row.task): row for row in _ordered(operation)}
    steps = [
        (moment, state, rows[part.region, part.starts, part.task])
        for part in PARTS
        for moment, state in part.steps
        if moment <= now and (part.region, part.starts, part.task) in rows
    ]
    moved = 0
    for moment, state, row in sorted(steps, key=lambda step: (step[0], step[2].pk)):
        row.refresh_from_db()
        if row.state in LIFE and LIFE.index(state) == LIFE.index(DeploymentState(row.state)) + 1:
            actions.move_deployment(row, state, version=row.version, by=by, at=moment)
            moved += 1
    return moved
