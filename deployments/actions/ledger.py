"""The ledger of strength: what a deployment, an announcement or a move by hand makes of it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from deployments.actions.entries import (
    PLACE,
    Moves,
    Sheet,
    account,
    difference,
    enter,
    lock,
    missing,
    net,
    post,
    require_covered,
)
from deployments.enums import UNBOUND, AccountPart
from deployments.models import (
    Contribution,
    Deployment,
    StrengthAccount,
    StrengthDeclaration,
    StrengthTransfer,
)
from portal import clock
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.registry.models import Agency, Operation


def settle(
    deployment: Deployment, *, by: Actor, at: datetime, reason: str, void: bool = False
) -> list[StrengthTransfer]:
    """Make the ledger say what the deployment says; return the entries that were missing.

    Its days before today stay as they stand: a change of place or number is a move from today on.
    Only its first and last day are facts that also mend the past. `void`: it never was, on no day.
    Where its people were drawn from, they are missing on its days and on no other.
    """
    with transaction.atomic():
        written = _settle(deployment, by=by, at=at, reason=reason, void=void)
        origin = _origin(deployment)
        if origin is not None:
            written += _settle(origin, by=by, at=at, reason=reason)
        require_covered(_sheet(deployment, by, at, reason), written)
    return written


def _settle(
    deployment: Deployment, *, by: Actor, at: datetime, reason: str, void: bool = False
) -> list[StrengthTransfer]:
    operation = deployment.operation
    owners = {
        deployment.agency_id,
        *StrengthTransfer.objects.filter(deployment=deployment).values_list("agency", flat=True),
    }
    heads = {owner: lock(operation, owner) for owner in sorted(owners)}
    posted = list(
        StrengthTransfer.objects.filter(deployment=deployment)
        .select_related("reversed_by")
        .order_by("pk")
    )
    accounts = {head.pk: owner for owner, head in heads.items()}
    held = net(posted, skip=accounts)
    part = part_of(deployment)
    own = None
    if part is not None:
        own = account(operation, deployment.agency_id, part=part, **place_of(deployment))
        accounts[own.pk] = deployment.agency_id
    accounts |= {
        side: entry.agency_id
        for entry in posted
        for side in (entry.source_id, entry.target_id)
        if side is not None
    }
    today = clock.local(at).date()
    wanted = {} if void else plan(deployment, own, held, today, _away(deployment))
    sheet = _sheet(deployment, by, at, reason)
    written = []
    for owner, head in heads.items():
        mine = {key for key, whose in accounts.items() if whose == owner}
        written += post(sheet, head, missing(wanted, held, mine), posted)
    return written


def _sheet(deployment: Deployment, by: Actor, at: datetime, reason: str) -> Sheet:
    source, as_of = deployment.source, deployment.as_of
    return Sheet(deployment.operation, by, at, reason, source, as_of, deployment)


def _origin(deployment: Deployment) -> Deployment | None:
    """The placement whose people this one has for its days."""
    given = Contribution.objects.filter(deployment=deployment, drawn__gt=0)
    row = given.select_related("drawn_from__operation", "drawn_from__unit").first()
    return row.drawn_from if row else None


def _away(deployment: Deployment) -> list[tuple[date, date, int]]:
    """Who was drawn from it: from the first day on, back on the day after the last, how many."""
    given = Contribution.objects.filter(drawn_from=deployment, drawn__gt=0)
    rows = given.values_list("deployment__starts_on", "deployment__ends_on", "drawn")
    return [(first, _after(last), people) for first, last, people in rows]


def _after(last: date | None) -> date:
    return last + timedelta(days=1) if last else date.max


def plan(
    deployment: Deployment,
    own: StrengthAccount | None,
    held: Moves,
    today: date,
    away: Sequence[tuple[date, date, int]] = (),
) -> Moves:
    """Per day the change of each account as the deployment wants it. Its number is of those who
    stay while all drawn from it are `away`; on other days they are there too."""
    after = _after(deployment.ends_on)
    turns = {day for first, back, _people in away for day in (first, back)}
    days = sorted({deployment.starts_on, after, today, *turns, *held} - {date.max})
    wanted: Moves = {}
    before: Counter[int] = Counter()
    stands: Counter[int] = Counter()
    for day in days:
        stands.update(held.get(day, {}))
        level: Counter[int] = Counter()
        if deployment.starts_on <= day < after:
            past = {key: people for key, people in stands.items() if people}
            if day < today and past:
                level.update(past)
            elif own is not None:
                here = sum(people for first, back, people in away if not first <= day < back)
                level[own.pk] = deployment.personnel + here
        wanted[day] = difference(level, before)
        before = level
    return wanted


def part_of(deployment: Deployment) -> str | None:
    """What its people are accounted for as; None while nobody is bound."""
    return None if deployment.state in UNBOUND else deployment.status


def place_of(deployment: Deployment) -> dict[str, Any]:
    return {
        "unit": deployment.unit,
        "region": deployment.region,
        "place": deployment.place,
        "controller": deployment.controller,
    }


def settle_declarations(
    operation: Operation, agency: Agency, *, by: Actor, at: datetime, reason: str
) -> list[StrengthTransfer]:
    """Make everybody in the agency's ledger add up to what it announced, on every day.

    The first announcement opens the ledger, at the latest on the operation's first day.
    """
    with transaction.atomic():
        head = lock(operation, agency.pk)
        announcements = StrengthDeclaration.objects.filter(
            operation=operation, agency=agency, created_at__lte=at
        ).order_by("as_of", "pk")
        totals: dict[date, StrengthDeclaration] = {}
        for announcement in announcements:
            day = clock.local(announcement.as_of).date()
            totals[day if totals else min(day, operation.starts_on)] = announcement
        posted = StrengthTransfer.objects.filter(operation=operation, agency=agency)
        outside = posted.filter(source__isnull=True) | posted.filter(target__isnull=True)
        held = net(outside)
        written: list[StrengthTransfer] = []
        before, standing = 0, None
        for day in sorted({*totals, *held}):
            standing = totals.get(day, standing)
            total = standing.total if standing else 0
            rest = total - before - held.get(day, Counter())[head.pk]
            before = total
            if not rest or standing is None:
                continue
            sheet = Sheet(
                operation, by, at, reason, standing.source, standing.as_of, None, standing
            )
            source, target = (None, head.pk) if rest > 0 else (head.pk, None)
            written.append(enter(sheet, head, source, target, abs(rest), day))
        if written:
            require_covered(sheet, written)
    return written


def transfer(
    source: StrengthAccount,
    values: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> StrengthTransfer:
    """Move people of one agency to another place. `values`: PLACE, personnel, effective_on,
    reason, origin."""
    people = values["personnel"]
    if people < 1:
        raise Refused(_("Jumlah personel paling sedikit 1."), "personnel")
    if not values["reason"].strip():
        raise Refused(_("Tulis alasan perpindahan."), "reason")
    if values["part"] != AccountPart.NOT_ITEMISED:
        check_target(source.agency_id, values)
    with transaction.atomic():
        head = lock(source.operation, source.agency_id)
        if values["part"] == AccountPart.NOT_ITEMISED:
            target = head
        else:
            place = {name: values[name] for name in PLACE}
            target = account(source.operation, source.agency_id, **place)
        if target.pk == source.pk:
            raise Refused(_("Asal dan tujuan sama: tidak ada yang berpindah."), "region")
        sheet = Sheet(source.operation, by, at, values["reason"], values["origin"], at)
        entry = enter(sheet, head, source.pk, target.pk, people, values["effective_on"])
        require_covered(sheet, [entry])
    return entry


def check_target(owner: int, values: dict[str, Any]) -> None:
    if values["unit"] is None:
        raise Refused(_("Pilih satuan tujuan."), "unit")
    if values["unit"].agency_id != owner:
        raise Refused(
            _("Pemilik tidak berubah: pilih satuan dari instansi yang sama. Kendali (BKO) diisi "
              "terpisah."),
            "unit",
        )  # fmt: skip
    if values["controller"] and values["controller"].pk == owner:
        raise Refused(
            _("Pengendali BKO adalah instansi lain. Kosongkan bila kendali tetap pada pemilik."),
            "controller",
        )


def refuse_reversal(entry: StrengthTransfer) -> None:
    """Raises Refused for an entry that cannot be taken back."""
    if entry.reverses_id:
        raise Refused(_("Mutasi ini sendiri suatu pembalikan; catat mutasi baru."))
    if hasattr(entry, "reversed_by"):
        raise Refused(_("Mutasi ini sudah dibalik."))
    if entry.deployment_id:
        raise Refused(
            _("Mutasi ini mengikuti penempatan nomor %(number)s dan berubah hanya bersamanya.")
            % {"number": entry.deployment_id}
        )
    if entry.source_id is None or entry.target_id is None:
        raise Refused(_("Mutasi ini mengikuti pernyataan kekuatan; nyatakan jumlah baru."))


def reverse_transfer(
    entry: StrengthTransfer, *, reason: str, by: Actor, at: datetime
) -> StrengthTransfer:
    """Take an entry back by its mirror image. The entry and the past it made stay readable."""
    if not reason.strip():
        raise Refused(_("Tulis alasan pembalikan."), "reason")
    with transaction.atomic():
        head = lock(entry.operation, entry.agency_id)
        rows = StrengthTransfer.objects.select_related("reversed_by")
        current = rows.get(pk=entry.pk)
        refuse_reversal(current)
        sheet = Sheet(current.operation, by, at, reason, current.origin, current.as_of)
        sides = (current.target_id, current.source_id)
        written = enter(sheet, head, *sides, current.personnel, current.effective_on, [current])
        require_covered(sheet, [written])
    return written
