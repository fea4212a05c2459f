from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from incidents.models import Incident, TriageReason
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.web.forms import PortalForm

SET_ASIDE, FOLLOW, TAKE_BACK = "sisihkan", "kaitkan", "kembalikan"
ACTS = (
    (SET_ASIDE, gettext_lazy("Sisihkan dengan alasan")),
    (FOLLOW, gettext_lazy("Kaitkan dengan kejadian")),
    (TAKE_BACK, gettext_lazy("Kembalikan ke antrean")),
)


class TriageForm(PortalForm):
    """One act on the reports that are ticked."""

    act = forms.ChoiceField(label=pgettext_lazy("telaah", "Tindakan"), choices=ACTS)
    reason = forms.ModelChoiceField(
        label=gettext_lazy("Alasan"), queryset=TriageReason.objects.all(), required=False
    )
    incident = forms.CharField(label=gettext_lazy("Nomor kejadian"), max_length=20, required=False)
    version = forms.IntegerField(required=False)

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("act") == SET_ASIDE and not cleaned.get("reason"):
            self.add_error("reason", _("Pilih alasannya."))
        if cleaned.get("act") == FOLLOW and not cleaned.get("incident"):
            self.add_error("incident", _("Isi nomor kejadiannya."))
        return cleaned

    def found(self) -> Incident:
        """The incident of that number within the post's sight."""
        number = self.cleaned_data["incident"].strip()
        row = Incident.objects.visible_to(self.actor).filter(number__iexact=number).first()
        if row is None:
            raise Refused(
                _("Kejadian bernomor itu tidak ada dalam lingkup jabatan Anda."), "incident"
            )
        return row


class AnswerForm(PortalForm):
    text = forms.CharField(
        label=gettext_lazy("Jawaban kepada pelapor"),
        widget=forms.Textarea,
        max_length=2_000,
        help_text=gettext_lazy(
            "Dibaca siapa pun yang memegang kode laporan ini. Jangan menulis nama orang."
        ),
    )
