"""What the roll-up showed at a past moment stays what it was, for regions and for units."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from deployments import actions
from deployments.actions import ImportedReport
from deployments.enums import Tally
from deployments.models import Rollup, RollupVersion, UnitRollup, UnitRollupVersion
from deployments.queries import rollup_rows
from portal.access.actor import SYSTEM
from tests.factories import deployments as make

FIGURES = (
    "expected", "received", "late", "missing", "verified",
    "total", "present", "engaged", "standby", "reserve", "conflicts", "as_of",
    *(f"tally_{tally}" for tally in Tally),
)  # fmt: skip
MINUTE = timedelta(minutes=1)


def send(slug: str, minutes: int, **values):
    standing = make.expected(slug).report
    return actions.submit_report(
        make.unit(slug),
        make.CUT_OFF,
        make.figures(**values),
        replaces=standing.number if standing else 0,
        by=SYSTEM,
        at=make.CUT_OFF + minutes * MINUTE,
    )


def shown(minutes: int) -> list:
    return rollup_rows(make.operation(), level="regency", at=make.CUT_OFF + minutes * MINUTE)


def kept(model, place: str) -> list:
    return list(model.objects.order_by(place, "cut_off_at").values(place, "cut_off_at", *FIGURES))


def open_versions(model, place: str) -> list:
    rows = model.objects.filter(until__isnull=True).order_by(place, "cut_off_at")
    return list(rows.values(place, "cut_off_at", *FIGURES))


def test_past_moment_shows_what_was_shown_then(db):
    make.expect()
    send("polres-banjar", -30)
    actions.fold()
    at_cut_off = shown(0)
    send("polres-tapin", 10)
    actions.fold()
    at_ten = shown(10)
    report = make.expected("polres-banjar").report
    actions.return_report(
        report, note="?", version=report.version, by=SYSTEM, at=make.CUT_OFF + 20 * MINUTE
    )
    actions.fold()
    send("polres-banjar", 30, present=80, on_leave=20, engaged=50)
    actions.fold()
    actions.rebuild(make.operation(), at=make.CUT_OFF + 60 * MINUTE)
    assert shown(0) == at_cut_off
    assert shown(10) == shown(19) == at_ten
    received = [sum(row.received_reports for row in shown(m)) for m in (0, 10, 20, 30)]
    assert received == [1, 2, 1, 2]
    silent = [{row.region for row in shown(m) if row.light == "silent"} for m in (0, 20, 30)]
    assert "63.03" not in silent[0]
    assert "63.03" in silent[1]
    assert silent[2] == silent[0] - {"63.05"}


def test_open_versions_are_the_rows(db):
    make.expect()
    send("polres-banjar", -30)
    actions.fold()
    send("polres-tapin", 10)
    actions.fold()
    assert open_versions(RollupVersion, "region_id") == kept(Rollup, "region_id")
    assert open_versions(UnitRollupVersion, "unit_id") == kept(UnitRollup, "unit_id")


def test_rebuild_writes_no_version_when_nothing_differs(db):
    make.expect()
    send("polres-banjar", -30)
    actions.fold()
    before = (RollupVersion.objects.count(), UnitRollupVersion.objects.count())
    actions.rebuild(make.operation(), at=make.CUT_OFF)
    assert (RollupVersion.objects.count(), UnitRollupVersion.objects.count()) == before


def test_tree_adds_up_to_the_agency(db):
    make.expect()
    send("polres-banjar", -30)
    send("polres-tapin", -20)
    actions.fold()
    root = UnitRollup.objects.get(unit__slug="polda-kalsel")
    assert (root.expected, root.received, root.total) == (12, 2, 200)
    assert UnitRollup.objects.count() == 1, "a unit with nobody below it has its report"


@pytest.mark.parametrize("model", [RollupVersion, UnitRollupVersion])
def test_version_is_never_changed_or_deleted(db, model):
    make.expect()
    send("polres-banjar", -30)
    actions.fold()
    version = model.objects.filter(until__isnull=True).first()
    for attempt in (
        lambda: model.objects.filter(pk=version.pk).update(total=7),
        lambda: model.objects.filter(pk=version.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    model.objects.filter(pk=version.pk).update(until=make.CUT_OFF)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=version.pk).update(until=None)


def archived(slug: str, minutes: int, lines=()) -> ImportedReport:
    return ImportedReport(
        unit=make.unit(slug),
        cut_off_at=make.CUT_OFF,
        submitted_at=make.CUT_OFF + minutes * MINUTE,
        values=make.figures(),
        lines=lines,
    )


def test_archive_tells_by_its_own_times_what_stood_when(db):
    make.expect()
    later = make.CUT_OFF + 600 * MINUTE
    rows = [
        archived("polres-banjar", -30, [make.line("63.03.03"), make.line("63.03.01")]),
        archived("polres-banjarbaru", 15, [make.line("63.03.01", total=20)]),
    ]
    actions.import_reports(make.operation(), rows, by=SYSTEM, at=later)
    actions.advance(at=later)
    actions.fold()
    province = [
        rollup_rows(make.operation(), level="province", at=make.CUT_OFF + m * MINUTE)[0]
        for m in (0, 14, 15, 599, 600)
    ]
    assert [row.received_reports for row in province] == [1, 1, 2, 2, 2]
    assert [row.total for row in province] == [100, 100, 200, 200, 200]
    assert [row.missing_reports for row in province] == [11, 11, 10, 10, 10]
    assert [row.conflict for row in province] == [False, False, True, True, True]
    known = [{name: n for name, n in row.states.items() if n} for row in province]
    assert known[:2] == [{"missing": 11, "conflict": 1}] * 2
    assert known[3] == {"missing": 10, "conflict": 2}
    assert open_versions(RollupVersion, "region_id") == kept(Rollup, "region_id")
    assert open_versions(UnitRollupVersion, "unit_id") == kept(UnitRollup, "unit_id")
