"""Which time the demo starts at, and that it goes on from where it stopped."""

import json
from datetime import datetime, timedelta

import pytest

from portal.embedded.demo_clock import FIRST_MORNING, DemoClock


@pytest.fixture(autouse=True)
def _no_time_given(monkeypatch):
    monkeypatch.delenv("PORTAL_DEMO_NOW", raising=False)


def test_first_run_starts_a_week_before_the_vote(tmp_path):
    clock = DemoClock(tmp_path / "clock.json")
    assert clock.start == FIRST_MORNING
    assert clock.environment()["PORTAL_DEMO_NOW"] == "2024-11-20T08:00:00+08:00"


def test_given_time_wins_over_the_stored_one(tmp_path, monkeypatch):
    file = tmp_path / "clock.json"
    file.write_text(json.dumps({"demo_now": "2024-11-25T10:00:00+08:00"}))
    monkeypatch.setenv("PORTAL_DEMO_NOW", "2024-11-22T06:00+08:00")
    assert DemoClock(file).start.isoformat() == "2024-11-22T06:00:00+08:00"


def test_next_run_resumes_where_the_last_one_stopped(tmp_path):
    first = DemoClock(tmp_path / "clock.json")
    first.anchor -= 90
    first.save()
    second = DemoClock(tmp_path / "clock.json")
    assert timedelta(0) <= second.start - (FIRST_MORNING + timedelta(seconds=90)) < timedelta(0, 2)


def test_environment_lets_every_process_reckon_the_same_time(tmp_path):
    clock = DemoClock(tmp_path / "clock.json")
    given = clock.environment()
    elapsed = clock.now() - datetime.fromisoformat(given["PORTAL_DEMO_NOW"])
    assert timedelta(0) <= elapsed < timedelta(seconds=1)
    assert float(given["PORTAL_DEMO_ANCHOR"]) == clock.anchor


@pytest.mark.parametrize("text", ["2024-11-27T06:00", "tomorrow"])
def test_time_without_offset_is_refused(tmp_path, monkeypatch, text):
    monkeypatch.setenv("PORTAL_DEMO_NOW", text)
    with pytest.raises(SystemExit, match="no time with an offset"):
        DemoClock(tmp_path / "clock.json")


def test_broken_file_starts_anew(tmp_path):
    (tmp_path / "clock.json").write_text("{")
    assert DemoClock(tmp_path / "clock.json").start == FIRST_MORNING
