"""The list of guarding patterns as plain values."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from deployments.enums import CLASS_BADGE, TpsClass
from deployments.models import GuardPattern
from deployments.queries.need_rows import moment_in
from deployments.queries.needs import spaced
from portal import clock
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.registry.models import Operation


def pattern_list_rows(actor: Actor, operation: Operation, at: datetime) -> list[dict[str, Any]]:
    """Every pattern of the operation, the agency's own first; `past`: its last day is over or a
    newer one took its place."""
    shown_at = moment_in(operation, at)
    in_force = {pattern.pk for pattern in GuardPattern.objects.in_force(operation, shown_at)}
    day, today = clock.local(shown_at).date(), clock.local(at).date()
    order = list(TpsClass.values)
    patterns = (
        GuardPattern.objects.visible_to(actor)
        .filter(operation=operation)
        .select_related("agency", "unit")
    )
    edits = may(actor, Permission.PATTERN_EDIT)
    return [
        {
            "unit": row.unit.short_name if row.unit else _("Semua Polres"),
            "class": str(TpsClass(row.tps_class).label),
            "badge": CLASS_BADGE[TpsClass(row.tps_class)],
            "pattern": spaced(row),
            "override": row.linmas_override,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "recorded_at": row.recorded_at,
            "source": row.source,
            "illustrative": row.illustrative,
            "in_force": row.pk in in_force,
            "past": row.pk not in in_force and row.valid_from <= day,
            "end_url": reverse("deployments:pattern_end", args=[row.pk])
            if edits
            and (row.valid_to is None or row.valid_to >= today)
            and may(actor, Permission.PATTERN_EDIT, row.agency)
            else "",
        }
        for row in sorted(
            patterns,
            key=lambda row: (
                row.unit.path if row.unit else "",
                order.index(row.tps_class),
                -row.valid_from.toordinal(),
            ),
        )
    ]
