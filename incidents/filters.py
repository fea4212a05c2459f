import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.enums import OPEN, IncidentState, PublicState, Severity
from incidents.enums.warning import WarningState
from incidents.models import (
    EarlyWarning,
    FieldReport,
    Incident,
    IncidentType,
    PublicReport,
    PublicSubject,
    WarningRule,
)
from portal.access.classification import Classification
from portal.registry.models import Region
from portal.web.searching import wanted


def told_in(value: str) -> Q:
    """Accounts with these words in what a list shows of them; in the chronology only of what is not
    Rahasia: a search must not tell what a page would have recorded."""
    spoken = Q(chronology__icontains=value, classification__lt=Classification.RAHASIA)
    listed = Q(number__icontains=value) | Q(title__icontains=value) | Q(place__icontains=value)
    return listed | spoken


class IncidentFilter(django_filters.FilterSet):
    """Filters of the API."""

    state = django_filters.ChoiceFilter(label=_("Keadaan"), choices=IncidentState.choices)
    severity = django_filters.ChoiceFilter(label=_("Keparahan"), choices=Severity.choices)
    type = django_filters.ModelChoiceFilter(
        label=_("Jenis"), queryset=IncidentType.objects.order_by("position")
    )
    region = django_filters.CharFilter(label=_("Kode wilayah"), method="inside")
    open = django_filters.BooleanFilter(label=_("Belum selesai"), method="unfinished")
    since = django_filters.IsoDateTimeFilter(
        label=_("Dilaporkan sejak"), field_name="reported_at", lookup_expr="gte"
    )
    until = django_filters.IsoDateTimeFilter(
        label=_("Dilaporkan sebelum"), field_name="reported_at", lookup_expr="lt"
    )

    class Meta:
        model = Incident
        fields: list[str] = []

    def inside(self, queryset, name, value):
        return queryset.in_region(value)

    def unfinished(self, queryset, name, value):
        return queryset.filter(state__in=OPEN) if value else queryset.exclude(state__in=OPEN)


class AccountListFilter(django_filters.FilterSet):
    """What the pages of incidents and of field reports are both filtered by."""

    q = django_filters.CharFilter(label=_("Nomor atau isi"), max_length=80, method="words")
    severity = django_filters.ChoiceFilter(
        label=_("Keparahan"), choices=Severity.choices, empty_label=_("Semua")
    )
    type = django_filters.ModelChoiceFilter(
        label=_("Jenis"),
        queryset=IncidentType.objects.order_by("position"),
        empty_label=_("Semua"),
    )
    region = django_filters.ModelChoiceFilter(
        label=_("Kabupaten/kota"),
        queryset=Region.objects.regencies().order_by("code"),
        method="inside",
        empty_label=_("Semua"),
    )

    def words(self, queryset, name, value):
        return queryset.filter(told_in(value))

    def inside(self, queryset, name, value):
        return queryset.in_region(value.pk)


class IncidentListFilter(AccountListFilter):
    """Filters of the page of incidents."""

    state = django_filters.ChoiceFilter(
        label=_("Keadaan"),
        choices=[("terbuka", _("Semua yang belum selesai")), *IncidentState.choices],
        method="by_state",
        empty_label=_("Semua"),
    )

    class Meta:
        model = Incident
        fields: list[str] = []

    def filter_queryset(self, queryset):
        """Those merged into another only when asked for: they are counted there."""
        rows = super().filter_queryset(queryset)
        asked = self.form.cleaned_data.get("state")
        return rows if asked == IncidentState.MERGED else rows.apart()

    def by_state(self, queryset, name, value):
        return queryset.open() if value == "terbuka" else queryset.filter(state=value)


class FieldReportFilter(AccountListFilter):
    """Filters of the list of field reports and of its API."""

    standing = django_filters.ChoiceFilter(
        label=_("Tindak lanjut"),
        choices=[
            ("menunggu", _("Belum ditindaklanjuti")),
            ("kejadian", _("Masuk kejadian")),
            ("disisihkan", _("Disisihkan")),
        ],
        method="by_standing",
        empty_label=_("Semua"),
    )

    class Meta:
        model = FieldReport
        fields: list[str] = []

    def by_standing(self, queryset, name, value):
        if value == "menunggu":
            return queryset.filter(filing__isnull=True)
        filed = queryset.filter(filing__isnull=False)
        return filed.filter(filed_in__isnull=value != "kejadian")


class PublicReportFilter(django_filters.FilterSet):
    """Filters of the queue and of its API."""

    q = django_filters.CharFilter(label=_("Nomor atau kata"), max_length=80, method="words")
    state = django_filters.ChoiceFilter(
        label=_("Keadaan"), choices=PublicState.choices, empty_label=_("Semua")
    )
    subject = django_filters.ModelChoiceFilter(
        label=_("Jenis"), queryset=PublicSubject.objects.all(), empty_label=_("Semua")
    )
    region = django_filters.ModelChoiceFilter(
        label=_("Kabupaten/kota"),
        queryset=Region.objects.regencies().order_by("code"),
        method="inside",
        empty_label=_("Semua"),
    )
    suspect = django_filters.ChoiceFilter(
        label=_("Mungkin sampah"),
        choices=[("ya", _("Hanya itu")), ("tidak", _("Tanpa itu"))],
        method="looks_like_spam",
        empty_label=_("Di akhir"),
    )

    class Meta:
        model = PublicReport
        fields: list[str] = []

    def words(self, queryset, name, value):
        """By number, or by the words of what is not confidential: a search must not tell what a
        page would have recorded."""
        typed = wanted(value)
        if typed is None:
            return queryset.filter(number__iexact=value)
        spoken = Q(stems=typed.query, classification__lt=Classification.RAHASIA)
        return queryset.filter(Q(number__iexact=value.strip()) | spoken)

    def inside(self, queryset, name, value):
        return queryset.filter(Q(region=value) | Q(region__code__startswith=value.pk + "."))

    def looks_like_spam(self, queryset, name, value):
        return queryset.filter(suspect=value == "ya")


def _regency() -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        label=_("Kabupaten/kota"),
        queryset=Region.objects.regencies().order_by("code"),
        method="inside",
        empty_label=_("Semua"),
    )


class WarningFilter(django_filters.FilterSet):
    """Filters of the page of warnings and of its API."""

    state = django_filters.ChoiceFilter(
        label=_("Keadaan"),
        choices=[*WarningState.choices, ("selesai", _("Semua yang tidak berlaku lagi"))],
        method="by_state",
        empty_label=_("Semua"),
    )
    region = _regency()
    rule = django_filters.ModelChoiceFilter(
        label=_("Aturan"), queryset=WarningRule.objects.all(), empty_label=_("Semua")
    )

    class Meta:
        model = EarlyWarning
        fields: list[str] = []

    def by_state(self, queryset, name, value):
        if value == "selesai":
            return queryset.exclude(state=WarningState.RUNNING)
        return queryset.filter(state=value)

    def inside(self, queryset, name, value):
        return queryset.filter(Q(region=value) | Q(region__code__startswith=value.pk + "."))


class ThreatFilter(django_filters.FilterSet):
    """Filter of the page of threat levels."""

    region = _regency()

    class Meta:
        model = Region
        fields: list[str] = []

    def inside(self, queryset, name, value):
        return queryset.within(value.pk)
