"""Where the search looks in the registry: names are short, so a part of a word is enough."""

from django.db.models import F, FloatField, Q, Value
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.registry.models import Region, Unit
from portal.web.searching import Hit, Source, Wanted

EQUAL = Value(0.0, output_field=FloatField())


def _unit(row: Unit, excerpt: SafeString) -> Hit:
    return Hit(
        title=row.name,
        url=reverse("registry:agency_detail", args=[row.agency.slug]),
        note=row.agency.short_name,
        excerpt=SafeString(""),
    )


def _region(row: Region, excerpt: SafeString) -> Hit:
    return Hit(
        title=row.name,
        url=reverse("registry:region_detail", args=[row.code]),
        note=f"{row.get_level_display()} · {row.code}",
        excerpt=SafeString(""),
    )


def _in_unit(words: Wanted) -> Q:
    return Q(name__icontains=words.text) | Q(short_name__icontains=words.text)


SOURCES = (
    Source(
        key="satuan",
        label=_("Satuan"),
        icon="building",
        rows=lambda actor: (
            Unit.objects.visible_to(actor).filter(is_active=True).select_related("agency")
        ),
        matches=_in_unit,
        rank=lambda words: EQUAL,
        text=F("name"),
        order=("path",),
        hit=_unit,
    ),
    Source(
        key="wilayah",
        label=_("Wilayah"),
        icon="geo-alt",
        rows=lambda actor: Region.objects.visible_to(actor).exclude(level=Region.Level.VILLAGE),
        matches=lambda words: Q(name__icontains=words.text),
        rank=lambda words: EQUAL,
        text=F("name"),
        order=("code",),
        hit=_region,
        number="code",
    ),
)
