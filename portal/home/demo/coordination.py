"""The demo's rakor, directives and follow-up, told by the actions in the order of their time."""

from datetime import datetime, timedelta

from coordination.actions import (
    attendance,
    invitations,
    meetings,
    minutes,
    obligations,
    reminders,
)
from coordination.enums import MeetingKind
from coordination.models import Meeting, Obligation
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.home.demo import rakor_words as words
from portal.home.demo.planning import weekly_series
from portal.home.demo.story import (
    TAKER,
    Story,
    agency,
    agenda,
    answers,
    draft_directives,
    publish_signed,
    seats,
    when,
    write,
)
from portal.registry.models import Operation

CHAIR = "Kapolda Kalimantan Selatan"
# Who answered for what, when: directive of June, agency, then (step, time, per cent, words).
FOLLOW_UP = (
    (0, "polda", "done", "2024-06-12", "Penghubung tetap ditunjuk; nomor posko dibagikan."),
    (0, "korem", "done", "2024-06-14", "Penghubung Korem dan 11 Kodim terdaftar."),
    (0, "kpu", "done", "2024-06-18", "Penghubung KPU provinsi dan kabupaten/kota terdaftar."),
    (0, "bawaslu", "done", "2024-06-19", "Daftar penghubung dan piket pengaduan disampaikan."),
    (0, "kejati", "done", "2024-06-20", "Penghubung dan piket ditunjuk dengan surat."),
    (0, "binda", "done", "2024-06-21", "Jalur komunikasi siaga berjalan."),
    (0, "kesbangpol", "returned", "2024-06-24", "Penghubung ditunjuk, nomor posko menyusul."),
    (0, "pemprov", "progress", "2024-06-25", "Penghubung provinsi ditunjuk; menunggu Satpol PP."),
    (1, "polda", "done", "2024-08-14", "Peta kerawanan 13 kabupaten/kota selesai."),
    (1, "korem", "done", "2024-08-15", "Hasil pemetaan Babinsa digabungkan."),
    (1, "binda", "done", "2024-08-16", "Ringkasan potensi gangguan disampaikan."),
    (1, "bawaslu", "submitted", "2024-11-18", "Pemetaan TPS rawan disampaikan untuk diperiksa."),
    (1, "kesbangpol", "blocked", "2024-08-19", "Data dua kabupaten belum diterima."),
    (2, "polda", "submitted", "2024-11-14", "Laporan pengawasan internal triwulan disampaikan."),
    (2, "korem", "done", "2024-11-11", "Penekanan netralitas disampaikan ke seluruh satuan."),
    (2, "kpu", "progress", "2024-11-13", "Pakta integritas badan ad hoc terkumpul sebagian."),
    (2, "bawaslu", "done", "2024-11-12", "Pengawas TPS dilantik dan diambil sumpahnya."),
    (2, "kejati", "acknowledged", "2024-06-07", ""),
    (2, "pemprov", "progress", "2024-10-30", "Surat edaran netralitas ASN diterbitkan."),
    (3, "polda", "progress", "2024-11-15", "Latihan pra operasi selesai; TFG tahap akhir."),
    (3, "korem", "progress", "2024-11-16", "Pembekalan di 9 dari 11 Kodim selesai."),
    (3, "kpu", "progress", "2024-11-17", "Bimbingan teknis KPPS berjalan di 13 kabupaten/kota."),
    (3, "bawaslu", "acknowledged", "2024-06-06", ""),
    (3, "pemprov", "blocked", "2024-11-14", "Jumlah linmas dua kecamatan belum lengkap."),
)
PERCENT = {(0, "pemprov"): 60, (2, "kpu"): 70, (2, "pemprov"): 50, (3, "polda"): 80}
SWEEPS = (
    "2024-06-03T09:00",
    "2024-06-04T06:45",
    "2024-06-06T10:05",
    "2024-06-29T16:05",
    "2024-07-01T08:00",
    "2024-08-19T17:00",
    "2024-08-21T08:00",
    "2024-11-14T16:30",
    "2024-11-16T08:00",
    "2024-11-20T07:30",
)


