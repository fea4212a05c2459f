"""Polres Banjar asks for sixty people; two units have given fifty, ten are still missing. Invented
(domain.md § 12 has no reinforcement), and marked so. Nobody is ordered yet: no total changes."""

from collections.abc import Mapping
from datetime import date, datetime

from coordination.enums import Priority
from deployments import actions
from deployments.enums import DeploymentStatus, TaskForce
from deployments.models import Contribution, Deployment, Reinforcement
from portal import clock
from portal.access.actor import Actor
from portal.home.demo.strengths import OPERATION
from portal.registry.models import Operation, Region, Unit

ASKED = datetime(2024, 11, 19, 9, 10, tzinfo=clock.WITA)
ASSIGNED = datetime(2024, 11, 19, 13, 40, tzinfo=clock.WITA)
OFFERED = datetime(2024, 11, 19, 16, 5, tzinfo=clock.WITA)
REASON = (
    "Data ilustrasi. Pergeseran logistik ke 20 kecamatan bersamaan dengan apel serpas; dua "
    "kecamatan pegunungan memerlukan pengawalan sepanjang hari."
)
LISTED = 3


def load(people: Mapping[str, Actor]) -> None:
    """Once: where somebody has asked already, nothing happens."""
    operation = Operation.objects.get(slug=OPERATION)
    if Reinforcement.objects.filter(operation=operation).exists():
        return
    units = {unit.slug: unit for unit in Unit.objects.select_related("agency", "parent")}
    request = actions.ask_reinforcement(
        operation,
        {
            "unit": units["polres-banjar"],
            "region": Region.objects.get(code="63.03"),
            "personnel": 60,
            "task_force": TaskForce.PREVENTIF,
            "function": "Samapta",
            "starts_on": date(2024, 11, 24),
            "ends_on": date(2024, 11, 28),
            "priority": Priority.URGENT,
            "reason": REASON,
        },
        addressees=[units["korem-101"]],
        by=people["posko.banjar"],
        at=ASKED,
        illustrative=True,
    )
    _give(request, units["polres-tanah-laut"], 30, people["koordinator"], ASSIGNED)
    army = _give(request, units["kodim-1006"], 20, people["liaison.korem"], OFFERED)
    for number in range(1, LISTED + 1):
        person = {
            "name": f"Anggota Ilustrasi {number}",
            "rank": "Prajurit Dua",
            "nrp": f"{31240000 + number}",
        }
        actions.add_roster_member(army.deployment, person, by=people["liaison.korem"], at=OFFERED)


def _give(
    request: Reinforcement, unit: Unit, personnel: int, by: Actor, at: datetime
) -> Contribution:
    """From what the unit has standing: its reserve first."""
    standing = Deployment.objects.filter(unit=unit, operation=request.operation, controller=None)
    reserve = standing.filter(status=DeploymentStatus.RESERVE).first()
    origin = reserve or standing.order_by("pk").first()
    return actions.give_people(request, unit, personnel, drawn_from=origin, by=by, at=at)
