import gzip
import json
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from shapely.geometry import Point, shape

from portal.audit.models import Entry
from portal.registry import intake
from portal.registry.models import Boundary, Region
from portal.registry.queries import boundary_collection, district_at
from tests.factories.registry import outline_document, outline_file, square

pytestmark = pytest.mark.django_db
REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "geo" / "reference"


def stored():
    return list(Boundary.objects.order_by("pk").values_list())


@pytest.mark.parametrize(("level", "count"), [("regency", 13), ("district", 156)])
def test_boundaries_are_valid_approximate_and_labelled_inside(level, count):
    features = outline_document(level)["features"]
    assert len(features) == count
    for feature in features:
        outline, properties = shape(feature["geometry"]), feature["properties"]
        assert outline.is_valid
        assert properties["approximate"] is True
        assert outline.covers(Point(properties["label"]))
        assert set(properties) == {"code", "name", "short_name", "label", "approximate"}


def test_boundaries_name_their_source_and_credit():
    [(source, credit)] = Boundary.objects.values_list("source", "credit").distinct()
    assert source == "Batas perkiraan dari titik desa dan garis pantai; bukan acuan resmi"
    assert "geografis" in credit and "Natural Earth" in credit


def test_the_province_map_is_small():
    assert len(gzip.compress(boundary_collection("regency")[0])) < 60_000


def test_the_tag_follows_the_content():
    before = boundary_collection("regency")[1]
    assert boundary_collection("regency")[1] == before
    assert boundary_collection("district")[1] != before
    Region.objects.filter(code="63.01").update(short_name="Tanah Laut")
    assert boundary_collection("regency")[1] != before


def test_the_map_reads_geometry_once(django_assert_num_queries):
    boundary_collection("district")
    with django_assert_num_queries(1) as read:
        boundary_collection("district")
    assert "drawing" not in read.captured_queries[0]["sql"]


def test_drilling_takes_the_districts_of_one_regency():
    features = json.loads(boundary_collection("district", "63.72")[0])["features"]
    codes = [feature["id"] for feature in features]
    assert codes == ["63.72.02", "63.72.03", "63.72.04", "63.72.05", "63.72.06"]


@pytest.mark.parametrize("row", intake.table("regencies.csv"), ids=lambda row: row["capital"])
def test_a_capital_lies_in_its_regency(row):
    found = district_at(float(row["capital_lat"]), float(row["capital_lng"]))
    assert found[:5] == row["code"]


def test_a_point_just_off_the_coast_takes_the_nearest_and_far_out_none():
    assert district_at(-4.19, 114.67)[:5] == "63.01"
    assert district_at(0.0, 100.0) is None


def test_a_point_is_nowhere_before_boundaries_are_loaded():
    Boundary.objects.all().delete()
    assert district_at(-3.41, 114.85) is None


def load(folder, document, **options):
    call_command("load_boundaries", outline_file(folder, document), **options)


def test_loading_replaces_and_says_what_differs(tmp_path, capsys):
    document = outline_document()
    for feature in document["features"]:
        if feature["id"] == "63.72":
            feature["geometry"] = square(114.7, -3.5, 0.3)
    load(tmp_path, document, source="Uji", credit="Penguji")
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "Tingkat Kabupaten/Kota: lengkap, 13 wilayah"
    assert printed[1].startswith("63.72 Kota Banjarbaru: luas +")
    assert printed[1].endswith(" km")
    assert printed[2].startswith("Batas yang tidak berimpit dengan tetangganya: 63.")
    assert all(line.startswith("Tumpang tindih 63.") for line in printed[3:-1])
    assert any(line.startswith("Tumpang tindih 63.03 dan 63.72: ") for line in printed)
    assert printed[-1] == "13 batas dimuat."
    changed = Boundary.objects.get(region="63.72")
    assert (changed.source, changed.credit, changed.approximate) == ("Uji", "Penguji", False)
    assert Boundary.objects.filter(region__level="district", approximate=True).count() == 156


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path, capsys):
    document = outline_document()
    for feature in document["features"]:
        if feature["id"] == "63.72":
            feature["geometry"] = square(114.7, -3.5, 0.3)
    before = stored()
    load(tmp_path, document, dry_run=True)
    dry = capsys.readouterr().out.splitlines()
    assert stored() == before
    assert not Entry.objects.filter(verb="boundaries.load").exists()
    load(tmp_path, document)
    wet = capsys.readouterr().out.splitlines()
    assert dry[:-1] == wet[:-1]
    assert (dry[-1], wet[-1]) == (
        "13 batas diperiksa; tidak ada yang ditulis.",
        "13 batas dimuat.",
    )


