from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from coordination.actions import obligations as actions
from coordination.actions.directives import cancel_directive
from coordination.actions.reminders import remind_obligations
from coordination.models import Extension, Obligation, Reminder, Wait
from portal.access.errors import Refused, Stale
from portal.notifications.models import Notification
from tests.factories.coordination import DUE, NOW, make_alone

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LATER = NOW + HOUR


@pytest.fixture
def pair(coordinator, liaison_kpu, liaison_bawaslu):
    """The shares of KPU and of Bawaslu in one directive."""
    directive = make_alone(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    return list(directive.obligations.order_by("agency__slug"))[::-1]


@pytest.fixture
def mine(pair):
    return pair[0]


def told(kind):
    return list(Notification.objects.filter(kind=kind).values_list("post_id", flat=True))


def ask(row, by, at=LATER, **values):
    wish = {"reason": "Jalan putus.", "wished_due_at": DUE + 5 * DAY}
    return actions.ask_extension(row, by=by, at=at, **(wish | values))


# ── Extensions ──────────────────────────────────────────────────────────────────────────────────


def test_asking_tells_the_issuer_and_stops_the_clock(mine, liaison_kpu, coordinator):
    row = ask(mine, liaison_kpu)
    assert (row.state, row.waiting_since, row.due_at) == ("acknowledged", LATER, DUE)
    assert told("obligation_extension_asked") == [coordinator.post_id]
    assert not row.is_overdue(DUE + DAY)
    assert Obligation.objects.overdue(DUE + DAY).filter(pk=row.pk).count() == 0
    remind_obligations(at=DUE + HOUR)
    said = set(Reminder.objects.values_list("obligation__agency__slug", "rung"))
    assert said >= {("bawaslu-kalsel", "overdue"), ("kpu-kalsel", "waiting")}
    assert ("kpu-kalsel", "overdue") not in said
    with pytest.raises(Refused):
        ask(row, liaison_kpu)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"wished_due_at": DUE}, "wished_due_at"),
        ({"wished_due_at": NOW}, "wished_due_at"),
    ],
)
def test_asking_is_refused_at_its_field(mine, liaison_kpu, values, field):
    with pytest.raises(Refused) as refusal:
        ask(mine, liaison_kpu, **values)
    assert refusal.value.field == field
    mine.refresh_from_db()
    assert (mine.state, Extension.objects.count()) == ("open", 0)


def test_granting_sets_the_time_and_reminders_count_anew(mine, liaison_kpu, coordinator):
    actions.acknowledge_obligation(mine, by=liaison_kpu, at=LATER)
    remind_obligations(at=DUE - DAY)
    ask(mine, liaison_kpu, at=DUE - HOUR)
    row = actions.grant_extension(mine, by=coordinator, at=DUE + HOUR, note="Sekali ini.")
    assert (row.due_at, row.waiting_since, row.own_due) == (DUE + 5 * DAY, None, True)
    stopped = Notification.objects.filter(kind="obligation_due_tomorrow", cancelled_at=DUE - HOUR)
    assert stopped.count() == 1
    before = len(told("obligation_due_tomorrow"))
    remind_obligations(at=DUE + 4 * DAY)
    assert len(told("obligation_due_tomorrow")) == before + 1
    extension = Extension.objects.get()
    assert (extension.state, extension.due_before, extension.due_after) == (
        "granted",
        DUE,
        DUE + 5 * DAY,
    )
    assert told("obligation_extension_granted") == [liaison_kpu.post_id]


def test_another_time_may_be_granted_but_none_before_the_old_one(mine, liaison_kpu, coordinator):
    ask(mine, liaison_kpu)
    with pytest.raises(Refused) as refusal:
        actions.grant_extension(mine, by=coordinator, at=LATER, due_at=DUE)
    assert refusal.value.field == "due_at"
    row = actions.grant_extension(mine, by=coordinator, at=LATER, due_at=DUE + DAY)
    assert row.due_at == DUE + DAY