def load(people: dict[str, Actor]) -> None:
    """Tell the whole story once; a second call finds it told."""
    if Meeting.objects.filter(title=words.TITLE).exists():
        return
    story = Story(people)
    june(story)
    evaluations(story)
    next_meeting(story)
    for moment in SWEEPS:
        story.at(moment, sweep)
    story.run()


def sweep(at: datetime) -> None:
    reminders.remind_meetings(at=at)
    reminders.remind_obligations(at=at)


def june(story: Story) -> None:
    """The rakor of 4 June 2024, its notula of the next day, and five months of follow-up."""
    told: dict[str, Meeting] = {}
    by = story.coordinator

    def plan(at: datetime) -> None:
        told["meeting"] = meeting = meetings.plan_meeting(
            by=by,
            at=at,
            operation=Operation.objects.get(slug="mantap-praja-intan-2024"),
            title=words.TITLE,
            starts_at=when("2024-06-04T09:00"),
            ends_at=when("2024-06-04T11:00"),
            place="Galaxy Hotel, Banjarmasin",
            dress="PDH / menyesuaikan",
            chair_office=CHAIR,
            chair_name="Irjen Pol Winarto",
            classification=Classification.BIASA,
            source=words.SOURCE,
            agenda=agenda(words.AGENDA),
            agencies=[agency(name) for name in words.ALL],
        )
        meetings.schedule_meeting(meeting, by=by, at=at)

    def hold(at: datetime) -> None:
        meetings.start_meeting(told["meeting"], by=by, at=at)
        attendance.record_attendance(told["meeting"], seats(words.SEATS, at), by=by, at=at)

    def publish(at: datetime) -> None:
        draft = minutes.open_minutes(told["meeting"], by=by, at=at)
        write(draft, words.SECTIONS, by=by, at=at)
        section = draft.sections.order_by("-position").first()
        draft_directives(draft, section, words.DIRECTIVES, by=by, at=at)
        publish_signed(draft, by=by, at=at)

    story.at("2024-05-24T10:00", plan)
    answers(story, words.TITLE, words.ALL, "2024-05-28", represented={"pemprov"})
    story.at("2024-06-04T09:00", hold)
    story.at("2024-06-04T11:00", lambda at: meetings.close_meeting(told["meeting"], by=by, at=at))
    story.at("2024-06-05T10:00", publish)
    for index, name, outcome, day, note in FOLLOW_UP:
        follow(story, index, name, outcome, day, note)


def follow(story: Story, index: int, name: str, outcome: str, day: str, note: str) -> None:
    """One agency's way through one directive of June, as far as it had come by 20 November."""
    liaison, by = story.liaison(name), story.coordinator
    title = words.DIRECTIVES[index][0]

    def share() -> Obligation:
        return Obligation.objects.get(
            directive__title=title, agency=agency(name), directive__meeting__title=words.TITLE
        )

    def report(at: datetime) -> None:
        percent = PERCENT.get((index, name), 75)
        if outcome == "progress":
            obligations.report_progress(share(), by=liaison, at=at, percent=percent, note=note)
        elif outcome == "blocked":
            obligations.report_obstacle(share(), by=liaison, at=at, percent=40, obstacle=note)
        elif outcome != "acknowledged":
            obligations.submit_obligation(share(), by=liaison, at=at, note=note)

    def decide(at: datetime) -> None:
        if outcome == "done":
            note = "Bukti dukung sesuai."
            obligations.verify_and_close(share(), by=by, at=at, note=note)
        elif outcome == "returned":
            obligations.return_obligation(
                share(), by=by, at=at, note="Lengkapi nomor posko yang siaga 24 jam."
            )

    received = day if outcome == "acknowledged" else "2024-06-05"
    story.at(
        f"{received}T13:00",
        lambda at: obligations.acknowledge_obligation(share(), by=liaison, at=at),
    )
    story.at(f"{day}T14:00", report)
    story.at(f"{day}T16:30", decide)


