from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.registry.models import Agency
from portal.web.forms import DateTimeInput

TO_COME = "to_come"


class RecapForm(forms.Form):
    """Which moment and whose figures."""

    agency = forms.ModelChoiceField(
        label=_("Instansi"),
        queryset=Agency.objects.order_by("position"),
        to_field_name="slug",
        required=False,
        empty_label=_("Semua"),
    )
    at = forms.DateTimeField(label=_("Angka pukul (WITA)"), required=False, widget=DateTimeInput())

    def __init__(self, *args: Any, now: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_at(self) -> datetime | None:
        """The whole minute. What is to come has no figures yet; the map shows what is planned."""
        at = self.cleaned_data["at"]
        if at and at > self.now:
            raise ValidationError(
                _("Waktu ini belum tiba; yang tampil adalah angka sekarang."), code=TO_COME
            )
        return clock.through_minute(at, self.now) if at else None

    @property
    def to_come(self) -> bool:
        """Whether a moment was asked for that has not come."""
        return self.has_error("at", TO_COME)
