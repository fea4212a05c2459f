"""Names are not kept for ever: on their day, or when they were written by mistake, they are wiped.
The row stays, of nobody in particular; the audit keeps how many and which rows, no name."""

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction

from incidents.actions.persons import locked
from incidents.models import Incident, InvolvedPerson
from portal import clock
from portal.access import policy
from portal.access.actor import SYSTEM, Actor
from portal.access.permissions import Permission
from portal.audit.record import record

logger = logging.getLogger("portal.persons")


def forget_persons_due(*, at: datetime) -> int:
    """Wipe the names whose day has come, incident by incident; returns how many."""
    due = InvolvedPerson.objects.named().filter(forget_on__lte=clock.local(at).date())
    wiped = 0
    with transaction.atomic():
        # Incidents lock first, in the order of their ids, as everywhere.
        locked = Incident.objects.select_for_update(of=("self",)).order_by("pk")
        incidents = {row.pk: row for row in locked.filter(pk__in=due.values("incident"))}
        rows = due.filter(incident__in=incidents).select_for_update().order_by("incident", "pk")
        for key, group in groupby(rows, key=lambda row: row.incident_id):
            wiped += _wipe(incidents[key], list(group), by=SYSTEM, at=at)
    if wiped:
        logger.info("Persons: %d names wiped", wiped)
    return wiped


def forget_person(person: InvolvedPerson, *, by: Actor, at: datetime) -> InvolvedPerson:
    """Wipe one name before its day: it was wrong, or is needed no longer. Twice is once."""
    with transaction.atomic():
        incident, person = locked(person)
        policy.require(by, Permission.PERSON_WRITE, incident)
        if person.forgotten_at is None:
            _wipe(incident, [person], by=by, at=at)
    return person


def _wipe(incident: Incident, persons: Sequence[InvolvedPerson], *, by: Actor, at: datetime) -> int:
    for person in persons:
        person.sealed, person.initials, person.forgotten_at = "", "", at
        person.version += 1
        person.save(update_fields=["sealed", "initials", "forgotten_at", "version"])
    after = {"count": len(persons), "persons": [person.pk for person in persons]}
    record("person.forget", incident, by=by, at=at, after=after)
    return len(persons)
