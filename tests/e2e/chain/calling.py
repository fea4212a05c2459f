"""The call to a rakor: series, plan, letters, calendar files and the agencies' answers."""

from datetime import datetime

from django.urls import reverse

from coordination.models import Meeting, MeetingSeries
from portal import clock
from portal.registry.models import Agency
from tests.e2e.chain.people import Person, event_in

SERIES = "Anev pengamanan logistik"
PLACE = "Ruang Posko Operasi, Polda Kalimantan Selatan"
CHAIR = "Karo Ops Polda Kalimantan Selatan"
GUESTS = ("kpu-kalsel", "bawaslu-kalsel", "korem-101", "pemprov-kalsel")
AGENDA = (
    ("Pembukaan", "", 10),
    ("Distribusi logistik ke TPS", "kpu-kalsel", 30),
    ("Pengawasan distribusi", "bawaslu-kalsel", 20),
)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=clock.WITA)


def begin_the_series(host: Person) -> MeetingSeries:
    host.go(reverse("coordination:series_create"), "chain-series-form")
    host.write(title=SERIES)
    host.press("Simpan")
    host.sees(SERIES)
    return MeetingSeries.objects.get(title=SERIES)


def plan(host: Person, series: MeetingSeries, title: str, begins: str, ends: str) -> Meeting:
    """From the page of the series: a draft, of which nobody knows yet."""
    host.go(reverse("coordination:series_detail", args=[series.pk]), "chain-series")
    host.follow("Rencanakan rakor")
    host.write(
        title=title,
        starts_at=begins,
        ends_at=ends,
        place=PLACE,
        chair_office=CHAIR,
        office_code="Roops",
    )
    keys = dict(Agency.objects.values_list("slug", "pk"))
    for slug in GUESTS:
        host.choose("agencies", str(keys[slug]))
    for line, (item, presenter, minutes) in enumerate(AGENDA):
        host.write(**{f"agenda-{line}-title": item, f"agenda-{line}-planned_minutes": str(minutes)})
        if presenter:
            chosen = host.page.locator(f"main [name=agenda-{line}-presenter]")
            chosen.select_option(str(keys[presenter]))
    host.press("Simpan")
    host.sees("Undangan belum dikirim.")
    meeting = Meeting.objects.get(title=title)
    assert (meeting.state, meeting.series) == ("draft", series)
    return meeting


def write_the_letter(host: Person, meeting: Meeting) -> None:
    host.go(reverse("coordination:meeting_detail", args=[meeting.pk]))
    host.unfold("Lainnya")
    host.follow("Surat undangan")
    host.write(subject="Undangan rapat koordinasi", copies="Kapolda Kalimantan Selatan")
    host.press("Simpan surat")


def send_the_letters(host: Person, meeting: Meeting) -> None:
    host.go(reverse("coordination:meeting_detail", args=[meeting.pk]))
    host.confirm("Kirim undangan")
    host.sees("Terjadwal")
    host.picture("chain-called")
    meeting.refresh_from_db()


def is_invited(guest: Person, meeting: Meeting, slug: str) -> None:
    """Inbox, mail with the calendar file, and the letter itself."""
    seat = meeting.invitations.get(agency__slug=slug)
    path = reverse("coordination:invitation_answer", args=[seat.pk])
    mail = guest.told("meeting_invitation", path, f"Undangan rakor: {meeting.title}")
    assert f"Nomor surat: {seat.letter_number}" in mail.body
    assert f"Mengharap kehadiran {seat.agency.name}" in mail.body
    event_in(
        mail,
        method="REQUEST",
        uid=str(meeting.calendar_uid),
        sequence=0,
        starts_at=clock.local(meeting.starts_at),
    )
    letter = guest.paper(reverse("coordination:invitation_letter", args=[seat.pk]))
    for words in (
        seat.letter_number,
        "Undangan rapat koordinasi",
        f"Pimpinan {seat.agency.name}",
        meeting.title,
        f"{clock.local(meeting.starts_at):%H.%M}",
        PLACE,
        "Kapolda Kalimantan Selatan",
    ):
        assert words in letter, (words, letter)
    assert "KONSEP" not in letter


def answer(
    guest: Person, meeting: Meeting, how: str, *, mandate: bytes = b"", **words: str
) -> None:
    """From the inbox to the answer."""
    guest.open_told(f"Undangan rakor: {meeting.title}")
    guest.choose("answer", how)
    guest.write(**words)
    if mandate:
        guest.page.locator("main [name=may_commit]").check()
        guest.page.locator("main [name=file]").set_input_files(
            {"name": "mandat.pdf", "mimeType": "application/pdf", "buffer": mandate}
        )
    guest.picture(f"chain-answer-{how}")
    guest.press("Kirim jawaban")
    guest.sees("Jawaban undangan terkirim.")


def hears_the_answer(host: Person, meeting: Meeting, subject: str, words: str) -> None:
    path = reverse("coordination:meeting_detail", args=[meeting.pk])
    assert words in host.told("invitation_answered", path, subject).body


def moves(host: Person, meeting: Meeting, begins: str, ends: str) -> None:
    host.go(reverse("coordination:meeting_edit", args=[meeting.pk]))
    host.write(starts_at=begins, ends_at=ends)
    host.press("Simpan")
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.ends_at) == (at(begins), at(ends))


def hears_of_the_move(guest: Person, meeting: Meeting) -> None:
    """Inbox, mail, and the calendar file that moves the event: the same one, of a higher number."""
    path = reverse("coordination:meeting_detail", args=[meeting.pk])
    mail = guest.told("meeting_changed", path, f"Perubahan rakor: {meeting.title}")
    starts_at = clock.local(meeting.starts_at)
    assert f"Pukul: {starts_at:%H.%M} WITA" in mail.body
    event_in(mail, method="REQUEST", uid=str(meeting.calendar_uid), sequence=1, starts_at=starts_at)


def calls_off(host: Person, meeting: Meeting, reason: str) -> None:
    host.go(reverse("coordination:meeting_stop", args=[meeting.pk, "batalkan"]))
    host.write(reason=reason)
    with host.page.expect_navigation():
        host.page.locator("main form button[type=submit], main form button.btn-primary").click()
    host.arrive()
    meeting.refresh_from_db()
    assert (meeting.state, meeting.state_reason) == ("cancelled", reason)


def hears_that_it_is_off(guest: Person, meeting: Meeting, reason: str) -> None:
    path = reverse("coordination:meeting_detail", args=[meeting.pk])
    mail = guest.told("meeting_cancelled", path, f"Rakor dibatalkan: {meeting.title}")
    assert f"Alasan: {reason}" in mail.body
    event_in(
        mail,
        method="CANCEL",
        uid=str(meeting.calendar_uid),
        sequence=1,
        starts_at=clock.local(meeting.starts_at),
    )
