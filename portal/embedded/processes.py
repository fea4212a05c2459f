"""Starting and ending server processes: detached, found again by their pid, as a modest user."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

# Servers outlive the object that started them; kept here, so that Python does not miss them.
_spawned: list[subprocess.Popen[bytes]] = []


class DidNotStart(SystemExit):
    """A server ended or stayed silent while it was started; the message shows its last words."""


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    account: pwd.struct_passwd | None = None,
    data: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own: a Ctrl-C at the terminal does not reach it."""
    environment = {**os.environ, "LC_ALL": "C"}
    if account is not None:
        command = [
            *_stepping_down(account, [Path(command[0]), *([data] if data else [])]),
            *command,
        ]
        environment["HOME"] = "/"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=environment,
            cwd="/",
        )
    _spawned.append(process)
    return process


def server_account() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as when we are root, which it refuses to be; else None: ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("PostgreSQL does not run as root, and there is no user `nobody`.")


def _stepping_down(account: pwd.struct_passwd, needed: list[Path]) -> list[str]:
    """The words before a command that run it as the account.

    Where the checkout lies in a folder that others may not enter (/root, say), the process keeps
    the one capability of passing through; the folder's own rights stay as they are.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise SystemExit(
            "Run this as an ordinary user: PostgreSQL does not run as root, "
            "and `setpriv` (package util-linux) is missing."
        )
    words = [setpriv, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    on_the_way = {parent for path in needed for parent in path.resolve().parents}
    if not all(parent.stat().st_mode & 0o001 for parent in on_the_way):
        words += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return [*words, "--"]


def running(pid_file: Path, marker: str) -> psutil.Process | None:
    """The process of the pid file, if it lives and its command line holds the marker."""
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        if process.status() != psutil.STATUS_ZOMBIE and marker in " ".join(process.cmdline()):
            return process
    except (FileNotFoundError, IndexError, ValueError, psutil.Error):
        pass
    return None


def end(process: psutil.Process, *, gently: signal.Signals, patience: float = 20.0) -> None:
    """Ask the server to stop, wait, and kill it with its children if it will not."""
    family = [process, *process.children(recursive=True)]
    try:
        process.send_signal(gently)
    except psutil.NoSuchProcess:
        return
    _, stubborn = psutil.wait_procs(family, timeout=patience)
    for member in stubborn:
        member.kill()
    psutil.wait_procs(stubborn, timeout=5)
    forget_the_dead()


def forget_the_dead() -> None:
    """Let the system bury our servers that ended; until then they count as running."""
    for ours in [*_spawned]:
        if ours.poll() is not None:
            _spawned.remove(ours)


def wait_until(ready, started: subprocess.Popen[bytes], *, log: Path, patience: float = 60) -> None:
    """Return once `ready()` is true; raise with the end of the log when it never will be."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if ready():
            return
        if started.poll() is not None:
            break
        time.sleep(0.03)
    last_words = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise DidNotStart(f"A server did not start. {log}:\n{last_words}")


def say(sentence: str) -> None:
    """A line for the person at the terminal."""
    print(sentence, file=sys.stderr, flush=True)
