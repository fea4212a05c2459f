"""A unit with nobody below it has no row in the roll-up: its report tells it, then as now."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from deployments import actions
from deployments.models import Conflict, ReportMove, UnitRollupVersion
from deployments.queries import (
    daily_report,
    region_recap,
    rollup_rows,
    strength_table,
    unit_recap,
)
from deployments.views.map.panel import silent
from portal import clock
from portal.access.actor import SYSTEM
from portal.registry.models import Region, Unit
from tests.factories import deployments as make

MINUTE = timedelta(minutes=1)


@pytest.fixture
def told(db):
    """Sent, returned, mended, verified: 10, 20, 30 and 40 minutes after the cut-off."""
    make.expect()
    report = send(10)
    actions.return_report(report, note="?", version=1, by=SYSTEM, at=make.CUT_OFF + 20 * MINUTE)
    report = send(30, present=80, on_leave=20, engaged=50)
    actions.verify_report(report, version=report.version, by=SYSTEM, at=make.CUT_OFF + 40 * MINUTE)
    actions.advance(at=make.CUT_OFF + 40 * MINUTE)
    actions.fold()


def send(minutes: int, slug: str = "polres-banjar", lines=(), **values):
    standing = make.expected(slug).report
    return actions.submit_report(
        make.unit(slug),
        make.CUT_OFF,
        make.figures(**values),
        lines=lines,
        confirm="Uji",
        replaces=standing.number if standing else 0,
        by=SYSTEM,
        at=make.CUT_OFF + minutes * MINUTE,
    )


def banjar(actor, minutes: int):
    polda = Unit.objects.get(slug="polda-kalsel")
    recap = unit_recap(actor, make.operation(), make.CUT_OFF + minutes * MINUTE, parent=polda)
    return next(row for row in recap.rows if row.key == "polres-banjar")


@pytest.mark.parametrize(
    ("minutes", "state", "received", "present", "verified"),
    [
        (0, "waiting", 0, 0, 0),
        (5, "missing", 0, 0, 0),
        (10, "late", 1, 90, 0),
        (20, "missing", 0, 0, 0),
        (30, "late", 1, 80, 0),
        (40, "late", 1, 80, 1),
    ],
)
def test_leaf_at_any_moment(told, commander, minutes, state, received, present, verified):
    row = banjar(commander, minutes)
    assert [name for name, number in row.states.items() if number] == [state]
    assert (row.expected, row.received, row.present, row.verified) == (
        1,
        received,
        present,
        verified,
    )


def test_leaves_add_up_to_the_unit_above_and_have_no_rows(told, commander):
    at = make.CUT_OFF + 40 * MINUTE
    polda = Unit.objects.get(slug="polda-kalsel")
    recap = unit_recap(commander, make.operation(), at, parent=polda)
    for name in ("expected", "received", "late", "missing", "present", "total", "verified"):
        assert sum(getattr(row, name) for row in recap.rows) == getattr(recap.whole, name)
    for state, number in recap.whole.states.items():
        assert sum(row.states[state] for row in recap.rows) == number
    assert set(UnitRollupVersion.objects.values_list("unit__slug", flat=True)) == {"polda-kalsel"}
    province = region_recap(
        make.operation(), at, within=Region.objects.get(code="63"), agency="polda-kalsel"
    )
    assert province.whole.states == recap.whole.states


def test_operator_sees_his_own_unit_alone(told, posko_banjar, liaison_kpu):
    at = make.CUT_OFF + 40 * MINUTE
    rows = unit_recap(posko_banjar, make.operation(), at, parent=None).rows
    assert [row.key for row in rows] == ["polres-banjar"]
    assert unit_recap(liaison_kpu, make.operation(), at, parent=None).rows == []


def pass_time() -> None:
    """The cut-off passes, and what is not there is missing."""
    actions.fold()
    actions.advance(at=make.CUT_OFF + MINUTE)
    actions.fold()


def adds_up(actor, minutes: int):
    """The tree of Polda then: its parts add up to it, and it is what the region shows."""
    at = make.CUT_OFF + minutes * MINUTE
    polda = Unit.objects.get(slug="polda-kalsel")
    recap = unit_recap(actor, make.operation(), at, parent=polda)
    for name in ("received", "late", "missing", "present", "total", "verified", "conflicts"):
        assert sum(getattr(row, name) for row in recap.rows) == getattr(recap.whole, name), name
    for state, number in recap.whole.states.items():
        assert sum(row.states[state] for row in recap.rows) == number, state
    province = Region.objects.get(code="63")
    region = region_recap(make.operation(), at, within=province, agency="polda-kalsel")
    assert recap.whole.states == region.whole.states
    assert recap.whole.light == region.whole.light
    return {row.key: row for row in recap.rows}


def counted(row) -> str:
    return next(name for name, number in row.states.items() if number)


def test_return_with_comments_alone_is_no_report_that_stands(db, commander):
    make.expect()
    report = send(-30)
    pass_time()
    at = make.CUT_OFF + 10 * MINUTE
    actions.return_report(report, note="", comments={"total": "?"}, version=1, by=SYSTEM, at=at)
    actions.fold()
    assert counted(adds_up(commander, 9)["polres-banjar"]) == "complete"
    row = adds_up(commander, 10)["polres-banjar"]
    assert (counted(row), row.received, row.verified, row.present) == ("missing", 0, 0, 0)
    found = daily_report(commander, make.operation(), at, within=Region.objects.get(code="63"))
    assert "Polres Banjar" in {one.unit for one in found.silent}


def test_what_was_released_from_quarantine_is_not_silent(db, commander):
    make.expect()
    report = send(-30, establishment=50, actual=100)
    pass_time()
    at = make.CUT_OFF + 10 * MINUTE
    actions.release_report(report, reason="Benar", version=1, by=SYSTEM, at=at)
    actions.fold()
    report.refresh_from_db()
    actions.verify_report(report, version=report.version, by=SYSTEM, at=at + 10 * MINUTE)
    actions.fold()
    known = [counted(adds_up(commander, minutes)["polres-banjar"]) for minutes in (2, 10, 20)]
    assert known == ["quarantined", "complete", "complete"]
    verified = [adds_up(commander, minutes)["polres-banjar"].verified for minutes in (2, 10, 20)]
    assert verified == [0, 0, 1]
    found = daily_report(commander, make.operation(), at, within=Region.objects.get(code="63"))
    assert "Polres Banjar" not in {one.unit for one in found.silent}
    [row] = [
        row
        for row in rollup_rows(make.operation(), level="regency", at=at, within="63.03")
        if row.agency == "polda-kalsel" and row.region == "63.03"
    ]
    assert row.silent_since is None


def test_verification_that_a_return_followed_is_not_forgotten(db, commander):
    make.expect()
    report = send(-30)
    pass_time()
    actions.verify_report(report, version=1, by=SYSTEM, at=make.CUT_OFF + 10 * MINUTE)
    actions.fold()
    report.refresh_from_db()
    at = make.CUT_OFF + 20 * MINUTE
    actions.return_report(report, note="?", version=report.version, by=SYSTEM, at=at)
    actions.fold()
    verified = [adds_up(commander, minutes)["polres-banjar"].verified for minutes in (2, 10, 20)]
    assert verified == [0, 1, 0]


def test_contradiction_of_a_past_moment_is_told_though_it_was_decided_since(
    db, commander, coordinator
):
    make.expect()
    send(-30, lines=[make.line("63.03.01", total=20)])
    pass_time()
    send(10, "polres-banjarbaru", [make.line("63.03.01")])
    actions.fold()
    actions.decide_conflict(
        Conflict.objects.get(),
        standing=make.unit("polres-banjar"),
        reason="Wilayahnya",
        version=1,
        by=coordinator,
        at=make.CUT_OFF + 20 * MINUTE,
    )
    actions.fold()
    for minutes, state, conflicts in (
        (2, "complete", 0),
        (10, "conflict", 1),
        (20, "complete", 0),
    ):
        row = adds_up(commander, minutes)["polres-banjar"]
        assert (counted(row), row.conflicts) == (state, conflicts)
    send(30, lines=[make.line("63.03.01")], establishment=None)
    actions.fold()
    assert counted(adds_up(commander, 10)["polres-banjarbaru"]) == "conflict"
    assert counted(adds_up(commander, 30)["polres-banjarbaru"]) == "late"


def test_tree_is_no_readier_than_its_worst_mandatory_group(db, commander):
    make.expect()
    send(-30, vehicles_percent=10)
    pass_time()
    polda = Unit.objects.get(slug="polda-kalsel")
    recap = unit_recap(commander, make.operation(), make.CUT_OFF, parent=polda)
    assert recap.whole.light == "not_ready"
    assert adds_up(commander, 0)["polres-banjar"].light == "not_ready"


def test_what_was_made_of_a_report_stays_on_record(told):
    for attempt in (
        lambda: ReportMove.objects.update(state="verified"),
        lambda: ReportMove.objects.first().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_region_counts_the_places_of_which_two_units_differ(db):
    make.expect()
    lines = [make.line("63.03.01", total=20), make.line("63.03.02", total=20)]
    send(-30, lines=lines)
    others = [make.line("63.03.01"), make.line("63.03.02")]
    send(-20, "polres-banjarbaru", others)
    actions.fold()
    recap = region_recap(
        make.operation(), make.CUT_OFF, within=Region.objects.get(code="63"), agency=None
    )
    assert recap.whole.conflicts == 2


def test_click_on_a_past_figure_leads_to_the_reports_of_then(
    db, client, sign_in, commander, settings
):
    make.expect()
    report = send(-30)
    pass_time()
    actions.return_report(report, note="?", version=1, by=SYSTEM, at=make.CUT_OFF + 10 * MINUTE)
    actions.fold()
    send(20, present=80, on_leave=20, engaged=50)
    actions.fold()
    now = make.CUT_OFF + 60 * MINUTE
    settings.DEMO_NOW, settings.DEMO_ANCHOR = now, clock.true_now().timestamp()
    sign_in(client, commander)
    asked = {"within": "63", "at": f"{clock.local(make.CUT_OFF + 5 * MINUTE):%Y-%m-%dT%H:%M}"}
    page = client.get("/kesiapan/rekapitulasi/", asked).context
    [source] = [row["source_url"] for row in page["rows"] if row["row"].key == "63.03"]
    [row] = client.get(source).context["rows"]
    assert (row["state"], row["present"]) == ("Masuk tepat waktu", "90")
    assert row["url"] == f"/kesiapan/{report.pk}/"
    page = client.get("/kesiapan/rekapitulasi/", {"within": "63"}).context
    [source] = [row["source_url"] for row in page["rows"] if row["row"].key == "63.03"]
    [row] = client.get(source).context["rows"]
    assert (row["state"], row["present"]) == ("Masuk tepat waktu", "80")


def test_what_is_all_in_quarantine_is_not_called_silent(db):
    make.expect()
    send(-30, establishment=50, actual=100)
    actions.fold()
    recap = region_recap(
        make.operation(), make.CUT_OFF, within=Region.objects.get(code="63"), agency=None
    )
    words = {row.key: row.light_label for row in recap.rows}
    assert (words["63.03"], words["63.05"]) == ("Tidak dihitung", "Belum lapor")
    table = strength_table(make.operation(), make.CUT_OFF)
    named = {row["code"]: row["number"] for row in silent(table.rows)["rows"]}
    assert "63.03" not in named
    assert named["63.05"] == 1
    assert sum(row.silent for row in table.rows) == table.totals.silent
    assert table.totals.received + table.totals.silent + 1 == table.totals.expected