def test_a_dry_run_refuses_what_a_load_refuses(tmp_path):
    document = outline_document()
    document["features"].pop()
    with pytest.raises(CommandError, match="Yang tidak ada: 63.72"):
        load(tmp_path, document, dry_run=True)


def test_loading_is_one_entry_in_the_trail(tmp_path):
    load(tmp_path, outline_document(), source="Uji", approximate=True)
    entry = Entry.objects.get(verb="boundaries.load")
    assert (entry.object_id, entry.after) == (
        "63",
        {"source": "Uji", "approximate": True, "regency": 13},
    )


def test_a_name_moves_into_its_new_outline(tmp_path):
    document = outline_document()
    for feature in document["features"]:
        if feature["id"] == "63.72":
            feature["geometry"] = square(115.0, -3.5, 0.2)
    load(tmp_path, document)
    region = Region.objects.get(code="63.72")
    assert (region.longitude, region.latitude) == pytest.approx((115.1, -3.4), abs=0.01)


def test_loading_the_registry_again_keeps_loaded_boundaries(tmp_path):
    load(tmp_path, outline_document(), source="Uji")
    before = stored()
    call_command("load_registry", verbosity=0)
    assert stored() == before


def test_loading_the_registry_without_boundaries_brings_the_approximate_ones():
    Boundary.objects.all().delete()
    call_command("load_registry", verbosity=0)
    assert Boundary.objects.filter(approximate=True).count() == 169


def test_a_first_boundary_is_called_new(tmp_path, capsys):
    document = outline_document()
    Boundary.objects.all().delete()
    load(tmp_path, document, approximate=True)
    assert "63.01 Kabupaten Tanah Laut: baru" in capsys.readouterr().out
    assert Boundary.objects.filter(approximate=True).count() == 13


def code(number, value):
    return lambda features: features[number].update(id=value, properties={"code": value})


def geometry(value):
    return lambda features: features[0].update(geometry=value)


