"""The base of every form: guards against bad input, one-time key, version, and `submit`."""

import re
import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal import clock
from portal.access.errors import Refused, Stale
from portal.web.idempotency import FIELD, release

MAX_TEXT = 20_000
INTEGER_MAX = 2_147_483_647
FIRST_YEAR, LAST_YEAR = 2000, 2100
GROUPED = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")
"""A whole number as Indonesians write it: 2.041."""
CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
TECHNICAL = frozenset({FIELD, "version"})


def readable_text(value: Any) -> None:
    """Refuse what arrived in another encoding than UTF-8 (shown as U+FFFD), half characters, and
    control characters, which no document can hold."""
    if isinstance(value, str) and CONTROL.search(value):
        raise ValidationError(
            _("Teks memuat karakter kendali yang tidak terlihat. Ketik ulang bagian itu."),
            code="control",
        )
    if isinstance(value, str) and (
        "\ufffd" in value or any("\ud800" <= char <= "\udfff" for char in value)
    ):
        raise ValidationError(
            _("Sebagian teks tidak terbaca sebagai UTF-8. Ketik ulang bagian yang rusak."),
            code="encoding",
        )


def single_line(value: Any) -> None:
    """Refuse line breaks where a browser sends none: such texts become subjects and headers."""
    if isinstance(value, str) and len(value.splitlines()) > 1:
        raise ValidationError(_("Tulis dalam satu baris."), code="lines")


def plausible_year(value: Any) -> None:
    if isinstance(value, date) and not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(
            _("Tahun harus antara %(first)s dan %(last)s."),
            code="year",
            params={"first": str(FIRST_YEAR), "last": str(LAST_YEAR)},
        )


class TextTooLong(MaxLengthValidator):
    message = ngettext_lazy(
        "Terlalu panjang: paling banyak %(limit_value)d karakter, Anda mengirim %(show_value)d.",
        "Terlalu panjang: paling banyak %(limit_value)d karakter, Anda mengirim %(show_value)d.",
        "limit_value",
    )


class WholeField(forms.IntegerField):
    """A whole number, also with dots between its thousands. Another dot is a mistake: Django would
    read 2.00 as 2."""

    re_decimal = re.compile(r"\Z")

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and GROUPED.fullmatch(value.strip()):
            value = value.replace(".", "")
        return super().to_python(value)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """A local time in WITA, to the minute."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; its value is a list, empty when none was chosen."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not given and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(file, initial) for file in given]


class Guards:
    """What PortalForm and PortalModelForm share.

    `versioned = True` adds the hidden version of the row that the user saw; `values` is the cleaned
    data without the two technical fields.
    """

    versioned: ClassVar[bool] = False
    fields: dict[str, forms.Field]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Set when the row changed meanwhile: the row as it stands now, to be shown beside the form.
        self.current: Any = None
        for field in self.fields.values():
            guard(field)
        self.fields[FIELD] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=uuid.uuid4
        )
        if self.versioned:
            row = getattr(self, "instance", None)
            self.fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=getattr(row, "version", None)
            )

    @property
    def helper(self) -> FormHelper:
        """For crispy: fields only; the template writes the form element and the buttons."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        return helper

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in TECHNICAL}

    @property
    def version(self) -> int | None:
        """The version of the row that the user had before him."""
        return self.cleaned_data.get("version")

    def refuse(self, refusal: Refused) -> None:
        """Show an action's refusal at its field, or on top when the form has no such field."""
        known = refusal.field in self.fields and refusal.field not in TECHNICAL
        self.add_error(refusal.field if known else None, str(refusal.sentence))
        if isinstance(refusal, Stale):
            self._take_current(refusal.current)

    def _take_current(self, current: Any) -> None:
        # The next POST is a decision made in sight of the current row, so it carries its version.
        self.current = current
        version = getattr(current, "version", None)
        if self.versioned and version is not None:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(version)

    @property
    def differences(self) -> list[dict[str, str]]:
        """After a stale version: each field where the stored row and what was typed differ."""
        if self.current is None:
            return []
        rows = []
        for bound in self.visible_fields():
            if not hasattr(self.current, bound.name):
                continue
            stored = shown(bound.field, getattr(self.current, bound.name))
            typed = shown(bound.field, self._typed(bound))
            if stored != typed:
                rows.append({"label": str(bound.label), "stored": stored, "typed": typed})
        return rows

    def _typed(self, bound: forms.BoundField) -> Any:
        """What was typed, also where the field is refused: Django keeps no clean value of it."""
        if bound.name in self.cleaned_data:
            return self.cleaned_data[bound.name]
        return bound.field.clean(bound.data)

    @property
    def refused_fields(self) -> list[forms.BoundField]:
        """The fields in error that the reader can go to, in the order of the form."""
        return [bound for bound in self.visible_fields() if bound.errors]

    @property
    def error_count(self) -> int:
        return sum(1 for name in self.errors if name != NON_FIELD_ERRORS)


