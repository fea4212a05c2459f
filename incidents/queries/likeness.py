"""Which records may tell of the same event: near in time and place, of like type, in like words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.models import Account, FieldReport, Incident
from incidents.queries.distances import given_point, kilometres
from portal.access.actor import Actor
from portal.registry.models import Region

WINDOW = timedelta(hours=24)
NEAR_KM = 5.0
MOST_COMPARED = 200
LIKELY = 0.5
WEIGHTS = {"time": 0.3, "place": 0.3, "type": 0.2, "words": 0.2}
WORD = re.compile(r"\w{4,}")

Told = TypeVar("Told", bound=Account)


@dataclass(frozen=True)
class Likeness:
    """A record that may tell of the same event. `score` is per cent; `reasons` say why, ready to
    print."""

    account: Account
    score: int
    reasons: list[str]


def likely_incidents(account: Account, actor: Actor, limit: int = 5) -> list[Likeness]:
    """Open incidents in sight that the account may belong to, the likeliest first."""
    rows = Incident.objects.visible_to(actor).judged_by(actor).open()
    if isinstance(account, Incident):
        rows = rows.exclude(pk=account.pk)
    return _likely(account, _around(rows, account), limit)


def likely_reports(report: FieldReport, actor: Actor, limit: int = 5) -> list[Likeness]:
    """Waiting field reports in sight that may tell of the same event, the likeliest first."""
    rows = FieldReport.objects.visible_to(actor).waiting().exclude(pk=report.pk)
    return _likely(report, _around(rows, report), limit)


def likeness(one: Account, other: Account) -> float:
    """0 (nothing in common) to 1 (the same time, place, type and words)."""
    parts = _parts(one, other)
    return sum(WEIGHTS[name] * value for name, value in parts.items())


def distance_km(one: Account, other: Account) -> float | None:
    """Kilometres between two points, None when one has none."""
    first, second = given_point(one), given_point(other)
    return kilometres(first, second) if first and second else None


def _around(rows, account: Account):
    regency = _regency(account.region_id)
    window = (account.occurred_at - WINDOW, account.occurred_at + WINDOW)
    rows = rows.in_region(regency).filter(occurred_at__range=window).defer("stems")
    rows = rows.select_related("type", "region__parent")
    return rows.order_by("-occurred_at", "-pk")[:MOST_COMPARED]


def _likely(account: Account, rows: Iterable[Told], limit: int) -> list[Likeness]:
    scored = [(likeness(account, row), row) for row in rows]
    best = sorted((pair for pair in scored if pair[0] >= LIKELY), key=lambda pair: -pair[0])
    return [
        Likeness(row, round(score * 100), _reasons(account, row)) for score, row in best[:limit]
    ]


def _parts(one: Account, other: Account) -> dict[str, float]:
    apart = abs(one.occurred_at - other.occurred_at)
    return {
        "time": max(0.0, 1 - apart / WINDOW),
        "place": _same_place(one, other),
        "type": 1.0 if one.type_id == other.type_id else 0.5 * (one.type_id[0] == other.type_id[0]),
        "words": _same_words(one, other),
    }


def _same_place(one: Account, other: Account) -> float:
    kilometres = distance_km(one, other)
    if kilometres is not None:
        return max(0.0, 1 - kilometres / NEAR_KM)
    if one.region_id == other.region_id and one.region.level == Region.Level.DISTRICT:
        return 0.8
    return 0.3 if _regency(one.region_id) == _regency(other.region_id) else 0.0


def _same_words(one: Account, other: Account) -> float:
    """Shared words against the shorter text's, so that a short report matches a long one."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def _words(account: Account) -> frozenset[str]:
    text = f"{account.title} {account.place} {account.chronology}".lower()
    return frozenset(WORD.findall(text))


def _regency(code: str) -> str:
    return ".".join(code.split(".")[:2])


def _reasons(one: Account, other: Account) -> list[str]:
    parts = _parts(one, other)
    minutes = round(abs((one.occurred_at - other.occurred_at).total_seconds()) / 60)
    said = ngettext("selisih %(n)s menit", "selisih %(n)s menit", minutes) % {"n": minutes}
    if minutes >= 120:
        hours = round(minutes / 60)
        said = ngettext("selisih %(n)s jam", "selisih %(n)s jam", hours) % {"n": hours}
    reasons = [said]
    kilometres = distance_km(one, other)
    if kilometres is not None and kilometres <= NEAR_KM:
        reasons.append(_("jarak %(km)s km") % {"km": f"{kilometres:.1f}".replace(".", ",")})
    elif parts["place"] >= 0.8:
        reasons.append(_("kecamatan sama"))
    if parts["type"] == 1:
        reasons.append(_("jenis sama"))
    if parts["words"] >= 0.3:
        reasons.append(_("kata-kata serupa"))
    return reasons
