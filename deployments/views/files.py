"""Two lists as files: the need by region and the polling stations with both views of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments.enums import TpsClass
from deployments.filters import StationFilter
from deployments.queries import moment_in, need_table
from deployments.queries.need_rows import BELOW, NeedRow
from deployments.queries.station_pages import ikp_cell, station_rows
from deployments.queries.stations import Territory, rule_list, station_list
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.exports.kinds import Kind, Selection
from portal.registry.enums import PROVINCE
from portal.registry.models import Operation, PollingStation, Region
from portal.registry.queries import current_operation


def _operation(slug: str, at: datetime) -> Operation | None:
    if slug:
        return Operation.objects.filter(slug=slug).first()
    return current_operation(at)


# ── Polling stations ──


def select_stations(actor: Actor, query: str, at: datetime) -> Selection:
    """The stations that the page shows for the same filter, in its order."""
    data = QueryDict(query)
    operation = _operation(data.get("operation", ""), at)
    if operation is None:
        return Selection([], "", [], Classification.TERBATAS)
    shown_at = moment_in(operation, at)
    found = StationFilter(data, station_list(actor, operation, shown_at), at=shown_at)
    return Selection(
        ids=list(found.qs.values_list("pk", flat=True)),
        query=found.query,
        words=found.words,
        classification=Classification.TERBATAS,
    )


def station_columns() -> list[tuple[str, int]]:
    return [
        (_("Kode TPS"), 20),
        (_("Nama"), 28),
        (_("Kecamatan"), 22),
        (_("Kabupaten/kota"), 16),
        (_("Pemilih"), 10),
        (_("Kelas menurut Polri"), 20),
        (_("Tanda menurut Bawaslu"), 60),
        (_("Beda penilaian"), 50),
        (_("Mutu data"), 16),
    ]


def station_lines(actor: Actor, ids: Sequence[int], at: datetime, first: int) -> list[list[Any]]:
    """The cells of these stations in the given order."""
    head = PollingStation.objects.visible_to(actor).filter(pk__in=ids[:1]).first()
    if head is None:
        return []
    shown_at = moment_in(head.operation, at)
    listed = {
        row.pk: row for row in station_list(actor, head.operation, shown_at).filter(pk__in=ids)
    }
    found = [listed[pk] for pk in ids if pk in listed]
    rows = station_rows(found, shown_at, rule_list(), Territory())
    return [
        [
            row["code"],
            row["name"],
            row["district"],
            row["regency"],
            station.voters,
            row["class"],
            "; ".join(row["all_tags"]),
            row["why"],
            _("Data ilustrasi") if row["illustrative"] else station.get_quality_display(),
        ]
        for station, row in zip(found, rows, strict=True)
    ]


STATIONS = Kind(
    name="daftar-tps",
    permission=Permission.DEPLOYMENT_VIEW,
    title=gettext_lazy("Daftar TPS"),
    columns=station_columns,
    select=select_stations,
    lines=station_lines,
    page="deployments:station_list",
    numeric=frozenset({4}),
)


# ── Need by region: a row's id is its region's code without dots, after the operation's id ──

CODE_LIMIT = 10**6


def select_needs(actor: Actor, query: str, at: datetime) -> Selection:
    """The rows of the page for a province or a regency, the total last."""
    data = QueryDict(query)
    operation = _operation(data.get("operation", ""), at)
    region = Region.objects.filter(pk=data.get("region") or PROVINCE, level__in=BELOW).first()
    if operation is None or region is None:
        return Selection([], "", [], Classification.TERBATAS)
    below = BELOW[Region.Level(region.level)]
    inside = Region.objects.filter(parent=region, level=below).order_by("code")
    codes = [*inside.values_list("code", flat=True), region.code]
    return Selection(
        ids=[operation.pk * CODE_LIMIT + int(code.replace(".", "")) for code in codes],
        query=query if data.get("operation") or data.get("region") else "",
        words=[
            _("Operasi: %(name)s") % {"name": operation.name},
            _("Wilayah: %(name)s") % {"name": region.name},
            rule_words(region),
        ],
        classification=Classification.TERBATAS,
    )


def rule_words(region: Region) -> str:
    """The rule behind the numbers, in one sentence."""
    rule = _("Kebutuhan = jumlah per kelas dari pembulatan ke atas (TPS ÷ T) × P")
    if region.level == Region.Level.REGENCY:
        return _("%(rule)s; kebutuhan kecamatan dibulatkan sendiri-sendiri") % {"rule": rule}
    return rule


def need_columns() -> list[tuple[str, int]]:
    return [
        (_("Kode"), 12),
        (_("Wilayah"), 30),
        (_("IKP"), 10),
        (_("TPS"), 10),
        *((str(label), 14) for _name, label in TpsClass.choices),
        (_("Belum diklasifikasi"), 16),
        (_("Kebutuhan"), 12),
        (_("Terlibat"), 12),
        (_("Selisih"), 12),
        (_("Linmas"), 12),
    ]


def need_lines(actor: Actor, ids: Sequence[int], at: datetime, first: int) -> list[list[Any]]:
    """The cells of these regions; the wider region of them is read once."""
    operation = Operation.objects.visible_to(actor).filter(pk=ids[0] // CODE_LIMIT).first()
    codes = [_code(number % CODE_LIMIT) for number in ids]
    whole = Region.objects.filter(pk=min(codes, key=len)).first()
    if operation is None or whole is None or whole.level not in BELOW:
        return []
    table = need_table(operation, moment_in(operation, at), whole)
    rows = [row for row in [*table.rows, table.total] if row.region in codes]
    return [_need_cells(row) for row in rows]


def _code(number: int) -> str:
    """6303 → 63.03"""
    digits = str(number)
    return ".".join(digits[start : start + 2] for start in range(0, len(digits), 2))


def _need_cells(row: NeedRow) -> list[Any]:
    name = row.region_name
    if row.undistributed:
        name = _("%(region)s, tidak terperinci per wilayah") % {"region": name}
    return [
        row.region,
        name,
        ikp_cell(row.ikp)["value"],
        row.stations,
        *row.by_class.values(),
        row.unclassified,
        row.need,
        row.engaged,
        row.difference,
        row.linmas,
    ]


NEEDS = Kind(
    name="kebutuhan-pam-tps",
    permission=Permission.DEPLOYMENT_VIEW,
    title=gettext_lazy("Kebutuhan PAM TPS"),
    columns=need_columns,
    select=select_needs,
    lines=need_lines,
    page="deployments:need",
    numeric=frozenset(range(3, 13)),
)
