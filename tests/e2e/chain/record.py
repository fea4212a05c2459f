"""The notula: written passage by passage, circulated, objected to, signed, published, proved."""

import hashlib
import re

from django.urls import reverse
from playwright.sync_api import Locator, expect

from coordination.models import Meeting, Minutes, MinutesSection, Obligation
from portal.registry.models import Agency
from portal.web.demo import PASSWORD
from tests.e2e.chain.people import Person
from tests.e2e.walk import IN_TIME

SAVED = re.compile(r"^Tersimpan \d\d\.\d\d\.\d\d")
MOVED = "Logistik bergerak dari gudang mulai **24 November**."
WATCHED = "Bawaslu mengawasi di gudang saja."
MENDED = "Bawaslu mengawasi di gudang dan sepanjang perjalanan."
TITLE = "Kawal distribusi logistik sampai TPS"
ORDER = "Kawal setiap angkutan dari gudang sampai TPS dan laporkan hasilnya."
DUE = {"kpu-kalsel": "2024-11-24T12:00", "": "2024-11-25T16:00"}
DOERS = ("kpu-kalsel", "bawaslu-kalsel", "korem-101")


def page_of(meeting: Meeting) -> str:
    return reverse("coordination:minutes_detail", args=[meeting.pk])


def write_passage_by_passage(taker: Person, meeting: Meeting) -> None:
    """Each saves itself while it is typed; nothing is pressed."""
    taker.go(reverse("coordination:meeting_detail", args=[meeting.pk]))
    taker.press("Mulai notula")
    taker.go(reverse("coordination:minutes_write", args=[meeting.pk]))
    texts = {
        "[name='kepala-opening']": "Rapat dibuka **pukul 10.00 WITA**.",
        passage(meeting, 1, "body"): "Pimpinan rapat membuka rakor.",
        passage(meeting, 2, "body"): MOVED,
        passage(meeting, 2, "decision"): "Jadwal pengawalan disepakati.",
        passage(meeting, 3, "body"): WATCHED,
    }
    for field, text in texts.items():
        area = taker.page.locator(field)
        form = taker.page.locator(".passage-form", has=taker.page.locator(field))
        area.fill(text)
        expect(form.locator("[data-status]")).to_have_text(SAVED, timeout=IN_TIME)
    taker.arrive("chain-writing")
    draft = Minutes.objects.get(meeting=meeting)
    assert draft.opening == "Rapat dibuka **pukul 10.00 WITA**."
    rows = draft.sections.order_by("position").values_list("body", "decision", "speaking")
    assert [*rows] == [
        ("Pimpinan rapat membuka rakor.", "", []),
        (MOVED, "Jadwal pengawalan disepakati.", ["kpu-kalsel"]),
        (WATCHED, "", ["bawaslu-kalsel"]),
    ]


def passage(meeting: Meeting, position: int, field: str) -> str:
    section = MinutesSection.objects.get(minutes__meeting=meeting, position=position)
    return f"[name='p{section.pk}-{field}']"


def turn_a_passage_into_a_directive(taker: Person, meeting: Meeting) -> None:
    taker.go(page_of(meeting))
    section = taker.page.locator(".passage", has_text="bergerak dari gudang")
    section.get_by_role("link", name="Jadikan arahan").click()
    taker.page.wait_for_url("**/arahan/baru/**")
    taker.arrive("chain-directive")
    keys = dict(Agency.objects.values_list("slug", "pk"))
    main = taker.page.locator("main")
    taker.write(title=TITLE, text=ORDER, output="Laporan pengawalan", due_at=DUE[""])
    main.locator("[name=binding]").select_option("kesepakatan")
    main.locator("[name=evidence_required]").check()
    for slug in DOERS:
        taker.choose("agencies", str(keys[slug]))
    main.locator("[name=lead]").select_option(str(keys["kpu-kalsel"]))
    taker.unfold("Tenggat khusus")
    main.locator(f"[name=due_{keys['kpu-kalsel']}]").fill(DUE["kpu-kalsel"])
    taker.press("Simpan draf arahan")
    taker.sees("berlaku saat notula terbit")
    assert not Obligation.objects.exists()


def circulate(taker: Person, meeting: Meeting, until: str) -> None:
    taker.go(page_of(meeting))
    taker.follow("Edarkan")
    taker.write(until=until)
    taker.picture("chain-circulate")
    taker.press("Edarkan sekarang")
    taker.sees("Naskah ini diedarkan")


def is_asked_to_read(guest: Person, meeting: Meeting) -> None:
    subject = f"Periksa naskah notula: {meeting.title}"
    mail = guest.told("minutes_circulated", page_of(meeting), subject)
    assert "Keberatan dapat diajukan sampai" in mail.body


def object_to_its_passage(guest: Person, meeting: Meeting) -> None:
    """To the passage in which it spoke; it may also to the one that a directive for it comes from,
    and to no other."""
    guest.open_told(f"Periksa naskah notula: {meeting.title}")
    own = ["Distribusi logistik ke TPS", "Pengawasan distribusi"]
    expect(objectable(guest)).to_have_text([f"Ajukan keberatan: {heading}" for heading in own])
    with guest.page.expect_navigation():
        objectable(guest).last.click()
    guest.arrive()
    guest.write(text="Pengawasan juga sepanjang perjalanan.", proposed=MENDED)
    guest.picture("chain-objection")
    guest.press("Kirim keberatan")
    guest.sees("Belum dijawab")


