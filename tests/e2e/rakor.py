"""The coordinator's steps: from the plan of a rakor to the mails about its notula."""

import hashlib
import json
import re
from datetime import timedelta
from pathlib import Path

from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfReader

from coordination.exports import canonical
from coordination.models import Minutes, Obligation
from portal.notifications.mailbox import letters
from portal.notifications.models import Delivery, Notification
from portal.web.demo import PASSWORD
from tests.drills.processes import eventually
from tests.e2e.walk import IN_TIME

HOSTILE = (
    "Pengamanan **dua lapis** di gudang.\n\n<script>document.title='diretas'</script>"
    "<img src=x onerror=alert(1)> [tautan](javascript:alert(1))\n\n- KPU\n- Bawaslu"
)
ADDRESSED = {"kpu-kalsel", "bawaslu-kalsel", "korem-101"}


def plan_the_rakor(walk, title):
    walk.go(reverse("coordination:meeting_create"), "meeting-form")
    walk.write(
        title=title,
        starts_at="2024-11-20T10:00",
        ends_at="2024-11-20T11:30",
        place="Ruang Posko Operasi, Polda Kalimantan Selatan",
        chair_office="Karo Ops Polda Kalimantan Selatan",
        office_code="Roops",
    )
    main = walk.page.locator("main")
    for box in main.locator("[name=agencies]").all():
        box.check()
    for line, (item, minutes) in enumerate((("Pembukaan", 10), ("Serpas dan logistik", 60))):
        main.locator(f"[name=agenda-{line}-title]").fill(item)
        main.locator(f"[name=agenda-{line}-planned_minutes]").fill(str(minutes))
    walk.press("Simpan")
    walk.sees("Undangan belum dikirim.")
    walk.confirm("Kirim undangan")
    walk.sees("Terjadwal")
    walk.picture("meeting")


def hold_the_rakor(walk):
    walk.confirm("Buka rakor")
    walk.follow("Isi daftar hadir")
    walk.page.locator("[name=seats-0-attendee_name]").fill("Kepala Biro Operasi")
    walk.page.locator("[name=seats-1-status]").select_option("diwakili")
    walk.page.locator("[name=seats-1-attendee_office]").fill("Kasi Operasi")
    walk.picture("attendance")
    walk.press("Simpan daftar hadir")
    walk.sees("Daftar hadir disimpan.")
    walk.sees("Kasi Operasi")


def write_the_minutes(walk):
    walk.press("Mulai notula")
    walk.write(opening="Rapat dibuka pukul 10.00 WITA.")
    area = walk.page.locator("[name=sections-1-body]")
    area.fill("")
    area.press_sequentially("Contoh **tebal**")
    preview = walk.page.locator("#preview-sections-1-body")
    expect(preview.locator("strong")).to_have_text("tebal", timeout=IN_TIME)
    area.fill(HOSTILE)
    expect(preview).to_contain_text("<script>", timeout=IN_TIME)
    walk.arrive("minutes-form")
    walk.press("Simpan draf")
    walk.sees("Draf notula disimpan.")
    prose = walk.page.locator(".passage", has_text="dua lapis")
    assert prose.locator("strong").inner_text() == "dua lapis"
    assert prose.locator(".prose li").all_inner_texts() == ["KPU", "Bawaslu"]
    assert prose.locator("script, img, [onerror], a[href^='javascript']").count() == 0
    assert "diretas" not in walk.page.title()


def draft_the_directive(walk, meeting):
    walk.page.locator(".passage", has_text="dua lapis").get_by_role("link").first.click()
    walk.page.wait_for_url("**/arahan/baru/**")
    walk.arrive("directive-form")
    walk.write(
        title="Kawal distribusi sampai TPS",
        text="Kawal setiap angkutan dari gudang sampai TPS.",
        due_at="2024-11-25T16:00",
        output="Jadwal pengawalan",
    )
    main = walk.page.locator("main")
    main.locator("[name=binding]").select_option("kesepakatan")
    seats = meeting.invitations.filter(agency__slug__in=ADDRESSED).select_related("agency")
    for seat in seats:
        main.locator(f"[name=agencies][value='{seat.agency_id}']").check()
    walk.page.locator("main details summary", has_text="Tenggat khusus").click()
    kpu = seats.get(agency__slug="kpu-kalsel").agency_id
    main.locator(f"[name=due_{kpu}]").fill("2024-11-24T12:00")
    walk.press("Simpan draf arahan")
    walk.sees("berlaku saat notula terbit")
    assert not Obligation.objects.filter(directive__meeting=meeting).exists()


