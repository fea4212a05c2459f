"""A statement of the ledger, read like a bank's: opening, every entry, closing."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from deployments.enums import AccountPart
from deployments.models import StrengthAccount, StrengthTransfer
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.registry.models import Agency, Operation, Region, Unit
from portal.web.templatetags.portal import tanggal_pendek

SIDES = ("agency", "unit", "region", "place", "controller")
RELATED = ("by_post", "deployment__unit", "reversed_by") + tuple(
    f"{end}__{side}" for end in ("source", "target") for side in SIDES
)


@dataclass(frozen=True)
class Line:
    """One entry as the chosen accounts see it. Persons; 0: nobody went that way. Within them
    `incoming` and `outgoing` are the same people."""

    entry: StrengthTransfer
    incoming: int
    outgoing: int
    balance: int


@dataclass(frozen=True)
class Statement:
    """`closing` = `opening` + `incoming` − `outgoing`."""

    title: str
    since: date
    until: date
    opening: int
    lines: list[Line]
    incoming: int
    outgoing: int
    closing: int
    parts: dict[str, int]


@dataclass(frozen=True)
class Asked:
    """Which accounts, and from which day to which, both included."""

    since: date
    until: date
    agency: Agency | None = None
    unit: Unit | None = None
    region: Region | None = None
    controller: Agency | None = None

    @property
    def title(self) -> str:
        chosen = [self.agency, self.unit, self.region]
        names = [str(one) for one in chosen if one is not None]
        if self.controller is not None:
            names.append(_("kendali %(agency)s") % {"agency": self.controller.short_name})
        return ", ".join(names) or _("semua yang tampak bagi jabatan ini")


def accounts_asked(actor: Actor, operation: Operation, asked: Asked) -> QuerySet[StrengthAccount]:
    """The accounts in sight that a statement is about; a unit with all below it."""
    rows = StrengthAccount.objects.visible_to(actor).filter(operation=operation)
    if asked.agency is not None:
        rows = rows.filter(agency=asked.agency)
    if asked.unit is not None:
        below = Q(unit__path__startswith=f"{asked.unit.path}/")
        rows = rows.filter(Q(unit=asked.unit) | below)
    if asked.region is not None:
        rows = rows.within(asked.region.code)
    if asked.controller is not None:
        rows = rows.filter(controller=asked.controller)
    return rows


def statement(actor: Actor, operation: Operation, asked: Asked, known_at: datetime) -> Statement:
    """Every entry of the accounts asked for, and what they held before and after."""
    parts = dict(accounts_asked(actor, operation, asked).values_list("pk", "part"))
    entries = StrengthTransfer.objects.filter(
        Q(source__in=parts) | Q(target__in=parts), recorded_at__lte=known_at
    )
    opening = sum(_held(entries.filter(effective_on__lt=asked.since), parts).values())
    within = entries.filter(effective_on__range=(asked.since, asked.until))
    lines = list(_lines(list(within.select_related(*RELATED)), set(parts), opening))
    held = held_on(parts, asked.until, known_at)
    by_part = dict.fromkeys(AccountPart.values, 0)
    for account, people in held.items():
        by_part[parts[account]] += people
    return Statement(
        title=asked.title,
        since=asked.since,
        until=asked.until,
        opening=opening,
        lines=lines,
        incoming=sum(line.incoming for line in lines),
        outgoing=sum(line.outgoing for line in lines),
        closing=sum(held.values()),
        parts=by_part,
    )


def held_on(accounts: Collection[int], on: date, known_at: datetime) -> dict[int, int]:
    """Per account how many stand there at the end of that day, as it was known at that moment."""
    entries = StrengthTransfer.objects.counting(on, known_at)
    return _held(entries.filter(Q(source__in=accounts) | Q(target__in=accounts)), accounts)


def _held(entries: QuerySet[StrengthTransfer], accounts: Collection[int]) -> dict[int, int]:
    held = dict.fromkeys(accounts, 0)
    for side, sign in (("target", 1), ("source", -1)):
        sums = entries.values_list(side).annotate(Sum("personnel")).order_by()
        for account, people in sums:
            if account in held:
                held[account] += sign * people
    return held


def _lines(entries: list[StrengthTransfer], accounts: set[int], opening: int) -> Iterator[Line]:
    """By day, what comes in first: the smallest step is a day, and within it nobody is short."""
    balance = opening
    entries.sort(key=lambda row: (row.effective_on, row.target_id not in accounts, row.pk))
    for entry in entries:
        incoming = entry.personnel if entry.target_id in accounts else 0
        outgoing = entry.personnel if entry.source_id in accounts else 0
        balance += incoming - outgoing
        yield Line(entry, incoming, outgoing, balance)


def entry_text(entry: StrengthTransfer) -> str:
    """From where to where; outside the ledger is the announcement."""
    outside = _("Pernyataan kekuatan")
    return f"{entry.source or outside} → {entry.target or outside}"


def reversible(entry: StrengthTransfer) -> bool:
    """A move made by hand that nobody has taken back."""
    by_hand = entry.deployment_id is None and None not in (entry.source_id, entry.target_id)
    return by_hand and entry.reverses_id is None and not hasattr(entry, "reversed_by")


def statement_rows(lines: Iterable[Line], actor: Actor) -> list[dict[str, Any]]:
    """The lines as a page and a file print them."""
    edits = may(actor, Permission.DEPLOYMENT_EDIT)
    return [_row(line, actor, edits=edits) for line in lines]


def _row(line: Line, actor: Actor, *, edits: bool) -> dict[str, Any]:
    entry = line.entry
    own = edits and may(actor, Permission.DEPLOYMENT_EDIT, entry)
    reverse_url = ""
    if own and reversible(entry):
        reverse_url = reverse("deployments:transfer_reverse", args=[entry.pk])
    placed = ""
    if entry.deployment_id and own:
        placed = reverse("deployments:deployment_detail", args=[entry.deployment_id])
    return {
        "pk": entry.pk,
        "day": tanggal_pendek(entry.effective_on),
        "text": entry_text(entry),
        "reason": entry.reason,
        "incoming": line.incoming,
        "outgoing": line.outgoing,
        "balance": line.balance,
        "origin": entry.origin or "–",
        "post": str(entry.by_post) if entry.by_post else _("Sistem"),
        "recorded": entry.recorded_at,
        "placed": entry.deployment_id is not None,
        "placed_url": placed,
        "reverses": entry.reverses_id,
        "reversed": hasattr(entry, "reversed_by"),
        "reverse_url": reverse_url,
    }
