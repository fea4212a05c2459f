"""Files that belong to the minutes; with the signature they are fixed like the words."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.minutes.passages import still_draft
from coordination.actions.rows import lock, save
from coordination.exports import files_of
from coordination.models import Minutes
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.attachments.actions import attach
from portal.attachments.models import Attachment
from portal.audit.record import record


def add_file(
    minutes: Minutes,
    file: UploadedFile,
    *,
    by: Actor,
    at: datetime,
    classification: int | None = None,
) -> Attachment:
    """Hang a file on the draft. A file of a higher class raises the class of the minutes."""
    policy.require(by, Permission.MINUTES_WRITE, minutes.meeting)
    with transaction.atomic():
        minutes = lock(minutes, None, "meeting")
        still_draft(minutes)
        if classification is not None and classification > minutes.classification:
            if classification > by.clearance:
                raise Refused(
                    _("Klasifikasi ini di atas kewenangan jabatan Anda."), "classification"
                )
            before, after = save(minutes, classification=classification, updated_at=at)
            record("minutes.reclassify", minutes, by=by, at=at, before=before, after=after)
        return attach(minutes, file, by=by, at=at)


def remove_file(minutes: Minutes, file: Attachment, *, by: Actor, at: datetime) -> None:
    """Take a file off the draft again; one that belongs to another record is not found here."""
    policy.require(by, Permission.MINUTES_WRITE, minutes.meeting)
    with transaction.atomic():
        minutes = lock(minutes, None, "meeting")
        still_draft(minutes)
        if file.pk not in {own.pk for own in files_of(minutes)}:
            raise Refused(_("Berkas ini bukan lampiran notula ini."))
        record("attachment.remove", file, by=by, at=at, before={"sha256": file.sha256})
        file.delete()
