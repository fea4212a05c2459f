"""One person of a roster."""

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.models import RosterMember
from portal.web.forms import PortalForm


class MemberForm(PortalForm):
    rank = forms.CharField(label=_("Pangkat"), max_length=60)
    name = forms.CharField(label=_("Nama"), max_length=120)
    nrp = forms.CharField(
        label=_("NRP"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # A browser must not offer these names on the next page.
            field.widget.attrs["autocomplete"] = "off"


class MemberChangeForm(MemberForm):
    """An empty number leaves the stored one: whoever may not read it can still mend the name."""

    versioned = True

    def __init__(self, *args, member: RosterMember, **kwargs):
        kwargs.setdefault(
            "initial", {"name": member.name, "rank": member.rank, "version": member.version}
        )
        super().__init__(*args, **kwargs)
        self.member = member
        self.fields["nrp"].required = False
        self.fields["nrp"].help_text = _("Kosongkan bila NRP tidak berubah.")

    @property
    def values(self):
        given = super().values
        return given | {"nrp": given["nrp"] or self.member.nrp}

    @property
    def differences(self):
        """The stored number is not shown beside what was typed."""
        return [row for row in super().differences if row["label"] != str(self.fields["nrp"].label)]
