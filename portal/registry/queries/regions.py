"""The regions with their figures, the units that work there, and what lies inside."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from portal.access.actor import Actor
from portal.registry.enums import PROVINCE, FigureKind, RegionKind, UnitKind
from portal.registry.models import Figure, Region, Unit, UnitDistrict
from portal.registry.queries.figures import figures

SHOWN = (FigureKind.POPULATION, FigureKind.VOTERS, FigureKind.POLLING_STATIONS)
TERRITORIAL = {
    UnitKind.POLRES: "police",
    UnitKind.POLRESTA: "police",
    UnitKind.KODIM: "army",
}


@dataclass(frozen=True)
class RegionRow:
    """A regency with its figures in the order of SHOWN (each may be absent)."""

    code: str
    name: str
    capital: str
    districts: int
    figures: list[Figure | None]


def region_rows(actor: Actor) -> list[RegionRow]:
    regions = list(
        Region.objects.visible_to(actor)
        .regencies()
        .annotate(districts=Count("children"))
        .order_by("code")
    )
    chosen = figures([region.code for region in regions], SHOWN)
    return [
        RegionRow(
            region.code,
            region.name,
            region.capital,
            region.districts,
            [chosen.get((region.code, kind)) for kind in SHOWN],
        )
        for region in regions
    ]


@dataclass(frozen=True)
class Total:
    """A figure of the province as published, beside the sum over its regencies."""

    kind: str
    published: Figure | None
    summed: int

    @property
    def agrees(self) -> bool:
        return self.published is not None and self.published.value == self.summed


def totals(rows: list[RegionRow], province: str = PROVINCE) -> list[Total]:
    published = figures([province], SHOWN)
    sums = [
        sum(each.value for each in column if each)
        for column in zip(*(row.figures for row in rows), strict=True)
    ]
    return [
        Total(str(kind.label), published.get((province, kind)), summed)
        for kind, summed in zip(SHOWN, sums or [0] * len(SHOWN), strict=True)
    ]


def lineage(region: Region) -> list[Region]:
    """The regions around it, from the province down."""
    around: list[Region] = []
    while region.parent:
        region = region.parent
        around.insert(0, region)
    return around


@dataclass(frozen=True)
class FigureRow:
    """A published figure; `used` is the one that everything else counts with."""

    figure: Figure
    used: bool


def region_figures(region: Region) -> list[FigureRow]:
    """Every count of the region by kind, the one in use first, contradicting ones after it. The
    vulnerability index is no count and stands with the stations' classes."""
    order = list(FigureKind.values)
    chosen = set(figures([region.code]).values())
    rows = [
        FigureRow(figure, figure in chosen)
        for figure in region.figures.exclude(kind=FigureKind.IKP)
    ]
    rows.sort(key=lambda row: (order.index(row.figure.kind), not row.used, row.figure.as_of))
    return rows


def units_covering(region: Region) -> QuerySet[Unit]:
    """Units below the provincial ones that work in the region or in any district of it, agency by
    agency; for a village those of its district."""
    district = region.parent_id if region.level == Region.Level.VILLAGE else region.code
    return (
        Unit.objects.filter(
            Q(coverage__district=district) | Q(coverage__district__code__startswith=f"{district}."),
            parent__isnull=False,
            is_active=True,
        )
        .exclude(kind=UnitKind.OFFICE)
        .annotate(districts_here=Count("coverage"))
        .select_related("agency", "seat")
        .order_by("agency__position", "path")
    )


@dataclass(frozen=True)
class PartRow:
    """A region inside another: how much it holds, and who polices and garrisons it."""

    code: str
    name: str
    kind: str
    parts: int
    wards: int
    police: str
    army: str


def parts_of(region: Region) -> list[PartRow]:
    """The regions directly inside, by code."""
    inside = region.children.annotate(
        parts=Count("children"),
        wards=Count("children", filter=Q(children__kind=RegionKind.KELURAHAN)),
    ).order_by("code")
    guards = _guards(region.code) if region.level == Region.Level.REGENCY else {}
    return [
        PartRow(
            part.code,
            part.name,
            part.get_kind_display(),
            part.parts,
            part.wards,
            guards.get((part.code, "police"), ""),
            guards.get((part.code, "army"), ""),
        )
        for part in inside
    ]


def _guards(regency: str) -> dict[tuple[str, str], str]:
    pairs = UnitDistrict.objects.filter(
        district__parent=regency, unit__kind__in=TERRITORIAL, unit__is_active=True
    ).values_list("district_id", "unit__kind", "unit__short_name")
    return {(code, TERRITORIAL[UnitKind(kind)]): name for code, kind, name in pairs}
