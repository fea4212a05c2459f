"""The week and the calendar: working days, working hours, 2024 and 2025."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.registry import workdays
from portal.registry.models import Holiday
from portal.registry.workdays import WorkCalendar, calendar

HOUR = timedelta(hours=1)
WEEK = WorkCalendar()


def wita(month: int, day: int, hour: int, minute: int = 0, year: int = 2024) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=clock.WITA)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2024-11-26", True),
        ("2024-11-27", False),  # the vote
        ("2024-11-28", True),
        ("2024-11-30", False),  # a Saturday
        ("2024-02-14", False),  # the general election
        ("2024-04-05", True),
        ("2024-04-08", False),  # joint leave before Lebaran
        ("2024-04-10", False),  # Lebaran
        ("2024-04-15", False),  # joint leave after it
        ("2024-04-16", True),
        ("2024-06-17", False),  # Idul Adha
        ("2024-12-26", False),  # joint leave
        ("2025-03-31", False),  # Lebaran
        ("2025-04-07", False),  # joint leave
        ("2025-04-08", True),
        ("2025-08-18", False),  # joint leave
    ],
)
@pytest.mark.django_db
def test_days_of_2024_and_2025(day, works):
    assert workdays.is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2024-11-26", 0, "2024-11-26"),
        ("2024-11-27", 0, "2024-11-28"),
        ("2024-11-26", 1, "2024-11-28"),
        ("2024-11-22", 3, "2024-11-28"),
        ("2024-04-05", 1, "2024-04-16"),
        ("2024-04-05", 3, "2024-04-18"),
        ("2024-12-24", 2, "2024-12-30"),
        ("2024-12-30", 2, "2025-01-02"),
        ("2025-03-27", 1, "2025-04-08"),
    ],
)
@pytest.mark.django_db
def test_working_days_are_counted_over_holidays(start, days, end):
    counted = workdays.add_working_days(date.fromisoformat(start), days)
    assert counted == date.fromisoformat(end)


def test_working_days_are_counted_forward():
    with pytest.raises(ValueError, match="forward"):
        WEEK.add_working_days(date(2024, 11, 25), -1)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (wita(11, 26, 7, 59), wita(11, 26, 8)),
        (wita(11, 26, 8), wita(11, 26, 8)),
        (wita(11, 26, 15, 59), wita(11, 26, 15, 59)),
        (wita(11, 26, 16), wita(11, 28, 8)),
        (wita(11, 27, 0), wita(11, 28, 8)),
        (wita(11, 29, 23, 30), wita(12, 2, 8)),
    ],
)
@pytest.mark.django_db
def test_the_next_working_moment(at, expected):
    assert workdays.next_working_moment(at) == expected


@pytest.mark.parametrize(
    ("at", "delta", "expected"),
    [
        (wita(11, 26, 15), HOUR, wita(11, 26, 16)),
        (wita(11, 26, 15), 2 * HOUR, wita(11, 28, 9)),
        (wita(11, 27, 3), 8 * HOUR, wita(11, 28, 16)),
        (wita(11, 29, 12), 12 * HOUR, wita(12, 2, 16)),
        (wita(11, 26, 20), timedelta(0), wita(11, 28, 8)),
    ],
)
@pytest.mark.django_db
def test_working_time_runs_only_while_somebody_works(at, delta, expected):
    assert workdays.add_working_time(at, delta) == expected


@pytest.mark.django_db
def test_a_saturday_can_be_declared_a_working_day_and_a_holiday_one():
    saturday, vote = date(2024, 11, 23), date(2024, 11, 27)
    Holiday.objects.create(
        date=saturday, name="Piket", kind="lokal", source="ST", is_working=True, by_hand=True
    )
    Holiday.objects.filter(date=vote).update(is_working=True)
    assert calendar().is_working_day(saturday)
    assert calendar().is_working_day(vote)
    assert not calendar().is_working_day(date(2024, 11, 24))


@pytest.mark.django_db
def test_the_calendar_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert calendar().working_hours(date(2024, 11, 26)) == (wita(11, 26, 8), wita(11, 26, 16))


MINUTES = st.integers(0, 60 * 24 * 40).map(lambda m: wita(11, 1, 0) + timedelta(minutes=m))
OFF = st.frozensets(st.integers(0, 30).map(lambda d: date(2024, 11, 1) + timedelta(days=d)))


@given(at=MINUTES, off=OFF)
def test_next_and_last_working_moment_mirror_each_other(at, off):
    week = WorkCalendar(off=off)
    coming, gone = week.next_working_moment(at), week.last_working_moment(at)
    assert week.is_working_moment(coming)
    assert week.is_working_moment(gone)
    assert gone <= at <= coming
    assert (gone == coming) == week.is_working_moment(at)
    if gone < coming:
        assert week.next_working_moment(gone + timedelta(microseconds=1)) == coming
