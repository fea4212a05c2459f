"""Report forms as data: begun, copied, edited while draft, published."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from deployments.actions.thresholds import load_threshold
from deployments.enums import FieldKind
from deployments.models import (
    FormField,
    FormGroup,
    ReportForm,
)
from deployments.queries.report_forms import spec_of
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.audit.record import record

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
WHO = ("unit_kind", "agency", "stage")
"""Whom a form is for; nothing named is everybody, and every stage."""


def copy_form(form: ReportForm, *, by: Actor, at: datetime) -> ReportForm:
    """Begin the next version as a copy; the draft that there is already is returned as it is."""
    with transaction.atomic():
        versions = ReportForm.objects.select_for_update().filter(key=form.key)
        newest = max(versions, key=lambda row: row.number)
        if newest.is_draft:
            return newest
        copy = _copied(
            form,
            key=form.key,
            number=newest.number + 1,
            **{name: getattr(form, name) for name in WHO},
        )
        record("form.copy", copy, by=by, at=at, after={"from": form.number, "number": copy.number})
    return copy


def begin_form(base: ReportForm, values: dict[str, Any], *, by: Actor, at: datetime) -> ReportForm:
    """Begin a form of its own for a kind of unit, an agency or a stage, as a copy of another.
    `values`: key, title, title_en, source and WHO. There is one form per kind, agency and stage:
    raises Refused where it is there already."""
    who = {name: values[name] for name in WHO}
    with transaction.atomic():
        if ReportForm.objects.filter(key=values["key"]).exists():
            raise Refused(_("Kode ini sudah dipakai formulir lain."), "key")
        if known := ReportForm.objects.filter(**who).first():
            raise Refused(
                _("Untuk satuan dan tahapan itu sudah ada %(form)s. Salin menjadi versi baru.")
                % {"form": known.label},
                "unit_kind",
            )
        head = {name: values[name] for name in ("title", "title_en", "source")}
        form = _copied(base, key=values["key"], number=1, **who, **head, illustrative=False)
        after = {"from": str(base), "unit_kind": form.unit_kind, "key": form.key}
        record("form.begin", form, by=by, at=at, after=after)
    return form


def _copied(form: ReportForm, **head: Any) -> ReportForm:
    """A draft with the groups and questions of another form."""
    plain = {name: getattr(form, name) for name in HEAD}
    copy = ReportForm.objects.create(**plain | {"valid_from": form.valid_from} | head)
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


def add_group(
    form: ReportForm, values: dict[str, Any], *, version: int, by: Actor, at: datetime
) -> FormGroup:
    """Add a group at the end of a draft. `values` holds `key` and GROUP."""
    with transaction.atomic():
        draft = _draft(form.pk)
        if draft.version != version:
            raise Stale(_("Formulir ini sudah berubah sejak Anda membukanya."), draft)
        if values["key"] in spec_of(draft).names:
            raise Refused(_("Kode ini sudah dipakai di formulir ini."), "key")
        last = draft.groups.order_by("-position").first()
        group = FormGroup.objects.create(
            form=draft,
            key=values["key"],
            position=last.position + 1 if last else 1,
            **{name: values[name] for name in GROUP},
        )
        _touched(draft)
        after = {name: values[name] for name in ("key", *GROUP)}
        record("form.group", draft, by=by, at=at, after=after)
    return group


def drop_group(group: FormGroup, *, version: int, by: Actor, at: datetime) -> None:
    """Take a group with its questions out of a draft. What the roll-up counts stays."""
    with transaction.atomic():
        form = _draft(group.form_id)
        if form.version != version:
            raise Stale(_("Formulir ini sudah berubah sejak Anda membukanya."), form)
        if group.fields.exclude(column="").exists():
            raise Refused(_("Isian baku dipakai dalam rekapitulasi dan tidak dapat dihapus."))
        before = model_to_dict(group, fields=GROUP) | {"key": group.key}
        group.delete()
        _touched(form)
        record("form.group_drop", form, by=by, at=at, before=before)


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
        for key, fields in ((group.key, fields) for group, fields in spec.groups):
            if not fields:
                raise Refused(_("Bagian %(key)s belum punya isian.") % {"key": key})
            load_threshold({"group": key, "source": current.source, "illustrative": True})
        current.valid_from = valid_from
        current.published_at, current.published_by_id = at, by.post_id
        current.version += 1
        current.save()
        after = {"number": current.number, "valid_from": valid_from}
        record("form.publish", current, by=by, at=at, after=after)
    return current
