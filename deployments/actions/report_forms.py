"""Report forms, thresholds and rules as data: loaded, copied, edited while draft, published."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from deployments.actions.thresholds import load_threshold
from deployments.enums import FieldKind
from deployments.models import (
    FormField,
    FormGroup,
    OddityRule,
    ReportForm,
)
from deployments.queries.report_forms import spec_of
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.audit.record import record
from portal.registry.models import Agency, Stage

SHIPPED = Path(__file__).parent.parent / "data" / "report_forms.json"
HEAD = ("title", "title_en", "unit_kind", "source", "illustrative")
FIELD = (
    "label_id",
    "label_en",
    "kind",
    "unit",
    "required",
    "minimum",
    "maximum",
    "at_most",
    "sum_of",
    "choices",
    "score",
    "score_of",
    "help_id",
    "help_en",
    "example",
)
GROUP = ("name", "name_en", "mandatory")


def load_forms(*, by: Actor, at: datetime) -> dict[str, int]:
    """Load the forms, thresholds and rules that the portal ships with; what is there stays as it
    is, edited or not. Returns how many rows of each kind are new."""
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    whole = {form["key"]: form for form in shipped["forms"] if "groups" in form}
    with transaction.atomic():
        forms = [_load(form, whole, by=by, at=at) for form in shipped["forms"]]
        thresholds = [load_threshold(row) for row in shipped["thresholds"]]
        rules = [
            OddityRule.objects.get_or_create(key=row["key"], defaults=row)[1]
            for row in shipped["rules"]
        ]
    return {"forms": sum(forms), "thresholds": sum(thresholds), "rules": sum(rules)}


def _load(
    row: dict[str, Any], whole: dict[str, dict[str, Any]], *, by: Actor, at: datetime
) -> bool:
    """Write a shipped form with its groups, then publish it: after that nothing may be added."""
    if ReportForm.objects.filter(key=row["key"], number=row["number"]).exists():
        return False
    form = ReportForm.objects.create(
        key=row["key"],
        number=row["number"],
        **{name: row[name] for name in HEAD},
        agency=Agency.objects.get(slug=row["agency"]) if row["agency"] else None,
        stage=Stage.objects.get(key=row["stage"]) if row["stage"] else None,
        valid_from=date.fromisoformat(row["valid_from"]),
    )
    without = set(row.get("without", ()))
    groups = row.get("groups") or whole[row["base"]]["groups"]
    for position, group in enumerate(groups, start=1):
        part = FormGroup.objects.create(
            form=form, key=group["key"], position=position, **{name: group[name] for name in GROUP}
        )
        fields = [field for field in group["fields"] if field["key"] not in without]
        FormField.objects.bulk_create(
            FormField(
                group=part,
                position=place,
                **field | {"sum_of": [k for k in field.get("sum_of", []) if k not in without]},
            )
            for place, field in enumerate(fields, start=1)
        )
    form.published_at = at
    form.save(update_fields=["published_at"])
    record("form.load", form, by=by, at=at, after={"number": form.number})
    return True


def copy_form(form: ReportForm, *, by: Actor, at: datetime) -> ReportForm:
    """Begin the next version as a copy; the draft that there is already is returned as it is."""
    with transaction.atomic():
        versions = ReportForm.objects.select_for_update().filter(key=form.key)
        newest = max(versions, key=lambda row: row.number)
        if newest.is_draft:
            return newest
        copy = ReportForm.objects.create(
            key=form.key,
            number=newest.number + 1,
            **{name: getattr(form, name) for name in HEAD},
            agency_id=form.agency_id,
            stage_id=form.stage_id,
            valid_from=form.valid_from,
        )
        for group, fields in spec_of(form).groups:
            part = FormGroup.objects.create(
                form=copy,
                key=group.key,
                position=group.position,
                **{name: getattr(group, name) for name in GROUP},
            )
            FormField.objects.bulk_create(
                FormField(
                    group=part,
                    key=field.key,
                    column=field.column,
                    position=field.position,
                    **{name: getattr(field, name) for name in FIELD},
                )
                for field in fields
            )
        record("form.copy", copy, by=by, at=at, after={"from": form.number, "number": copy.number})
    return copy


def _draft(form_id: int) -> ReportForm:
    form = ReportForm.objects.select_for_update().get(pk=form_id)
    if not form.is_draft:
        raise Refused(_("Versi yang sudah terbit tidak dapat diubah. Salin menjadi versi baru."))
    return form


def change_group(
    group: FormGroup, values: dict[str, Any], *, version: int, by: Actor, at: datetime
) -> FormGroup:
    """Rename a group of a draft, or say whether it must be answered. `values` holds GROUP."""
    with transaction.atomic():
        form = _draft(group.form_id)
        if form.version != version:
            raise Stale(_("Formulir ini sudah berubah sejak Anda membukanya."), form)
        before = model_to_dict(group, fields=GROUP)
        for name in GROUP:
            setattr(group, name, values[name])
        group.save()
        _touched(form)
        record("form.group", form, by=by, at=at, before=before, after=values | {"key": group.key})
    return group


def change_field(
    group: FormGroup,
    field: FormField | None,
    values: dict[str, Any],
    *,
    version: int,
    by: Actor,
    at: datetime,
) -> FormField:
    """Change a field of a draft, or add one (`field` None, `values["key"]` its name). `values`
    holds FIELD. The kind of a column is the column's."""
    with transaction.atomic():
        form = _draft(group.form_id)
        if form.version != version:
            raise Stale(_("Formulir ini sudah berubah sejak Anda membukanya."), form)
        spec = spec_of(form)
        before = model_to_dict(field, fields=FIELD) if field else None
        if field is None:
            if values["key"] in spec.names:
                raise Refused(_("Kode ini sudah dipakai di formulir ini."), "key")
            last = FormField.objects.filter(group=group).order_by("-position").first()
            field = FormField(
                group=group, key=values["key"], position=last.position + 1 if last else 1
            )
        elif field.column and values["kind"] != field.kind:
            raise Refused(_("Jenis isian baku tidak dapat diubah."), "kind")
        _check_field(field.key, values, set(spec.fields))
        for name in FIELD:
            setattr(field, name, values[name])
        field.save()
        _touched(form)
        after = {name: values[name] for name in FIELD}
        record("form.field", form, by=by, at=at, before=before, after=after | {"key": field.key})
    return field


