"""Copies of published minutes that leave the portal as PDF."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.enums import MinutesState
from coordination.models import IssuedCopy, Minutes
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record_read


def issue_copy(minutes: Minutes, pdf: bytes, *, by: Actor, at: datetime) -> str:
    """Note the download, and the SHA-256 by which this very file is known again; returns it. The
    same file a second time is one copy."""
    policy.require(by, Permission.MINUTES_VIEW, minutes)
    if minutes.state != MinutesState.PUBLISHED:
        raise Refused(_("Salinan hanya dikeluarkan dari notula yang sudah terbit."))
    sha256 = hashlib.sha256(pdf).hexdigest()
    copy = IssuedCopy(minutes=minutes, sha256=sha256, issued_at=at)
    with transaction.atomic():
        record_read(minutes, by=by, at=at, verb="download")
        IssuedCopy.objects.bulk_create([copy], ignore_conflicts=True)
    return sha256