def evaluations(story: Story) -> None:
    """Two weekly evaluations: one with its notula out, one with a draft. All of it is invented."""
    by = story.coordinator

    def hold(title: str, start: str, end: str, publish: bool) -> None:
        def plan(at: datetime) -> None:
            meeting = meetings.plan_meeting(
                by=by,
                at=at,
                operation=Operation.objects.get(slug="mantap-praja-intan-2024"),
                series=weekly_series(by, at),
                title=title,
                kind=MeetingKind.EVALUATION,
                starts_at=when(start),
                ends_at=when(end),
                place="Ruang Posko Operasi, Polda Kalimantan Selatan, Banjarbaru",
                chair_office=TAKER,
                illustrative=True,
                agenda=agenda(
                    (
                        ("Situasi sepekan", "polda", 30),
                        ("Kesiapan penyelenggara", "kpu", 30),
                        ("Rencana pekan depan", "polda", 30),
                    )
                ),
                agencies=[agency(name) for name in words.ALL],
            )
            meetings.schedule_meeting(meeting, by=by, at=at)

        def run(at: datetime) -> None:
            meeting = Meeting.objects.get(title=title)
            meetings.start_meeting(meeting, by=by, at=at)
            present = [(name, f"Penghubung {agency(name)}", "hadir", "", "") for name in words.ALL]
            attendance.record_attendance(meeting, seats(present, at), by=by, at=at)

        def write_up(at: datetime) -> None:
            meeting = Meeting.objects.get(title=title)
            meetings.close_meeting(meeting, by=by, at=at)
            draft = minutes.open_minutes(meeting, by=by, at=at)
            texts = (
                (TAKER, "Situasi aman terkendali. Laporan kesiapan belum masuk dari semua satuan."),
                ("KPU Provinsi Kalimantan Selatan", "Logistik di gudang; sortir hampir selesai."),
                (TAKER, "Pekan depan: serpas, distribusi logistik, dan masa tenang."),
            )
            write(draft, texts, by=by, at=at, opening="Rapat dipimpin Karo Ops.", closing="")
            section = draft.sections.order_by("-position").first()
            if publish:
                draft_directives(draft, section, words.EVALUATION_DIRECTIVES, by=by, at=at)
                publish_signed(draft, by=by, at=at)

        story.at(f"{when(start) - timedelta(days=4):%Y-%m-%d}", plan)
        answering = ("korem", "kpu", "bawaslu", "pemprov")
        answers(story, title, answering, f"{when(start) - timedelta(days=2):%Y-%m-%d}")
        story.at(start, run)
        story.at(end, write_up)

    hold("Anev mingguan ke-12", "2024-11-11T09:00", "2024-11-11T10:30", False)
    hold("Anev mingguan ke-13", "2024-11-18T13:00", "2024-11-18T14:30", True)
    for name in ("polda", "korem"):
        story.at(
            "2024-11-18T16:00",
            lambda at, name=name: obligations.acknowledge_obligation(
                Obligation.objects.get(
                    directive__title=words.EVALUATION_DIRECTIVES[0][0], agency=agency(name)
                ),
                by=story.liaison(name),
                at=at,
            ),
        )


def next_meeting(story: Story) -> None:
    """The rakor two days after the demo's "now"; some seats have not answered."""
    by = story.coordinator

    def plan(at: datetime) -> None:
        meeting = meetings.plan_meeting(
            by=by,
            at=at,
            operation=Operation.objects.get(slug="mantap-praja-intan-2024"),
            title=words.NEXT_TITLE,
            starts_at=when("2024-11-22T09:00"),
            ends_at=when("2024-11-22T11:30"),
            place="Aula Bhayangkara, Polda Kalimantan Selatan, Banjarbaru",
            dress="PDL / menyesuaikan",
            chair_office=CHAIR,
            illustrative=True,
            agenda=agenda(words.NEXT_AGENDA),
            agencies=[agency(name) for name in words.ALL],
        )
        meetings.schedule_meeting(meeting, by=by, at=at)

    story.at("2024-11-15T09:00", plan)
    answering = ("polda", "korem", "pemprov", "kejati")
    answers(story, words.NEXT_TITLE, answering, "2024-11-18", represented={"pemprov"})
    story.at(
        "2024-11-19T10:00",
        lambda at: invitations.answer_invitation(
            Meeting.objects.get(title=words.NEXT_TITLE).invitations.get(agency=agency("dprd")),
            by=story.liaison("dprd"),
            at=at,
            answer="tidak_hadir",
            reason="Bersamaan dengan rapat paripurna.",
        ),
    )