def publish(walk, meeting):
    walk.go(reverse("coordination:meeting_detail", args=[meeting.pk]))
    walk.confirm("Tutup rakor")
    sign(walk, meeting)
    walk.follow("Terbitkan")
    walk.picture("publish")
    walk.press("Terbitkan sekarang")
    walk.sees("Notula terbit dengan nomor")
    walk.picture("minutes")


def sign(walk, meeting):
    """On the chair's behalf, without circulation for a reason, after proving oneself."""
    walk.follow("Sahkan notula")
    walk.picture("sign-proof")
    walk.page.get_by_role("link", name="Buktikan diri").click()
    walk.arrive()
    walk.page.locator("[name=password]").fill(PASSWORD)
    with walk.page.expect_navigation():
        walk.page.get_by_role("button", name="Lanjutkan").click()
    walk.arrive()
    walk.write(reason="Naskah dibacakan dan disetujui sebelum rapat ditutup.")
    walk.picture("sign")
    walk.press("Sahkan sekarang")
    walk.sees("Notula disahkan: a.n. Karo Ops Polda Kalimantan Selatan")
    assert Minutes.objects.get(meeting=meeting).signed_with == "password"


def text_is_fixed(walk, meeting):
    minutes = Minutes.objects.get(meeting=meeting)
    text = json.dumps(canonical(minutes), cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    assert minutes.sha256 == hashlib.sha256(text.encode()).hexdigest()
    walk.sees(minutes.sha256)
    main = walk.page.locator("main")
    assert (
        main.get_by_role("link", name=re.compile("Ubah draf|Terbitkan|Jadikan|Sahkan")).count() == 0
    )
    # Who kept the form open from before cannot write any more either.
    edit = reverse("coordination:minutes_edit", args=[meeting.pk])
    token = walk.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    walk.page.request.post(
        walk.address + edit,
        form={"csrfmiddlewaretoken": token, "opening": "Lain", "version": "1"},
        headers={"Referer": walk.address + edit},
    )
    again = Minutes.objects.get(pk=minutes.pk)
    assert (again.opening, again.sha256) == (minutes.opening, minutes.sha256)


def everyone_is_told(walk, meeting):
    """Each addressed agency: one entry in its inbox, one mail with one recipient."""
    obligations = Obligation.objects.filter(directive__meeting=meeting).select_related("agency")
    assert {row.agency.slug for row in obligations} == ADDRESSED
    due = {row.agency.slug: row.due_at for row in obligations}
    assert due["korem-101"] - due["kpu-kalsel"] == timedelta(hours=28)
    told = Notification.objects.filter(
        kind="obligation_assigned", url__in=[f"/tindak-lanjut/{row.pk}/" for row in obligations]
    )
    assert told.count() == len(ADDRESSED)
    deliveries = Delivery.objects.filter(notification__in=told)
    eventually(lambda: deliveries.filter(state="sent").count() == len(ADDRESSED))
    # The mailbox keeps the mails of other tests too: each has its delivery's token in its name.
    tokens = {delivery.token.hex for delivery in deliveries}
    found = [letter for letter in letters() if letter.name.rpartition("-")[2] in tokens]
    assert all("Kawal distribusi sampai TPS" in letter.subject for letter in found)
    recipients = ["liaison.bawaslu", "liaison.korem", "liaison.kpu"]
    assert sorted(letter.recipient for letter in found) == [
        f"{name}@demo.test" for name in recipients
    ]


def pdf_says_the_same(walk, meeting, folder):
    with walk.page.expect_download() as download:
        walk.page.locator("main").get_by_role("link", name="Unduh PDF").click()
    file = Path(folder) / "notula.pdf"
    download.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF")
    text = " ".join(page.extract_text() for page in PdfReader(file).pages)
    text = re.sub(r"\s+", " ", text)
    minutes = Minutes.objects.get(meeting=meeting)
    for words in (meeting.title, minutes.number, "Kawal setiap angkutan", "dua lapis"):
        assert words in text
    assert minutes.sha256 in text.replace(" ", "")
