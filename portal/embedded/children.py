"""The processes of a running demo: started, watched, started again, ended together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from portal.embedded.processes import say

PATIENCE_AT_THE_END = 12.0
LONGEST_REST = 30.0
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process with a log of its own, and how often it died young."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    early_deaths: int = field(default=0)

    def start(self, environment: dict[str, str], folder: Path) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
                cwd=folder,
                # A Ctrl-C reaches the supervisor alone, and the whole family can be ended at once.
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )
        self.started_at = time.monotonic()

    def rest(self) -> float:
        """Seconds until the next start: none at first, longer when it keeps dying young."""
        lived = time.monotonic() - self.started_at
        self.early_deaths = self.early_deaths + 1 if lived < 10 else 0
        return min(LONGEST_REST, 2.0**self.early_deaths - 1) if self.early_deaths else 0.0

    def last_words(self, lines: int = 12) -> str:
        text = self.log.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join(f"    {line}" for line in text)


class Children:
    """All processes of the demo."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = environment
        self.folder = folder
        self.all: list[Child] = []

    def add(self, name: str, command: list[str], log: Path) -> None:
        log.write_bytes(b"")
        child = Child(name, command, log)
        self.all.append(child)
        child.start(self.environment, self.folder)

    def look_after(self) -> None:
        """Show every child that has died since the last look, and start it again."""
        for child in self.all:
            if child.process is None:
                if time.monotonic() >= child.start_again_at:
                    child.start(self.environment, self.folder)
                continue
            if (code := child.process.poll()) is None:
                continue
            rest = child.rest()
            when = f"in {rest:.0f} s" if rest else "now"
            say(f"{child.name} ended unasked ({_ending(code)}), starting it again {when}.")
            say(child.last_words())
            _kill_family(child.process.pid)
            child.process, child.start_again_at = None, time.monotonic() + rest

    def end(self) -> None:
        """Ask each to finish, then kill whatever is left of their families."""
        living = [child.process for child in self.all if child.process]
        for process in living:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + PATIENCE_AT_THE_END
        for process in living:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            _kill_family(process.pid)
            process.wait()


def _kill_family(session: int) -> None:
    """Kill whoever is left in the session that a child led."""
    try:
        os.killpg(session, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"


def _end_with_parent() -> None:
    """In the child: ask Linux for a SIGTERM should the supervisor itself be killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
