"""Reports of the public, sent through the action as the form would."""

import io
from datetime import timedelta

from PIL import Image

from incidents.actions.public_reports import Receipt, receive_report
from incidents.enums import Timing
from incidents.models import PublicReport, PublicSubject
from portal.registry.models import Region
from tests.factories.incidents import AT


def send(*, subject: str = "bencana", region: str = "63.03.17", at=AT, **fields) -> Receipt:
    """A flooded road in Paramasan, an hour old, anonymous and not confidential unless told so."""
    values = {
        "timing": Timing.PAST,
        "occurred_at": at - timedelta(hours=1),
        "text": "Air naik sejak subuh dan menutup jalan ke balai desa.",
        "place": "Desa Angkipih",
        "anonymous": True,
        "confidential": False,
    }
    return receive_report(
        subject=PublicSubject.objects.get(pk=subject),
        region=Region.objects.get(pk=region),
        at=at,
        **{**values, **fields},
    )


def sent(**fields) -> PublicReport:
    return send(**fields).report


def photo(*, color="red", kind="JPEG", size=(40, 30), secret=True) -> bytes:
    """A picture as a telephone makes it: with a place, a camera and a comment in it."""
    image, out = Image.new("RGB", size, color), io.BytesIO()
    notes = Image.Exif()
    notes[0x010E] = "titik rahasia"
    notes[0x0112] = 6  # To be shown turned by a quarter.
    extra = {"exif": notes} if secret else {}
    if kind == "JPEG" and secret:
        extra["comment"] = b"milik Budi"
    image.save(out, kind, **extra)
    return out.getvalue()
