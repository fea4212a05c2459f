"""What makes the figures of a report impossible, said so that it can be mended."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deployments.models import ABSENCES

PEOPLE = ("total", "present", "engaged", "standby", "reserve")
PERCENT = ("vehicles_percent", "comms_percent")
KEPT_ON_PAPER = ("establishment", "actual")
"""DSP and riil: what the unit should have, and has on its rolls. None: not said."""
COUNTS = (*PEOPLE, *ABSENCES, "seconded_in")
LARGEST = 100_000
"""No unit here has more people; a larger number is a slip of the finger."""


def people(number: int) -> str:
    return ngettext("%(number)d orang", "%(number)d orang", number) % {"number": number}


def figure_errors(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(field, sentence) for every contradiction in the report's figures; empty when they fit."""
    errors = []
    for name in (*COUNTS, *PERCENT, *KEPT_ON_PAPER):
        top = 100 if name in PERCENT else LARGEST
        number = values[name] if name in COUNTS else values.get(name)
        if number is not None and not 0 <= number <= top:
            errors.append((name, _("Isi antara 0 dan %(top)s.") % {"top": top}))
    if errors:
        return errors
    actual = values.get("actual")
    if actual is not None and values["total"] > actual:
        errors.append(
            (
                "total",
                _("Jumlah %(total)d melebihi riil %(actual)d: kelebihan %(difference)s.")
                % {
                    "total": values["total"],
                    "actual": actual,
                    "difference": people(values["total"] - actual),
                },
            )
        )
    if values["present"] > values["total"]:
        errors.append(
            (
                "present",
                _("Hadir %(present)d melebihi jumlah %(total)d: kelebihan %(difference)s.")
                % {
                    "present": values["present"],
                    "total": values["total"],
                    "difference": people(values["present"] - values["total"]),
                },
            )
        )
    else:
        errors += _balance(values)
    used = values["engaged"] + values["standby"] + values["reserve"]
    there = values["present"] + values["seconded_in"]
    if used > there:
        errors.append(
            (
                "engaged",
                _(
                    "Terlibat, siaga, dan cadangan berjumlah %(used)d, padahal yang hadir bersama "
                    "BKO masuk hanya %(there)d: kelebihan %(difference)s."
                )
                % {"used": used, "there": there, "difference": people(used - there)},
            )
        )
    return errors


def _balance(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    absent = sum(values[name] for name in ABSENCES)
    difference = values["total"] - values["present"] - absent
    if not difference:
        return []
    numbers = {
        "total": values["total"],
        "present": values["present"],
        "absent": absent,
        "sum": values["present"] + absent,
        "difference": people(abs(difference)),
    }
    if difference > 0:
        sentence = _(
            "Jumlah %(total)d tidak sama dengan hadir %(present)d + kurang %(absent)d = %(sum)d: "
            "%(difference)s belum dijelaskan."
        )
    else:
        sentence = _(
            "Jumlah %(total)d tidak sama dengan hadir %(present)d + kurang %(absent)d = %(sum)d: "
            "kelebihan %(difference)s."
        )
    return [("total", sentence % numbers)]


def line_errors(
    values: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], allowed: Mapping[str, bool]
) -> list[tuple[str, str]]:
    """What is wrong with the itemisation by district (unknown places, twice the same, more than
    all): the district's code, or none where it is about all of them, and the sentence."""
    codes = [line["region"] for line in lines]
    errors = [
        (code, _("Kecamatan %(code)s bukan wilayah kerja satuan ini.") % {"code": code})
        for code in sorted(set(codes) - set(allowed))
    ]
    errors += [
        (code, _("Kecamatan %(code)s diisi lebih dari sekali.") % {"code": code})
        for code in sorted({code for code in codes if codes.count(code) > 1})
    ]
    for line in lines:
        given = {"code": line["region"], "present": line["present"], "total": line["total"]}
        if any(not 0 <= line[name] <= LARGEST for name in PEOPLE):
            sentence = _("Angka kecamatan %(code)s harus antara 0 dan %(top)d.")
            errors.append((line["region"], sentence % {**given, "top": LARGEST}))
        elif line["present"] > line["total"]:
            sentence = _("Kecamatan %(code)s: hadir %(present)d melebihi jumlah %(total)d.")
            errors.append((line["region"], sentence % given))
    return errors or [("", sentence) for sentence in _more_than_all(values, lines)]


def _more_than_all(values: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> list[str]:
    labels = {
        "total": _("jumlah"),
        "present": _("hadir"),
        "engaged": _("terlibat"),
        "standby": _("siaga"),
        "reserve": _("cadangan"),
    }
    errors = []
    for name in PEOPLE:
        parts = sum(line[name] for line in lines)
        if parts > values[name]:
            errors.append(
                _("Rincian kecamatan (%(label)s) %(parts)d melebihi %(whole)d: %(difference)s.")
                % {
                    "label": labels[name],
                    "parts": parts,
                    "whole": values[name],
                    "difference": people(parts - values[name]),
                }
            )
    return errors
