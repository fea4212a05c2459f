"""Entries of the ledger: the one place that writes them, and what it refuses."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from deployments.enums import AccountPart
from deployments.models import (
    Deployment,
    StrengthAccount,
    StrengthDeclaration,
    StrengthTransfer,
)
from deployments.queries.ledger import announced, daily, holders
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record
from portal.registry.models import Operation
from portal.web.templatetags.portal import angka, tanggal_pendek

PLACE = ("part", "unit", "region", "place", "controller")
"""What tells one account of an agency from another."""

Moves = dict[date, Counter[int]]
"""Per day the change of each account."""


@dataclass(frozen=True)
class Sheet:
    """What the entries of one action have in common."""

    operation: Operation
    by: Actor
    at: datetime
    reason: str
    origin: str
    as_of: datetime
    deployment: Deployment | None = None
    declaration: StrengthDeclaration | None = None


def net(entries: Iterable[StrengthTransfer], skip: Iterable[int] = ()) -> Moves:
    """Entries as changes of accounts per day."""
    left_out = set(skip)
    found: Moves = defaultdict(Counter)
    for entry in entries:
        for side, sign in ((entry.source_id, -1), (entry.target_id, 1)):
            if side is not None and side not in left_out:
                found[entry.effective_on][side] += sign * entry.personnel
    return dict(found)


def difference(one: Counter[int], other: Counter[int]) -> Counter[int]:
    """Counter's own subtraction drops what is negative."""
    return Counter({key: one[key] - other[key] for key in {*one, *other}})


def missing(wanted: Moves, held: Moves, accounts: set[int]) -> Moves:
    """What has yet to be posted for one owner's accounts."""
    found = {}
    for day in sorted({*wanted, *held}):
        rest = difference(wanted.get(day, Counter()), held.get(day, Counter()))
        found[day] = Counter({key: n for key, n in rest.items() if n and key in accounts})
    return {day: moves for day, moves in found.items() if moves}


def post(
    sheet: Sheet, head: StrengthAccount, moves: Moves, posted: Iterable[StrengthTransfer] = ()
) -> list[StrengthTransfer]:
    """Write the moves: from place to place as far as they match, the rest from or to those whom
    the agency has not itemised."""
    written = []
    for day, changes in moves.items():
        leaving = {key: -n for key, n in changes.items() if n < 0}
        for target, wanted in sorted((key, n) for key, n in changes.items() if n > 0):
            for source in sorted(leaving):
                people = min(wanted, leaving[source])
                if people:
                    written.append(enter(sheet, head, source, target, people, day, posted))
                    leaving[source] -= people
                    wanted -= people
            if wanted:
                written.append(enter(sheet, head, head.pk, target, wanted, day, posted))
        written += [
            enter(sheet, head, source, head.pk, people, day, posted)
            for source, people in sorted(leaving.items())
            if people
        ]
    return written


def enter(
    sheet: Sheet,
    head: StrengthAccount,
    source: int | None,
    target: int | None,
    people: int,
    day: date,
    posted: Iterable[StrengthTransfer] = (),
) -> StrengthTransfer:
    """Write one entry; one that takes back an earlier entry whole says so."""
    undone = next(
        (
            entry
            for entry in posted
            if (entry.source_id, entry.target_id) == (target, source)
            and (entry.personnel, entry.effective_on) == (people, day)
            and entry.reverses_id is None
            and not hasattr(entry, "reversed_by")
        ),
        None,
    )
    entry = StrengthTransfer.objects.create(
        operation=sheet.operation,
        agency_id=head.agency_id,
        source_id=source,
        target_id=target,
        personnel=people,
        effective_on=day,
        recorded_at=sheet.at,
        reason=sheet.reason,
        origin=sheet.origin,
        as_of=sheet.as_of,
        by_post_id=sheet.by.post_id,
        deployment=sheet.deployment,
        declaration=sheet.declaration,
        reverses=undone,
    )
    after = {
        "source": source,
        "target": target,
        "personnel": people,
        "effective_on": day,
        "reverses": entry.reverses_id,
    }
    verb = "ledger.reverse" if undone else "ledger.post"
    record(verb, entry, by=sheet.by, at=sheet.at, after=after, note=sheet.reason)
    return entry


