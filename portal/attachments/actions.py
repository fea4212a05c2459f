import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.attachments.checks import checked, refuse_size
from portal.attachments.models import Attachment
from portal.attachments.storage import read, store
from portal.audit.record import record


def attach(owner: Any, file: UploadedFile, *, by: Actor, at: datetime) -> Attachment:
    """Check an uploaded file and hang it on a record; it takes the record's class."""
    name = PurePath((file.name or "").replace("\\", "/")).name[-200:]
    refuse_size(file.size or 0)  # Before it is read into memory.
    media_type, data = checked(name, file.read())
    with transaction.atomic():
        attachment = Attachment.objects.create(
            owner=owner,
            name=name,
            media_type=media_type,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            path=store(data),
            classification=owner.classification,
            added_by_id=by.post_id,
            created_at=at,
        )
        record("attachment.add", attachment, by=by, at=at, after={"sha256": attachment.sha256})
    return attachment


def reclassify(owner: Any) -> int:
    """The files of a record take its class after that has changed; returns how many did."""
    return files_of(owner).update(classification=owner.classification)


def copy_files(source: Any, target: Any, *, by: Actor, at: datetime) -> list[Attachment]:
    """Hang the files of one record on another as well, each with bytes of its own."""
    copies = []
    for file in files_of(source):
        with transaction.atomic():
            copy = Attachment.objects.create(
                owner=target,
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
                path=store(read(file.path)),
                classification=target.classification,
                added_by_id=by.post_id,
                created_at=at,
            )
            record("attachment.add", copy, by=by, at=at, after={"sha256": copy.sha256})
        copies.append(copy)
    return copies


def files_of(owner: Any) -> QuerySet[Attachment]:
    return files_of_all([owner])


def files_of_all(owners: Sequence[Any]) -> QuerySet[Attachment]:
    """The files of several records of one model."""
    if not owners:
        return Attachment.objects.none()
    kind = ContentType.objects.get_for_model(type(owners[0]))
    return Attachment.objects.filter(content_type=kind, object_id__in=[row.pk for row in owners])
