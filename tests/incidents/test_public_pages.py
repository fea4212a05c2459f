"""The pages for people without an account: no cookie, no guess, nothing kept of an address."""

import io
from datetime import timedelta

import altcha
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from incidents.actions.public_triage import answer_report, set_aside
from incidents.models import PublicContact, PublicPhoto, PublicReport, TriageReason
from incidents.views import public
from portal import clock
from portal.attachments.storage import read
from portal.web import proof
from portal.web.models import IdempotencyRecord
from tests.factories.incidents import AT
from tests.factories.public import photo, send
from tests.incidents.public_pages import ADD, CODE, FOLLOW, FORM, code_in, solution, texts, typed


def test_a_citizen_reports_adds_and_reads_without_any_cookie(client, coordinator):
    assert client.get(FORM).status_code == 200
    answer = client.post(FORM, typed(photos=SimpleUploadedFile("Budi.jpg", photo())))
    code, report = code_in(answer), PublicReport.objects.get()
    assert report.number in texts(answer)
    more = client.post(ADD, {"code": code, "text": "Mulai surut.", "idempotency_key": "k2"})
    assert "Tambahan Anda diterima" in texts(more)
    answer_report(report, text="Petugas sudah di lokasi.", by=coordinator, at=clock.now())
    page = client.post(FOLLOW, {"code": code})
    assert "Petugas sudah di lokasi." in texts(page)
    assert "Air naik" not in texts(page)
    report.refresh_from_db()
    assert report.answer_read_at is not None
    assert not client.cookies
    for shown in (answer, more, page):
        assert shown["Cache-Control"] == "no-store"


def test_a_photo_is_drawn_anew_and_loses_its_name(client):
    client.post(FORM, typed(photos=SimpleUploadedFile("Budi-rumah.jpg", photo(size=(40, 30)))))
    kept = PublicPhoto.objects.get()
    picture = Image.open(io.BytesIO(read(kept.path)))
    assert picture.size == (30, 40)  # Turned as the camera meant it.
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert "Budi" not in repr(list(PublicPhoto.objects.values()))


def test_what_is_no_picture_is_refused_at_its_field(client):
    for name, data in (("a.pdf", b"%PDF-1.7"), ("a.jpg", b"bukan gambar"), ("a.svg", b"<svg/>")):
        page = client.post(FORM, typed(photos=SimpleUploadedFile(name, data)))
        assert page.status_code == 200
        assert "id_photos" in page.content.decode()
        assert page.context["form"].errors["photos"]
    assert not PublicReport.objects.exists()


def test_more_photos_than_allowed_or_too_large_are_refused(client, monkeypatch):
    files = [SimpleUploadedFile(f"{n}.jpg", photo()) for n in range(4)]
    page = client.post(FORM, typed(photos=files))
    assert "Paling banyak 3 foto" in texts(page)
    monkeypatch.setattr("incidents.forms.public.MAX_PHOTO", 100)
    page = client.post(FORM, typed(photos=SimpleUploadedFile("a.jpg", photo())))
    assert "lebih besar dari 8 MB" in texts(page)


def test_a_tally_is_stopped_with_a_sentence(client):
    page = client.post(FORM, typed(text="Di TPS 4 paslon 2 meraih 210 suara"))
    assert "Portal ini tidak menyimpan perolehan suara." in texts(page)
    assert not PublicReport.objects.exists()


def test_a_district_of_another_regency_is_refused(client):
    page = client.post(FORM, typed(district="63.09.01"))
    assert page.context["form"].errors["district"]


def test_without_a_district_the_regency_counts(client):
    client.post(FORM, typed(district=""))
    assert PublicReport.objects.get().region_id == "63.03"


def test_who_wants_to_be_reached_says_how_and_who_does_not_leaves_nothing(client):
    page = client.post(FORM, typed(known="kontak"))
    assert page.context["form"].errors["contact_reach"]
    client.post(FORM, typed(contact_name="Warga", contact_reach="0812"))
    assert not PublicContact.objects.exists()
    client.post(
        FORM,
        typed(known="kontak", read="rahasia", contact_reach="0812", idempotency_key="k3"),
    )
    report = PublicReport.objects.order_by("-pk")[0]
    assert (report.anonymous, report.confidential) == (False, True)
    assert PublicContact.objects.get().report_id == report.pk


def test_a_puzzle_is_good_once(client):
    used = solution()
    client.post(FORM, typed(proof=used))
    page = client.post(FORM, typed(proof=used, idempotency_key="k2"))
    assert "Laporan belum terkirim" in texts(page)
    assert PublicReport.objects.count() == 1


