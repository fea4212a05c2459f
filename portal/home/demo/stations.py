"""The polling stations with both agencies' view of them, and Banjarbaru's re-vote of April 2025.

The numbers per regency and class are domain.md's; how they spread over districts, villages and
stations is invented, the same in every run, and marked.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from deployments import actions
from deployments.enums import DeploymentState, DeploymentStatus, Quality, TpsClass
from portal import clock
from portal.access.actor import Actor
from portal.home.demo.strengths import INVENTED, OPERATION
from portal.registry import actions as registry
from portal.registry.enums import FigureKind
from portal.registry.enums import Quality as Trust
from portal.registry.models import Agency, Operation, PollingStation, Region, Unit
from portal.registry.queries import figures

AS_OF = date(2024, 8, 24)
CLASSIFIED = datetime(2024, 8, 24, 8, tzinfo=clock.WITA)
MAPPED = datetime(2024, 11, 16, 9, tzinfo=clock.WITA)
VALID_FROM = date(2024, 8, 24)
NEXT_DOOR = {"63.03.01": 49, "63.03.13": 31}
"""Aluh-Aluh and Beruntung Baru, 80 stations policed by Polres Banjarbaru; the split is invented."""
CLASSES = (TpsClass.SPECIAL, TpsClass.HIGH, TpsClass.MEDIUM)
CLASS_REASON = "Penilaian awal Polres"
TAG_NOTE = "Pemetaan TPS rawan 10–15 November 2024; sebarannya data ilustrasi"
TAGS = {
    "disabilitas": 3159, "dpt_tms": 1822, "dptb": 1373, "luar_domisili": 549,
    "kendala_internet": 469, "riwayat_psu": 349, "dpk": 275, "logistik_terlambat": 246,
    "dekat_pendidikan": 87,
    # Not published for the province.
    "riwayat_intimidasi": 64, "riwayat_kekerasan": 21, "rawan_bencana": 118, "sulit_dijangkau": 93,
    "kendala_listrik": 77, "netral_desa": 18, "riwayat_politik_uang": 31,
}  # fmt: skip

REVOTE = "psu-banjarbaru-2025"
REVOTE_SOURCE = "PSU Banjarbaru 19 April 2025 (radarborneo.com; bakabar.com)"
REVOTE_DAY = date(2025, 4, 19)
REVOTE_AT = datetime(2024, 11, 1, 8, tzinfo=clock.WITA)
REVOTE_PATTERNS = ((TpsClass.MEDIUM, 2, 2, 4), (TpsClass.HIGH, 2, 1, 4))
REVOTE_HIGH = 21
REVOTE_STRENGTH = 425


def load(people: Mapping[str, Actor]) -> None:
    """Everything once: where the operation has stations already, nothing happens."""
    operation = Operation.objects.get(slug=OPERATION)
    if PollingStation.objects.filter(operation=operation).exists():
        return
    stations = list(_stations(operation))
    by = people["liaison.polda"]
    registry.load_stations(operation, stations, by=people["koordinator"], at=CLASSIFIED)
    actions.load_classes(
        operation,
        dict(_classes(stations)),
        valid_from=VALID_FROM,
        reason=CLASS_REASON,
        by=by,
        at=CLASSIFIED,
        illustrative=True,
    )
    actions.load_tags(
        operation,
        _tags(stations),
        note=TAG_NOTE,
        by=people["liaison.bawaslu"],
        at=MAPPED,
        illustrative=True,
    )
    _revote([station for station in stations if station.code.startswith("63.72")], people)


def _stations(operation: Operation) -> Iterator[PollingStation]:
    villages: dict[str, list[Region]] = {}
    for village in Region.objects.filter(level=Region.Level.VILLAGE).order_by("code"):
        villages.setdefault(village.parent_id, []).append(village)
    for district, (count, voters) in _districts(villages).items():
        places = villages[district]
        spread = _spread(count, [village.code for village in places])
        numbered = [
            (village, number)
            for village, part in zip(places, spread, strict=True)
            for number in range(1, part + 1)
        ]
        codes = [f"{village.code}.{number:03}" for village, number in numbered]
        for (village, number), code, share in zip(
            numbered, codes, _spread(voters, codes, even=10), strict=True
        ):
            yield PollingStation(
                operation=operation,
                code=code,
                number=number,
                district_id=district,
                village=village,
                name=f"TPS {number:03} {village.name}",
                voters=share,
                source=INVENTED,
                as_of=AS_OF,
                quality=Trust.ILLUSTRATIVE,
                illustrative=True,
            )


def _districts(villages: Mapping[str, Sequence[Region]]) -> dict[str, tuple[int, int]]:
    """Per district its stations and voters; each regency adds up to its own figures."""
    kinds = (FigureKind.POLLING_STATIONS, FigureKind.VOTERS, *_kinds())
    codes = list(Region.objects.exclude(level=Region.Level.VILLAGE).values_list("code", flat=True))
    found = figures(codes, kinds)
    known = {
        code: figure.value
        for (code, kind), figure in found.items()
        if kind == FigureKind.POLLING_STATIONS and len(code) == 8
    } | NEXT_DOOR
    rows: dict[str, tuple[int, int]] = {}
    for regency in (code for code in codes if len(code) == 5):
        inside = sorted(code for code in villages if code.startswith(f"{regency}."))
        total = sum(found[regency, kind].value for kind in _kinds())
        given = {code: known[code] for code in inside if code in known}
        open_ones = [code for code in inside if code not in given]
        weights = [len(villages[code]) for code in open_ones]
        rest = _shares(total - sum(given.values()), weights)
        counts = given | dict(zip(open_ones, rest, strict=True))
        voters = _shares(found[regency, FigureKind.VOTERS].value, [counts[code] for code in inside])
        rows |= {code: (counts[code], part) for code, part in zip(inside, voters, strict=True)}
    return rows


def _kinds() -> list[str]:
    return [f"tps_{kind}" for kind in TpsClass.values]


def _shares(total: int, weights: Sequence[int]) -> list[int]:
    """Whole parts of the total in proportion to the weights (largest remainders first)."""
    whole = sum(weights)
    if not whole:
        return []
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts


def _spread(total: int, keys: Sequence[str], even: int = 2) -> list[int]:
    """The total over the keys, not quite evenly; the greater `even`, the closer together."""
    return _shares(total, [1000 * even + _dice(key) % 1000 for key in keys])


def _dice(text: str) -> int:
    """The same number in every run."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest())


