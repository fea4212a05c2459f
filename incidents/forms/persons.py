from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.actions.persons import Named, Particulars
from incidents.enums.persons import OLDEST, Condition, PersonPart, Sex
from incidents.models import InvolvedPerson
from portal.web.forms import PortalForm

UNSAID = [("", "–")]


class PersonForm(PortalForm):
    """Somebody involved in an incident. Of one who is written down already, name and note do not
    stand in the form: what is left empty stays."""

    versioned = True

    part = forms.ChoiceField(
        label=_("Sebagai"), choices=PersonPart.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=_("Nama"),
        max_length=120,
        help_text=_(
            "Disimpan tersandi. Yang lain hanya melihat inisial; nama anak tidak terlihat sama "
            "sekali."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    age = forms.IntegerField(label=_("Umur"), min_value=0, max_value=OLDEST, required=False)
    minor = forms.BooleanField(
        label=_("Anak (di bawah 18 tahun)"),
        required=False,
        help_text=_("Centang bila umurnya tidak diketahui tetapi ia anak."),
    )
    sex = forms.ChoiceField(label=_("Jenis kelamin"), choices=UNSAID + Sex.choices, required=False)
    condition = forms.ChoiceField(
        label=_("Keadaan korban"), choices=UNSAID + Condition.choices, required=False
    )
    note = forms.CharField(
        label=_("Catatan"),
        max_length=300,
        required=False,
        help_text=_("Hanya terbaca bersama namanya, dan dihapus bersamanya. Tanpa NIK."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, person: InvolvedPerson | None = None, **kwargs: Any):
        if person:
            names = ("part", "age", "minor", "sex", "condition", "version")
            kwargs["initial"] = {name: getattr(person, name) for name in names}
        super().__init__(*args, **kwargs)
        if person:
            self.fields["name"].required = False
            self.fields["name"].help_text = _("Kosongkan bila nama dan catatannya tetap.")
        else:
            del self.fields["version"]

    @property
    def known(self) -> Particulars:
        names = ("part", "age", "minor", "sex", "condition")
        return Particulars(**{name: self.cleaned_data[name] for name in names})

    @property
    def named(self) -> Named | None:
        """What is given anew; None when both fields were left empty."""
        name, note = self.cleaned_data["name"], self.cleaned_data["note"]
        return Named(name, note) if name or note else None
