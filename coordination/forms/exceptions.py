"""Forms for what does not go as planned: later, waiting for others, not at all."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from coordination.forms.obligations import ObligationForm
from coordination.models import Obligation
from portal.web.templatetags.portal import tanggal_pendek

GRANT, REFUSE = "grant", "refuse"
ACCEPT, RETURN = "accept", "return"


class ExtensionForm(ObligationForm):
    slot = "extension"
    wished_due_at = forms.DateTimeField(label=_("Tenggat yang dimohon"))
    reason = forms.CharField(label=_("Alasan perpanjangan"), max_length=2000, widget=forms.Textarea)


class ExtensionDecisionForm(ObligationForm):
    slot = "extension_decision"
    decision = forms.ChoiceField(
        label=_("Putusan perpanjangan"),
        widget=forms.RadioSelect,
        choices=[(GRANT, _("Kabulkan")), (REFUSE, _("Tolak"))],
    )
    due_at = forms.DateTimeField(
        label=_("Tenggat baru"),
        required=False,
        help_text=_("Kosongkan untuk memakai tenggat yang dimohon. Waktu WITA."),
    )
    note = forms.CharField(
        label=_("Catatan putusan"),
        max_length=2000,
        widget=forms.Textarea,
        required=False,
        help_text=_("Wajib diisi bila ditolak."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("decision") == REFUSE and not cleaned.get("note"):
            self.add_error("note", _t("Tulis alasan penolakan."))
        return cleaned


class DueForm(ObligationForm):
    slot = "due"
    due_at = forms.DateTimeField(label=_("Tenggat baru"), help_text=_("Waktu WITA."))
    reason = forms.CharField(
        label=_("Alasan perubahan tenggat"), max_length=2000, widget=forms.Textarea
    )


class OtherObligation(forms.ModelChoiceField):
    default_error_messages = {"invalid_choice": _("Tindak lanjut itu tidak dikenal.")}

    def label_from_instance(self, row: Obligation) -> str:
        due = tanggal_pendek(row.due_at)
        return f"{row.directive.number} · {row.doer}: {row.directive.title} ({due})"


class WaitForm(ObligationForm):
    slot = "wait"
    blocker = OtherObligation(
        label=_("Tindak lanjut yang ditunggu"),
        queryset=Obligation.objects.none(),
        empty_label=_("Pilih tindak lanjut"),
    )
    remark = forms.CharField(
        label=_("Keterangan"),
        max_length=300,
        required=False,
        help_text=_("Apa yang diperlukan darinya."),
    )

    def __init__(self, data: Any = None, *, obligation: Obligation, others: QuerySet[Obligation]):
        super().__init__(data, obligation=obligation)
        self.fields["blocker"].queryset = others


class StopWaitingForm(ObligationForm):
    slot = "stop_waiting"


class UnfeasibleForm(ObligationForm):
    slot = "unfeasible"
    reason = forms.CharField(
        label=_("Mengapa tidak dapat dilaksanakan"), max_length=4000, widget=forms.Textarea
    )


class UnfeasibleDecisionForm(ObligationForm):
    slot = "unfeasible_decision"
    decision = forms.ChoiceField(
        label=_("Keputusan"),
        widget=forms.RadioSelect,
        choices=[
            (ACCEPT, _("Terima alasannya dan tutup")),
            (RETURN, _("Kembalikan: tetap harus dilaksanakan")),
        ],
    )
    note = forms.CharField(
        label=_("Catatan"),
        max_length=2000,
        widget=forms.Textarea,
        required=False,
        help_text=_("Wajib diisi bila dikembalikan."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("decision") == RETURN and not cleaned.get("note"):
            self.add_error("note", _t("Tulis apa yang perlu diperbaiki."))
        return cleaned
