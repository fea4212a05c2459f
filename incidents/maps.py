"""Incidents as a measure of the map; the setting MAP_MEASURES brings it there."""

from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from deployments.maps import words
from deployments.maps.measure import Asked, Measure
from deployments.maps.shading import Band, Fact, Scale
from incidents.enums.warning import ThreatLevel
from incidents.models import Incident, Threat
from incidents.models.incident import IncidentQuerySet
from incidents.queries.moments import STILL_OPEN, known_at
from incidents.queries.threats import threat_levels
from portal.access.actor import Actor
from portal.registry.models import Region, parent_code

WEEK = timedelta(days=7)


def open_at(actor: Actor, at: datetime) -> IncidentQuerySet:
    """What the reader may see of what was reported and still open at that moment."""
    return known_at(actor, at).filter(STILL_OPEN)


def open_by_region(asked: Asked) -> dict[str, Fact]:
    """Per region the open incidents inside it; none is zero, for what is not reported is not
    known to anybody."""
    rows = open_at(asked.actor, asked.at).filter(reported_at__date__gte=asked.operation.starts_on)
    return {
        code: _fact(
            number, ngettext("%(number)s kejadian terbuka", "%(number)s kejadian terbuka", number)
        )
        for code, number in _by_region(asked, rows).items()
    }


def reported_in_week(asked: Asked) -> dict[str, Fact]:
    """Per region the incidents inside it that were reported in the seven days until the moment."""
    rows = Incident.objects.visible_to(asked.actor).apart()
    rows = rows.filter(reported_at__gt=asked.at - WEEK, reported_at__lte=asked.at)
    return {
        code: _fact(
            number,
            ngettext(
                "%(number)s kejadian dilaporkan dalam tujuh hari",
                "%(number)s kejadian dilaporkan dalam tujuh hari",
                number,
            ),
        )
        for code, number in _by_region(asked, rows).items()
    }


def threatened(asked: Asked) -> dict[str, Fact]:
    """Per region the highest level that held inside it at the moment; a region in which nobody
    judged any kecamatan is not known, which is not the same as low."""
    highest: dict[str, tuple[int, int]] = {}
    for district, level in threat_levels(asked.actor, asked.at).items():
        code: str | None = district
        while code:
            worst, number = highest.get(code, (0, 0))
            at_worst = number + 1 if level == worst else 1 if level > worst else number
            highest[code] = (max(worst, level), at_worst)
            code = parent_code(code)
    return {
        code: _level(code, *highest[code])
        if code in highest
        else Fact(None, "–", _("belum dinilai"))
        for code in asked.codes
    }


def _level(code: str, level: int, districts: int) -> Fact:
    label = str(ThreatLevel(level).label)
    if code.count(".") > 1:
        return Fact(level, label, _("tingkat ancaman: %(level)s") % {"level": label})
    said = ngettext(
        "tingkat ancaman tertinggi: %(level)s, di %(number)s kecamatan",
        "tingkat ancaman tertinggi: %(level)s, di %(number)s kecamatan",
        districts,
    )
    return Fact(level, label, said % {"level": label, "number": words.figure(districts)})


def threat_bands() -> list[Band]:
    """One class per level, in shades that lie apart."""
    shades = zip((1, 3, 4, 5), ThreatLevel, strict=True)
    return [Band(f"concern-{shade}", str(level.label), level) for shade, level in shades]


def threat_version(actor: Actor, at: datetime) -> str:
    """Changes when a kecamatan is judged."""
    return f"-{Threat.objects.visible_to(actor).aggregate(Max('pk'))['pk__max'] or 0}"


def _by_region(asked: Asked, rows: IncidentQuerySet) -> dict[str, int]:
    """Every region asked for; of an agency only what it leads."""
    if asked.agency:
        rows = rows.filter(lead_agency__slug=asked.agency)
    counts = dict.fromkeys(asked.codes, 0)
    for region, number in rows.values_list("region_id").annotate(Count("pk")).order_by():
        code: str | None = region
        while code:
            if code in counts:
                counts[code] += number
            code = parent_code(code)
    return counts


def _fact(number: int, said: str) -> Fact:
    text = words.figure(number)
    return Fact(number or None, text, said % {"number": text} if number else _("tidak ada"))


def version(actor: Actor, at: datetime) -> str:
    """Changes when an incident that the reader sees is written or moves."""
    seen = Incident.objects.visible_to(actor).aggregate(Count("pk"), Max("updated_at"))
    newest = seen["updated_at__max"]
    return f"-{seen['pk__count']}-{newest.timestamp() if newest else 0}"


OPEN_INCIDENTS = Measure(
    "incidents",
    gettext_lazy("Kejadian terbuka"),
    gettext_lazy("Kejadian terbuka"),
    Scale(
        gettext_lazy("Tidak ada kejadian terbuka"),
        ramp="concern",
        steps={Region.Level.REGENCY: (2, 4, 8, 16)},
    ),
    read=open_by_region,
    version=version,
    source=gettext_lazy("Hanya kejadian yang boleh Anda lihat."),
)

WEEK_OF_INCIDENTS = Measure(
    "incidents-week",
    gettext_lazy("Kejadian sepekan"),
    gettext_lazy("Dilaporkan dalam tujuh hari"),
    Scale(
        gettext_lazy("Tidak ada yang dilaporkan"),
        ramp="concern",
        steps={Region.Level.REGENCY: (2, 4, 8, 16), Region.Level.DISTRICT: (2, 3, 4, 6)},
    ),
    read=reported_in_week,
    version=version,
    source=gettext_lazy("Hanya kejadian yang boleh Anda lihat."),
)

THREAT = Measure(
    "threat",
    gettext_lazy("Tingkat ancaman"),
    gettext_lazy("Tingkat ancaman tertinggi"),
    Scale(gettext_lazy("Belum dinilai"), named=threat_bands),
    read=threatened,
    counted=False,
    version=threat_version,
    source=gettext_lazy("Tingkat yang ditetapkan per kecamatan; wilayah menurut yang tertinggi."),
)
