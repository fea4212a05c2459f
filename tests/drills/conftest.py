import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.drills.processes import Broker, Crew


@pytest.fixture
def folder(tmp_path) -> Path:
    """Where the drill's processes keep their logs, mails and marks."""
    (tmp_path / "mail").mkdir()
    return tmp_path


@pytest.fixture
def broker(folder):
    redis_server = Broker(folder)
    redis_server.start()
    yield redis_server
    redis_server.kill()


@pytest.fixture
def crew(transactional_db, broker, folder, settings):
    """Hands for the drill. The pauses that last minutes in service are seconds here."""
    settings.MAILBOX_DIR = folder / "mail"
    settings.DELIVERY_ABANDONED_AFTER = timedelta(seconds=2)  # As the hands have it below.
    environment = {
        **os.environ,
        "REDIS_URL": broker.url,
        "DJANGO_SETTINGS_MODULE": "tests.drills.settings",
        "DRILL_FOLDER": str(folder),
        "OUTBOX_RESEND_SECONDS": "1",
        "DELIVERY_ABANDONED_SECONDS": "2",
    }
    hands = Crew(folder, environment)
    yield hands
    hands.end()


@pytest.fixture
def hold(folder):
    """Marks that make the drill's task or mailbox stand still at a point until they are lifted."""

    class Hold:
        def at(self, point: str) -> None:
            (folder / f"hold-{point}").touch()

        def lift(self, point: str) -> None:
            (folder / f"hold-{point}").unlink()

        def reached(self, point: str) -> int:
            """How often the point was reached."""
            mark = folder / f"reached-{point}"
            return len(mark.read_text().splitlines()) if mark.exists() else 0

    return Hold()
