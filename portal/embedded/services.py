"""The pair of servers of one state folder: started once however many ask, stopped by the last.

Whoever needs the servers for a while holds them (`hold`). The kernel forgets a holder that dies, so
nobody's crash keeps the servers up for ever.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded.places import Places
from portal.embedded.postgres import APPLICATION, OWNER, Postgres
from portal.embedded.redis_server import RedisServer


class Services:
    """PostgreSQL and Redis for whichever of DATABASE_URL and REDIS_URL is not set."""

    def __init__(self, state: Path, *, durable: bool = True) -> None:
        self.places = Places(state.resolve())
        self.postgres = None if _given("DATABASE_URL") else Postgres(self.places, durable=durable)
        self.redis = None if _given("REDIS_URL") else RedisServer(self.places)
        self.kept = self.places.state / "kept"

    def start(self) -> None:
        """Start what is needed and keep it running until `stop`."""
        with self._alone():
            self._start()
            self.kept.touch()

    def stop(self) -> None:
        """Stop the servers, whoever holds them."""
        with self._alone():
            self._stop()

    def environment(self) -> dict[str, str]:
        """The addresses of our servers, as the settings expect them."""
        given: dict[str, str] = {}
        if self.postgres:
            given["DATABASE_URL"] = self.postgres.url(APPLICATION)
            given["DATABASE_OWNER_URL"] = self.postgres.url(OWNER)
        if self.redis:
            given["REDIS_URL"] = self.redis.url()
        return given

    def status(self) -> dict[str, int | None]:
        """The pid of each server of ours, None for one that does not run."""
        servers = {"postgres": self.postgres, "redis": self.redis}
        return {
            name: (process.pid if (process := server.process()) else None)
            for name, server in servers.items()
            if server
        }

    @contextmanager
    def hold(self) -> Iterator[dict[str, str]]:
        """The addresses of running servers. The last holder to leave stops them, unless `start` was
        called meanwhile."""
        self.places.state.mkdir(parents=True, exist_ok=True)
        with (self.places.state / "holders.lock").open("w") as holding:
            try:
                with self._alone():
                    fcntl.flock(holding, fcntl.LOCK_SH)
                    self._start()
                yield self.environment()
            finally:
                with self._alone():
                    if not self.kept.exists() and self._is_last(holding):
                        self._stop()

    def _is_last(self, holding) -> bool:
        try:
            fcntl.flock(holding, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _start(self) -> None:
        self.places.make()
        for server in (self.postgres, self.redis):
            if server:
                server.start()

    def _stop(self) -> None:
        for server in (self.redis, self.postgres):
            if server:
                server.stop()
        self.kept.unlink(missing_ok=True)
        self.places.forget_sockets()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time starts or stops the servers of this state folder."""
        self.places.state.mkdir(parents=True, exist_ok=True)
        with (self.places.state / "services.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _given(setting: str) -> bool:
    """Whether the environment names a server, itself or through a file with its address."""
    return bool(os.environ.get(setting) or os.environ.get(f"{setting}_FILE"))
