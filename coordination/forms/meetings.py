from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from coordination.actions.meetings import AgendaDraft
from coordination.forms.lines import (
    AgenciesChoice,
    AgencyChoice,
    CheckedByAction,
    LineForm,
    WithLines,
)
from coordination.models import Invitation, Meeting, MeetingSeries
from coordination.queries.series import own_series
from portal import clock
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.registry.models import Operation
from portal.web.forms import PortalForm, PortalModelForm

SPARE_LINES = 3


class AgendaLine(LineForm):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Mata acara"), max_length=200)
    presenter = AgencyChoice(label=_("Penyaji"), required=False)
    planned_minutes = forms.IntegerField(
        label=_("Menit"), min_value=1, max_value=600, required=False
    )
    order = forms.IntegerField(label=_("Urutan"), required=False, min_value=1, max_value=200)


AgendaLines = formset_factory(AgendaLine, extra=SPARE_LINES, can_delete=True, max_num=60)


class MeetingForm(WithLines, CheckedByAction, PortalModelForm):
    versioned = True
    agencies = AgenciesChoice(label=_("Instansi yang diundang"), required=False)

    class Meta:
        model = Meeting
        fields = [
            "title",
            "kind",
            "operation",
            "series",
            "starts_at",
            "ends_at",
            "place",
            "virtual_link",
            "dress",
            "chair_office",
            "chair_name",
            "chair_post",
            "classification",
            "office_code",
        ]
        help_texts = {
            "series": _("Butir yang menunggu dalam seri dapat diambil ke susunan acara."),
            "office_code": _("Bagian akhir nomor surat, misalnya Roops."),
            "chair_name": _("Boleh dikosongkan."),
            "chair_post": _("Bila dikosongkan: pimpinan instansi, atau koordinator a.n. pimpinan."),
            "virtual_link": _("Alamat lengkap, dimulai dengan https://."),
        }

    def __init__(
        self,
        data: Any = None,
        *,
        actor: Actor,
        instance: Meeting | None = None,
        series: str = "",
    ):
        standing = instance.invitations.standing() if instance else Invitation.objects.none()
        seated = standing.values_list("agency_id", flat=True)
        super().__init__(data, instance=instance, initial={"agencies": list(seated)})
        operations = Operation.objects.all()
        self.fields["operation"].queryset = operations
        if instance is None:
            self.fields["version"].required = False
            self.fields["operation"].initial = operations.current(clock.now())
        choices = own_series(actor)
        if instance is not None and instance.series_id:
            choices = choices | MeetingSeries.objects.visible_to(actor).filter(
                pk=instance.series_id
            )
        self.fields["series"].queryset = choices.distinct()
        if series.isdecimal() and len(series) < 12:
            self.fields["series"].initial = int(series)
        self.fields["virtual_link"].assume_scheme = "https"
        self.fields["chair_post"].queryset = Post.objects.of_agencies([actor.agency_id]).with_role(
            Role.COMMANDER, Role.COORDINATOR
        )
        allowed = [choice for choice in Classification.choices if choice[0] <= actor.clearance]
        self.fields["classification"].choices = allowed
        agenda = [
            {
                "pk": item.pk,
                "order": item.position,
                "title": item.title,
                "presenter": item.presenter_id,
                "planned_minutes": item.planned_minutes,
            }
            for item in (instance.agenda.all() if instance else [])
        ]
        self.lines = AgendaLines(data, initial=agenda, prefix="agenda")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _t("Rakor harus selesai setelah dimulai."))
        return cleaned

    def agenda(self) -> list[AgendaDraft]:
        return [
            AgendaDraft(
                title=line["title"],
                planned_minutes=line.get("planned_minutes") or 15,
                presenter=line.get("presenter"),
                pk=line.get("pk"),
            )
            for line in self._lines()
        ]

    def _lines(self) -> list[dict[str, Any]]:
        lines = [
            line.cleaned_data
            for line in self.lines.forms
            if line.cleaned_data.get("title") and not line.cleaned_data.get("DELETE")
        ]
        return sorted(lines, key=lambda line: line.get("order") or 999)


class ReasonForm(PortalForm):
    reason = forms.CharField(label=_("Alasan"), max_length=500, widget=forms.Textarea)
