"""The level of threat per kecamatan: one selector for page, map and API."""

from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.enums import SEVERITY_BADGES
from incidents.enums.warning import ThreatLevel, WarningState
from incidents.models import EarlyWarning, Incident, Threat
from incidents.rules import judges_threat
from portal.access.actor import Actor
from portal.registry.models import Region


def threat_levels(actor: Actor, at: datetime) -> dict[str, int]:
    """Per kecamatan the level that held at that moment; one that nobody judged is absent."""
    rows = Threat.objects.visible_to(actor).filter(at__lte=at).newest()
    return dict(rows.values_list("region_id", "level"))


@dataclass(frozen=True)
class ThreatRow:
    """A kecamatan with its level; `badge` is (kind, label), of one not judged yet `silent`."""

    code: str
    name: str
    regency: str
    url: str
    badge: tuple[str, str]
    reason: str
    since: datetime | None
    by: str
    illustrative: bool


def threat_badge(level: int | None) -> tuple[str, str]:
    if level is None:
        return "silent", _("Belum dinilai")
    return SEVERITY_BADGES[level], str(ThreatLevel(level).label)


def threat_rows(actor: Actor, regency: str = "") -> list[ThreatRow]:
    """Every kecamatan (of a kabupaten/kota), the most threatened first, then by code."""
    newest = Threat.objects.visible_to(actor).newest().select_related("agency")
    judged = {row.region_id: row for row in newest}
    districts = Region.objects.districts().select_related("parent").order_by("code")
    if regency:
        districts = districts.within(regency)
    rows = sorted(
        districts, key=lambda row: (-(judged[row.pk].level if row.pk in judged else 0), row.pk)
    )
    return [_row(row, judged.get(row.pk)) for row in rows]


def _row(region: Region, threat: Threat | None) -> ThreatRow:
    return ThreatRow(
        code=region.pk,
        name=region.name,
        regency=region.parent.name if region.parent else "",
        url=reverse("incidents:threat_detail", args=[region.pk]),
        badge=threat_badge(threat.level if threat else None),
        reason=threat.reason if threat else "",
        since=threat.at if threat else None,
        by=threat.agency.short_name if threat else "",
        illustrative=bool(threat and threat.illustrative),
    )


def threat_history(region: Region, actor: Actor) -> list[dict]:
    """For `ui/timeline.html`, newest first; the warning behind it is named to who sees it. A level
    that was only confirmed is said to stay."""
    rows = list(
        Threat.objects.visible_to(actor)
        .filter(region=region)
        .select_related("post", "agency", "warning")
    )
    pks = [row.warning_id for row in rows if row.warning_id]
    seen = set(
        EarlyWarning.objects.visible_to(actor).filter(pk__in=pks).values_list("pk", flat=True)
    )
    return [
        {
            "at": row.at,
            "title": (
                _("Tingkat ancaman tetap: %(level)s")
                if before is not None and before.level == row.level
                else _("Tingkat ancaman: %(level)s")
            )
            % {"level": row.get_level_display()},
            "by": f"{row.post.title}, {row.agency.short_name}",
            "text": _("%(reason)s (peringatan %(number)s)")
            % {"reason": row.reason, "number": row.warning.number}
            if row.warning and row.warning_id in seen
            else row.reason,
            "kind": threat_badge(row.level)[0],
        }
        for row, before in zip_longest(rows, rows[1:])
    ]


def level_of(region: Region, actor: Actor) -> int | None:
    row = Threat.objects.visible_to(actor).filter(region=region).first()
    return row.level if row else None


@dataclass(frozen=True)
class Proposal:
    """A kecamatan whose level a warning proposes to raise."""

    name: str
    now: tuple[str, str]
    proposed: tuple[str, str]
    url: str


def proposals(warning: EarlyWarning, actor: Actor) -> list[Proposal]:
    """The kecamatan of a running warning (or of what it rests on, as far as the reader sees it)
    whose level lies below the warning's severity, for who may set it."""
    if warning.state != WarningState.RUNNING:
        return []
    seen = Incident.objects.visible_to(actor)
    facts = warning.facts.filter(incident__in=seen).values_list("incident__region", flat=True)
    codes = {warning.region_id, *facts}
    rows = Region.objects.districts().filter(pk__in=codes).order_by("code")
    found = []
    for region in rows:
        level = level_of(region, actor)
        if (level or 0) < warning.severity and judges_threat(actor, region):
            address = reverse("incidents:threat_detail", args=[region.pk])
            found.append(
                Proposal(
                    region.name,
                    threat_badge(level),
                    threat_badge(warning.severity),
                    f"{address}?tingkat={warning.severity}&peringatan={warning.pk}",
                )
            )
    return found