BOW_TIE = [[[114, -3], [115, -4], [115, -3], [114, -4], [114, -3]]]
SWAPPED = [[[-3, 114], [-4, 114], [-4, 115], [-3, 114]]]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (code(0, "99.99"), "Kode wilayah tidak dikenal: 99.99."),
        (code(0, ""), "Fitur ke-1 tidak memuat kode wilayah."),
        (code(1, "63.01"), "Kode 63.01 muncul lebih dari sekali."),
        (
            lambda features: features.pop(),
            "Berkas memuat 12 dari 13 wilayah tingkat Kabupaten/Kota. Yang tidak ada: 63.72.",
        ),
        (
            lambda features: features.__delitem__(slice(1, None)),
            "Berkas memuat 1 dari 13 wilayah tingkat Kabupaten/Kota. Yang tidak ada: 63.02, "
            "63.03, 63.04, 63.05, 63.06, 63.07, 63.08, 63.09, 63.10, 63.11, dan 2 lagi.",
        ),
        (geometry({"type": "Point", "coordinates": [114, -3]}), "Wilayah 63.01 bukan poligon."),
        (geometry({"type": "Polygon", "coordinates": []}), "Wilayah 63.01 bukan poligon."),
        (geometry({"type": "Polygon"}), "Bentuk wilayah 63.01 tidak terbaca."),
        (geometry(None), "Bentuk wilayah 63.01 tidak terbaca."),
        (
            geometry({"type": "Polygon", "coordinates": BOW_TIE}),
            "Poligon wilayah 63.01 tidak sah: Self-intersection[114.5 -3.5].",
        ),
        (
            geometry({"type": "Polygon", "coordinates": SWAPPED}),
            "Wilayah 63.01 berada di luar Indonesia: koordinat harus derajat WGS 84, "
            "bujur lebih dahulu.",
        ),
        (lambda features: features.clear(), "Berkas tidak memuat satu pun batas wilayah."),
        (lambda features: features.insert(0, 7), "Fitur ke-1 tidak terbaca."),
    ],
)
def test_a_faulty_file_is_refused_whole(tmp_path, spoil, sentence):
    document = outline_document()
    spoil(document["features"])
    before = stored()
    with pytest.raises(CommandError) as refusal:
        load(tmp_path, document)
    assert str(refusal.value) == sentence
    assert stored() == before
    assert not Entry.objects.filter(verb="boundaries.load").exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04", "Berkas bukan kumpulan fitur GeoJSON."),
        (b"[" * 100_000, "Berkas bukan kumpulan fitur GeoJSON."),
        (b'{"features": 7}', "Berkas bukan kumpulan fitur GeoJSON."),
        (b"[1, 2]", "Berkas bukan kumpulan fitur GeoJSON."),
    ],
)
def test_what_is_not_geojson_is_refused(tmp_path, content, sentence):
    with pytest.raises(CommandError) as refusal:
        load(tmp_path, content)
    assert str(refusal.value) == sentence


def test_an_unreadable_file_is_named(tmp_path):
    with pytest.raises(CommandError, match="tiada.geojson tidak dapat dibaca"):
        call_command("load_boundaries", tmp_path / "tiada.geojson")
    with pytest.raises(CommandError, match="batas.geojson bukan teks UTF-8"):
        load(tmp_path, b"\xff\xfe\x00")


def test_a_byte_order_mark_and_heights_do_no_harm(tmp_path):
    document = outline_document()
    ring = [[114.5, -3.5, 9], [114.6, -3.5, 9], [114.6, -3.4, 9], [114.5, -3.5, 9]]
    document["features"][0]["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    load(tmp_path, b"\xef\xbb\xbf" + json.dumps(document).encode())
    assert Boundary.objects.get(region="63.01").geometry["coordinates"][0][0] == [114.5, -3.5]


@pytest.mark.parametrize(("name", "count"), [("regencies", 13), ("districts", 156)])
def test_accurate_boundaries_load(tmp_path, capsys, name, count):
    """With the accurate file where this machine has it, else with our own one made finer."""
    level = {"regencies": "regency", "districts": "district"}[name]
    path = REFERENCE / f"kalsel_{name}.geojson"
    if not path.exists():
        path = outline_file(tmp_path, finer(outline_document(level)))
    call_command("load_boundaries", path, source="Uji")
    assert capsys.readouterr().out.splitlines()[-1] == f"{count} batas dimuat."
    assert Boundary.objects.filter(region__level=level, approximate=False).count() == count
    drawn = boundary_collection(level)[0]
    assert len(gzip.compress(drawn)) < 60_000
    assert all(shape(each["geometry"]).is_valid for each in json.loads(drawn)["features"])


def finer(document):
    for feature in document["features"]:
        outline = shape(feature["geometry"]).segmentize(0.002)
        feature["geometry"] = outline.__geo_interface__
    return document


def test_a_later_load_is_seen_at_once(tmp_path, monkeypatch):
    frozen = datetime.fromisoformat("2024-11-20T08:00:00+08:00")
    monkeypatch.setattr("portal.clock.now", lambda: frozen)
    assert district_at(-3.41, 114.85)[:5] == "63.03"
    document = outline_document("district")
    for number, feature in enumerate(document["features"]):
        feature["geometry"] = square(100 + number % 13, -5 + number // 13, 0.5)
    load(tmp_path, document)
    assert district_at(-3.41, 114.85) is None
    assert district_at(-4.9, 100.1) == "63.01.01"
