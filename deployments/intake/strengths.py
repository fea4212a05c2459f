"""Strength by unit, place and part: how many stand there from a day on."""

from collections.abc import Callable, Sequence, Set
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments import actions
from deployments.actions.entries import PLACE as ACCOUNT
from deployments.enums import AccountPart
from deployments.intake.lookup import (
    CONTROLLER,
    PLACE,
    REGION,
    UNIT,
    Lookup,
    faults,
    named,
    running,
)
from deployments.models import StrengthAccount, StrengthTransfer
from deployments.queries.ledger import announced, balance_on
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.imports.enums import CellType
from portal.imports.kinds import Column, Entry, Kind, Values, Verdict, compared, refused
from portal.registry.imports.codes import region_code
from portal.web.templatetags.portal import angka, tanggal_pendek

PARTS = [(part.value, part.label) for part in AccountPart if part != AccountPart.NOT_ITEMISED]
COLUMNS = (
    UNIT,
    REGION,
    PLACE,
    Column(
        "part",
        gettext_lazy("Bagian"),
        CellType.CHOICE,
        required=True,
        choices=PARTS,
        example="Cadangan",
    ),
    CONTROLLER,
    Column(
        "personnel",
        gettext_lazy("Jumlah personel"),
        CellType.WHOLE,
        required=True,
        least=0,
        most=1_000_000,
        example="1.551",
        help=gettext_lazy(
            "Yang berdiri di sana sejak tanggal itu. Selisihnya diambil dari, atau kembali ke, "
            "yang tidak terperinci."
        ),
    ),
    Column(
        "effective_on",
        gettext_lazy("Berlaku mulai"),
        CellType.DATE,
        required=True,
        example="24/08/2024",
    ),
    Column("reason", gettext_lazy("Alasan"), required=True, most=300, example="Rincian Sprin 12"),
    Column("origin", gettext_lazy("Sumber"), most=200, example="Laporan Korem 101"),
)


def key(values: Values) -> str:
    """One row per account; a second day needs a second file."""
    parts = (
        values["unit"].casefold(),
        region_code(values["region"]),
        (values["place"] or "").casefold(),
        values["part"],
        (values["controller"] or "").casefold(),
    )
    return "|".join(parts)


def check(
    actor: Actor,
    rows: Sequence[Values],
    at: datetime,
    brought: Callable[[Set[str]], Set[str]],
) -> list[Verdict]:
    lookup = Lookup.of(actor, running(at), rows)
    return [_judge(lookup, row) for row in rows]


def _judge(lookup: Lookup, row: Values) -> Verdict:
    values = _values(lookup, row)
    if not lookup.reasons:
        lookup.once(*(values[name] for name in ACCOUNT))
    elif "unit" not in lookup.reasons:
        _judge_number(lookup, values)
    if lookup.reasons:
        return refused(lookup.reasons)
    accounts = StrengthAccount.objects.filter(
        operation=lookup.operation,
        agency_id=values["unit"].agency_id,
        **{name: values[name] for name in ACCOUNT if values[name] is not None},
        **{f"{name}__isnull": True for name in ACCOUNT if values[name] is None},
    )
    found = accounts.first()
    standing = balance_on([found.pk], values["effective_on"])[found.pk] if found else 0
    after = named(values) | _words(row) | {"part": row["part"], "personnel": row["personnel"]}
    if not standing and row["personnel"]:
        return compared(None, after)
    return compared(after | {"personnel": standing}, after)


def _judge_number(lookup: Lookup, values: dict[str, Any]) -> None:
    """More than everybody is wrong wherever it is; the ledger is asked only where all else fits."""
    agency, day = values["unit"].agency, values["effective_on"]
    everybody = announced(lookup.operation, agency.pk, day)
    if values["personnel"] > everybody:
        lookup.reasons["personnel"] = _(
            "%(agency)s menyatakan %(total)s orang pada %(day)s, diminta %(asked)s."
        ) % {
            "agency": agency.short_name,
            "total": angka(everybody),
            "day": tanggal_pendek(day),
            "asked": angka(values["personnel"]),
        }


def _words(row: Values) -> Values:
    """What an entry says besides the number."""
    return {name: row[name] for name in ("effective_on", "reason", "origin") if row[name]}


def _values(lookup: Lookup, row: Values) -> dict[str, Any]:
    lookup.begin()
    return {
        "part": row["part"],
        "unit": lookup.unit(row),
        "region": lookup.region(row),
        "place": lookup.place(row),
        "controller": lookup.controller(row),
        "personnel": row["personnel"],
        "effective_on": date.fromisoformat(row["effective_on"]),
        "reason": row["reason"],
        "origin": row["origin"] or "",
    }


def apply(actor: Actor, rows: Sequence[Entry], at: datetime) -> list[str]:
    operation = running(at)
    lookup = Lookup.of(actor, operation, [row.values for row in rows])
    written = []
    for row in rows:
        values = _values(lookup, row.values)
        if lookup.reasons:
            raise Refused(" ".join(lookup.reasons.values()))
        entry = actions.set_level(operation, values, by=actor, at=at)
        written.append(str(entry.pk) if entry else "")
    return written


def undo(actor: Actor, rows: Sequence[Entry], at: datetime) -> None:
    for row in rows:
        entry = StrengthTransfer.objects.select_related("operation").filter(pk=row.object_id or 0)
        found = entry.first()
        if found is None or not may(actor, Permission.DEPLOYMENT_EDIT, found):
            raise Refused(_("Mutasi baris ini tidak ditemukan."))
        actions.reverse_transfer(found, reason=_("Impor dibatalkan"), by=actor, at=at)


STRENGTHS = Kind(
    name="kuat-personel",
    permission=Permission.DEPLOYMENT_EDIT,
    title=gettext_lazy("Kuat personel"),
    about=gettext_lazy(
        "Jumlah personel per satuan, wilayah, dan bagian, sebagai mutasi buku kekuatan. Jumlah "
        "yang dinyatakan instansi harus sudah tercatat."
    ),
    columns=COLUMNS,
    key=key,
    check=check,
    apply=apply,
    undo=undo,
    page="deployments:strength",
    rehearse=True,
    faults=faults,
    limit=5_000,
)
