import pytest

pytestmark = pytest.mark.django_db

# Session, user, actor and the transaction: what every answer costs.
FRAME = 6
COLLECTIONS = ("agencies", "units", "regions", "operations", "stages")


@pytest.fixture
def get(client, sign_in, kodim_1006):
    sign_in(client, kodim_1006)

    def ask(path, status=200, **query):
        response = client.get(f"/api/v1/{path}/", query)
        assert response.status_code == status
        return response.json()

    return ask


def slugs(answer, key="slug"):
    return [row[key] for row in answer["results"]]


@pytest.mark.parametrize(
    ("collection", "count"),
    list(zip(COLLECTIONS, [9, 90, 2186, 1, 32], strict=True)),
)
def test_a_collection_lists_everything_to_everyone_signed_in(get, collection, count):
    answer = get(collection)
    assert answer["count"] == count
    assert len(answer["results"]) == min(count, 50)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_collection_is_closed_to_the_anonymous_and_never_written(
    client, sign_in, admin, collection
):
    assert client.get(f"/api/v1/{collection}/").status_code in {401, 403}
    sign_in(client, admin)
    response = client.post(f"/api/v1/{collection}/", {}, content_type="application/json")
    assert response.status_code == 405


@pytest.mark.parametrize(
    ("path", "rows", "count"),
    [("agencies", 9, 2), ("units", 50, 3), ("regions", 50, 4), ("stages", 32, 2)],
)
def test_lists_cost_the_same_queries_whatever_their_length(
    get, django_assert_num_queries, path, rows, count
):
    get(path)
    with django_assert_num_queries(FRAME + count):
        assert len(get(path)["results"]) == rows


def test_an_agency_by_slug(get):
    assert get("agencies/korem-101") == {
        "slug": "korem-101",
        "name": "Komando Resor Militer 101/Antasari",
        "short_name": "Korem 101",
        "name_en": "Military Resort Command 101/Antasari",
        "kind": "army",
        "head_title": "Danrem",
        "position": 2,
    }


def test_a_region_by_its_dotted_code(get):
    region = get("regions/63.03")
    figures = region.pop("figures")
    assert region == {
        "code": "63.03",
        "level": "regency",
        "kind": "kabupaten",
        "name": "Kabupaten Banjar",
        "short_name": "Banjar",
        "capital": "Martapura",
        "parent": "63",
        "area_km2": "4588.370",
        "latitude": region["latitude"],
        "longitude": region["longitude"],
    }
    assert {
        "kind": "voters",
        "value": 425597,
        "operation": "mantap-praja-intan-2024",
        "as_of": "2024-09-20",
        "source": "KPU Banjar, DPT 20 September 2024 (bakabar.com) [S14]",
        "quality": "reported",
        "final": True,
    } in figures


def test_a_village_by_its_code(get):
    assert get("regions/63.01.01.2001")["name"] == "Benua Lawas"


@pytest.mark.parametrize("path", ["regions/63.99", "agencies/x", "units/x", "stages/0"])
def test_what_does_not_exist_is_not_found(get, path):
    assert get(path, status=404)["status"] == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"level": "regency"}, 13),
        ({"level": "district", "within": "63.03"}, 20),
        ({"parent": "63.72"}, 5),
        ({"within": "63.03.01"}, 20),
        ({"level": "village", "kind": "kelurahan"}, 144),
        ({"q": "aluh"}, 4),
    ],
)
def test_regions_are_filtered(get, query, count):
    assert get("regions", **query)["count"] == count


def test_units_are_filtered(get):
    assert slugs(get("units", agency="korem-101", kind="kodim", region="63.72")) == ["kodim-1006"]
    assert slugs(get("units", kind="polres", region="63.03.01")) == ["polres-banjarbaru"]
    assert get("units", parent="korem-101")["count"] == 11
    assert slugs(get("units", q="tapin", agency="polda-kalsel")) == ["polres-tapin"]


def test_a_unit_names_its_districts(get):
    unit = get("units/polres-banjarbaru")
    assert unit["agency"] == unit["parent"] == "polda-kalsel"
    assert unit["path"] == "polda-kalsel/polres-banjarbaru"
    assert set(unit["districts"]) == {
        "63.03.01",
        "63.03.13",
        "63.72.02",
        "63.72.03",
        "63.72.04",
        "63.72.05",
        "63.72.06",
    }


def test_agencies_are_filtered(get):
    assert slugs(get("agencies", kind="army")) == ["korem-101"]
    assert slugs(get("agencies", q="pengawas")) == ["bawaslu-kalsel"]


def test_stages_are_filtered_by_moment(get):
    running = get("stages", running_at="2024-11-27T06:00:00+08:00")
    assert slugs(running, "key") == ["operation", "station_officers", "voting", "tabulation"]
    assert running["results"][2]["starts_at"] == "2024-11-27T00:00:00+08:00"
    assert get("stages", operation="mantap-praja-intan-2024")["count"] == 32


@pytest.mark.parametrize(
    ("path", "field", "value", "code"),
    [
        ("regions", "level", "galaksi", "invalid_choice"),
        ("regions", "parent", "99", "invalid_choice"),
        ("regions", "within", "63.99", "invalid_choice"),
        ("units", "agency", "tidak-ada", "invalid_choice"),
        ("units", "region", "63.99", "invalid_choice"),
        ("stages", "running_at", "besok", "invalid"),
    ],
)
def test_a_senseless_filter_is_answered_at_its_field(get, path, field, value, code):
    [error] = get(path, status=422, **{field: value})["errors"]
    assert (error["field"], error["code"]) == (field, code)
    assert error["message"]


def test_a_forbidden_character_is_refused(get):
    assert get("regions", status=400, q="a\x00b")["status"] == 400
