"""Opens the ledger for what was declared and placed before there was one.

Where the parts exceeded what was announced, an opening entry covers the difference and says so.
"""

from collections import Counter, defaultdict
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import migrations

WITA = ZoneInfo("Asia/Makassar")


def open_ledger(apps, schema_editor):
    model = apps.get_model
    declarations = defaultdict(list)
    for row in model("deployments", "StrengthDeclaration").objects.order_by("as_of", "pk"):
        declarations[row.operation_id, row.agency_id].append(row)
    placed = defaultdict(list)
    for row in model("deployments", "Deployment").objects.order_by("starts_on", "pk"):
        placed[row.operation_id, row.agency_id].append(row)
    for operation_id, agency_id in sorted({*declarations, *placed}):
        operation = model("registry", "Operation").objects.get(pk=operation_id)
        key = (operation_id, agency_id)
        _open_agency(apps, operation, agency_id, declarations[key], placed[key])


def _open_agency(apps, operation, agency_id, declarations, deployments):
    accounts = apps.get_model("deployments", "StrengthAccount").objects
    entries = apps.get_model("deployments", "StrengthTransfer").objects
    common = {"operation": operation, "agency_id": agency_id}
    head = accounts.create(**common, part="not_itemised", region_id=operation.region_id)
    moves = Counter()
    for row, day, rest in _announced(operation, declarations):
        moves[day] += rest
        sides = {"target": head} if rest > 0 else {"source": head}
        entries.create(
            **common, **sides, personnel=abs(rest), effective_on=day, recorded_at=row.created_at,
            reason="Kekuatan dinyatakan", origin=row.source, as_of=row.as_of, declaration=row,
        )  # fmt: skip
    for row in deployments:
        account, _new = accounts.get_or_create(
            **common, part=row.status, unit_id=row.unit_id, region_id=row.region_id,
            place=None, controller_id=row.controller_id,
        )  # fmt: skip
        shared = common | {
            "personnel": row.personnel, "recorded_at": row.created_at,
            "origin": row.source, "as_of": row.as_of, "deployment": row,
        }  # fmt: skip
        entries.create(
            **shared, source=head, target=account, effective_on=row.starts_on, reason=row.task
        )
        moves[row.starts_on] -= row.personnel
        if row.ends_on:
            after = row.ends_on + timedelta(days=1)
            entries.create(
                **shared, source=account, target=head, effective_on=after, reason=row.task
            )
            moves[after] += row.personnel
    _cover(entries, common, head, moves, [*declarations, *deployments])


def _announced(operation, declarations):
    """Each announcement's day and by how much it changed the total."""
    before = 0
    for number, row in enumerate(declarations):
        day = row.as_of.astimezone(WITA).date()
        if row.total != before:
            yield row, day if number else min(day, operation.starts_on), row.total - before
        before = row.total


def _cover(entries, common, head, moves, rows):
    balance, lowest, worst = 0, 0, None
    for day in sorted(moves):
        balance += moves[day]
        if balance < lowest:
            lowest, worst = balance, day
    if worst is not None:
        entries.create(
            **common, target=head, personnel=-lowest, effective_on=min(moves),
            recorded_at=min(row.created_at for row in rows), as_of=max(row.as_of for row in rows),
            reason="Saldo awal: rincian melebihi kekuatan yang dinyatakan",
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("deployments", "0007_ledger_triggers")]
    operations = [migrations.RunPython(open_ledger, migrations.RunPython.noop)]
