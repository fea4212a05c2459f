from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.actions.placement_guard import needs_reason
from deployments.actions.placements import EDITABLE
from deployments.enums import DeploymentState
from deployments.models import Deployment
from deployments.queries import units_of
from portal.accounts.models import Post
from portal.registry.models import Agency, Operation, Place, Region, Stage
from portal.web.forms import PortalForm, PortalModelForm, WholeField


class DeploymentForm(PortalModelForm):
    """A part of an agency's strength. The owner follows from the unit."""

    reason = forms.CharField(
        label=_("Alasan perubahan"),
        max_length=300,
        help_text=_("Tercatat dalam riwayat penempatan dan pada mutasi buku kekuatan."),
    )

    class Meta:
        model = Deployment
        fields = EDITABLE
        field_classes = {"personnel": WholeField}

    def __init__(self, *args, actor, operation: Operation, **kwargs):
        super().__init__(*args, **kwargs)
        self.versioned = bool(self.instance.pk)
        self.fields["place"].queryset = Place.objects.of(operation).select_related("district")
        self.fields["place"].label_from_instance = lambda place: (
            f"{place.name} ({place.district.name})"
        )
        self.fields["stage"].queryset = Stage.objects.filter(operation=operation)
        self.fields["in_charge"].queryset = Post.objects.of_agencies([actor.agency_id]).order_by(
            "slug"
        )
        self.fields["unit"].queryset = units_of(actor)
        self.fields["region"].queryset = Region.objects.exclude(
            level=Region.Level.VILLAGE
        ).order_by("code")
        self.fields["region"].label_from_instance = lambda region: f"{region.code} {region.name}"
        self.fields["controller"].queryset = Agency.objects.order_by("position")
        self.fields["personnel"].min_value = 1
        if not (self.versioned and needs_reason(self.instance)):
            del self.fields["reason"]
        if self.versioned:
            self.fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=self.instance.version
            )
        else:
            self.fields["state"] = forms.ChoiceField(
                label=_("Keadaan awal"),
                required=False,
                choices=[
                    ("", _("Sudah berjalan menurut statusnya")),
                    (DeploymentState.REQUESTED, _("Permintaan, belum diperintahkan")),
                ],
            )

    @property
    def values(self):
        """The placement's fields, without what is said beside them."""
        return {name: value for name, value in super().values.items() if name in EDITABLE}

    @property
    def state(self) -> str | None:
        """The state to enter it in; None: as its status says."""
        return self.cleaned_data.get("state") or None

    @property
    def why(self) -> str:
        """The reason of a change."""
        return self.cleaned_data.get("reason", "")

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("Tanggal selesai mendahului tanggal mulai."))
        return cleaned

    def _post_clean(self):
        """The instance stays as it was read: the action compares and writes, not the form."""


class MoveForm(PortalForm):
    """One step on in the life of a deployment."""

    to = forms.ChoiceField(label=_("Langkah berikut"))
    sprin_number = forms.CharField(
        label=_("Nomor Sprin"),
        max_length=80,
        required=False,
        help_text=_("Wajib saat diperintahkan."),
    )
    sprin_date = forms.DateField(label=_("Tanggal Sprin"), required=False)
    note = forms.CharField(
        label=_("Catatan"),
        required=False,
        widget=forms.Textarea,
        help_text=_("Wajib saat dibatalkan: alasannya."),
    )

    def __init__(self, *args, deployment: Deployment, steps: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = steps
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput, initial=deployment.version
        )
        self.versioned = True
        if DeploymentState.ORDERED not in dict(steps):
            del self.fields["sprin_number"], self.fields["sprin_date"]
