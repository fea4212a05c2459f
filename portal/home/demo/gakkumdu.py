"""Cases of Sentra Gakkumdu on the demo's morning: in study, under investigation, a file returned,
one lapsed. All invented and marked so; roles instead of names, no candidate and no party."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.actions.gakkumdu import close_case, finish_step, return_file
from incidents.actions.gakkumdu_opening import hand_over
from incidents.actions.moves import move_incident
from incidents.actions.reports import report_incident
from incidents.enums import IncidentState, Severity
from incidents.enums.gakkumdu import CaseBasis, Outcome, StepCode
from incidents.models import GakkumduCase, Incident, IncidentType
from portal.access.actor import Actor
from portal.home.demo.incidents import at
from portal.registry.models import Region

LIAISON, DESK, POLICE = "liaison.bawaslu", "gakkumdu.bawaslu", "gakkumdu.polda"
PROSECUTOR = "gakkumdu.kejati"
RETURN, CLOSE = "return", "close"


@dataclass(frozen=True)
class Story:
    code: str
    region: str
    place: str
    title: str
    summary: str
    known: datetime
    received: datetime
    basis: CaseBasis
    steps: tuple[tuple[datetime, str, str, str], ...] = ()


STORIES = (
    Story(
        "B4", "63.09.06", "satu lingkungan RT", "Dugaan pemberian uang kepada pemilih (temuan)",
        "Petugas pengawas menemukan amplop berisi uang yang dibagikan kepada warga. Barang bukti "
        "dan keterangan dua saksi ada pada berkas.",
        at(11, 5, 19), at(11, 7, 10), CaseBasis.FINDING,
        (
            (at(11, 9, 16), DESK, StepCode.STUDY, "Pembahasan I dan II: diteruskan."),
            (at(11, 10, 9), DESK, StepCode.FORWARD, "Diteruskan dengan berita acara."),
        ),
    ),
    Story(
        "C1", "63.05", "kantor kecamatan", "Dugaan keberpihakan aparatur dalam rapat resmi",
        "Aparatur diduga mengajak peserta rapat resmi mendukung salah satu peserta pemilihan. "
        "Rekaman rapat diserahkan pelapor.",
        at(11, 15, 11), at(11, 18, 10), CaseBasis.REPORT,
    ),
    Story(
        "A4", "63.71", "kelurahan di tepi sungai", "Dugaan intimidasi terhadap petugas pendata",
        "Petugas pendata dihalangi dan diancam saat bertugas. Dua saksi dan visum ada pada berkas.",
        at(10, 18, 9), at(10, 21, 9), CaseBasis.REPORT,
        (
            (at(10, 24, 15), DESK, StepCode.STUDY, "Unsur pidana terpenuhi menurut pembahasan."),
            (at(10, 25, 9), DESK, StepCode.FORWARD, "Diteruskan dengan berita acara."),
            (at(11, 14, 15), POLICE, StepCode.INVESTIGATION, "Berkas dikirim kepada jaksa."),
            (at(11, 18, 11), PROSECUTOR, RETURN, "Lengkapi keterangan ahli."),
        ),
    ),
    Story(
        "B4", "63.10", "pasar mingguan", "Laporan pemberian barang yang disampaikan terlambat",
        "Warga melaporkan pembagian bahan pokok lebih dari tujuh hari sesudah mengetahuinya.",
        at(10, 20, 9), at(10, 29, 13), CaseBasis.REPORT,
        ((at(10, 30, 9), DESK, CLOSE, "Laporan melewati tujuh hari sejak diketahui."),),
    ),
)  # fmt: skip


def load(people: Mapping[str, Actor]) -> None:
    """Everything once: where a case was already opened, it is left as it is."""
    known = set(Incident.objects.filter(illustrative=True).values_list("title", flat=True))
    for story in STORIES:
        if story.title not in known:
            play(story, people)


def play(story: Story, people: Mapping[str, Actor]) -> None:
    opened = story.received + timedelta(hours=2)
    lead = people["liaison.polda"] if story.code == "A4" else people[LIAISON]
    incident = report_incident(
        type=IncidentType.objects.get(code=story.code),
        title=story.title,
        chronology=story.summary,
        region=Region.objects.get(code=story.region),
        place=story.place,
        occurred_at=story.known,
        severity=Severity.MEDIUM,
        illustrative=True,
        by=lead,
        at=story.received,
    )
    move_incident(incident, IncidentState.VERIFIED, by=lead, at=story.received)
    case = hand_over(
        incident,
        basis=story.basis,
        known_at=story.known,
        received_at=story.received,
        summary=story.summary,
        complete=True,
        late=True,
        by=lead,
        at=opened,
    )
    for moment, login, step, words in story.steps:
        take(case, step, words, people[login], moment)


def take(case: GakkumduCase, step: str, words: str, by: Actor, moment: datetime) -> None:
    if step == RETURN:
        return_file(case, happened_at=moment, reason=words, by=by, at=moment)
    elif step == CLOSE:
        close_case(case, Outcome.LAPSED, reason=words, by=by, at=moment)
    else:
        finish_step(case, step, happened_at=moment, note=words, by=by, at=moment)
