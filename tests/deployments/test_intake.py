"""Strength and placements out of files: through the actions, by the owner only, and back again."""

from datetime import date, datetime

import pytest

from deployments import actions
from deployments.models import Deployment, StrengthAccount, StrengthTransfer
from deployments.queries.ledger import positions
from portal import clock
from portal.access.actor import SYSTEM
from portal.audit.models import Entry
from portal.imports.enums import ImportState
from portal.registry.models import Agency, Region, Unit
from tests.factories import deployments as make
from tests.factories.imports import NOW, applied, as_csv, checked, reasons, undone, verdicts
from tests.factories.registry import make_place

START, TODAY = date(2024, 8, 24), date(2024, 11, 20)
STRENGTH_HEADS = (
    "Satuan", "Kode wilayah", "Tempat", "Bagian", "Pengendali (BKO)", "Jumlah personel",
    "Berlaku mulai", "Alasan", "Sumber",
)  # fmt: skip
PLACEMENT_HEADS = (
    "Satuan", "Nomor penempatan", "Kode wilayah", "Tempat", "Jumlah personel", "Status",
    "Masih permintaan", "Pengendali (BKO)", "Satuan tugas", "Fungsi", "Tahapan", "Tugas", "Kontak",
    "Mulai", "Sampai dengan", "Sumber", "Data per", "Mutu data",
    "Alasan perubahan",
)  # fmt: skip


