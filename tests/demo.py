"""The demo as a fixture: its clock, and everything that `load_demo` loads."""

import time
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from portal.embedded.demo_clock import FIRST_MORNING
from tests import database

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
