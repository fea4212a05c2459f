"""Fields to choose units and stages with."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.registry.models import Stage, Unit
from portal.web.templatetags.portal import tanggal_pendek

ALL = "semua"


class StageChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any):
        super().__init__(queryset=Stage.objects.order_by("starts_at", "position"), **kwargs)

    def label_from_instance(self, stage: Stage) -> str:
        return f"{stage.label} ({tanggal_pendek(stage.starts_at)})"


class UnitsField(forms.MultipleChoiceField):
    """Units of one agency, or all of them with one mark."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": _("Satuan ini tidak dikenal.")}

    def __init__(self, units: list[Unit], **kwargs: Any):
        self.units = {str(unit.pk): unit for unit in units}
        everyone = (ALL, _t("Semua (%(count)s satuan)") % {"count": len(units)})
        choices = [(key, unit.short_name) for key, unit in self.units.items()]
        super().__init__(choices=[everyone, *choices], required=False, **kwargs)

    def chosen(self, values: list[str]) -> list[Unit]:
        return [unit for key, unit in self.units.items() if ALL in values or key in values]
