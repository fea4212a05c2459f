"""The supervisor's children: a dead one is shown and started again, and none is left at the end."""

import os
import signal
import sys
import time

import psutil
import pytest

from portal.embedded import children as children_module
from portal.embedded.children import Child, Children

SLEEPER = [sys.executable, "-c", "import time; print('at work', flush=True); time.sleep(600)"]
# Ignores the polite signal, and has a child of its own that does too.
STUBBORN = [
    sys.executable,
    "-c",
    "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.fork(); "
    "print('at work', flush=True); time.sleep(600)",
]


@pytest.fixture
def family(tmp_path):
    children = Children(dict(os.environ), tmp_path)
    yield children
    children.end()


def start(children, command, log):
    children.add("worker", command, log)
    deadline = time.monotonic() + 10
    while b"at work" not in log.read_bytes() and time.monotonic() < deadline:
        time.sleep(0.02)
    return psutil.Process(children.all[0].process.pid)


def test_killed_child_is_shown_and_started_again(family, tmp_path, capfd):
    first = start(family, SLEEPER, tmp_path / "worker.log")
    family.all[0].started_at -= 60
    family.all[0].process.kill()
    family.all[0].process.wait()
    family.look_after()
    family.look_after()
    assert family.all[0].process.pid != first.pid
    assert family.all[0].process.poll() is None
    said = capfd.readouterr().err
    assert "worker ended unasked (signal SIGKILL), starting it again now." in said
    assert "at work" in said


def test_child_that_keeps_dying_is_given_longer_and_longer_rests(tmp_path):
    child = Child("web", [], tmp_path / "web.log")
    child.started_at = time.monotonic()
    assert [child.rest() for _ in range(6)] == [1, 3, 7, 15, 30, 30]
    child.started_at -= 60
    assert child.rest() == 0


def test_child_waits_out_its_rest(family, tmp_path, capfd):
    start(family, [*SLEEPER[:2], "print('at work'); raise SystemExit(3)"], tmp_path / "web.log")
    family.all[0].process.wait()
    family.look_after()
    assert "(exit status 3), starting it again in 1 s" in capfd.readouterr().err
    family.look_after()
    assert family.all[0].process is None


def test_end_leaves_nobody(family, tmp_path, monkeypatch):
    monkeypatch.setattr(children_module, "PATIENCE_AT_THE_END", 0.5)
    leader = start(family, STUBBORN, tmp_path / "worker.log")
    everybody = [leader, *leader.children(recursive=True)]
    assert len(everybody) == 2
    family.end()
    gone, alive = psutil.wait_procs(everybody, timeout=5)
    assert alive == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can promise this")
def test_killed_supervisor_takes_its_children_along(tmp_path):
    log = tmp_path / "worker.log"
    code = (
        "import os, sys, time; from pathlib import Path; "
        "from portal.embedded.children import Children; "
        f"children = Children(dict(os.environ), Path('/')); "
        f"children.add('worker', {SLEEPER!r}, Path({str(log)!r})); "
        "print(children.all[0].process.pid, flush=True); time.sleep(600)"
    )
    supervisor = psutil.Popen([sys.executable, "-c", code], stdout=-1, cwd=os.getcwd())
    child = psutil.Process(int(supervisor.stdout.readline()))
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()
    supervisor.stdout.close()
    psutil.wait_procs([child], timeout=10)
    assert not child.is_running()
