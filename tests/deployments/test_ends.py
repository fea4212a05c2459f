"""A placement that ends soon without a relief: asked once per rung, until somebody follows."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from deployments import actions, tasks
from deployments.enums import EndRung
from deployments.models import EndReminder
from deployments.queries.duties import relief_of
from portal import clock
from portal.access.actor import SYSTEM
from portal.celery import TIMETABLE
from portal.notifications.models import Notification
from portal.registry.models import Agency, Region
from tests.factories import deployments as make

START = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
LAST_DAY = date(2024, 11, 23)
END = datetime(2024, 11, 24, tzinfo=clock.WITA)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
PAPER = {"sprin_number": "Sprin/1/XI/2024", "sprin_date": date(2024, 11, 17)}


@pytest.fixture(autouse=True)
def announced(db):
    at = datetime(2024, 8, 24, 8, tzinfo=clock.WITA)
    for slug in ("polda-kalsel", "korem-101"):
        actions.declare_strength(
            make.operation(), Agency.objects.get(slug=slug), total=9000, source="uji",
            as_of=at, by=SYSTEM, at=at,
        )  # fmt: skip


def values(unit="kodim-1006", starts=date(2024, 11, 18), ends=LAST_DAY, **given):
    return {
        "unit": make.unit(unit),
        "region": Region.objects.get(code="63.03"),
        "personnel": 10,
        "status": "engaged",
        "controller": None,
        "task": "Jaga gudang",
        "starts_on": starts,
        "ends_on": ends,
        "source": "uji",
        "as_of": START,
        "quality": "reported",
    } | given


def place(unit="kodim-1006", at=START, state=None, **given):
    return actions.place_deployment(
        make.operation(), values(unit, **given), by=SYSTEM, at=at, state=state
    )


def follower(unit="kodim-1007", starts=LAST_DAY, at=START, **given):
    more = {"starts": starts, "ends": date(2024, 12, 1), "status": "standby"} | given
    return place(unit, at=at, **more)


def told(actor):
    rows = Notification.objects.filter(kind="placement_ends", post=actor.post_id)
    return list(rows.order_by("at").values_list("at", flat=True))


def live():
    return Notification.objects.filter(kind="placement_ends", cancelled_at=None).count()


def test_hours_are_walked_and_each_rung_is_said_once(kodim_1006, liaison_korem, liaison_polda):
    place()
    asked = {}
    at = END - 72 * HOUR
    while at <= END + 2 * HOUR:
        if count := actions.remind_ends(at=at):
            asked[(END - at) // HOUR] = count
        at += HOUR
    assert asked == {48: 1, 24: 1}
    moments = [END - 48 * HOUR, END - 24 * HOUR]
    assert told(kodim_1006) == told(liaison_korem) == moments
    assert told(liaison_polda) == []


@pytest.mark.parametrize(
    ("before", "rungs"),
    [
        (48 * HOUR + SECOND, []),
        (48 * HOUR, [EndRung.TWO_DAYS]),
        (24 * HOUR + SECOND, [EndRung.TWO_DAYS]),
        (24 * HOUR, [EndRung.ONE_DAY]),
        (SECOND, [EndRung.ONE_DAY]),
        (0 * HOUR, []),
    ],
)
def test_first_sweep_says_only_the_nearest_rung(before, rungs):
    place()
    actions.remind_ends(at=END - before)
    actions.remind_ends(at=END - before)
    assert list(EndReminder.objects.values_list("rung", flat=True)) == rungs


def test_beat_that_fires_twice_asks_once(settings, kodim_1006):
    place()
    settings.DEMO_NOW, settings.DEMO_ANCHOR = END - 30 * HOUR, clock.true_now().timestamp()
    tasks.remind_ends()
    tasks.remind_ends()
    assert len(told(kodim_1006)) == 1
    assert "deployments.remind_ends" in {job.task for job in TIMETABLE}


def test_sweep_that_dies_before_its_end_leaves_nothing_and_the_next_asks(kodim_1006):
    place()
    with pytest.raises(KeyError), transaction.atomic():
        actions.remind_ends(at=END - 30 * HOUR)
        raise KeyError
    assert (told(kodim_1006), EndReminder.objects.count()) == ([], 0)
    assert actions.remind_ends(at=END - 29 * HOUR) == 1
    assert told(kodim_1006) == [END - 29 * HOUR]


def test_who_is_relieved_is_not_asked_about():
    row, relief = place(), follower()
    assert relief_of(row, [row, relief]) == relief
    assert actions.remind_ends(at=END - 30 * HOUR) == 0


@pytest.mark.parametrize(
    "given",
    [
        {"state": "requested"},
        {"starts": LAST_DAY + timedelta(days=2)},
        {"ends": LAST_DAY},
        {"task": "Tugas lain"},
        {"unit": "polres-banjar"},
        {"function": "Patroli"},
    ],
)
def test_what_is_no_relief_does_not_keep_from_asking(given):
    place()
    follower(**given)
    assert actions.remind_ends(at=END - 30 * HOUR) == 1


@pytest.mark.parametrize("given", [{"status": "standby"}, {"ends": date(2024, 12, 31)}])
def test_who_is_not_there_or_stays_to_the_end_is_not_asked_about(given):
    place(**given)
    for day in range(60):
        assert actions.remind_ends(at=END + timedelta(days=day - 4)) == 0


def test_ordering_a_relief_stops_the_reminder_and_the_next_rung(kodim_1006):
    place()
    wanted = follower(state="requested")
    actions.remind_ends(at=END - 40 * HOUR)
    assert live() == 1
    actions.move_deployment(wanted, "ordered", version=1, by=SYSTEM, at=END - 39 * HOUR, **PAPER)
    assert live() == 0
    assert actions.remind_ends(at=END - 20 * HOUR) == 0


def test_relief_called_off_is_asked_about_at_the_next_rung(kodim_1006):
    place()
    relief = follower(at=END - 60 * HOUR)
    assert actions.remind_ends(at=END - 40 * HOUR) == 0
    actions.move_deployment(
        relief, "cancelled", version=1, by=SYSTEM, at=END - 30 * HOUR, note="uji"
    )
    assert actions.remind_ends(at=END - 30 * HOUR) == 1


def test_lengthening_stops_and_the_new_end_is_asked_about(kodim_1006):
    row = place()
    actions.remind_ends(at=END - 40 * HOUR)
    later = values(ends=LAST_DAY + timedelta(days=5))
    common = {"by": SYSTEM, "reason": "Diperpanjang"}
    row = actions.change_deployment(row, later, version=1, at=END - 30 * HOUR, **common)
    assert live() == 0
    new_end = END + timedelta(days=5)
    assert actions.remind_ends(at=END - 20 * HOUR) == 0
    assert actions.remind_ends(at=new_end - 48 * HOUR) == 1
    contact = later | {"contact": "Posko"}
    actions.change_deployment(row, contact, version=2, at=new_end - 40 * HOUR, **common)
    assert live() == 1
    assert len(told(kodim_1006)) == 2


def test_going_home_stops(kodim_1006):
    row = place()
    actions.remind_ends(at=END - 40 * HOUR)
    actions.move_deployment(row, "relieved", version=1, by=SYSTEM, at=END - 30 * HOUR)
    assert live() == 0
    assert actions.remind_ends(at=END - 20 * HOUR) == 0


def test_in_charge_is_told_too_and_nobody_else(kodim_1006, liaison_kejati, liaison_kpu):
    place()
    other = place("kodim-1007", task="Jaga kantor")
    other.in_charge_id = liaison_kejati.post_id
    other.save(update_fields=["in_charge"])
    actions.remind_ends(at=END - 30 * HOUR)
    assert len(told(liaison_kejati)) == 1
    assert told(liaison_kpu) == []
    assert len(told(kodim_1006)) == 1


def test_database_keeps_one_reminder_per_rung_and_known_rungs_only():
    row = place()
    given = {"deployment": row, "ends_on": LAST_DAY, "sent_at": START}
    EndReminder.objects.create(rung=48, **given)
    for rung in (48, 7):
        with pytest.raises(IntegrityError), transaction.atomic():
            EndReminder.objects.create(rung=rung, **given)


def test_sweep_costs_the_same_when_all_were_asked():
    costs = []
    for number in (1, 3):
        for more in range(number):
            place(task=f"Tugas {number} {more}")
        actions.remind_ends(at=END - 30 * HOUR)
        with CaptureQueriesContext(connection) as found:
            actions.remind_ends(at=END - 29 * HOUR)
        costs.append(len(found))
    assert costs[0] == costs[1]
