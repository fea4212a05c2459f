"""Guesses, floods, addresses and figures: what the public's pages give away, which is nothing."""

from datetime import timedelta

import time_machine
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from incidents.actions.public_triage import answer_report
from incidents.models import PublicReport
from incidents.queries.public_counts import public_counts, rounded
from incidents.views import public
from portal import clock
from portal.access import tracking
from portal.audit.models import Entry
from portal.web import throttling
from portal.web.models import IdempotencyRecord
from tests.factories.incidents import AT
from tests.factories.public import send, sent
from tests.incidents.public_pages import ADD, FIGURES, FOLLOW, FORM, code_in, solution, texts, typed


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
    wait = client.post(FOLLOW, {"code": receipt.code})
    assert (wait.status_code, 1 <= int(wait["Retry-After"]) <= 3600) == (429, True)
    elsewhere = client.post(FOLLOW, {"code": receipt.code}, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 200


def test_asking_with_the_right_code_is_limited_by_the_minute(client):
    code = send().code
    answers = [client.post(FOLLOW, {"code": code}) for _ in range(public.ASKED + 2)]
    assert {answer.status_code for answer in answers[: public.ASKED]} == {200}
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


def test_one_who_sends_too_often_leaves_room_for_everybody_else(client, monkeypatch):
    monkeypatch.setattr(public, "SENT", 2)
    monkeypatch.setattr(public, "SENT_BY_ALL", 4)
    flood = [client.post(FORM, {}).status_code for _ in range(8)]
    assert flood == [200] * 2 + [429] * 6
    assert client.post(FORM, {}, REMOTE_ADDR="198.51.100.7").status_code == 200


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
    assert 1 <= int(wait["Retry-After"]) <= 3600


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


def test_an_officer_who_reports_here_is_nobody_in_particular(client, sign_in, posko_banjar):
    sign_in(client, posko_banjar)
    page = client.post(FORM, typed())
    assert posko_banjar.post_title not in texts(page)
    assert [row.owner for row in IdempotencyRecord.objects.all()] == ["anonymous"]
    entry = Entry.objects.get(verb="public_report.receive")
    assert (entry.user_id, entry.post_id, entry.agency_id) == (None, None, None)


def test_no_picture_is_opened_before_some_work_was_shown(client):
    broken = SimpleUploadedFile("a.jpg", b"bukan gambar")
    page = client.post(FORM, typed(proof="", photos=broken))
    # That it was not opened: nothing is said of what is in it.
    assert page.context["form"].errors["photos"] == [
        "Berkasnya belum tersimpan. Bila kosong, pilih lagi."
    ]
    assert "Laporan belum terkirim" in texts(page)


def test_a_mistake_costs_no_second_puzzle(client):
    used = solution()
    assert client.post(FORM, typed(proof=used, text="")).context["form"].errors["text"]
    assert code_in(client.post(FORM, typed(proof=used)))


def test_who_corrects_a_mistake_is_not_hasty(client):
    with time_machine.travel(clock.true_now() - timedelta(minutes=5), tick=False):
        opened = client.get(FORM).context["opened"]
    page = client.post(FORM, typed(text="", opened=opened))
    assert page.context["opened"] == opened != page.context["ticket"]
    client.post(FORM, typed(opened=page.context["opened"]))
    assert PublicReport.objects.get().suspicions == []
