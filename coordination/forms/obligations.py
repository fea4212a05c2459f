from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from coordination.enums import ObligationState
from coordination.models import Obligation
from portal.web.forms import PortalForm

PROGRESS, BLOCKED, SUBMITTED = "progress", "blocked", "submitted"
VERIFY, VERIFY_ONLY, RETURN = "verify", "verify_only", "return"


class ObligationForm(PortalForm):
    """A form about an obligation as the user saw it. Several stand on one page: `slot` keeps their
    fields apart."""

    versioned = True
    slot = ""

    def __init__(self, data: Any = None, files: Any = None, *, obligation: Obligation):
        super().__init__(data, files, auto_id=f"id_{self.slot}_%s" if self.slot else "id_%s")
        self.obligation = obligation
        self.fields["version"].initial = obligation.version


class AcknowledgeForm(ObligationForm):
    pass


class ReportForm(ObligationForm):
    kind = forms.ChoiceField(
        label=_("Laporan"),
        widget=forms.RadioSelect,
        choices=[
            (PROGRESS, _("Kemajuan")),
            (BLOCKED, _("Terkendala")),
            (SUBMITTED, _("Selesai dikerjakan, mohon diverifikasi")),
        ],
        initial=PROGRESS,
    )
    percent = forms.IntegerField(
        label=_("Kemajuan (%)"), min_value=0, max_value=100, required=False
    )
    note = forms.CharField(
        label=_("Uraian"),
        max_length=4000,
        widget=forms.Textarea,
        required=False,
        help_text=_("Apa yang sudah dikerjakan, kapan, dan hasilnya."),
    )
    obstacle = forms.CharField(
        label=_("Kendala"),
        max_length=500,
        required=False,
        help_text=_("Diisi bila terkendala: apa yang menghambat dan bantuan yang diperlukan."),
    )
    file = forms.FileField(
        label=_("Bukti dukung"),
        required=False,
        allow_empty_file=True,
        help_text=_("PDF, gambar, DOCX, atau XLSX, paling besar 20 MB."),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        obligation: Obligation,
        rolls_up: bool = False,
    ):
        """`rolls_up`: its progress is the mean of its units' and is not asked."""
        super().__init__(data, files, obligation=obligation)
        self.fields["percent"].initial = obligation.progress
        if obligation.directive.evidence_required:
            self.fields["file"].help_text = _(
                "Wajib sebelum diajukan. PDF, gambar, DOCX, atau XLSX, paling besar 20 MB."
            )
        if rolls_up:
            del self.fields["percent"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind == BLOCKED and not cleaned.get("obstacle"):
            self.add_error("obstacle", _t("Jelaskan kendalanya."))
        if kind in {PROGRESS, SUBMITTED} and not cleaned.get("note"):
            self.add_error("note", _t("Uraikan apa yang sudah dikerjakan."))
        if kind == PROGRESS and "percent" in cleaned and cleaned["percent"] is None:
            self.add_error("percent", _t("Isi kemajuan dengan angka 0 sampai 100."))
        return cleaned

    @property
    def attached(self) -> list[Any]:
        file = self.cleaned_data.get("file")
        return [file] if file else []


class VerifyForm(ObligationForm):
    decision = forms.ChoiceField(
        label=_("Keputusan"),
        widget=forms.RadioSelect,
        choices=[
            (VERIFY, _("Verifikasi dan tutup: sudah dilaksanakan")),
            (VERIFY_ONLY, _("Verifikasi saja, ditutup kemudian")),
            (RETURN, _("Kembalikan untuk perbaikan")),
        ],
    )
    note = forms.CharField(
        label=_("Catatan"),
        max_length=2000,
        widget=forms.Textarea,
        required=False,
        help_text=_("Wajib diisi bila dikembalikan."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, obligation: Obligation):
        super().__init__(data, files, obligation=obligation)
        if obligation.state == ObligationState.VERIFIED:
            self.fields["decision"].choices = [
                (VERIFY, _("Tutup: sudah dilaksanakan")),
                (RETURN, _("Kembalikan untuk perbaikan")),
            ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("decision") == RETURN and not cleaned.get("note"):
            self.add_error("note", _t("Tulis apa yang perlu diperbaiki."))
        return cleaned