def test_refusing_needs_a_reason_and_gives_back_the_time_it_took(mine, liaison_kpu, coordinator):
    ask(mine, liaison_kpu)
    with pytest.raises(Refused) as refusal:
        actions.refuse_extension(mine, by=coordinator, at=LATER, note=" ")
    assert refusal.value.field == "note"
    row = actions.refuse_extension(mine, by=coordinator, at=LATER + 7 * HOUR, note="Mendesak.")
    assert (row.due_at, row.waiting_since) == (DUE + 7 * HOUR, None)
    wait = Wait.objects.get()
    assert (wait.kind, wait.began_at, wait.ended_at) == ("issuer", LATER, LATER + 7 * HOUR)
    with pytest.raises(Refused):
        actions.refuse_extension(mine, by=coordinator, at=LATER, note="Lagi.")


def test_extensions_have_their_own_sides(mine, liaison_kpu, liaison_bawaslu, coordinator):
    for stranger in (liaison_bawaslu, coordinator):
        with pytest.raises(PermissionDenied):
            ask(mine, stranger)
    ask(mine, liaison_kpu)
    for doer in (liaison_kpu, liaison_bawaslu):
        with pytest.raises(PermissionDenied):
            actions.grant_extension(mine, by=doer, at=LATER)
    with pytest.raises(Stale):
        actions.grant_extension(mine, by=coordinator, at=LATER, version=1)


def test_submitting_withdraws_what_was_asked(mine, liaison_kpu, coordinator):
    ask(mine, liaison_kpu)
    row = actions.submit_obligation(mine, by=liaison_kpu, at=LATER + HOUR, note="Selesai.")
    assert (Extension.objects.get().state, row.waiting_since) == ("withdrawn", LATER)
    assert Wait.objects.count() == 1


def test_time_with_the_issuer_is_added_when_it_returns(mine, liaison_kpu, coordinator):
    actions.submit_obligation(mine, by=liaison_kpu, at=DUE - HOUR, note="Selesai.")
    row = actions.return_obligation(mine, by=coordinator, at=DUE + 3 * DAY, note="Lengkapi.")
    assert row.due_at - (DUE + 3 * DAY) == HOUR
    assert not row.is_overdue(DUE + 3 * DAY + HOUR)


# ── Waiting for another ─────────────────────────────────────────────────────────────────────────


def wait(row, other, by, at=LATER, **values):
    return actions.wait_for_obligation(row, other, by=by, at=at, **values)


def test_waiting_is_told_to_both_and_kept(pair, liaison_kpu, liaison_bawaslu, coordinator):
    mine, other = pair
    row = wait(mine, other, liaison_kpu, note="Perlu data TPS.")
    assert row.state == "blocked"
    assert row.obstacle == "Menunggu Bawaslu Kalsel: Amankan gudang. Perlu data TPS."
    assert told("obligation_blocked") == [coordinator.post_id]
    assert told("obligation_awaited") == [liaison_bawaslu.post_id]
    version = row.version
    assert wait(mine, other, liaison_kpu).version == version


def test_waiting_in_a_circle_is_refused(pair, liaison_kpu, liaison_bawaslu):
    mine, other = pair
    wait(mine, other, liaison_kpu)
    with pytest.raises(Refused) as refusal:
        wait(other, mine, liaison_bawaslu)
    assert (refusal.value.field, Wait.objects.count()) == ("blocker", 1)
    with pytest.raises(Refused):
        wait(other, other, liaison_bawaslu)


def test_a_circle_over_three_is_refused(coordinator, people):
    actors = [people[f"liaison.{name}"] for name in ("kpu", "bawaslu", "korem")]
    directive = make_alone(coordinator, "kpu-kalsel", "bawaslu-kalsel", "korem-101")
    rows = [directive.obligations.get(agency_id=actor.agency_id) for actor in actors]
    wait(rows[0], rows[1], actors[0])
    wait(rows[1], rows[2], actors[1])
    with pytest.raises(Refused):
        wait(rows[2], rows[0], actors[2])


