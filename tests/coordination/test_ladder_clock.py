"""72 hours, minute by minute, up the ladder of each priority."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.actions import obligations
from coordination.actions.obligations import acknowledge_obligation, submit_obligation
from coordination.actions.reminders import remind_obligations
from coordination.models import LadderRung, Obligation, Reminder
from coordination.queries.rungs import arranged, moments, reach
from portal import clock
from portal.accounts.enums import Role
from portal.notifications.models import Delivery, Notification
from portal.registry.workdays import WorkCalendar, calendar
from tests.factories.accounts import make_person
from tests.factories.coordination import make_directive, make_minutes, publish

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# A Monday evening: the walk crosses midnight three times and the vote of 27 November, a holiday.
GIVEN = datetime(2024, 11, 25, 20, 30, tzinfo=clock.WITA)
PRIORITIES = ("biasa", "segera", "amat_segera")


def wita(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 11, day, hour, minute, tzinfo=clock.WITA)


@pytest.fixture
def offices(coordinator, commander, liaison_kpu):
    """Of the KPU a duty officer and a head beside the liaison."""
    make_person("piket-kpu", [Role.POSKO_OPERATOR], "kpu-kalsel", title="Piket KPU")
    make_person("ketua-kpu", [Role.COMMANDER], "kpu-kalsel", title="Ketua KPU")
    return {
        "penghubung": "Penghubung KPU Provinsi Kalsel",
        "piket": "Piket KPU",
        "pimpinan": "Ketua KPU",
        "pemberi": "Karo Ops Polda Kalsel (Karendalopsda)",
        "pimpinan_pemberi": "Kapolda Kalsel (Kaopsda)",
    }


@pytest.fixture
def given_out(coordinator, offices):
    """`given_out(due_at)`: one obligation of each priority, given out at GIVEN."""

    def give(due_at: datetime) -> dict[str, Obligation]:
        draft = make_minutes(coordinator, "kpu-kalsel")
        for priority in PRIORITIES:
            make_directive(
                draft,
                coordinator,
                "kpu-kalsel",
                title=f"Arahan {priority}",
                priority=priority,
                due_at=due_at,
            )
        publish(draft, by=coordinator, at=GIVEN)
        rows = Obligation.objects.select_related("directive")
        return {
            row.directive.priority: row for row in rows.filter(directive__meeting=draft.meeting)
        }

    return give


def walk(start: datetime, span: timedelta, *, step=MINUTE, doing=()) -> None:
    """A sweep each minute; `doing`: {moment: what then happens just before the sweep}."""
    acts = dict(doing)
    for number in range(span // step + 1):
        at = start + number * step
        if at in acts:
            acts[at](at)
        remind_obligations(at=at)


def sent(obligation: Obligation) -> list[tuple[str, datetime, str, list[str]]]:
    rows = Reminder.objects.filter(obligation=obligation, outcome="sent").order_by("sent_at", "pk")
    return [(row.rung, clock.local(row.sent_at), row.recipient, row.told) for row in rows]


def told(obligation: Obligation) -> Counter:
    """Messages by event and post."""
    rows = Notification.objects.filter(
        event_key__startswith=f"obligation:{obligation.pk}:"
    ).exclude(kind="obligation_assigned")
    return Counter(rows.values_list("event_key", "post__title"))


def climbed(offices, *steps: tuple[str, datetime, str]) -> list:
    return [(occasion, at, kind, [offices[kind]]) for occasion, at, kind in steps]


def test_72_hours_of_silence_climb_each_ladder_once(given_out, offices):
    rows = given_out(GIVEN + 30 * DAY)
    walk(GIVEN, 72 * HOUR)
    assert sent(rows["amat_segera"]) == climbed(
        offices,
        ("unacknowledged", wita(25, 21, 30), "piket"),
        ("unacknowledged", wita(25, 22, 30), "pimpinan"),
        ("unacknowledged", wita(25, 23, 30), "pemberi"),
    )
    assert sent(rows["segera"]) == climbed(
        offices,
        ("unacknowledged", wita(26, 0, 30), "piket"),
        ("unacknowledged", wita(26, 4, 30), "pimpinan"),
        ("unacknowledged", wita(26, 20, 30), "pemberi"),
    )
    # A day later it is evening, then the country votes: the liaison is told on the 28th at eight,
    # and the head has to wait for a day more, as after any other reminder of the liaison.
    assert sent(rows["biasa"]) == climbed(offices, ("unacknowledged", wita(28, 8), "penghubung"))
    walk(GIVEN + 72 * HOUR, 6 * DAY, step=10 * MINUTE)
    assert sent(rows["biasa"]) == climbed(
        offices,
        ("unacknowledged", wita(28, 8), "penghubung"),
        ("unacknowledged", wita(29, 8), "pimpinan"),
        ("unacknowledged", datetime(2024, 12, 2, 8, tzinfo=clock.WITA), "pemberi"),
    )
    for row in rows.values():
        assert set(told(row).values()) == {1}
        assert len(told(row)) == 3


def test_72_hours_around_a_due_time_climb_each_ladder_once(given_out, offices, liaison_kpu):
    due = wita(27, 0)
    rows = given_out(due)
    for row in rows.values():
        acknowledge_obligation(row, by=liaison_kpu, at=GIVEN)
    walk(GIVEN, 72 * HOUR)
    late = due + MINUTE
    assert sent(rows["amat_segera"]) == climbed(
        offices,
        ("due_tomorrow", due - 2 * HOUR, "piket"),
        ("overdue", late, "piket"),
        ("overdue", due + HOUR, "pimpinan"),
        ("overdue", due + 2 * HOUR, "pemberi"),
        ("overdue", due + 4 * HOUR, "pimpinan_pemberi"),
    )
    assert sent(rows["segera"]) == climbed(
        offices,
        ("due_tomorrow", due - DAY, "penghubung"),
        ("due_tomorrow", due - 4 * HOUR, "piket"),
        ("overdue", late, "piket"),
        ("overdue", due + 8 * HOUR, "pimpinan"),
        ("overdue", due + DAY, "pemberi"),
    )
    assert sent(rows["biasa"]) == climbed(
        offices,
        ("due_tomorrow", due - DAY, "penghubung"),
        ("overdue", late, "penghubung"),
        ("overdue", wita(28, 8), "pimpinan"),
    )


def test_72_hours_in_which_each_is_answered_half_an_hour_after_its_first_reminder(
    given_out, liaison_kpu
):
    rows = given_out(GIVEN + 30 * DAY)
    first = {"biasa": wita(28, 8), "segera": wita(26, 0, 30), "amat_segera": wita(25, 21, 30)}

    def answer(row):
        return lambda at: acknowledge_obligation(row, by=liaison_kpu, at=at)

    answers = {first[name] + 30 * MINUTE: answer(row) for name, row in rows.items()}
    walk(GIVEN, 72 * HOUR, doing=answers)
    for name, row in rows.items():
        assert [step[1] for step in sent(row)] == [first[name]]
        reminder = Notification.objects.get(
            kind="obligation_unacknowledged", event_key__startswith=f"obligation:{row.pk}:"
        )
        assert reminder.cancelled_at == first[name] + 30 * MINUTE


def test_submitting_stops_the_agencys_ladder_and_starts_the_issuers(
    given_out, offices, liaison_kpu
):
    due = wita(27, 0)
    row = given_out(due)["amat_segera"]
    submitted = due + 30 * MINUTE

    def submit(at):
        submit_obligation(row, by=liaison_kpu, at=at, note="Selesai.")

    acknowledge_obligation(row, by=liaison_kpu, at=GIVEN)
    walk(due - 3 * HOUR, 9 * HOUR, doing={submitted: submit})
    assert sent(row) == climbed(
        offices,
        ("due_tomorrow", due - 2 * HOUR, "piket"),
        ("overdue", due + MINUTE, "piket"),
        ("waiting", submitted + 2 * HOUR, "pemberi"),
        ("waiting", submitted + 4 * HOUR, "pimpinan_pemberi"),
    )


def progress(row, by, at):
    obligations.report_progress(row, by=by, at=at, percent=20, note="Separuh jalan.")


def obstacle(row, by, at):
    obligations.report_obstacle(row, by=by, at=at, obstacle="Jalan putus.")


def waiting(row, by, at):
    # The last waits for the first, the others for the last: no circle.
    rows = Obligation.objects.exclude(pk=row.pk).order_by("pk")
    other = rows.filter(pk__gt=row.pk).last()
    if other is None:
        report = obligations.report_obstacle(row, by=by, at=at, obstacle="Tidak ada.")
        assert report.answered_at == at
        return
    obligations.wait_for_obligation(row, other, by=by, at=at)


def acknowledged(row, by, at):
    acknowledge_obligation(row, by=by, at=at)


ANSWERED = [progress, obstacle, waiting, acknowledged]


@pytest.mark.parametrize("answer", ANSWERED)
def test_72_hours_after_a_due_time_no_rung_follows_an_answer(given_out, liaison_kpu, answer):
    due = wita(27, 0)
    rows = given_out(due)
    if answer is not acknowledged:
        for row in rows.values():
            acknowledge_obligation(row, by=liaison_kpu, at=GIVEN)
    answered = due + 30 * MINUTE

    def answer_all(at):
        for row in rows.values():
            answer(row, liaison_kpu, at)

    walk(due + 10 * MINUTE, 72 * HOUR, step=10 * MINUTE, doing={answered: answer_all})
    for row in rows.values():
        late = [step[:2] for step in sent(row) if step[0] == "overdue"]
        assert late == [("overdue", due + 10 * MINUTE)]
        urged = Notification.objects.get(
            kind="obligation_overdue", event_key__startswith=f"obligation:{row.pk}:"
        )
        assert urged.cancelled_at == answered


@pytest.mark.parametrize("answer", ANSWERED[:2])
def test_who_answers_between_the_due_time_and_the_first_sweep_is_not_urged(
    given_out, liaison_kpu, answer
):
    due = wita(27, 0)
    row = given_out(due)["amat_segera"]
    answer(row, liaison_kpu, due + MINUTE / 2)
    walk(due + MINUTE, 6 * HOUR, step=10 * MINUTE)
    assert [step for step in sent(row) if step[0] == "overdue"] == []


def test_an_answer_to_the_first_warning_stops_the_second_and_lateness_begins_anew(
    given_out, offices, liaison_kpu
):
    due = wita(27, 0)
    row = given_out(due)["segera"]
    acknowledge_obligation(row, by=liaison_kpu, at=GIVEN)
    answered = due - 20 * HOUR
    walk(
        due - 25 * HOUR,
        35 * HOUR,
        step=10 * MINUTE,
        doing={answered: lambda at: progress(row, liaison_kpu, at)},
    )
    assert sent(row) == climbed(
        offices,
        ("due_tomorrow", due - DAY, "penghubung"),
        ("overdue", due + 10 * MINUTE, "piket"),
        ("overdue", due + 8 * HOUR, "pimpinan"),
    )


def test_a_new_due_time_after_an_answer_begins_a_new_occasion(given_out, coordinator, liaison_kpu):
    due = wita(27, 0)
    row = given_out(due)["amat_segera"]
    new_due = due + 10 * HOUR
    walk(
        due - HOUR,
        15 * HOUR,
        step=10 * MINUTE,
        doing={
            due + 30 * MINUTE: lambda at: progress(row, liaison_kpu, at),
            due + 3 * HOUR: lambda at: obligations.set_due(
                row, by=coordinator, at=at, due_at=new_due, reason="Sampai pagi."
            ),
        },
    )
    assert [step[:2] for step in sent(row) if step[0] == "overdue"] == [
        ("overdue", due + 10 * MINUTE),
        ("overdue", new_due + 10 * MINUTE),
        ("overdue", new_due + HOUR),
        ("overdue", new_due + 2 * HOUR),
        ("overdue", new_due + 4 * HOUR),
    ]


def test_who_waits_for_another_is_not_urged_and_is_late_from_when_he_goes_on(
    given_out, coordinator, liaison_kpu
):
    due = wita(27, 0)
    rows = given_out(due)
    row, other = rows["amat_segera"], rows["biasa"]
    obligations.wait_for_obligation(row, other, by=liaison_kpu, at=GIVEN)
    freed = due + 8 * HOUR
    walk(
        due - 3 * HOUR,
        14 * HOUR,
        step=10 * MINUTE,
        doing={freed: lambda at: obligations.stop_waiting(row, by=liaison_kpu, at=at)},
    )
    assert [step[:2] for step in sent(row)] == [
        ("overdue", freed),
        ("overdue", freed + HOUR),
        ("overdue", freed + 2 * HOUR),
    ]


def test_a_new_due_time_is_counted_anew(given_out, liaison_kpu):
    due = wita(26, 12)
    row = given_out(due)["amat_segera"]
    acknowledge_obligation(row, by=liaison_kpu, at=GIVEN)
    walk(due - 3 * HOUR, 4 * HOUR)
    # What granting more time does to the row.
    Obligation.objects.filter(pk=row.pk).update(due_at=due + DAY)
    walk(due + HOUR + MINUTE, 19 * HOUR, step=5 * MINUTE)
    assert [step[:2] for step in sent(row)] == [
        ("due_tomorrow", due - 2 * HOUR),
        ("overdue", due + MINUTE),
        ("overdue", due + HOUR),
    ]
    walk(due + DAY - 3 * HOUR, 4 * HOUR)
    assert [step[:2] for step in sent(row)][3:] == [
        ("due_tomorrow", due + DAY - 2 * HOUR),
        ("overdue", due + DAY + MINUTE),
        ("overdue", due + DAY + HOUR),
    ]


def test_hours_without_a_sweep_give_one_message_and_pass_the_others_over(given_out, offices):
    row = given_out(GIVEN + 30 * DAY)["amat_segera"]
    at = GIVEN + 150 * MINUTE
    remind_obligations(at=at)
    assert sent(row) == climbed(offices, ("unacknowledged", at, "pimpinan"))
    passed = Reminder.objects.get(obligation=row, outcome="passed")
    assert (passed.after, passed.wanted, passed.told) == (60, "piket", [])
    walk(at, 3 * HOUR)
    assert [step[1:3] for step in sent(row)] == [
        (at, "pimpinan"),
        (GIVEN + 3 * HOUR, "pemberi"),
    ]


MOMENTS = st.integers(0, 72 * 60).map(lambda minutes: GIVEN + minutes * MINUTE)


@given(answered=MOMENTS, sweeps=st.lists(MOMENTS, min_size=1, max_size=25))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_rung_twice_and_none_after_the_answer(prepared, liaison_kpu, answered, sweeps):
    rows = prepared()
    events = [(at, False) for at in sweeps] + [(answered, True)]
    for at, is_answer in sorted(events):
        if is_answer:
            for row in rows.values():
                acknowledge_obligation(row, by=liaison_kpu, at=at)
        else:
            remind_obligations(at=at)
            remind_obligations(at=at)
    for row in rows.values():
        said = Reminder.objects.filter(obligation=row, rung="unacknowledged")
        assert all(reminder.sent_at <= answered for reminder in said)
        afters = [reminder.after for reminder in said.filter(outcome="sent").order_by("pk")]
        assert afters == sorted(set(afters))
        assert set(told(row).values()) <= {1}
        assert len(told(row)) == said.filter(outcome="sent").count()
        live = Notification.objects.filter(
            event_key__startswith=f"obligation:{row.pk}:",
            kind="obligation_unacknowledged",
            cancelled_at=None,
        )
        assert not live.exists()


@pytest.fixture
def prepared(given_out):
    """The obligations as just given out, for each example of a property."""
    rows = given_out(GIVEN + 30 * DAY)

    def anew() -> dict[str, Obligation]:
        keys = [row.pk for row in rows.values()]
        Reminder.objects.filter(obligation__in=keys).delete()
        for key in keys:
            Delivery.objects.filter(
                notification__event_key__startswith=f"obligation:{key}:"
            ).delete()
            Notification.objects.filter(event_key__startswith=f"obligation:{key}:").exclude(
                kind="obligation_assigned"
            ).delete()
        Obligation.objects.filter(pk__in=keys).update(
            state="open", acknowledged_at=None, acknowledged_by=None
        )
        return {row.directive.priority: row for row in Obligation.objects.filter(pk__in=keys)}

    return anew


def rungs_of(*steps: tuple[int, bool]) -> list[LadderRung]:
    rows = [
        LadderRung(priority="biasa", occasion="overdue", after=after, working_hours_only=working)
        for after, working in steps
    ]
    return arranged(rows, WorkCalendar()).of("biasa", "overdue")


DAYS = st.integers(0, 20).map(lambda days: (GIVEN + days * DAY).date())


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 6000), st.booleans()),
        min_size=1,
        max_size=4,
        unique_by=lambda step: step[0],
    ),
    off=st.frozensets(DAYS, max_size=6),
    on=st.frozensets(DAYS, max_size=3),
    start=st.integers(0, 10000),
    later=st.integers(0, 30000),
)
@settings(max_examples=300, deadline=None)
def test_what_the_database_looks_for_is_what_is_due(steps, off, on, start, later):
    week = WorkCalendar(off=off, on=on)
    rungs = rungs_of(*steps)
    counted_from = GIVEN + start * MINUTE
    at = counted_from + later * MINUTE
    due = [moment <= at for moment in moments(rungs, counted_from, week)]
    assert due == [counted_from <= until for until in reach(rungs, at, week)]


@pytest.mark.django_db
def test_the_walk_crosses_a_holiday():
    assert not calendar().is_working_day(wita(27, 12).date())
