"""Rows and parts of the pages about polling stations as plain values: a template only prints."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deployments.enums import CLASS_BADGE, IKP_BADGE, TagVariable, TpsClass, ikp_class
from deployments.models import DisagreementRule, StationClass, StationTag
from deployments.queries.stations import Territory, holding, tags_of
from portal.registry.enums import FigureKind
from portal.registry.models import PollingStation
from portal.registry.queries import figures
from portal.web.templatetags.portal import angka, desimal, tanggal_pendek

SHOWN_TAGS = 3


def class_label(police_class: str | None) -> str:
    return str(TpsClass(police_class).label) if police_class else _("Belum diklasifikasi")


def class_badge(police_class: str | None) -> str:
    return CLASS_BADGE[TpsClass(police_class)] if police_class else "silent"


def choice_of(station: Any) -> str:
    """What a form sends for a station: it, and the class row that the user saw."""
    return f"{station.pk}:{station.class_id or 0}"


def station_rows(
    stations: Iterable[PollingStation],
    at: datetime,
    rules: Sequence[DisagreementRule],
    own: Territory,
) -> list[dict[str, Any]]:
    """A page of stations from `station_list`, the tags of all of them read at once."""
    listed = list(stations)
    tags = tags_of([station.pk for station in listed], at)
    return [_row(station, tags.get(station.pk, []), rules, own) for station in listed]


def _row(
    station: Any, tags: Sequence[StationTag], rules: Sequence[DisagreementRule], own: Territory
) -> dict[str, Any]:
    held = holding(rules, station.police_class, [tag.indicator.variable for tag in tags])
    more = len(tags) - SHOWN_TAGS
    return {
        "pk": station.pk,
        "code": station.code,
        "name": station.name,
        "url": reverse("deployments:station_detail", args=[station.pk]),
        "district": station.district.name,
        "regency": station.district.parent.short_name,
        "voters": angka(station.voters) if station.voters is not None else "–",
        "class": class_label(station.police_class),
        "badge": class_badge(station.police_class),
        "tags": [tag.indicator.label for tag in tags[:SHOWN_TAGS]],
        "all_tags": [tag.indicator.label for tag in tags],
        "more": _("dan %(n)d lagi") % {"n": more} if more > 0 else "",
        "disagrees": bool(held),
        "why": "; ".join(rule_sentence(rule) for rule in held),
        "choice": choice_of(station) if own.covers(station.district_id) else "",
        "illustrative": station.illustrative,
    }


def rule_sentence(rule: DisagreementRule) -> str:
    """The rule as people say it, with its threshold."""
    kind = TpsClass(rule.tps_class).label
    if rule.at_least is not None:
        text = ngettext(
            "Polri: %(class)s, tetapi Bawaslu memberi paling sedikit %(n)d tanda",
            "Polri: %(class)s, tetapi Bawaslu memberi paling sedikit %(n)d tanda",
            rule.at_least,
        ) % {"class": kind, "n": rule.at_least}
        if rule.variable:
            text = _("%(rule)s, termasuk %(variable)s") % {
                "rule": text,
                "variable": TagVariable(rule.variable).label,
            }
        return text
    if not rule.at_most:
        return _("Polri: %(class)s, tetapi Bawaslu tidak memberi satu tanda pun") % {"class": kind}
    return _("Polri: %(class)s, tetapi Bawaslu memberi paling banyak %(n)d tanda") % {
        "class": kind,
        "n": rule.at_most,
    }


def rule_rows(rules: Iterable[DisagreementRule]) -> list[dict[str, Any]]:
    return [
        {
            "sentence": rule_sentence(rule),
            "source": rule.source,
            "illustrative": rule.illustrative,
        }
        for rule in rules
    ]


def detail_page(station: Any, at: datetime, rules: Sequence[DisagreementRule]) -> dict[str, Any]:
    """One station from `station_list`: facts, the police's side, the supervisors' side."""
    tags = tags_of([station.pk], at).get(station.pk, [])
    classes = list(
        StationClass.objects.filter(station=station)
        .select_related("recorded_by", "agency")
        .order_by("-valid_from", "-pk")
    )
    held = holding(rules, station.police_class, [tag.indicator.variable for tag in tags])
    standing = next((row for row in classes if row.pk == station.class_id), None)
    return {
        "facts": _facts(station),
        "class": class_label(station.police_class),
        "badge": class_badge(station.police_class),
        "standing": standing,
        "classes": [_class_event(row) for row in classes],
        "tag_groups": _groups(tags),
        "tag_count": len(tags),
        "tag_events": _tag_events(station),
        "disagreements": [rule_sentence(rule) for rule in held],
        "ikp": ikp_of(station.district.parent_id),
    }


def _facts(station: Any) -> list[dict[str, str]]:
    village = station.village.name if station.village else "–"
    return [
        {"label": _("Kode TPS"), "value": station.code},
        {"label": _("Desa/kelurahan"), "value": village},
        {"label": _("Kecamatan"), "value": station.district.name},
        {"label": _("Kabupaten/kota"), "value": station.district.parent.name},
        {
            "label": _("Pemilih"),
            "value": angka(station.voters) if station.voters is not None else "–",
        },
        {
            "label": _("Sumber"),
            "value": f"{station.source}, {tanggal_pendek(station.as_of)}",
        },
    ]


def _class_event(row: StationClass) -> dict[str, Any]:
    return {
        "at": row.recorded_at,
        "title": _("%(class)s sejak %(day)s")
        % {"class": row.get_tps_class_display(), "day": tanggal_pendek(row.valid_from)},
        "by": str(row.recorded_by) if row.recorded_by else row.agency.short_name,
        "text": row.reason,
        "kind": CLASS_BADGE[TpsClass(row.tps_class)],
    }


def _groups(tags: Sequence[StationTag]) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, str]]] = {}
    for tag in tags:
        found.setdefault(tag.indicator.variable, []).append(
            {"label": tag.indicator.label, "note": tag.note}
        )
    return [
        {"variable": str(TagVariable(variable).label), "tags": items}
        for variable, items in found.items()
    ]


def _tag_events(station: PollingStation) -> list[dict[str, Any]]:
    """Every tag that was set or taken off, the newest first."""
    rows = StationTag.objects.filter(station=station).select_related(
        "indicator", "agency", "recorded_by", "removed_by"
    )
    events = [
        {
            "at": row.recorded_at,
            "title": _("Ditandai: %(tag)s") % {"tag": row.indicator.label},
            "by": str(row.recorded_by) if row.recorded_by else row.agency.short_name,
            "text": row.note,
            "kind": "warning",
        }
        for row in rows
    ]
    events += [
        {
            "at": row.removed_at,
            "title": _("Dicabut: %(tag)s") % {"tag": row.indicator.label},
            "by": str(row.removed_by) if row.removed_by else row.agency.short_name,
            "text": row.removal_reason,
            "kind": "neutral",
        }
        for row in rows
        if row.removed_at
    ]
    return sorted(events, key=lambda event: event["at"], reverse=True)


def ikp_of(regency: str) -> dict[str, str] | None:
    """The regency's vulnerability index with its class; None where none is known."""
    figure = figures([regency], [FigureKind.IKP]).get((regency, FigureKind.IKP))
    if figure is None:
        return None
    return ikp_cell(figure.value) | {"source": figure.source}


def ikp_cell(hundredths: int | None) -> dict[str, str]:
    """An index as shown: the points, its class and the class's colour."""
    if hundredths is None:
        return {"value": "–", "label": "", "badge": ""}
    kind = ikp_class(hundredths)
    return {
        "value": desimal(hundredths / 100, 2 if hundredths % 10 else 1),
        "label": str(kind.label),
        "badge": IKP_BADGE[kind],
    }
