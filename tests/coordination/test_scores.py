"""Scores per agency: what counts, what is waited for, and who sees whose."""

from datetime import timedelta

import pytest
import time_machine

from coordination.actions import directives, obligations
from coordination.models import LadderRung, Obligation
from coordination.queries.scores import FOR_ISSUER, FOR_OTHERS, Score, finished_at, scores, waiting
from tests.coordination.pages import texts, url
from tests.factories.coordination import PUBLISHED, make_obligation, make_published

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DUE = PUBLISHED + 6 * DAY


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(DUE + DAY, tick=False):
        yield


@pytest.fixture
def obligation(coordinator, liaison_kpu):
    row = make_obligation(coordinator, "kpu-kalsel")
    assert row.due_at == DUE
    return row


def score(actor, at=DUE + DAY) -> Score:
    (only,) = scores(actor, at)
    return only


def entries(*pairs):
    return [(kind, PUBLISHED + hours * HOUR) for kind, hours in pairs]


@pytest.mark.parametrize(
    ("history", "until", "hours"),
    [
        ([], 9, 0),
        ([("blocked", 1), ("progress", 4)], 9, 3),
        ([("blocked", 1), ("blocked", 2), ("progress", 4)], 9, 3),
        ([("blocked", 1)], 9, 8),
        ([("submitted", 2), ("returned", 5)], 9, 3),
        ([("blocked", 1), ("submitted", 2), ("returned", 5)], 9, 4),
        # The spans overlap, and each hour counts once.
        ([("extension_asked", 1), ("blocked", 2), ("extension_granted", 3), ("progress", 4)], 9, 3),
        ([("extension_asked", 1), ("progress", 2), ("extension_refused", 3)], 9, 2),
        ([("waiting", 1), ("released", 3)], 9, 2),
        ([("declared", 1), ("returned", 3)], 9, 2),
        ([("blocked", 7), ("progress", 12)], 9, 2),
        ([("blocked", 10)], 9, 0),
        ([("acknowledged", 1), ("progress", 2)], 9, 0),
    ],
)
def test_time_spent_waiting(history, until, hours):
    assert (
        waiting(entries(*history), FOR_OTHERS + FOR_ISSUER, until=PUBLISHED + until * HOUR)
        == hours * HOUR
    )


@pytest.mark.parametrize(
    ("history", "hour"),
    [
        ([], None),
        ([("submitted", 1)], 1),
        ([("submitted", 1), ("returned", 2)], None),
        ([("submitted", 1), ("returned", 2), ("submitted", 3), ("verified", 4)], 3),
    ],
)
def test_what_was_returned_was_not_carried_out(history, hour):
    assert finished_at(entries(*history)) == (None if hour is None else PUBLISHED + hour * HOUR)


def test_what_still_runs_counts_nowhere(obligation, coordinator):
    fresh = score(coordinator, PUBLISHED + HOUR)

    assert (fresh.obligations, fresh.acknowledge_counted, fresh.carry_out_counted) == (1, 0, 0)
    assert fresh.acknowledged_percent is None
    assert fresh.carried_out_percent is None
    assert fresh.hours_to_acknowledge is None


@pytest.mark.parametrize(
    ("priority", "hours", "in_time"),
    [
        ("biasa", 24, 1),
        ("biasa", 25, 0),
        ("segera", 4, 1),
        ("segera", 5, 0),
        ("amat_segera", 1, 1),
        ("amat_segera", 2, 0),
    ],
)
def test_acknowledging_in_time_depends_on_the_priority(
    coordinator, liaison_kpu, priority, hours, in_time
):
    row = make_obligation(coordinator, "kpu-kalsel", directive={"priority": priority})
    obligations.acknowledge_obligation(row, by=liaison_kpu, at=PUBLISHED + hours * HOUR)

    found = score(coordinator)

    assert (found.acknowledged_in_time, found.acknowledge_counted) == (in_time, 1)
    assert found.hours_to_acknowledge == hours


def test_silence_past_the_limit_counts_as_not_in_time(obligation, coordinator):
    silent = score(coordinator)

    assert (silent.acknowledged_percent, silent.carried_out_percent) == (0, 0)
    assert silent.hours_late == 24


