"""The next rakor of the series: what stayed open stands on its agenda by itself."""

from io import BytesIO

from django.urls import reverse
from docx import Document
from playwright.sync_api import expect

from coordination.models import Meeting, MinutesSection, Obligation
from tests.e2e.chain.duties import page_of
from tests.e2e.chain.people import Person
from tests.e2e.chain.record import SAVED, TITLE
from tests.e2e.walk import IN_TIME

CARRIED = "Kapal pengganti tiba 25 November; pengawalan diteruskan."


def carries_over(host: Person, meeting: Meeting, still_open: Obligation) -> None:
    """The open one, with its agency as presenter, and no other."""
    item = meeting.agenda.exclude(obligation=None).get()
    assert (item.obligation, item.presenter) == (still_open, still_open.agency)
    assert item.title.startswith(f"{still_open.agency.short_name}: {TITLE}")
    host.go(reverse("coordination:meeting_detail", args=[meeting.pk]), "chain-next")
    agenda = host.page.locator("main table", has_text="Tindak lanjut rakor sebelumnya")
    links = agenda.get_by_role("link")
    expect(links).to_have_text([item.title], timeout=IN_TIME)
    assert links.get_attribute("href") == page_of(still_open)


def is_open_in_the_series(host: Person, meeting: Meeting, still_open: Obligation) -> None:
    host.go(
        reverse("coordination:series_obligations", args=[meeting.series_id]), "chain-series-open"
    )
    links = host.page.locator(f"main a[href='{page_of(still_open)}']")
    expect(links).not_to_have_count(0, timeout=IN_TIME)
    others = Obligation.objects.exclude(pk=still_open.pk)
    for other in others:
        assert host.page.locator(f"main a[href='{page_of(other)}']").count() == 0


def finds_it_on_the_agenda(guest: Person, meeting: Meeting, still_open: Obligation) -> None:
    """What the agency reads when it is called again."""
    guest.go(reverse("coordination:meeting_detail", args=[meeting.pk]))
    guest.sees(meeting.agenda.get(obligation=still_open).title)
    chain = reverse("coordination:obligation_chain", args=[still_open.pk])
    guest.go(chain, "chain-open")
    guest.sees(f"Kembali dalam agenda: {meeting.title}")
    missing = guest.page.locator(".chain-missing h2").all_inner_texts()
    assert missing == ["Dilaksanakan dengan bukti", "Diverifikasi dan ditutup"]


def minutes_carry_it_on(taker: Person, meeting: Meeting, still_open: Obligation) -> None:
    """The notula of the next rakor has a passage for what came back, and keeps what is written."""
    item = meeting.agenda.get(obligation=still_open)
    taker.go(reverse("coordination:meeting_detail", args=[meeting.pk]))
    taker.press("Mulai notula")
    taker.go(reverse("coordination:minutes_write", args=[meeting.pk]))
    section = MinutesSection.objects.get(minutes__meeting=meeting, agenda_item=item)
    field = f"[name='p{section.pk}-body']"
    taker.page.locator(field).fill(CARRIED)
    form = taker.page.locator(".passage-form", has=taker.page.locator(field))
    expect(form.locator("[data-status]")).to_have_text(SAVED, timeout=IN_TIME)
    section.refresh_from_db()
    assert (section.heading, section.body) == (item.title, CARRIED)


def the_draft_says_it(taker: Person, meeting: Meeting, still_open: Obligation, came: str) -> None:
    """As DOCX, with the lines of the daftar hadir."""
    path = reverse("coordination:minutes_docx", args=[meeting.pk])
    document = Document(BytesIO(taker.file(path)))
    words = [paragraph.text for paragraph in document.paragraphs]
    title = meeting.agenda.get(obligation=still_open).title
    assert CARRIED in words
    assert any(title in line for line in words)
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert came in {cell for row in cells for cell in row}
    assert cells[0][-1] == "Tanda tangan"
