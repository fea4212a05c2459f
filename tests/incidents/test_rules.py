from dataclasses import replace

import pytest

from incidents.rules import covers, handles, looks_like_tally, opens_names
from portal.home.demo.people import LADDER_OFFICES, actor_of
from tests.factories.incidents import report


@pytest.mark.parametrize(
    "text",
    [
        "Perolehan sementara 1.234 suara di TPS 05",
        "unggul dengan 54% suara",
        "suara sah: 412",
        "suara masuk sebanyak 300",
        "Paslon 01: 212, paslon 02: 198",
        "paslon nomor urut 2 meraih 54",
        "Pasangan calon 1 memperoleh suara 310",
        "calon nomor 1 unggul 20",
        "paslon satu mendapat 51 persen",
        "candidate one leads by 120 votes",
        "01: 120, 02: 98",
        "01: 120; 02: 98",
        "Di TPS 3 nomor 1 dapat 120, nomor 2 dapat 98, tidak sah 4.",
        "1 = 120, 2 = 98",
        "01:120\n02:98",
        "Hasil TPS 05: 01: 212, 02: 198",
        "nomor 1: 1.120 dan nomor 2: 980",
        "01: 54%, 02: 46%",
        "01: 20, 02: 18",
        "01: 120 02: 98",
        "Hasil 1: 120, 2: 98, tidak sah: 4",
        "nomor urut 1 dapat 120, 2 dapat 98",
        "01 dapat 120, 02 dapat 98",
        "01:120,02:98",
        "C1 TPS 4: 01=120; 02=98",
        "nomor 2 dapat 98",
        "Nomor 1 memperoleh 1.120.",
        "Paslon 1 dapat 120, paslon 2 dapat 80",
        "Hasil: Paslon 01 120 dan paslon 02 80",
        "paslon 1 dapat 120",
        "Paslon 1 menang dengan 120",
        "Suara paslon 1 sebanyak 120",
        "Calon A 120, calon B 80",
        "Hasil TPS 3: 120-80 untuk paslon 1",
        "Hasil TPS 3: 120-80",
        "Hasil hitung cepat 54-46",
        "kotak kosong 300, paslon tunggal 200",
        "Candidate 1 got 120, candidate 2 got 80",
        "candidate 1 wins with 54%",
        "54% untuk paslon 2",
        "Pasangan nomor 2\n98",
        "Kandidat nomor urut 1 unggul tipis 212",
    ],
)
def test_looks_like_tally_sees_votes_won(text):
    assert looks_like_tally(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kekurangan 25 lembar surat suara di TPS 03",
        "Kotak suara 3 buah rusak karena air",
        "Pemungutan suara 27 November 2024 dimulai pukul 07.00",
        "Penghitungan suara 13.00 WITA terhenti",
        "Bilik suara 4 unit basah",
        "Pengeras suara 2 unit disita",
        "Massa paslon nomor urut 1 sekitar 150 orang memblokir jalan",
        "Pendukung paslon 1 dan paslon 2 bentrok, 3 orang luka",
        "Dua TPS terendam 40 cm",
        "Baliho calon nomor urut 2 rusak di 7 titik",
        "TPS 01: 120 orang antre",
        "TPS 01: 120 orang antre, TPS 02: 98 orang antre",
        "TPS 1: 120, TPS 2: 98",
        "TPS 01: 120, 02: 98",
        "Pukul 01.20 sampai 02.10",
        "01:20, 02:45 dan 03:10",
        "Pos 1: 12 personel, pos 2: 10 personel",
        "-3.316694, 114.590111",
        "-3.31, 114.59",
        "0812-3456-7890",
        "Hubungi 0511 3354545, 08:00-16:00",
        "2 orang luka, 3 motor rusak",
        "27/11/2024, 28/11/2024",
        "Tanggal 5/9: 12, 6/9: 40",
        "1: 3, 2: 4",
        "nomor 1 dapat 120 paket sembako, nomor 2 dapat 80 paket",
        "Skala peta 1:50.000",
        "Jam 8:15 tiba, jam 9:20 pulang",
        "RT 1: 30 rumah, RT 2: 45 rumah",
        "1. Jalan putus 2. Listrik padam",
        "Ketinggian air 1: 40 cm, 2: 60 cm",
        "Kampanye paslon 1 pukul 14.00 di lapangan",
        "Massa paslon 2 sebanyak 120.",
        "Saksi paslon 1: 12, tim paslon 2: 14",
        "Paslon 1 tiba pukul 09.30, paslon 2 pukul 10.15",
        "Paslon 2 berkampanye dengan 300 orang",
        "Kotak kosong 3 buah dibawa ke gudang",
        "Pengamanan calon nomor 2 oleh 12 personel",
        "20 personel untuk paslon 1",
        "Debat paslon 1 dan 2 pada 12 November",
        "Hasil pemeriksaan tanggal 12-13 November",
        "Hasil koordinasi 08.00-10.00",
        "Hasil rapat: 12 orang hadir",
        "Calon 12 orang",
        "Rombongan calon 1 lewat Jalan A. Yani km 17",
        "Laporan untuk calon pengawas",
        "Regu 1: 30, 2: 28",
        "",
    ],
)
def test_looks_like_tally_leaves_the_words_of_the_day(text):
    assert not looks_like_tally(text)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1.",
        "1.234.567,",
        "suara ",
        "1:1",
        "1  ",
        "1..",
        "paslon 1 ",
        "hasil ",
        "calon a dapat ",
        "1-1 ",
    ],
)
def test_a_text_of_nothing_but_figures_is_read_once(piece):
    """Anybody may send such a text without an account; read anew from every figure, it would hold
    a worker for minutes."""
    looks_like_tally(piece * (200_000 // len(piece)))


def test_handles_leading_agency_in_its_region_only(
    coordinator, liaison_pemprov, liaison_kpu, posko_banjar
):
    flood = report(liaison_kpu)
    demonstration = report(liaison_kpu, code="A1")
    elsewhere = report(liaison_kpu, code="A1", region="63.71")

    assert handles(liaison_pemprov, flood)
    assert not handles(liaison_kpu, flood)
    assert not handles(posko_banjar, flood)
    assert handles(posko_banjar, demonstration)
    assert not handles(posko_banjar, elsewhere)
    assert handles(coordinator, elsewhere)


def test_the_duty_desk_of_an_agency_handles_what_its_agency_leads_wherever_it_is(liaison_kpu):
    desks = {office.login: office for office in LADDER_OFFICES}
    flood = report(liaison_kpu)
    demonstration = report(liaison_kpu, code="A1", region="63.71")
    desk = actor_of(desks["piket.pemprov"])

    assert handles(desk, flood)
    assert opens_names(desk, flood)
    assert not handles(desk, demonstration)
    assert not handles(replace(desk, unit_path=desk.unit_path + "/banjar"), flood)


def test_covers_region_and_what_lies_inside(posko_banjar, coordinator, liaison_kpu):
    district = report(liaison_kpu, region="63.03.17")

    assert covers(posko_banjar, district)
    assert covers(coordinator, district)
