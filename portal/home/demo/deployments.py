"""Strength, its placement and two weeks of readiness reports. What no source gives is marked."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from deployments import actions
from deployments.actions import ImportedReport
from deployments.enums import DeploymentStatus, ExpectedState, Quality, TpsClass
from deployments.models import ABSENCES, Deployment, ExpectedReport, ReadinessReport
from deployments.queries import districts_of, home_regions
from portal import clock
from portal.access.actor import Actor
from portal.home.demo.readiness import full_values
from portal.registry.models import Agency, Operation, Region, Stage, Unit

OPERATION = "mantap-praja-intan-2024"
STARTS, ENDS = date(2024, 8, 24), date(2024, 12, 31)
DECIDED = datetime(2024, 8, 24, 8, tzinfo=clock.WITA)
REPORTING = date(2024, 11, 6)
LAST = datetime(2024, 11, 20, 6, tzinfo=clock.WITA)
INVENTED = "Data ilustrasi"

POLRI = {
    "63.01": 400, "63.02": 570, "63.03": 450, "63.04": 360, "63.05": 310, "63.06": 330,
    "63.07": 330, "63.08": 320, "63.09": 350, "63.10": 400, "63.11": 314, "63.71": 680,
    "63.72": 360,
}  # fmt: skip
POLRI_SOURCES = {
    "63.02": "kalselbabussalam.com, Agustus 2024",
    "63.03": "suarabanuanews.com, 24 Agustus 2024",
    "63.11": "riliskalimantan.com, Agustus 2024",
}
SATGASDA, POOL = 1292, 1000
"""Of the task force at the province a thousand are held for the polling stations (see shift)."""
POOL_TASK = "Satgasda, disiapkan untuk BKO PAM TPS"
BKO_POLDA, BKO_POLRES = 100, 30
BKO_SOURCE = "jejakrekam.com, 14 Februari 2024"
RESERVE = {
    "kodim-1001": 180, "kodim-1002": 110, "kodim-1003": 110, "kodim-1004": 170,
    "kodim-1005": 125, "kodim-1006": 190, "kodim-1007": 150, "kodim-1008": 110,
    "kodim-1009": 115, "kodim-1010": 90, "kodim-1022": 150, "korem-101": 51,
}  # fmt: skip
PATTERNS = (
    (TpsClass.LOW, 2, 8, 16),
    (TpsClass.MEDIUM, 2, 2, 4),
    (TpsClass.HIGH, 2, 1, 2),
    (TpsClass.SPECIAL, 2, 1, 2),
)
SILENT_TODAY = {"polres-banjar", "polres-tapin", "kodim-1006", "kodim-1004"}
LATE_TODAY = {"polres-kotabaru": 40, "kodim-1022": 25}
RETURNED_TODAY = "polres-hulu-sungai-utara"
CONTRADICTING = ("polres-banjar", "63.03.01")
"""Polres Banjar counts in Aluh-Aluh, which Polres Banjarbaru polices."""


def load(people: Mapping[str, Actor]) -> None:
    """Everything once: where there are deployments already, nothing happens."""
    operation = Operation.objects.get(slug=OPERATION)
    if Deployment.objects.filter(operation=operation).exists():
        return
    agencies = {agency.slug: agency for agency in Agency.objects.all()}
    polda, korem = agencies["polda-kalsel"], agencies["korem-101"]
    _declare(operation, polda, korem, people)
    _patterns(operation, polda, people["koordinator"])
    units = {unit.slug: unit for unit in Unit.objects.select_related("agency")}
    homes = home_regions([unit.pk for unit in units.values()])
    _place_polda(operation, units, homes, people["koordinator"])
    _place_korem(operation, units, homes, polda, people["liaison.korem"])
    _schedule(operation, polda, korem, people["koordinator"])
    _report(operation, units, people)


def _declare(
    operation: Operation, polda: Agency, korem: Agency, people: Mapping[str, Actor]
) -> None:
    rakor = datetime(2024, 6, 4, 9, tzinfo=clock.WITA)
    parade = datetime(2024, 8, 23, 9, tzinfo=clock.WITA)
    actions.declare_strength(
        operation,
        korem,
        total=2041,
        source="Rakor lintas sektoral, 4 Juni 2024 (metro7.co.id)",
        as_of=rakor,
        by=people["koordinator"],
        at=rakor,
    )
    actions.declare_strength(
        operation,
        polda,
        total=6466,
        source="Apel gelar pasukan, Agustus 2024 (kalselbabussalam.com)",
        as_of=parade,
        by=people["koordinator"],
        at=parade,
    )


def _patterns(operation: Operation, polda: Agency, by: Actor) -> None:
    for tps_class, police, tps, linmas in PATTERNS:
        actions.set_guard_pattern(
            operation,
            polda,
            tps_class=tps_class,
            police=police,
            tps=tps,
            linmas=linmas,
            valid_from=STARTS,
            source=INVENTED,
            by=by,
            at=DECIDED,
            illustrative=True,
        )


def _place(
    operation: Operation,
    unit: Unit,
    region: str,
    personnel: int,
    *,
    status: DeploymentStatus,
    task: str,
    source: str,
    by: Actor,
    controller: Agency | None = None,
    stage: Stage | None = None,
) -> None:
    invented = source == INVENTED
    actions.place_deployment(
        operation,
        {
            "unit": unit,
            "region": Region(code=region),
            "personnel": personnel,
            "status": status,
            "controller": controller,
            "stage": stage,
            "task": task,
            "starts_on": STARTS,
            "ends_on": ENDS,
            "source": source,
            "as_of": DECIDED,
            "quality": Quality.ILLUSTRATIVE if invented else Quality.REPORTED,
        },
        by=by,
        at=DECIDED,
        illustrative=invented,
    )


def _place_polda(
    operation: Operation, units: Mapping[str, Unit], homes: Mapping[int, str], by: Actor
) -> None:
    engaged = DeploymentStatus.ENGAGED
    for unit in units.values():
        if unit.kind in ("polres", "polresta"):
            code = homes[unit.pk]
            _place(
                operation,
                unit,
                code,
                POLRI[code],
                status=engaged,
                task="Pengamanan wilayah dan TPS",
                source=POLRI_SOURCES.get(code, INVENTED),
                by=by,
            )
    _place(
        operation,
        units["polda-kalsel"],
        "63",
        SATGASDA - POOL,
        status=engaged,
        task="Satgas Operasi Daerah (Satgasda)",
        source=INVENTED,
        by=by,
    )
    _place(
        operation,
        units["polda-kalsel"],
        "63",
        POOL,
        status=engaged,
        task=POOL_TASK,
        stage=Stage.objects.get(operation=operation, key="campaign"),
        source=INVENTED,
        by=by,
    )


def _place_korem(
    operation: Operation,
    units: Mapping[str, Unit],
    homes: Mapping[int, str],
    polda: Agency,
    by: Actor,
) -> None:
    def bko(unit: Unit, region: str, personnel: int, task: str) -> None:
        _place(
            operation,
            unit,
            region,
            personnel,
            status=DeploymentStatus.ENGAGED,
            task=task,
            source=BKO_SOURCE,
            by=by,
            controller=polda,
        )

    bko(units["korem-101"], "63", BKO_POLDA, "BKO di Polda")
    for slug in RESERVE:
        if slug.startswith("kodim"):
            regencies = {code.rpartition(".")[0] for code in districts_of(units[slug])}
            for code in sorted(regencies):
                bko(units[slug], code, BKO_POLRES, "BKO di Polres")
    for slug, personnel in RESERVE.items():
        unit = units[slug]
        # A Kodim over two regencies is not split: it stands at the province.
        _place(
            operation,
            unit,
            homes[unit.pk] if slug.startswith("kodim") else "63",
            personnel,
            status=DeploymentStatus.RESERVE,
            task="Cadangan",
            source=INVENTED,
            by=by,
        )


def _schedule(operation: Operation, polda: Agency, korem: Agency, by: Actor) -> None:
    kinds = ((polda, "polres"), (polda, "polresta"), (korem, "kodim"))
    for agency, kind in kinds:
        for hour in (6, 18):
            actions.schedule_reports(
                operation,
                agency,
                unit_kind=kind,
                local_time=time(hour),
                source="Siklus harian 06.00 dan 18.00 WITA (ilustrasi)",
                valid_from=REPORTING,
                valid_to=ENDS,
                illustrative=True,
                by=by,
                at=DECIDED,
            )


def _report(operation: Operation, units: Mapping[str, Unit], people: Mapping[str, Actor]) -> None:
    moment = datetime.combine(REPORTING, time(20), clock.WITA)
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
