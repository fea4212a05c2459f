"""Random steps by random posts: only moves of the table happen, each with one entry in the history
and one in the audit; what is refused leaves nothing behind."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coordination.actions import obligations as actions
from coordination.enums import OBLIGATION_CLOSED, OBLIGATION_MOVES, OBLIGATION_WITH_ISSUER
from coordination.models import Obligation, ProgressReport, Wait
from portal.access.errors import Refused
from portal.audit.models import Entry
from tests.factories.coordination import DUE, NOW, make_alone

DOERS = ("liaison.kpu", "liaison.bawaslu")
ISSUERS = ("koordinator", "pimpinan")
POSTS = (*DOERS, *ISSUERS, "liaison.polda", "liaison.dprd", "posko.banjar")
DOING = {
    "acknowledge": lambda row, other, **who: actions.acknowledge_obligation(row, **who),
    "progress": lambda row, other, **who: actions.report_progress(
        row, percent=40, note="Jalan.", **who
    ),
    "obstacle": lambda row, other, **who: actions.report_obstacle(row, obstacle="Banjir.", **who),
    "submit": lambda row, other, **who: actions.submit_obligation(row, note="Selesai.", **who),
    "extend": lambda row, other, **who: actions.ask_extension(
        row, reason="Hujan.", wished_due_at=row.due_at + timedelta(days=2), **who
    ),
    "wait": lambda row, other, **who: actions.wait_for_obligation(row, other, **who),
    "stop": lambda row, other, **who: actions.stop_waiting(row, **who),
    "declare": lambda row, other, **who: actions.declare_unfeasible(row, reason="Rusak.", **who),
}
JUDGING = {
    "verify": lambda row, other, **who: actions.verify_obligation(row, **who),
    "close": lambda row, other, **who: actions.close_obligation(row, **who),
    "both": lambda row, other, **who: actions.verify_and_close(row, **who),
    "return": lambda row, other, **who: actions.return_obligation(row, note="Lagi.", **who),
    "grant": lambda row, other, **who: actions.grant_extension(row, **who),
    "refuse": lambda row, other, **who: actions.refuse_extension(row, note="Tidak.", **who),
    "accept": lambda row, other, **who: actions.accept_unfeasible(row, **who),
}
STEPS: dict[str, Callable[..., Any]] = DOING | JUDGING
TRIES = st.lists(
    st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from(POSTS), st.booleans()),
    min_size=1,
    max_size=14,
)


def snapshot() -> dict[int, tuple[str, int]]:
    return dict(
        (pk, (state, version))
        for pk, state, version in Obligation.objects.values_list("pk", "state", "version")
    )


def reachable(before: str) -> set[str]:
    """Over the moves that one step may take: an answer acknowledges first, and verifying may close
    in the same step."""
    first = set(OBLIGATION_MOVES[before])
    return first.union(*(OBLIGATION_MOVES[state] for state in first)) | {before}


def entries() -> int:
    return Entry.objects.filter(verb__startswith="obligation.").count()


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tries=TRIES)
@example(tries=[("declare", "liaison.kpu", True), ("progress", "liaison.kpu", True)])
def test_random_steps_make_only_moves_of_the_table(people, tries):
    actors = {login: people[login] for login in POSTS}
    with transaction.atomic():
        directive = make_alone(actors["koordinator"], "kpu-kalsel", "bawaslu-kalsel")
        rows = list(directive.obligations.order_by("agency__slug"))
        at = NOW
        for step, login, second in tries:
            at += timedelta(minutes=7)
            row, other = rows if not second else rows[::-1]
            _try(step, actors[login], row, other, at)
        transaction.set_rollback(True)


def _try(step, actor, row, other, at) -> None:
    before, told, written = snapshot(), entries(), ProgressReport.objects.count()
    allowed = True
    try:
        with transaction.atomic():
            STEPS[step](row, other, by=actor, at=at)
    except (Refused, PermissionDenied):
        allowed = False
    after = snapshot()
    new = ProgressReport.objects.count() - written
    assert entries() - told == new
    if not allowed:
        assert (after, new) == (before, 0)
        return
    for pk, (state, _version) in after.items():
        assert state in reachable(before[pk][0])
    touched = row.agency_id == actor.agency_id if step in DOING else step in JUDGING
    assert touched or after == before
    if step in DOING:
        assert row.agency_id == actor.agency_id
    else:
        assert actor.agency_slug == "polda-kalsel"
    _sound()


def _sound() -> None:
    """What holds at any moment of any obligation."""
    for row in Obligation.objects.all():
        assert (row.waiting_since is not None) >= (row.state in OBLIGATION_WITH_ISSUER)
        assert (row.closed_at is not None) == (row.state in OBLIGATION_CLOSED)
        open_waits = Wait.objects.filter(obligation=row, ended_at=None)
        lies = open_waits.filter(kind="issuer").exists()
        assert lies == (row.waiting_since is not None)
        if open_waits.filter(kind="obligation").exists():
            assert row.state == "blocked"
        asked = row.extensions.filter(state="asked").exists()
        assert lies == (asked or row.state in OBLIGATION_WITH_ISSUER)
        assert row.due_at >= DUE


@pytest.mark.parametrize("state", sorted(OBLIGATION_MOVES))
def test_every_state_is_in_the_table_and_moves_to_known_ones(state):
    assert OBLIGATION_MOVES[state] <= set(OBLIGATION_MOVES)
    assert (OBLIGATION_MOVES[state] == frozenset()) == (state in OBLIGATION_CLOSED)
