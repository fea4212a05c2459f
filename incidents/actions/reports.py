"""Reporting an incident and adding to its timeline."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.accounts import Told, checked, refuse_timing
from incidents.actions.merged import refuse_merged
from incidents.actions.notices import tell_reported
from incidents.actions.numbering import INCIDENT, next_number
from incidents.actions.texts import refuse_tally
from incidents.enums import WRITTEN, Audience, UpdateKind
from incidents.models import FieldReport, Incident, IncidentUpdate
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.background import enqueue


def report_incident(
    *, by: Actor, at: datetime, illustrative: bool = False, **told: Any
) -> Incident:
    """Number and store what is told (the fields of `Told`); lead and supporting agencies come from
    its type.

    From severity Tinggi on, the agencies concerned and the posko of the region are told at once.
    """
    policy.require(by, Permission.INCIDENT_REPORT)
    account = checked(Told(**told), by=by, at=at)
    refuse_timing(account, written_at=at, at=at)
    with transaction.atomic():
        incident = write_incident(account, by=by, at=at, illustrative=illustrative)
        append(incident, UpdateKind.REPORT, by=by, at=at, text=incident.title)
        tell_reported(incident, at=at)
    return incident


def write_incident(
    told: Told, *, by: Actor, at: datetime, illustrative: bool, first: FieldReport | None = None
) -> Incident:
    """The numbered row, its supporting agencies and the audit; the timeline is the caller's. Who
    reported it, and when, is taken from `first` where it was reported before."""
    incident = Incident.objects.create(
        number=next_number(INCIDENT, at),
        illustrative=illustrative,
        reported_at=first.reported_at if first else at,
        created_at=at,
        updated_at=at,
        reporter_post_id=first.reporter_post_id if first else by.post_id,
        unit_id=first.unit_id if first else by.unit_id,
        agency_id=first.agency_id if first else by.agency_id,
        lead_agency_id=told.type.lead_id,
        **told.values(),
    )
    incident.supporting.set(told.type.supporting.all())
    record(
        "incident.report",
        incident,
        by=by,
        at=at,
        after={
            "type": told.type.pk,
            "region": told.region.pk,
            "severity": told.severity,
            "disturbance": told.disturbance,
            "lead_agency": told.type.lead_id,
        },
    )
    enqueue("incidents.evaluate_incident", incident=incident.pk)
    return incident


def add_update(
    incident: Incident,
    *,
    kind: str,
    text: str,
    by: Actor,
    at: datetime,
    audience: str = Audience.AGENCIES,
) -> IncidentUpdate:
    """Add to the timeline what happened or was done. Entries are never changed; a wrong one is
    followed by a correction."""
    policy.require(by, Permission.INCIDENT_REPORT)
    if kind not in WRITTEN:
        raise Refused(_("Jenis catatan ini tidak dapat ditulis langsung."), "kind")
    if not text.strip():
        raise Refused(_("Tulis perkembangannya."), "text")
    refuse_tally(text=text)
    with transaction.atomic():
        incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
        refuse_merged(incident, by)
        update = append(incident, kind, by=by, at=at, text=text.strip(), audience=audience)
        incident.updated_at = at
        incident.save(update_fields=["updated_at"])
        record("incident.update", incident, by=by, at=at, after={"kind": kind, "update": update.pk})
    return update


def append(
    incident: Incident, kind: str, *, by: Actor, at: datetime, **values: Any
) -> IncidentUpdate:
    """One entry more in the timeline; never changed afterwards."""
    return IncidentUpdate.objects.create(
        incident=incident,
        kind=kind,
        post_id=by.post_id,
        agency_id=by.agency_id,
        at=at,
        **values,
    )
