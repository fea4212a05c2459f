"""The legal clock over the holidays of 2024 and 2025. Every date was counted by hand on a calendar
with the national holidays and the joint leave (cuti bersama) of those years, the days of the votes
(14 February and 27 November 2024) among them."""

from datetime import date, datetime, timedelta

import pytest

from incidents.enums.gakkumdu import (
    COUNTED_FROM,
    NEXT_STEP,
    OUTCOMES,
    RECORDER,
    STEP_BADGES,
    Outcome,
    StepCode,
    StepState,
    TimeUnit,
)
from incidents.queries.gakkumdu_clock import ends_at, last_day, left
from portal import clock
from portal.registry.workdays import WorkCalendar, calendar

DAY, WORKING, HOUR = TimeUnit.DAY, TimeUnit.WORKING_DAY, TimeUnit.HOUR


def wita(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.WITA)


@pytest.mark.parametrize(
    ("event", "amount", "last"),
    [
        ("2024-11-05T19:00", 7, "2024-11-12"),
        ("2024-11-05T00:00", 7, "2024-11-12"),
        ("2024-11-05T23:59", 7, "2024-11-12"),
        ("2024-11-26T23:59", 3, "2024-11-29"),  # over the day of the vote: it counts
        ("2024-11-22T10:00", 3, "2024-11-25"),  # over a weekend
        ("2024-11-20T10:00", 5, "2024-11-25"),  # three and the two more
        ("2024-02-27T09:00", 3, "2024-03-01"),  # a leap year
        ("2025-02-27T09:00", 3, "2025-03-02"),
        ("2024-04-07T09:00", 7, "2024-04-14"),  # Lebaran counts
        ("2024-12-24T09:00", 3, "2024-12-27"),
        ("2024-12-31T09:00", 7, "2025-01-07"),
        ("2025-03-29T09:00", 7, "2025-04-05"),
    ],
)
def test_days_run_from_the_day_after_and_end_at_midnight(event, amount, last):
    end = ends_at(wita(event), amount, DAY, WorkCalendar())
    assert last_day(end) == date.fromisoformat(last)
    assert end == clock.midnight(date.fromisoformat(last) + timedelta(days=1))


def test_the_day_of_the_event_is_the_day_in_wita():
    event = datetime.fromisoformat("2024-11-05T17:00+00:00")  # 01.00 of the 6th in Banjarmasin
    assert last_day(ends_at(event, 7, DAY, WorkCalendar())) == date(2024, 11, 13)


def test_once_24_hours_run_from_the_moment():
    end = ends_at(wita("2024-11-26T14:30"), 24, HOUR, WorkCalendar())
    assert end == wita("2024-11-27T14:30")


@pytest.mark.parametrize(
    ("event", "amount", "last"),
    [
        ("2024-01-31", 3, "2024-02-05"),
        ("2024-02-07", 3, "2024-02-15"),  # 8 Isra Mikraj, 9 joint leave, 14 the vote
        ("2024-03-08", 3, "2024-03-15"),  # 11 Nyepi, 12 joint leave
        ("2024-03-25", 14, "2024-04-23"),  # 29 March, and 8-15 April off
        ("2024-04-05", 3, "2024-04-18"),  # Lebaran and its joint leave
        ("2024-05-07", 5, "2024-05-16"),  # 9 Ascension, 10 joint leave
        ("2024-05-22", 3, "2024-05-29"),  # 23 Waisak, 24 joint leave
        ("2024-06-14", 5, "2024-06-25"),  # 17 Idul Adha, 18 joint leave
        ("2024-09-13", 5, "2024-09-23"),  # 16 Maulid
        ("2024-11-10", 14, "2024-11-29"),  # 27 the vote
        ("2024-11-20", 14, "2024-12-11"),
        ("2024-11-26", 3, "2024-12-02"),
        ("2024-12-13", 14, "2025-01-07"),  # 25, 26 December, 1 January
        ("2024-12-24", 5, "2025-01-03"),
        ("2025-01-24", 3, "2025-02-03"),  # 27, 28, 29 January
        ("2025-03-20", 14, "2025-04-21"),  # 28 March to 7 April, 18 April
        ("2025-03-26", 5, "2025-04-11"),
        ("2025-05-09", 3, "2025-05-16"),  # 12 Waisak, 13 joint leave
        ("2025-05-28", 3, "2025-06-04"),  # 29, 30 May
        ("2025-06-05", 5, "2025-06-16"),  # 6 Idul Adha, 9 joint leave
        ("2025-06-26", 3, "2025-07-02"),  # 27 the new year of Islam
        ("2025-08-15", 3, "2025-08-21"),  # 18 joint leave
        ("2025-09-04", 3, "2025-09-10"),  # 5 Maulid
        ("2025-12-22", 5, "2025-12-31"),  # 25, 26 December
    ],
)
@pytest.mark.django_db
def test_working_days_leave_out_weekends_holidays_and_joint_leave(event, amount, last):
    end = ends_at(wita(f"{event}T10:00"), amount, WORKING, calendar())
    assert last_day(end) == date.fromisoformat(last)
    assert end == clock.midnight(date.fromisoformat(last) + timedelta(days=1))


@pytest.mark.parametrize(
    ("at", "unit", "expected"),
    [
        ("2024-11-20T08:00", DAY, 9),
        ("2024-11-20T08:00", WORKING, 6),  # 21, 22, 25, 26, 28, 29
        ("2024-11-26T23:59", WORKING, 2),
        ("2024-11-27T00:00", WORKING, 2),  # the vote itself is no working day
        ("2024-11-28T12:00", WORKING, 1),
        ("2024-11-29T23:59", WORKING, 0),
        ("2024-11-29T23:59", DAY, 0),
        ("2024-11-29T22:30", HOUR, 1),
    ],
)
@pytest.mark.django_db
def test_what_is_left_until_the_end_of_29_november(at, unit, expected):
    assert left(wita(at), wita("2024-11-30T00:00"), unit, calendar()) == expected


def test_the_tables_name_every_step_state_and_outcome():
    assert set(NEXT_STEP) == set(StepCode.values)
    assert set(RECORDER) == set(OUTCOMES) | {StepCode.REPORT, StepCode.CONTENT}
    assert set(RECORDER) == {*StepCode.values, ""}
    assert set(COUNTED_FROM) == set(StepCode.values) - {StepCode.REPORT, StepCode.CONTENT}
    assert set(STEP_BADGES) == set(StepState.values)
    reachable = {outcome for row in OUTCOMES.values() for outcome in row}
    assert reachable == set(Outcome) - {Outcome.LAPSED}


def test_every_step_is_counted_from_one_that_comes_before_it():
    order = list(StepCode.values)
    for step, starts in COUNTED_FROM.items():
        assert all(order.index(start) < order.index(step) for start in starts)