class PortalForm(Guards, forms.Form):
    """A form that is not tied to one model."""


class PortalModelForm(Guards, forms.ModelForm):
    """A form over a model's fields. It never saves: pass `values` to an action."""


def ids_of(texts: Iterable[str]) -> list[int]:
    """The ids among what was ticked; what cannot be one chooses nothing."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= 18]


def shown(field: forms.Field, value: Any) -> str:
    """A value as its field would show it to a reader."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("Ya") if value else _("Tidak"))
    if isinstance(value, datetime):
        return clock.local(value).strftime("%d-%m-%Y %H.%M WITA")
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(getattr(value, "pk", value), value))
    return str(value)


def guard(field: forms.Field) -> None:
    """Give a field the limits that its author did not think of, and its browser widget."""
    if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField):
        field.validators.append(readable_text)
        if type(field.widget) is forms.TextInput:
            field.validators.append(single_line)
        if field.max_length is None:
            field.validators.append(TextTooLong(MAX_TEXT))
    elif isinstance(field, (forms.DateField, forms.DateTimeField)):
        field.validators.append(plausible_year)
    elif type(field) in (forms.IntegerField, WholeField):
        field.error_messages["invalid"] = _("Tulis bilangan bulat, misalnya 2041.")
        if field.min_value is not None:
            field.validators = [_least(validator) for validator in field.validators]
        if field.max_value is None:
            field.validators.append(MaxValueValidator(INTEGER_MAX))
        if field.min_value is None:
            field.validators.append(MinValueValidator(-INTEGER_MAX))
    _dress(field)


def _least(validator: Callable[[Any], None]) -> Callable[[Any], None]:
    if not isinstance(validator, MinValueValidator):
        return validator
    return MinValueValidator(validator.limit_value, _("Tulis angka %(limit_value)s atau lebih."))


def _dress(field: forms.Field) -> None:
    widgets: dict[type, type[forms.Widget]] = {
        forms.DateInput: DateInput,
        forms.DateTimeInput: DateTimeInput,
        forms.TimeInput: TimeInput,
    }
    replacement = widgets.get(type(field.widget))
    if replacement is not None:
        widget = replacement(attrs=field.widget.attrs)
        widget.is_required = field.widget.is_required
        field.widget = widget
    if isinstance(field.widget, DateTimeInput) and not field.help_text:
        field.help_text = _("Waktu Indonesia Tengah (WITA).")
    if isinstance(field.widget, forms.Textarea):
        if str(field.widget.attrs.get("rows")) == "10":  # Django's default: taller than most texts
            field.widget.attrs["rows"] = 4
        field.widget.attrs.setdefault("data-behaviour", "autosize")


def submit(request: HttpRequest, form: Any, call: Callable[[], Any]) -> Any:
    """Validate, run the action, and return what it returned (True if it returned nothing).

    An invalid form, a refusal or a stale version gives None: the errors stand in the form, nothing
    is written, and the one-time key stays usable.
    """
    if not form.is_valid():
        _ask_files_again(request, form)
        release(request)
        return None
    try:
        with transaction.atomic():
            result = call()
    except Refused as refusal:
        form.refuse(refusal)
        _ask_files_again(request, form)
        release(request)
        return None
    return True if result is None else result


def too_late(request: HttpRequest, refuse: Callable[[], None]) -> bool:
    """Whether an act is refused already; the reader is told before the form is filled in."""
    try:
        refuse()
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return True
    return False


def _ask_files_again(request: HttpRequest, form: Any) -> None:
    """A form that comes back has lost its files, for a browser keeps none: said at their field."""
    for name in form.fields.keys() & request.FILES.keys():
        if name not in form.errors:
            form.add_error(name, _("Berkasnya belum tersimpan. Bila kosong, pilih lagi."))
