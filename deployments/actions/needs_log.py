"""What a placement does to the request that it answers: its people, its limit, its log."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from deployments.actions.ledger import settle
from deployments.enums import BINDING, DeploymentState, NeedEvent
from deployments.models import Contribution, Deployment, NeedsLogEntry, Reinforcement
from portal import clock
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record


def hold_request(deployment: Deployment) -> Reinforcement | None:
    """Lock the request that a placement answers; always before the placement itself, so that an
    offer and a change never wait for each other. None: it answers none."""
    answered = Reinforcement.objects.filter(contributions__deployment=deployment.pk)
    return answered.select_for_update(of=("self",)).first()


def refuse_above(request: Reinforcement | None, more: int, *, at: datetime) -> None:
    """Raises Refused where so many more people would be given than were asked for."""
    if request is None or more <= 0 or request.allows_more:
        return
    promised = Reinforcement.objects.counted(at).get(pk=request.pk).promised
    if promised + more > request.personnel:
        raise Refused(
            _(
                "Diminta %(asked)d orang, sudah disanggupi %(promised)d: paling banyak %(left)d "
                "lagi. Peminta dapat menyatakan bahwa jumlah boleh lebih."
            )
            % {
                "asked": request.personnel,
                "promised": promised,
                "left": max(request.personnel - promised, 0),
            },
            "personnel",
        )


def write_need(
    request: Reinforcement, event: NeedEvent, *, by: Actor, at: datetime, **said: Any
) -> NeedsLogEntry:
    """Add a line to the log with what is missing after it. `said`: unit, personnel,
    deployment_state, text."""
    return NeedsLogEntry.objects.create(
        reinforcement=request,
        at=at,
        by_id=by.post_id,
        event=event,
        missing=Reinforcement.objects.counted(at).get(pk=request.pk).missing,
        **said,
    )


def follow_change(
    request: Reinforcement | None, deployment: Deployment, was: int, *, by: Actor, at: datetime
) -> None:
    """Log that a placement that answers the request now has another number of people."""
    if request is not None and deployment.personnel != was:
        people = {"unit": deployment.unit, "personnel": deployment.personnel}
        write_need(request, NeedEvent.CHANGED, by=by, at=at, **people)


def follow_move(
    request: Reinforcement | None, deployment: Deployment, *, by: Actor, at: datetime, note: str
) -> None:
    """Log the step; one that was called off or never began gives its people back where they were
    taken from."""
    if request is None:
        return
    called_off = deployment.state == DeploymentState.CANCELLED
    if called_off or deployment.never_began(clock.local(at).date()):
        return_people(deployment.contribution, by=by, at=at)
    write_need(
        request,
        NeedEvent.MOVED,
        by=by,
        at=at,
        unit=deployment.unit,
        personnel=deployment.personnel,
        deployment_state=deployment.state,
        text=note,
    )


def draw_people(
    request: Reinforcement | None, deployment: Deployment, *, by: Actor, at: datetime
) -> None:
    """Take the people out of the placement that gives them up once they are ordered away: the
    ledger counts them there until the first day here, and from the day after the last again."""
    if request is None:
        return
    given = Contribution.objects.get(deployment=deployment)
    if given.drawn_from_id is None or given.drawn:
        return
    origin = _origin(given)
    refuse_undrawable(origin, deployment.personnel)
    given.drawn = deployment.personnel
    given.save(update_fields=["drawn"])
    _resize(origin, origin.personnel - given.drawn, deployment.task, by=by, at=at)


def return_people(given: Contribution, *, by: Actor, at: datetime) -> Contribution:
    """Give back what was drawn, once; to a placement that has ended meanwhile nobody returns."""
    current = Contribution.objects.select_for_update().get(pk=given.pk)
    if not current.drawn:
        return current
    origin, drawn = _origin(current), current.drawn
    current.drawn = 0
    current.save(update_fields=["drawn"])
    if origin.state in BINDING:
        _resize(origin, origin.personnel + drawn, origin.task, by=by, at=at)
    return current


def refuse_undrawable(origin: Deployment, people: int) -> None:
    """Raises Refused where a placement cannot give up so many: somebody stays."""
    if origin.state not in BINDING or origin.personnel <= people:
        raise Refused(
            _("Penempatan nomor %(number)d (%(people)d orang) tidak dapat melepas %(asked)d orang.")
            % {"number": origin.pk, "people": origin.personnel, "asked": people},
            "drawn_from",
        )


def _origin(given: Contribution) -> Deployment:
    rows = Deployment.objects.select_related("unit__agency", "operation")
    return rows.select_for_update(of=("self",)).get(pk=given.drawn_from_id)


def _resize(origin: Deployment, people: int, reason: str, *, by: Actor, at: datetime) -> None:
    before = {"personnel": origin.personnel}
    origin.personnel, origin.updated_at = people, at
    origin.version += 1
    origin.save()
    after = {"personnel": people}
    record("deployment.draw", origin, by=by, at=at, before=before, after=after, note=reason)
    settle(origin, by=by, at=at, reason=reason)
