"""The next rakor of the series: what stayed open stands on its agenda by itself."""

from django.urls import reverse
from playwright.sync_api import expect

from coordination.models import Meeting, Obligation
from tests.e2e.chain.duties import page_of
from tests.e2e.chain.people import Person
from tests.e2e.chain.record import TITLE
from tests.e2e.walk import IN_TIME


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
