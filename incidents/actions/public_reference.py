from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from incidents.models import PublicSubject, TriageReason
from portal.access.actor import Actor
from portal.audit.record import record


def load_public_reference(
    *,
    subjects: Iterable[Mapping[str, Any]],
    reasons: Iterable[Mapping[str, Any]],
    by: Actor,
    at: datetime,
) -> int:
    """Bring the public's kinds and the quick reasons to what is given; returns how many rows
    changed. What is in use is never removed."""
    changed = 0
    with transaction.atomic():
        for position, row in enumerate(subjects, start=1):
            values = {name: row[name] for name in ("words", "words_en", "kept_from")}
            values |= {"type_id": row["type"], "position": position}
            known = PublicSubject.objects.filter(pk=row["slug"], **values).exists()
            if not known:
                subject, _created = PublicSubject.objects.update_or_create(
                    pk=row["slug"], defaults=values
                )
                record("public_subject.load", subject, by=by, at=at, after=dict(row))
                changed += 1
        for position, row in enumerate(reasons, start=1):
            values = {name: row[name] for name in row if name != "slug"} | {"position": position}
            known = TriageReason.objects.filter(pk=row["slug"], **values).exists()
            if not known:
                reason, _created = TriageReason.objects.update_or_create(
                    pk=row["slug"], defaults=values
                )
                record("triage_reason.load", reason, by=by, at=at, after=dict(row))
                changed += 1
    return changed