def _classes(stations: Iterable[PollingStation]) -> Iterator[tuple[str, str]]:
    """Each regency's numbers per class; next door to Banjarbaru all are of the lowest."""
    regencies: dict[str, list[str]] = {}
    for station in stations:
        regencies.setdefault(station.code[:5], []).append(station.code)
    found = figures(regencies, _kinds())
    for regency, codes in regencies.items():
        order = sorted(codes, key=lambda code: (code[:8] in NEXT_DOOR, _dice(f"kelas {code}")))
        start = 0
        for kind in CLASSES:
            end = start + found[regency, f"tps_{kind}"].value
            yield from ((code, kind) for code in order[start:end])
            start = end
        yield from ((code, TpsClass.LOW) for code in order[start:])


def _tags(stations: Sequence[PollingStation]) -> Iterator[tuple[str, str]]:
    """As many stations per indicator as were counted."""
    codes = [station.code for station in stations]
    for key, number in TAGS.items():
        for code in sorted(codes, key=lambda code: _dice(f"{key} {code}"))[:number]:
            yield code, key


def _revote(city: Sequence[PollingStation], people: Mapping[str, Actor]) -> None:
    """All of Banjarbaru's stations vote again: 21 highly vulnerable, 382 vulnerable."""
    by = people["liaison.polda"]
    operation = registry.open_operation(
        REVOTE,
        {
            "name": "Pengamanan PSU Kota Banjarbaru 2025",
            "code_name": "PSU Banjarbaru 2025",
            "kind": "Pengamanan pemungutan suara ulang",
            "region_id": "63.72",
            "starts_on": date(2025, 4, 16),
            "ends_on": date(2025, 4, 22),
            "description": (
                "Pemungutan suara ulang di semua TPS Kota Banjarbaru, Sabtu 19 April 2025. "
                "Tanggal mulai dan selesai operasi: data ilustrasi."
            ),
            "source": REVOTE_SOURCE,
        },
        by=by,
        at=REVOTE_AT,
    )
    again = [_again(station, operation) for station in city]
    registry.load_stations(operation, again, by=people["koordinator"], at=REVOTE_AT)
    order = sorted((station.code for station in again), key=lambda code: _dice(f"psu {code}"))
    kinds = {
        code: TpsClass.HIGH if place < REVOTE_HIGH else TpsClass.MEDIUM
        for place, code in enumerate(order)
    }
    actions.load_classes(
        operation,
        kinds,
        valid_from=date(2025, 4, 16),
        reason=f"{REVOTE_SOURCE}; TPS mana yang sangat rawan: data ilustrasi",
        by=by,
        at=REVOTE_AT,
        illustrative=True,
    )
    _revote_forces(operation, by)


def _again(station: PollingStation, operation: Operation) -> PollingStation:
    return PollingStation(
        operation=operation,
        code=station.code,
        number=station.number,
        district_id=station.district_id,
        village_id=station.village_id,
        name=station.name,
        voters=station.voters,
        source=INVENTED,
        as_of=REVOTE_DAY,
        quality=Trust.ILLUSTRATIVE,
        illustrative=True,
    )


def _revote_forces(operation: Operation, by: Actor) -> None:
    """Published as engaged; in the demo their first day is still to come, so they are on their way
    and not in place."""
    polda = Agency.objects.get(slug="polda-kalsel")
    for tps_class, police, tps, linmas in REVOTE_PATTERNS:
        actions.set_guard_pattern(
            operation,
            polda,
            tps_class=tps_class,
            police=police,
            tps=tps,
            linmas=linmas,
            linmas_override=linmas != 2 * tps,
            valid_from=date(2025, 4, 16),
            source=REVOTE_SOURCE,
            by=by,
            at=REVOTE_AT,
        )
    actions.declare_strength(
        operation,
        polda,
        total=REVOTE_STRENGTH,
        source=f"{REVOTE_SOURCE}: 845 personel, 425 di antaranya Polres Banjarbaru",
        as_of=datetime(2025, 4, 16, 8, tzinfo=clock.WITA),
        by=by,
        at=REVOTE_AT,
    )
    actions.place_deployment(
        operation,
        {
            "unit": Unit.objects.select_related("agency").get(slug="polres-banjarbaru"),
            "region": Region(code="63.72"),
            "personnel": REVOTE_STRENGTH,
            "status": DeploymentStatus.ENGAGED,
            "controller": None,
            "task": "Pengamanan PSU",
            "starts_on": date(2025, 4, 16),
            "ends_on": date(2025, 4, 22),
            "source": REVOTE_SOURCE,
            "as_of": datetime(2025, 4, 16, 8, tzinfo=clock.WITA),
            "quality": Quality.REPORTED,
        },
        by=by,
        at=REVOTE_AT,
        state=DeploymentState.MOVING,
    )
