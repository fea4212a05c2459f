import io
from datetime import timedelta

import pypdf
import pytest
from django.db import IntegrityError, transaction

from coordination import exports
from coordination.actions import attendance, directives, meetings, minutes
from coordination.exports.attendance import cells, heads
from coordination.exports.sealed import signable
from coordination.models import Meeting, Minutes
from coordination.queries.attendance import attendance_rows
from portal.access.actor import SYSTEM
from portal.documents.typst import render
from tests.factories.coordination import (
    START,
    agencies,
    make_directive,
    make_minutes,
    make_scheduled,
    publish,
)


def pages(pdf: bytes) -> list[str]:
    return [
        " ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
    ]


@pytest.fixture
def published(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel", "korem-101", source="Berita", illustrative=True)
    make_directive(draft, coordinator, "kpu-kalsel", "korem-101", output="Jadwal")
    make_directive(
        draft,
        coordinator,
        title="Tanpa penanggung jawab",
        shares=[
            directives.Share(agency, START + timedelta(days=5))
            for agency in agencies("kpu-kalsel", "korem-101")
        ],
    )
    return publish(draft, by=coordinator, at=START + timedelta(days=1))


def test_the_notula_has_head_body_foot_and_annexes(published):
    sheets = pages(render("notula.typ", exports.notula(published), at=published.published_at))
    text = " ".join(sheets)
    for part in (
        "KEPOLISIAN DAERAH KALIMANTAN SELATAN",
        published.number,
        "Kamis, 6 Juni 2024",
        "10.00–12.00 WITA",
        "Surat undangan",
        "T/1/VI/OPS.1./2024/Roops tanggal 3 Juni 2024",
        "Rapat dibuka pimpinan.",
        "ARH/1/VI/2024",
        published.sha256,
        "Lampiran I. Daftar hadir",
        "Lampiran II. Matriks tindak lanjut",
        "Data ilustrasi",
        "Sumber: Berita",
    ):
        assert part in text
    for number, sheet in enumerate(sheets, start=1):
        assert sheet.count("TERBATAS") == 2
        assert f"Halaman {number} dari {len(sheets)}" in sheet


def test_a_draft_says_that_it_is_one(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    text = " ".join(pages(render("notula.typ", exports.notula(draft, []))))
    assert "DRAF" in text and "SHA-256" not in text


def test_the_matrix_names_who_leads_and_who_supports(published):
    rows = exports.notula(published)["matrix"]
    assert [row[3:5] for row in rows] == [
        ["Korem 101", "KPU Kalsel"],
        ["Korem 101, KPU Kalsel", "–"],
    ]


def test_the_hash_is_over_the_text_and_nothing_else(published):
    again = Minutes.objects.select_related("meeting__host_agency").get(pk=published.pk)
    assert minutes.fingerprint(again) == published.sha256
    again.opening += "."
    assert minutes.fingerprint(again) != published.sha256


def test_the_head_says_when_it_was_really_opened_and_closed(published):
    meeting = published.meeting
    times = {"Hari, tanggal": "Kamis, 6 Juni 2024", "Waktu": "10.00–12.00 WITA"}
    assert {name: dict(exports.notula(published)["head"])[name] for name in times} == times
    meeting.opened_at = START + timedelta(minutes=7)
    meeting.closed_at = START + timedelta(minutes=134)
    assert dict(exports.notula(published)["head"])["Waktu"] == "10.07–12.14 WITA"
    meeting.closed_at = START + timedelta(hours=15)
    assert dict(exports.notula(published)["head"])["Waktu"] == "10.07 – 7 Juni 2024 01.00 WITA"
    # Of a rakor from before the times were kept: as it was planned.
    meeting.opened_at = meeting.closed_at = None
    assert dict(exports.notula(published)["head"])["Waktu"] == "10.00–12.00 WITA"


def test_opening_and_closing_are_kept_and_signed_over(coordinator):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    assert (meeting.opened_at, meeting.closed_at) == (None, None)
    begin, end = START + timedelta(minutes=7), START + timedelta(minutes=95)
    meeting = meetings.start_meeting(meeting, by=coordinator, at=begin)
    meetings.start_meeting(meeting, by=coordinator, at=end)
    meeting = meetings.close_meeting(meeting, by=coordinator, at=end)
    assert (meeting.opened_at, meeting.closed_at) == (begin, end)
    seat = meeting.invitations.select_related("agency").get()
    line = attendance.Seat(seat.agency, seat.addressee, "hadir", "", "", begin)
    attendance.record_attendance(meeting, [line], by=coordinator, at=end)
    draft = minutes.open_minutes(meeting, by=coordinator, at=end)
    draft = minutes.save_minutes(draft, by=coordinator, at=end, opening="Dibuka.")
    done = publish(draft, by=coordinator, at=START + timedelta(days=1))
    again = Minutes.objects.select_related("meeting__host_agency").get(pk=done.pk)
    again.meeting.closed_at += timedelta(minutes=1)
    assert minutes.fingerprint(again) != done.sha256
    # Without them the fingerprint is what it was before they were kept.
    again.meeting.opened_at = again.meeting.closed_at = None
    assert "sat" not in signable(again)["meeting"]


def test_a_clock_that_was_set_back_closes_at_the_opening(coordinator):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    meeting = meetings.start_meeting(meeting, by=coordinator, at=START)
    meeting = meetings.close_meeting(meeting, by=coordinator, at=START - timedelta(minutes=1))
    assert (meeting.opened_at, meeting.closed_at) == (START, START)


def test_the_database_refuses_a_closing_before_the_opening(coordinator):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    rows = Meeting.objects.filter(pk=meeting.pk)
    with pytest.raises(IntegrityError, match="meeting_closed_after_opening"), transaction.atomic():
        rows.update(opened_at=START, closed_at=START - timedelta(minutes=1))


def test_annex_one_has_the_lines_and_columns_of_the_daftar_hadir(published, liaison_korem):
    line = published.meeting.attendance.get(agency__slug="kpu-kalsel")
    line.attendee_name, line.rank = "Rina", "Penata"
    line.service_number = "198001012005011009"
    line.save()
    values = exports.notula(published)
    assert values["labels"]["attendance_heads"] == heads()
    assert len(heads()) == 9
    sheet = attendance_rows(published.meeting, SYSTEM)
    assert values["attendance"] == [cells(row) for row in sheet]
    assert "Penata / 198001012005011009" in [row[2] for row in values["attendance"]]
    copy = exports.Copy(reader=liaison_korem)
    shown = exports.notula(published, copy=copy)["attendance"]
    assert "Penata / •••••009" in [row[2] for row in shown]
    text = " ".join(pages(render("notula.typ", values, at=published.published_at)))
    for part in ("Pangkat/Gol. dan NRP/NIP", "Tanda tangan", "Penata / 198001012005011009"):
        assert part in text
