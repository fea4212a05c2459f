"""The guarding patterns that say how many officers the polling stations need."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from deployments.models import GuardPattern
from deployments.models.pattern import LINMAS_PER_STATION
from portal import clock
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record
from portal.registry.models import Agency, Operation, Unit
from portal.web.templatetags.portal import tanggal_pendek

NUMBERS = ("police", "tps", "linmas")


def set_guard_pattern(
    operation: Operation,
    agency: Agency,
    *,
    tps_class: str,
    police: int,
    tps: int,
    linmas: int,
    valid_from: date,
    source: str,
    by: Actor,
    at: datetime,
    unit: Unit | None = None,
    linmas_override: bool = False,
    valid_to: date | None = None,
    illustrative: bool = False,
) -> GuardPattern:
    """Set how many guard how many stations of a class from a day on; earlier days keep theirs.

    Without a unit for the whole agency. The same again returns the row there is; other numbers for
    the same day are refused.
    """
    _check(police, tps, linmas, linmas_override, valid_from, valid_to)
    if unit is not None and unit.agency_id != agency.pk:
        raise Refused(_("Satuan itu bukan satuan instansi ini."), "unit")
    with transaction.atomic():
        pattern, created = GuardPattern.objects.get_or_create(
            operation=operation,
            agency=agency,
            unit=unit,
            tps_class=tps_class,
            valid_from=valid_from,
            defaults={
                "police": police,
                "tps": tps,
                "linmas": linmas,
                "linmas_override": linmas_override,
                "valid_to": valid_to,
                "source": source,
                "illustrative": illustrative,
                "recorded_at": at,
            },
        )
        if created:
            after = {
                "tps_class": tps_class,
                "unit": unit.slug if unit else "",
                "pattern": str(pattern),
                "valid_to": valid_to,
                "source": source,
            }
            record("pattern.set", pattern, by=by, at=at, after=after)
        elif (pattern.police, pattern.tps, pattern.linmas) != (police, tps, linmas):
            raise Refused(
                _("Sejak tanggal itu sudah berlaku pola %(pattern)s. Pilih tanggal lain.")
                % {"pattern": pattern},
                "valid_from",
            )
    return pattern


def end_guard_pattern(
    pattern: GuardPattern, *, valid_to: date, reason: str, by: Actor, at: datetime
) -> GuardPattern:
    """Let a pattern hold up to and including a day, today at the earliest: what was shown for days
    past does not change."""
    with transaction.atomic():
        current = GuardPattern.objects.select_for_update().get(pk=pattern.pk)
        if current.valid_to == valid_to:
            return current
        earliest = max(clock.local(at).date(), current.valid_from)
        if valid_to < earliest:
            raise Refused(
                _("Pola paling awal berakhir %(day)s.") % {"day": tanggal_pendek(earliest)},
                "valid_to",
            )
        if current.valid_to and current.valid_to < clock.local(at).date():
            raise Refused(_("Pola ini sudah berakhir."), "valid_to")
        before = {"valid_to": current.valid_to}
        current.valid_to = valid_to
        current.save()
        after = {"valid_to": valid_to, "reason": reason}
        record("pattern.end", current, by=by, at=at, before=before, after=after)
    return current


def _check(
    police: int,
    tps: int,
    linmas: int,
    linmas_override: bool,
    valid_from: date,
    valid_to: date | None,
) -> None:
    for name, value in zip(NUMBERS, (police, tps, linmas), strict=True):
        if value < (0 if name == "linmas" else 1):
            raise Refused(_("Isi bilangan positif."), name)
    if linmas != tps * LINMAS_PER_STATION and not linmas_override:
        raise Refused(
            _("Linmas dua per TPS: %(wanted)d untuk %(tps)d TPS. Centang bila memang lain.")
            % {"wanted": tps * LINMAS_PER_STATION, "tps": tps},
            "linmas",
        )
    if valid_to and valid_to < valid_from:
        raise Refused(_("Berakhir sebelum mulai."), "valid_to")
