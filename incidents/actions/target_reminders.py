"""The ladder of target times: what has come due by now and was not said yet is said, once.

Each sweep looks at the present state, so a sweep that was missed is caught up by the next one: it
says the highest rung that is due and notes the lower ones as passed over. The decision and its
messages are one transaction: a worker that dies in between leaves neither.
"""

import logging
from collections import defaultdict
from datetime import datetime

from django.db import transaction

from incidents.actions.target_stops import target_key
from incidents.emails import incident_url, target_context
from incidents.enums.targets import TargetRecipient
from incidents.models import Incident, TargetNotice, TargetRung
from incidents.queries.targets import Aim, aims_of, next_aim
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.notifications import notify

logger = logging.getLogger(__name__)

ROLES = {
    TargetRecipient.POSKO: Role.POSKO_OPERATOR,
    TargetRecipient.COORDINATOR: Role.COORDINATOR,
    TargetRecipient.COMMANDER: Role.COMMANDER,
}


def remind_targets(*, at: datetime) -> int:
    """Tell what the ladder has due; returns of how many incidents it told."""
    rungs = list(TargetRung.objects.active())
    open_rows = Incident.objects.open().filter(gakkumdu__isnull=True).defer("stems")
    due = [row.pk for row, _aim, _rungs in _due(list(open_rows), rungs, at)]
    if not due:
        return 0
    with transaction.atomic():
        # Looked at again under the lock: who answered meanwhile is not reminded, and what another
        # sweep said is not said twice. A row that somebody is just writing waits for the next one.
        locked = open_rows.filter(pk__in=due).select_for_update(of=("self",), skip_locked=True)
        rows = locked.select_related("type", "region", "lead_agency", "reporter_post")
        found = _due(list(rows.order_by("pk")), rungs, at)
        return sum(_climb(row, aim, steps, at=at) for row, aim, steps in found)


Due = tuple[Incident, Aim, list[TargetRung]]


def _due(incidents: list[Incident], rungs: list[TargetRung], at: datetime) -> list[Due]:
    """Incidents with their next goal and its rungs that are due and not decided, from below."""
    aims = aims_of(incidents)
    said: defaultdict[int, set[tuple[str, datetime, int]]] = defaultdict(set)
    notices = TargetNotice.objects.filter(incident__in=[row.pk for row in incidents])
    for pk, goal, due_at, rung in notices.values_list("incident_id", "goal", "due_at", "rung_id"):
        said[pk].add((goal, due_at, rung))
    found = []
    for row in incidents:
        aim = next_aim(aims[row.pk])
        if aim is None:
            continue
        decided = [rung for rung in rungs if (aim.goal, aim.due_at, rung.pk) in said[row.pk]]
        highest = max((rung.percent for rung in decided), default=0)
        steps = [
            rung
            for rung in rungs
            if rung.percent > highest and _moment(aim, rung) <= at and rung not in decided
        ]
        if steps:
            found.append((row, aim, steps))
    return found


def _moment(aim: Aim, rung: TargetRung) -> datetime:
    return aim.due_at - aim.span + aim.span * rung.percent / 100


def _climb(incident: Incident, aim: Aim, steps: list[TargetRung], *, at: datetime) -> int:
    """Write the rungs down and tell the highest one's posts, each only once of a goal."""
    *lower, highest = steps
    common = {"incident": incident, "goal": aim.goal, "due_at": aim.due_at, "sent_at": at}
    TargetNotice.objects.bulk_create(
        TargetNotice(**common, rung=rung, passed=True) for rung in lower
    )
    earlier = TargetNotice.objects.filter(incident=incident, goal=aim.goal, due_at=aim.due_at)
    knows = {post for told in earlier.values_list("told", flat=True) for post in told}
    posts = [post for post in _posts(incident, highest) if post.pk not in knows]
    if not posts:
        logger.warning("nobody new to be told of the target of incident %s", incident.pk)
    TargetNotice.objects.create(
        **common, rung=highest, passed=not posts, told=[post.pk for post in posts]
    )
    notify(
        "incident_target",
        event_key=f"{target_key(incident, aim.goal)}:{highest.pk}:{aim.due_at:%Y%m%dT%H%M%z}",
        posts=posts,
        context=target_context(incident, aim.goal, aim.due_at, late=at >= aim.due_at),
        url=incident_url(incident),
        at=at,
        classification=incident.classification,
        stop_key=target_key(incident, aim.goal),
    )
    return 1


def _posts(incident: Incident, rung: TargetRung) -> list[Post]:
    """The posts of a rung who may read the incident: of the leading agency in its region; else a
    liaison of it, or who holds that role in the region for any agency that it does not complain of.
    """
    role = ROLES[TargetRecipient(rung.recipient)]
    cleared = Post.objects.filter(is_active=True, clearance__gte=incident.classification)
    held = [
        post
        for post in cleared.with_role(role).select_related("unit")
        if post.region_id and f"{incident.region_id}.".startswith(f"{post.region_id}.")
    ]
    own = [post for post in held if post.unit.agency_id == incident.lead_agency_id]
    if own:
        return own
    if role == Role.POSKO_OPERATOR:
        return list(cleared.of_agencies([incident.lead_agency_id]).with_role(Role.LIAISON))
    return [post for post in held if post.unit.agency_id not in incident.type.accused]
