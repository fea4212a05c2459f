"""What is asked on the way from a draft to published minutes, and after it."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from coordination.models import Addendum, Minutes, MinutesSection, Objection
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.attachments.checks import refuse_size
from portal.web.forms import PortalForm, PortalModelForm

SHA256 = re.compile(r"[0-9a-f]{64}")


class CirculateForm(PortalForm):
    versioned = True
    until = forms.DateTimeField(label=_("Keberatan diterima sampai"))

    def __init__(self, data: Any = None, *, minutes: Minutes):
        super().__init__(data)
        self.fields["version"].initial = minutes.version


class SignForm(PortalForm):
    """`seen` is the SHA-256 of the text on the page: what changed since is not signed unread."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.CharField(
        label=_("Alasan disahkan tanpa edaran"),
        max_length=500,
        widget=forms.Textarea,
        help_text=_("Alasan ini tercantum dalam notula."),
    )

    def __init__(self, data: Any = None, *, minutes: Minutes, seen: str):
        super().__init__(data, initial={"seen": seen})
        if not minutes.is_draft:
            del self.fields["reason"]


class ObjectForm(PortalForm):
    text = forms.CharField(
        label=_("Keberatan"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("Apa yang tidak sesuai dengan yang disampaikan instansi Anda."),
    )
    proposed = forms.CharField(
        label=_("Usul rumusan"),
        required=False,
        widget=forms.Textarea,
        help_text=_("Bunyi pembahasan menurut instansi Anda; boleh dikosongkan."),
    )


class AnswerObjectionForm(PortalForm):
    versioned = True
    decision = forms.ChoiceField(
        label=_("Jawaban"),
        widget=forms.RadioSelect,
        choices=[
            ("accept", _("Terima: bagian notula diubah")),
            ("reject", _("Tidak diterima, dengan alasan")),
        ],
    )
    body = forms.CharField(label=_("Bunyi baru pembahasan"), required=False, widget=forms.Textarea)
    answer = forms.CharField(
        label=_("Alasan atau keterangan"), max_length=2000, required=False, widget=forms.Textarea
    )

    def __init__(self, data: Any = None, *, objection: Objection):
        text = objection.proposed or objection.section.body
        super().__init__(data, initial={"body": text})
        self.fields["version"].initial = objection.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("decision") == "reject" and not cleaned.get("answer"):
            self.add_error("answer", _t("Tulis alasan keberatan tidak diterima."))
        return cleaned


class FileForm(PortalForm):
    file = forms.FileField(
        label=_("Berkas"),
        allow_empty_file=True,
        help_text=_("PDF, gambar, DOCX, atau XLSX, paling besar 20 MB."),
    )
    classification = forms.TypedChoiceField(
        label=_("Klasifikasi berkas"),
        coerce=int,
        help_text=_("Berkas yang lebih tinggi menaikkan klasifikasi notula."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, actor: Actor, minutes: Minutes):
        super().__init__(data, files)
        self.fields["classification"].choices = [
            choice
            for choice in Classification.choices
            if minutes.classification <= choice[0] <= actor.clearance
        ]


class AddendumForm(PortalModelForm):
    versioned = True

    class Meta:
        model = Addendum
        fields = ["section", "text", "reason"]
        help_texts = {
            "section": _("Kosongkan bila adendum menambah sesuatu yang belum dicatat."),
            "text": _("Bunyi yang benar, seluruhnya; perbedaannya ditandai sendiri."),
        }

    def __init__(self, data: Any = None, *, minutes: Minutes, instance: Addendum | None = None):
        super().__init__(data, instance=instance)
        if instance is None:
            self.fields["version"].required = False
        self.instance.validate_constraints = lambda exclude=None: None
        self.fields["section"].queryset = MinutesSection.objects.filter(minutes=minutes)
        self.fields["section"].empty_label = _("Seluruh notula")


class AddendumSignForm(PortalForm):
    """The version of the correction on the page: what changed since is not signed unread."""

    versioned = True

    def __init__(self, data: Any = None, *, addendum: Addendum):
        super().__init__(data)
        self.fields["version"].initial = addendum.version


class VerifyFileForm(forms.Form):
    """Public: the file that somebody holds, to be compared with those that were given out."""

    file = forms.FileField(
        label=_("Berkas PDF notula"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"required": _("Pilih berkas PDF notula lebih dahulu.")},
        help_text=_("Paling besar 20 MB. Berkas tidak disimpan."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            refuse_size(file.size)
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence, code="size") from refusal
        return file


class VerifyForm(forms.Form):
    """Public: what somebody holds in hand, to be compared with what was published."""

    sha256 = forms.CharField(
        label=_("SHA-256 pada dokumen Anda"),
        max_length=200,
        help_text=_("64 angka dan huruf a–f, seperti tercetak pada halaman pengesahan."),
    )

    def clean_sha256(self) -> str:
        text = "".join(self.cleaned_data["sha256"].split()).lower()
        if not SHA256.fullmatch(text):
            raise forms.ValidationError(
                _t("SHA-256 terdiri atas 64 karakter: angka dan huruf a sampai f."), code="sha256"
            )
        return text
