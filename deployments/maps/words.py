"""Figures as words, in the reader's language."""

from collections.abc import Callable
from typing import Protocol

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deployments.enums import Light
from deployments.queries.group_lights import held_of
from deployments.queries.strength import StrengthRow


def figure(value: int | None) -> str:
    """3.041; a missing figure is a dash, not a zero."""
    return "–" if value is None else number_format(value, 0, force_grouping=True)


def amount(value: float) -> str:
    """1.204; 1,25 keeps what it has behind the comma, at most two digits."""
    places = 0 if value == int(value) else 2
    text = number_format(value, places, force_grouping=True)
    mark = number_format(0.5, 1)[1]
    return text.rstrip("0").rstrip(mark) if places else text


def signed(value: float, say: Callable[[float], str]) -> str:
    """+12, −3, 0"""
    mark = "+" if value > 0 else "−" if value < 0 else ""
    return f"{mark}{say(round(abs(value), 2))}"


def percent(value: float) -> str:
    return f"{amount(round(value, 1))}%"


def people(row: StrengthRow) -> str:
    return figure(row.declared) if row.declared else "–"


def balance(row: StrengthRow) -> str:
    """What is there beyond the need: +120, 0; −12 where it falls short."""
    if not row.gap:
        return figure(row.gap)
    return f"+{figure(-row.gap)}" if row.gap < 0 else f"−{figure(row.gap)}"


def short_or_over(gap: int | None) -> str:
    """A gap in words, wherever one is printed: kurang 12, lebih 120, cukup."""
    if gap is None:
        return "–"
    if gap > 0:
        return _("kurang %(number)s") % {"number": figure(gap)}
    return _("lebih %(number)s") % {"number": figure(-gap)} if gap else _("cukup")


class Reported(Protocol):
    """Reports expected of a region and those that count."""

    @property
    def expected(self) -> int: ...
    @property
    def received(self) -> int: ...


def is_told(row: Reported) -> bool:
    """Whether the region's own reports say who is present: while none of them counts, nobody knows,
    even if a neighbour's unit told of its part there."""
    return bool(row.received or not row.expected)


def present(row: StrengthRow) -> str:
    """Who is present, in per cent of the strength reported; "?" while that is not told."""
    if row.total and is_told(row):
        return f"{row.present * 100 // row.total}%"
    return "?" if row.light else "–"


def reports(row: StrengthRow) -> str:
    """Received of expected: 4/6"""
    return f"{row.received}/{row.expected}" if row.expected else "–"


def count_people(number: int) -> str:
    return ngettext("%(number)s personel", "%(number)s personel", number) % {
        "number": figure(number)
    }


def say_not_itemised(row: StrengthRow | None) -> str:
    """How many of those announced stand nowhere; never hidden while there is one."""
    number = row.not_itemised if row else 0
    if not number:
        return ""
    return ngettext(
        "%(people)s orang tidak terperinci.", "%(people)s orang tidak terperinci.", number
    ) % {"people": figure(number)}


def say_strength(row: StrengthRow) -> str:
    return count_people(row.declared)


def guarding(row: StrengthRow) -> int | None:
    """Persons who are engaged in the agencies for which there is a need; None: nobody knows."""
    return None if row.need is None or row.gap is None else row.need - row.gap


def say_gap(row: StrengthRow) -> str:
    if row.need is None:
        return _("%(people)s, kebutuhan belum ditetapkan") % {"people": say_strength(row)}
    engaged = guarding(row)
    if engaged is None:
        return _("kebutuhan %(need)s; yang terlibat belum terperinci di sini") % {
            "need": figure(row.need)
        }
    return _("%(engaged)s personel terlibat, kebutuhan %(need)s: %(balance)s") % {
        "engaged": figure(engaged),
        "need": figure(row.need),
        "balance": short_or_over(row.gap),
    }


def gap_rule(row: StrengthRow) -> str:
    """Whose people are set against the need, and how many; nothing where nobody needs any."""
    engaged = guarding(row)
    owners = [part.agency_short for part in row.by_agency.values() if part.need is not None]
    if engaged is None or not owners:
        return ""
    said = _(
        "Selisih = %(engaged)s terlibat dari %(agencies)s dikurangi kebutuhan %(need)s menurut "
        "pola PAM TPS; instansi lain tidak dihitung."
    )
    return said % {
        "engaged": figure(engaged),
        "agencies": ", ".join(owners),
        "need": figure(row.need),
    }


def say_late(row: StrengthRow) -> str:
    return _("%(late)s laporan terlambat, %(reports)s") % {
        "late": row.came_late,
        "reports": say_reports(row),
    }


def say_reports(row: StrengthRow) -> str:
    if not row.expected:
        return _("tidak ada laporan yang ditunggu")
    said = _("%(received)s dari %(expected)s laporan masuk") % {
        "received": row.received,
        "expected": row.expected,
    }
    held = held_of(row.states)
    if not held:
        return said
    return _("%(reports)s, %(number)s dikarantina") % {"reports": said, "number": figure(held)}


def silent_name(row: StrengthRow) -> str:
    """A silent part by its name; what stands in none of the parts by whose units those are (the
    units themselves are named only to who may see them)."""
    if not row.undistributed:
        return row.region_name
    regency = "." in row.region
    level = _("Satuan tingkat kabupaten/kota") if regency else _("Satuan tingkat provinsi")
    owners = [
        part.agency_short
        for part in row.by_agency.values()
        if part.expected_reports > part.received_reports
    ]
    return f"{level} ({', '.join(owners)})" if owners else level


def say_readiness(row: StrengthRow) -> str:
    said = say_reports(row)
    return f"{Light(row.light).label}, {said}" if row.light else said


def age(minutes: int | None) -> str:
    """How old a report is, in its one or two greatest units: 12 menit, 3 jam 5 menit, 2 hari."""
    if minutes is None:
        return ""
    days, hours = minutes // 1440, minutes // 60 % 24
    parts = [
        (days, ngettext("%(n)s hari", "%(n)s hari", days)),
        (hours, ngettext("%(n)s jam", "%(n)s jam", hours)),
        (minutes % 60 if not days else 0, ngettext("%(n)s menit", "%(n)s menit", minutes % 60)),
    ]
    told = [text % {"n": number} for number, text in parts if number]
    return _("%(age)s lalu") % {"age": " ".join(told)} if told else _("baru saja")
