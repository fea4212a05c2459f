from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.actions.events import PLAN
from deployments.enums import EventResult
from deployments.forms.report_forms import Untouched
from deployments.models import CertifyingEvent
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.registry.models import Agency, Region, Unit
from portal.web.forms import PortalForm, WholeField


def held_by(actor: Actor):
    """The agencies in whose name the actor may plan."""
    agencies = Agency.objects.order_by("position")
    everyone = may(actor, Permission.EVENT_PLAN, CertifyingEvent(agency_id=None))
    return agencies if everyone else agencies.filter(pk=actor.agency_id)


class EventForm(Untouched):
    """The plan of an exercise or parade."""

    class Meta:
        model = CertifyingEvent
        fields = PLAN

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        agencies = held_by(actor)
        self.fields["agency"].queryset = agencies
        self.fields["unit"].queryset = Unit.objects.filter(
            agency__in=agencies, is_active=True
        ).order_by("path")
        self.fields["region"].queryset = Region.objects.exclude(
            level=Region.Level.VILLAGE
        ).order_by("code")
        self.fields["region"].label_from_instance = lambda region: f"{region.code} {region.name}"
        if self.instance.pk:
            self.fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=self.instance.version
            )


class ParticipantForm(PortalForm):
    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none())
    unit = forms.ModelChoiceField(
        label=_("Satuan"), queryset=Unit.objects.none(), required=False, empty_label=_("Instansi")
    )
    planned = WholeField(
        label=_("Direncanakan"),
        min_value=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    attended = WholeField(
        label=_("Hadir"),
        min_value=0,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.order_by("position")
        self.fields["unit"].queryset = Unit.objects.filter(is_active=True).order_by("path")


class CarryOutForm(PortalForm):
    versioned = True

    result = forms.ChoiceField(label=_("Hasil"), choices=EventResult.choices)
    summary = forms.CharField(label=_("Uraian hasil"), widget=forms.Textarea, required=False)


class CancelForm(PortalForm):
    versioned = True

    reason = forms.CharField(
        label=_("Alasan"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )


class FindingForm(PortalForm):
    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none())
    text = forms.CharField(label=_("Temuan"), widget=forms.Textarea, max_length=4000)
    due_at = forms.DateTimeField(label=_("Tenggat"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.order_by("position")
