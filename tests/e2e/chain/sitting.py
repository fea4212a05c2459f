"""While the rakor sits: who comes, and what the wall shows."""

import re
from io import BytesIO

from django.conf import settings
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import expect

from coordination.models import Meeting
from coordination.queries.attendance import code_subject
from portal import clock
from portal.access import codes
from portal.documents.qr import svg
from portal.registry.models import Agency
from tests.drills.processes import eventually
from tests.e2e.chain.people import PATIENCE, Person
from tests.e2e.walk import IN_TIME


def open_the_rakor(host: Person, meeting: Meeting) -> None:
    host.go(reverse("coordination:meeting_detail", args=[meeting.pk]))
    host.confirm("Buka rakor")
    host.sees("Berlangsung")


def signs_by_the_code(host: Person, guest: Person, meeting: Meeting, office: str) -> None:
    """The screen draws the code of this half minute; the guest's phone opens what it says."""
    screen = reverse("coordination:attendance_screen", args=[meeting.pk])
    host.go(screen, "chain-screen")
    path = eventually(lambda: scanned(host, meeting, screen), within=PATIENCE)
    guest.go(path, "chain-check-in")
    guest.write(office=office)
    guest.press("Catat kehadiran saya")
    guest.sees("Kehadiran Anda tercatat.")
    # The same code works once for one person.
    guest.go(path)
    guest.sees("Anda tercatat dalam daftar hadir sejak")
    line = meeting.attendance.get(attendee_office=office)
    assert (line.method, line.status) == ("qr", "hadir")


def scanned(host: Person, meeting: Meeting, screen: str) -> str:
    """The address in the drawing on the screen, if it is the code of this moment. There is no
    camera in the test: the drawing is compared with the one of the code that should be there."""
    host.page.goto(host.address + screen)
    code = codes.code_at(code_subject(meeting), clock.now())
    path = reverse("coordination:check_in", args=[meeting.pk, code])
    wanted = re.findall(r'\bd="([^"]+)"', svg(settings.PORTAL_URL + path))
    shown = host.page.locator(".check-in-code svg.qr path")
    drawn = [line.get_attribute("d") for line in shown.all()]
    return path if drawn == wanted != [] else ""


def comes_to_the_desk(host: Person, meeting: Meeting, slug: str, name: str, office: str) -> None:
    host.go(reverse("coordination:attendance_desk", args=[meeting.pk]), "chain-desk")
    form = host.page.locator("main form:has([name=office])")
    form.locator("[name=agency]").select_option(str(Agency.objects.get(slug=slug).pk))
    host.write(name=name, office=office)
    host.press("Catat kehadiran")
    line = meeting.attendance.get(agency__slug=slug)
    assert (line.method, line.attendee_name, line.status) == ("meja", name, "hadir")


def is_marked_at_the_desk(host: Person, meeting: Meeting, slug: str) -> None:
    """A seat with one press: it is filled as it was answered."""
    agency = Agency.objects.get(slug=slug)
    host.go(reverse("coordination:attendance_desk", args=[meeting.pk]))
    with host.page.expect_navigation():
        host.page.locator("main").get_by_role(
            "button", name=f"Tandai hadir {agency.short_name}"
        ).click()
    host.arrive()


def sits_before_the_wall(host: Person, meeting: Meeting) -> None:
    """From item to item; who is there stands beside it."""
    host.go(reverse("coordination:meeting_wall", args=[meeting.pk]), "chain-wall")
    expect(host.page.locator(".room-item")).to_have_text("Rakor dibuka")
    expect(host.page.locator(".live-number")).to_have_text("3 / 4", timeout=IN_TIME)
    host.sees("Kuorum tercapai")
    for item in ("Pembukaan", "Distribusi logistik ke TPS", "Pengawasan distribusi"):
        host.press("Butir berikutnya")
        expect(host.page.locator(".room-item")).to_have_text(item, timeout=IN_TIME)
    host.press("Akhiri butir ini")
    host.sees("Semua butir sudah dibahas")
    assert not meeting.agenda.filter(ended_at=None).exists()


def the_sheets_say_who_came(host: Person, meeting: Meeting, *words: str) -> None:
    """The daftar hadir on paper and as a table: the same columns, the same persons."""
    text = host.paper(reverse("coordination:attendance_pdf", args=[meeting.pk]))
    for word in ("DAFTAR HADIR", meeting.number, meeting.title, "Tanda tangan", *words):
        assert word in text, (word, text)
    book = load_workbook(
        BytesIO(host.file(reverse("coordination:attendance_xlsx", args=[meeting.pk])))
    )
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    head = next(place for place, row in enumerate(rows) if row[0] == "No.")
    assert rows[head][1:3] == ["Nama", "Pangkat/Gol. dan NRP/NIP"]
    cells = {cell for row in rows[head + 1 :] for cell in row}
    assert {*words} <= cells


def close_the_rakor(host: Person, meeting: Meeting) -> None:
    host.go(reverse("coordination:meeting_detail", args=[meeting.pk]))
    host.confirm("Tutup rakor")
    host.sees("Selesai, notula disusun")