def lock(operation: Operation, owner: int) -> StrengthAccount:
    """The account of those not itemised, opened if need be. Whoever holds it writes alone in this
    agency's ledger."""
    head, _new = StrengthAccount.objects.get_or_create(
        operation=operation,
        agency_id=owner,
        part=AccountPart.NOT_ITEMISED,
        defaults={"region_id": operation.region_id},
    )
    rows = StrengthAccount.objects.select_for_update(of=("self",)).select_related("agency")
    return rows.get(pk=head.pk)


def account(operation: Operation, owner: int, **place: Any) -> StrengthAccount:
    """The agency's account at that place, opened if need be; `place` holds PLACE."""
    return StrengthAccount.objects.get_or_create(operation=operation, agency_id=owner, **place)[0]


def require_covered(sheet: Sheet, written: list[StrengthTransfer]) -> None:
    """Raises Refused with the numbers if an entry just written takes more than there is."""
    givers = {entry.source_id for entry in written if entry.source_id is not None}
    rows = StrengthAccount.objects.select_related("agency", "unit", "region", "place", "controller")
    accounts = rows.in_bulk(givers)
    balances = daily(givers)
    free = daily(givers, free=True) if sheet.deployment is None else {}
    for key in sorted(givers):
        giver = accounts[key]
        own = net(written)
        left = 0
        for day, balance in balances[key].items():
            if balance < 0:
                asked = -sum(moves[key] for when, moves in own.items() if when <= day)
                later = [when for when in balances[key] if day < when <= sheet.operation.ends_on]
                free_on = next((when for when in later if covered(balances[key], when)), None)
                available = max(balance + asked, 0)
                raise shortage(sheet, giver, day, available, asked, written, free_on)
            left = free.get(key, {}).get(day, left)
            if left < 0 and giver.part != AccountPart.NOT_ITEMISED:
                raise tied(giver, day, -left)


def tied(giver: StrengthAccount, day: date, people: int) -> Refused:
    """Enough stand there, but placements hold them."""
    held = holders(giver.pk, day).items()
    return Refused(
        _(
            "%(n)s orang di %(account)s terikat penempatan nomor %(numbers)s pada %(day)s; ubah "
            "penempatannya."
        )
        % {
            "n": angka(people),
            "account": giver,
            "numbers": ", ".join(f"{number} ({angka(there)})" for number, there in held),
            "day": tanggal_pendek(day),
        },
        "personnel",
    )


def covered(balances: dict[date, int], since: date) -> bool:
    return all(balance >= 0 for day, balance in balances.items() if day >= since)


def shortage(
    sheet: Sheet,
    giver: StrengthAccount,
    day: date,
    available: int,
    asked: int,
    written: list[StrengthTransfer],
    free_on: date | None = None,
) -> Refused:
    """Why there are not enough people, with the numbers. `free_on`: the day from which there are,
    for instance because those who return today are free tomorrow."""
    numbers = {
        "agency": giver.agency.short_name,
        "account": giver,
        "day": tanggal_pendek(day),
        "available": angka(available),
        "asked": angka(asked),
    }
    if giver.part != AccountPart.NOT_ITEMISED:
        sentence = _("Hanya %(available)s orang di %(account)s pada %(day)s; diminta %(asked)s.")
        return Refused(sentence % numbers, "personnel")
    shrunk = any(entry.target_id is None for entry in written)
    declared = announced(sheet.operation, giver.agency_id, day)
    if shrunk:
        numbers |= {"total": angka(declared), "itemised": angka(declared + asked - available)}
        sentence = _(
            "%(agency)s: yang dinyatakan %(total)s orang, tetapi %(itemised)s orang sudah "
            "terperinci pada %(day)s."
        )
        return Refused(sentence % numbers, "total")
    if not declared:
        sentence = _("%(agency)s belum menyatakan kekuatannya pada %(day)s; nyatakan dahulu.")
        return Refused(sentence % numbers, "personnel")
    numbers |= {"total": angka(declared), "itemised": angka(declared - available)}
    sentence = _(
        "%(agency)s menyatakan %(total)s orang, %(itemised)s sudah terperinci pada %(day)s: hanya "
        "%(available)s orang tidak terperinci, diminta %(asked)s."
    )
    told = sentence % numbers
    if free_on:
        told += " " + _("Mulai %(day)s jumlahnya cukup.") % {"day": tanggal_pendek(free_on)}
    return Refused(told, "personnel")