def test_an_obligation_out_of_sight_cannot_be_waited_for(mine, liaison_kpu, coordinator, people):
    people["liaison.dprd"]
    hidden = make_alone(coordinator, "dprd-kalsel").obligations.get()
    with pytest.raises(Refused) as refusal:
        wait(mine, hidden, liaison_kpu)
    assert str(refusal.value.sentence) == "Tindak lanjut itu tidak dikenal."
    mine.refresh_from_db()
    assert mine.state == "open"


@pytest.mark.parametrize("ending", ["closed", "cancelled", "unfeasible"])
def test_who_waited_goes_on_when_the_other_ends(
    pair, liaison_kpu, liaison_bawaslu, coordinator, ending
):
    mine, other = pair
    wait(mine, other, liaison_kpu)
    common = {"by": coordinator, "at": LATER + 2 * HOUR}
    if ending == "closed":
        actions.submit_obligation(other, by=liaison_bawaslu, at=LATER + HOUR, note="Selesai.")
        actions.verify_and_close(other, **common)
    elif ending == "unfeasible":
        actions.declare_unfeasible(other, by=liaison_bawaslu, at=LATER + HOUR, reason="Tidak ada.")
        actions.accept_unfeasible(other, **common)
    else:
        cancel_directive(other.directive, reason="Berubah.", **common)
    mine.refresh_from_db()
    assert mine.state == ("cancelled" if ending == "cancelled" else "in_progress")
    held = Wait.objects.get(kind="obligation")
    assert (held.began_at, held.ended_at) == (LATER, LATER + 2 * HOUR)
    if ending != "cancelled":
        assert mine.obstacle == ""
        assert told("obligation_released") == [liaison_kpu.post_id]


def test_one_goes_on_only_when_nothing_holds_it_up(coordinator, people):
    kpu, bawaslu, korem = (people[f"liaison.{name}"] for name in ("kpu", "bawaslu", "korem"))
    directive = make_alone(coordinator, "kpu-kalsel", "bawaslu-kalsel", "korem-101")
    mine, second, third = (
        directive.obligations.get(agency_id=actor.agency_id) for actor in (kpu, bawaslu, korem)
    )
    wait(mine, second, kpu)
    wait(mine, third, kpu)
    for row, actor, state in ((second, bawaslu, "blocked"), (third, korem, "in_progress")):
        actions.submit_obligation(row, by=actor, at=LATER, note="Selesai.")
        actions.verify_and_close(row, by=coordinator, at=LATER)
        mine.refresh_from_db()
        assert mine.state == state


def test_the_doer_stops_waiting_by_itself(pair, liaison_kpu):
    mine, other = pair
    wait(mine, other, liaison_kpu)
    with pytest.raises(Refused) as refusal:
        actions.submit_obligation(mine, by=liaison_kpu, at=LATER, note="Selesai.")
    assert "Bawaslu Kalsel: Amankan gudang" in str(refusal.value.sentence)
    row = actions.stop_waiting(mine, by=liaison_kpu, at=LATER + HOUR)
    assert (row.state, row.obstacle) == ("in_progress", "")
    assert actions.stop_waiting(mine, by=liaison_kpu, at=LATER).version == row.version
    wait(mine, other, liaison_kpu, at=LATER + 2 * HOUR)
    actions.report_progress(mine, by=liaison_kpu, at=LATER + 3 * HOUR, percent=50, note="Jalan.")
    assert not Wait.objects.filter(ended_at=None).exists()


def test_an_obstacle_of_its_own_is_not_waiting(pair, liaison_kpu):
    mine, other = pair
    actions.report_obstacle(mine, by=liaison_kpu, at=LATER, obstacle="Banjir.")
    with pytest.raises(Refused):
        wait(mine, other, liaison_kpu)


def test_what_is_closed_needs_no_waiting(pair, liaison_kpu, liaison_bawaslu, coordinator):
    mine, other = pair
    actions.submit_obligation(other, by=liaison_bawaslu, at=LATER, note="Selesai.")
    actions.verify_and_close(other, by=coordinator, at=LATER)
    with pytest.raises(Refused) as refusal:
        wait(mine, other, liaison_kpu)
    assert refusal.value.field == "blocker"


