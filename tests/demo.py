"""The demo as a fixture: its clock, and everything that `load_demo` loads."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.transaction import atomic
from django.test import override_settings

from portal.embedded.demo_clock import FIRST_MORNING
from portal.home.demo import deployments, stations
from portal.home.demo.people import OFFICES, actor_of
from portal.home.demo.strengths import OPERATION
from portal.registry.models import Operation
from tests import database

# The demo has two weeks of reports; the last two mornings are enough to count with.
LAST_MORNING = date(2024, 11, 19)

# What each state left in the database, by table.
_left: dict[str, dict[str, bytes]] = {}


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
    """The demo on its first morning, 20 November 2024, 08.00 WITA."""
    demo_clock(FIRST_MORNING)
    _stand("demo", lambda: call_command("load_demo", stdout=StringIO()))


@pytest.fixture(scope="module")
def _forces(django_db_setup, django_db_blocker):
    with _standing(django_db_blocker, "forces", _load_forces):
        yield


@pytest.fixture
def forces(_forces, db, demo_clock) -> Operation:
    """The demo's strength, and its reports of the last morning but one and after, without the rest
    of the demo; it is 20 November 2024, 08.00 WITA. It stands for the whole module, so not for one
    of which some tests need a database without any."""
    demo_clock(FIRST_MORNING)
    return Operation.objects.get(slug=OPERATION)


@pytest.fixture
def committed_forces(transactional_db, demo_clock) -> Operation:
    """What `forces` is, for tests that commit."""
    demo_clock(FIRST_MORNING)
    _stand("forces", _load_forces)
    return Operation.objects.get(slug=OPERATION)


@pytest.fixture(scope="module")
def _forces_and_stations(django_db_setup, django_db_blocker):
    with _standing(django_db_blocker, "forces and stations", _load_forces_and_stations):
        yield


@pytest.fixture
def forces_and_stations(_forces_and_stations, db, demo_clock) -> Operation:
    """`forces` with the polling stations; the same holds for the module."""
    demo_clock(FIRST_MORNING)
    return Operation.objects.get(slug=OPERATION)


@contextmanager
def _standing(blocker, state: str, load: Callable[[], None]) -> Iterator[None]:
    """A whole module upon what `load` loads; the transactions of its tests lie upon it."""
    with blocker.unblock():
        _stand(state, load)
        yield
        database.empty(connection.settings_dict["NAME"])


def _stand(state: str, load: Callable[[], None]) -> None:
    """Commit what `load` loads. It runs once in a session; later the rows it left are restored."""
    name = connection.settings_dict["NAME"]
    if state in _left:
        database.restore(name, _left[state])
        return
    database.empty(name, whole=True)
    with override_settings(DEMO_NOW=FIRST_MORNING, DEMO_ANCHOR=time.time()):
        load()
    _left[state] = database.rows(name)


def _load_forces() -> None:
    with pytest.MonkeyPatch.context() as patch, atomic():
        patch.setattr("portal.home.demo.reports.BEGUN", LAST_MORNING)
        deployments.load({office.login: actor_of(office) for office in OFFICES})


def _load_forces_and_stations() -> None:
    _load_forces()
    with atomic():
        stations.load({office.login: actor_of(office) for office in OFFICES})
