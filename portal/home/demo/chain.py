"""The demo's second series: what stayed open comes back, is talked about, and teaches something.

All of it is invented, and marked so; also the earlier operation that left its lessons.
"""

from datetime import date, datetime

from coordination.actions import (
    attendance,
    carry_over,
    comments,
    following,
    lessons,
    meetings,
    minutes,
    obligations,
)
from coordination.actions.series import create_series
from coordination.models import Lesson, Meeting, MeetingSeries, Minutes, Obligation
from portal.access.actor import Actor
from portal.home.demo.story import (
    TAKER,
    Story,
    agency,
    agenda,
    draft_directives,
    publish_signed,
    seats,
    when,
    write,
)
from portal.registry.models import Operation

SERIES = "Rakor pengamanan logistik"
FIRST = "Rakor pengamanan logistik ke-1"
SECOND = "Rakor pengamanan logistik ke-2"
PLACE = "Ruang Posko Operasi, Polda Kalimantan Selatan, Banjarbaru"
INVITED = ("polda", "korem", "kpu", "bawaslu", "pemprov")
AGENDA = (
    ("Jadwal distribusi logistik", "kpu", 30),
    ("Pengawalan dan jalur sungai", "polda", 30),
    ("Penekanan pimpinan", "polda", 15),
)
TEXTS = (
    ("KPU Provinsi Kalimantan Selatan", "Logistik bergerak dari gudang mulai **24 November**."),
    (TAKER, "Pengawalan melekat sampai TPS; jalur sungai memakai kapal Polairud."),
    (TAKER, "Tiap instansi menetapkan penghubung distribusi dan melaporkan hambatan jalan."),
)
DIRECTIVES = (
    (
        "Penghubung distribusi logistik",
        "Tetapkan **satu penghubung** untuk tiap kabupaten/kota dan sampaikan daftarnya.",
        "arahan",
        "kesepakatan",
        "segera",
        "Daftar penghubung 13 kabupaten/kota",
        "Daftar bernomor telepon posko",
        "2024-11-18T16:00+08:00",
        ("kpu", "polda", "korem", "pemprov"),
    ),
)
EARLIER = (
    (
        "masalah",
        "Kanal radio antarinstansi berbeda",
        "Petugas TPS dan posko tidak saling mendengar selama dua jam pertama. Sepakati **satu "
        "kanal bersama** dan uji sebelum hari pemungutan suara.",
        "polda",
        "",
    ),
    (
        "masalah",
        "Perahu cadangan tidak tersedia di hulu sungai",
        "Distribusi ke desa di hulu terlambat karena tidak ada perahu cadangan.",
        "pemprov",
        "",
    ),
    (
        "pelajaran",
        "Posko bersama mempercepat pelimpahan laporan",
        "Petugas pengawas dan kepolisian yang duduk di satu ruang menyelesaikan pelimpahan dalam "
        "hitungan menit.",
        "bawaslu",
        "Dipakai sebagai pola posko pada operasi berikutnya.",
    ),
)


def load(people: dict[str, Actor]) -> None:
    """Tell it once; a second call finds it told."""
    if MeetingSeries.objects.filter(title=SERIES).exists():
        return
    story = Story(people)
    earlier_operation(story)
    first_meeting(story)
    second_meeting(story)
    talk(story)
    story.run()


def earlier_operation(story: Story) -> None:
    """An exercise of the year before, whose lessons the planners of this one find."""
    by = story.coordinator
    title = "Anev akhir latihan posko bersama"
    operation, _created = Operation.objects.get_or_create(
        slug="latihan-posko-2023",
        defaults={
            "name": "Latihan Posko Bersama 2023 (ilustrasi)",
            "code_name": "Latihan Posko 2023",
            "kind": "Latihan (ilustrasi)",
            "region_id": "63",
            "starts_on": date(2023, 10, 2),
            "ends_on": date(2023, 10, 31),
            "source": "Data ilustrasi",
        },
    )

    def plan(at: datetime) -> None:
        call(
            by,
            at,
            operation=operation,
            title=title,
            kind="anev",
            starts_at=when("2023-10-30T09:00"),
            ends_at=when("2023-10-30T11:00"),
            agenda=agenda((("Evaluasi latihan", "polda", 90),)),
        )

    def hold(at: datetime) -> None:
        meeting = Meeting.objects.get(title=title)
        meetings.start_meeting(meeting, by=by, at=at)
        meetings.close_meeting(meeting, by=by, at=when("2023-10-30T11:00"))

    def learn(at: datetime) -> None:
        meeting = Meeting.objects.get(title=title)
        for kind, about, text, owner, outcome in EARLIER:
            lesson = lessons.raise_lesson(
                meeting,
                by=by,
                at=at,
                kind=kind,
                title=about,
                text=text,
                owner_agency=agency(owner),
                agenda_item=meeting.agenda.get(),
            )
            if outcome:
                lessons.follow_lesson(lesson, by=by, at=at, state="closed", follow_up=outcome)

    story.at("2023-10-20", plan)
    story.at("2023-10-30T09:00", hold)
    story.at("2023-10-31T10:00", learn)


def call(by: Actor, at: datetime, **values) -> Meeting:
    meeting = meetings.plan_meeting(
        by=by,
        at=at,
        place=PLACE,
        chair_office=TAKER,
        illustrative=True,
        agencies=[agency(name) for name in INVITED],
        **values,
    )
    return meetings.schedule_meeting(meeting, by=by, at=at)


