"""Writing the letters of invitation, before they go out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.rows import lock, save
from coordination.enums import MeetingState
from coordination.models import Letter, Meeting
from coordination.queries.seats import letter_of
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record

WRITABLE = frozenset({MeetingState.DRAFT, MeetingState.POSTPONED})


def write_letter(
    meeting: Meeting,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    quorum_percent: int | None = None,
    addressees: Mapping[int, str] | None = None,
    **details: Any,
) -> Letter:
    """What the letters will say: common `details` (fields of Letter), Yth. per seat, and the share
    of seats that makes the quorum. Refused once the letters are out."""
    policy.require(by, Permission.MEETING_PLAN, meeting)
    with transaction.atomic():
        meeting = lock(meeting, version)
        if meeting.state not in WRITABLE:
            raise Refused(_("Surat undangan sudah dikirim dan tidak dapat diubah."))
        letter = letter_of(meeting)
        if letter.pk is None:
            letter.save()
        before, after = save(letter, **details)
        for seat in meeting.invitations.filter(pk__in=addressees or {}):
            wanted = (addressees or {})[seat.pk].strip()
            if wanted and wanted != seat.addressee:
                seat_before, seat_after = save(seat, addressee=wanted)
                before[f"addressee {seat.agency_id}"] = seat_before["addressee"]
                after[f"addressee {seat.agency_id}"] = seat_after["addressee"]
        if quorum_percent is not None and quorum_percent != meeting.quorum_percent:
            before["quorum_percent"], after["quorum_percent"] = (
                meeting.quorum_percent,
                quorum_percent,
            )
            meeting.quorum_percent = quorum_percent
        if after:
            meeting.version += 1
            meeting.updated_at = at
            meeting.save(update_fields=["quorum_percent", "version", "updated_at"])
            record("meeting.letter", meeting, by=by, at=at, before=before, after=after)
    letter.meeting = meeting
    return letter
