"""The demo's series, backlog, examples and a rakor that sits this morning. All of it is invented
and marked as illustrative."""

from datetime import datetime, timedelta

from coordination.actions import agenda, agenda_templates, meetings, series, session
from coordination.enums import MeetingKind
from coordination.models import Meeting, MeetingSeries
from portal import clock
from portal.access.actor import Actor
from portal.registry.models import Agency, Operation

OPERATION = "mantap-praja-intan-2024"
WEEKLY = "Anev mingguan Operasi Mantap Praja Intan"
DAILY = "Anev harian posko"
CHAIR = "Karo Ops Polda Kalimantan Selatan"
POSKO = "Ruang Posko Operasi, Polda Kalimantan Selatan, Banjarbaru"
# Section, subject, agency, office, minutes, agencies that may know it (none: all).
NEXT = (
    ("", "Pembukaan", "polda-kalsel", CHAIR, 5, ()),
    ("Situasi", "Situasi kamtibmas sepekan", "polda-kalsel", "Dirintelkam", 15, ()),
    (
        "Situasi",
        "Titik rawan dan rencana pengamanan tertutup",
        "binda-kalsel",
        "Kabinda",
        10,
        ("korem-101",),
    ),
    ("Kesiapan", "Distribusi logistik ke 13 kabupaten/kota", "kpu-kalsel", "Sekretaris", 15, ()),
    ("Kesiapan", "Pengawasan masa tenang", "bawaslu-kalsel", "Koordinator divisi", 15, ()),
    ("Kesiapan", "Pergeseran pasukan H-3", "polda-kalsel", "Kabag Binops", 15, ()),
    ("", "Penekanan pimpinan", "polda-kalsel", CHAIR, 10, ()),
)
TODAY = (
    ("Laporan situasi 24 jam", "polda-kalsel", "Pamen pengawas posko", 15),
    ("Kesiapan gudang logistik", "kpu-kalsel", "Kabag logistik", 15),
    ("Pembahasan pengamanan tertutup", "binda-kalsel", "Kabinda", 10),
    ("Rencana kegiatan hari ini", "polda-kalsel", "Kabag Binops", 15),
)
WAITING = (
    ("Evaluasi jalur komunikasi posko kecamatan", "kesbangpol-kalsel", 15),
    ("Dukungan angkutan sungai untuk TPS terpencil", "pemprov-kalsel", 20),
)


def load(people: dict[str, Actor]) -> None:
    """Once; a second call finds it there."""
    if Meeting.objects.filter(title=f"{DAILY}, 20 November").exists():
        return
    by = people["koordinator"]
    _week(by)
    _morning(by)


def weekly_series(by: Actor, at: datetime) -> MeetingSeries:
    """The series of the weekly evaluations, begun with the first of them."""
    found = MeetingSeries.objects.filter(title=WEEKLY).first()
    return found or _series(WEEKLY, by, at)


def _series(title: str, by: Actor, at: datetime) -> MeetingSeries:
    return series.create_series(
        by=by,
        at=at,
        operation=Operation.objects.get(slug=OPERATION),
        title=title,
        kind=MeetingKind.EVALUATION,
        illustrative=True,
    )


def _week(by: Actor) -> None:
    """Next week's evaluation, with what came back after its opening, and what waits for another."""
    at = _when("2024-11-19T10:00")
    weekly = weekly_series(by, at)
    meeting = _plan("Anev mingguan ke-14", "2024-11-25T13:00", 150, weekly, by, at)
    for section, title, presenter, office, minutes, audience in NEXT:
        agenda.add_item(
            meeting,
            by=by,
            at=at,
            section=section,
            title=title,
            presenter=_agency(presenter),
            presenter_office=office,
            planned_minutes=minutes,
            is_closed=bool(audience),
            audience=[_agency(slug) for slug in audience],
        )
    for title, presenter, minutes in WAITING:
        agenda.add_item(
            weekly,
            by=by,
            at=at,
            title=title,
            presenter=_agency(presenter),
            planned_minutes=minutes,
        )
    agenda_templates.save_template(meeting, by=by, at=at, name="Anev mingguan")


def _morning(by: Actor) -> None:
    """A rakor that sits as the demo begins: its second item is on, the third is closed."""
    at = _when("2024-11-19T15:00")
    meeting = _plan(f"{DAILY}, 20 November", "2024-11-20T07:30", 60, _series(DAILY, by, at), by, at)
    for title, presenter, office, minutes in TODAY:
        agenda.add_item(
            meeting,
            by=by,
            at=at,
            title=title,
            presenter=_agency(presenter),
            presenter_office=office,
            planned_minutes=minutes,
            is_closed="tertutup" in title,
        )
    meeting = meetings.schedule_meeting(meeting, by=by, at=at)
    opened = _when("2024-11-20T07:32")
    meeting = meetings.start_meeting(meeting, by=by, at=opened)
    for moment in (opened, opened + timedelta(minutes=18)):
        session.next_item(meeting, by=by, at=moment)


def _plan(
    title: str, start: str, minutes: int, of: MeetingSeries, by: Actor, at: datetime
) -> Meeting:
    starts_at = _when(start)
    slugs = ("polda-kalsel", "korem-101", "kpu-kalsel", "bawaslu-kalsel", "binda-kalsel")
    return meetings.plan_meeting(
        by=by,
        at=at,
        operation=of.operation,
        series=of,
        title=title,
        kind=MeetingKind.EVALUATION,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        place=POSKO,
        chair_office=CHAIR,
        illustrative=True,
        agencies=[_agency(slug) for slug in slugs],
    )


def _agency(slug: str) -> Agency:
    return Agency.objects.get(slug=slug)


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.WITA)