def first_meeting(story: Story) -> None:
    """Held and published: four agencies have a share, and not all of them carry it out."""
    by = story.coordinator

    def plan(at: datetime) -> None:
        operation = Operation.objects.get(slug="mantap-praja-intan-2024")
        series = create_series(by=by, at=at, operation=operation, title=SERIES, illustrative=True)
        call(
            by,
            at,
            operation=operation,
            series=series,
            title=FIRST,
            starts_at=when("2024-11-13T13:00"),
            ends_at=when("2024-11-13T14:30"),
            agenda=agenda(AGENDA),
        )

    def run(at: datetime) -> None:
        meeting = Meeting.objects.get(title=FIRST)
        meetings.start_meeting(meeting, by=by, at=at)
        present = [(name, f"Penghubung {agency(name)}", "hadir", "", "") for name in INVITED]
        attendance.record_attendance(meeting, seats(present, at), by=by, at=at)

    def publish(at: datetime) -> None:
        meeting = Meeting.objects.get(title=FIRST)
        meetings.close_meeting(meeting, by=by, at=at)
        draft: Minutes = minutes.open_minutes(meeting, by=by, at=at)
        write(draft, TEXTS, by=by, at=at, opening="Rapat dipimpin Karo Ops.", closing="")
        section = draft.sections.order_by("-position").first()
        draft_directives(draft, section, DIRECTIVES, by=by, at=at)
        publish_signed(draft, by=by, at=at)
        lessons.raise_lesson(
            meeting,
            by=by,
            at=at,
            kind="masalah",
            title="Data titik rawan banjir tidak seragam",
            text="Tiap instansi memakai daftar titik rawan banjir sendiri.",
            owner_agency=agency("pemprov"),
            section=section,
        )

    story.at("2024-11-08", plan)
    story.at("2024-11-13T13:00", run)
    story.at("2024-11-13T15:00", publish)
    story.at("2024-11-13T16:00", lambda at: acknowledge("kpu", story, at))
    story.at("2024-11-14T09:00", lambda at: acknowledge("korem", story, at))
    story.at("2024-11-15T10:00", lambda at: submit("kpu", story, at))
    story.at(
        "2024-11-15T15:00",
        lambda at: obligations.verify_and_close(
            share("kpu"), by=by, at=at, note="Daftar lengkap, 13 kabupaten/kota."
        ),
    )
    story.at(
        "2024-11-16T09:00",
        lambda at: obligations.report_obstacle(
            share("korem"),
            by=story.liaison("korem"),
            at=at,
            percent=60,
            obstacle="Menunggu daftar posko dari dua Kodim.",
        ),
    )


def share(name: str) -> Obligation:
    return Obligation.objects.get(directive__meeting__title=FIRST, agency=agency(name))


def acknowledge(name: str, story: Story, at: datetime) -> None:
    obligations.acknowledge_obligation(share(name), by=story.liaison(name), at=at)


def submit(name: str, story: Story, at: datetime) -> None:
    obligations.submit_obligation(
        share(name), by=story.liaison(name), at=at, note="Daftar penghubung disampaikan."
    )


def second_meeting(story: Story) -> None:
    """Called for: what is open of the first is on its agenda by itself; one item is dropped."""
    by = story.coordinator

    def plan(at: datetime) -> None:
        first = Meeting.objects.get(title=FIRST)
        call(
            by,
            at,
            operation=first.operation,
            series=first.series,
            title=SECOND,
            starts_at=when("2024-11-23T13:00"),
            ends_at=when("2024-11-23T14:45"),
            agenda=agenda(AGENDA),
        )

    def drop(at: datetime) -> None:
        carry_over.drop_item(
            Meeting.objects.get(title=SECOND),
            share("polda"),
            by=by,
            at=at,
            reason="Dilaporkan langsung kepada Karo Ops sebelum rakor.",
        )

    def take(at: datetime) -> None:
        lesson = Lesson.objects.get(title=EARLIER[0][1])
        lessons.put_on_agenda(lesson, Meeting.objects.get(title=SECOND), by=by, at=at)

    story.at("2024-11-18T10:00", plan)
    story.at("2024-11-19T09:00", drop)
    story.at("2024-11-19T09:10", take)


def talk(story: Story) -> None:
    """What the agencies say to one another about the share of the Korem."""
    by, korem = story.coordinator, story.liaison("korem")

    def ask(at: datetime) -> None:
        comments.write_comment(
            share("korem"),
            by=by,
            at=at,
            body="Mohon kabar **dua Kodim** yang belum masuk sebelum rakor ke-2.",
            is_internal=False,
            posts=[korem.post_id] if korem.post_id else [],
        )

    def answer(at: datetime) -> None:
        comments.write_comment(
            share("korem"),
            by=korem,
            at=at,
            body="Daftar satu Kodim diterima pagi ini; satu lagi dijanjikan sore.",
            is_internal=False,
        )
        comments.write_comment(
            share("korem"), by=korem, at=at, body="Ingatkan Pasi Ops lewat telepon."
        )

    def follow(at: datetime) -> None:
        following.choose_following(
            share("korem"), by=story.people["pimpinan"], at=at, following=True
        )

    story.at("2024-11-18T09:00", ask)
    story.at("2024-11-18T11:00", answer)
    story.at("2024-11-18T12:00", follow)
