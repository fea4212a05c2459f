from datetime import UTC, datetime, time, timedelta

import pytest

from portal.background.running import WORK
from portal.background.timetable import WITA, Job, hours, minutes, seconds
from portal.celery import TIMETABLE, app


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


def test_slot_of_an_interval_is_its_last_start():
    job = Job("a.b", every=minutes(15))
    assert job.slot(at("2024-11-26T23:58:12")) == at("2024-11-26T23:45:00")
    assert job.slot(at("2024-11-27T00:00:00")) == at("2024-11-27T00:00:00")


def test_slot_of_seconds_takes_utc():
    job = Job("a.b", every=seconds(15))
    moment = datetime(2024, 11, 26, 16, 0, 44, 999, tzinfo=UTC)
    assert job.slot(moment) == at("2024-11-27T00:00:30")


@pytest.mark.parametrize(
    ("moment", "slot"),
    [
        ("2024-11-27T01:29:59", "2024-11-26T01:30:00"),
        ("2024-11-27T01:30:00", "2024-11-27T01:30:00"),
        ("2024-11-27T23:59:59", "2024-11-27T01:30:00"),
    ],
)
def test_slot_of_a_daily_job_follows_the_clock_in_wita(moment, slot):
    job = Job("a.b", daily=time(1, 30))
    assert job.slot(at(moment).astimezone(UTC)) == at(slot)


def test_slot_older_than_skip_after_is_let_go():
    job = Job("a.b", daily=time(3, 0), skip_after=hours(6))
    assert job.slot(at("2024-11-27T09:00:00")) == at("2024-11-27T03:00:00")
    assert job.slot(at("2024-11-27T09:00:01")) is None


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"every": minutes(1), "daily": time(1)},
        {"every": timedelta(minutes=7)},
        {"every": timedelta()},
    ],
)
def test_job_with_an_unclear_rule_is_refused(rule):
    with pytest.raises(ValueError):
        Job("a.b", **rule)


def test_every_task_of_the_timetable_exists():
    app.loader.import_default_modules()
    assert sorted({job.task for job in TIMETABLE} - set(WORK)) == []
    assert set(WORK) <= set(app.tasks)


def test_every_job_stands_once():
    names = [job.task for job in TIMETABLE]
    assert len(names) == len(set(names))
