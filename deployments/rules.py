"""Who may do what to one unit's figures: one sentence per predicate."""

from typing import Any

from deployments.models import Reinforcement
from deployments.models.scope import WATCHES_ALL
from deployments.queries.stations import territory
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts.enums import Role
from portal.registry.enums import AgencyKind
from portal.registry.models import Agency


def speaks_for(actor: Actor, unit: Any) -> bool:
    """His own unit or one below it; a liaison speaks for the whole agency."""
    if unit.agency_id != actor.agency_id:
        return False
    return (
        Role.LIAISON in actor.roles
        or unit.pk == actor.unit_id
        or unit.path.startswith(f"{actor.unit_path}/")
    )


def stands_above(actor: Actor, report: Any) -> bool:
    """A superior unit of the same chain; nobody checks his own unit's report."""
    unit = report.unit
    return unit.agency_id == actor.agency_id and unit.path.startswith(f"{actor.unit_path}/")


def keeps_strength(actor: Actor, owned: Any) -> bool:
    """The owner enters his own people; the operation's coordinator enters what was announced.
    `owned`: an agency, or a deployment, an account or an entry of the ledger that is one's own."""
    if actor.whole_province and Role.COORDINATOR in actor.roles:
        return True
    owner = owned.pk if isinstance(owned, Agency) else owned.agency_id
    return owner == actor.agency_id


def holds_event(actor: Actor, event: Any) -> bool:
    """The agency that holds it; the operation's coordinator for all."""
    if actor.whole_province and Role.COORDINATOR in actor.roles:
        return True
    return event.agency_id == actor.agency_id


def asks(actor: Actor, asking: Any) -> bool:
    """The unit that asks or one above it. `asking`: a unit, or a request."""
    return speaks_for(actor, asking.unit if isinstance(asking, Reinforcement) else asking)


def owns_roster(actor: Actor, deployment: Any) -> bool:
    """The owning agency and nobody else: its own unit or one below it; whoever speaks for or
    watches the whole agency, all of it."""
    if deployment.agency_id != actor.agency_id:
        return False
    return bool(WATCHES_ALL & actor.roles) or speaks_for(actor, deployment.unit)


def keeps_patterns(actor: Actor, agency: Any) -> bool:
    """The police say how many guard a polling station, each agency for its own."""
    return agency.kind == AgencyKind.POLICE and agency.pk == actor.agency_id


def classifies(actor: Actor, station: Any) -> bool:
    """The police, where the station lies in the post's own territory."""
    return territory(actor, AgencyKind.POLICE).covers(station.district_id)


def tags(actor: Actor, station: Any) -> bool:
    """The election supervisors, where the station lies in the post's own territory."""
    return territory(actor, AgencyKind.SUPERVISOR).covers(station.district_id)


RULES = {
    Permission.EVENT_PLAN: holds_event,
    Permission.READINESS_SUBMIT: speaks_for,
    Permission.READINESS_VERIFY: stands_above,
    Permission.DEPLOYMENT_EDIT: keeps_strength,
    Permission.PATTERN_EDIT: keeps_patterns,
    Permission.REINFORCEMENT_ASK: asks,
    Permission.REINFORCEMENT_ANSWER: speaks_for,
    Permission.ROSTER_VIEW: owns_roster,
    Permission.ROSTER_EDIT: owns_roster,
    Permission.ROSTER_UNMASK: owns_roster,
    Permission.STATION_CLASSIFY: classifies,
    Permission.STATION_TAG: tags,
}
