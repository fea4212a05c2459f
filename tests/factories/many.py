"""Thousands of obligations: one directive with nine shares in many states, copied in SQL."""

from datetime import timedelta

from django.db import connection
from django.db.models import Model

from coordination.actions import obligations as actions
from coordination.models import Addressee, Directive, Obligation, ProgressReport
from portal.access.actor import Actor
from portal.registry.models import Region
from tests.factories.coordination import NINE, PUBLISHED, make_published

SHARES = len(NINE)


def make_original(by: Actor, doer: Actor) -> Directive:
    """One published directive for nine agencies; the doer's agency reported progress on its own."""
    published = make_published(by, *NINE)
    directive = published.meeting.directives.get()
    own = directive.obligations.get(agency_id=doer.agency_id)
    at = PUBLISHED + timedelta(hours=1)
    actions.report_obstacle(
        own, obstacle="Jalan ke gudang terputus.", percent=40, note="Pengawalan.", by=doer, at=at
    )
    Obligation.objects.filter(pk=own.pk).update(region=Region.objects.get(code="63.03"))
    return directive


def multiply(directive: Directive, copies: int) -> int:
    """So many copies of the directive with its shares and their reports; returns how many
    obligations there are then."""
    first = Directive.objects.count()
    made = _copy(
        Directive,
        f"FROM coordination_directive AS old, generate_series({first}, {first + copies - 1}) AS n "
        f"WHERE old.id = {directive.pk}",
        number="old.number || '-' || n",
        title="old.title || ' ' || n",
    )
    pairs = ", ".join(f"({new})" for new in made)
    source = (
        f"FROM coordination_{{}} AS old, (VALUES {pairs}) AS new (id) "
        f"WHERE old.directive_id = {directive.pk}"
    )
    _copy(Addressee, source.format("addressee"), directive_id="new.id")
    _copy(
        Obligation,
        source.format("obligation"),
        directive_id="new.id",
        due_at="old.due_at + (new.id % 10) * interval '1 day'",
    )
    _copy(
        ProgressReport,
        "FROM coordination_progressreport AS old "
        "JOIN coordination_obligation AS had ON had.id = old.obligation_id "
        "JOIN coordination_obligation AS new ON new.agency_id = had.agency_id "
        f"JOIN (VALUES {pairs}) AS made (id) ON made.id = new.directive_id "
        f"WHERE had.directive_id = {directive.pk}",
        obligation_id="new.id",
    )
    return Obligation.objects.count()


def _copy(model: type[Model], source: str, **changed: str) -> list[int]:
    """INSERT … SELECT over all columns but the key and the generated ones; the new keys."""
    names = [
        field.column
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated
    ]
    values = [changed.get(name, f"old.{name}") for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({quoted}) SELECT "
            f"{', '.join(values)} {source} RETURNING id"
        )
        return [row[0] for row in cursor.fetchall()]
