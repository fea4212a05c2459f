"""A request for reinforcement, and each answer to it."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from deployments.actions.reinforcements import ASKED
from deployments.models import Deployment, NeedAddressee, Reinforcement
from deployments.queries import units_of
from deployments.queries.reinforcement_detail import givers_of, origins_of
from portal.access.actor import Actor
from portal.registry.models import Operation, Place, Region, Unit
from portal.web.forms import PortalForm, PortalModelForm, WholeField
from portal.web.templatetags.portal import angka


class ReinforcementForm(PortalModelForm):
    """What is asked for, and of whom beside the superior unit."""

    class Meta:
        model = Reinforcement
        fields = ASKED
        field_classes = {"personnel": WholeField}
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, actor: Actor, operation: Operation, **kwargs):
        super().__init__(*args, **kwargs)
        units = units_of(actor).filter(agency=actor.agency_id).select_related("parent", "agency")
        self.fields["unit"].queryset = units
        self.fields["region"].queryset = Region.objects.exclude(
            level=Region.Level.VILLAGE
        ).order_by("code")
        self.fields["region"].label_from_instance = lambda region: f"{region.code} {region.name}"
        self.fields["place"].queryset = Place.objects.of(operation).select_related("district")
        self.fields["place"].label_from_instance = lambda place: (
            f"{place.name} ({place.district.name})"
        )
        self.fields["personnel"].min_value = 1
        self.fields["addressees"] = forms.ModelMultipleChoiceField(
            label=_("Diminta juga kepada"),
            queryset=Unit.objects.filter(parent=None, is_active=True)
            .exclude(agency=actor.agency_id)
            .select_related("agency")
            .order_by("agency__position"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_(
                "Satuan atas selalu diminta dan dapat memerintahkan satuannya. Instansi lain "
                "diminta dan menyepakati; kendalinya (BKO) berpindah selama penebalan."
            ),
        )

    @property
    def values(self):
        return {name: value for name, value in super().values.items() if name != "addressees"}

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("Tanggal selesai mendahului tanggal mulai."))
        return cleaned

    def _post_clean(self):
        """The instance stays as it was read: the action writes, not the form."""


class ByUnit(ModelChoiceIterator):
    """The placements under the unit whose people they are; they come in that order."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield "", self.field.empty_label
        for unit, rows in groupby(self.queryset, key=lambda row: row.unit):
            yield str(unit), [self.choice(row) for row in rows]


class OriginField(forms.ModelChoiceField):
    iterator = ByUnit


class GiveForm(PortalForm):
    """People of one's own units for a request."""

    unit = forms.ModelChoiceField(label=_("Satuan"), queryset=Unit.objects.none())
    personnel = WholeField(
        label=_("Jumlah personel"),
        min_value=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    drawn_from = OriginField(
        label=_("Ditarik dari penempatan"),
        queryset=Deployment.objects.none(),
        required=False,
        empty_label=_("Tidak ditarik dari penempatan lain"),
        help_text=_(
            "Saat Sprin dicatat, jumlahnya pindah dari penempatan itu dan kembali setelah selesai."
        ),
        widget=forms.Select(attrs={"data-behaviour": "own-group", "data-of": "unit"}),
    )
    note = forms.CharField(label=_("Catatan"), required=False, max_length=500)

    def __init__(self, *args, request: Reinforcement, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        givers = givers_of(request, actor)
        self.fields["unit"].queryset = givers
        origins = origins_of(request, actor).filter(unit__in=givers)
        self.fields["drawn_from"].queryset = origins
        self.fields["drawn_from"].label_from_instance = lambda row: (
            _("Nomor %(number)d: %(people)s orang, %(task)s")
            % {
                "number": row.pk,
                "people": angka(row.personnel),
                "task": row.task,
            }
        )


class DeclineForm(PortalForm):
    """No, for one of the units asked."""

    addressee = forms.ModelChoiceField(
        label=_("Satuan yang diminta"), queryset=NeedAddressee.objects.none()
    )
    reason = forms.CharField(
        label=_("Alasan"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )

    def __init__(self, *args, request: Reinforcement, units: list[int], **kwargs):
        """`units`: the addressees for which the actor may answer."""
        super().__init__(*args, **kwargs)
        rows = request.addressees.filter(pk__in=units).select_related("unit")
        self.fields["addressee"].queryset = rows
        self.fields["addressee"].label_from_instance = lambda row: row.unit.name
        if len(units) == 1:
            self.fields["addressee"].initial = units[0]
            self.fields["addressee"].widget = forms.HiddenInput()


class WithdrawForm(PortalForm):
    versioned = True

    reason = forms.CharField(
        label=_("Alasan"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )


class ReleaseForm(PortalForm):
    """Let one placement go; its version stands beside its button."""

    versioned = True

    note = forms.CharField(required=False, max_length=500)
