"""Starts the services if none are given, loads the demo, and measures; `nation`: only that part."""

import os
import sys
import warnings
from contextlib import ExitStack
from pathlib import Path

import django

from portal.embedded.services import Services

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / "var" / "bench"
NAME = "bench_portal"


def main() -> None:
    os.environ |= {
        "PORTAL_MODE": "test",
        "PORTAL_DEMO_NOW": "2024-11-20T08:00+08:00",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "LOG_LEVEL": "CRITICAL",
    }
    os.environ.setdefault("PORTAL_STATE_DIR", str(STATE))
    warnings.filterwarnings("ignore", message="No directory at")
    with ExitStack() as held:
        if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
            os.environ |= held.enter_context(Services(STATE, durable=False).hold())
        django.setup()
        from tests import database  # noqa: PLC0415 (after the settings)
        from tests.bench import measures  # noqa: PLC0415 (after the settings)

        database.prepare(NAME)
        database.point_django_at(NAME)
        held.callback(database.drop, NAME)
        held.callback(database.connections.close_all)
        measures.run(sys.stdout, only_nation="nation" in sys.argv[1:])


if __name__ == "__main__":
    main()
