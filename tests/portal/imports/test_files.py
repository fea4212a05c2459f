"""A corpus of files as they come in practice: taken, or refused with the row and the cell."""

import io
import zipfile
from datetime import datetime

import pytest

from portal import clock
from portal.access.errors import Refused
from portal.imports.enums import ImportState
from portal.imports.kinds import kind_of
from portal.imports.models import ImportJob
from portal.registry.models import PollingStation
from tests.factories.imports import (
    HEADS,
    NOW,
    applied,
    as_csv,
    as_xlsx,
    checked,
    reasons,
    station,
    upload,
    verdicts,
    workbook,
)

AS_EXCEL = datetime(2024, 11, 25)  # noqa: DTZ001 (a date of Excel has no zone)


@pytest.fixture(autouse=True)
def _november(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()


def book(*rows, spoil=None, heads=HEADS):
    made = workbook(rows or [station()], heads)
    if spoil:
        spoil(made, made.active)
    return as_xlsx(made)


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The workbook with some of its parts exchanged or added; `xl_workbook` is any name."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, parts.pop(entry.filename, old.read(entry)))
        for name, body in parts.items():
            new.writestr(name, body)
    return target.getvalue()


# ── Files that are not taken in at all ──


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("uji.csv", b"", "Berkas kosong."),
        ("uji.csv", b" \r\n ", "Berkas kosong."),
        ("uji.xlsx", b"", "Berkas kosong."),
        ("uji.xlsx", b"bukan zip", "Isi berkas rusak atau bukan XLSX."),
        ("uji.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1", "Berkas ini terkunci kata sandi"),
        ("uji.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "Berkas ini terkunci kata sandi"),
        ("uji.xlsm", b"PK\x03\x04", "Berkas memuat makro."),
        ("uji.csv", b"PK\x03\x04", "Isi berkas ini XLSX, bukan CSV."),
        ("uji.pdf", b"%PDF-1.7", "Jenis berkas tidak diterima. Gunakan XLSX atau CSV."),
        ("uji", b"a;b", "Jenis berkas tidak diterima. Gunakan XLSX atau CSV."),
    ],
)
def test_a_file_of_another_kind_is_refused_at_once(liaison_kpu, name, data, sentence):
    with pytest.raises(Refused) as refusal:
        upload(data, liaison_kpu, name=name)
    assert str(refusal.value.sentence).startswith(sentence)
    assert not ImportJob.objects.exists()


def test_a_file_that_is_too_large_is_refused_at_once(liaison_kpu, settings):
    settings.ATTACHMENT_MAX_BYTES = 100
    with pytest.raises(Refused, match="Berkas lebih besar"):
        upload(as_csv([station()]), liaison_kpu)


def test_a_workbook_with_macros_or_too_much_in_it_is_refused_at_once(liaison_kpu, monkeypatch):
    with pytest.raises(Refused, match="makro"):
        upload(repacked(book(), **{"xl/vbaProject.bin": b"x"}), liaison_kpu, name="uji.xlsx")
    monkeypatch.setattr("portal.attachments.checks.MAX_UNPACKED", 1000)
    with pytest.raises(Refused, match="terlalu besar setelah dibuka"):
        upload(book(), liaison_kpu, name="uji.xlsx")


# ── Files that are refused as a whole once they are read ──

