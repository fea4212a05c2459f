from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.enums import Occasion, Priority
from coordination.models import LadderRung
from coordination.models.ladder import RECIPIENTS
from portal.web.forms import PortalForm

UNITS = {"menit": 1, "jam": 60, "hari": 24 * 60}
LONGEST = 60 * 24 * 60


class RungForm(PortalForm):
    """When a rung is said and to whom; the time as a number and its unit."""

    versioned = True

    amount = forms.IntegerField(
        label=_("Selang"),
        min_value=0,
        max_value=LONGEST,
        help_text=_("Dihitung sejak arahan terbit, sejak tenggat, atau sejak diajukan."),
    )
    unit = forms.ChoiceField(
        label=_("Satuan waktu"),
        choices=[
            ("menit", pgettext_lazy("satuan", "Menit")),
            ("jam", pgettext_lazy("satuan", "Jam")),
            ("hari", pgettext_lazy("satuan", "Hari")),
        ],
        initial="jam",
    )
    recipient = forms.ChoiceField(label=_("Penerima"), choices=RECIPIENTS)
    working_hours_only = forms.BooleanField(
        label=_("Hanya pada jam kerja"),
        required=False,
        help_text=_("Di luar jam kerja, pengingat menunggu jam kerja berikutnya."),
    )

    def __init__(self, data: Any = None, *, rung: LadderRung | None = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.fields["version"].required = False
        if rung is None:
            return
        self.fields["version"].initial = rung.version
        if rung.occasion == Occasion.DUE_SOON:
            self.fields["amount"].help_text = _("Sebelum tenggat.")
        size = abs(rung.after)
        unit = next(name for name in reversed(UNITS) if size % UNITS[name] == 0)
        shown = {"amount": size // UNITS[unit], "unit": unit if size else "jam"}
        shown |= {name: getattr(rung, name) for name in ("recipient", "working_hours_only")}
        for name, value in shown.items():
            self.fields[name].initial = value

    def values_for(self, occasion: str) -> dict[str, Any]:
        """What the action takes: minutes, before the due time as a negative number."""
        values = dict(self.values)
        minutes = values.pop("amount") * UNITS[values.pop("unit")]
        return values | {"after": -minutes if occasion == Occasion.DUE_SOON else minutes}


class NewRungForm(RungForm):
    priority = forms.ChoiceField(label=_("Derajat"), choices=Priority.choices)
    occasion = forms.ChoiceField(label=_("Peristiwa"), choices=Occasion.choices)

    field_order = ["priority", "occasion", "amount", "unit", "recipient", "working_hours_only"]
