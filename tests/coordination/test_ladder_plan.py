"""The card of an obligation: what it announces is what the sweep then does."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.actions.obligations import acknowledge_obligation, submit_obligation
from coordination.actions.reminders import remind_obligations
from coordination.models import Obligation, Reminder
from coordination.queries.ladder import plan, span_text
from coordination.queries.rungs import courses, due_now, ladders
from coordination.queries.sweep import due_obligations
from portal.access.actor import SYSTEM
from portal.accounts import actions as accounts
from portal.accounts.models import Post, Tenure
from tests.coordination.pages import url
from tests.coordination.test_ladder_clock import (
    DAY,
    GIVEN,
    HOUR,
    MINUTE,
    given_out,
    offices,
)
from tests.factories.accounts import appoint
from tests.factories.coordination import make_obligation

__all__ = ["given_out", "offices"]

EARLY = GIVEN - 200 * DAY


@pytest.mark.parametrize("priority", ["biasa", "segera", "amat_segera"])
@pytest.mark.parametrize("days", [1, 3])
def test_the_plan_is_what_the_sweeps_then_do(given_out, priority, days):
    row = given_out(GIVEN + days * DAY)[priority]
    start = GIVEN + 90 * MINUTE
    planned = plan(row, start)
    assert planned
    # Each hour, and minute by minute around what was announced.
    hours = (planned[-1].at - start) // HOUR + 2
    sweeps = {start + number * HOUR for number in range(hours)}
    for announced in planned:
        minute = start + (announced.at - start) // MINUTE * MINUTE
        sweeps |= {minute + number * MINUTE for number in range(-2, 3)}
    for at in sorted(sweeps):
        if at >= start:
            remind_obligations(at=at)
    done = Reminder.objects.filter(obligation=row, outcome="sent").order_by("sent_at", "pk")
    assert [(r.rung, r.after, r.wanted, r.recipient, tuple(r.told)) for r in done] == [
        (p.occasion, p.after, p.wanted, p.recipient, p.told) for p in planned
    ]
    for reminder, announced in zip(done, planned, strict=True):
        assert timedelta(0) <= reminder.sent_at - announced.at <= MINUTE


MOMENTS = st.integers(60, 8 * 24 * 60).map(lambda minutes: GIVEN + minutes * MINUTE)


@given(sweeps=st.lists(MOMENTS, min_size=1, max_size=8))
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_database_finds_just_those_of_which_something_is_due(ready, sweeps):
    rows = ready()
    for at in sorted(sweeps):
        found = due_obligations(ladders(), at)
        known = courses(rows)
        assert found == [row.pk for row in rows if due_now(known[row.pk], ladders(), at)]
        remind_obligations(at=at)
        assert due_obligations(ladders(), at) == []


@pytest.fixture
def ready(given_out, liaison_kpu):
    """Three obligations that are due in three days, one of them submitted."""
    rows = given_out(GIVEN + 3 * DAY)
    submit_obligation(rows["segera"], by=liaison_kpu, at=GIVEN + HOUR, note="Selesai.")
    keys = [row.pk for row in rows.values()]

    def anew() -> list[Obligation]:
        Reminder.objects.filter(obligation__in=keys).delete()
        found = Obligation.objects.filter(pk__in=keys)
        return list(found.select_related("directive").order_by("pk"))

    return anew


def test_nothing_is_planned_once_the_issuer_decided_or_it_was_answered(given_out, liaison_kpu):
    row = given_out(GIVEN + 30 * DAY)["segera"]
    acknowledge_obligation(row, by=liaison_kpu, at=GIVEN + HOUR)
    row.refresh_from_db()
    assert {step.occasion for step in plan(row, GIVEN + HOUR)} == {"due_tomorrow", "overdue"}
    submit_obligation(row, by=liaison_kpu, at=GIVEN + HOUR, note="Selesai.")
    row.refresh_from_db()
    assert [(step.occasion, step.at) for step in plan(row, GIVEN + HOUR)] == [
        ("waiting", GIVEN + 9 * HOUR),
        ("waiting", GIVEN + 25 * HOUR),
    ]


def test_recipients_are_those_who_hold_the_post_at_that_moment(given_out, offices):
    row = given_out(GIVEN + 30 * DAY)["amat_segera"]
    post = Post.objects.get(slug="piket-kpu")
    tenure = Tenure.objects.get(post=post)
    accounts.end_tenure(tenure, by=SYSTEM, at=GIVEN + 10 * MINUTE)
    deputy = accounts.create_user(email="plh@demo.test", name="Plh", by=SYSTEM, at=GIVEN)
    appoint(deputy, post, kind="plh", starts_at=GIVEN, ends_at=GIVEN + 30 * MINUTE)
    assert plan(row, GIVEN + 20 * MINUTE)[0].told == ("Plh. Piket KPU",)
    first = plan(row, GIVEN + 40 * MINUTE)[0]
    assert (first.wanted, first.recipient, first.instead) == ("piket", "penghubung", True)
    remind_obligations(at=GIVEN + HOUR)
    reminder = Reminder.objects.get(obligation=row)
    assert (reminder.wanted, reminder.recipient, reminder.told) == (
        "piket",
        "penghubung",
        ["Penghubung KPU Provinsi Kalsel"],
    )


def test_a_duty_officer_of_a_lower_unit_is_not_the_agencys(
    coordinator, posko_banjar, liaison_polda
):
    row = make_obligation(coordinator, "polda-kalsel", directive={"priority": "amat_segera"})
    first = plan(row, row.created_at)[0]
    assert (first.wanted, first.told) == ("piket", ("Penghubung Polda Kalsel",))


def test_with_nobody_in_office_the_administrators_are_told(given_out, admin):
    row = given_out(GIVEN + 30 * DAY)["segera"]
    Tenure.objects.exclude(post_id=admin.post_id).update(ends_at=GIVEN)
    first = plan(row, GIVEN + MINUTE)[0]
    assert (first.recipient, first.told) == ("tidak_ada", ("Kabid TIK Polda Kalsel",))
    remind_obligations(at=GIVEN + 4 * HOUR)
    assert Reminder.objects.get(obligation=row).told == ["Kabid TIK Polda Kalsel"]


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(30, "30 menit"), (60, "1 jam"), (-240, "4 jam"), (1440, "1 hari"), (1500, "25 jam")],
)
def test_a_span_is_said_in_its_largest_whole_unit(minutes, text):
    assert span_text(minutes) == text


def test_the_page_and_the_api_say_what_comes_to_whom(
    client, sign_in, given_out, coordinator, liaison_kpu, liaison_dprd, settings
):
    row = given_out(GIVEN + 30 * DAY)["amat_segera"]
    remind_obligations(at=GIVEN + HOUR)
    sign_in(client, liaison_kpu)
    page = client.get(url("obligation_detail", row.pk)).content.decode()
    assert "Pengingat yang sudah dikirim" in page
    assert "Belum ditindaklanjuti · 1 jam sejak arahan terbit" in page
    answer = client.get(f"/api/v1/obligations/{row.pk}/reminders/").json()
    assert [(s["occasion"], s["after"], s["told"]) for s in answer["said"]] == [
        ("unacknowledged", 60, ["Piket KPU"])
    ]
    assert answer["coming"][0]["wanted"] in {"pemberi", "pimpinan_pemberi"}
    sign_in(client, liaison_dprd)
    assert client.get(f"/api/v1/obligations/{row.pk}/reminders/").status_code == 404