def test_waiting_for_others_moves_the_due_time_on(obligation, coordinator, liaison_kpu):
    obligations.report_obstacle(obligation, by=liaison_kpu, at=PUBLISHED + DAY, obstacle="Banjir.")
    obligations.report_progress(
        obligation, by=liaison_kpu, at=PUBLISHED + 3 * DAY, percent=50, note="Surut."
    )
    obligations.submit_obligation(obligation, by=liaison_kpu, at=DUE + 2 * DAY, note="Tuntas.")

    found = score(coordinator, DUE + 3 * DAY)

    assert (found.carried_out_in_time, found.carry_out_counted) == (1, 1)
    assert (found.waited_hours, found.hours_late) == (48, None)


def test_waiting_for_the_issuer_is_not_the_agencys_time(obligation, coordinator, liaison_kpu):
    obligations.submit_obligation(obligation, by=liaison_kpu, at=DUE - DAY, note="Tuntas.")
    obligations.return_obligation(obligation, by=coordinator, at=DUE + 2 * DAY, note="Lengkapi.")
    obligations.submit_obligation(obligation, by=liaison_kpu, at=DUE + 4 * DAY, note="Lengkap.")

    found = score(coordinator, DUE + 9 * DAY)

    # Three of the four days past the due time the issuer had it.
    assert (found.carried_out_in_time, found.hours_late, found.late) == (0, 24, 1)


def test_cancelled_obligations_count_nowhere(obligation, coordinator):
    directives.cancel_directive(obligation.directive, by=coordinator, at=PUBLISHED, reason="Ganti.")

    assert scores(coordinator, DUE) == []


def test_an_agency_sees_its_own_score_only(
    people, coordinator, liaison_kpu, liaison_polda, liaison_dprd, commander, auditor, posko_banjar
):
    make_published(coordinator, "kpu-kalsel", "bawaslu-kalsel")

    def seen(actor):
        return [row.slug for row in scores(actor, DUE)]

    for actor in (coordinator, commander, auditor):
        assert seen(actor) == ["kpu-kalsel", "bawaslu-kalsel"]
    assert seen(liaison_kpu) == ["kpu-kalsel"]
    # The issuer's liaison sees the obligations, and no score of another agency.
    assert Obligation.objects.visible_to(liaison_polda).count() == 2
    assert seen(liaison_polda) == []
    assert seen(liaison_dprd) == []
    assert seen(posko_banjar) == []


@pytest.mark.parametrize("count", [1, 3])
def test_scores_take_three_queries(coordinator, liaison_kpu, django_assert_num_queries, count):
    for _number in range(count):
        make_obligation(coordinator, "kpu-kalsel")
    with django_assert_num_queries(3):
        assert score(coordinator).obligations == count


def test_the_page_orders_by_any_column_and_links_to_the_rows(
    client, sign_in, coordinator, liaison_kpu, liaison_bawaslu
):
    make_published(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    row = Obligation.objects.get(agency__slug="bawaslu-kalsel")
    obligations.acknowledge_obligation(row, by=liaison_bawaslu, at=PUBLISHED)
    sign_in(client, coordinator)

    def order(query):
        page = client.get(f"{url('score_table')}{query}")
        return [score.slug for score in page.context["rows"]]

    assert order("") == order("?urut=zzz") == ["kpu-kalsel", "bawaslu-kalsel"]
    assert order("?urut=-diterima") == ["bawaslu-kalsel", "kpu-kalsel"]
    assert order("?urut=diterima") == ["kpu-kalsel", "bawaslu-kalsel"]
    # What has no figure stands below both ways.
    assert order("?urut=lama") == order("?urut=-lama") == ["bawaslu-kalsel", "kpu-kalsel"]
    page = texts(client.get(url("score_table")))
    assert f'href="{url("obligation_list")}?agency=kpu-kalsel"' in page


def test_who_has_no_business_with_obligations_is_kept_out(client, sign_in, admin):
    sign_in(client, admin)
    assert client.get(url("score_table")).status_code == 403


def test_limit_to_acknowledge_is_the_ladders_first_rung(obligation, coordinator, liaison_kpu):
    """Changing the ladder changes what is in time; without a ladder nobody is too late."""
    rungs = LadderRung.objects.filter(
        priority=obligation.directive.priority, occasion="unacknowledged"
    )
    first = rungs.active().order_by("after").first()
    inside = obligation.created_at + first.span
    obligations.acknowledge_obligation(obligation, by=liaison_kpu, at=inside)
    assert score(coordinator).acknowledged_in_time == 1
    LadderRung.objects.filter(pk=first.pk).update(after=first.after - 1)
    assert (score(coordinator).acknowledged_in_time, score(coordinator).acknowledge_counted) == (
        0,
        1,
    )
    rungs.update(is_active=False)
    assert score(coordinator).acknowledged_in_time == 1
