from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.actions.answers import LONGEST
from deployments.actions.figures import COUNTS, LARGEST, PEOPLE, line_errors
from deployments.actions.judging import value_errors, values_of
from deployments.actions.settling import FIELDS, MORE
from deployments.enums import CONDITIONS, COUNTING, FieldKind
from deployments.models import FormField, ReadinessReport
from deployments.queries.places import districts_of
from deployments.queries.report_forms import LARGEST_SUM, FormSpec, spoken_choices
from portal.registry.models import Region, Unit
from portal.web.forms import PortalForm, WholeField, guard

CONDITION_LABELS = {"b": _("Baik"), "rr": _("Rusak ringan"), "rb": _("Rusak berat")}
OTHER = "a-"
"""Before the name of a field whose answer is no column."""


class ReadinessForm(PortalForm):
    """One unit's report for one cut-off, as the form in force asks for it. Groups that need no
    answer and districts may be left empty."""

    replaces = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0, required=False)

    def __init__(
        self,
        *args,
        unit: Unit,
        spec: FormSpec,
        comments: Mapping[str, str] | None = None,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.spec = spec
        self.comments = comments or {}
        self.allowed = districts_of(unit)
        known = set(self.fields)
        for field in spec.fields.values():
            self.fields |= controls(field)
        self.fields["notes"] = forms.CharField(
            label=_("Catatan"), required=False, widget=forms.Textarea, max_length=4000
        )
        self.fields["confirm"] = forms.CharField(
            label=_("Alasan angka yang tidak biasa"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=500,
        )
        self.names = dict(Region.objects.filter(pk__in=self.allowed).values_list("code", "name"))
        for code in self.allowed:
            for name in PEOPLE:
                self.fields[line_field(code, name)] = number(
                    f"{self.names[code]}: {label_of(name)}", 0, LARGEST
                )
        for name in set(self.fields) - known:
            guard(self.fields[name])

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The groups as the page folds them, each with its fields and the checker's comments."""
        return [
            {
                "key": group.key,
                "title": group.label,
                "mandatory": group.mandatory,
                "comment": self.comments.get(group.key, ""),
                "rows": (rows := [self._row(field) for field in fields]),
                "open": group.mandatory
                or group.key in self.comments
                or any(row["comment"] or row["errors"] for row in rows),
                "answered": any(row["filled"] for row in rows),
            }
            for group, fields in self.spec.groups
        ]

    def _row(self, field: FormField) -> dict[str, Any]:
        bound = [self[name] for name in control_names(field)]
        return {
            "label": field.label,
            "help": field.help,
            "condition": field.kind == FieldKind.CONDITION,
            "wide": field.kind == FieldKind.TEXT,
            "fields": bound,
            "comment": self.comments.get(field.key, ""),
            "errors": any(one.errors for one in bound) if self.is_bound else False,
            "filled": any(one.value() not in (None, "") for one in bound),
        }

    @property
    def problems(self) -> list[dict[str, str]]:
        """Every error with the place it is at: the summary above the form."""
        return [
            {"label": str(self[name].label), "text": error, "anchor": self[name].id_for_label}
            for name, errors in self.errors.items()
            if name in self.fields
            for error in errors
        ]

    @property
    def districts(self) -> list[dict[str, Any]]:
        """A row of fields per district, the unit's own first."""
        return [
            {
                "name": self.names[code],
                "own": own,
                "fields": [self[line_field(code, name)] for name in PEOPLE],
            }
            for code, own in sorted(self.allowed.items(), key=lambda item: not item[1])
        ]

    @property
    def itemised(self) -> bool:
        """Whether any district holds a number, so that the page opens the part."""
        return any(field.value() not in (None, "") for d in self.districts for field in d["fields"])

    @property
    def confirms(self) -> bool:
        """Whether the sender is asked for a reason."""
        return self.is_bound and ("confirm" in self.errors or bool(self["confirm"].value()))

    @property
    def figures(self) -> dict[str, Any]:
        """What `submit_report` takes as values."""
        values = {name: self.cleaned_data.get(name) for name in (*FIELDS, *MORE)}
        for name in COUNTS:
            values[name] = values[name] or 0
        return values | {"nihil": False, "answers": self._answers()}

    def _answers(self) -> dict[str, Any]:
        answers = {}
        for field in self.spec.asked():
            given = [self.cleaned_data.get(name) for name in control_names(field)]
            if field.kind == FieldKind.CONDITION:
                if any(count is not None for count in given):
                    answers[field.key] = {
                        name: count or 0 for name, count in zip(CONDITIONS, given, strict=True)
                    }
            elif given[0] not in (None, ""):
                answers[field.key] = (
                    given[0].isoformat() if field.kind == FieldKind.DATE else given[0]
                )
        return answers

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The districts of which at least one number was given."""
        rows = []
        for code in self.allowed:
            given = {name: self.cleaned_data.get(line_field(code, name)) for name in PEOPLE}
            if any(number is not None for number in given.values()):
                numbers = {name: number or 0 for name, number in given.items()}
                rows.append({"region": code, **numbers})
        return rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["replaces"] = cleaned.get("replaces") or 0
        if self.errors:
            return cleaned
        for key, sentence in value_errors(self.spec, self.figures):
            field = self.spec.fields.get(key)
            self.add_error(control_names(field)[0] if field else None, sentence)
        if not self.errors:
            for district, sentence in line_errors(self.figures, self.lines, self.allowed):
                self.add_error(line_field(district, "present") if district else None, sentence)
        return cleaned


def control_names(field: FormField) -> list[str]:
    """The form controls that a field is answered by."""
    if field.kind == FieldKind.CONDITION:
        return [f"{OTHER}{field.key}-{name}" for name in CONDITIONS]
    return [field.column or f"{OTHER}{field.key}"]


def controls(field: FormField) -> dict[str, forms.Field]:
    names = control_names(field)
    if field.kind == FieldKind.CONDITION:
        return {
            name: number(f"{field.label}: {CONDITION_LABELS[part]}", 0, LARGEST)
            for name, part in zip(names, CONDITIONS, strict=True)
        }
    return {names[0]: _control(field)}


def _control(field: FormField) -> forms.Field:
    shown = {"label": _titled(field), "help_text": _helped(field), "required": False}
    if field.kind in COUNTING:
        top = LARGEST if field.column in COUNTS else LARGEST_SUM
        most = field.maximum if field.maximum is not None else top
        control = number(shown["label"], field.minimum or 0, most, shown["help_text"])
        # The rest of what a group requires is asked only once the group is begun.
        control.required = field.column in COUNTS and field.required
        return control
    if field.kind == FieldKind.YES_NO:
        return forms.TypedChoiceField(
            choices=[("", "–"), ("True", _("Ya")), ("False", _("Tidak"))],
            coerce=lambda text: text == "True",
            empty_value=None,
            **shown,
        )
    if field.kind == FieldKind.DATE:
        return forms.DateField(**shown)
    if field.kind == FieldKind.CHOICE:
        return forms.ChoiceField(choices=[("", "–"), *spoken_choices(field)], **shown)
    return forms.CharField(max_length=LONGEST, **shown)


def number(label: Any, low: int, top: int, help_text: str = "") -> WholeField:
    """A whole number, with the keypad of figures on a phone; a browser's own field for numbers
    would drop what it cannot read."""
    return WholeField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=low,
        max_value=top,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


def _titled(field: FormField) -> str:
    return f"{field.label} ({field.unit})" if field.unit not in ("", "orang") else field.label


def _helped(field: FormField) -> str:
    example = _("Contoh: %(example)s") % {"example": field.example} if field.example else ""
    return " ".join(filter(None, [field.help, str(example)]))


def line_field(code: str, name: str) -> str:
    return f"d-{code}-{name}"


def initial_of(report: ReadinessReport, spec: FormSpec) -> dict[str, Any]:
    """A report's answers as the form's first values; what the form no longer asks is left out."""
    values = values_of(report)
    answers = values.pop("answers")
    for field in spec.asked():
        if field.key in answers:
            given = answers[field.key]
            parts = [given.get(n) for n in CONDITIONS] if isinstance(given, dict) else [given]
            values |= dict(zip(control_names(field), parts, strict=False))
    for line in report.lines.filter(split=False):
        values |= {line_field(line.region_id, name): getattr(line, name) for name in PEOPLE}
    return values


def label_of(name: str) -> str:
    return str(ReadinessReport._meta.get_field(name).verbose_name)
