from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.enums.requests import RequestKind
from incidents.models import Incident
from incidents.queries.requests import askable, referral_kinds
from portal.registry.models import Agency
from portal.web.forms import FilesField, PortalForm


class AskForm(PortalForm):
    """What is asked of which agency, over the incident as the writer saw it."""

    versioned = True
    to = forms.ModelChoiceField(label=_("Kepada"), queryset=Agency.objects.none())

    def __init__(self, *args, incident: Incident, **kwargs):
        kwargs["initial"] = {"version": incident.version}
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = askable(incident)


class ReferForm(AskForm):
    kind = forms.ChoiceField(
        label=_("Bentuk"),
        widget=forms.RadioSelect,
        help_text=_(
            "Seluruhnya: penerima menjadi penanggung jawab. Sebagian: instansi Anda tetap."
        ),
    )
    matter = forms.CharField(
        label=_("Yang dilimpahkan"),
        widget=forms.Textarea,
        help_text=_("Apa tepatnya yang diminta dari penerima."),
    )
    reason = forms.CharField(label=_("Alasan"), widget=forms.Textarea)
    field_order = ("to", "kind", "matter", "reason")

    def __init__(self, *args, incident: Incident, **kwargs):
        super().__init__(*args, incident=incident, **kwargs)
        self.fields["kind"].choices = referral_kinds(incident)
        if len(self.fields["kind"].choices) == 1:
            self.fields["kind"].initial = self.fields["kind"].choices[0][0]


class AdviceForm(AskForm):
    matter = forms.CharField(label=_("Pertanyaan"), widget=forms.Textarea)
    by_when = forms.DateTimeField(label=_("Diharapkan sebelum"), required=False)

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "kind": RequestKind.ADVICE}


class AcceptForm(PortalForm):
    note = forms.CharField(label=_("Catatan"), widget=forms.Textarea, required=False)


class WithdrawForm(PortalForm):
    reason = forms.CharField(label=_("Alasan"), widget=forms.Textarea, required=False)


class DeclineForm(PortalForm):
    reason = forms.CharField(label=_("Alasan"), widget=forms.Textarea)


class AnswerForm(PortalForm):
    text = forms.CharField(label=_("Hasil atau jawaban"), widget=forms.Textarea)
    files = FilesField(
        label=_("Berkas"), required=False, help_text=_("Foto, PDF, DOCX, atau XLSX.")
    )
