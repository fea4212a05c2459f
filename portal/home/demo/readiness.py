"""What units answer beside their people, which reports stand out, and the events that certified
readiness. All of it is invented ("Data ilustrasi") but for the dates and places with a source."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from deployments import actions
from deployments.enums import EventKind, EventResult
from deployments.models import CertifyingEvent, Conflict
from portal import clock
from portal.access.actor import Actor
from portal.registry.models import Agency, Operation, Region, Unit

PARTIAL_TODAY = "polres-tanah-laut"
QUARANTINED_TODAY = "polres-balangan"
"""Its establishment lost a digit on the way, so more are present than there should be."""
EQUIPMENT = {
    "motorcycles": 6, "cars": 12, "trucks": 40, "boats": 90, "radios": 4, "repeaters": 120,
    "satellite_phones": 150, "helmets": 3, "batons": 3, "vests": 4, "firearms": 2, "drones": 160,
    "cctv": 60, "medical": 50,
}  # fmt: skip
"""One of each for so many people."""
POLICE_EQUIPMENT = {"armoured": 180, "shields": 4, "tear_gas": 30}
TASK_FORCES = ("tf_preemptive", "tf_preventive", "tf_traffic", "tf_law", "tf_media", "tf_support")
PAPERS = ("sprin", "renpam", "rengiat", "mou", "intel")
PARADE_GROUND = "Lapangan Polri Km 21, Banjarbaru"
SEEN, PARADED = "wartabanjar.com, 24 Juli 2024", "hstmurakata.com, Agustus 2024"
INVENTED = "Data ilustrasi"
DECIDED = "Kecamatan Aluh-Aluh adalah wilayah hukum Polres Banjarbaru."


def answers(kind: str, values: Mapping[str, Any], dice: bytes) -> dict[str, Any]:
    """What a unit answers outside the columns; the same in every run."""
    police = kind != "kodim"
    given: dict[str, Any] = _ranks(values["total"]) | {"controllers": min(5, values["present"])}
    if police:
        given |= _shared(values["engaged"], TASK_FORCES)
        given["women"] = values["total"] // 12
    equipment = EQUIPMENT | (POLICE_EQUIPMENT if police else {})
    for place, (name, people) in enumerate(equipment.items()):
        whole = max(1, values["total"] // people)
        broken = whole * (dice[place % 24] % 7) // 100
        given[name] = {"b": whole - broken, "rr": broken - broken // 3, "rb": broken // 3}
    papers = PAPERS if not police else ("renops", *PAPERS)
    given |= dict.fromkeys(papers, True)
    given |= {f"{name}_date": "2024-08-20" for name in papers if name != "mou"}
    return given | {
        "post_contact": "Kepala posko, nomor dinas",
        "signal_percent": 91 + dice[24] % 9,
        "backup": "radio",
        "latpraops_planned": 1,
        "latpraops_done": 1,
        "latpraops_people": values["total"] // 3,
        "tfg_planned": 1,
        "tfg_done": 1,
        "renkon": True,
        "rayon": True,
        "evacuation": dice[25] % 5 != 0,
        "budget_dipa": 400_000_000,
        "budget_grant": 600_000_000,
        "budget_total": 1_000_000_000,
        "budget_paid": 780_000_000,
        "budget_spent": 640_000_000,
        "budget_left": 360_000_000,
    }


def _ranks(total: int) -> dict[str, int]:
    officers, enlisted, civil = total // 10, total // 20, total // 25
    return {
        "officers": officers,
        "ncos": total - officers - enlisted - civil,
        "enlisted": enlisted,
        "civil_servants": civil,
    }


def _shared(people: int, names: tuple[str, ...]) -> dict[str, int]:
    """Half stand guard; the rest is spread."""
    part = people // 10
    given = dict.fromkeys(names, part)
    given["tf_preventive"] = people - part * (len(names) - 1)
    return given


def full_values(unit: Unit, values: dict[str, Any], dice: bytes, *, today: bool) -> dict[str, Any]:
    """A report's figures with all that the form asks; today one unit leaves a group open, and one
    mistypes its establishment."""
    whole = values | {
        "establishment": values["total"] * 108 // 100,
        "actual": values["total"],
        "answers": answers(unit.kind, values, dice),
    }
    if today and unit.slug == PARTIAL_TODAY:
        kept = set(whole["answers"]) - set(EQUIPMENT) - set(POLICE_EQUIPMENT)
        whole["answers"] = {key: whole["answers"][key] for key in kept}
        whole |= {"vehicles_percent": None, "comms_percent": None}
    if today and unit.slug == QUARANTINED_TODAY:
        whole["establishment"] //= 10
    return whole


def load(people: Mapping[str, Actor]) -> None:
    """Everything once: where there are events already, nothing happens."""
    operation = Operation.objects.get(slug="mantap-praja-intan-2024")
    if CertifyingEvent.objects.filter(operation=operation).exists():
        return
    _decide(people["koordinator"])
    _certify(operation, people["koordinator"])


def _decide(by: Actor) -> None:
    """Of the contradictions all but the newest were decided, a few hours after their cut-off."""
    for conflict in Conflict.objects.open().order_by("-cut_off_at")[1:]:
        own = conflict.sides.get(covered=True)
        actions.decide_conflict(
            conflict,
            standing=own.unit,
            reason=DECIDED,
            version=conflict.version,
            by=by,
            at=conflict.cut_off_at + timedelta(hours=3),
        )
    actions.fold()


def _certify(operation: Operation, by: Actor) -> None:
    agencies = {agency.slug: agency for agency in Agency.objects.all()}
    polda = agencies["polda-kalsel"]
    kinds = EventKind
    plans = (
        (kinds.SIMULATION, "Simulasi Sispamkota Polda", _at(7, 24, 8), SEEN, EventResult.NOTES),
        (kinds.PRE_OPERATION, "Latpraops Mantap Praja Intan", _at(8, 13, 8), "", EventResult.READY),
        (kinds.FLOOR_GAME, "TFG pengamanan pemungutan suara", _at(8, 16, 9), "", EventResult.READY),
        (kinds.PARADE, "Apel gelar pasukan", _at(8, 23, 8), PARADED, EventResult.READY),
        (kinds.DISPATCH, "Apel serpas ke TPS", _at(11, 24, 7), "", ""),
    )
    for kind, title, starts, source, result in plans:
        event = actions.plan_event(
            operation,
            {
                "kind": kind,
                "title": title,
                "agency": polda,
                "unit": None,
                "starts_at": starts,
                "place": PARADE_GROUND if kind == EventKind.PARADE else "Mapolda, Banjarbaru",
                "region": Region(code="63.72"),
                "materials": "Skenario hijau, kuning, merah; materi KPU, Bawaslu, dan Kabag Ops.",
            },
            by=by,
            at=starts - timedelta(days=7),
            source=source or INVENTED,
            illustrative=True,
        )
        _attend(event, agencies, held=bool(result), by=by)
        if result:
            actions.carry_out_event(
                event,
                result=result,
                summary="Unsur yang hadir siap. Temuan dicatat di bawah.",
                version=event.version,
                by=by,
                at=starts + timedelta(hours=4),
            )
        if result == EventResult.NOTES:
            _found(event, agencies, by=by, at=starts + timedelta(hours=5))


def _attend(
    event: CertifyingEvent, agencies: Mapping[str, Agency], *, held: bool, by: Actor
) -> None:
    for slug, planned in (("polda-kalsel", 600), ("korem-101", 150), ("pemprov-kalsel", 60)):
        actions.set_participant(
            event,
            agency=agencies[slug],
            unit=None,
            planned=planned,
            attended=planned - planned // 20 if held else None,
            by=by,
            at=event.starts_at,
        )


def _found(
    event: CertifyingEvent, agencies: Mapping[str, Agency], *, by: Actor, at: datetime
) -> None:
    for slug, text in (
        (
            "polda-kalsel",
            "Radio regu Dalmas tidak satu kanal dengan posko; tetapkan kanal bersama.",
        ),
        (
            "korem-101",
            "Pasukan cadangan tiba 20 menit setelah permintaan; latih ulang pemanggilan.",
        ),
    ):
        actions.add_finding(
            event,
            agency=agencies[slug],
            text=text,
            due_at=clock.midnight(date(2024, 11, 25)),
            by=by,
            at=at,
        )


def _at(month: int, day: int, hour: int) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=clock.WITA)
