"""What each addressed agency does with its share, and what the issuer says to it."""

from datetime import datetime

from django.urls import reverse
from playwright.sync_api import expect

from coordination.models import Meeting, Minutes, Obligation
from portal import clock
from tests.e2e.chain.people import Person
from tests.e2e.chain.record import TITLE
from tests.e2e.walk import IN_TIME


def share(meeting: Meeting, slug: str) -> Obligation:
    rows = Obligation.objects.select_related("directive", "agency")
    return rows.get(directive__meeting=meeting, agency__slug=slug)


def page_of(obligation: Obligation) -> str:
    return reverse("coordination:obligation_detail", args=[obligation.pk])


def receives(guest: Person, obligation: Obligation, minutes: Minutes, due: datetime) -> None:
    """Its own share, with its own due time, in inbox and mail; said to be in hand from there."""
    assert obligation.due_at == due
    subject = f"Arahan baru untuk {obligation.agency.name}: {TITLE}"
    mail = guest.told("obligation_assigned", page_of(obligation), subject)
    assert f"Arahan {obligation.directive.number}: {TITLE}" in mail.body
    assert minutes.meeting.title in mail.body
    assert f"{clock.local(due):%H.%M} WITA" in mail.body
    guest.open_told(subject)
    guest.press("Nyatakan diterima")
    guest.sees("Pengingat dihentikan.")
    obligation.refresh_from_db()
    assert (obligation.state, obligation.acknowledged_by.slug) == ("acknowledged", guest.post)


def reports_done(guest: Person, obligation: Obligation, note: str, file: str, pdf: bytes) -> None:
    guest.go(page_of(obligation))
    form = guest.page.locator("#lapor")
    form.locator("[name=kind][value=submitted]").check()
    form.locator("[name=note]").fill(note)
    form.locator("[type=file]").set_input_files(
        {"name": file, "mimeType": "application/pdf", "buffer": pdf}
    )
    guest.press("Kirim laporan")
    guest.sees("Menunggu verifikasi")
    guest.sees(file)
    guest.picture("chain-reported")


def reports_without_evidence(guest: Person, obligation: Obligation) -> None:
    """Refused at the field; nothing half written."""
    guest.go(page_of(obligation))
    form = guest.page.locator("#lapor")
    form.locator("[name=kind][value=submitted]").check()
    form.locator("[name=note]").fill("Selesai.")
    guest.press("Kirim laporan")
    guest.sees("Arahan ini mewajibkan bukti dukung: lampirkan berkasnya.")
    obligation.refresh_from_db()
    assert obligation.state == "acknowledged"


def hears_that_it_is_done(host: Person, obligation: Obligation, note: str, times: int = 1) -> None:
    subject = f"Menunggu verifikasi, {obligation.agency.name}: {TITLE}"
    mail = host.told("obligation_submitted", page_of(obligation), subject, times=times)
    assert f"Hasil yang dilaporkan: {note}" in mail.body
    host.open_told(subject)


def decides(host: Person, obligation: Obligation, decision: str, note: str) -> None:
    host.go(page_of(obligation))
    host.page.locator(f"#verifikasi [name=decision][value={decision}]").check()
    host.page.locator("#verifikasi [name=note]").fill(note)
    host.press("Simpan keputusan")
    obligation.refresh_from_db()


def is_told_back(guest: Person, obligation: Obligation, kind: str, head: str, words: str) -> None:
    mail = guest.told(kind, page_of(obligation), f"{head}: {TITLE}")
    assert words in mail.body
    guest.open_told(f"{head}: {TITLE}")
    guest.sees(words.partition(": ")[2])


def asks_for_more_time(guest: Person, obligation: Obligation, wished: str, reason: str) -> None:
    guest.go(page_of(obligation))
    guest.unfold("Mohon perpanjangan")
    form = guest.page.locator("details.step[open] form")
    form.locator("[name=wished_due_at]").fill(wished)
    form.locator("[name=reason]").fill(reason)
    guest.picture("chain-extension")
    with guest.page.expect_navigation():
        form.get_by_role("button", name="Mohon perpanjangan").click()
    guest.arrive()
    guest.sees("Perpanjangan dimohon")


def grants_it(host: Person, obligation: Obligation, reason: str, wished: datetime) -> None:
    subject = f"Perpanjangan dimohon {obligation.agency.name}: {TITLE}"
    mail = host.told("obligation_extension_asked", page_of(obligation), subject)
    assert reason in mail.body
    host.open_told(subject)
    host.page.locator("#perpanjangan-putusan [name=decision][value=grant]").check()
    host.press("Simpan putusan")
    obligation.refresh_from_db()
    assert obligation.due_at == wished
    assert obligation.closed_at is None


def shows_the_whole_chain(reader: Person, obligation: Obligation, minutes: Minutes) -> None:
    """Seven links, each with when and by which post, each opening its record."""
    rows = Obligation.objects.select_related(
        "acknowledged_by", "verified_by", "directive__issuer_post", "agency"
    )
    done = rows.get(pk=obligation.pk)
    submitted = done.reports.filter(kind="submitted").latest("pk")
    directive, meeting = done.directive, minutes.meeting
    own, record = page_of(done), reverse("coordination:minutes_detail", args=[meeting.pk])
    links = {
        "agenda": (meeting.starts_at, meeting.host_agency.name, meeting_page(meeting)),
        "words": (minutes.published_at, directive.section.speaker, record),
        "directive": (
            directive.issued_at,
            directive.issuer_post.title,
            reverse("coordination:directive_detail", args=[directive.pk]),
        ),
        "sent": (done.created_at, "Penanggung jawab", own),
        "acknowledged": (done.acknowledged_at, done.acknowledged_by.title, own),
        "carried_out": (submitted.at, submitted.post.title, own),
        "closed": (done.closed_at, done.verified_by.title, own),
    }
    reader.go(reverse("coordination:obligation_chain", args=[done.pk]), "chain-whole")
    expect(reader.page.locator(".chain-link")).to_have_count(len(links), timeout=IN_TIME)
    assert reader.page.locator(".chain-missing").count() == 0
    for key, (moment, post, path) in links.items():
        link = reader.page.locator(f"#rantai-{key}")
        shown = link.locator(".chain-head time").get_attribute("datetime")
        assert datetime.fromisoformat(shown) == moment, key
        expect(link.locator(".chain-by")).to_have_text(post)
        href = link.locator(".chain-title a").get_attribute("href")
        assert href.partition("#")[0] == path, key
    turns = reader.page.locator(".chain-turn .timeline-title").all_inner_texts()
    assert "Dikembalikan untuk perbaikan" in turns
    for path in dict.fromkeys(path for _moment, _post, path in links.values()):
        reader.go(path)


def meeting_page(meeting: Meeting) -> str:
    return reverse("coordination:meeting_detail", args=[meeting.pk])
