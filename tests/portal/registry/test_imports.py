"""Units and polling stations out of files: each by those who keep the list."""

from dataclasses import replace

import pytest

from portal import clock
from portal.access.errors import Refused
from portal.accounts.models import Post
from portal.audit.models import Entry
from portal.imports.enums import ImportState
from portal.imports.kinds import kinds_for
from portal.registry import actions
from portal.registry.models import PollingStation, Unit
from portal.registry.rules import station_region
from tests.factories.imports import (
    NOW,
    applied,
    as_csv,
    checked,
    reasons,
    station,
    undone,
    verdicts,
)
from tests.factories.registry import make_station

pytestmark = pytest.mark.django_db
HEADS = (
    "Kode satuan", "Kode satuan induk", "Nama", "Nama pendek", "Jenis", "Kode wilayah kedudukan",
    "Kode kecamatan wilayah kerja", "Aktif", "Sumber", "Mutu",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _november(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()


def unit(slug="polsek-gambut", **given):
    return {
        "Kode satuan": slug,
        "Kode satuan induk": "polres-banjar",
        "Nama": "Polsek Gambut",
        "Nama pendek": "Gambut",
        "Jenis": "Polsek",
        "Kode wilayah kedudukan": "63.03.02",
        "Kode kecamatan wilayah kerja": "63.03.02; 630303",
        "Sumber": "uji",
    } | given


def units(*rows, by):
    return checked(as_csv(rows, HEADS), by, "satuan")


def test_each_office_sees_the_lists_it_keeps(people):
    seen = {
        login: [kind.name for kind in kinds_for(people[login])]
        for login in ("koordinator", "admin", "liaison.kpu", "liaison.polda", "pimpinan", "auditor",
                      "posko.banjar")
    }  # fmt: skip
    assert seen == {
        "koordinator": ["kuat-personel", "penempatan", "satuan", "tps", "tempat"],
        "admin": ["satuan", "tps", "tempat"],
        "liaison.kpu": ["daftar-nama", "kuat-personel", "penempatan", "satuan", "tps", "tempat"],
        "liaison.polda": ["daftar-nama", "kuat-personel", "penempatan", "satuan", "tempat"],
        "pimpinan": [],
        "auditor": [],
        "posko.banjar": [],
    }
    assert kinds_for(None) == []


# ── Units ──


def test_new_units_stand_below_their_parents_also_those_of_the_file(liaison_polda):
    rows = [
        unit(),
        unit("pos-gambut", **{"Kode satuan induk": "polsek-gambut", "Nama": "Pos Gambut"}),
    ]
    job = applied(units(*rows, by=liaison_polda), liaison_polda)
    assert (job.error, job.applied) == ("", 2)
    polsek, pos = Unit.objects.get(slug="polsek-gambut"), Unit.objects.get(slug="pos-gambut")
    assert (polsek.path, pos.path) == (
        "polda-kalsel/polres-banjar/polsek-gambut",
        "polda-kalsel/polres-banjar/polsek-gambut/pos-gambut",
    )
    assert sorted(polsek.districts.values_list("code", flat=True)) == ["63.03.02", "63.03.03"]
    undone(job, liaison_polda)
    assert (job.state, job.undone) == (ImportState.UNDONE, 2)
    assert not Unit.objects.filter(slug__in=["polsek-gambut", "pos-gambut"]).exists()
    assert Entry.objects.filter(verb="unit.withdraw").count() == 2


def test_a_changed_unit_goes_back_to_what_it_was(liaison_polda):
    before = Unit.objects.get(slug="polres-banjar")
    covered = before.coverage.count()
    given = {"Kode satuan induk": "polda-kalsel", "Nama": "Polres Banjar", "Jenis": "Polres",
             "Nama pendek": "Res Banjar", "Kode wilayah kedudukan": "6303",
             "Kode kecamatan wilayah kerja": "", "Sumber": before.source}  # fmt: skip
    job = units(unit("polres-banjar", **given), by=liaison_polda)
    row = job.rows.get()
    assert {n for n in row.after if row.after[n] != row.before[n]} == {"short_name"}
    applied(job, liaison_polda)
    assert Unit.objects.get(pk=before.pk).short_name == "Res Banjar"
    assert before.coverage.count() == covered
    undone(job, liaison_polda)
    assert Unit.objects.get(pk=before.pk).short_name == before.short_name
    assert Entry.objects.filter(verb="unit.change").count() == 2


@pytest.mark.parametrize(
    ("given", "column", "sentence"),
    [
        ({"Kode satuan": "Polsek Gambut"}, "slug", "Kode hanya huruf kecil"),
        ({"Kode satuan induk": "polsek-gambut"}, "parent", "Satuan tidak dapat menjadi induk"),
        ({"Kode satuan induk": "polres-x"}, "parent", "Satuan induk “polres-x” tidak dikenal."),
        ({"Kode satuan induk": "kodim-1006"}, "parent", "Satuan instansi lain: di luar wewenang"),
        ({"Kode satuan": "kodim-1006"}, "slug", "Satuan instansi lain: di luar wewenang"),
        ({"Kode satuan": "polres-tapin"}, "parent", "Induk satuan yang sudah terdaftar tidak"),
        ({"Kode wilayah kedudukan": "64"}, "seat", "Wilayah 64 tidak dikenal."),
        ({"Kode kecamatan wilayah kerja": "63.03; 63.03.02"}, "districts", "Kecamatan 63.03 tidak"),
        ({"Jenis": "Pos"}, "E2", "“Pos” tidak dikenal."),
    ],
)
def test_a_unit_that_cannot_be_is_refused(liaison_polda, given, column, sentence):
    job = units(unit() | given, by=liaison_polda)
    [(where, text)] = reasons(job)
    assert (where, text[: len(sentence)]) == (column, sentence)


def test_a_child_above_its_parent_is_refused_when_it_is_applied(liaison_polda):
    rows = [unit("pos-gambut", **{"Kode satuan induk": "polsek-gambut"}), unit()]
    job = units(*rows, by=liaison_polda)
    assert verdicts(job) == ["new", "new"]
    applied(job, liaison_polda)
    assert (job.state, job.refused) == (ImportState.CHECKED, 1)
    assert not Unit.objects.filter(slug="polsek-gambut").exists()
    assert reasons(job) == [("", "Satuan induk belum terdaftar; barisnya ditolak.")]


def test_a_unit_in_use_is_kept(liaison_polda):
    job = applied(units(unit(), by=liaison_polda), liaison_polda)
    made = Unit.objects.get(slug="polsek-gambut")
    Post.objects.create(slug="kapolsek", title="Kapolsek", unit=made, roles=[], clearance=1)
    undone(job, liaison_polda)
    row = job.rows.get()
    assert (row.outcome, row.outcome_reason) == (
        "kept",
        "Satuan ini sudah dipakai data lain, jadi tetap terdaftar.",
    )
    assert Unit.objects.filter(pk=made.pk).exists()


def test_the_administrator_keeps_every_agency_s_units(admin):
    given = {"Kode satuan induk": "kodim-1006", "Jenis": "Koramil"}
    assert applied(units(unit("koramil-01", **given), by=admin), admin).applied == 1


def test_unit_actions_refuse_another_agency(liaison_kpu):
    kodim = Unit.objects.select_related("agency").get(slug="kodim-1006")
    for call in (
        lambda: actions.change_unit(kodim, {"name": "x"}, by=liaison_kpu, at=NOW),
        lambda: actions.withdraw_unit(kodim, by=liaison_kpu, at=NOW),
        lambda: actions.register_unit(kodim, {"slug": "x"}, by=liaison_kpu, at=NOW),
    ):
        with pytest.raises(Refused, match="di luar wewenang jabatan Anda"):
            call()


# ── Stations ──


def test_the_commission_keeps_the_stations_of_its_region(people, coordinator, liaison_kpu):
    found = {
        login: station_region(people[login])
        for login in ("koordinator", "admin", "liaison.kpu", "liaison.bawaslu", "kodim.1006")
    }
    assert found == {
        "koordinator": "63", "admin": "63", "liaison.kpu": "63", "liaison.bawaslu": None,
        "kodim.1006": None,
    }  # fmt: skip


def test_the_province_is_that_of_the_post_or_the_registrys(people):
    admin, coordinator = people["admin"], people["koordinator"]
    assert station_region(replace(admin, region_code="62.05")) == "62"
    assert station_region(replace(admin, region_code="")) == "63"
    assert station_region(replace(coordinator, region_code="62")) == "62"
    assert station_region(replace(coordinator, region_code="62.05")) is None


def test_a_station_outside_the_region_is_refused(liaison_kpu):
    Post.objects.filter(pk=liaison_kpu.post_id).update(region_id="63.03")
    make_station(code="63.72.02-001", district_id="63.72.02")
    rows = [
        station(1),
        station(2, **{"Kode kecamatan": "63.72.02"}),
        station(3, **{"Kode TPS": "63.72.02-001"}),
    ]
    job = checked(as_csv(rows), liaison_kpu)
    assert verdicts(job) == ["new", "refused", "refused"]
    assert reasons(job) == [("district", "TPS ini di luar wewenang jabatan Anda.")] * 2


def test_a_station_of_another_operation_is_not_touched(liaison_kpu):
    other = actions.open_operation(
        "psu-banjarbaru",
        {
            "name": "PSU", "code_name": "PSU", "kind": "uji", "region_id": "63.72", "source": "uji",
            "starts_on": "2025-04-01", "ends_on": "2025-04-30",
        },
        by=liaison_kpu,
        at=NOW,
    )  # fmt: skip
    make_station(operation=other)
    job = applied(checked(as_csv([station(1)]), liaison_kpu), liaison_kpu)
    assert (verdicts(job), PollingStation.objects.count()) == (["new"], 2)


def test_the_trail_keeps_what_a_station_was(liaison_kpu):
    make_station(name="TPS lama")
    applied(checked(as_csv([station(1)]), liaison_kpu), liaison_kpu)
    entry = Entry.objects.get(verb="station.import")
    code = "63.03.01-001"
    assert (entry.before[code]["name"], entry.after[code]["name"]) == ("TPS lama", "TPS 1")
    assert entry.post_id == liaison_kpu.post_id
