"""Polling stations by place and by what each agency says of them."""

from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deployments.enums import TagVariable, TpsClass
from deployments.filters.parts import WithinMixin
from deployments.queries.stations import disagreeing, indicators_by_variable, rule_list, tagged
from portal import clock
from portal.registry.models import Operation, PollingStation, Region

UNCLASSIFIED = "none"
ANY_TAG, NO_TAG = "any", "none"


def tag_choices():
    """Any, none, a whole variable, or one indicator."""
    variables = [(name, label) for name, label in TagVariable.choices]
    indicators = [
        (str(TagVariable(name).label), [(item.pk, item.label) for item in items])
        for name, items in indicators_by_variable().items()
    ]
    return [
        (ANY_TAG, _("Ada tanda")),
        (NO_TAG, _("Tanpa tanda")),
        (_("Variabel"), variables),
        *indicators,
    ]


class StationFilter(WithinMixin):
    """Stations by place, by what each agency says of them, and by where the two disagree. Takes
    rows from `station_list` and the moment they were read for."""

    q = django_filters.CharFilter(label=_("Cari"), method="by_words")
    region = django_filters.ModelChoiceFilter(
        label=_("Wilayah"),
        queryset=lambda request: Region.objects.exclude(level="village").order_by("code"),
        method="by_region",
        empty_label=_("Semua"),
    )
    tps_class = django_filters.ChoiceFilter(
        label=_("Kelas Polri"),
        method="by_class",
        choices=[*TpsClass.choices, (UNCLASSIFIED, _("Belum diklasifikasi"))],
        empty_label=_("Semua"),
    )
    tag = django_filters.ChoiceFilter(
        label=_("Tanda Bawaslu"), method="by_tag", choices=tag_choices, empty_label=_("Semua")
    )
    disagrees = django_filters.BooleanFilter(
        label=_("Beda penilaian"),
        method="by_disagreement",
        widget=forms.Select(choices=[("", _("Semua")), ("true", _("Ya"))]),
    )
    operation = django_filters.ModelChoiceFilter(
        label=_("Operasi"),
        queryset=lambda request: Operation.objects.order_by("starts_on"),
        method="by_operation",
        to_field_name="slug",
        empty_label=_("Yang berjalan"),
    )

    class Meta:
        model = PollingStation
        fields: list[str] = []

    def __init__(self, data=None, queryset=None, *, request=None, prefix=None, at=None):
        super().__init__(data, queryset, request=request, prefix=prefix)
        self.at = at or clock.now()

    def by_words(self, rows, name, value):
        for word in value.split():
            rows = rows.filter(
                Q(name__icontains=word)
                | Q(code__startswith=word)
                | Q(district__name__icontains=word)
                | Q(village__name__icontains=word)
            )
        return rows

    def by_class(self, rows, name, value):
        return rows.filter(police_class=None if value == UNCLASSIFIED else value)

    def by_tag(self, rows, name, value):
        if value == ANY_TAG:
            return rows.filter(tag_count__gt=0)
        if value == NO_TAG:
            return rows.filter(tag_count=0)
        if value in TagVariable.values:
            return rows.filter(tagged(self.at, indicator__variable=value))
        return rows.filter(tagged(self.at, indicator=value))

    def by_disagreement(self, rows, name, value):
        found = disagreeing(rows, self.at, rule_list()).order_by().values("pk")
        return rows.filter(pk__in=found) if value else rows.exclude(pk__in=found)

    def by_operation(self, rows, name, value):
        """The rows are one operation's already."""
        return rows

    @property
    def chosen(self) -> dict[str, str]:
        """What narrows the list, by name, as it stands in the address; nonsense is left out."""
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
    def words(self) -> list[str]:
        """The filter as people read it."""
        return [
            f"{self.form.fields[name].label}: {self._said(name, value)}"
            for name, value in self.chosen.items()
        ]

    def _said(self, name: str, value: str) -> str:
        if name == "tag":
            groups = [pair for pair in tag_choices() if isinstance(pair[1], list)]
            flat = dict(pair for _label, pairs in groups for pair in pairs)
            return str(flat.get(value) or dict(tag_choices()[:2])[value])
        if name == "tps_class":
            return str(dict(self.form.fields[name].choices)[value])
        if name == "disagrees":
            return str(_("Ya"))
        return str(self.form.cleaned_data[name])