def has_no_passage_of_its_own(guest: Person, meeting: Meeting) -> None:
    guest.go(page_of(meeting))
    guest.sees("Naskah ini diedarkan")
    expect(objectable(guest)).to_have_count(0)


def objectable(guest: Person) -> Locator:
    return guest.page.locator(".passage").get_by_role("link", name="Ajukan keberatan")


def answer_the_objection(host: Person, meeting: Meeting) -> None:
    subject = f"Keberatan atas notula: {meeting.title}"
    mail = host.told("objection_made", page_of(meeting), subject)
    assert "Pengawasan distribusi" in mail.body
    host.open_told(subject)
    host.follow("Jawab keberatan")
    host.choose("decision", "accept")
    host.write(answer="Sesuai yang disampaikan.")
    host.picture("chain-objection-answer")
    host.press("Kirim jawaban")
    host.sees("Diterima, naskah diubah")
    host.sees(MENDED)


def hears_of_its_objection(guest: Person, meeting: Meeting) -> None:
    subject = "Keberatan diterima: Pengawasan distribusi"
    mail = guest.told("objection_answered", page_of(meeting), subject)
    assert "Jawaban: Sesuai yang disampaikan." in mail.body


def may_not_sign_yet(host: Person, meeting: Meeting) -> None:
    """Not offered while the agencies' time runs; who goes there all the same, and proves himself,
    is refused."""
    host.go(page_of(meeting))
    offered = host.page.locator("main").get_by_role("link", name="Sahkan", exact=True)
    expect(offered).to_have_count(0)
    host.go(reverse("coordination:minutes_sign", args=[meeting.pk]))
    prove(host)
    host.press("Sahkan sekarang")
    host.sees("Batas waktu keberatan belum lewat; notula belum dapat disahkan.")
    assert Minutes.objects.get(meeting=meeting).state == "circulated"


def prove(host: Person) -> None:
    host.page.get_by_role("link", name="Buktikan diri").click()
    host.arrive()
    host.page.locator("[name=password]").fill(PASSWORD)
    with host.page.expect_navigation():
        host.page.get_by_role("button", name="Lanjutkan").click()
    host.arrive()


def sign(host: Person, meeting: Meeting) -> None:
    host.go(page_of(meeting))
    host.follow("Sahkan")
    # The proof counts for five true minutes, whatever the portal's clock says meanwhile.
    if host.page.get_by_role("link", name="Buktikan diri").count():
        prove(host)
    host.picture("chain-sign")
    host.press("Sahkan sekarang")
    host.sees("Notula disahkan: a.n.")
    assert Minutes.objects.get(meeting=meeting).signed_with == "password"


def publish(host: Person, meeting: Meeting) -> Minutes:
    host.go(page_of(meeting))
    host.follow("Terbitkan")
    host.picture("chain-publish")
    host.press("Terbitkan sekarang")
    host.sees("Notula terbit dengan nomor")
    host.picture("chain-published")
    minutes = Minutes.objects.get(meeting=meeting)
    # The first of the month, by the official pattern.
    assert minutes.number == "T/ND-1/XI/OPS.1./2024/Roops"
    assert minutes.sha256 == hashlib.sha256(minutes.sealed_text.encode()).hexdigest()
    host.sees(minutes.number)
    host.sees(minutes.sha256)
    return minutes


def hears_of_the_record(guest: Person, minutes: Minutes) -> None:
    subject = f"Notula terbit: {minutes.meeting.title}"
    mail = guest.told("minutes_published", page_of(minutes.meeting), subject)
    assert f"dengan nomor {minutes.number}" in mail.body
    assert minutes.sha256 in mail.body


def the_paper_says_the_same(guest: Person, minutes: Minutes, *present: str) -> str:
    """Head, passages, directive and both annexes; returns what the paper says."""
    text = guest.paper(reverse("coordination:minutes_pdf", args=[minutes.meeting_id]))
    for words in (
        minutes.number,
        minutes.meeting.title,
        "24 November",
        MENDED,
        "Jadwal pengawalan disepakati.",
        "Kawal setiap angkutan",
        "Lampiran I",
        "Lampiran II",
        *present,
    ):
        assert words in text, (words, text)
    assert WATCHED not in text
    assert minutes.sha256 in text.replace(" ", "")
    return text


def anybody_verifies(stranger: Person, minutes: Minutes, paper: str) -> None:
    """Who holds the paper, without an account: genuine, and compared with what stands on it."""
    path = reverse("coordination:verify", args=[minutes.verification_code])
    assert path in paper.replace(" ", "")
    stranger.go(path, "chain-verify")
    stranger.sees("Asli: naskah ini terbit melalui portal")
    stranger.sees(minutes.number)
    body = stranger.page.locator("body")
    expect(body).not_to_contain_text(minutes.meeting.title)
    field = stranger.page.locator("[name=sha256]")
    for value, verdict in ((minutes.sha256, "Cocok dengan"), ("0" * 64, "Tidak cocok")):
        field.fill(value)
        with stranger.page.expect_navigation():
            stranger.page.get_by_role("button", name="Bandingkan").click()
        stranger.arrive()
        stranger.sees(verdict)
