"""Report forms, thresholds and rules as rows of their pages."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from deployments.enums import FieldKind, RuleKind, Score, Severity
from deployments.models import (
    FormField,
    OddityRule,
    ReadinessThreshold,
    ReportForm,
    ReportSchedule,
)
from deployments.queries.report_forms import form_rows, spec_of
from portal.registry.enums import UnitKind
from portal.web.templatetags.portal import angka, pukul, tanggal_pendek


def form_list_rows() -> list[dict[str, Any]]:
    return [
        {
            "title": form.label,
            "key": form.key,
            "number": form.number,
            **audience(form),
            "from": tanggal_pendek(form.valid_from),
            "state": _("Draf") if form.is_draft else _("Terbit"),
            "badge": "warning" if form.is_draft else "success",
            "source": form.source,
            "url": reverse("deployments:form_detail", args=[form.pk]),
        }
        for form in form_rows()
    ]


def audience(form: ReportForm) -> dict[str, str]:
    """Which units it is for, by kind and agency, and in which stage."""
    kind = str(UnitKind(form.unit_kind).label) if form.unit_kind else ""
    named = [kind, form.agency.short_name if form.agency else ""]
    return {
        "who": " · ".join(part for part in named if part) or _("Semua satuan"),
        "stage": form.stage.label if form.stage else _("Semua tahapan"),
    }


def threshold_rows() -> list[dict[str, Any]]:
    names = {
        group.key: group.label
        for form in form_rows().filter(published_at__isnull=False)
        for group, _fields in spec_of(form).groups
    }
    return [
        {
            "group": names.get(row.group, row.group),
            "ready": row.ready,
            "conditional": row.conditional,
            "source": row.source,
            "illustrative": row.illustrative,
            "url": reverse("deployments:form_threshold", args=[row.pk]),
        }
        for row in ReadinessThreshold.objects.all()
    ]


def schedule_rows() -> list[dict[str, Any]]:
    """The hours at which units report, those of the newest operation first."""
    rows = ReportSchedule.objects.select_related("operation", "agency").order_by(
        "-operation__starts_on", "agency__position", "unit_kind", "local_time"
    )
    return [
        {
            "kind": str(UnitKind(row.unit_kind).label),
            "agency": row.agency.short_name,
            "operation": row.operation.name,
            "hour": f"{pukul(row.local_time)} WITA",
            "opens": angka(row.opens_before),
            "grace": angka(row.grace),
            "days": f"{tanggal_pendek(row.valid_from)} – {tanggal_pendek(row.valid_to)}",
            "source": row.source,
            "illustrative": row.illustrative,
            "url": reverse("deployments:schedule_edit", args=[row.pk]),
        }
        for row in rows
    ]


def rule_rows() -> list[dict[str, Any]]:
    return [
        {
            "name": row.label,
            "kind": str(RuleKind(row.kind).label),
            "percent": "–" if row.kind == RuleKind.ZERO else f"{row.percent}%",
            "floor": angka(row.floor),
            "severity": str(Severity(row.severity).label),
            "badge": "danger" if row.severity == Severity.QUARANTINE else "warning",
            "active": row.is_active,
            "source": row.source,
            "illustrative": row.illustrative,
            "url": reverse("deployments:form_rule", args=[row.pk]),
        }
        for row in OddityRule.objects.all()
    ]


def preview(form: ReportForm) -> list[dict[str, Any]]:
    """The form as it asks, group by group, with the edit links of a draft."""
    groups = spec_of(form).groups
    labels = {field.key: field.label for _group, fields in groups for field in fields}
    return [
        {
            "title": group.label,
            "mandatory": group.mandatory,
            "edit_url": reverse("deployments:form_group", args=[group.pk]),
            "add_url": reverse("deployments:form_field_add", args=[group.pk]),
            "drop_url": ""
            if any(field.column for field in fields)
            else reverse("deployments:form_group_drop", args=[group.pk]),
            "fields": [_field(field, labels) for field in fields],
        }
        for group, fields in groups
    ]


def _field(field: FormField, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key": field.key,
        "label": field.label,
        "kind": str(FieldKind(field.kind).label),
        "unit": field.unit,
        "required": field.required,
        "rule": "; ".join(_rules(field, labels)),
        "help": field.help,
        "example": field.example,
        "fixed": bool(field.column),
        "edit_url": reverse("deployments:form_field", args=[field.pk]),
        "drop_url": reverse("deployments:form_field_drop", args=[field.pk]),
    }


def _rules(field: FormField, labels: Mapping[str, str]) -> list[str]:
    """What the answer must keep to; other fields by their names, not their keys."""
    rules = []
    if field.minimum:
        rules.append(_("paling sedikit %(number)s") % {"number": angka(field.minimum)})
    if field.maximum is not None:
        rules.append(_("paling banyak %(number)s") % {"number": angka(field.maximum)})
    if field.at_most:
        rules.append(
            _("tidak melebihi %(field)s") % {"field": labels.get(field.at_most, field.at_most)}
        )
    if field.sum_of:
        parts = ", ".join(labels.get(key, key) for key in field.sum_of)
        rules.append(_("jumlah dari %(fields)s") % {"fields": parts})
    if field.score:
        rules.append(_("dinilai: %(how)s") % {"how": Score(field.score).label})
    return rules
