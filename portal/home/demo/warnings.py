"""What the rules found in the demo's own incidents and field reports, how it ended, and the levels
of threat of a few kecamatan. Nothing is invented beside them but the judgements."""

from collections.abc import Mapping
from datetime import timedelta

from incidents.actions.threats import set_threat
from incidents.actions.warning_acts import acknowledge_warning, end_warning, expire_warnings
from incidents.actions.warnings import evaluate_incident, evaluate_report
from incidents.enums import Occurrence
from incidents.enums.warning import ThreatLevel, WarningState
from incidents.models import EarlyWarning, FieldReport, Incident, Threat
from portal.access.actor import SYSTEM, Actor
from portal.home.demo.incidents import COORDINATOR, at
from portal.registry.models import Region

BANJAR = "posko.banjar"
SEEN = at(11, 20, 7, 50)
"""Warnings whose time was over before are."""

THREATS = (
    (
        "63.03.03",
        ThreatLevel.MEDIUM,
        "Dua kelompok bersinggungan seusai kegiatan.",
        BANJAR,
        at(11, 19, 7),
    ),
    (
        "63.03.17",
        ThreatLevel.MEDIUM,
        "Jalan ke dua TPS tertutup longsoran.",
        BANJAR,
        at(11, 19, 20),
    ),
    (
        "63.03.01",
        ThreatLevel.HIGH,
        "Intimidasi terhadap petugas penyelenggara.",
        BANJAR,
        at(11, 20, 7, 40),
    ),
    (
        "63.11.01",
        ThreatLevel.HIGH,
        "Banjir memutus jalan ke beberapa desa.",
        COORDINATOR,
        at(11, 11, 9),
    ),
    (
        "63.11.01",
        ThreatLevel.MEDIUM,
        "Air surut; jalur kendaraan roda empat dibuka.",
        COORDINATOR,
        at(11, 14, 9),
    ),
)


def load(people: Mapping[str, Actor]) -> None:
    """Everything once: where a warning was already given, nothing is added."""
    if not EarlyWarning.objects.exists():
        _find()
        _answer(people)
    if not Threat.objects.exists():
        for code, level, reason, login, moment in THREATS:
            region = Region.objects.get(pk=code)
            set_threat(
                region,
                level=level,
                reason=reason,
                by=people[login],
                at=moment,
                illustrative=True,
            )


def _find() -> None:
    """Each told at its time, as the workers would have looked at it then."""
    incidents = Incident.objects.filter(illustrative=True, reported_at__lte=SEEN)
    expected = FieldReport.objects.filter(
        illustrative=True, occurrence=Occurrence.EXPECTED, reported_at__lte=SEEN
    )
    for told in sorted([*incidents, *expected], key=lambda row: row.reported_at):
        expire_warnings(at=told.reported_at)
        look = evaluate_incident if isinstance(told, Incident) else evaluate_report
        look(told, by=SYSTEM, at=told.reported_at)
    expire_warnings(at=SEEN)


def _answer(people: Mapping[str, Actor]) -> None:
    """One agency has acknowledged what runs, the others not yet; the oldest was judged."""
    for actor in (people["liaison.bawaslu"], people["liaison.kpu"]):
        told = EarlyWarning.objects.running().filter(receipts__agency=actor.agency_id).first()
        if told is not None:
            acknowledge_warning(told, by=actor, at=told.raised_at + timedelta(minutes=9))
            break
    over = EarlyWarning.objects.filter(state=WarningState.EXPIRED).order_by("raised_at").first()
    if over is not None:
        reason = "Gangguan terjadi seperti diperingatkan dan ditangani di tempat."
        by = people[COORDINATOR]
        end_warning(over, WarningState.CONFIRMED, reason=reason, by=by, at=SEEN)
