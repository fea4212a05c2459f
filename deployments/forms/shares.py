from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.queries.shares import covered_districts
from portal.registry.models import Unit
from portal.web.forms import PortalForm


def share_field(code: str) -> str:
    return f"share-{code}"


class SharesForm(PortalForm):
    """The part of a unit in each of its districts, in per cent."""

    source = forms.CharField(label=_("Sumber"), max_length=200)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.districts = covered_districts(unit)
        for region in self.districts:
            self.fields[share_field(region.code)] = forms.DecimalField(
                label=f"{region.name}, {region.parent.name}",
                min_value=0,
                max_value=100,
                decimal_places=2,
                max_digits=5,
                required=False,
                help_text=_("Persen; kosong berarti tidak dibagi ke sini."),
            )
        self.order_fields([share_field(region.code) for region in self.districts])

    @property
    def shares(self) -> dict[str, Decimal]:
        """Parts of the whole by district code; empty ones left out."""
        given = {r.code: self.cleaned_data.get(share_field(r.code)) for r in self.districts}
        return {code: percent / 100 for code, percent in given.items() if percent}
