from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from coordination.actions.shares import Due, Share
from coordination.actions.standing import unit_region
from coordination.enums import Binding, DueKind
from coordination.forms.lines import AgenciesChoice, AgencyChoice, CheckedByAction
from coordination.forms.minutes import MARKDOWN
from coordination.forms.units import StageChoice, UnitsField
from coordination.models import Addressee, AgendaItem, Directive, Minutes, MinutesSection
from portal import clock
from portal.access.classification import Classification
from portal.registry.models import Agency, Region, Unit
from portal.web.forms import DateTimeInput, PortalModelForm

RULED = frozenset({"due_kind", "due_at", "due_days", "due_stage", "due_offset"})
LAST = frozenset({"lead", "classification"})
ADDRESSED = ("due_", "units_", "region_")


class DirectiveForm(CheckedByAction, PortalModelForm):
    """A directive with whom it speaks to: agencies as a whole and units of theirs. Each agency may
    have a due time and a region of its own; its units share the due time."""

    versioned = True
    agencies = AgenciesChoice(
        label=_("Instansi yang diarahkan"),
        required=False,
        help_text=_("Instansi sebagai keseluruhan; satuan dipilih di bawah."),
    )
    lead = AgencyChoice(
        label=_("Penanggung jawab"),
        required=False,
        empty_label=_("Semua sama"),
        help_text=_("Instansi lain menjadi pendukung."),
    )
    due_kind = forms.ChoiceField(
        label=_("Tenggat ditentukan dengan"),
        choices=DueKind.choices,
        initial=DueKind.DATE,
        required=False,
    )
    due_at = forms.DateTimeField(label=_("Tenggat"), required=False)
    due_days = forms.IntegerField(
        label=_("Jumlah hari kerja"),
        min_value=1,
        max_value=365,
        required=False,
        help_text=_("Tanpa Sabtu, Minggu, dan hari libur nasional; sampai pukul 16.00 WITA."),
    )
    due_stage = StageChoice(label=_("Tahapan"), required=False, empty_label=_("Pilih tahapan"))
    due_offset = forms.IntegerField(
        label=_("Selisih hari"),
        min_value=-365,
        max_value=365,
        required=False,
        initial=0,
        help_text=_("Dari hari mulai tahapan: -1 sehari sebelumnya, 2 dua hari sesudahnya."),
    )

    class Meta:
        model = Directive
        fields = [
            "section",
            "agenda_item",
            "title",
            "text",
            "ground",
            "kind",
            "binding",
            "priority",
            "output",
            "evidence",
            "evidence_required",
        ]
        help_texts = {
            "binding": _("Perintah hanya berlaku di rantai komando sendiri."),
            "text": MARKDOWN,
            "ground": _("Surat, peristiwa, atau pertimbangan yang mendasarinya."),
            "evidence_required": _("Tanpa berkas bukti, tindak lanjut tidak dapat diajukan."),
        }
        widgets = {"ground": forms.Textarea(attrs={"rows": 2})}

    def __init__(
        self,
        data: Any = None,
        *,
        minutes: Minutes | None,
        instance: Directive | None = None,
        initial: dict[str, Any] | None = None,
    ):
        shares = list(instance.addressees.all()) if instance else []
        self.whole = {share.agency_id: share for share in shares if share.unit_id is None}
        self.parts: dict[int, list[Addressee]] = {}
        for share in shares:
            if share.unit_id is not None:
                self.parts.setdefault(share.agency_id, []).append(share)
        known = {
            "agencies": list(self.whole),
            "lead": next((pk for pk, share in self.whole.items() if share.is_lead), None),
        }
        if instance is not None:
            known |= {name: getattr(instance, name) for name in ("due_kind", "due_days")}
            known |= {"due_stage": instance.due_stage_id, "due_offset": instance.due_offset}
            known |= {"due_at": clock.local(instance.default_due_at)}
        super().__init__(data, instance=instance, initial=known | (initial or {}))
        if instance is None:
            self.fields["version"].required = False
        self._origin_fields(minutes)
        self._agency_fields(instance)

    def _origin_fields(self, minutes: Minutes | None) -> None:
        if minutes is None:
            del self.fields["section"], self.fields["agenda_item"]
            self.fields["ground"].required = True
            self.fields["binding"].initial = self.initial["binding"] = Binding.REQUEST
            self.fields["classification"] = forms.TypedChoiceField(
                label=_("Klasifikasi"),
                choices=Classification.choices,
                coerce=int,
                initial=Classification.TERBATAS,
            )
            return
        self.fields["section"].queryset = MinutesSection.objects.filter(minutes=minutes)
        self.fields["section"].empty_label = _("Seluruh notula")
        items = AgendaItem.objects.filter(meeting=minutes.meeting_id)
        self.fields["agenda_item"].queryset = items
        self.fields["agenda_item"].empty_label = _("Menurut bagian notulanya")

    def _agency_fields(self, instance: Directive | None) -> None:
        self.agency_list = list(Agency.objects.order_by("position"))
        units: dict[int, list[Unit]] = {}
        for unit in Unit.objects.filter(is_active=True, parent__isnull=False).select_related(
            "seat"
        ):
            units.setdefault(unit.agency_id, []).append(unit)
        regencies = Region.objects.regencies().values_list("code", "name")
        regions = [("", _t("Seluruh wilayah")), *regencies]
        for agency in self.agency_list:
            self._agency_field(agency, units.get(agency.pk, []), regions)

    def _agency_field(
        self, agency: Agency, units: list[Unit], regions: list[tuple[str, str]]
    ) -> None:
        name = {"agency": agency.short_name}
        shares = [*self.parts.get(agency.pk, [])]
        if agency.pk in self.whole:
            shares.insert(0, self.whole[agency.pk])
        special = next((share.due_at for share in shares if share.own_due), None)
        self.fields[f"due_{agency.pk}"] = forms.DateTimeField(
            label=_("Tenggat khusus %(agency)s") % name,
            required=False,
            initial=special and clock.local(special),
            widget=DateTimeInput(),
        )
        region = self.whole[agency.pk].region_id if agency.pk in self.whole else ""
        self.fields[f"region_{agency.pk}"] = forms.ChoiceField(
            label=_("Wilayah %(agency)s") % name,
            choices=regions,
            required=False,
            initial=region or "",
        )
        if units:
            chosen = [str(share.unit_id) for share in self.parts.get(agency.pk, [])]
            self.fields[f"units_{agency.pk}"] = UnitsField(
                units, label=_("Satuan %(agency)s") % name, initial=chosen
            )

    @property
    def plain_fields(self) -> list[BoundField]:
        """Everything but the due time and what each agency has of its own."""
        return [
            field
            for field in self.visible_fields()
            if field.name not in RULED | LAST and not field.name.startswith(ADDRESSED)
        ]

    @property
    def last_fields(self) -> list[BoundField]:
        """What is said once it is known whom the directive speaks to."""
        return [self[name] for name in sorted(LAST, reverse=True) if name in self.fields]

    @property
    def due_fields(self) -> list[BoundField]:
        return [
            self[name] for name in ("due_kind", "due_at", "due_days", "due_stage", "due_offset")
        ]

    @property
    def special_fields(self) -> list[BoundField]:
        return [
            self[f"{name}_{agency.pk}"] for agency in self.agency_list for name in ("due", "region")
        ]

    @property
    def unit_fields(self) -> list[dict[str, Any]]:
        """For each agency with units: its choice, how many are chosen, whether it is wrong."""
        groups = []
        for agency in self.agency_list:
            name = f"units_{agency.pk}"
            if name in self.fields:
                values = self[name].value() or []
                count = len(self.fields[name].chosen(values))
                groups.append({"agency": agency.short_name, "field": self[name], "count": count})
        return groups

    @property
    def opened_specials(self) -> bool:
        return any(field.errors or field.value() for field in self.special_fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        lead = cleaned.get("lead")
        if lead is not None and lead not in cleaned.get("agencies", []):
            self.add_error("lead", _t("Penanggung jawab harus salah satu instansi yang diarahkan."))
        return cleaned

    def shares(self) -> list[Share]:
        cleaned = self.cleaned_data
        found = []
        for agency in self.agency_list:
            due = cleaned.get(f"due_{agency.pk}")
            if agency in cleaned["agencies"]:
                region = cleaned.get(f"region_{agency.pk}")
                place = Region.objects.get(pk=region) if region else None
                lead = agency == cleaned["lead"]
                found.append(Share(agency, due, is_lead=lead, region=place))
            field = self.fields.get(f"units_{agency.pk}")
            if isinstance(field, UnitsField):
                units = field.chosen(cleaned.get(f"units_{agency.pk}", []))
                found += [Share(agency, due, unit=unit, region=unit_region(unit)) for unit in units]
        return found

    def due(self) -> Due:
        cleaned = self.cleaned_data
        return Due(
            kind=cleaned.get("due_kind") or DueKind.DATE,
            at=cleaned.get("due_at"),
            days=cleaned.get("due_days"),
            stage=cleaned.get("due_stage"),
            offset=cleaned.get("due_offset") or 0,
        )

    @property
    def row_values(self) -> dict[str, Any]:
        names = [*self.Meta.fields, "classification"]
        return {name: self.cleaned_data[name] for name in names if name in self.fields}
