"""Nobody is placed twice: not one unit at one place, not more people than a unit has."""

from typing import Any

from django.utils.translation import gettext as _

from deployments.models import Deployment
from deployments.queries.placements import busiest_day, other_at_place, unit_strength
from portal.access.errors import Refused
from portal.registry.models import Operation, Unit
from portal.web.templatetags.portal import angka, tanggal_pendek


def refuse_double_use(
    operation: Operation, values: dict[str, Any], own: Deployment | None = None
) -> None:
    """Raises Refused where the unit already stands at that place on one of those days, or would
    have more people placed on a day than it has. The unit is locked: two at once come one after
    the other."""
    unit = Unit.objects.select_for_update().get(pk=values["unit"].pk)
    others = Deployment.objects.filter(operation=operation, unit=unit).binding()
    others = others.overlapping(values["starts_on"], values["ends_on"])
    if own is not None:
        others = others.exclude(pk=own.pk)
    twin = other_at_place(others, values["place"])
    if twin is not None:
        raise Refused(
            _("%(unit)s sudah di %(place)s: penempatan nomor %(number)d, %(from)s – %(to)s.")
            % {
                "unit": unit.short_name,
                "place": twin.place,
                "number": twin.pk,
                "from": tanggal_pendek(twin.starts_on),
                "to": tanggal_pendek(twin.ends_on) or "…",
            },
            "place",
        )
    _refuse_too_many(operation, unit, [row for row in others if not row.controller_id], values)


def _refuse_too_many(
    operation: Operation, unit: Unit, others: list[Deployment], values: dict[str, Any]
) -> None:
    """People lent to another agency (BKO) are not in their unit's report, so neither here."""
    strength = unit_strength(operation, unit)
    if strength is None:
        return
    day = busiest_day(others, values["starts_on"])
    if day.personnel + values["personnel"] <= strength:
        return
    numbers = ", ".join(f"{row.pk} ({angka(row.personnel)})" for row in day.deployments) or "–"
    raise Refused(
        _(
            "%(unit)s mempunyai %(strength)s orang; pada %(day)s sudah %(used)s ditempatkan "
            "(penempatan nomor %(numbers)s), sisa %(left)s, diminta %(asked)s."
        )
        % {
            "unit": unit.short_name,
            "strength": angka(strength),
            "day": tanggal_pendek(day.on),
            "used": angka(day.personnel),
            "numbers": numbers,
            "left": angka(max(strength - day.personnel, 0)),
            "asked": angka(values["personnel"]),
        },
        "personnel",
    )
