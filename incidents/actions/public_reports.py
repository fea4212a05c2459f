"""What people without an account do: report, add, and read the answer. Nobody's address is kept
with any of it: the audit says that it happened, not from where."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from incidents.actions.accounts import refuse_point
from incidents.actions.numbering import PUBLIC_REPORT, next_number
from incidents.actions.texts import refuse_tally
from incidents.enums import MessageKind, PublicState, Suspicion, Timing
from incidents.models import (
    PublicContact,
    PublicMessage,
    PublicPhoto,
    PublicReport,
    PublicSubject,
)
from incidents.queries.public_similar import Trait, similar_reports, words_of
from portal import clock
from portal.access import tracking
from portal.access.actor import PUBLIC
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.accounts.adapters import field_cipher
from portal.attachments.storage import store
from portal.audit.record import record
from portal.registry.models import Region
from portal.web.correlation import unaddressed

WRITABLE = (Region.Level.REGENCY, Region.Level.DISTRICT)
CODE = "public_report"
CONTACT_KEPT = timedelta(days=90)
AHEAD = timedelta(days=60)
BACK = timedelta(days=365)
PHOTOS_AT_ONCE = 3
PHOTOS_IN_ALL = 12
ADDITIONS = 20
HASTY_SECONDS = 4
MANY_LINKS = 2
SHORT = 12
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
AT_MOST_PLACES = 3
"""Decimals of a point: about a hundred metres. Whoever stands there need not be found."""


@dataclass(frozen=True)
class Contact:
    """How somebody wishes to be reached; kept sealed."""

    name: str = ""
    reach: str = ""

    def __bool__(self) -> bool:
        return bool(self.name.strip() or self.reach.strip())


@dataclass(frozen=True)
class Receipt:
    """The report, and its code in plain: this is the only moment at which it exists."""

    report: PublicReport
    code: str


def receive_report(
    *,
    subject: PublicSubject,
    region: Region,
    timing: str,
    occurred_at: datetime,
    text: str,
    anonymous: bool,
    confidential: bool,
    at: datetime,
    place: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    contact: Contact | None = None,
    photos: Sequence[bytes] = (),
    trapped: bool = False,
    seconds: float | None = None,
    illustrative: bool = False,
) -> Receipt:
    """Number and store a report of the public, and make its code.

    `photos` are pictures already drawn anew (portal.attachments.pictures). Of who reports nothing
    is kept when `anonymous`. What looks like spam is marked, not refused.
    """
    point = _point(latitude, longitude)
    _check(region, timing, occurred_at, at, text, photos)
    refuse_tally(text=text, place=place)
    text, place = text.strip(), place.strip()
    code = tracking.new_code()
    suspicions = _suspicions(text, at, trapped=trapped, seconds=seconds)
    trait = Trait(subject.type_id, region.pk, occurred_at, words_of(text), point)
    with transaction.atomic(), unaddressed():
        alike = similar_reports(_seen_together(subject), trait, limit=1)
        report = PublicReport.objects.create(
            number=next_number(PUBLIC_REPORT, at),
            code_hash=tracking.digest(CODE, code),
            subject=subject,
            region=region,
            place=place,
            latitude=point[0] if point else None,
            longitude=point[1] if point else None,
            timing=timing,
            occurred_at=occurred_at,
            text=text,
            anonymous=anonymous or not contact,
            classification=Classification.RAHASIA if confidential else Classification.TERBATAS,
            received_at=at,
            suspicions=suspicions,
            suspect=bool(suspicions),
            likely_of=alike[0] if alike else None,
            illustrative=illustrative,
        )
        if contact and not report.anonymous:
            _seal(report, contact, at)
        _keep_photos(report, None, photos, at)
        after = {"subject": subject.pk, "region": region.pk, "photos": len(photos)}
        record("public_report.receive", report, by=PUBLIC, at=at, after=after)
    return Receipt(report, code)


def add_to_report(
    report: PublicReport, *, text: str, at: datetime, photos: Sequence[bytes] = ()
) -> PublicMessage:
    """Add words or pictures to a report whose code was shown. One that was set aside is looked at
    again."""
    if not text.strip() and not photos:
        raise Refused(_("Tulis tambahan, atau pilih foto."), "text")
    refuse_tally(text=text)
    with transaction.atomic(), unaddressed():
        report = PublicReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        additions = report.messages.filter(kind=MessageKind.ADDITION).count()
        if additions >= ADDITIONS or report.emptied_at:
            raise Refused(_("Laporan ini tidak menerima tambahan lagi. Kirim laporan baru."))
        if report.photos.count() + len(photos) > PHOTOS_IN_ALL:
            raise Refused(
                _("Satu laporan memuat paling banyak %(most)s foto.") % {"most": PHOTOS_IN_ALL},
                "photos",
            )
        message = PublicMessage.objects.create(
            report=report, kind=MessageKind.ADDITION, text=text.strip(), at=at
        )
        _keep_photos(report, message, photos, at)
        report.added_at = at
        changed = ["added_at"]
        if report.state == PublicState.SET_ASIDE:
            report.state, report.reason = PublicState.WAITING, None
            changed += ["state", "reason"]
        report.version += 1
        report.save(update_fields=[*changed, "version"])
        after = {"message": message.pk, "photos": len(photos), "state": report.state}
        record("public_report.add", report, by=PUBLIC, at=at, after=after)
    return message


def read_answers(report: PublicReport, *, at: datetime) -> int:
    """Note, once, that the answers so far were read by whoever holds the code; returns how many
    were new."""
    with transaction.atomic(), unaddressed():
        unread = report.messages.filter(kind=MessageKind.ANSWER, read_at=None).update(read_at=at)
        if unread:
            PublicReport.objects.filter(pk=report.pk).update(answer_read_at=at)
            report.answer_read_at = at
            record("public_report.read_answer", report, by=PUBLIC, at=at, after={"answers": unread})
    return unread


def _check(
    region: Region,
    timing: str,
    occurred_at: datetime,
    at: datetime,
    text: str,
    photos: Sequence[bytes],
) -> None:
    if region.level not in WRITABLE:
        raise Refused(_("Pilih kabupaten atau kota."), "regency")
    if not text.strip():
        raise Refused(_("Ceritakan apa yang terjadi."), "text")
    if timing != Timing.AHEAD and occurred_at > at:
        raise Refused(_("Waktu ini belum tiba. Pilih “Akan terjadi” bila memang begitu."), "timing")
    if timing == Timing.AHEAD and not at <= occurred_at <= at + AHEAD:
        raise Refused(_("Isi kapan kira-kira akan terjadi, dalam 60 hari ke depan."), "occurred_at")
    if occurred_at < at - BACK:
        raise Refused(_("Kejadian ini lebih dari setahun yang lalu."), "occurred_at")
    if len(photos) > PHOTOS_AT_ONCE:
        raise Refused(
            _("Paling banyak %(most)s foto sekali kirim.") % {"most": PHOTOS_AT_ONCE}, "photos"
        )


def _point(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    refuse_point(latitude, longitude)
    if latitude is None or longitude is None:
        return None
    return round(latitude, AT_MOST_PLACES), round(longitude, AT_MOST_PLACES)


def _suspicions(text: str, at: datetime, *, trapped: bool, seconds: float | None) -> list[str]:
    repeated = PublicReport.objects.filter(text=text, received_at__gte=at - timedelta(days=1))
    signs = {
        Suspicion.TRAPPED: trapped,
        Suspicion.HASTY: seconds is not None and seconds < HASTY_SECONDS,
        Suspicion.LINKS: len(LINK.findall(text)) >= MANY_LINKS,
        Suspicion.REPEATED: repeated.exists(),
        Suspicion.SHORT: len(text) < SHORT,
    }
    return [sign.value for sign, shown in signs.items() if shown]


def _seen_together(subject: PublicSubject) -> QuerySet[PublicReport]:
    """Reports that whoever sorts this kind sees too: the note "similar to" tells of no other."""
    return PublicReport.objects.filter(
        suspect=False,
        classification__lt=Classification.RAHASIA,
        subject__kept_from=subject.kept_from,
        subject__type__lead_id=subject.type.lead_id,
    )


def _seal(report: PublicReport, contact: Contact, at: datetime) -> None:
    words = json.dumps({"name": contact.name.strip(), "reach": contact.reach.strip()})
    PublicContact.objects.create(
        report=report,
        sealed=field_cipher().encrypt(words.encode()).decode(),
        delete_on=clock.local(at + CONTACT_KEPT).date(),
    )


def _keep_photos(
    report: PublicReport, message: PublicMessage | None, photos: Sequence[bytes], at: datetime
) -> None:
    for picture in photos:
        PublicPhoto.objects.create(
            report=report,
            message=message,
            path=store(picture, "public"),
            sha256=hashlib.sha256(picture).hexdigest(),
            size=len(picture),
            added_at=at,
        )
