from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from coordination.enums import Answer
from coordination.forms.lines import CheckedByAction
from coordination.models import Invitation, Letter, Meeting
from coordination.queries.seats import letter_of
from portal.web.forms import PortalModelForm, guard

MOST_COPIES = 20
LONGEST_COPY = 160


class AnswerForm(CheckedByAction, PortalModelForm):
    versioned = True
    answer = forms.ChoiceField(
        label=_("Jawaban"),
        widget=forms.RadioSelect,
        choices=[choice for choice in Answer.choices if choice[0] != Answer.PENDING],
    )

    file = forms.FileField(
        label=_("Surat mandat"),
        required=False,
        allow_empty_file=True,
        help_text=_("Bila diwakili: PDF, gambar, atau DOCX, paling besar 20 MB."),
    )

    class Meta:
        model = Invitation
        fields = ["answer", "representative", "may_commit", "reason"]
        labels = {"reason": _("Alasan atau keterangan")}
        help_texts = {
            "representative": _("Jabatan atau nama, bila pimpinan diwakili."),
            "may_commit": _("Wakil boleh menyetujui keputusan atas nama instansi."),
            "reason": _("Wajib diisi bila tidak hadir."),
        }

    field_order = ["answer", "representative", "may_commit", "file", "reason"]

    @property
    def answer_values(self) -> dict[str, Any]:
        """What the action takes: the row's fields, and the file as one of `files`."""
        values = self.values
        file = values.pop("file", None)
        return values | {"files": [file] if file else []}


class LetterForm(CheckedByAction, PortalModelForm):
    """What the letters say in common, Yth. seat by seat, and the quorum."""

    versioned = True
    copies = forms.CharField(
        label=_("Tembusan"),
        required=False,
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("Satu penerima tembusan tiap baris."),
    )
    quorum_percent = forms.IntegerField(
        label=_("Kuorum (%)"),
        min_value=1,
        max_value=100,
        help_text=_("Kuorum tercapai bila lebih dari bagian ini dari kursi yang diundang terisi."),
    )

    class Meta:
        model = Letter
        fields = [
            "urgency",
            "enclosures",
            "subject",
            "issued_in",
            "opening",
            "signatory_office",
            "signatory_name",
            "signatory_rank",
        ]
        help_texts = {
            "opening": _("Boleh dikosongkan: dipakai kalimat pembuka yang lazim."),
            "signatory_name": _("Boleh dikosongkan."),
            "signatory_rank": _("Boleh dikosongkan."),
        }

    def __init__(self, data: Any = None, *, meeting: Meeting):
        letter = letter_of(meeting)
        known = {"copies": "\n".join(letter.copies), "quorum_percent": meeting.quorum_percent}
        super().__init__(data, instance=letter, initial=known)
        self.fields["version"].initial = meeting.version
        self.order_fields(
            ["urgency", "enclosures", "subject", "issued_in", "opening", "copies", *self.fields]
        )
        self.seats = list(meeting.invitations.standing().select_related("agency"))
        for seat in self.seats:
            field = forms.CharField(
                label=_("Yth. untuk %(agency)s") % {"agency": seat.agency.short_name},
                max_length=160,
                initial=seat.addressee,
            )
            guard(field)
            self.fields[f"addressee_{seat.pk}"] = field

    def clean_copies(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["copies"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_COPIES or any(len(line) > LONGEST_COPY for line in lines):
            raise ValidationError(
                _t("Paling banyak %(lines)s baris, masing-masing %(length)s karakter.")
                % {"lines": MOST_COPIES, "length": LONGEST_COPY}
            )
        return lines

    @property
    def letter_values(self) -> dict[str, Any]:
        names = [*self.Meta.fields, "copies", "quorum_percent"]
        return {name: self.cleaned_data[name] for name in names}

    @property
    def addressees(self) -> dict[int, str]:
        return {seat.pk: self.cleaned_data[f"addressee_{seat.pk}"] for seat in self.seats}
