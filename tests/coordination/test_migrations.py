"""Rows of an older release go through the migrations and keep their meaning."""

import os
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection

from coordination.actions import obligations
from coordination.models import Obligation, Wait
from tests import database
from tests.factories.coordination import PUBLISHED, make_published

HOUR = timedelta(hours=1)
CARRIED = """
    SELECT state, closed_by_id, verified_by_id, verified_at, closed_at, waiting_since, own_due
    FROM coordination_obligation ORDER BY id
"""
OLD = "SELECT state, verified_by_id, closed_at FROM coordination_obligation ORDER BY id"


def rows(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def columns():
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(
            cursor, "coordination_obligation"
        )
    return {column.name for column in described}


@pytest.fixture
def own_database(transactional_db):
    """A database of its own: what goes back and forth is not what the other tests use."""
    name = connection.settings_dict["NAME"]
    own = f"{name}_migrated"
    database.prepare(own)
    database.point_django_at(own)
    yield own
    database.point_django_at(name)
    database.drop(own)


@pytest.fixture
def at_0009(own_database, coordinator, liaison_kpu, liaison_korem, liaison_bawaslu):
    """An obligation that is closed, one with the issuer, one still open; then the database goes
    back to the release before."""
    make_published(coordinator, "kpu-kalsel", "korem-101", "bawaslu-kalsel")
    kpu, korem, _bawaslu = Obligation.objects.order_by("agency__position", "pk")
    doers = {"kpu-kalsel": liaison_kpu, "korem-101": liaison_korem}
    for row in (kpu, korem):
        obligations.submit_obligation(
            row, by=doers[row.agency.slug], at=PUBLISHED + 2 * HOUR, note="Selesai."
        )
    obligations.verify_and_close(kpu, by=coordinator, at=PUBLISHED + 5 * HOUR)
    before = rows(CARRIED)
    # The release before verified and closed in one step, and wrote one entry of it.
    owner = database.at_database(os.environ["DATABASE_OWNER_URL"], own_database)
    with closing(database.connect(owner)) as server, server.cursor() as cursor:
        cursor.execute("ALTER TABLE coordination_progressreport DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM coordination_progressreport WHERE kind = 'closed'")
        cursor.execute("ALTER TABLE coordination_progressreport ENABLE TRIGGER USER")
    connection.close()
    database.migrate(own_database, "coordination", "0009")
    return own_database, before


@pytest.mark.django_db(transaction=True)
def test_old_obligations_are_closed_and_waited_for_as_they_were(at_0009, coordinator):
    name, before = at_0009
    assert not {"closed_by_id", "verified_at", "waiting_since", "unit_id"} & columns()
    assert len(rows(OLD)) == 3

    database.migrate(name)

    assert rows(CARRIED) == before
    by_state = {row[0]: row for row in rows(CARRIED)}
    assert by_state["done"][1:5] == (
        coordinator.post_id,
        coordinator.post_id,
        PUBLISHED + 5 * HOUR,
        PUBLISHED + 5 * HOUR,
    )
    assert by_state["awaiting_verification"][5] == PUBLISHED + 2 * HOUR
    assert by_state["open"][1:6] == (None, None, None, None, None)
    waits = Wait.objects.values_list("obligation__state", "kind", "began_at", "ended_at")
    assert list(waits) == [("awaiting_verification", "issuer", PUBLISHED + 2 * HOUR, None)]
