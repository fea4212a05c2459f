"""How a unit is spread over its districts, as its agency declares it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from deployments.models import DistrictShare
from deployments.queries.shares import covered_districts, declared_shares
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record
from portal.registry.models import Unit


def declare_shares(
    unit: Unit, shares: Mapping[str, Decimal], *, source: str, by: Actor, at: datetime
) -> list[DistrictShare]:
    """Say which part of the unit stands in each of its districts, from now on; what was reported
    and shown before keeps its split. The same shares again change nothing. Raises Refused for a
    district that the unit does not cover, and for more than the whole."""
    fresh = {code: share for code, share in shares.items() if share}
    with transaction.atomic():
        unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        _check(unit, fresh, source)
        standing = DistrictShare.objects.filter(unit=unit, until__isnull=True)
        before = declared_shares([unit.pk], at).get(unit.pk, {})
        if before != fresh:
            standing.update(until=at)
            DistrictShare.objects.bulk_create(
                DistrictShare(
                    unit=unit,
                    district_id=code,
                    share=share,
                    source=source,
                    since=at,
                    declared_by_id=by.post_id,
                )
                for code, share in sorted(fresh.items())
            )
            record(
                "unit.shares",
                unit,
                by=by,
                at=at,
                before=_told(before),
                after=_told(fresh) | {"source": source},
            )
    return list(standing.all())


def _check(unit: Unit, shares: Mapping[str, Decimal], source: str) -> None:
    covered = {region.code for region in covered_districts(unit)}
    for code, share in shares.items():
        if code not in covered:
            raise Refused(
                _("Kecamatan %(code)s bukan wilayah kerja satuan ini.") % {"code": code}, "shares"
            )
        if not 0 < share <= 1:
            raise Refused(_("Bagian harus antara 0 dan 100 persen."), "shares")
    total = sum(shares.values(), Decimal(0))
    if total > 1:
        raise Refused(
            _("Jumlah bagian %(total)s persen; paling banyak 100 persen.")
            % {"total": f"{total * 100:.2f}".rstrip("0").rstrip(".")},
            "shares",
        )
    if not source.strip():
        raise Refused(_("Sebutkan sumbernya."), "source")


def _told(shares: Mapping[str, Decimal]) -> dict[str, str]:
    return {code: str(share.normalize()) for code, share in sorted(shares.items())}
