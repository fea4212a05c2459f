"""The demo as a fixture: its clock, and everything that `load_demo` loads."""

import time
from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.transaction import atomic, set_rollback
from django.test import override_settings

from portal.embedded.demo_clock import FIRST_MORNING
from portal.home.demo import deployments
from portal.home.demo.people import OFFICES, actor_of
from portal.home.demo.strengths import OPERATION
from portal.registry.models import Operation
from tests import database

# The demo has two weeks of reports; the last two mornings are enough to count with.
LAST_MORNING = date(2024, 11, 19)

_loaded: dict[str, bytes] = {}


@pytest.fixture
def demo_clock(settings, monkeypatch):
    """`demo_clock(moment)`: it is that moment now, here and in every process started from here."""

    def stand_at(moment: datetime) -> None:
        anchor = time.time()
        settings.DEMO_NOW, settings.DEMO_ANCHOR = moment, anchor
        monkeypatch.setenv("PORTAL_DEMO_NOW", moment.isoformat())
        monkeypatch.setenv("PORTAL_DEMO_ANCHOR", repr(anchor))

    return stand_at


@pytest.fixture
def demo(transactional_db, demo_clock):
    """The demo on its first morning, 20 November 2024, 08.00 WITA. `load_demo` runs once in a
    session; the tests after it get the rows it left."""
    demo_clock(FIRST_MORNING)
    name = connection.settings_dict["NAME"]
    if _loaded:
        database.restore(name, _loaded)
    else:
        call_command("load_demo", stdout=StringIO())
        _loaded.update(database.rows(name))


@pytest.fixture(scope="module")
def _forces(django_db_setup, django_db_blocker):
    """Loaded once for a module, in a transaction inside which those of its tests lie."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("portal.home.demo.reports.BEGUN", LAST_MORNING)
        with override_settings(DEMO_NOW=FIRST_MORNING, DEMO_ANCHOR=time.time()), atomic():
            deployments.load({office.login: actor_of(office) for office in OFFICES})
            yield
            set_rollback(True)


@pytest.fixture
def forces(_forces, db, demo_clock) -> Operation:
    """The demo's strength, and its reports of the last morning but one and after, without the rest
    of the demo; it is 20 November 2024, 08.00 WITA. Not for a module of which some tests need a
    database without any."""
    demo_clock(FIRST_MORNING)
    return Operation.objects.get(slug=OPERATION)
