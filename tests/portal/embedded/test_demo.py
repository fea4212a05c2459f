"""The whole demo under its supervisor, as `make demo` runs it."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from portal.embedded import demo as demo_module
from portal.home.demo.people import OFFICES
from portal.home.demo.people import PASSWORD as PASSWORD_LOADED

CHECKOUT = Path(__file__).resolve().parents[3]
# No judgement of speed: what takes longer than this many seconds hangs.
HUNG = 900
# One demo for all of these, however many workers pytest-xdist has.
pytestmark = pytest.mark.xdist_group("demo")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Terminal:
    """A demo started as at a terminal: its words so far, and the processes of its state folder."""

    def __init__(self, state: Path, port: int) -> None:
        self.state, self.port = state, port
        without = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PORTAL_MODE"}
        given = {key: value for key, value in os.environ.items() if key not in without}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal.embedded.demo"],
            cwd=CHECKOUT,
            env={**given, "PORT": str(port), "PORTAL_STATE_DIR": str(state)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.words = ""
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.words += line
        self.process.stdout.close()

    def wait_for(self, sentence: str) -> None:
        deadline = time.monotonic() + HUNG
        while sentence not in self.words:
            assert self.process.poll() is None, self.words
            assert time.monotonic() < deadline, self.words
            time.sleep(0.05)

    def family(self) -> list[psutil.Process]:
        """Every process that belongs to this demo, the detached servers too."""
        mark = f"PORTAL_STATE_DIR={self.state}"
        found = []
        for process in psutil.process_iter():
            try:
                words = " ".join(process.cmdline())
                environment = [f"{key}={value}" for key, value in process.environ().items()]
            except psutil.Error:
                continue
            if process.pid != os.getpid() and (mark in environment or str(self.state) in words):
                found.append(process)
        return found

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.reader.join(10)


@pytest.fixture(scope="module")
def terminal(tmp_path_factory):
    terminal = Terminal(tmp_path_factory.mktemp("demo") / "a state with spaces", free_port())
    try:
        terminal.wait_for("Ctrl-C stops everything")
        yield terminal
    finally:
        if terminal.process.poll() is None:
            terminal.end()


def child_named(terminal: Terminal, word: str) -> psutil.Process:
    (found,) = [
        child
        for child in psutil.Process(terminal.process.pid).children()
        if word in child.cmdline()
    ]
    return found


def test_block_names_address_people_and_password(terminal):
    assert terminal.words.count("Portal Mantap Praja: demo") == 1
    assert f"http://127.0.0.1:{terminal.port}/\n" in terminal.words
    assert "demo-rakor-2024" in terminal.words
    assert len(re.findall(r"^  \S+@demo\.test", terminal.words, re.MULTILINE)) == 18
    assert "Wednesday 20 November 2024" in terminal.words


def test_portal_answers_and_its_parts_are_alive(terminal):
    deadline = time.monotonic() + HUNG
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{terminal.port}/readyz/", timeout=10) as answer:
                assert answer.status == 200
                return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.5)


@pytest.mark.parametrize("role", ["worker", "beat", "gunicorn"])
def test_killed_child_is_shown_and_started_again(terminal, role):
    first = child_named(terminal, role)
    name = {"gunicorn": "web"}.get(role, role)
    first.kill()
    terminal.wait_for(f"{name} ended unasked (signal SIGKILL)")
    deadline = time.monotonic() + HUNG
    while True:
        again = [
            child
            for child in psutil.Process(terminal.process.pid).children()
            if role in child.cmdline() and child.pid != first.pid
        ]
        if again:
            break
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_second_demo_of_the_same_state_is_refused(terminal):
    second = Terminal(terminal.state, free_port())
    assert second.process.wait(HUNG) == 1
    second.reader.join()
    assert "A demo of this checkout is already running." in second.words


def test_data_of_a_running_demo_are_not_thrown_away(terminal):
    with pytest.raises(SystemExit, match="Stop it first"):
        demo_module.reset(terminal.state)
    assert (terminal.state / "clock.json").exists()


def test_data_of_a_stopped_demo_are_thrown_away(tmp_path):
    state = tmp_path / "demo"
    state.mkdir()
    (state / "clock.json").write_text("{}")
    demo_module.reset(state)
    demo_module.reset(state)
    assert not state.exists()


def test_taken_port_is_named(terminal, tmp_path):
    second = Terminal(tmp_path, terminal.port)
    assert second.process.wait(HUNG) == 1
    second.reader.join()
    assert f"PORT={terminal.port + 1} make demo" in second.words


def test_sigterm_leaves_no_process_and_the_next_run_resumes(terminal):
    family = terminal.family()
    assert len(family) >= 6
    terminal.end()
    assert terminal.process.returncode == 0
    assert psutil.wait_procs(family, timeout=HUNG)[1] == []
    assert terminal.family() == []

    again = Terminal(terminal.state, terminal.port)
    try:
        again.wait_for("Ctrl-C stops everything")
        assert re.search(r"Ready after \d+ s", again.words)
        assert "collectstatic" not in again.words
    finally:
        again.end()
    assert again.family() == []


def test_people_printed_are_those_of_the_demo_data():
    printed = {address for address, _ in demo_module.PEOPLE}
    assert printed == {f"{office.login}@demo.test" for office in OFFICES}
    assert demo_module.PASSWORD == PASSWORD_LOADED
