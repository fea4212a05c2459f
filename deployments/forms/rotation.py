from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deployments.enums import UNBOUND, DeploymentState, TaskForce
from portal.registry.models import Operation, Region

SHOWN = [DeploymentState.REQUESTED, *(one for one in DeploymentState if one not in UNBOUND)]


class RotationForm(forms.Form):
    """Which region's rotation, and which part of it."""

    region = forms.ModelChoiceField(
        label=_("Wilayah"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=_("Seluruh provinsi"),
    )
    task_force = forms.ChoiceField(
        label=_("Satuan tugas"), choices=[("", _("Semua")), *TaskForce.choices], required=False
    )
    function = forms.ChoiceField(label=_("Fungsi"), required=False)
    state = forms.ChoiceField(
        label=_("Keadaan"),
        choices=[("", _("Semua")), *((one.value, one.label) for one in SHOWN)],
        required=False,
    )
    window = forms.ModelChoiceField(
        label=pgettext_lazy("rentang hari", "Rentang"),
        queryset=None,
        to_field_name="key",
        required=False,
        empty_label=_("Seluruh operasi"),
    )

    def __init__(self, *args, operation: Operation, regions, functions: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions
        self.fields["function"].choices = [("", _("Semua")), *((one, one) for one in functions)]
        self.fields["window"].queryset = operation.stages.filter(
            starts_at__date__lte=operation.ends_on, ends_at__date__gt=operation.starts_on
        ).order_by("starts_at", "position")
