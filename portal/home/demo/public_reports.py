"""A dozen reports of the public in varied states. All are invented and marked so; nobody's name,
number or voice is in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.actions.public_reports import Contact, add_to_report, read_answers, receive_report
from incidents.actions.public_triage import answer_report, follow_up, set_aside
from incidents.enums import Timing
from incidents.models import Incident, PublicReport, PublicSubject, TriageReason
from portal import clock
from portal.access.actor import Actor
from portal.registry.models import Region

COORDINATOR, POSKO = "koordinator", "posko.banjar"


@dataclass(frozen=True)
class Voice:
    """What somebody sent, and what came of it: a reason, an incident's title, an answer."""

    received: datetime
    subject: str
    region: str
    place: str
    text: str
    timing: Timing = Timing.PAST
    hours: float = -1.0
    confidential: bool = False
    contact: bool = False
    trapped: bool = False
    login: str = ""
    reason: str = ""
    incident: str = ""
    answer: str = ""
    read: bool = False
    added: str = ""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 11, day, hour, minute, tzinfo=clock.WITA)


VOICES = (
    Voice(
        at(11, 6, 40), "bencana", "63.11.01", "jalan Juai menuju Sumber Rezeki",
        "Air setinggi lutut menutup jalan, mobil tidak bisa lewat sejak subuh.",
        login=COORDINATOR, incident="Banjir memutus jalan ke beberapa desa",
        answer="Petugas dan perahu sudah di lokasi. Terima kasih.", read=True,
    ),
    Voice(
        at(13, 12, 5), "lain", "63.03.17", "sekitar kantor kecamatan",
        "Listrik dan sinyal padam sejak kemarin sore, warga sulit menelepon.",
        login=POSKO, incident="Sinyal dan listrik terputus di kecamatan terjauh", read=True,
    ),
    Voice(
        at(14, 9, 20), "alat-peraga", "63.03.02", "tikungan dekat pasar",
        "Spanduk melintang menutupi rambu, pengendara hampir bertabrakan.",
        login=POSKO, reason="pelanggaran",
    ),
    Voice(
        at(15, 20, 10), "kerumunan", "63.03.03", "",
        "Ada keributan di dekat rumah.",
        login=POSKO, reason="kurang-jelas",
        added="Tepatnya di lapangan Gambut, sekitar pukul delapan malam, dua kelompok pemuda.",
    ),
    Voice(
        at(16, 7, 30), "lain", "63.71.02", "",
        "PROMO pinjaman cepat cair https://contoh.test/a dan https://contoh.test/b hari ini",
        trapped=True,
    ),
    Voice(
        at(17, 16, 45), "netralitas-aparat", "63.05", "",
        "Seorang petugas berseragam terlihat ikut membagikan ajakan di sebuah pertemuan warga.",
        confidential=True,
    ),
    Voice(
        at(18, 21, 40), "perkelahian", "63.03.03", "pintu keluar lapangan Gambut",
        "Dua kelompok saling teriak seusai kegiatan malam, ada yang membawa kayu.",
        timing=Timing.NOW, hours=-0.3, login=POSKO,
        incident="Adu mulut dua kelompok seusai kegiatan malam",
        answer="Sudah dipisahkan petugas; lokasi dijaga sampai malam.",
    ),
    Voice(
        at(19, 8, 15), "uang", "63.09.06", "satu lingkungan RT",
        "Ada amplop dibagikan malam tadi dari rumah ke rumah. Saya melihatnya sendiri.",
        contact=True,
    ),
    Voice(
        at(19, 17, 30), "ancaman", "63.03.01", "rumah petugas di Aluh-Aluh",
        "Tetangga saya petugas pemungutan, semalam didatangi orang tak dikenal dan diminta mundur.",
    ),
    Voice(
        at(19, 18, 5), "ancaman", "63.03.01", "dekat dermaga",
        "Petugas pemungutan di kampung kami didatangi orang tak dikenal, diminta mundur.",
    ),
    Voice(
        at(19, 20, 0), "hoaks", "63.03.05", "grup percakapan warga",
        "Beredar gambar yang menyebut hari pemungutan diundur. Warga bertanya-tanya.",
    ),
    Voice(
        at(20, 6, 25), "kerumunan", "63.03.06", "depan kantor desa",
        "Dengar kabar besok pagi akan ada massa datang ke kantor desa membawa spanduk.",
        timing=Timing.AHEAD, hours=26,
    ),
)  # fmt: skip


def load(people: Mapping[str, Actor]) -> None:
    """Everything once: what was already sent is left as it is."""
    known = set(PublicReport.objects.filter(illustrative=True).values_list("text", flat=True))
    for voice in VOICES:
        if voice.text not in known:
            play(voice, people)


def play(voice: Voice, people: Mapping[str, Actor]) -> None:
    report = receive_report(
        subject=PublicSubject.objects.get(pk=voice.subject),
        region=Region.objects.get(pk=voice.region),
        place=voice.place,
        timing=voice.timing,
        occurred_at=voice.received + timedelta(hours=voice.hours),
        text=voice.text,
        anonymous=not voice.contact,
        confidential=voice.confidential,
        contact=Contact("Warga (ilustrasi)", "0800-000-000") if voice.contact else None,
        trapped=voice.trapped,
        illustrative=True,
        at=voice.received,
    ).report
    if voice.login:
        decide(report, voice, people[voice.login], voice.received + timedelta(minutes=40))


def decide(report: PublicReport, voice: Voice, by: Actor, moment: datetime) -> None:
    if voice.reason:
        reason = TriageReason.objects.get(pk=voice.reason)
        set_aside([report.pk], reason, by=by, at=moment)
    if voice.incident:
        incident = Incident.objects.get(title=voice.incident, illustrative=True)
        follow_up([report.pk], incident, by=by, at=moment)
    if voice.answer:
        answer_report(report, text=voice.answer, by=by, at=moment + timedelta(minutes=5))
    if voice.read:
        read_answers(report, at=moment + timedelta(hours=3))
    if voice.added:
        add_to_report(report, text=voice.added, at=moment + timedelta(hours=1))
