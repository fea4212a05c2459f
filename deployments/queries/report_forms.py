"""Which form holds for a unit at a cut-off, and what it asks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from deployments.enums import CONDITIONS, FieldKind
from deployments.models import FormField, FormGroup, ReportForm
from deployments.models.forms import spoken
from portal import clock
from portal.registry.models import Unit
from portal.web.templatetags.portal import angka, tanggal_pendek

LARGEST_SUM = 10**15
"""Rupiah; no budget here is larger."""


@dataclass(frozen=True)
class FormSpec:
    """One version of a form, read once."""

    form: ReportForm
    groups: tuple[tuple[FormGroup, tuple[FormField, ...]], ...]

    @cached_property
    def fields(self) -> dict[str, FormField]:
        return {field.key: field for _group, fields in self.groups for field in fields}

    @cached_property
    def names(self) -> dict[str, str]:
        """What comments may point at: each group and each field, by key."""
        found = {}
        for group, fields in self.groups:
            found[group.key] = group.label
            found |= {field.key: field.label for field in fields}
        return found

    def asked(self) -> Iterator[FormField]:
        """The fields whose answers are not columns of the report."""
        return (field for field in self.fields.values() if not field.column)


def form_for(unit: Unit, cut_off_at: datetime) -> ReportForm | None:
    """The one form that holds for the unit at the cut-off: the published version that is most
    particular (agency, then kind of unit, then stage), and of those the newest."""
    day = clock.local(cut_off_at).date()
    running = Q(stage__isnull=True) | Q(
        stage__starts_at__lte=cut_off_at, stage__ends_at__gt=cut_off_at
    )
    candidates = (
        ReportForm.objects.published(day)
        .filter(running, unit_kind__in=["", unit.kind])
        .filter(Q(agency__isnull=True) | Q(agency=unit.agency_id))
    )
    return max(candidates, key=_rank, default=None)


def _rank(form: ReportForm) -> tuple:
    return (
        form.agency_id is not None,
        bool(form.unit_kind),
        form.stage_id is not None,
        form.valid_from,
        form.number,
        form.pk,
    )


def spec_of(form: ReportForm) -> FormSpec:
    """The form with its groups and fields in order; two queries."""
    groups = form.groups.prefetch_related("fields")
    return FormSpec(form, tuple((group, tuple(group.fields.all())) for group in groups))


def form_rows() -> QuerySet[ReportForm]:
    """Every version of every form, the newest of each first."""
    return ReportForm.objects.select_related("agency", "stage").order_by("key", "-number")


def answers_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """All that was answered, columns and others, by key; what was left open is not there."""
    given = {name: value for name, value in values.items() if name != "answers"}
    given |= values.get("answers") or {}
    return {name: value for name, value in given.items() if value is not None and value != ""}


def spoken_choices(field: FormField) -> list[tuple[str, str]]:
    """(code, text in the reader's language) of a choice."""
    return [(code, spoken(home, english)) for code, home, english in field.choices]


def answer_text(field: FormField, value: Any) -> str:
    """An answer as it is read; a dash where there is none."""
    if value is None or value == "":
        return "–"
    if field.kind == FieldKind.YES_NO:
        return _("Ya") if value else _("Tidak")
    if field.kind == FieldKind.CONDITION:
        return _("B %(b)s · RR %(rr)s · RB %(rb)s") % {
            name: angka(value.get(name, 0)) for name in CONDITIONS
        }
    if field.kind == FieldKind.CHOICE:
        return dict(spoken_choices(field)).get(value, str(value))
    if field.kind == FieldKind.DATE:
        return tanggal_pendek(date.fromisoformat(value))
    if field.kind == FieldKind.PERCENT:
        return f"{value}%"
    if field.kind == FieldKind.MONEY:
        return f"Rp{angka(value)}"
    return angka(value) if field.kind == FieldKind.INTEGER else str(value)
