import hashlib
import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from portal import clock
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.audit.models import ID_LENGTH, Entry
from portal.web.correlation import current


def record(
    verb: str,
    obj: models.Model,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> Entry:
    """Write one audit row in the running transaction; if it cannot be written the change fails.

    `verb` is `noun.act`, for instance `minutes.publish`. `before` and `after` hold the changed
    fields. Of a Rahasia record only digests of the values are kept, never the text itself.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Audit belongs to the action's transaction.")
    secret = getattr(obj, "classification", 0) >= Classification.RAHASIA
    here = current()
    return Entry.objects.create(
        at=at,
        true_at=clock.true_now(),
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk)[:ID_LENGTH],
        object_label="" if secret else str(obj)[:200],
        user_id=by.user_id,
        post_id=by.post_id,
        post_title=by.post_title,
        agency_id=by.agency_id,
        before=_digests(before) if secret else before,
        after=_digests(after) if secret else after,
        note="" if secret else note[:500],
        channel=here.channel,
        request_id=here.request_id,
        address=here.address,
    )


def record_read(obj: models.Model, *, by: Actor, at: datetime, verb: str = "read") -> Entry:
    """Note that a Rahasia record was read or a file downloaded."""
    return record(f"{obj._meta.model_name}.{verb}", obj, by=by, at=at)


def _digests(values: dict[str, Any] | None) -> dict[str, str] | None:
    if values is None:
        return None
    return {
        name: hashlib.sha256(json.dumps(value, cls=DjangoJSONEncoder).encode()).hexdigest()
        for name, value in values.items()
    }
