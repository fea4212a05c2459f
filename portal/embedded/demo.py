"""`python -m portal.embedded.demo`: the whole portal with invented data, until Ctrl-C.

Servers, migrations, demo data, then web, worker and beat under this one supervisor. What it needs
to remember lies in var/demo.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.embedded.children import Children
from portal.embedded.demo_clock import DemoClock
from portal.embedded.processes import say
from portal.embedded.services import Services

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "demo-rakor-2024"  # noqa: S105 (printed for everybody; such users exist in the demo only)
PEOPLE = (
    ("koordinator@demo.test", "coordinator"),
    ("pimpinan@demo.test", "commander"),
    ("auditor@demo.test", "auditor"),
    ("admin@demo.test", "administrator"),
    ("liaison.polda@demo.test", "liaison, Polda Kalsel"),
    ("liaison.korem@demo.test", "liaison, Korem 101/Antasari"),
    ("liaison.kpu@demo.test", "liaison, KPU"),
    ("liaison.bawaslu@demo.test", "liaison, Bawaslu"),
    ("liaison.kejati@demo.test", "liaison, Kejaksaan Tinggi"),
    ("liaison.binda@demo.test", "liaison, BIN Daerah"),
    ("liaison.kesbangpol@demo.test", "liaison, Kesbangpol"),
    ("liaison.pemprov@demo.test", "liaison, Pemerintah Provinsi"),
    ("liaison.dprd@demo.test", "liaison, DPRD"),
    ("gakkumdu.bawaslu@demo.test", "Sentra Gakkumdu, Bawaslu"),
    ("gakkumdu.polda@demo.test", "Sentra Gakkumdu, Polda"),
    ("gakkumdu.kejati@demo.test", "Sentra Gakkumdu, Kejati"),
    ("posko.banjar@demo.test", "posko operator, Polres Banjar"),
    ("kodim.1006@demo.test", "posko operator, Kodim 1006"),
)
SAVE_CLOCK_EVERY = 5.0
WITA = ZoneInfo("Asia/Makassar")


class Stop(SystemExit):
    """Somebody asked the demo to end."""


class Demo:
    """One run of the demo on one checkout."""

    def __init__(self, state: Path, host: str, port: int) -> None:
        self.state, self.host, self.port = state, host, port
        self.address = f"http://{host}:{port}"
        self.log = state / "log"
        self.log.mkdir(parents=True, exist_ok=True)
        self.clock = DemoClock(state / "clock.json")

    def run(self) -> None:
        """Everything up, until a signal raises Stop; then everything down."""
        began = time.monotonic()
        with Services(self.state).hold() as addresses:
            environment = self.environment(addresses)
            self.prepare(environment)
            children = Children(environment, CHECKOUT)
            try:
                self.start(children)
                self.wait_for_page(children)
                self.announce(time.monotonic() - began)
                self.watch(children)
            finally:
                say("Stopping …")
                children.end()
                self.clock.save()

    def environment(self, addresses: dict[str, str]) -> dict[str, str]:
        """The settings of every process of the demo."""
        return {
            "SECRET_KEY": self.secret_key(),
            "PORTAL_URL": self.address,
            **os.environ,
            **addresses,
            **self.clock.environment(),
            "PORTAL_MODE": "demo",
            "PORTAL_STATE_DIR": str(self.state),
            "PYTHONUNBUFFERED": "1",
        }

    def secret_key(self) -> str:
        """This checkout's own key: sessions outlive a restart, and no two demos share them."""
        file = self.state / "secret_key"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(50))
        return file.read_text()

    def prepare(self, environment: dict[str, str]) -> None:
        """Tables, demo data with the registry; meanwhile the static files, if they changed."""
        running = []
        try:
            collecting = self.collect_static(environment)
            if collecting:
                running.append(collecting)
            for command in ("migrate", "load_demo"):
                say(f"manage.py {command} …")
                running.append(self.manage(environment, command))
                self.must_work(command, running[-1])
            if collecting:
                say("manage.py collectstatic …")
                self.must_work("collectstatic", collecting)
                (self.state / "static.made-from").write_text(static_fingerprint())
        finally:
            # Stopped in between: nothing may go on working behind the supervisor's back.
            for process in running:
                process.kill()
                process.wait()

    def collect_static(self, environment: dict[str, str]) -> subprocess.Popen[bytes] | None:
        """Begin to collect the static files, unless those there were made from the same sources."""
        made_from = self.state / "static.made-from"
        if made_from.exists() and made_from.read_text() == static_fingerprint():
            return None
        made_from.unlink(missing_ok=True)
        return self.manage(environment, "collectstatic", "--noinput", "--clear")

    def manage(self, environment: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
        with (self.log / f"{words[0]}.log").open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "manage.py", *words, "--verbosity=1"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
                cwd=CHECKOUT,
            )

    def must_work(self, command: str, process: subprocess.Popen[bytes]) -> None:
        if process.wait():
            log = self.log / f"{command}.log"
            last_words = "\n".join(log.read_text(errors="replace").splitlines()[-30:])
            raise SystemExit(f"manage.py {command} failed:\n{last_words}")

    def start(self, children: Children) -> None:
        python = sys.executable
        gunicorn = [python, "-m", "gunicorn", "portal.wsgi", "--bind", f"{self.host}:{self.port}"]
        # Gunicorn's control socket has one place per user: two demos would fight over it.
        gunicorn += ["--workers=2", "--threads=4", "--timeout=60", "--graceful-timeout=5"]
        children.add("web", [*gunicorn, "--no-control-socket"], self.log / "web.log")
        celery = [python, "-m", "celery", "--app=portal"]
        children.add(
            "worker",
            [*celery, "worker", "--concurrency=2", "--loglevel=INFO", "--without-mingle"],
            self.log / "worker.log",
        )
        children.add("beat", [*celery, "beat", "--loglevel=INFO"], self.log / "beat.log")

    def wait_for_page(self, children: Children, patience: float = 60.0) -> None:
        """Return when the portal answers."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            children.look_after()
            try:
                with urllib.request.urlopen(f"{self.address}/healthz/", timeout=5) as answer:  # noqa: S310 (our own http address)
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise SystemExit(f"The portal does not answer. See {self.log / 'web.log'}.")

    def announce(self, seconds: float) -> None:
        """The one block that says where to go and who to be."""
        width = max(len(address) for address, _ in PEOPLE)
        rule = "─" * 72
        lines = [
            "",
            rule,
            "Portal Mantap Praja: demo, invented data",
            "",
            f"  Address    {self.address}/",
            f"  Password   {PASSWORD}   (the same for everybody)",
            f"  Demo time  {self.clock.now().astimezone(WITA):%A %d %B %Y, %H.%M} WITA",
            "",
            *(f"  {address:<{width}}  {office}" for address, office in PEOPLE),
            "",
            f"  Mail       {self.address}/demo/mail/",
            f"  Logs       {os.path.relpath(self.log)}/",
            f"  Ready after {seconds:.0f} s. Ctrl-C stops everything.",
            rule,
        ]
        print("\n".join(lines), flush=True)

    def watch(self, children: Children) -> None:
        """Look after the children until a signal raises Stop."""
        saved_at = 0.0
        while True:
            children.look_after()
            if time.monotonic() - saved_at > SAVE_CLOCK_EVERY:
                self.clock.save()
                saved_at = time.monotonic()
            time.sleep(0.25)


def static_fingerprint() -> str:
    """A hash of what the collected files come from: our own files and the installed packages."""
    digest = hashlib.sha256((CHECKOUT / "requirements" / "base.txt").read_bytes())
    for path in sorted((CHECKOUT / "static").rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(CHECKOUT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise SystemExit(
                f"{host}:{port} cannot be used ({problem.strerror}): "
                f"choose another port, for instance PORT={port + 1} make demo."
            ) from None


def stop_on_signals() -> None:
    """The first signal ends the demo in good order; the ones after it must not disturb that."""

    def stop(number, frame):
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stop(0)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)


def state_folder() -> Path:
    return Path(os.environ.get("PORTAL_STATE_DIR") or CHECKOUT / "var" / "demo").resolve()


def reset(state: Path) -> None:
    """Throw the demo's data away, unless a demo runs on them."""
    if not state.exists():
        return
    with (state / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("The demo is running. Stop it first (Ctrl-C there).") from None
        Services(state).stop()
        shutil.rmtree(state)
    say(f"{state} is gone.")


def main(words: list[str]) -> None:
    if words == ["reset"]:
        reset(state_folder())
        return
    stop_on_signals()
    state = state_folder()
    host = os.environ.get("PORTAL_HOST", "127.0.0.1")
    port = int(os.environ.get("PORT", "8000"))
    state.mkdir(parents=True, exist_ok=True)
    with (state / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("A demo of this checkout is already running.") from None
        refuse_taken_port(host, port)
        Demo(state, host, port).run()


if __name__ == "__main__":
    main(sys.argv[1:])