@pytest.fixture(autouse=True)
def november(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()


@pytest.fixture(autouse=True)
def announced(november):
    """Korem 101 announced 2,041, and nobody is placed."""
    at = datetime(2024, 8, 24, 8, tzinfo=clock.WITA)
    agency = Agency.objects.get(slug="korem-101")
    actions.declare_strength(
        make.operation(), agency, total=2041, source="uji", as_of=at, by=SYSTEM, at=at
    )


def part(unit="kodim-1006", people="1.551", **given):
    return {
        "Satuan": unit,
        "Kode wilayah": "63",
        "Bagian": "Cadangan",
        "Jumlah personel": people,
        "Berlaku mulai": "24 Agustus 2024",
        "Alasan": "uji",
    } | given


def placement(unit="kodim-1006", **given):
    return {
        "Satuan": unit,
        "Kode wilayah": "63.03",
        "Jumlah personel": "30",
        "Status": "Siaga",
        "Tugas": "PAM TPS",
        "Mulai": "2024-11-18",
        "Sampai dengan": "30/11/2024",
        "Sumber": "uji",
        "Data per": "20 Nov 2024",
    } | given


def strengths(*rows, by):
    return checked(as_csv(rows, STRENGTH_HEADS), by, "kuat-personel")


def placements(*rows, by):
    return checked(as_csv(rows, PLACEMENT_HEADS), by, "penempatan")


def standing(on=TODAY):
    """Per unit and part how many stand there."""
    units = {None: None} | {
        unit.pk: unit.slug for unit in make.unit("kodim-1006").agency.units.all()
    }
    return {(units[p.unit], p.part): p.people for p in positions(make.operation(), on, clock.now())}


EVERYBODY = {(None, "not_itemised"): 2041}


# ── Strength ──


def test_the_korem_s_2041_come_from_a_file(liaison_korem):
    rows = [
        part("korem-101", "100", **{"Kode wilayah": "63.72", "Pengendali (BKO)": "polda-kalsel",
                                    "Bagian": "Terlibat"}),
        *[part("korem-101", "30", **{"Kode wilayah": code, "Pengendali (BKO)": "Polda Kalsel",
                                     "Bagian": "Siaga"})
          for code in Region.objects.regencies().values_list("code", flat=True)],
        part("korem-101", "1.551"),
    ]  # fmt: skip
    job = applied(strengths(*rows, by=liaison_korem), liaison_korem)
    assert (job.error, job.new, job.applied) == ("", 15, 15)
    found = {}
    for position in positions(make.operation(), TODAY, clock.now()):
        found[position.part] = found.get(position.part, 0) + position.people
    assert found == {"engaged": 100, "standby": 390, "reserve": 1551}


def test_a_number_that_stands_is_the_same_and_another_is_a_move(liaison_korem):
    applied(strengths(part(people="100"), by=liaison_korem), liaison_korem)
    again = strengths(part(people="100"), by=liaison_korem)
    assert verdicts(again) == ["same"]
    less = strengths(part(people="60"), by=liaison_korem)
    row = less.rows.get()
    assert (row.verdict, row.before["personnel"], row.after["personnel"]) == ("changed", 100, 60)
    applied(less, liaison_korem)
    assert standing() == {(None, "not_itemised"): 1981, ("kodim-1006", "reserve"): 60}
    entry = StrengthTransfer.objects.order_by("-pk").first()
    assert (entry.personnel, entry.target.part, entry.reason) == (40, "not_itemised", "uji")
    assert entry.by_post_id == liaison_korem.post_id


def test_undo_restores_every_balance_exactly(liaison_korem):
    applied(strengths(part(people="100"), by=liaison_korem), liaison_korem)
    before = dict(StrengthAccount.objects.values_list("pk", "balance"))
    job = applied(
        strengths(part(people="60"), part("kodim-1007", "200"), by=liaison_korem), liaison_korem
    )
    assert dict(StrengthAccount.objects.values_list("pk", "balance")) != before
    undone(job, liaison_korem)
    after = dict(StrengthAccount.objects.values_list("pk", "balance"))
    assert (job.state, job.undone) == (ImportState.UNDONE, 2)
    assert {key: balance for key, balance in after.items() if key in before} == before
    assert [balance for key, balance in after.items() if key not in before] == [0]
    assert standing() == {(None, "not_itemised"): 1941, ("kodim-1006", "reserve"): 100}
    assert Entry.objects.filter(verb="ledger.reverse").count() == 2


def test_undo_keeps_an_entry_whose_people_have_moved_on(liaison_korem):
    job = applied(strengths(part(people="100"), by=liaison_korem), liaison_korem)
    applied(strengths(part(people="20"), by=liaison_korem), liaison_korem)
    undone(job, liaison_korem)
    row = job.rows.get()
    assert (job.state, job.kept, row.outcome) == (ImportState.APPLIED, 1, "kept")
    assert row.outcome_reason.startswith("Hanya ")
    assert standing() == {(None, "not_itemised"): 2021, ("kodim-1006", "reserve"): 20}


def test_more_than_was_announced_is_refused_in_the_dry_run(liaison_korem):
    rows = [part(people="2.000"), part("kodim-1007", "42")]
    job = strengths(*rows, by=liaison_korem)
    assert verdicts(job) == ["new", "refused"]
    [(column, sentence)] = reasons(job)
    assert column == "personnel"
    assert "hanya 41 orang tidak terperinci, diminta 42" in sentence
    assert standing() == EVERYBODY
    assert StrengthTransfer.objects.count() == 1


def test_an_agency_that_announced_nothing_is_told_so(liaison_polda):
    job = strengths(part("polres-banjar", "5", **{"Kode wilayah": "63.03"}), by=liaison_polda)
    assert [text for _column, text in reasons(job)] == [
        "Polres Banjar: Cadangan, Kabupaten Banjar menjadi 5 orang mulai 24 Agu 2024 (tercatat 0, "
        "selisih 5): Polda Kalsel belum menyatakan kekuatannya pada 24 Agu 2024; nyatakan dahulu."
    ]


def test_people_held_by_a_placement_are_named_with_the_row_s_own_number_and_day(liaison_korem):
    """The placement ends with the operation: on the day after, the ledger would be short."""
    held = {"Kode wilayah": "63", "Jumlah personel": "120", "Status": "Cadangan",
            "Sampai dengan": "31/12/2024"}  # fmt: skip
    applied(placements(placement(**held), by=liaison_korem), liaison_korem)
    number = Deployment.objects.get().pk
    job = strengths(part(people="2", **{"Berlaku mulai": "20/11/2024"}), by=liaison_korem)
    unit = make.unit("kodim-1006").short_name
    account = f"{unit}: Cadangan, Provinsi Kalimantan Selatan"
    assert reasons(job) == [
        (
            "personnel",
            f"{account} menjadi 2 orang mulai 20 Nov 2024 (tercatat 120, selisih 118): 118 orang "
            f"di {account} terikat penempatan nomor {number} (120) pada 20 Nov 2024; ubah "
            "penempatannya.",
        )
    ]


@pytest.mark.parametrize("number", ["-5", "9.999"])
def test_every_fault_of_a_row_is_named(liaison_korem, number):
    """What cannot be read, and what nobody has anywhere."""
    job = strengths(part(people=number, **{"Kode wilayah": "64"}), by=liaison_korem)
    assert sorted(text for _where, text in reasons(job)) == sorted(
        [
            "Wilayah 64 tidak dikenal.",
            "-5 di luar batas: dari 0 sampai 1.000.000."
            if number == "-5"
            else "Korem 101 menyatakan 2.041 orang pada 24 Agu 2024, diminta 9.999.",
        ]
    )


def test_every_fault_of_a_placement_s_row_is_named(liaison_korem):
    wrong = {
        "Kode wilayah": "",
        "Tahapan": "Liburan",
        "Pengendali (BKO)": "x",
        "Jumlah personel": "0",
    }
    job = placements(placement("kodim-9999", **wrong), by=liaison_korem)
    assert sorted(where for where, _text in reasons(job)) == [
        "C2", "E2", "controller", "stage", "unit",
    ]  # fmt: skip


def test_a_change_of_an_ordered_placement_needs_the_reason_of_its_row(liaison_korem):
    applied(placements(placement(), by=liaison_korem), liaison_korem)
    more = placement(**{"Jumlah personel": "40"})
    assert reasons(placements(more, by=liaison_korem)) == [
        ("reason", "Isi alasan perubahan: penempatan ini sudah diperintahkan.")
    ]
    given = more | {"Alasan perubahan": "Sepuluh menyusul"}
    job = applied(placements(given, by=liaison_korem), liaison_korem)
    newest = StrengthTransfer.objects.order_by("-pk").first()
    assert (job.applied, newest.reason) == (1, "Sepuluh menyusul")


@pytest.mark.parametrize(
    ("given", "column", "sentence"),
    [
        (
            {"Satuan": "polres-banjar"},
            "unit",
            "Satuan Polres Banjar di luar wewenang jabatan Anda.",
        ),
        ({"Satuan": "kodim-9999"}, "unit", "Satuan “kodim-9999” tidak dikenal."),
        ({"Kode wilayah": "64"}, "region", "Wilayah 64 tidak dikenal."),
        ({"Tempat": "Posko lain"}, "place", "Tempat “Posko lain” tidak terdaftar di wilayah itu."),
        ({"Pengendali (BKO)": "x"}, "controller", "Instansi “x” tidak dikenal."),
        ({"Pengendali (BKO)": "korem-101"}, "controller", "Pengendali BKO adalah instansi lain."),
        ({"Bagian": "Tidak terperinci"}, "D2", "“Tidak terperinci” tidak dikenal. Pilihan:"),
        ({"Jumlah personel": "-5"}, "F2", "-5 di luar batas: dari 0 sampai 1.000.000."),
        ({"Alasan": ""}, "H2", "Wajib diisi."),
    ],
)
def test_a_row_of_strength_that_cannot_be_is_refused(liaison_korem, given, column, sentence):
    job = strengths(part(people="10") | given, by=liaison_korem)
    [(where, text)] = reasons(job)
    assert (where, text[: len(sentence)]) == (column, sentence)


def test_a_name_of_several_units_needs_its_code(liaison_korem):
    for slug in ("kodim-1006", "kodim-1007"):
        Unit.objects.filter(slug=slug).update(short_name="Kodim Kota")
    job = strengths(
        part("kodim kota", "1"), part("Kodim-1007", "1"), part("Kodim 1006/Banjar", "1"),
        by=liaison_korem,
    )  # fmt: skip
    assert verdicts(job) == ["refused", "new", "new"]
    assert reasons(job) == [
        ("unit", "Nama “kodim kota” dipakai lebih dari satu satuan; tulis kodenya.")
    ]


def test_the_same_account_twice_in_a_file_is_refused(liaison_korem):
    same = part(people="10")
    rows = [same, same, part(people="20"), part("Kodim 1006", people="30")]
    job = strengths(*rows, by=liaison_korem)
    assert verdicts(job) == ["new", "refused", "refused", "refused"]
    assert [text for _where, text in reasons(job)] == [
        "Sama dengan baris 2 dalam berkas ini.",
        "Menyebut hal yang sama dengan baris 2, tetapi isinya lain; yang berlaku baris 2.",
        "Baris lain dalam berkas ini sudah menyebut hal yang sama.",
    ]


def test_rows_after_a_refused_one_are_told_that_it_was_refused(liaison_korem):
    wrong = part(people="5.000")
    job = strengths(wrong, wrong, part(people="20"), by=liaison_korem)
    assert [text for _where, text in reasons(job)][1:] == [
        "Sama dengan baris 2 dalam berkas ini, yang juga ditolak.",
        "Menyebut hal yang sama dengan baris 2, tetapi isinya lain, dan baris 2 ditolak: sisakan "
        "satu baris yang benar.",
    ]


def test_people_at_a_place_stand_apart_from_those_of_the_region(liaison_korem):
    make_place()
    given = {"Kode wilayah": "63.03", "Tempat": "posko kecamatan aluh-aluh"}
    job = strengths(
        part(people="10", **given), part(people="20", **given | {"Tempat": ""}), by=liaison_korem
    )
    assert applied(job, liaison_korem).applied == 2
    assert sorted(StrengthAccount.objects.exclude(part="not_itemised").values_list("balance")) == [
        (10,), (20,),
    ]  # fmt: skip


def test_a_level_that_stands_is_no_entry():
    values = {
        "part": "reserve", "unit": make.unit("kodim-1006"), "controller": None, "place": None,
        "region": Region.objects.get(code="63"), "personnel": 7, "effective_on": START,
        "reason": "uji", "origin": "",
    }  # fmt: skip
    assert actions.set_level(make.operation(), values, by=SYSTEM, at=NOW).personnel == 7
    assert actions.set_level(make.operation(), values, by=SYSTEM, at=NOW) is None


# ── Placements ──


def test_new_placements_stand_as_their_status_says(liaison_korem):
    make_place()
    rows = [
        placement(),
        placement("kodim-1007", **{"Status": "Terlibat", "Satuan tugas": "Satgas Preventif"}),
        placement("kodim-1001", **{"Masih permintaan": "Ya", "Tahapan": "Masa tenang",
                                   "Kode wilayah": "63.03.01",
                                   "Tempat": "Posko Kecamatan Aluh-Aluh"}),
    ]  # fmt: skip
    job = applied(placements(*rows, by=liaison_korem), liaison_korem)
    assert (job.error, job.applied, reasons(job)) == ("", 3, [])
    made = Deployment.objects.order_by("pk").values_list("unit__slug", "state", "personnel")
    assert list(made) == [
        ("kodim-1006", "standby", 30),
        ("kodim-1007", "in_place", 30),
        ("kodim-1001", "requested", 30),
    ]  # fmt: skip
    assert standing() == {
        (None, "not_itemised"): 1981, ("kodim-1006", "standby"): 30, ("kodim-1007", "engaged"): 30,
    }  # fmt: skip


def test_a_placement_is_known_again_by_its_content_and_by_its_number(liaison_korem):
    applied(placements(placement(), by=liaison_korem), liaison_korem)
    placed = Deployment.objects.get()
    same = placements(placement(), by=liaison_korem)
    assert verdicts(same) == ["same"]
    number = {"Nomor penempatan": str(placed.pk), "Jumlah personel": "40", "Tugas": "Patroli",
              "Alasan perubahan": "Sprin baru"}  # fmt: skip
    job = placements(placement(**number), by=liaison_korem)
    row = job.rows.get()
    assert {n for n in row.after if row.after[n] != row.before[n]} == {"personnel", "task"}
    applied(job, liaison_korem)
    placed.refresh_from_db()
    assert (placed.personnel, placed.task, Deployment.objects.count()) == (40, "Patroli", 1)
    undone(job, liaison_korem)
    placed.refresh_from_db()
    assert (job.state, placed.personnel, placed.task) == (ImportState.UNDONE, 30, "PAM TPS")


def test_undo_of_new_placements_is_as_if_they_never_were(liaison_korem):
    before = standing()
    job = placements(
        placement(), placement("kodim-1007", **{"Status": "Terlibat"}), by=liaison_korem
    )
    applied(job, liaison_korem)
    undone(job, liaison_korem)
    assert (job.state, job.undone) == (ImportState.UNDONE, 2)
    assert set(Deployment.objects.values_list("state", flat=True)) == {"cancelled"}
    for day in (date(2024, 11, 17), date(2024, 11, 18), TODAY, date(2024, 12, 5)):
        assert standing(on=day) == before == EVERYBODY
    assert Entry.objects.filter(verb="deployment.withdraw").count() == 2
    again = placements(placement(), by=liaison_korem)
    assert verdicts(again) == ["new"]


def test_a_placement_that_went_on_is_kept(liaison_korem):
    job = applied(placements(placement(), by=liaison_korem), liaison_korem)
    placed = Deployment.objects.get()
    actions.move_deployment(placed, "moving", version=placed.version, by=liaison_korem, at=NOW)
    undone(job, liaison_korem)
    row = job.rows.get()
    assert (job.state, row.outcome) == (ImportState.APPLIED, "kept")
    assert row.outcome_reason == "Penempatan ini sudah diubah sesudah impor, jadi tetap."


def test_withdrawing_twice_is_once_and_never_after_a_step(liaison_korem):
    applied(placements(placement(), by=liaison_korem), liaison_korem)
    placed = Deployment.objects.get()
    for _time in range(2):
        actions.withdraw_deployment(placed, reason="keliru", by=liaison_korem, at=NOW)
    assert Entry.objects.filter(verb="deployment.withdraw").count() == 1
    assert placed.moves.count() == 2


@pytest.mark.parametrize(
    ("given", "column", "sentence"),
    [
        (
            {"Satuan": "polres-banjar"},
            "unit",
            "Satuan Polres Banjar di luar wewenang jabatan Anda.",
        ),
        ({"Nomor penempatan": "999999"}, "number", "Penempatan nomor 999999 tidak ada dalam"),
        ({"Sampai dengan": "17/11/2024"}, "ends_on", "Tanggal selesai mendahului tanggal mulai."),
        ({"Tahapan": "Liburan"}, "stage", "Tahapan “Liburan” tidak dikenal."),
        ({"Jumlah personel": "2.042"}, "personnel", "Korem 101 menyatakan 2.041 orang, 0 sudah"),
        ({"Jumlah personel": "0"}, "E2", "0 di luar batas: dari 1 sampai 1.000.000."),
        ({"Status": "Santai"}, "F2", "“Santai” tidak dikenal. Pilihan: Terlibat, Siaga, Cadangan."),
    ],
)
def test_a_placement_that_cannot_be_is_refused(liaison_korem, given, column, sentence):
    job = placements(placement() | given, by=liaison_korem)
    [(where, text)] = reasons(job)
    assert (where, text[: len(sentence)]) == (column, sentence)
    assert not Deployment.objects.exists()


def test_the_coordinator_brings_every_agency_s_rows(coordinator, liaison_korem):
    job = applied(placements(placement(), by=coordinator), coordinator)
    assert job.applied == 1
    number = {"Nomor penempatan": str(Deployment.objects.get().pk)}
    assert verdicts(placements(placement(**number), by=liaison_korem)) == ["same"]
