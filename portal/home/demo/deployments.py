"""Strength and its placement. What no source gives is marked."""

from collections.abc import Mapping
from datetime import datetime

from deployments import actions
from deployments.enums import DeploymentStatus, Quality, TpsClass
from deployments.models import Deployment
from deployments.queries import districts_of, home_regions
from portal import clock
from portal.access.actor import Actor
from portal.home.demo.reports import report, schedule
from portal.home.demo.strengths import (
    BKO_POLDA,
    BKO_POLRES,
    BKO_SOURCE,
    DECIDED,
    ENDS,
    INVENTED,
    OPERATION,
    POLRI,
    POLRI_SOURCES,
    POOL,
    POOL_TASK,
    RESERVE,
    SATGASDA,
    STARTS,
)
from portal.registry.models import Agency, Operation, Region, Stage, Unit

PATTERNS = (
    (TpsClass.LOW, 2, 8, 16),
    (TpsClass.MEDIUM, 2, 2, 4),
    (TpsClass.HIGH, 2, 1, 2),
    (TpsClass.SPECIAL, 2, 1, 2),
)


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
    schedule(operation, polda, korem, people["koordinator"])
    report(operation, units, people)


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
