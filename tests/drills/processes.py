"""Processes to be killed: a Redis of the drill's own, workers and beats on the test database."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import redis
from kombu import Connection

from portal.celery import app
from portal.embedded.redis_server import binary

ROOT = Path(__file__).resolve().parents[2]


def eventually(what: Callable[[], object], *, within: float = 30.0) -> object:
    """Wait until `what` gives something true, and return that."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {within} s")


class Broker:
    """A Redis that can be killed, held still and wiped."""

    def __init__(self, folder: Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = [binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        eventually(self._answers)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def wipe(self) -> None:
        with redis.Redis(port=self.port) as client:
            client.flushall()

    def waiting(self) -> int:
        with redis.Redis(port=self.port) as client:
            return client.llen("portal")

    def repeat(self, task: str, outbox_id: int, *, times: int) -> None:
        """Deliver a task's message again, as Redis does when it takes a slow worker for dead."""
        with Connection(self.url) as connection:
            for _ in range(times):
                app.send_task(task, kwargs={"outbox_id": outbox_id}, connection=connection)

    def _answers(self) -> bool:
        try:
            with redis.Redis(port=self.port) as client:
                return client.ping()
        except redis.RedisError:
            return False


class Crew:
    """Workers and beats. Each is a process group, ended with the drill."""

    def __init__(self, folder: Path, environment: dict[str, str]):
        self.folder = folder
        self.environment = environment
        self.running: list[subprocess.Popen] = []

    def worker(self) -> subprocess.Popen:
        return self._start(
            ["worker", "--concurrency=1", "--without-mingle", "--without-gossip"]
            + ["--include=tests.drills.tasks", "--loglevel=INFO"]
        )

    def beat(self) -> subprocess.Popen:
        return self._start(["beat", "--loglevel=INFO"])

    def _start(self, words: list[str]) -> subprocess.Popen:
        log = self.folder / f"{words[0]}-{len(self.running)}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "--app=portal", *words],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen) -> None:
        """SIGKILL the process and its children at once, as a power cut would."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_child(self, process: subprocess.Popen) -> None:
        """SIGKILL the pool's child that does the work; the worker itself lives on."""
        for child in psutil.Process(process.pid).children():
            child.kill()

    def end(self) -> None:
        for process in self.running:
            if process.poll() is None:
                self.kill(process)
