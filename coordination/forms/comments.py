from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm

INTERNAL, AGENCIES = "internal", "agencies"


class CommentForm(PortalForm):
    body = forms.CharField(
        label=_("Komentar Anda"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("Teks biasa atau Markdown."),
    )
    audience = forms.ChoiceField(
        label=_("Dibaca oleh"),
        widget=forms.RadioSelect,
        choices=[
            (INTERNAL, _("Internal instansi saya")),
            (AGENCIES, _("Semua instansi yang melihat tindak lanjut ini")),
        ],
        initial=INTERNAL,
    )
    mentions = forms.MultipleChoiceField(
        label=_("Sebut (@) jabatan atau instansi"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={
            "invalid_choice": _("Jabatan atau instansi yang disebut tidak dapat membaca ini.")
        },
    )

    def __init__(self, data: Any = None, *, choices: list[tuple[str, Any]]):
        super().__init__(data)
        self.fields["mentions"].choices = choices

    @property
    def row_values(self) -> dict[str, Any]:
        """As the action takes them."""
        return {
            "body": self.cleaned_data["body"],
            "is_internal": self.cleaned_data["audience"] == INTERNAL,
            "posts": self._ids("post"),
            "agencies": self._ids("agency"),
        }

    def _ids(self, kind: str) -> list[int]:
        pairs = (value.split(":") for value in self.cleaned_data["mentions"])
        return [int(number) for prefix, number in pairs if prefix == kind]


class StrikeForm(PortalForm):
    reason = forms.CharField(label=_("Alasan pencoretan"), max_length=300)
