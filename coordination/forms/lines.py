"""Forms that carry lines: an agenda, a daftar hadir, the sections of minutes."""

from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _

from portal.registry.models import Agency
from portal.web.forms import guard


class LineForm(forms.Form):
    """One line; the guards of a PortalForm without its technical fields."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            guard(field)


class CheckedByAction:
    """Looks at single fields only: the action checks the row as a whole, and its refusals name the
    field. The form's instance is a copy for the form to write on."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.instance.validate_constraints = lambda exclude=None: None


class WithLines:
    """A form that is valid when its lines are, too."""

    lines: BaseFormSet

    def is_valid(self) -> bool:
        lines_are_valid = self.lines.is_valid()
        return super().is_valid() and lines_are_valid

    @property
    def error_count(self) -> int:
        wrong = sum(len(line.errors) for line in self.lines.forms) if self.lines.is_bound else 0
        return super().error_count + wrong


class AgencyChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any):
        super().__init__(queryset=Agency.objects.order_by("position"), **kwargs)

    def label_from_instance(self, agency: Agency) -> str:
        return agency.short_name


class AgenciesChoice(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "invalid_choice": _("Instansi ini tidak dikenal."),
        "invalid_pk_value": _("Instansi ini tidak dikenal."),
    }

    def __init__(self, **kwargs: Any):
        super().__init__(queryset=Agency.objects.order_by("position"), **kwargs)

    def label_from_instance(self, agency: Agency) -> str:
        return agency.name
