from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.enums.gakkumdu import LEADING
from incidents.models import IncidentType, SeverityTarget
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record
from portal.registry.models import Agency


def load_taxonomy(
    *,
    types: Iterable[Mapping[str, Any]],
    targets: Iterable[Mapping[str, Any]],
    by: Actor,
    at: datetime,
) -> int:
    """Bring incident types and target minutes to what is given; returns how many rows changed.

    Types in use are never removed. Agencies are named by slug and must be in the registry.
    """
    agencies = {agency.slug: agency for agency in Agency.objects.all()}
    with transaction.atomic():
        changed = sum(
            _load_type(row, position, agencies, by=by, at=at)
            for position, row in enumerate(types, start=1)
        )
        changed += sum(_load_target(row, by=by, at=at) for row in targets)
    return changed


def _load_type(
    row: Mapping[str, Any],
    position: int,
    agencies: Mapping[str, Agency],
    *,
    by: Actor,
    at: datetime,
) -> int:
    wanted = {
        "name": row["name"],
        "name_en": row["name_en"],
        "handlers": row["handlers"],
        "lead_id": agencies[row["lead"]].pk,
        "position": position,
    }
    supporting = {agencies[slug] for slug in row["supporting"]}
    complained_of = {agencies[slug] for slug in row.get("complained_of", ())}
    if complained_of and row["lead"] != LEADING:
        raise Refused(_("Aduan terhadap instansi dipimpin Bawaslu."), "lead")
    known = IncidentType.objects.filter(pk=row["code"]).first()
    if (
        known
        and all(getattr(known, name) == value for name, value in wanted.items())
        and set(known.supporting.all()) == supporting
        and set(known.complained_of.all()) == complained_of
    ):
        return 0
    kind, _created = IncidentType.objects.update_or_create(code=row["code"], defaults=wanted)
    kind.supporting.set(supporting)
    kind.complained_of.set(complained_of)
    record("incident_type.load", kind, by=by, at=at, after=dict(row))
    return 1


def _load_target(row: Mapping[str, Any], *, by: Actor, at: datetime) -> int:
    if SeverityTarget.objects.filter(**row).exists():
        return 0
    values = {name: value for name, value in row.items() if name != "severity"}
    target, _created = SeverityTarget.objects.update_or_create(
        severity=row["severity"], defaults=values
    )
    record("severity_target.load", target, by=by, at=at, after=dict(row))
    return 1
