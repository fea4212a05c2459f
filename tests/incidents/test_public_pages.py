"""The pages for people without an account: no cookie, no guess, nothing kept of an address."""

import io
import json
import re
from datetime import timedelta

import altcha
import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from incidents.actions.public_triage import answer_report, set_aside
from incidents.models import PublicContact, PublicPhoto, PublicReport, TriageReason
from incidents.queries.public_counts import public_counts, rounded
from incidents.views import public
from portal import clock
from portal.access import tracking
from portal.attachments.storage import read
from portal.audit.models import Entry
from portal.web import proof, throttling
from portal.web.models import IdempotencyRecord
from tests.factories.incidents import AT
from tests.factories.public import photo, send, sent

FORM, FOLLOW, ADD, FIGURES = "/lapor/", "/lapor/ikuti/", "/lapor/tambah/", "/lapor/angka/"
CODE = re.compile(r"<code>([0-9A-Z-]{31})</code>")


def texts(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def solution() -> str:
    """What a browser sends after it has done its puzzle; an easy one here."""
    challenge = altcha.Challenge.from_dict(json.loads(proof.new_puzzle(cost=1)))
    return altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()


def typed(**changes) -> dict:
    moment = clock.local(clock.now()) - timedelta(minutes=10)
    return {
        "subject": "bencana",
        "regency": "63.03",
        "district": "63.03.17",
        "place": "Desa Angkipih",
        "timing": "sudah",
        "occurred_at": moment.strftime("%Y-%m-%dT%H:%M"),
        "text": "Air naik sejak subuh dan menutup jalan.",
        "known": "anonim",
        "read": "biasa",
        "proof": solution(),
        "idempotency_key": "kunci-1",
        **changes,
    }


def code_in(response) -> str:
    return CODE.search(response.content.decode()).group(1)


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
    client.post(FORM, typed(website="https://a.test", ticket=ticket))
    assert set(PublicReport.objects.get().suspicions) == {"jebakan", "kilat"}


def test_a_second_click_sends_nothing_and_is_told_so(client):
    data = typed()
    first, second = client.post(FORM, data), client.post(FORM, data)
    assert (first.status_code, second.status_code) == (200, 409)
    assert "Kiriman ini sudah diterima" in texts(second)
    assert PublicReport.objects.count() == 1
    assert bytes(IdempotencyRecord.objects.get().body) == b""


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


def test_another_code_shows_only_its_own(client, coordinator):
    mine, other = send(), send(text="Jembatan putus di hulu sungai.")
    answer_report(other.report, text="Jawaban untuk yang lain.", by=coordinator, at=AT)
    page = texts(client.post(FOLLOW, {"code": mine.code}))
    assert mine.report.number in page
    assert other.report.number not in page
    assert "Jawaban untuk yang lain" not in page
    other.report.refresh_from_db()
    assert other.report.answer_read_at is None


def test_guessing_finds_nothing_and_is_slowed_down(client, monkeypatch):
    sent()
    monkeypatch.setattr(public, "ASKED", 1000)
    answers = [
        client.post(FOLLOW, {"code": tracking.new_code()}).status_code
        for _ in range(public.WRONG + 15)
    ]
    assert answers == [404] * public.WRONG + [429] * 15
    receipt = send()
    assert client.post(FOLLOW, {"code": receipt.code}).status_code == 429
    elsewhere = client.post(FOLLOW, {"code": receipt.code}, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 200


def test_asking_with_the_right_code_is_limited_by_the_minute(client):
    code = send().code
    answers = [client.post(FOLLOW, {"code": code}).status_code for _ in range(public.ASKED + 2)]
    assert set(answers[: public.ASKED]) == {200}
    assert answers[-1] == 429


def test_adding_by_a_wrong_code_counts_as_guessing(client, monkeypatch):
    monkeypatch.setattr(public, "WRONG", 2)
    data = {"code": tracking.new_code(), "text": "Tambahan."}
    assert [client.post(ADD, data).status_code for _ in range(3)] == [404, 404, 429]


def test_an_empty_addition_is_shown_its_mistake(client):
    page = client.post(ADD, {"code": send().code, "text": "", "idempotency_key": "k"})
    assert "Tulis tambahan, atau pilih foto." in texts(page)


def test_sending_is_limited_per_address_and_in_all(client, monkeypatch):
    monkeypatch.setattr(public, "SENT", 1)
    assert client.post(FORM, typed()).status_code == 200
    assert client.post(FORM, typed(idempotency_key="k2")).status_code == 429
    other = {"REMOTE_ADDR": "198.51.100.7"}
    assert client.post(FORM, typed(idempotency_key="k3"), **other).status_code == 200
    monkeypatch.setattr(public, "SENT_BY_ALL", 2)
    third = {"REMOTE_ADDR": "198.51.100.8"}
    wait = client.post(FORM, typed(idempotency_key="k4"), **third)
    assert (wait.status_code, "hubungi polisi di 110" in texts(wait)) == (429, True)


def test_no_address_is_kept_anywhere(client):
    seen = {"REMOTE_ADDR": "198.51.100.77"}
    code = code_in(client.post(FORM, typed(), **seen))
    client.post(FOLLOW, {"code": code}, **seen)
    client.post(FOLLOW, {"code": tracking.new_code()}, **seen)
    client.post(ADD, {"code": code, "text": "Surut.", "idempotency_key": "k2"}, **seen)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        for (table,) in cursor.fetchall():
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT t::text FROM {name} t")  # noqa: S608 (a table of ours)
            assert "198.51.100.77" not in str(cursor.fetchall()), table
    assert set(Entry.objects.values_list("address", flat=True)) == {""}


def test_who_passes_by_is_counted_under_a_name_of_the_day(rf, monkeypatch):
    def name(address, moment=AT):
        monkeypatch.setattr(throttling.clock, "true_now", lambda: moment)
        return throttling.passer_by(rf.get("/", REMOTE_ADDR=address))

    assert name("198.51.100.7") == name("198.51.100.7") != name("198.51.100.8")
    assert name("198.51.100.7") == name("::ffff:198.51.100.7")
    assert name("2001:db8:1:2::1") == name("2001:db8:1:2::ffff") != name("2001:db8:1:3::1")
    assert name("198.51.100.7") != name("198.51.100.7", AT + timedelta(days=1))
    assert name("") == name("bukan alamat")


def test_salts_and_names_are_deleted_when_they_have_run_out(client):
    client.post(FORM, typed())
    names = "SELECT count(*) FROM web_cache WHERE cache_key ~ 'passer-by|public-'"
    with connection.cursor() as cursor:
        cursor.execute(names)
        assert cursor.fetchone()[0] >= 3
        assert throttling.forget(clock.true_now()) == 0
        assert throttling.forget(clock.true_now() + timedelta(days=2)) >= 3
        cursor.execute(names)
        assert cursor.fetchone() == (0,)
    caches["default"].clear()


def test_figures_are_closed_until_the_setting_opens_them(client, settings):
    assert client.get(FIGURES).status_code == 404
    settings.PUBLIC_COUNTS = True
    assert "Laporan warga dalam angka" in texts(client.get(FIGURES))


def test_figures_are_late_round_and_without_what_is_confidential():
    for number in range(7):
        sent(text=f"Jalan ke desa nomor {number} terendam air.")
    for _ in range(3):
        sent(region="63.09.01", subject="kebakaran", text=f"Api di lahan {_} dekat kebun.")
    sent(confidential=True, region="63.04")
    sent(trapped=True, region="63.05", text="Pesan yang aneh sekali isinya.")
    before = public_counts(AT + timedelta(days=8))
    counts = public_counts(AT + timedelta(days=12))
    assert (before.total, before.until.isoformat()) == ("0", "2024-11-17")
    assert counts.until.isoformat() == "2024-11-24"
    shown = {line.label: line.count for line in counts.by_regency if line.count != "0"}
    assert shown == {"Kabupaten Banjar": "5", "Kabupaten Tabalong": "<5"}
    assert counts.total == "10"
    assert len(counts.by_regency) == 13


def test_rounding_says_nothing_small():
    shown = [rounded(number) for number in (0, 1, 4, 5, 7, 8, 12, 13)]
    assert shown == ["0", "<5", "<5", "5", "5", "10", "10", "15"]
