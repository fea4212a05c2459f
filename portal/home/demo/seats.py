"""The demo's letters and daftar hadir: a rakor that begins this morning, and one still a draft.
All of it is invented."""

from datetime import datetime

from coordination.actions import attendance, invitations, letters, meetings
from coordination.models import Meeting
from coordination.queries.attendance import code_subject
from portal.access import codes
from portal.access.actor import Actor
from portal.home.demo.story import TAKER, agency, agenda, when
from portal.registry.models import Operation

TODAY = "Rakor teknis pengamanan kampanye akbar"
DRAFT = "Rakor kesiapan pengembalian logistik"
INVITED = ("polda", "korem", "kpu", "bawaslu", "kesbangpol", "pemprov")
PLACE = "Ruang Rupatama, Polda Kalimantan Selatan, Banjarbaru"
COPIES = ("Kapolda Kalimantan Selatan (sebagai laporan)", "Irwasda Polda Kalimantan Selatan")
# Who has come by eight, under names that belong to nobody: login, name, rank, number, office, and
# whether he represents.
EARLY = (
    ("liaison.kpu", "Nama Rekaan Satu", "Penata Tk. I", "198001012005012001", "Kabag Teknis", True),
    ("liaison.korem", "Nama Rekaan Dua", "Mayor Inf", "11000000000000", "Pasi Ops Korem 101", True),
)


def load(people: dict[str, Actor]) -> None:
    """Tell it once; a second call finds it told."""
    if Meeting.objects.filter(title=TODAY).exists():
        return
    _this_morning(people)
    _draft(people["koordinator"])


def _this_morning(people: dict[str, Actor]) -> None:
    by = people["koordinator"]
    meeting = _planned(by, TODAY, when("2024-11-18T08:30"), "2024-11-20T09:00", "2024-11-20T11:00")
    meetings.schedule_meeting(meeting, by=by, at=when("2024-11-18T09:00"))
    for login, answer, deputy in (
        ("liaison.korem", "diwakili", "Pasi Ops Korem 101/Antasari"),
        ("liaison.kpu", "diwakili", "Kabag Teknis KPU Provinsi"),
        ("liaison.bawaslu", "hadir", ""),
    ):
        seat = meeting.invitations.get(agency_id=people[login].agency_id)
        invitations.answer_invitation(
            seat,
            by=people[login],
            at=when("2024-11-19T10:00"),
            answer=answer,
            representative=deputy,
            may_commit=bool(deputy),
        )
    # Yesterday's change of place: its mail, with the calendar entry, is among those of the demo.
    meetings.edit_meeting(meeting, by=by, at=when("2024-11-19T16:00"), place=PLACE)
    at = when("2024-11-20T07:50")
    for login, name, rank, number, office, represents in EARLY:
        attendance.check_in(
            meeting,
            attendance.Attendee(name, office, rank, number, represents),
            by=people[login],
            at=at,
            code=codes.code_at(code_subject(meeting), at),
        )
    attendance.check_in_at_desk(
        meeting,
        attendance.Attendee(office="Dirintelkam Polda Kalsel"),
        agency=agency("polda"),
        by=by,
        at=when("2024-11-20T07:55"),
    )


def _draft(by: Actor) -> None:
    _planned(by, DRAFT, when("2024-11-19T15:00"), "2024-12-02T09:00", "2024-12-02T11:00")


def _planned(by: Actor, title: str, at: datetime, start: str, end: str) -> Meeting:
    meeting = meetings.plan_meeting(
        by=by,
        at=at,
        operation=Operation.objects.get(slug="mantap-praja-intan-2024"),
        title=title,
        starts_at=when(start),
        ends_at=when(end),
        place="Ruang Posko Operasi, Polda Kalimantan Selatan, Banjarbaru",
        dress="PDL / menyesuaikan",
        chair_office=TAKER,
        illustrative=True,
        agenda=agenda((("Paparan rencana pengamanan", "polda", 45), ("Tanggapan", "kpu", 45))),
        agencies=[agency(name) for name in INVITED],
    )
    letters.write_letter(
        meeting,
        by=by,
        at=at,
        urgency="segera",
        enclosures="1 (satu) lembar",
        subject=f"Undangan {title}",
        signatory_office=f"a.n. Kapolda Kalimantan Selatan, {TAKER}",
        copies=list(COPIES),
    )
    return Meeting.objects.get(pk=meeting.pk)