@pytest.mark.parametrize("given", ["", "x", "e30=", "a" * 5000])
def test_without_work_nothing_is_sent(client, given):
    assert "Laporan belum terkirim" in texts(client.post(FORM, typed(proof=given[:4000])))
    assert not PublicReport.objects.exists()
    assert not proof.solved(given)


def test_a_forged_or_old_puzzle_is_refused(settings, monkeypatch):
    challenge = altcha.create_challenge("PBKDF2/SHA-256", 1, hmac_secret="x")
    payload = altcha.Payload(challenge, altcha.solve_challenge(challenge))
    assert not proof.solved(payload.to_base64())
    monkeypatch.setattr(proof, "GOOD_FOR", timedelta(seconds=-2))
    assert not proof.solved(solution())


def test_the_sum_serves_where_the_puzzle_cannot(client):
    client.get(FORM)
    question, ticket = proof.new_question()
    one, other = proof._opened(ticket)[:2]
    wrong = client.post(FORM, typed(proof="", ticket=ticket, result="1"))
    assert "Laporan belum terkirim" in texts(wrong)
    right = client.post(FORM, typed(proof="", ticket=ticket, result=str(one + other)))
    assert CODE.search(right.content.decode())
    again = {"ticket": ticket, "result": str(one + other), "idempotency_key": "k2"}
    assert "Laporan belum terkirim" in texts(client.post(FORM, typed(proof="", **again)))
    assert "ditambah" in question


def test_sums_are_few_per_address(client, monkeypatch):
    monkeypatch.setattr(public, "WITHOUT_PUZZLE", 1)
    for number, expected in ((1, 1), (2, 1)):
        _question, ticket = proof.new_question()
        one, other = proof._opened(ticket)[:2]
        given = {"proof": "", "ticket": ticket, "result": str(one + other)}
        client.post(FORM, typed(**given, idempotency_key=f"k{number}"))
        assert PublicReport.objects.count() == expected


def test_the_trap_and_haste_mark_a_report(client):
    _question, ticket = proof.new_question()
    client.post(FORM, typed(website="https://a.test", opened=ticket))
    assert set(PublicReport.objects.get().suspicions) == {"jebakan", "kilat"}


def test_a_second_click_sends_nothing_and_is_told_so(client):
    data = typed()
    first, second = client.post(FORM, data), client.post(FORM, data)
    assert (first.status_code, second.status_code) == (200, 409)
    assert "Kiriman ini sudah diterima" in texts(second)
    assert PublicReport.objects.count() == 1
    assert bytes(IdempotencyRecord.objects.get().body) == b""


def test_an_addition_sent_twice_is_said_to_be_there(client):
    """Its code is in the sender's hands: nothing has to be sent anew."""
    receipt = send()
    data = {"code": receipt.code, "text": "Ada yang melihat.", "idempotency_key": "k"}
    assert "Tambahan Anda diterima" in texts(client.post(ADD, data))
    again = client.post(ADD, data)
    assert (again.status_code, receipt.report.messages.count()) == (409, 1)
    page = texts(again)
    assert "Tambahan Anda sudah tersimpan" in page
    assert "kirim laporan baru" not in page.lower()


@pytest.mark.parametrize("missing", ["latitude", "longitude"])
def test_half_a_point_is_refused_and_not_dropped(client, missing):
    point = {"latitude": "-3.41", "longitude": "114.85"} | {missing: ""}
    page = client.post(FORM, typed(**point))
    assert "Isi lintang dan bujur, atau kosongkan keduanya." in texts(page)
    assert list(page.context["form"].errors) == [missing]
    assert PublicReport.objects.count() == 0


def test_english_is_asked_for_in_the_address(client):
    assert "Report trouble with the election" in texts(client.get(FORM, {"lang": "en"}))
    assert "Lapor gangguan pemilihan" in texts(client.get(FORM, {"lang": "xx"}))
    page = client.post(FOLLOW, {"code": send().code, "lang": "en"})
    assert "There is no answer yet" in texts(page)
    assert not client.cookies


def test_a_standard_answer_is_read_in_the_reader_s_language(client, coordinator):
    receipt = send()
    reason = TriageReason.objects.get(pk="kurang-jelas")
    set_aside([receipt.report.pk], reason, by=coordinator, at=AT)
    page = client.post(FOLLOW, {"code": receipt.code, "lang": "en"})
    assert "There is not enough to go on yet" in texts(page)
