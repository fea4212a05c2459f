"""The roll-up: sums that add up, incremental equal to rebuilt, safe when many write at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployments import actions
from deployments.actions import folding
from deployments.enums import Tally
from deployments.maps.words import say_readiness
from deployments.models import (
    DirtyKey,
    GroupRollup,
    ReadinessReport,
    Rollup,
    RollupVersion,
    UnitGroupRollup,
    UnitRollup,
    UnitRollupVersion,
)
from deployments.queries import region_recap, rollup_rows, strength_table
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.access.errors import Refused
from portal.registry.models import Operation, Region
from tests.factories import deployments as make

CODES = ["63.03.02", "63.03.03", "63.03.04"]
UNITS = ["polres-banjar", "polres-banjarbaru", "polres-tapin"]
TALLIES = [f"tally_{tally}" for tally in Tally]
FIGURES = ("expected", "received", "late", "missing", "total", "present", "engaged", "conflicts")


def kept() -> list:
    """Every row of the roll-up, to the byte but for its key."""
    found = []
    for model in (Rollup, UnitRollup, GroupRollup, UnitGroupRollup):
        names = [field.attname for field in model._meta.concrete_fields if field.name != "id"]
        found += sorted(model.objects.values_list(*names), key=repr)
    return found


def at(code: str) -> dict:
    return Rollup.objects.values(*FIGURES).get(region=code, cut_off_at=make.CUT_OFF)


def told_apart(model=Rollup, **place) -> dict:
    """The states that have a report, of the province unless another place is given."""
    row = model.objects.get(cut_off_at=make.CUT_OFF, **(place or {"region": "63"}))
    return {name: number for name, number in row.states.items() if number}


def send(slug: str, lines=(), minutes: int = -10, **values):
    moment = make.CUT_OFF + timedelta(minutes=minutes)
    standing = make.expected(slug).report
    return actions.submit_report(
        make.unit(slug),
        make.CUT_OFF,
        make.figures(**values),
        lines=lines,
        replaces=standing.number if standing else 0,
        by=SYSTEM,
        at=moment,
    )


def test_submission_reaches_district_regency_and_province(db):
    make.expect()
    send("polres-banjar", [make.line("63.03.03")])
    actions.fold()
    assert at("63.03.03")["total"] == 10
    assert at("63.03") == dict(
        expected=1, received=1, late=0, missing=0, total=100, present=90, engaged=60, conflicts=0
    )
    assert at("63")["total"] == 100
    assert at("63")["expected"] == 12
    assert DirtyKey.objects.count() == 0


def test_correction_replaces_and_does_not_add(db):
    make.expect()
    send("polres-banjar", [make.line("63.03.03")])
    send("polres-banjar", [make.line("63.03.04")], present=80, on_leave=20, engaged=50)
    actions.fold()
    assert at("63")["present"] == 80
    assert not Rollup.objects.filter(region="63.03.03").exists()
    assert at("63.03.04")["total"] == 10


def test_polres_over_two_regencies_counts_each_person_once(db):
    make.expect()
    send("polres-banjarbaru", [make.line("63.03.01"), make.line("63.72.02")])
    actions.fold()
    assert (at("63.03")["total"], at("63.72")["total"], at("63")["total"]) == (10, 90, 100)


def test_foreign_district_is_a_conflict_and_counts_for_its_own_unit(db):
    make.expect()
    send("polres-banjarbaru", [make.line("63.03.01")])
    send("polres-banjar", [make.line("63.03.01", total=20)])
    actions.fold()
    assert at("63.03.01")["total"] == 10
    assert at("63")["conflicts"] == 1
    assert at("63")["total"] == 200


def test_same_number_from_two_units_is_no_conflict(db):
    make.expect()
    send("polres-banjarbaru", [make.line("63.03.01")])
    send("polres-banjar", [make.line("63.03.01")])
    actions.fold()
    assert at("63")["conflicts"] == 0


def test_returned_report_leaves_all_totals(db):
    make.expect()
    report = send("polres-banjar", [make.line("63.03.03")])
    actions.fold()
    actions.return_report(report, note="?", version=1, by=SYSTEM, at=make.CUT_OFF)
    actions.fold()
    assert at("63") | {"expected": 12} == dict(
        expected=12, received=0, late=0, missing=1, total=0, present=0, engaged=0, conflicts=0
    )


def test_each_state_of_a_report_is_counted_apart(db):
    make.expect()
    late = make.CUT_OFF + timedelta(minutes=5)
    send("polres-banjar", [make.line("63.03.01", total=20)])
    send("polres-banjarbaru", [make.line("63.03.01")])
    send("polres-tapin")
    send("polres-kotabaru", vehicles_percent=None, comms_percent=None)
    actions.advance(at=late)
    send("polres-tabalong", minutes=10)
    returned = send("polres-balangan", minutes=10)
    actions.return_report(returned, note="?", version=1, by=SYSTEM, at=make.CUT_OFF)
    actions.fold()
    assert told_apart() == {"conflict": 2, "complete": 1, "partial": 1, "late": 1, "missing": 7}
    assert told_apart(UnitRollup, unit__slug="polda-kalsel") == told_apart()
    assert sum(told_apart().values()) == at("63")["expected"] == 12


def test_what_is_not_due_yet_is_not_missing(db):
    make.expect()
    actions.fold()
    assert told_apart() == {"waiting": 12}


def test_quarantined_report_is_counted_apart_from_the_missing(db):
    make.expect()
    send("polres-banjar")
    make.expect(at=make.CUT_OFF + timedelta(hours=20))
    next_day = make.CUT_OFF + timedelta(days=1)
    actions.submit_report(
        make.unit("polres-banjar"),
        next_day,
        make.figures(total=900, present=890),
        confirm="Uji",
        by=SYSTEM,
        at=next_day,
    )
    actions.fold()
    row = Rollup.objects.get(cut_off_at=next_day, region="63.03")
    assert (row.received, row.states["quarantined"], row.expected) == (0, 1, 1)


def test_place_whose_reports_are_all_held_is_neither_silent_nor_judged(db):
    make.expect()
    send("polres-banjar")
    next_day = make.CUT_OFF + timedelta(days=1)
    make.expect(at=next_day)
    odd = {"confirm": "Uji", "by": SYSTEM, "at": next_day}
    figures = make.figures(total=900, present=890)
    actions.submit_report(make.unit("polres-banjar"), next_day, figures, **odd)
    actions.fold()
    operation = Operation.objects.get()
    later = next_day + timedelta(minutes=5)
    banjar, tapin = (
        next(row for row in strength_table(operation, later).rows if row.region == code)
        for code in ("63.03", "63.05")
    )
    assert (banjar.light, banjar.silent, say_readiness(banjar)) == (
        "held", 0, "Tidak dihitung, 0 dari 1 laporan masuk, 1 dikarantina",
    )  # fmt: skip
    assert (tapin.light, tapin.silent) == ("silent", 1)
    parts = strength_table(operation, later, level="district", within="63.03").rows
    assert {row.light for row in parts if row.light and not row.undistributed} == {"held"}
    recap = region_recap(operation, later, within=Region.objects.get(code="63"), agency=None)
    assert {row.key: row.light for row in recap.rows}["63.03"] == "held"


@pytest.mark.parametrize("model", [Rollup, RollupVersion, UnitRollup, UnitRollupVersion])
def test_states_that_do_not_add_up_are_refused_by_the_database(db, model):
    make.expect()
    actions.fold()
    row = model.objects.order_by("pk").first()
    row.pk, row.tally_missing = None, row.tally_missing + 1
    if hasattr(row, "until"):
        row.until = row.since
    with pytest.raises(IntegrityError, match="tallies_add_up"), transaction.atomic():
        row.save(force_insert=True)


def test_fold_without_dirty_keys_changes_nothing(db):
    assert actions.fold() == 0


def test_many_dirty_keys_are_folded_by_a_rebuild(db, monkeypatch):
    make.expect()
    send("polres-banjar")
    monkeypatch.setattr(folding, "REBUILD_ABOVE", 0)
    actions.fold()
    assert at("63")["total"] == 100


STEPS = st.lists(
    st.tuples(
        st.sampled_from(UNITS),
        st.sampled_from(["send", "send", "return", "verify", "fold"]),
        st.integers(0, 40),
        st.lists(st.sampled_from([*CODES, "63.03.01"]), unique=True, max_size=3),
    ),
    max_size=14,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_incremental_equals_rebuild_whatever_happens(transactional_free, steps):
    with transactional_free():
        make.expect()
        for slug, what, number, codes in steps:
            act(slug, what, number, codes)
        actions.fold()
        incremental = kept()
        actions.rebuild(make.operation(), at=make.CUT_OFF)
        assert kept() == incremental


def act(slug: str, what: str, number: int, codes: list[str]) -> None:
    report = make.expected(slug).report
    try:
        if what == "send":
            allowed = codes if slug != "polres-tapin" else []
            send(
                slug,
                [make.line(code, total=10 + number // 10) for code in allowed],
                minutes=number - 20,
                present=90 - number,
                on_leave=10 + number,
                engaged=40,
                standby=2,
                reserve=1,
            )
        elif what == "fold":
            actions.fold()
        elif report is not None and what == "return":
            actions.return_report(
                report, note="?", version=report.version, by=SYSTEM, at=make.CUT_OFF
            )
        elif report is not None:
            actions.verify_report(report, version=report.version, by=SYSTEM, at=make.CUT_OFF)
    except Refused:
        # A returned report cannot be verified, three lines of eight can exceed the whole: fine.
        pass


@pytest.fixture
def transactional_free(db):
    """A transaction per example, rolled back: hypothesis runs many inside one test."""
    from contextlib import contextmanager  # noqa: PLC0415 (only here)

    from django.db import transaction  # noqa: PLC0415 (only here)

    @contextmanager
    def run():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return run


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_sending_twice_end_with_the_right_sums():
    with actor_context(SYSTEM):
        make.expect()
    slugs = [f"polres-{name}" for name in ("banjar", "tapin", "kotabaru", "tabalong", "balangan")]

    def deliver(number: int) -> None:
        try:
            with actor_context(SYSTEM):
                actions.submit_report(
                    make.unit(slugs[number % 5]),
                    make.CUT_OFF,
                    make.figures(),
                    by=SYSTEM,
                    at=make.CUT_OFF,
                )
            actions.fold()
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(deliver, range(20)))
    actions.fold()
    assert ReadinessReport.objects.count() == 5
    assert at("63")["total"] == 500
    before = kept()
    actions.rebuild(make.operation(), at=make.CUT_OFF)
    assert kept() == before


@pytest.mark.django_db(transaction=True)
def test_fold_that_dies_leaves_its_keys():
    with actor_context(SYSTEM):
        make.expect()
        send("polres-banjar")
    waiting = DirtyKey.objects.count()
    assert waiting
    with pytest.raises(RuntimeError), actor_context(SYSTEM):
        actions.fold()
        raise RuntimeError("the worker is killed")
    assert DirtyKey.objects.count() == waiting
    actions.fold()
    assert at("63")["total"] == 100


def test_regencies_without_anybody_have_rows(db):
    make.expect()
    actions.fold()
    rows = rollup_rows(make.operation(), level="regency", at=make.CUT_OFF)
    assert len(rows) == 14
    assert {row.region for row in rows if row.light == "silent"} != set()
    assert strength_table(make.operation(), make.CUT_OFF).totals.expected == 12


def test_a_rebuild_has_no_time_limit_and_leaves_the_pages_theirs(db):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        (usual,) = cursor.fetchone()
        with CaptureQueriesContext(connection) as seen:
            actions.rebuild(Operation.objects.first(), at=clock.now())
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == (usual,)
    assert usual != "0"
    wanted = [query["sql"] for query in seen if "statement_timeout" in query["sql"]]
    assert wanted == ["SET LOCAL statement_timeout = 0", "SET LOCAL statement_timeout TO DEFAULT"]
