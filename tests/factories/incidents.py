"""Incidents for tests, reported through the action as a real officer would."""

from datetime import datetime, timedelta

from incidents.actions.public_reference import load_public_reference
from incidents.actions.reports import report_incident
from incidents.actions.taxonomy import load_taxonomy
from incidents.enums import Severity
from incidents.intake import read_public_reference, read_taxonomy
from incidents.models import Incident, IncidentType
from portal import clock
from portal.access.actor import SYSTEM, Actor
from portal.registry.models import Region

AT = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)


def load_types() -> None:
    taxonomy = read_taxonomy()
    load_taxonomy(types=taxonomy.types, targets=taxonomy.targets, by=SYSTEM, at=AT)
    public = read_public_reference()
    load_public_reference(subjects=public.subjects, reasons=public.reasons, by=SYSTEM, at=AT)


def report(by: Actor, *, code: str = "F1", region: str = "63.03", at=AT, **fields) -> Incident:
    """A flood in Kabupaten Banjar, medium, an hour before it is reported, unless told otherwise."""
    values = {
        "title": "Jalan menuju TPS tergenang",
        "chronology": "Air sungai naik sejak subuh dan menutup jalan desa.",
        "place": "Desa Angkipih",
        "occurred_at": at - timedelta(hours=1),
        "severity": Severity.MEDIUM,
    }
    return report_incident(
        type=IncidentType.objects.get(code=code),
        region=Region.objects.get(code=region),
        by=by,
        at=at,
        **{**values, **fields},
    )
