"""What happens to minutes besides publication: a draft that circulates, an objection, an addendum.
All of it is invented."""

from coordination.actions import attendance, meetings, minutes
from coordination.enums import MeetingKind
from coordination.models import Addendum, Meeting, Minutes
from portal.access.actor import Actor
from portal.home.demo.story import agency, agenda, seats, when
from portal.registry.models import Operation

TITLE = "Rakor sinkronisasi data kerawanan"
ITEMS = (
    ("Data kerawanan per kecamatan", "bawaslu", 30),
    ("Jumlah dan letak TPS khusus", "kpu", 30),
    ("Kesepakatan pemutakhiran bersama", "polda", 20),
)
TEXTS = (
    (
        "Bawaslu memaparkan **12 kecamatan** dengan riwayat keberatan hasil.",
        "Data Bawaslu menjadi acuan bersama sampai 27 November.",
    ),
    (
        "KPU menyampaikan letak TPS khusus di lembaga pemasyarakatan dan rumah sakit.",
        "Daftar TPS khusus dikirim KPU paling lambat 22 November.",
    ),
    ("Tiap instansi menunjuk satu petugas data.", "Pemutakhiran dilakukan tiap pukul 16.00 WITA."),
)
INVITED = ("polda", "korem", "kpu", "bawaslu", "kesbangpol")


def load(people: dict[str, Actor]) -> None:
    """Tell it once; a second call finds it told."""
    if Meeting.objects.filter(title=TITLE).exists():
        return
    circulating(people)
    correction(people)


def circulating(people: dict[str, Actor]) -> None:
    """Minutes that lie before the agencies until two days after the demo's "now"; one objects."""
    by = people["koordinator"]
    meeting = meetings.plan_meeting(
        by=by,
        at=when("2024-11-14T09:00"),
        operation=Operation.objects.get(slug="mantap-praja-intan-2024"),
        title=TITLE,
        kind=MeetingKind.CROSS_SECTOR,
        starts_at=when("2024-11-18T09:00"),
        ends_at=when("2024-11-18T10:30"),
        place="Ruang Rapat Kesbangpol, Banjarbaru",
        chair_office="Karo Ops Polda Kalimantan Selatan",
        illustrative=True,
        agenda=agenda(ITEMS),
        agencies=[agency(name) for name in INVITED],
    )
    meetings.schedule_meeting(meeting, by=by, at=when("2024-11-14T09:30"))
    start, end = when("2024-11-18T09:00"), when("2024-11-18T10:30")
    meeting = meetings.start_meeting(meeting, by=by, at=start)
    present = [(name, f"Penghubung {agency(name)}", "hadir", "", "") for name in INVITED]
    attendance.record_attendance(meeting, seats(present, start), by=by, at=start)
    meeting = meetings.close_meeting(meeting, by=by, at=end)
    draft = minutes.open_minutes(meeting, by=by, at=end)
    for section, (body, decision) in zip(
        draft.sections.select_related("minutes__meeting").order_by("position"), TEXTS, strict=True
    ):
        minutes.save_section(section, by=by, at=end, body=body, decision=decision)
    minutes.save_head(
        draft,
        by=by,
        at=end,
        opening="Rapat dibuka pukul 09.00 WITA oleh Karo Ops.",
        closing="Rapat ditutup pukul 10.30 WITA.",
    )
    minutes.circulate_minutes(
        draft, by=by, at=when("2024-11-19T10:00"), until=when("2024-11-22T16:00")
    )
    section = draft.sections.select_related("minutes__meeting", "agenda_item").get(position=2)
    minutes.object_to(
        section,
        by=people["liaison.kpu"],
        at=when("2024-11-19T15:00"),
        text="Letak TPS khusus belum final; yang disampaikan adalah rencana.",
        proposed="KPU menyampaikan rencana letak TPS khusus di lembaga pemasyarakatan dan rumah "
        "sakit; penetapannya menyusul.",
    )


def correction(people: dict[str, Actor]) -> None:
    """An addendum to the published minutes of the last weekly evaluation."""
    by = people["koordinator"]
    published = Minutes.objects.select_related("meeting").get(
        meeting__title="Anev mingguan ke-13", state="published"
    )
    if Addendum.objects.filter(minutes=published).exists():
        return
    section = published.sections.order_by("position")[1]
    addendum = minutes.draft_addendum(
        published,
        by=by,
        at=when("2024-11-19T09:00"),
        section=section,
        text=section.body.replace("hampir selesai", "selesai 95 persen"),
        reason="KPU melengkapi angka penyortiran.",
    )
    minutes.sign_addendum(addendum, by=by, at=when("2024-11-19T09:30"), proof="password")
    minutes.publish_addendum(addendum, by=by, at=when("2024-11-19T10:00"))
