"""What every test stands on: real PostgreSQL and Redis, and a database with the registry in it.

Without DATABASE_URL and REDIS_URL the servers from the installed packages are started, once for all
workers. Tests connect as the application's role, which owns nothing.
"""

import atexit
import os
import re
from contextlib import ExitStack
from pathlib import Path

import django
import pytest
import redis

from portal.embedded.services import Services

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / "var" / "test"
# What Celery keeps in Redis; the rest of a given Redis is not ours to delete.
QUEUE = ("portal", "unacked", "unacked_index", "unacked_mutex")

# Of pytest-xdist; each has a database, a Redis database and a folder of its own.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

os.environ["PORTAL_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
os.environ["PORTAL_STATE_DIR"] = str(Path(os.environ.get("PORTAL_STATE_DIR", STATE), WORKER))
# WhiteNoise warns, and warnings are errors, when the folder of collected files is missing.
Path(os.environ["PORTAL_STATE_DIR"], "static").mkdir(parents=True, exist_ok=True)

if os.environ.get("DATABASE_URL") and not os.environ.get("DATABASE_OWNER_URL"):
    pytest.exit("Set DATABASE_OWNER_URL too: the tests make their databases as the owner.", 2)
if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
    # Before the settings are read. Workers of pytest-xdist inherit the addresses.
    held = ExitStack()
    os.environ |= held.enter_context(Services(STATE, durable=False).hold())
    atexit.register(held.close)


def own_redis_database(url: str, worker: str) -> str:
    """The address with a database of this worker's own: gw0 takes the one after the given."""
    number = int(worker.removeprefix("gw")) + 1 if worker else 0
    return re.sub(r"(?<=[/=])(\d+)$", lambda given: str(int(given.group()) + number), url)


os.environ["REDIS_URL"] = own_redis_database(os.environ["REDIS_URL"], WORKER)
django.setup()
# Inherited by a worker, it would have the settings read there before this file sets the scene.
del os.environ["DJANGO_SETTINGS_MODULE"]

from django.test import TransactionTestCase, override_settings  # noqa: E402 (after the settings)

from portal.background.broker import client_url  # noqa: E402
from tests import database  # noqa: E402

if (ROOT / "tests" / "people.py").exists():
    pytest_plugins = ["tests.people", "tests.demo"]


def pytest_addoption(parser):
    parser.addoption(
        "--only-database", action="store_true", help="run only the tests that use the database"
    )


def pytest_collection_modifyitems(config, items):
    if config.getoption("--only-database"):
        using = {"db", "transactional_db", "django_db_setup", "live_server"}
        chosen = [
            item
            for item in items
            if item.get_closest_marker("django_db") or using & set(item.fixturenames)
        ]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """This worker's own copy of the template, used as the application's role."""
    name = os.environ.get("PORTAL_TEST_DB", "test_portal") + (f"_{WORKER}" if WORKER else "")
    with django_db_blocker.unblock():
        database.prepare(name)
        database.remember(name)
        database.point_django_at(name)
    yield
    with django_db_blocker.unblock():
        database.connections.close_all()
    database.drop(name)


@pytest.fixture(scope="session", autouse=True)
def _light_passwords():
    with override_settings(PASSWORD_HASHERS=["tests.hashers.LightArgon2"]):
        yield


@pytest.fixture(scope="session")
def _broker():
    with redis.Redis.from_url(client_url(os.environ["REDIS_URL"])) as client:
        yield client


@pytest.fixture(autouse=True)
def _empty_queue(_broker):
    """No test finds the messages of another: ids are used again once a database was emptied."""
    yield
    _broker.delete(*QUEUE)


@pytest.fixture(scope="session", autouse=True)
def _flush_as_owner():
    """Tests that commit are cleaned up by the owner: the application's role cannot truncate."""

    def teardown(self):
        database.empty(database.connections["default"].settings_dict["NAME"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield
