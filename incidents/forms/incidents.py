from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.enums import WRITTEN, Audience
from incidents.forms.accounts import AccountForm, ClassifiedForm
from incidents.models import TOLD, FieldReport, Incident, InvolvedPerson
from incidents.queries import mergeable, person_choices, persons
from portal import clock
from portal.access.actor import Actor
from portal.registry.models import Region
from portal.web.forms import PortalForm, shown


class IncidentForm(ClassifiedForm):
    """An incident reported directly."""


class EditForm(AccountForm):
    """What is known of an incident. Each field carries what the writer had seen, so that only what
    he changed is written."""

    def __init__(self, *args, incident: Incident, **kwargs):
        super().__init__(*args, initial=_shown(incident), **kwargs)
        self.incident = incident
        for name in TOLD:
            self.fields[name].show_hidden_initial = True
        self.fields["occurred_at"].label = _("Waktu kejadian")

    @property
    def seen(self) -> dict[str, Any]:
        """The values that stood in the form when it was opened."""
        return {name: self._seen(name) for name in TOLD}

    @property
    def wanted(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in TOLD}

    def take(self, current: Incident, clashing: list[str]) -> None:
        """Show what somebody else wrote into the same fields; the next sending is a decision made
        in sight of it."""
        self.data = self.data.copy()
        stored = _shown(current)
        for name in clashing:
            field = self.fields[name]
            words = {"stored": shown(field, stored[name])}
            self.add_error(
                name,
                _("Sementara itu sudah diubah orang lain menjadi “%(stored)s”. Simpan lagi untuk "
                  "menggantinya dengan isian Anda.") % words,
            )  # fmt: skip
            self.data[self.add_initial_prefix(name)] = self[name].field.prepare_value(stored[name])

    def _seen(self, name: str) -> Any:
        field = self.fields[name]
        raw = field.hidden_widget().value_from_datadict(
            self.data, self.files, self.add_initial_prefix(name)
        )
        try:
            value = field.clean(raw)
        except forms.ValidationError:
            return None
        return Region.objects.filter(pk=value).first() if name == "region" else value


def _shown(incident: Incident) -> dict[str, Any]:
    values = {name: getattr(incident, name) for name in TOLD}
    moment = clock.local(incident.occurred_at).replace(second=0, microsecond=0)
    return values | {"region": incident.region_id, "type": incident.type_id, "occurred_at": moment}


class PublicTextForm(PortalForm):
    versioned = True

    public_text = forms.CharField(
        label=_("Keterangan untuk umum"),
        widget=forms.Textarea,
        required=False,
        help_text=_("Yang boleh disampaikan kepada masyarakat; kosongkan untuk menariknya."),
    )

    def __init__(self, *args, incident: Incident, **kwargs):
        initial = {"public_text": incident.public_text, "version": incident.version}
        super().__init__(*args, initial=initial, **kwargs)


class FileForm(PortalForm):
    file = forms.FileField(label=_("Berkas"), help_text=_("Foto, PDF, DOCX, atau XLSX."))


class ReasonForm(PortalForm):
    """A step that says why."""

    reason = forms.CharField(label=_("Alasan"), widget=forms.Textarea, max_length=300)


class MergeForm(ReasonForm):
    into = forms.ModelChoiceField(
        label=_("Digabung ke"),
        queryset=Incident.objects.none(),
        help_text=_("Kejadian terbuka di kabupaten/kota yang sama."),
    )
    field_order = ("into", "reason")

    def __init__(self, *args, incident: Incident, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = mergeable(incident, actor)


class SplitForm(ReasonForm):
    reports = forms.ModelMultipleChoiceField(
        label=_("Laporan lapangan yang dipisahkan"),
        queryset=FieldReport.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    persons = forms.MultipleChoiceField(
        label=_("Orang terlibat yang ikut"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Yang tidak dicentang tetap di kejadian ini."),
    )
    field_order = ("reports", "persons", "reason")

    def __init__(self, *args, incident: Incident, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        inside = incident.filings.standing().values("report")
        rows = FieldReport.objects.visible_to(actor).filter(pk__in=inside)
        self.fields["reports"].queryset = rows.order_by("reported_at", "pk")
        self.actor = actor
        self.fields["persons"].choices = person_choices(incident, actor)
        if not self.fields["persons"].choices:
            del self.fields["persons"]

    def chosen_persons(self) -> list[InvolvedPerson]:
        """The people who were ticked."""
        return list(persons(self.actor).filter(pk__in=self.cleaned_data.get("persons", [])))


class UpdateForm(PortalForm):
    kind = forms.ChoiceField(
        label=_("Jenis catatan"), choices=[(kind.value, kind.label) for kind in WRITTEN]
    )
    text = forms.CharField(label=_("Isi"), widget=forms.Textarea)
    audience = forms.ChoiceField(
        label=_("Pembaca"),
        choices=Audience.choices,
        initial=Audience.AGENCIES,
        help_text=_(
            "Catatan tidak dapat diubah atau dihapus; yang keliru dicoret dengan alasannya, atau "
            "disusul ralat."
        ),
    )


class MoveForm(PortalForm):
    """One step of the handling."""

    versioned = True

    reason = forms.CharField(label=_("Alasan"), widget=forms.Textarea, required=False)
    state = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args, incident: Incident, state: str, **kwargs):
        kwargs["initial"] = {"version": incident.version, "state": state}
        super().__init__(*args, **kwargs)
