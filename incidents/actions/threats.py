"""The level of threat of a kecamatan: judged by people, each time with a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.texts import refuse_tally
from incidents.enums.warning import ThreatLevel
from incidents.models import EarlyWarning, Threat
from incidents.rules import judges_threat
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record
from portal.registry.models import Region


def set_threat(
    region: Region,
    *,
    level: int,
    reason: str,
    by: Actor,
    at: datetime,
    warning: EarlyWarning | None = None,
    illustrative: bool = False,
) -> Threat:
    """Set the level from now on, or confirm it for another reason. A warning may be given as the
    ground for raising it, never for lowering it. Raises Refused where nothing would be new."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Tulis alasannya."), "reason")
    refuse_tally(reason=reason)
    if region.level != Region.Level.DISTRICT:
        raise Refused(_("Tingkat ancaman ditetapkan per kecamatan."), "region")
    if level not in ThreatLevel.values:
        raise Refused(_("Pilih tingkat ancaman."), "level")
    if not judges_threat(by, region):
        raise Refused(_("Kecamatan ini berada di luar wilayah jabatan Anda."), "region")
    with transaction.atomic():
        Region.objects.select_for_update(no_key=True, of=("self",)).get(pk=region.pk)
        now = Threat.objects.filter(region=region).first()
        if now and (now.level, now.reason) == (level, reason):
            raise Refused(
                _("Tingkat dan alasan ini sudah berlaku. Tulis alasan baru bila tingkatnya tetap."),
                "reason",
            )
        if warning and now and level < now.level:
            raise Refused(_("Peringatan hanya dapat menjadi dasar menaikkan tingkat."), "level")
        if warning and not (region.pk + ".").startswith(warning.region_id + "."):
            raise Refused(_("Kecamatan ini di luar wilayah peringatan."), "region")
        threat = Threat.objects.create(
            region=region,
            level=level,
            reason=reason,
            warning=warning,
            post_id=by.post_id,
            agency_id=by.agency_id,
            at=at,
            illustrative=illustrative,
        )
        record(
            "threat.set",
            threat,
            by=by,
            at=at,
            before={"level": now.level if now else None},
            after={"region": region.pk, "level": level, "warning": warning and warning.number},
            note=reason,
        )
    return threat