LONG_CELL = as_csv([station(Nama="x" * 150_000)])
BAD_BOOKS = [
    ("two headings the same", book(heads=(*HEADS, "Nomor")), "Judul “Nomor” berulang pada M1."),
    ("unknown heading", book(heads=(*HEADS, "Suara")), "Judul “Suara” pada M1 tidak dikenal."),
    (
        "required heading missing",
        book(heads=tuple(head for head in HEADS if head != "Sumber")),
        "Kolom wajib tidak ada pada baris 1: Sumber.",
    ),
    (
        "merged headings",
        book(spoil=lambda made, sheet: sheet.merge_cells("F1:G1")),
        "Sel F1:G1 digabung pada baris judul.",
    ),
    ("only headings", as_xlsx(workbook([])), "Tidak ada baris di bawah judul kolom."),
    ("nothing", as_xlsx(workbook([], heads=())), "Berkas kosong."),
    (
        "entities of its own",
        repacked(book(), **{"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><workbook/>'}),
        "Isi berkas rusak atau bukan XLSX.",
    ),
    (
        "an encoding that hides",
        repacked(book(), **{"xl/workbook.xml": "<workbook/>".encode("utf-16")}),
        "Isi berkas rusak atau bukan XLSX.",
    ),
    (
        "broken sheet",
        repacked(book(), **{"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"}),
        "",
    ),
]


@pytest.mark.parametrize(("data", "sentence"), [case[1:] for case in BAD_BOOKS],
                         ids=[case[0] for case in BAD_BOOKS])  # fmt: skip
def test_a_spoilt_workbook_is_refused_as_a_whole(liaison_kpu, data, sentence):
    job = checked(data, liaison_kpu, name="uji.xlsx")
    assert job.state == ImportState.FAILED
    assert job.error.startswith(sentence) and job.error
    assert not job.rows.exists()


BAD_TEXTS = [
    ("wrong headings", b"Nama;Umur\r\nA;7\r\n", "Judul kolom tidak ditemukan. Baris 1 berbunyi"),
    ("a sentence", b"Yth. Bapak", "Judul kolom tidak ditemukan."),
    ("only headings", as_csv([]), "Tidak ada baris di bawah judul kolom."),
    ("binary", b"Kode TPS;Nomor\x00\x01", "Isi berkas rusak atau bukan CSV."),
    ("open quote", as_csv([station()]) + b'"x;', "Baris 3 tidak terbaca sebagai CSV"),
    ("half UTF-16", b"\xff\xfeA\x00B", "Pengodean huruf berkas ini tidak dikenal."),
    ("no code page at all", b"Kode TPS;Nomor\r\n\x81\x8d;1", "Pengodean huruf berkas ini"),
    ("a cell too long", LONG_CELL, "Baris 2 tidak terbaca sebagai CSV"),
]


@pytest.mark.parametrize(("data", "sentence"), [case[1:] for case in BAD_TEXTS],
                         ids=[case[0] for case in BAD_TEXTS])  # fmt: skip
def test_a_spoilt_text_file_is_refused_as_a_whole(liaison_kpu, data, sentence):
    job = checked(data, liaison_kpu)
    assert (job.state, job.error[: len(sentence)]) == (ImportState.FAILED, sentence)


def test_more_rows_than_are_taken_are_refused(liaison_kpu):
    limit = kind_of("tps").limit
    head, row = as_csv([station()]).splitlines()
    job = checked(b"\r\n".join([head, *[row] * (limit + 1)]), liaison_kpu)
    assert limit == 50_000
    assert (job.state, job.error) == (
        ImportState.FAILED,
        "Lebih dari 50.000 baris. Bagi berkas ini menjadi beberapa.",
    )


# ── Files that are taken ──

GOOD_TEXTS = [
    ("plain", as_csv([station()])),
    ("byte order mark", as_csv([station()], encoding="utf-8-sig")),
    ("commas", as_csv([station()], separator=",")),
    ("tabs", as_csv([station()], separator="\t")),
    ("UTF-16 of Excel", as_csv([station()], separator="\t", encoding="utf-16")),
    ("hint for Excel", b"sep=;\r\n" + as_csv([station()])),
    ("unix line ends", as_csv([station()]).replace(b"\r\n", b"\n")),
    ("title above", b"Daftar TPS;;\r\n;;\r\n" + as_csv([station()])),
    ("empty rows between", as_csv([station()]).replace(b"\r\n63", b"\r\n;;;\r\n\r\n63")),
    ("English headings", as_csv([station()]).replace(b"Nomor", b"Number", 1)),
    ("headings with stars", as_csv([station()]).replace(b"Nomor", b" NOMOR * ", 1)),
    ("fewer cells", as_csv([station()]).rstrip(b"\r\n;")),
]


@pytest.mark.parametrize("data", [case[1] for case in GOOD_TEXTS],
                         ids=[case[0] for case in GOOD_TEXTS])  # fmt: skip
def test_text_files_as_spreadsheets_write_them_are_read(liaison_kpu, data):
    job = checked(data, liaison_kpu)
    assert (job.error, job.state, verdicts(job)) == ("", ImportState.CHECKED, ["new"])
    assert job.notices == []


def test_an_old_code_page_is_read_and_said(liaison_kpu):
    job = checked(as_csv([station(Nama="TPS José")], encoding="cp1252"), liaison_kpu)
    assert verdicts(job) == ["new"]
    assert job.notices == [
        "Berkas ini bukan UTF-8; dibaca sebagai Windows-1252. Periksa huruf khusus, mulai dari "
        "“é” pada baris 2."
    ]
    assert job.rows.get().after["name"] == "TPS José"


def _two_sheets(made, sheet):
    sheet.title = "Lembar1"
    made.create_sheet("Lain")


def _far_away(made, sheet):
    sheet["A300"] = "63.03.01-300"
    sheet["XFD1"] = "jauh"


def test_the_first_of_several_sheets_is_read_and_said(liaison_kpu):
    job = checked(book(spoil=_two_sheets), liaison_kpu, name="uji.xlsx")
    assert job.notices == ["Berkas memuat 2 lembar; yang dibaca “Lembar1”."]
    assert verdicts(job) == ["new"]


def test_a_workbook_is_read_with_its_own_numbers_and_dates(liaison_kpu):
    given = {"Nomor": 1, "Pemilih": 2041, "Per tanggal": AS_EXCEL, "Lintang": -3.4512,
             "Bujur": 114.6021, "Dipakai": True}  # fmt: skip
    job = checked(book(station(**given)), liaison_kpu, name="uji.xlsx")
    after = job.rows.get().after
    assert [after[name] for name in ("number", "voters", "as_of", "latitude", "longitude")] == [
        1, 2041, "2024-11-25", -3.4512, 114.6021,
    ]  # fmt: skip


def test_cells_far_from_the_table_do_no_harm(liaison_kpu):
    job = checked(book(spoil=_far_away), liaison_kpu, name="uji.xlsx")
    assert (job.state, verdicts(job)) == (ImportState.CHECKED, ["new", "refused"])


# ── Rows that are refused, with the cell ──

BAD_ROWS = [
    ("number missing", {"Nomor": ""}, "B2", "Wajib diisi."),
    ("words for a number", {"Nomor": "satu"}, "B2", "“satu” bukan angka."),
    ("number below its limit", {"Nomor": "0"}, "B2", "0 di luar batas: dari 1 sampai 32.767."),
    ("decimal for a whole", {"Pemilih": "480,5"}, "H2", "480,5 bukan bilangan bulat."),
    ("English thousands", {"Pemilih": "2,041"}, "H2", "2,041 bermakna ganda"),
    ("too many voters", {"Pemilih": "20.410"}, "H2", "20.410 di luar batas"),
    ("American date", {"Per tanggal": "11/25/2024"}, "K2", "Tanggal “11/25/2024” tidak ada"),
    ("no such day", {"Per tanggal": "31 Februari 2024"}, "K2", "Tanggal “31 Februari 2024” tidak"),
    ("two digits of a year", {"Per tanggal": "25/11/24"}, "K2", "“25/11/24” bukan tanggal."),
    ("another century", {"Per tanggal": "25/11/1924"}, "K2", "Tahun harus antara 2000 dan 2100."),
    ("latitude off the globe", {"Lintang": "-93,4", "Bujur": "114"}, "F2", "-93,4 di luar batas"),
    ("point without a half", {"Lintang": "-3,4"}, "longitude", "Isi lintang dan bujur"),
    ("formula", {"Nama": "=1+1"}, "E2", "Berisi rumus."),
    ("formula made harmless", {"Nama": "'=1+1"}, "E2", "Berisi rumus."),
    ("broken letters", {"Nama": "TPS \ufffd"}, "E2", "Sebagian teks tidak terbaca sebagai UTF-8."),
    ("control characters", {"Nama": "TPS \x07"}, "E2", "Teks memuat karakter kendali"),
    ("two lines in a cell", {"Nama": "TPS\n1"}, "E2", "Tulis dalam satu baris."),
    ("name too long", {"Nama": "x" * 121}, "E2", "Terlalu panjang: paling banyak 120 karakter"),
    ("scientific code", {"Kode TPS": "6,303E+12"}, "A2", "Kode ini telah diubah menjadi notasi"),
    ("unknown choice", {"Mutu": "Bagus"}, "L2", "“Bagus” tidak dikenal. Pilihan: Resmi"),
    ("neither yes nor no", {"Dipakai": "mungkin"}, "I2", "“mungkin” bukan Ya atau Tidak."),
    ("unknown district", {"Kode kecamatan": "63.03.99"}, "district", "Kecamatan 63.03.99 tidak"),
    ("a regency for a district", {"Kode kecamatan": "63.03"}, "district", "Kecamatan 63.03 tidak"),
    (
        "village of another district",
        {"Kode desa/kelurahan": "63.03.02.1001"},
        "village",
        "Desa/kelurahan ini tidak terletak di kecamatan 63.03.01.",
    ),
    ("unknown village", {"Kode desa/kelurahan": "63.03.01.9"}, "village", "Desa/kelurahan 63.03.0"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "cell", "sentence"), [case[1:] for case in BAD_ROWS],
                         ids=[case[0] for case in BAD_ROWS])  # fmt: skip
def test_a_bad_row_is_refused_with_its_cell(liaison_kpu, given, cell, sentence):
    job = checked(as_csv([station(**given)]), liaison_kpu)
    found = reasons(job)
    assert (job.state, verdicts(job), len(found)) == (ImportState.CHECKED, ["refused"], 1)
    assert (found[0][0], found[0][1][: len(sentence)]) == (cell, sentence)


def _formula(made, sheet):
    sheet["H2"] = "=240*2"


def _error(made, sheet):
    sheet["H2"] = "#REF!"
    sheet["H2"].data_type = "e"


def _merged(made, sheet):
    sheet.merge_cells("C2:C3")


def _number_code(made, sheet):
    sheet["C2"] = 63.1


def _outside(made, sheet):
    sheet["P2"] = "catatan"


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (_formula, [("H2", "Berisi rumus. Salin lalu tempel sebagai nilai.")]),
        (_error, [("H2", "Berisi galat #REF!.")]),
        (
            _merged,
            [
                ("C2:C3", "Sel digabung. Pisahkan sel gabungan, lalu isi tiap baris."),
                ("C3", "Wajib diisi."),
                ("C2:C3", "Sel digabung. Pisahkan sel gabungan, lalu isi tiap baris."),
            ],
        ),
        (
            _number_code,
            [("C2", "Terbaca sebagai angka 63,1; nol di belakang dapat hilang. Format selnya "
                    "sebagai Teks, lalu ketik ulang.")],
        ),
        (_outside, [("P2", "Berisi “catatan” di luar kolom berjudul.")]),
    ],
)  # fmt: skip
def test_a_bad_cell_of_a_workbook_is_refused_with_its_address(liaison_kpu, spoil, found):
    rows = [station(1), station(2)]
    job = checked(book(*rows, spoil=spoil), liaison_kpu, name="uji.xlsx")
    assert reasons(job) == found


def test_the_second_row_about_the_same_station_is_refused(liaison_kpu):
    job = checked(as_csv([station(), station(2), station(Nama="TPS lain")]), liaison_kpu)
    assert verdicts(job) == ["new", "new", "refused"]
    assert reasons(job) == [
        ("", "Menyebut hal yang sama dengan baris 2, tetapi isinya lain; yang berlaku baris 2.")
    ]


def test_thousand_dots_and_short_codes_are_understood(liaison_kpu):
    given = {"Pemilih": "2.041", "Kode kecamatan": "630301", "Per tanggal": "4 Nov 2024"}
    job = applied(checked(as_csv([station(**given)]), liaison_kpu), liaison_kpu)
    made = PollingStation.objects.get()
    assert (job.applied, made.voters, made.district_id, made.as_of.isoformat()) == (
        1, 2041, "63.03.01", "2024-11-04",
    )  # fmt: skip
