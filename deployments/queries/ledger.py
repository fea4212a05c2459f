"""What the ledger says: who stands where on a day, as it was known at a moment."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, Sum

from deployments.enums import AccountPart
from deployments.models import StrengthAccount, StrengthTransfer
from portal.registry.models import Operation

KEY = ("agency_id", "region_id", "part", "unit_id", "controller_id")


@dataclass
class Position:
    """The people of one account. Persons."""

    account: int
    agency: int
    region: str
    part: str
    unit: int | None
    controller: int | None
    people: int = 0


def positions(
    operation: Operation,
    on: date,
    known_at: datetime,
    agencies: Collection[int] | None = None,
    placed_as: Mapping[str, str] | None = None,
) -> list[Position]:
    """Every account that is not empty on that day, by the entries recorded until `known_at`. A
    moment that has passed therefore keeps the positions that it had. `placed_as`: only what
    placements with these fields brought there, as they are described now."""
    entries = StrengthTransfer.objects.filter(operation=operation).counting(on, known_at)
    if agencies is not None:
        entries = entries.filter(agency__in=agencies)
    if placed_as:
        entries = entries.filter(
            **{f"deployment__{name}": word for name, word in placed_as.items()}
        )
    found: dict[int, Position] = {}
    for side, sign in (("target", 1), ("source", -1)):
        sums = (
            entries.filter(**{f"{side}__isnull": False})
            .values_list(side, *(f"{side}__{name}" for name in KEY))
            .annotate(Sum("personnel"))
            .order_by()
        )
        for account, *key, people in sums:
            position = found.setdefault(account, Position(account, *key))
            position.people += sign * people
    return [position for position in found.values() if position.people]


def daily(accounts: Iterable[int], *, free: bool = False) -> dict[int, dict[date, int]]:
    """Per account the balance at the end of each day on which it changes. `free`: without the
    people whom a deployment holds there."""
    wanted = set(accounts)
    moves: dict[int, Counter[date]] = {account: Counter() for account in wanted}
    entries = StrengthTransfer.objects.filter(Q(source__in=wanted) | Q(target__in=wanted))
    if free:
        entries = entries.filter(deployment__isnull=True)
    sums = entries.values_list("source", "target", "effective_on").annotate(Sum("personnel"))
    for source, target, day, people in sums.order_by():
        if source in wanted:
            moves[source][day] -= people
        if target in wanted:
            moves[target][day] += people
    return {account: running(days) for account, days in moves.items()}


def holders(account: int, on: date) -> dict[int, int]:
    """By its number each placement that holds people in the account at the end of that day, and how
    many."""
    entries = StrengthTransfer.objects.filter(deployment__isnull=False, effective_on__lte=on)
    found: Counter[int] = Counter()
    for side, sign in (("target", 1), ("source", -1)):
        sums = (
            entries.filter(**{side: account}).values_list("deployment").annotate(Sum("personnel"))
        )
        for deployment, people in sums.order_by():
            found[deployment] += sign * people
    return {number: people for number, people in sorted(found.items()) if people > 0}


def balance_on(accounts: Iterable[int], on: date) -> dict[int, int]:
    """Per account how many stand there at the end of that day."""
    wanted = set(accounts)
    return {
        account: next((people for day, people in reversed(days.items()) if day <= on), 0)
        for account, days in daily(wanted).items()
    }


def free_in(accounts: Iterable[StrengthAccount], first: date, last: date) -> dict[int, list[int]]:
    """Per account how many could be moved by hand on the first day and on each later day on which
    that changes: of those not itemised all, elsewhere those whom no placement holds."""
    heads = {row.pk: row.part == AccountPart.NOT_ITEMISED for row in accounts}
    days = daily(pk for pk, head in heads.items() if head)
    days |= daily((pk for pk, head in heads.items() if not head), free=True)
    return {
        account: [
            next((people for day, people in reversed(moves.items()) if day <= first), 0),
            *(people for day, people in moves.items() if first < day <= last),
        ]
        for account, moves in days.items()
    }


def running(moves: dict[date, int]) -> dict[date, int]:
    """Changes per day as balances per day, in the order of the days."""
    balance, found = 0, {}
    for day in sorted(moves):
        balance += moves[day]
        found[day] = balance
    return found


def announced(operation: Operation, agency_id: int, on: date) -> int:
    """Everybody in the agency's ledger on that day, itemised or not."""
    entries = StrengthTransfer.objects.filter(
        operation=operation, agency=agency_id, effective_on__lte=on
    )
    sums = entries.aggregate(
        into=Sum("personnel", filter=Q(source__isnull=True)),
        out=Sum("personnel", filter=Q(target__isnull=True)),
    )
    return (sums["into"] or 0) - (sums["out"] or 0)


def not_itemised_account(operation: Operation, agency_id: int) -> StrengthAccount | None:
    return StrengthAccount.objects.filter(
        operation=operation, agency=agency_id, part=AccountPart.NOT_ITEMISED
    ).first()
