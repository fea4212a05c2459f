"""Two weeks of readiness reports, those of this morning in every state. No source gives them."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from deployments import actions
from deployments.actions import ImportedReport
from deployments.enums import ExpectedState
from deployments.models import ABSENCES, ExpectedReport, ReadinessReport
from deployments.queries import districts_of
from portal import clock
from portal.access.actor import Actor
from portal.home.demo.readiness import full_values
from portal.home.demo.strengths import BKO_POLRES, DECIDED, ENDS, POLRI, RESERVE
from portal.registry.models import Agency, Operation, Unit

BEGUN = date(2024, 11, 6)
LAST = datetime(2024, 11, 20, 6, tzinfo=clock.WITA)
SILENT_TODAY = {"polres-banjar", "polres-tapin", "kodim-1006", "kodim-1004"}
LATE_TODAY = {"polres-kotabaru": 40, "kodim-1022": 25}
RETURNED_TODAY = "polres-hulu-sungai-utara"
CONTRADICTING = ("polres-banjar", "63.03.01")
"""Polres Banjar counts in Aluh-Aluh, which Polres Banjarbaru polices."""


def schedule(operation: Operation, polda: Agency, korem: Agency, by: Actor) -> None:
    kinds = ((polda, "polres"), (polda, "polresta"), (korem, "kodim"))
    for agency, kind in kinds:
        for hour in (6, 18):
            actions.schedule_reports(
                operation,
                agency,
                unit_kind=kind,
                local_time=time(hour),
                source="Siklus harian 06.00 dan 18.00 WITA (ilustrasi)",
                valid_from=BEGUN,
                valid_to=ENDS,
                illustrative=True,
                by=by,
                at=DECIDED,
            )


def report(operation: Operation, units: Mapping[str, Unit], people: Mapping[str, Actor]) -> None:
    moment = datetime.combine(BEGUN, time(20), clock.WITA)
    while moment < LAST:
        actions.open_cut_offs(at=moment)
        moment += timedelta(days=1)
    actions.open_cut_offs(at=LAST)
    expected = list(ExpectedReport.objects.filter(operation=operation, cut_off_at__lte=LAST))
    by_id = {unit.pk: unit for unit in units.values()}
    for slug, login in (("polda-kalsel", "liaison.polda"), ("korem-101", "liaison.korem")):
        own = [row for row in expected if by_id[row.unit_id].agency.slug == slug]
        reports = list(_reports(own, by_id))
        actions.import_reports(
            operation,
            reports,
            by=people[login],
            at=max(report.submitted_at for report in reports),
            illustrative=True,
        )
    _review(people["liaison.polda"])
    actions.advance(at=LAST + timedelta(minutes=45))
    actions.remind_readiness(at=LAST + timedelta(minutes=45))
    actions.fold()


def _review(by: Actor) -> None:
    """The evening's reports are verified; one of this morning goes back to its unit."""
    evening = ReadinessReport.objects.filter(
        agency=by.agency_id, cut_off_at=LAST - timedelta(hours=12)
    )
    for report in evening.order_by("pk"):
        actions.verify_report(report, version=report.version, by=by, at=LAST - timedelta(hours=10))
    doubted = ReadinessReport.objects.get(unit__slug=RETURNED_TODAY, cut_off_at=LAST)
    actions.return_report(
        doubted,
        note="Sebutkan rincian personel yang lepas dinas.",
        version=doubted.version,
        by=by,
        at=LAST + timedelta(minutes=20),
    )


def _reports(expected: list[ExpectedReport], units: Mapping[int, Unit]) -> Iterator[ImportedReport]:
    places: dict[int, list[str]] = {}
    for row in expected:
        if row.state != ExpectedState.WAITING:
            continue
        unit = units[row.unit_id]
        dice = _dice(unit.slug, row.cut_off_at)
        delay = _delay(unit.slug, row.cut_off_at, dice)
        if delay is None:
            continue
        today = row.cut_off_at == LAST
        values = full_values(unit, _values(unit, row.region_id, dice), dice, today=today)
        if row.unit_id not in places:
            places[row.unit_id] = [code for code, own in districts_of(unit).items() if own]
        itemised = unit.kind != "kodim"
        lines = _lines(values, places[row.unit_id]) if itemised else []
        if unit.slug == CONTRADICTING[0] and dice[0] % 5 == 0:
            lines.append({**lines[0], "region": CONTRADICTING[1]})
        yield ImportedReport(
            unit=unit,
            cut_off_at=row.cut_off_at,
            submitted_at=row.cut_off_at + timedelta(minutes=delay),
            values=values,
            lines=lines,
        )


def _dice(slug: str, moment: datetime) -> bytes:
    """The same numbers in every run, different for each unit and cut-off."""
    return hashlib.sha256(f"{slug} {moment.isoformat()}".encode()).digest()


def _delay(slug: str, cut_off: datetime, dice: bytes) -> int | None:
    """Minutes after the cut-off (negative: before); None for a report that never came."""
    if cut_off == LAST:
        if slug in SILENT_TODAY:
            return None
        return LATE_TODAY.get(slug, -10 - dice[1] % 70)
    if dice[2] % 23 == 0:
        return None
    return 15 + dice[3] if dice[2] % 11 == 1 else -10 - dice[1] % 70


def _values(unit: Unit, region: str, dice: bytes) -> dict[str, Any]:
    kodim = unit.kind == "kodim"
    total = RESERVE[unit.slug] if kodim else POLRI[region]
    absent = {
        name: dice[index] * total // (256 * 70)
        for index, name in enumerate(ABSENCES, start=4)
        if name != "unaccounted"
    }
    absent["off_duty"] += total * (dice[20] % 9) // 100
    present = total - sum(absent.values())
    engaged = 0 if kodim else present * 7 // 10
    standby = present * 6 // 10 if kodim else present // 5
    return {
        **dict.fromkeys(ABSENCES, 0),
        **absent,
        "total": total,
        "present": present,
        "engaged": engaged,
        "standby": standby,
        "reserve": present - engaged - standby,
        "seconded_in": 0 if kodim else BKO_POLRES,
        "vehicles_percent": 84 + dice[21] % 17,
        "comms_percent": 86 + dice[22] % 15,
        "post_active": True,
        "notes": "",
        "nihil": dice[23] % 4 == 0,
    }


def _lines(values: Mapping[str, Any], districts: list[str]) -> list[dict[str, Any]]:
    """About half of the people by district; the rest stays with the headquarters."""
    share = 2 * len(districts)
    line = {
        name: values[name] // share
        for name in ("total", "present", "engaged", "standby", "reserve")
    }
    return [{"region": code, **line} for code in districts]
