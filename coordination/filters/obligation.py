"""The filter of the matrix."""

from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from coordination.enums import (
    OBLIGATION_CLOSED,
    Binding,
    ObligationState,
    Priority,
)
from coordination.filters.parts import Day, ListedChoice, Words, agency_choice
from coordination.models import Directive, Meeting, MeetingSeries, Obligation
from coordination.models.obligation import late
from portal import clock
from portal.access.actor import Actor
from portal.registry.models import Region
from portal.web.forms import shown
from portal.web.searching import wanted


class Stems(Words):
    """What the stems or the number say, in Indonesian: `penanganan` also finds `menangani`."""

    def filter(self, rows: QuerySet, value: str) -> QuerySet:
        words = wanted(value or "")
        if words is None:
            return rows
        where = words.by_number("directive__number")
        for field in self.fields:
            where |= Q(**{field: words.query})
        return rows.filter(where)


OVERDUE, UNFINISHED = "overdue", "unfinished"


SORTS = {
    "due": ("due_at", "pk"),
    "-due": ("-due_at", "-pk"),
    "agency": ("agency__position", "due_at", "pk"),
    "state": ("state", "due_at", "pk"),
    "progress": ("progress", "due_at", "pk"),
    "-progress": ("-progress", "due_at", "pk"),
    "number": ("directive__issued_at", "directive_id", "agency__position"),
    "updated": ("-updated_at", "-pk"),
}


class ObligationFilter(django_filters.FilterSet):
    """The filter of the matrix; it stands whole in the address. `at` decides what is late; rakor
    and series to choose from are those that the actor sees."""

    q = Stems("directive__stems", "stems")
    state = django_filters.ChoiceFilter(
        label=_("Status"),
        method="by_state",
        choices=[
            (UNFINISHED, _("Belum selesai")),
            (OVERDUE, _("Terlambat")),
            *ObligationState.choices,
        ],
        empty_label=_("Semua status"),
    )
    agency = agency_choice(label=_("Instansi"))
    role = django_filters.ChoiceFilter(
        label=_("Peran"),
        method="by_role",
        choices=[("lead", _("Penanggung jawab")), ("support", _("Pendukung"))],
        empty_label=_("Semua peran"),
    )
    meeting = ListedChoice(
        field_name="directive__meeting",
        label=_("Rakor"),
        queryset=Meeting.objects.none(),
        empty_label=_("Semua rakor"),
    )
    series = ListedChoice(
        field_name="directive__meeting__series",
        label=_("Seri rakor"),
        queryset=MeetingSeries.objects.none(),
        empty_label=_("Semua seri"),
    )
    region = ListedChoice(
        label=_("Wilayah"),
        method="by_region",
        queryset=Region.objects.none(),
        to_field_name="code",
        empty_label=_("Semua wilayah"),
    )
    priority = django_filters.ChoiceFilter(
        field_name="directive__priority",
        label=_("Derajat"),
        choices=Priority.choices,
        empty_label=_("Semua derajat"),
    )
    binding = django_filters.ChoiceFilter(
        field_name="directive__binding",
        label=_("Sifat mengikat"),
        choices=Binding.choices,
        empty_label=_("Semua sifat"),
    )
    due_from = Day(label=_("Tenggat sejak"), field_name="due_at")
    due_until = Day(label=_("Tenggat sampai"), field_name="due_at", until=True)
    sort = django_filters.ChoiceFilter(
        label=_("Urutan"),
        method="by_sort",
        choices=[
            ("due", _("Tenggat terdekat")),
            ("-due", _("Tenggat terjauh")),
            ("agency", _("Instansi")),
            ("state", _("Status")),
            ("-progress", _("Progres tertinggi")),
            ("progress", _("Progres terendah")),
            ("number", _("Nomor arahan")),
            ("updated", _("Terakhir diubah")),
        ],
        empty_label=_("Belum selesai, lalu tenggat"),
    )
    # For programs; people choose the state "Terlambat".
    overdue = django_filters.BooleanFilter(
        label=_("Terlambat"), method="by_overdue", widget=forms.HiddenInput
    )

    class Meta:
        model = Obligation
        fields: list[str] = []

    def __init__(self, data=None, queryset=None, *, request=None, prefix=None, actor=None, at=None):
        super().__init__(data, queryset, request=request, prefix=prefix)
        actor = actor or getattr(request, "actor", None)
        self.at = at or clock.now()
        self.filters["meeting"].queryset = (
            Meeting.objects.visible_to(actor)
            .filter(Exists(Directive.objects.issued().filter(meeting=OuterRef("pk"))))
            .defer("stems")
            .order_by("-starts_at", "-pk")
        )
        self.filters["series"].queryset = MeetingSeries.objects.visible_to(actor)
        self.filters["region"].queryset = Region.objects.filter(
            level__in=[Region.Level.PROVINCE, Region.Level.REGENCY]
        ).order_by("code")

    def by_overdue(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        # As keys: what is late compares nulls, which `exclude` would turn round.
        overdue = Obligation.objects.filter(late(self.at)).values("pk")
        return rows.filter(pk__in=overdue) if value else rows.exclude(pk__in=overdue)

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == OVERDUE:
            return self.by_overdue(rows, name, True)
        if value == UNFINISHED:
            return rows.exclude(state__in=sorted(OBLIGATION_CLOSED))
        return rows.filter(state=value)

    def by_role(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_lead=value == "lead")

    def by_region(self, rows: QuerySet, name: str, value: Region) -> QuerySet:
        """The region itself and all that lies in it; the code is the path."""
        inside = Q(region_id=value.code) | Q(region__code__startswith=f"{value.code}.")
        return rows.filter(inside)

    def by_sort(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.order_by(*SORTS[value])

    @property
    def chosen(self) -> dict[str, str]:
        """What narrows or orders the list, by name, as it stands in the address; nonsense is left
        out, so that an address made of it is always sound."""
        valid = self.form.cleaned_data if self.form.is_valid() or self.is_bound else {}
        return {
            name: str(self.data[name])
            for name in self.filters
            if valid.get(name) not in (None, "") and self.data.get(name)
        }

    @property
    def query(self) -> str:
        return urlencode(self.chosen)

    @property
    def words(self) -> list[tuple[str, str, str]]:
        """The filter as people read it: name, label and value of each part."""
        shown_parts = []
        for name in self.chosen:
            field, value = self.form.fields[name], self.form.cleaned_data[name]
            if hasattr(field, "queryset"):
                text = str(value)
            elif hasattr(field, "choices"):
                text = str(dict(field.choices).get(value, value))
            else:
                text = shown(field, value)
            shown_parts.append((name, str(field.label), text))
        return shown_parts


def sound_query(actor: Actor, data: QueryDict) -> str:
    """What of it is a sound filter of the matrix, as a query string; the rest is left out."""
    return ObligationFilter(data, queryset=Obligation.objects.none(), actor=actor).query
