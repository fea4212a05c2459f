"""Series of rakor: what follows one another under one name."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.rows import lock, save
from coordination.models import MeetingSeries
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.registry.models import Operation


def create_series(
    *, by: Actor, at: datetime, operation: Operation, title: str, **details: Any
) -> MeetingSeries:
    """Begin a series. The acting post's agency leads it."""
    policy.require(by, Permission.MEETING_PLAN)
    title = title.strip()
    with transaction.atomic():
        _check_title(title, operation.pk, by.agency_id)
        series = MeetingSeries.objects.create(
            operation=operation,
            title=title,
            host_agency_id=by.agency_id,
            created_by_id=by.post_id,
            created_at=at,
            **details,
        )
        record("series.create", series, by=by, at=at, after={"title": title})
    return series


def edit_series(
    series: MeetingSeries, *, by: Actor, at: datetime, version: int | None = None, **values: Any
) -> MeetingSeries:
    """Rename a series, change its kind, or lay it to rest."""
    policy.require(by, Permission.MEETING_PLAN, series)
    with transaction.atomic():
        series = lock(series, version)
        if "title" in values:
            values["title"] = values["title"].strip()
            operation = values.get("operation", series.operation_id)
            _check_title(
                values["title"], getattr(operation, "pk", operation), series.host_agency_id, series
            )
        before, after = save(series, **values)
        if after:
            record("series.edit", series, by=by, at=at, before=before, after=after)
    return series


def _check_title(
    title: str, operation: int, host: int | None, this: MeetingSeries | None = None
) -> None:
    if not title:
        raise Refused(_("Tulis judul seri."), "title")
    same = MeetingSeries.objects.filter(operation=operation, host_agency=host, title=title)
    if same.exclude(pk=this.pk if this else None).exists():
        raise Refused(_("Instansi Anda sudah mempunyai seri dengan judul ini."), "title")
