"""Polling stations: each agency writes its own side only, and both are read side by side."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deployments import actions
from deployments.models import DisagreementRule, StationClass, StationIndicator, StationTag
from deployments.queries.stations import both_sides, territory
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.audit.models import Entry
from portal.registry.enums import AgencyKind
from portal.registry.models import Agency, PollingStation
from tests.factories.registry import make_station

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
TODAY = date(2024, 11, 20)
HERE, NEXT_DOOR = "63.03.02", "63.03.01"


@pytest.fixture(autouse=True)
def november(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()


@pytest.fixture
def station() -> PollingStation:
    """A station of Polres Banjar."""
    return make_station(code=f"{HERE}-001", district_id=HERE)


def classify(station, by, tps_class="rawan", at=NOW, **given) -> int:
    newest = StationClass.objects.filter(station=station).order_by("-valid_from", "-pk").first()
    values = {
        "seen": {station.pk: newest.pk if newest else 0},
        "tps_class": tps_class,
        "valid_from": TODAY,
        "reason": "Akses sulit",
        "by": by,
        "at": at,
    } | given
    return actions.classify_stations(values.pop("seen"), **values)


def sides(station, at=NOW) -> tuple[str | None, int]:
    row = both_sides(PollingStation.objects.filter(pk=station.pk), at).get()
    return row.police_class, row.tag_count


# ── Who may ──


def test_each_side_is_written_by_its_owner_only(
    station, liaison_polda, coordinator, posko_banjar, liaison_bawaslu, liaison_korem, liaison_kpu
):
    police = {liaison_polda, coordinator, posko_banjar}
    for actor in (*police, liaison_bawaslu, liaison_korem, liaison_kpu):
        assert may(actor, Permission.STATION_CLASSIFY, station) is (actor in police)
        assert may(actor, Permission.STATION_TAG, station) is (actor is liaison_bawaslu)


def test_posko_writes_only_where_its_unit_polices(posko_banjar):
    own = make_station(code=f"{HERE}-001", district_id=HERE)
    foreign = make_station()
    assert foreign.district_id == NEXT_DOOR
    assert may(posko_banjar, Permission.STATION_CLASSIFY, own)
    assert not may(posko_banjar, Permission.STATION_CLASSIFY, foreign)
    assert len(territory(posko_banjar, AgencyKind.POLICE).districts) == 18


def test_actions_refuse_the_other_agency(station, liaison_polda, liaison_bawaslu):
    with pytest.raises(Refused, match="hanya ditetapkan Polri"):
        classify(station, liaison_bawaslu)
    with pytest.raises(Refused, match="hanya ditetapkan Bawaslu"):
        actions.set_tags(station, ["dptb"], seen=[], note="", by=liaison_polda, at=NOW)
    assert sides(station) == (None, 0)


@pytest.mark.parametrize(("login", "status"), [("posko_banjar", 403), ("liaison_kpu", 403)])
def test_foreign_station_is_not_classified_by_post(request, client, sign_in, login, status):
    station = make_station()
    sign_in(client, request.getfixturevalue(login))
    answer = client.post(
        reverse("deployments:station_classify"),
        {"station": f"{station.pk}:0", "tps_class": "rawan", "valid_from": TODAY, "reason": "x"},
    )
    assert answer.status_code == status
    assert not StationClass.objects.exists()


# ── The police's class ──


def test_class_has_history_and_the_past_does_not_change(station, liaison_polda):
    assert classify(station, liaison_polda) == 1
    later = NOW + timedelta(hours=2)
    assert classify(station, liaison_polda, "sangat_rawan", at=later) == 1
    assert sides(station, NOW + timedelta(hours=1)) == ("rawan", 0)
    assert sides(station, later) == ("sangat_rawan", 0)
    verbs = Entry.objects.filter(verb="station.classify").order_by("pk")
    assert [entry.before["tps_class"] for entry in verbs] == ["", "rawan"]


def test_same_class_again_changes_nothing(station, liaison_polda):
    classify(station, liaison_polda)
    assert classify(station, liaison_polda) == 0
    assert StationClass.objects.count() == 1


def test_class_set_by_another_meanwhile_is_refused(station, liaison_polda, posko_banjar):
    classify(station, posko_banjar)
    with pytest.raises(Refused, match="sudah diklasifikasi pihak lain"):
        classify(station, liaison_polda, "khusus", seen={station.pk: 0})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"seen": {}}, "paling sedikit satu"),
        ({"reason": ""}, "Sebutkan alasan"),
        ({"tps_class": "aman"}, "tidak dikenal"),
        ({"seen": dict.fromkeys(range(1, 502), 0)}, "Paling banyak 500"),
    ],
)
def test_class_that_cannot_be_is_refused(station, liaison_polda, given, sentence):
    with pytest.raises(Refused, match=sentence):
        classify(station, liaison_polda, **given)


def test_class_from_before_the_standing_one_is_refused(station, liaison_polda):
    classify(station, liaison_polda)
    with pytest.raises(Refused, match="tidak dapat lebih dahulu"):
        classify(station, liaison_polda, "khusus", valid_from=TODAY - timedelta(days=1))


def test_many_are_classified_with_one_reason(client, sign_in, posko_banjar):
    stations = [make_station(code=f"{HERE}-{n:03}", district_id=HERE, number=n) for n in (1, 2, 3)]
    sign_in(client, posko_banjar)
    page = client.get(reverse("deployments:station_list"), {"region": HERE})
    choices = [row["choice"] for row in page.context["rows"]]
    assert choices == [f"{station.pk}:0" for station in stations]
    answer = client.post(
        reverse("deployments:station_classify"),
        {
            "station": choices[:2],
            "tps_class": "sangat_rawan",
            "valid_from": "2024-11-20",
            "reason": "Terpencil",
            "back": f"region={HERE}",
        },
    )
    assert answer.status_code == 302
    assert answer["Location"] == f"/tps/?region={HERE}"
    assert [sides(station, clock.now())[0] for station in stations] == [
        "sangat_rawan",
        "sangat_rawan",
        None,
    ]
    rows = StationClass.objects.values_list("reason", "recorded_by_id").distinct()
    assert list(rows) == [("Terpencil", posko_banjar.post_id)]


def test_refused_classification_keeps_what_was_typed(client, sign_in, posko_banjar, station):
    sign_in(client, posko_banjar)
    answer = client.post(
        reverse("deployments:station_classify"),
        {"station": f"{station.pk}:0", "tps_class": "khusus", "valid_from": "", "reason": "Lapas"},
    )
    text = answer.content.decode()
    assert 'value="Lapas"' in text
    assert f'name="station" value="{station.pk}:0"' in text
    assert not StationClass.objects.exists()


# ── The supervisors' tags ──


def test_there_are_eight_variables_with_28_indicators():
    assert StationIndicator.objects.count() == 28
    assert len(set(StationIndicator.objects.values_list("variable", flat=True))) == 8


def test_tags_are_set_and_taken_off_with_a_reason(client, sign_in, liaison_bawaslu, station):
    sign_in(client, liaison_bawaslu)
    address = reverse("deployments:station_tags", args=[station.pk])
    client.post(address, {"keys": ["dptb", "rawan_bencana"], "seen": "", "note": "Pemetaan"})
    assert sides(station, clock.now()) == (None, 2)
    refused = client.post(address, {"keys": ["dptb"], "seen": "dptb,rawan_bencana", "note": ""})
    assert "Sebutkan alasan mencabut tanda." in refused.content.decode()
    client.post(address, {"keys": ["dptb"], "seen": "dptb,rawan_bencana", "note": "TPS dipindah"})
    assert sides(station, clock.now()) == (None, 1)
    gone = StationTag.objects.get(indicator="rawan_bencana")
    assert (gone.removal_reason, gone.removed_by_id) == ("TPS dipindah", liaison_bawaslu.post_id)
    page = client.get(reverse("deployments:station_detail", args=[station.pk])).content.decode()
    assert "Dicabut: Rawan banjir atau bencana" in page


def test_tags_changed_by_another_meanwhile_are_refused(station, liaison_bawaslu):
    actions.set_tags(station, ["dptb"], seen=[], note="", by=liaison_bawaslu, at=NOW)
    with pytest.raises(Refused, match="sudah diubah"):
        actions.set_tags(station, ["dpk"], seen=[], note="", by=liaison_bawaslu, at=NOW)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("tag_once_per_indicator", {}),
        ("tag_removed_with_reason", {"indicator_id": "dpk", "removed_at": NOW}),
        ("tag_removed_with_reason", {"indicator_id": "dpk", "removal_reason": "x"}),
        (
            "tag_removed_after_set",
            {"indicator_id": "dpk", "removed_at": NOW - timedelta(1), "removal_reason": "x"},
        ),
    ],
)
def test_tag_that_cannot_be_is_refused(constraint, values, station):
    agency = Agency.objects.get(slug="bawaslu-kalsel")
    tag = {"station": station, "agency": agency, "indicator_id": "dptb", "recorded_at": NOW}
    StationTag.objects.create(**tag)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StationTag.objects.create(**tag | values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("station_class_known", {"tps_class": "aman"}),
        ("station_class_has_reason", {"reason": ""}),
    ],
)
def test_class_row_that_cannot_be_is_refused(constraint, values, station):
    row = {
        "station": station,
        "agency": Agency.objects.get(slug="polda-kalsel"),
        "tps_class": "rawan",
        "valid_from": TODAY,
        "reason": "x",
        "recorded_at": NOW,
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StationClass.objects.create(**row | values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("disagreement_one_limit", {"at_least": 1, "at_most": 2}),
        ("disagreement_one_limit", {}),
        ("disagreement_one_limit", {"at_most": 2, "variable": "keamanan"}),
        ("disagreement_class_known", {"at_least": 1, "tps_class": "aman"}),
    ],
)
def test_rule_that_cannot_be_is_refused(constraint, values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        DisagreementRule.objects.create(**{"tps_class": "rawan", "source": "uji"} | values)


def test_indicator_of_no_variable_is_refused():
    with pytest.raises(IntegrityError, match="indicator_variable_known"), transaction.atomic():
        StationIndicator.objects.create(key="x", variable="y", name="x", name_en="x", position=99)


# ── Side by side ──


def test_disagreements_follow_the_rules_and_their_thresholds(
    client, sign_in, liaison_polda, liaison_bawaslu, auditor
):
    calm, tagged, alarmed = (
        make_station(code=f"{HERE}-{n:03}", district_id=HERE, number=n, name=f"TPS {n}")
        for n in (1, 2, 3)
    )
    for station, kind in ((calm, "kurang_rawan"), (tagged, "kurang_rawan")):
        classify(station, liaison_polda, kind)
    classify(alarmed, liaison_polda, "sangat_rawan")
    for station, keys in (
        (calm, ["dptb", "dpk", "dpt_tms"]),
        (tagged, ["dptb", "dpk", "riwayat_kekerasan"]),
    ):
        actions.set_tags(station, keys, seen=[], note="", by=liaison_bawaslu, at=NOW)
    sign_in(client, auditor)
    address = reverse("deployments:disagreement_list")

    def names() -> list[str]:
        page = client.get(address)
        api = client.get("/api/v1/polling-stations/", {"disagrees": "true"}).json()["results"]
        shown = [row["name"] for row in page.context["rows"]]
        assert [row["name"] for row in api] == shown
        return shown

    assert names() == ["TPS 2", "TPS 3"]
    assert "termasuk Keamanan" in client.get(address).content.decode()
    DisagreementRule.objects.filter(at_least=3).update(at_least=4)
    assert names() == ["TPS 3"]
    DisagreementRule.objects.update(is_active=False)
    assert names() == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["TPS 1", "TPS 2", "TPS 3"]),
        ({"region": HERE}, ["TPS 1", "TPS 2"]),
        ({"region": "63.03"}, ["TPS 1", "TPS 2", "TPS 3"]),
        ({"tps_class": "rawan"}, ["TPS 1"]),
        ({"tps_class": "none"}, ["TPS 2", "TPS 3"]),
        ({"tag": "dptb"}, ["TPS 2"]),
        ({"tag": "hak_pilih"}, ["TPS 2"]),
        ({"tag": "any"}, ["TPS 2"]),
        ({"tag": "none"}, ["TPS 1", "TPS 3"]),
        ({"q": "aluh tps"}, ["TPS 3"]),
        ({"q": f"{HERE}-00"}, ["TPS 1", "TPS 2"]),
    ],
)
def test_list_and_api_are_filtered_alike(
    client, sign_in, liaison_polda, liaison_bawaslu, liaison_korem, query, names
):
    first, second = (
        make_station(code=f"{HERE}-{n:03}", district_id=HERE, number=n, name=f"TPS {n}")
        for n in (1, 2)
    )
    make_station(name="TPS 3", code="63.03.99-001")
    classify(first, liaison_polda)
    actions.set_tags(second, ["dptb"], seen=[], note="", by=liaison_bawaslu, at=NOW)
    sign_in(client, liaison_korem)
    page = client.get(reverse("deployments:station_list"), query)
    api = client.get("/api/v1/polling-stations/", query).json()
    assert [row["name"] for row in page.context["rows"]] == names
    assert [row["name"] for row in api["results"]] == names
    assert {row["choice"] for row in page.context["rows"]} == {""}


def test_who_may_not_classify_has_nothing_to_tick(client, sign_in, auditor, liaison_polda):
    make_station()
    for actor, ticks in ((auditor, 0), (liaison_polda, 1)):
        page = sign_in(client, actor).get(reverse("deployments:station_list"))
        assert page.content.decode().count('name="station"') == ticks


@pytest.mark.parametrize("login", ["liaison_korem", "posko_banjar"])
@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_with_one_and_with_three(request, client, sign_in, login, number):
    bawaslu = request.getfixturevalue("liaison_bawaslu")
    for n in range(1, number + 1):
        station = make_station(code=f"{HERE}-{n:03}", district_id=HERE, number=n)
        actions.set_tags(station, ["dptb"], seen=[], note="", by=bawaslu, at=NOW)
    sign_in(client, request.getfixturevalue(login))
    client.get(reverse("deployments:station_list"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("deployments:station_list"))
    assert len(queries) == {"liaison_korem": 15, "posko_banjar": 16}[login]
    with CaptureQueriesContext(connection) as queries:
        client.get("/api/v1/polling-stations/")
    assert len(queries) == 11


def test_export_has_the_rows_of_the_page(client, sign_in, liaison_polda, auditor, posko_banjar):
    first = make_station(code=f"{HERE}-001", district_id=HERE)
    make_station()
    classify(first, liaison_polda)
    address = reverse("exports:create", args=["daftar-tps"])
    sign_in(client, auditor)
    answer = client.post(address, {"format": "csv", "query": "tps_class=rawan"})
    text = answer.content.decode("utf-8-sig")
    assert f"{HERE}-001" in text
    assert f"{NEXT_DOOR}-001" not in text
    assert "Kelas Polri: Rawan" in text
    assert client.post(address, {"format": "xlsx", "query": ""}).status_code == 200
    assert sign_in(client, posko_banjar).post(address, {"format": "csv"}).status_code == 403


def test_bulk_loads_are_one_entry_each_and_change_nothing_the_second_time(
    station, liaison_polda, liaison_bawaslu
):
    for changed in (1, 0):
        assert (
            actions.load_classes(
                station.operation,
                {station.code: "khusus"},
                valid_from=TODAY,
                reason="Rutan",
                by=liaison_polda,
                at=NOW,
            )
            == changed
        )
        tags = [(station.code, "lokasi_khusus")]
        assert (
            actions.load_tags(station.operation, tags, note="", by=liaison_bawaslu, at=NOW)
            == changed
        )
    assert sides(station) == ("khusus", 1)
    with pytest.raises(Refused, match="tidak ada dalam operasi"):
        actions.load_tags(
            station.operation, [("63.03.02-999", "dptb")], note="", by=liaison_bawaslu, at=NOW
        )
    with pytest.raises(Refused, match="hanya ditetapkan Polri"):
        actions.load_classes(station.operation, {}, valid_from=TODAY, reason="x", by=SYSTEM, at=NOW)
