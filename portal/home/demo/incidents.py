"""A little over a dozen incidents in varied states. All are invented and marked so; the places and
their difficulties are true, no person or candidate appears."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from incidents.actions.moves import move_incident
from incidents.actions.reports import add_update, report_incident
from incidents.actions.requests import accept_request, answer_request, ask_agency
from incidents.enums import Audience, Disturbance, IncidentState, Severity, UpdateKind
from incidents.enums.requests import RequestKind
from incidents.models import AgencyRequest, Incident, IncidentType
from portal import clock
from portal.access.actor import Actor
from portal.registry.models import Agency, Region

VERIFIED, HANDLING = IncidentState.VERIFIED, IncidentState.HANDLING
CONTROLLED, CLOSED = IncidentState.CONTROLLED, IncidentState.CLOSED
COORDINATOR = "koordinator"
WHOLE, PART, ADVICE = RequestKind.WHOLE, RequestKind.PART, RequestKind.ADVICE
ACCEPT, RESULT = "accept", "result"


@dataclass(frozen=True)
class Step:
    """So many minutes after the report somebody moved it, wrote, asked an agency (`to`, as `ask`),
    accepted what was asked of it or answered (`answer`)."""

    minutes: int
    login: str
    state: str = ""
    text: str = ""
    to: str = ""
    ask: str = ""
    answer: str = ""
    matter: str = ""
    internal: bool = False


@dataclass(frozen=True)
class Scene:
    reported: datetime
    login: str
    code: str
    severity: Severity
    region: str
    place: str
    title: str
    chronology: str
    steps: tuple[Step, ...] = ()
    minutes_before: int = 30
    disturbance: Disturbance = Disturbance.REAL
    details: dict[str, Any] = field(default_factory=dict)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=clock.WITA)


def handled(login: str, *minutes: int, until: str = CLOSED) -> tuple[Step, ...]:
    """Verified, handled, controlled, closed: as far as `until`, by one office."""
    way = (VERIFIED, HANDLING, CONTROLLED, CLOSED)
    reached = way[: way.index(IncidentState(until)) + 1]
    return tuple(Step(m, login, state) for m, state in zip(minutes, reached, strict=True))


SCENES = (
    Scene(
        at(8, 27, 9, 40), "liaison.polda", "A1", Severity.LOW, "63.71", "depan kantor KPU Provinsi",
        "Penyampaian aspirasi damai pada hari pertama pendaftaran",
        "Sekitar 60 orang berkumpul dan berorasi tertib, didampingi petugas sampai bubar.",
        handled("liaison.polda", 15, 25, 90, 150),
    ),
    Scene(
        at(9, 26, 8, 10), "posko.banjar", "B1", Severity.LOW, "63.03",
        "Jalan Ahmad Yani, Martapura",
        "Sejumlah alat peraga kampanye rusak pada malam hari",
        "Warga menemukan alat peraga dari beberapa peserta robek di tiga titik. Pelaku belum "
        "diketahui.",
        handled("liaison.bawaslu", 70, 200, 1500, 2900),
    ),
    Scene(
        at(10, 8, 19, 5), "liaison.kpu", "B6", Severity.MEDIUM, "63.72", "media sosial",
        "Kabar bohong bahwa hari pemungutan diundur",
        "Gambar dengan lambang lembaga palsu menyebar di grup percakapan.",
        handled(COORDINATOR, 40, 65, 400, 1400),
    ),
    Scene(
        at(10, 15, 16, 20), "liaison.bawaslu", "A3", Severity.MEDIUM, "63.72.04",
        "Jalan Panglima Batur",
        "Arak-arakan kendaraan tanpa pemberitahuan",
        "Sekitar 80 kendaraan melintas tanpa STTP dan menutup satu lajur selama 30 menit.",
        handled("liaison.polda", 20, 30, 55, 300),
    ),
    Scene(
        at(10, 21, 10, 30), "liaison.kesbangpol", "C1", Severity.LOW, "63.05", "Kecamatan Piani",
        "Laporan warga tentang netralitas perangkat desa",
        "Warga melaporkan dugaan ajakan dalam rapat desa. Belum ada saksi lain.",
        (
            Step(180, "liaison.bawaslu", VERIFIED),
            Step(
                2900, "liaison.bawaslu", IncidentState.UNPROVEN,
                "Klarifikasi dua pihak: tidak ditemukan ajakan.",
            ),
        ),
        disturbance=Disturbance.POTENTIAL,
    ),
    Scene(
        at(10, 30, 13, 15), "liaison.kpu", "D3", Severity.MEDIUM, "63.02.20", "pelabuhan rakyat",
        "Pengiriman logistik ke pulau tertunda gelombang tinggi",
        "Kapal pengangkut bilik dan kotak kosong kembali ke pelabuhan karena gelombang.",
        (
            Step(30, "liaison.kpu", VERIFIED),
            Step(60, "liaison.kpu", HANDLING),
            Step(90, "liaison.polda", text="Kapal Polairud siap mengawal begitu cuaca membaik."),
            Step(1300, "liaison.kpu", CONTROLLED),
            Step(1900, "liaison.kpu", CLOSED, "Logistik diterima lengkap di pulau."),
        ),
        details={"cause": "Gelombang tinggi", "loss": "Jadwal mundur satu hari"},
    ),
    Scene(
        at(11, 5, 20, 45), "liaison.kesbangpol", "B4", Severity.MEDIUM, "63.09.06",
        "satu lingkungan RT",
        "Dugaan pembagian uang menjelang kampanye tatap muka",
        "Warga melaporkan amplop dibagikan. Barang bukti diserahkan kepada Panwascam.",
        (
            Step(50, "liaison.bawaslu", VERIFIED),
            Step(
                1400, "liaison.bawaslu", ask=WHOLE, to="polda-kalsel",
                matter="Penyelidikan dugaan pembagian uang di lingkungan RT.",
                text="Barang bukti perlu diperiksa penyidik.",
            ),
            Step(1500, "liaison.polda", answer=ACCEPT, text="Diterima; penyelidikan dimulai."),
        ),
    ),
    Scene(
        at(11, 9, 7, 50), "liaison.kpu", "B1", Severity.LOW, "63.04.02", "simpang tiga Tamban",
        "Spanduk sosialisasi hari pemungutan dirusak",
        "Dua spanduk ajakan datang ke TPS ditemukan robek.",
        (
            *handled("liaison.bawaslu", 100, 160, 800, 1500),
            Step(
                12900, "liaison.bawaslu", IncidentState.REOPENED,
                "Kerusakan serupa terjadi lagi di titik yang sama.",
            ),
        ),
    ),
    Scene(
        at(11, 11, 5, 55), "liaison.korem", "F1", Severity.HIGH, "63.11.01",
        "ruas Juai–Sumber Rezeki",
        "Banjir memutus jalan ke beberapa desa",
        "Air setinggi lutut menutup jalan sepanjang 400 meter; kendaraan roda empat tidak lewat.",
        (
            Step(20, COORDINATOR, VERIFIED),
            Step(50, "liaison.pemprov", HANDLING),
            Step(240, "liaison.korem", text="Perahu karet dan 12 personel membantu penyeberangan."),
            Step(300, "liaison.kpu", text="Empat calon lokasi TPS ditinjau ulang.", internal=True),
            Step(
                420, "liaison.pemprov", ask=PART, to="kpu-kalsel",
                matter="Tentukan lokasi cadangan untuk TPS di tiga desa yang terputus.",
                text="Lokasi TPS kewenangan KPU.",
            ),
            Step(480, "liaison.kpu", answer=ACCEPT),
            Step(
                3000, "liaison.kpu", answer=RESULT,
                text="Tiga lokasi cadangan ditetapkan di balai desa yang tidak tergenang.",
            ),
        ),
        details={"casualties": "Nihil", "cause": "Hujan lebat di hulu"},
    ),
    Scene(
        at(11, 13, 11, 10), "posko.banjar", "E4", Severity.MEDIUM, "63.03.17",
        "sekretariat PPK Paramasan",
        "Sinyal dan listrik terputus di kecamatan terjauh",
        "Laporan harian terlambat karena menara pemancar padam.",
        (
            Step(60, "liaison.kpu", VERIFIED),
            Step(90, "liaison.kpu", HANDLING),
            Step(200, "posko.banjar", text="Telepon satelit dan genset dipinjamkan."),
            Step(620, "liaison.kpu", CONTROLLED),
        ),
    ),
    Scene(
        at(11, 15, 14, 30), "liaison.kpu", "F1", Severity.MEDIUM, "63.07.07",
        "calon lokasi dua TPS",
        "Calon lokasi TPS tergenang setelah hujan",
        "Halaman sekolah tergenang 30 cm; lokasi cadangan disiapkan.",
        (Step(45, COORDINATOR, VERIFIED),),
        disturbance=Disturbance.THRESHOLD,
    ),
    Scene(
        at(11, 17, 9, 25), "liaison.kpu", "D2", Severity.HIGH, "63.08.05",
        "gudang logistik Amuntai",
        "Sebagian kotak logistik basah karena atap bocor",
        "Tujuh kotak kosong basah; isi gudang dipindah ke sisi kering.",
        handled("liaison.kpu", 20, 35, 180, until=CONTROLLED),
        details={"loss": "7 kotak kosong", "action_taken": "Kotak dipisah dan dicatat"},
    ),
    Scene(
        at(11, 18, 21, 15), "kodim.1006", "A2", Severity.MEDIUM, "63.03.03",
        "sekitar lapangan Gambut",
        "Adu mulut dua kelompok seusai kegiatan malam",
        "Dua kelompok saling teriak di pintu keluar; dipisahkan Babinsa dan Bhabinkamtibmas.",
        handled("posko.banjar", 10, 15, 40, 120),
        disturbance=Disturbance.THRESHOLD,
    ),
    Scene(
        at(11, 19, 10, 5), "liaison.kpu", "E5", Severity.LOW, "63.06.10", "Loksado",
        "Anggota PPS sakit setelah perjalanan ke desa",
        "Petugas dirawat di puskesmas; penggantinya sudah ditunjuk.",
    ),
    Scene(
        at(11, 19, 15, 40), "liaison.polda", "F3", Severity.HIGH, "63.71", "Sungai Lulut",
        "Perahu patroli bersenggolan dengan kelotok",
        "Dua petugas luka ringan; perahu ditarik ke dermaga.",
        (
            *handled("liaison.polda", 15, 25, until=HANDLING),
            Step(70, "liaison.polda", text="Perahu pengganti dari Satpolairud beroperasi."),
            Step(
                120, "liaison.polda", ask=ADVICE, to="pemprov-kalsel",
                matter="Apakah alur sungai di titik ini dapat dipasangi rambu sebelum hari H?",
            ),
            Step(
                150, "liaison.polda", ask=PART, to="kpu-kalsel",
                matter="Atur ulang jadwal angkutan logistik lewat Sungai Lulut.",
                text="Perahu patroli berkurang satu sampai perbaikan selesai.",
            ),
        ),
        details={"casualties": "2 petugas luka ringan", "loss": "1 perahu patroli"},
    ),
    Scene(
        at(11, 20, 7, 20), "posko.banjar", "A4", Severity.HIGH, "63.03.01",
        "rumah petugas di Aluh-Aluh",
        "Petugas pemungutan menerima ancaman",
        "Seorang petugas melapor didatangi orang tak dikenal pada malam hari dan diminta mundur.",
        minutes_before=540,
        disturbance=Disturbance.THRESHOLD,
        details={"action_taken": "Patroli rumah petugas ditambah"},
    ),
)  # fmt: skip


def load(people: Mapping[str, Actor]) -> None:
    """Everything once: where a scene was already reported, it is left as it is."""
    known = set(Incident.objects.filter(illustrative=True).values_list("title", flat=True))
    for scene in SCENES:
        if scene.title not in known:
            play(scene, people)


def play(scene: Scene, people: Mapping[str, Actor]) -> None:
    region = Region.objects.get(code=scene.region)
    point = region.level == Region.Level.DISTRICT and region.latitude is not None
    incident = report_incident(
        type=IncidentType.objects.get(code=scene.code),
        title=scene.title,
        chronology=scene.chronology,
        region=region,
        place=scene.place,
        latitude=region.latitude if point else None,
        longitude=region.longitude if point else None,
        occurred_at=scene.reported - timedelta(minutes=scene.minutes_before),
        severity=scene.severity,
        disturbance=scene.disturbance,
        illustrative=True,
        by=people[scene.login],
        at=scene.reported,
        **scene.details,
    )
    for step in scene.steps:
        take(incident, step, people[step.login], scene.reported + timedelta(minutes=step.minutes))


def take(incident: Incident, step: Step, by: Actor, moment: datetime) -> None:
    if step.ask:
        to = Agency.objects.get(slug=step.to)
        ask_agency(
            incident, kind=step.ask, to=to, matter=step.matter, reason=step.text, by=by, at=moment
        )
    elif step.answer:
        asked = AgencyRequest.objects.open().get(incident=incident, agency=by.agency_id)
        if step.answer == ACCEPT:
            accept_request(asked, note=step.text, by=by, at=moment)
        else:
            answer_request(asked, text=step.text, by=by, at=moment)
    elif step.state:
        move_incident(incident, step.state, reason=step.text, by=by, at=moment)
    else:
        audience = Audience.INTERNAL if step.internal else Audience.AGENCIES
        add_update(
            incident, kind=UpdateKind.ACTION, text=step.text, audience=audience, by=by, at=moment
        )
