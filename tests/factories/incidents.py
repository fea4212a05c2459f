"""Incidents and field reports for tests, written through the actions as a real officer would."""

import io
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from incidents.actions.accounts import Told
from incidents.actions.field_reports import send_field_report
from incidents.actions.reports import report_incident
from incidents.enums import Severity
from incidents.models import FieldReport, Incident, IncidentType
from portal import clock
from portal.access.actor import Actor
from portal.registry.models import Region

AT = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)


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


def photo(name="foto.jpg", *, exif=True) -> SimpleUploadedFile:
    picture = Image.new("RGB", (40, 30), "red")
    tags = Image.Exif()
    if exif:
        tags[0x010F] = "Kamera rahasia"
    stored = io.BytesIO()
    picture.save(stored, "JPEG", exif=tags)
    return SimpleUploadedFile(name, stored.getvalue(), "image/jpeg")


def told(*, code="F1", region="63.03", at=AT, **fields) -> Told:
    values = {
        "title": "Jalan menuju TPS tergenang",
        "chronology": "Air sungai naik sejak subuh dan menutup jalan desa.",
        "place": "Desa Angkipih",
        "occurred_at": at - timedelta(hours=1),
        "severity": Severity.MEDIUM,
    }
    kind, where = IncidentType.objects.get(code=code), Region.objects.get(code=region)
    return Told(type=kind, region=where, **{**values, **fields})


def send(by, *, at=AT, key=None, photos=(), follows=None, **fields) -> FieldReport:
    return send_field_report(
        told(at=at, **fields),
        client_key=key or uuid4(),
        written_at=at,
        photos=photos,
        follows=follows,
        by=by,
        at=at,
    )
