"""What makes answers outside the columns impossible, said so that it can be mended."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from deployments.actions.figures import people
from deployments.enums import CONDITIONS, COUNTING, FieldKind
from deployments.models import FormField
from deployments.queries.report_forms import LARGEST_SUM, FormSpec, answers_of
from portal.web.templatetags.portal import angka

LONGEST = 500


def tidy(answers: Mapping[str, Any] | None) -> dict[str, Any]:
    """The answers without those left open."""
    return {
        key: value
        for key, value in (answers or {}).items()
        if value is not None and value != "" and value != {}
    }


def answer_errors(spec: FormSpec, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(field key, sentence) for all that the form does not allow. `values` are the report's
    columns with `answers`; the columns' own contradictions are `figure_errors`."""
    answers = values.get("answers") or {}
    unknown = sorted(set(answers) - {field.key for field in spec.asked()})
    errors = [
        (key, _("Isian %(key)s tidak ada di formulir ini.") % {"key": key}) for key in unknown
    ]
    for field in spec.asked():
        if field.key in answers and (sentence := _wrong(field, answers[field.key])):
            errors.append((field.key, sentence))
    if errors:
        return errors
    given = answers_of(values)
    return _missing(spec, given) + _contradictions(spec, given)


def _wrong(field: FormField, value: Any) -> str:
    """Why the value is no answer to the field; empty when it is one."""
    return CHECKS[FieldKind(field.kind)](field, value)


def _count(field: FormField, value: Any) -> str:
    low = field.minimum if field.minimum is not None else 0
    top = field.maximum if field.maximum is not None else LARGEST_SUM
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= top:
        return _("Isi bilangan bulat antara %(low)s dan %(top)s.") % {
            "low": angka(low),
            "top": angka(top),
        }
    return ""


def _yes_no(field: FormField, value: Any) -> str:
    return "" if isinstance(value, bool) else _("Jawab ya atau tidak.")


def _date(field: FormField, value: Any) -> str:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return _("Isi tanggal seperti 2024-11-20.")
    return ""


def _choice(field: FormField, value: Any) -> str:
    return "" if value in [row[0] for row in field.choices] else _("Pilih dari daftar.")


def _text(field: FormField, value: Any) -> str:
    if isinstance(value, str) and len(value) <= LONGEST and "\x00" not in value:
        return ""
    return _("Tulis paling banyak %(number)d karakter.") % {"number": LONGEST}


def _condition(field: FormField, value: Any) -> str:
    counts = value.values() if isinstance(value, dict) else []
    fits = isinstance(value, dict) and set(value) <= set(CONDITIONS)
    if not fits or any(_count(field, count) for count in counts):
        return _("Isi tiga bilangan: baik, rusak ringan, rusak berat.")
    return ""


CHECKS: dict[FieldKind, Callable[[FormField, Any], str]] = {
    **dict.fromkeys(COUNTING, _count),
    FieldKind.YES_NO: _yes_no,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.TEXT: _text,
    FieldKind.CONDITION: _condition,
}


def _missing(spec: FormSpec, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A group is answered whole or left open: half of it would pass for all of it."""
    return [
        (field.key, _("Isi %(field)s, atau kosongkan seluruh bagian ini.") % {"field": field.label})
        for _group, fields in spec.groups
        if any(field.key in given for field in fields)
        for field in fields
        if field.required and field.key not in given
    ]


def _contradictions(spec: FormSpec, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    errors = []
    for field in spec.fields.values():
        top = given.get(field.at_most)
        if field.key in given and top is not None and given[field.key] > top:
            errors.append((field.key, _too_many(spec, field, given[field.key], top)))
        parts = [given[key] for key in field.sum_of if key in given]
        if parts and given.get(field.key) != sum(parts):
            errors.append((field.key, _not_the_sum(field, given.get(field.key), sum(parts))))
    return errors


def _too_many(spec: FormSpec, field: FormField, value: int, top: int) -> str:
    other = spec.fields[field.at_most].label if field.at_most in spec.fields else field.at_most
    return _("%(field)s %(value)s melebihi %(other)s %(top)s: kelebihan %(difference)s.") % {
        "field": field.label,
        "value": angka(value),
        "other": other,
        "top": angka(top),
        "difference": angka(value - top),
    }


def _not_the_sum(field: FormField, value: int | None, whole: int) -> str:
    difference = abs((value or 0) - whole)
    return _(
        "%(field)s %(value)s tidak sama dengan rinciannya %(sum)s: selisih %(difference)s."
    ) % {
        "field": field.label,
        "value": angka(value),
        "sum": angka(whole),
        "difference": people(difference) if field.unit == "orang" else angka(difference),
    }