# ── Not at all ──────────────────────────────────────────────────────────────────────────────────


def test_what_cannot_be_done_is_accepted_by_the_issuer(mine, liaison_kpu, coordinator):
    row = actions.declare_unfeasible(mine, by=liaison_kpu, at=LATER, reason="Gudang terbakar.")
    assert (row.state, row.waiting_since) == ("declared_unfeasible", LATER)
    assert told("obligation_declared_unfeasible") == [coordinator.post_id]
    again = actions.declare_unfeasible(mine, by=liaison_kpu, at=LATER, reason="Lagi.")
    assert again.version == row.version
    with pytest.raises(PermissionDenied):
        actions.accept_unfeasible(mine, by=liaison_kpu, at=LATER)
    done = actions.accept_unfeasible(mine, by=coordinator, at=LATER + HOUR)
    assert (done.state, done.closed_at, done.closed_by_id) == (
        "unfeasible",
        LATER + HOUR,
        coordinator.post_id,
    )
    assert told("obligation_unfeasible") == [liaison_kpu.post_id]
    assert actions.accept_unfeasible(mine, by=coordinator, at=LATER).version == done.version


def test_what_can_be_done_after_all_goes_back(mine, liaison_kpu, coordinator):
    with pytest.raises(Refused) as refusal:
        actions.declare_unfeasible(mine, by=liaison_kpu, at=LATER, reason=" ")
    assert refusal.value.field == "reason"
    actions.report_progress(mine, by=liaison_kpu, at=LATER, percent=40, note="Jalan.")
    actions.declare_unfeasible(mine, by=liaison_kpu, at=LATER, reason="Gudang terbakar.")
    back = actions.return_obligation(mine, by=coordinator, at=LATER, note="Pakai gudang lain.")
    assert (back.state, back.progress, back.waiting_since) == ("in_progress", 40, None)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"waiting_since": None}, "obligation_waits_for_the_issuer"),
        ({"state": "verified"}, "obligation_verified_by_somebody"),
        ({"state": "unfeasible", "waiting_since": None}, "obligation_given_up_by_the_issuer"),
    ],
)
def test_constraint_of_what_lies_with_the_issuer(mine, liaison_kpu, values, name):
    actions.submit_obligation(mine, by=liaison_kpu, at=LATER, note="Selesai.")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Obligation.objects.filter(pk=mine.pk).update(**values)


def test_constraint_of_waits_and_extensions(pair, liaison_kpu):
    mine, other = pair
    post = liaison_kpu.post_id
    wish = {
        "obligation": mine,
        "reason": "x",
        "due_before": DUE,
        "wished_due_at": DUE,
        "asked_by_id": post,
        "asked_at": NOW,
    }
    Wait.objects.create(obligation=mine, kind="issuer", began_at=NOW)
    Wait.objects.create(obligation=mine, kind="obligation", blocker=other, began_at=NOW)
    Extension.objects.create(**wish)
    decided = {"decided_at": NOW, "decided_by_id": post}
    cases = [
        ("wait_for_somebody", Wait(obligation=mine, kind="obligation", began_at=NOW)),
        (
            "wait_not_for_itself",
            Wait(obligation=mine, kind="obligation", blocker=mine, began_at=NOW),
        ),
        (
            "wait_ends_after_it_began",
            Wait(obligation=other, kind="issuer", began_at=NOW, ended_at=NOW - HOUR),
        ),
        ("wait_for_the_issuer_once", Wait(obligation=mine, kind="issuer", began_at=NOW)),
        (
            "wait_for_another_once",
            Wait(obligation=mine, kind="obligation", blocker=other, began_at=NOW),
        ),
        ("extension_one_open", Extension(**wish)),
        ("extension_state_known", Extension(**wish, state="x", **decided)),
        ("extension_decided_by_somebody", Extension(**wish, state="withdrawn")),
        ("extension_granted_until", Extension(**wish, state="granted", **decided)),
        ("extension_refused_for_a_reason", Extension(**wish, state="refused", **decided)),
    ]
    for name, row in cases:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            row.save()
