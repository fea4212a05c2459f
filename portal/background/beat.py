"""The clockwork: `celery beat` with our scheduler opens slots and relays, twice a second."""

import logging
import time
from collections.abc import Callable

from celery.beat import Scheduler
from django.db import close_old_connections, connection

from portal import clock
from portal.background.heartbeats import BEAT, stamp
from portal.background.outbox import BATCH, relay
from portal.background.slots import Opener
from portal.celery import TIMETABLE

logger = logging.getLogger(__name__)

PACE = 0.5
STAMP_EVERY = 5.0
REST_AFTER_FAILURE = 2.0


class OutboxScheduler(Scheduler):
    """Keeps no schedule of Celery's own. What fails (a dead Redis, a restarting PostgreSQL) is
    logged once, rested a moment and tried again; the other steps go on."""

    def __init__(self, *args, **kwargs):
        self._opener = Opener(TIMETABLE)
        self._not_before: dict[str, float] = {}
        self._failing: set[str] = set()
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        """Nothing to set up: the timetable is code, its slots are rows."""

    def tick(self, *args, **kwargs) -> float:
        """One round; returns the seconds to rest until the next."""
        close_old_connections()
        self._attempt("slots", self._open_slots)
        self._attempt("relay", self._relay)
        self._attempt("heartbeat", self._stamp)
        return PACE

    def _open_slots(self) -> None:
        self._opener.open_due(now=clock.now(), true_now=clock.true_now())

    def _relay(self) -> None:
        while relay() == BATCH:
            stamp(BEAT, clock.true_now())

    def _stamp(self) -> None:
        stamp(BEAT, clock.true_now())
        self._not_before["heartbeat"] = time.monotonic() + STAMP_EVERY

    def _attempt(self, name: str, step: Callable[[], None]) -> None:
        if time.monotonic() < self._not_before.get(name, 0.0):
            return
        try:
            step()
        except Exception as error:
            self._not_before[name] = time.monotonic() + REST_AFTER_FAILURE
            if name not in self._failing:
                self._failing.add(name)
                logger.exception("beat: %s fails (%s), trying on", name, type(error).__name__)
            connection.close()
        else:
            if name in self._failing:
                self._failing.discard(name)
                logger.warning("beat: %s works again", name)
