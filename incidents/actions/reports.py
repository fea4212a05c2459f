"""Reporting an incident and adding to its timeline."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.notices import tell_reported
from incidents.actions.numbering import incident_number
from incidents.actions.texts import refuse_tally
from incidents.enums import WRITTEN, Audience, Disturbance, UpdateKind
from incidents.models import Incident, IncidentType, IncidentUpdate
from incidents.models.incident import EAST, NORTH, SOUTH, WEST
from portal.access import policy
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.registry.geometry import district_at
from portal.registry.models import Region

WRITABLE = (Region.Level.REGENCY, Region.Level.DISTRICT)


def report_incident(
    *,
    type: IncidentType,
    title: str,
    chronology: str,
    region: Region,
    place: str,
    occurred_at: datetime,
    severity: int,
    by: Actor,
    at: datetime,
    disturbance: str = Disturbance.REAL,
    involved: str = "",
    cause: str = "",
    casualties: str = "",
    loss: str = "",
    action_taken: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    at_kpps_request: bool = False,
    classification: int = Classification.TERBATAS,
    illustrative: bool = False,
) -> Incident:
    """Number and store a report; lead and supporting agencies come from its type.

    From severity Tinggi on, the agencies concerned and the posko of the region are told at once.
    """
    policy.require(by, Permission.INCIDENT_REPORT)
    words = {
        "title": title,
        "involved": involved,
        "cause": cause,
        "chronology": chronology,
        "casualties": casualties,
        "loss": loss,
        "action_taken": action_taken,
        "place": place,
    }
    _check(region, occurred_at, at, latitude, longitude)
    if classification > by.clearance:
        raise Refused(_("Klasifikasi ini melebihi kewenangan jabatan Anda."), "classification")
    refuse_tally(**words)
    with transaction.atomic():
        incident = Incident.objects.create(
            number=incident_number(at),
            type=type,
            region=region,
            occurred_at=occurred_at,
            severity=severity,
            disturbance=disturbance,
            latitude=latitude,
            longitude=longitude,
            at_kpps_request=at_kpps_request,
            classification=classification,
            illustrative=illustrative,
            reported_at=at,
            created_at=at,
            updated_at=at,
            reporter_post_id=by.post_id,
            unit_id=by.unit_id,
            agency_id=by.agency_id,
            lead_agency_id=type.lead_id,
            **{name: text.strip() for name, text in words.items()},
        )
        incident.supporting.set(type.supporting.all())
        _append(incident, UpdateKind.REPORT, by=by, at=at, text=incident.title)
        record(
            "incident.report",
            incident,
            by=by,
            at=at,
            after={
                "type": type.pk,
                "region": region.pk,
                "severity": severity,
                "disturbance": disturbance,
                "lead_agency": type.lead_id,
            },
        )
        tell_reported(incident, at=at)
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
        incident = Incident.objects.select_for_update().get(pk=incident.pk)
        update = _append(incident, kind, by=by, at=at, text=text.strip(), audience=audience)
        incident.updated_at = at
        incident.save(update_fields=["updated_at"])
        record("incident.update", incident, by=by, at=at, after={"kind": kind, "update": update.pk})
    return update


def _append(
    incident: Incident, kind: str, *, by: Actor, at: datetime, **values: Any
) -> IncidentUpdate:
    return IncidentUpdate.objects.create(
        incident=incident,
        kind=kind,
        post_id=by.post_id,
        agency_id=by.agency_id,
        at=at,
        **values,
    )


def _check(
    region: Region,
    occurred_at: datetime,
    at: datetime,
    latitude: float | None,
    longitude: float | None,
) -> None:
    if region.level not in WRITABLE:
        raise Refused(_("Pilih kabupaten/kota atau kecamatan."), "region")
    if occurred_at > at:
        raise Refused(_("Waktu kejadian tidak dapat di masa depan."), "occurred_at")
    if (latitude is None) != (longitude is None):
        missing = "latitude" if latitude is None else "longitude"
        raise Refused(_("Isi lintang dan bujur, atau kosongkan keduanya."), missing)
    if latitude is not None and longitude is not None and not _inside(latitude, longitude):
        raise Refused(_("Titik ini berada di luar Kalimantan Selatan."), "latitude")


def _inside(latitude: float, longitude: float) -> bool:
    # The frame first: it also turns away infinity and what is no number.
    framed = SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST
    return framed and district_at(latitude, longitude) is not None
