from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deployments.enums import AccountPart
from deployments.models import StrengthAccount
from deployments.queries import units_of
from deployments.queries.ledger import free_in
from deployments.queries.statement import Asked
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.registry.models import Agency, Operation, Place, Region, Unit
from portal.web.forms import PortalForm, WholeField
from portal.web.templatetags.portal import angka


def agencies_of(actor: Actor):
    """The agencies whose strength the actor keeps."""
    rows = Agency.objects.order_by("position")
    kept = [row.pk for row in rows if may(actor, Permission.DEPLOYMENT_EDIT, row)]
    return rows.filter(pk__in=kept)


def coded(region: Region) -> str:
    return f"{region.code} {region.name}"


class DeclarationForm(PortalForm):
    """The total that an agency announced."""

    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none())
    total = WholeField(label=_("Jumlah personel"), min_value=0)
    source = forms.CharField(label=_("Sumber"), max_length=200)
    as_of = forms.DateTimeField(label=_("Data per"))
    final = forms.BooleanField(
        label=_("Final"), required=False, help_text=_("Kosong berarti sementara.")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies_of(actor)  # type: ignore[attr-defined]


class TransferForm(PortalForm):
    """People of one account go to another place. The owner stays."""

    source = forms.ModelChoiceField(
        label=_("Dari"),
        queryset=StrengthAccount.objects.none(),
        help_text=_("Dalam kurung yang hari ini dapat dipindahkan."),
    )
    part = forms.ChoiceField(
        label=_("Menjadi"),
        choices=AccountPart.choices,
        initial=AccountPart.RESERVE,
        help_text=_("Tidak terperinci: orang kembali ke instansi, tanpa satuan dan wilayah."),
    )
    unit = forms.ModelChoiceField(label=_("Satuan"), queryset=Unit.objects.none(), required=False)
    region = forms.ModelChoiceField(
        label=_("Wilayah"),
        queryset=Region.objects.exclude(level=Region.Level.VILLAGE).order_by("code"),
    )
    place = forms.ModelChoiceField(label=_("Tempat"), queryset=Place.objects.none(), required=False)
    controller = forms.ModelChoiceField(
        label=_("Instansi pengendali (BKO)"),
        queryset=Agency.objects.order_by("position"),
        required=False,
        help_text=_("Kosongkan bila kendali tetap pada pemilik."),
    )
    personnel = WholeField(label=_("Jumlah personel"), min_value=1)
    effective_on = forms.DateField(label=_("Berlaku mulai"))
    reason = forms.CharField(label=_("Alasan"), max_length=300)
    origin = forms.CharField(label=_("Sumber"), max_length=200, required=False)

    def __init__(self, *args: Any, actor: Actor, operation: Operation, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kept = StrengthAccount.objects.visible_to(actor).filter(
            operation=operation, agency__in=agencies_of(actor)
        )
        free = free_in(kept, today, operation.ends_on)
        movable = [account for account, people in free.items() if max(people) > 0]
        self.movable = bool(movable)
        accounts: Any = self.fields["source"]
        accounts.queryset = (
            kept.filter(pk__in=movable)
            .select_related("agency", "unit", "region", "place", "controller")
            .order_by("agency__position", "part", "region", "pk")
        )
        accounts.label_from_instance = lambda row: f"{row} ({angka(free[row.pk][0])})"
        units: Any = self.fields["unit"]
        units.queryset = units_of(actor)
        regions: Any = self.fields["region"]
        regions.label_from_instance = coded
        places: Any = self.fields["place"]
        places.queryset = Place.objects.of(operation).order_by("name")


class ReversalForm(PortalForm):
    """Why an entry is taken back."""

    reason = forms.CharField(label=_("Alasan"), max_length=300)


class StatementForm(forms.Form):
    """The filter of a statement; it stands in the address."""

    agency = forms.ModelChoiceField(
        label=_("Instansi"),
        queryset=Agency.objects.order_by("position"),
        to_field_name="slug",
        required=False,
        empty_label=_("Semua"),
    )
    unit = forms.ModelChoiceField(
        label=_("Satuan"), queryset=Unit.objects.none(), to_field_name="slug", required=False,
        empty_label=_("Semua"),
    )  # fmt: skip
    region = forms.ModelChoiceField(
        label=_("Wilayah"),
        queryset=Region.objects.filter(level__in=("province", "regency")).order_by("code"),
        required=False,
        empty_label=_("Semua"),
    )
    controller = forms.ModelChoiceField(
        label=_("Pengendali (BKO)"),
        queryset=Agency.objects.order_by("position"),
        to_field_name="slug",
        required=False,
        empty_label=_("Semua"),
    )
    since = forms.DateField(
        label=pgettext_lazy("tanggal", "Dari"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=pgettext_lazy("tanggal", "Sampai"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, actor: Actor, since: date, until: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.span = (since, until)
        units: Any = self.fields["unit"]
        units.queryset = units_of(actor)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = self.dates(cleaned)
        if until < since:
            self.add_error("until", _("Tanggal selesai mendahului tanggal mulai."))
        return cleaned

    def dates(self, cleaned: dict[str, Any]) -> tuple[date, date]:
        """Without its own days: the whole operation until today."""
        return cleaned.get("since") or self.span[0], cleaned.get("until") or self.span[1]

    @property
    def asked(self) -> Asked:
        """What was asked for; a field that makes no sense is left out and said so beside it."""
        cleaned = self.cleaned_data if self.is_bound and self.full_clean() is None else {}
        since, until = self.dates(cleaned)
        names = ("agency", "unit", "region", "controller")
        chosen = {name: cleaned.get(name) for name in names}
        return Asked(since=since, until=max(since, until), **chosen)
