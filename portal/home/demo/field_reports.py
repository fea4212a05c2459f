"""What officers in the field sent. All are invented and marked so; no person is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from incidents.actions.accounts import Told
from incidents.actions.field_reports import file_report, send_field_report, set_aside
from incidents.enums import Disturbance, Occurrence, Severity
from incidents.models import FieldReport, Incident, IncidentType
from portal.access.actor import Actor
from portal.home.demo.incidents import at
from portal.registry.models import Region

BANJAR = "posko.banjar"


@dataclass(frozen=True)
class Sent:
    """A report; `unsent_minutes` is how long it waited on a phone without network. `into` is the
    title of the incident that it was filed in, `aside` why it is none."""

    moment: datetime
    code: str
    severity: Severity
    region: str
    place: str
    title: str
    chronology: str
    login: str = BANJAR
    occurrence: Occurrence = Occurrence.OVER
    disturbance: Disturbance = Disturbance.REAL
    unsent_minutes: int = 0
    into: str = ""
    aside: str = ""


REPORTS = (
    Sent(
        at(11, 18, 21, 5), "A2", Severity.MEDIUM, "63.03.03", "pintu keluar lapangan Gambut",
        "Dua kelompok saling teriak di pintu keluar",
        "Sekitar 40 orang dari dua kelompok bertahan di pintu keluar lapangan seusai kegiatan.",
        into="Adu mulut dua kelompok seusai kegiatan malam",
        disturbance=Disturbance.THRESHOLD,
    ),
    Sent(
        at(11, 19, 14, 20), "A1", Severity.LOW, "63.03.05", "halaman kantor kecamatan",
        "Latihan peragaan penanganan massa",
        "Peragaan bersama linmas selesai pukul 14.00, tidak ada gangguan.",
        aside="Latihan, bukan kejadian.",
    ),
    Sent(
        at(11, 19, 19, 45), "F1", Severity.MEDIUM, "63.03.17", "jalan desa menuju Paramasan Atas",
        "Jalan ke dua TPS tertutup longsoran kecil",
        "Longsoran menutup separuh badan jalan; sepeda motor masih lewat bergantian.",
        unsent_minutes=95,
    ),
    Sent(
        at(11, 19, 20, 30), "F1", Severity.MEDIUM, "63.03.17", "jalan desa menuju Paramasan Atas",
        "Longsoran menutup jalan menuju TPS",
        "Jalan desa tertutup longsoran sepanjang enam meter, kendaraan roda empat tidak lewat.",
        unsent_minutes=60,
    ),
    Sent(
        at(11, 20, 6, 50), "A3", Severity.MEDIUM, "63.03.01", "simpang tiga Aluh-Aluh",
        "Rencana arak-arakan sore ini tanpa pemberitahuan",
        "Menurut keterangan warga, sekitar 50 kendaraan akan berkumpul pukul 16.00.",
        occurrence=Occurrence.EXPECTED,
        disturbance=Disturbance.POTENTIAL,
    ),
    Sent(
        at(11, 20, 7, 30), "E4", Severity.LOW, "63.71.01", "dua kelurahan di tepi sungai",
        "Listrik padam bergilir di dua kelurahan",
        "Padam sejak pukul 06.40; petugas menyiapkan genset di posko.",
        login="liaison.polda",
    ),
)  # fmt: skip


def load(people: Mapping[str, Actor]) -> None:
    """Everything once: a report that was sent is the same report."""
    for sent in REPORTS:
        key = uuid5(NAMESPACE_URL, sent.title)
        if not FieldReport.objects.filter(client_key=key).exists():
            _play(sent, key, people[sent.login])


def _play(sent: Sent, key, by: Actor) -> None:
    arrived = sent.moment + timedelta(minutes=sent.unsent_minutes)
    expected = sent.occurrence == Occurrence.EXPECTED
    occurred = sent.moment + timedelta(hours=9) if expected else sent.moment - timedelta(minutes=15)
    report = send_field_report(
        Told(
            type=IncidentType.objects.get(code=sent.code),
            title=sent.title,
            chronology=sent.chronology,
            region=Region.objects.get(code=sent.region),
            place=sent.place,
            occurred_at=occurred,
            occurrence=sent.occurrence,
            severity=sent.severity,
            disturbance=sent.disturbance,
        ),
        client_key=key,
        written_at=sent.moment,
        illustrative=True,
        by=by,
        at=arrived,
    )
    if sent.into:
        incident = Incident.objects.get(title=sent.into)
        file_report(report, incident, by=by, at=incident.reported_at + timedelta(minutes=5))
    if sent.aside:
        set_aside(report, sent.aside, by=by, at=arrived + timedelta(minutes=20))
