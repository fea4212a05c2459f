"""Whom the sending of a unit is told to."""

from datetime import datetime

from incidents.actions.notices import readers_of
from incidents.emails import assignment_context, incident_url
from incidents.enums.assignments import BY_HANDLER
from incidents.models import UnitAssignment
from portal.access.actor import Actor
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.notifications.actions import notify


def tell_assigned(row: UnitAssignment, *, at: datetime) -> None:
    """The command posts over the unit, and its agency's liaisons."""
    path = row.deployment.unit.path.split("/")
    above = ["/".join(path[: index + 1]) for index in range(len(path))]
    posko = Post.objects.with_role(Role.POSKO_OPERATOR).filter(
        unit__agency=row.agency_id,
        unit__path__in=above,
        clearance__gte=row.incident.classification,
    )
    _tell("unit_assigned", row, [*posko, *readers_of(row.agency_id, row.incident)], "", at)


def tell_step(row: UnitAssignment, note: str, *, by_unit: bool, by: Actor, at: datetime) -> None:
    """What the unit's agency answered goes to who sent it; what who handles the
    incident ended goes to the unit."""
    if row.state in BY_HANDLER and not by_unit:
        _tell("unit_step", row, readers_of(row.agency_id, row.incident), note, at)
        return
    sender = Post.objects.filter(pk=row.assigned_by_id, is_active=True)
    cleared = sender.filter(clearance__gte=row.incident.classification).exclude(pk=by.post_id)
    _tell("unit_step", row, cleared, note, at)


def _tell(kind: str, row: UnitAssignment, posts, note: str, at: datetime) -> None:
    notify(
        kind,
        event_key=f"assignment:{row.pk}:{row.state}",
        posts=posts,
        context=assignment_context(row, note),
        url=incident_url(row.incident),
        at=at,
        classification=row.incident.classification,
    )