def drop_field(field: FormField, *, version: int, by: Actor, at: datetime) -> None:
    """Take a field out of a draft. What the roll-up counts stays in every form."""
    with transaction.atomic():
        form = _draft(field.group.form_id)
        if form.version != version:
            raise Stale(_("Formulir ini sudah berubah sejak Anda membukanya."), form)
        if field.column:
            raise Refused(_("Isian baku dipakai dalam rekapitulasi dan tidak dapat dihapus."))
        before = model_to_dict(field, fields=FIELD) | {"key": field.key}
        field.delete()
        _touched(form)
        record("form.field_drop", form, by=by, at=at, before=before)


def _check_field(key: str, values: dict[str, Any], known: set[str]) -> None:
    for name in ("at_most", "score_of"):
        if values[name] and (values[name] not in known or values[name] == key):
            raise Refused(_("Tidak ada isian lain dengan kode itu."), name)
    if set(values["sum_of"]) - known or key in values["sum_of"]:
        raise Refused(_("Tidak ada isian lain dengan kode itu."), "sum_of")
    if values["kind"] == FieldKind.CHOICE and not values["choices"]:
        raise Refused(_("Tulis paling sedikit satu pilihan."), "choices")
    low, top = values["minimum"], values["maximum"]
    if low is not None and top is not None and low > top:
        raise Refused(_("Paling sedikit melebihi paling banyak."), "maximum")


def _touched(form: ReportForm) -> None:
    form.version += 1
    form.save(update_fields=["version"])


def publish_form(
    form: ReportForm, *, valid_from: date, version: int, by: Actor, at: datetime
) -> ReportForm:
    """Let a draft hold from a day on. From now on the database keeps it as it is."""
    with transaction.atomic():
        current = ReportForm.objects.select_for_update().get(pk=form.pk)
        if not current.is_draft:
            return current
        if current.version != version:
            raise Stale(_("Formulir ini sudah berubah sejak Anda membukanya."), current)
        spec = spec_of(current)
        # A part that lost what it refers to would never add up.
        for field in spec.fields.values():
            values = {name: getattr(field, name) for name in FIELD}
            _check_field(field.key, values, set(spec.fields))
        current.valid_from = valid_from
        current.published_at, current.published_by_id = at, by.post_id
        current.version += 1
        current.save()
        after = {"number": current.number, "valid_from": valid_from}
        record("form.publish", current, by=by, at=at, after=after)
    return current
