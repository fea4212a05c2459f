"""Who stands in a district and at a place: the panel beside the map, and the points on it."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from deployments import actions
from deployments.models import Deployment
from deployments.queries import Filter, region_panel, rollup_rows, unit_markers
from portal import clock
from portal.access.actor import SYSTEM
from portal.accounts.models import Post
from portal.registry.models import Agency, Place, Region
from tests.factories import deployments as make

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
BANJAR, GAMBUT, MARTAPURA, ALUH = "63.03", "63.03.03", "63.03.05", "63.03.01"


@pytest.fixture
def forces(db, settings):
    """Polres Banjar stands in its regency, nobody says where in it."""
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()
    at = datetime(2024, 8, 24, 8, tzinfo=clock.WITA)
    for slug in ("polda-kalsel", "korem-101"):
        actions.declare_strength(
            make.operation(), Agency.objects.get(slug=slug), total=900, source="uji",
            as_of=at, by=SYSTEM, at=at,
        )  # fmt: skip
    place("polres-banjar", BANJAR, 100, task_force="preventif", function="Patroli")
    place("polres-banjarbaru", "63.72", 60)
    return make.operation()


def place(unit, region, people, at=NOW, **given):
    values = {
        "unit": make.unit(unit),
        "region": Region.objects.get(code=region),
        "personnel": people,
        "status": "engaged",
        "controller": None,
        "task": "Uji",
        "starts_on": date(2024, 11, 1),
        "ends_on": None,
        "source": "uji",
        "as_of": NOW,
        "quality": "reported",
    }
    return actions.place_deployment(make.operation(), values | given, by=SYSTEM, at=at)


def post(district=MARTAPURA, name="Posko uji", **point):
    return Place.objects.create(
        operation=make.operation(), kind="posko", name=name, district_id=district,
        source="uji", as_of=date(2024, 11, 1), **point,
    )  # fmt: skip


def shares(at=NOW, **parts):
    found = {f"63.03.{code[1:]}": Decimal(share) for code, share in parts.items()}
    unit = make.unit("polres-banjar")
    return actions.declare_shares(unit, found, source="uji", by=SYSTEM, at=at)


def markers(actor, within=BANJAR, at=NOW, **chosen):
    found = unit_markers(
        actor, make.operation(), Region.objects.get(code=within), at, Filter(**chosen)
    )
    return [(one.name, one.region, one.people) for one in found]


def test_a_district_where_nobody_is_recorded_shows_who_works_there_and_no_zero(
    forces, commander, client, sign_in
):
    panel = region_panel(commander, forces, MARTAPURA, NOW)
    [unit] = panel.units
    assert (unit.name, unit.engaged, unit.around) == ("Polres Banjar", 100, ["Kabupaten Banjar"])
    assert (panel.whole.declared, panel.around.declared) == (0, 100)

    address = reverse("deployments:map_panel", args=[MARTAPURA])
    html = sign_in(client, commander).get(address, headers={"HX-Request": "true"})
    text = re.sub(r"\s+", " ", html.content.decode())
    assert "100 personel di Kabupaten Banjar tidak terperinci per kecamatan" in text
    assert "Tercatat untuk Kabupaten Banjar; berapa di kecamatan ini tidak dirinci." in text
    assert "<dt>Tercatat</dt><dd>–</dd>" in text
    assert "<dt>Terlibat</dt><dd>–</dd>" in text


def test_a_district_of_a_neighbour_s_police_names_them(forces, commander):
    units = region_panel(commander, forces, ALUH, NOW).units
    assert [(unit.name, unit.around) for unit in units] == [
        ("Polres Banjarbaru", ["Kota Banjarbaru"])
    ]


def test_shares_put_a_unit_into_its_districts_on_map_panel_and_table_alike(forces, commander):
    shares(_05="0.6", _03="0.3")
    assert markers(commander) == [
        ("Polres Banjar", BANJAR, 10),
        ("Polres Banjar", GAMBUT, 30),
        ("Polres Banjar", MARTAPURA, 60),
    ]
    rows = rollup_rows(forces, level="district", agency_slug="polda-kalsel", at=NOW, within=BANJAR)
    engaged = {row.region: row.engaged for row in rows if row.engaged}
    assert engaged == {BANJAR: 10, GAMBUT: 30, MARTAPURA: 60}
    [unit] = region_panel(commander, forces, MARTAPURA, NOW).units
    assert (unit.engaged, unit.around) == (60, [])


def test_points_of_districts_lie_apart(forces, commander):
    shares(_05="0.5", _03="0.5")
    banjar = Region.objects.get(code=BANJAR)
    found = unit_markers(commander, forces, banjar, NOW)
    assert len({(one.latitude, one.longitude) for one in found}) == len(found) == 2


def test_a_place_is_a_point_of_its_own_and_nobody_is_counted_twice(forces, commander):
    spot = post(latitude=-3.41, longitude=114.85)
    leader = Post.objects.create(title="Padal uji", unit=make.unit("polres-banjar"))
    place("polres-banjar", MARTAPURA, 25, place=spot, in_charge=leader, contact="Kanal 3")
    banjar = Region.objects.get(code=BANJAR)
    found = unit_markers(commander, forces, banjar, NOW)
    assert [(one.place, one.people, one.say) for one in found] == [
        ("", 100, "100 terlibat"),
        ("Posko uji", 25, "Posko uji: 25 terlibat"),
    ]
    assert (found[1].latitude, found[1].longitude) == (-3.41, 114.85)
    panel = region_panel(commander, forces, MARTAPURA, NOW)
    assert [(one.name, one.unit, one.people, one.in_charge) for one in panel.places] == [
        ("Posko uji", "Polres Banjar", 25, "Padal uji")
    ]
    [unit] = panel.units
    assert (unit.engaged, unit.in_charge, unit.contacts) == (25, ["Padal uji"], ["Kanal 3"])


def test_points_follow_what_is_chosen(forces, commander):
    place("kodim-1006", BANJAR, 30, controller=Agency.objects.get(slug="polda-kalsel"))
    assert markers(commander, agency="korem-101") == [("Kodim 1006", BANJAR, 30)]
    assert markers(commander, controller="polda-kalsel") == [("Kodim 1006", BANJAR, 30)]
    assert markers(commander, task_force="preventif") == [("Polres Banjar", BANJAR, 100)]
    assert markers(commander, function="Samapta") == []


def test_what_is_placed_later_stands_in_no_earlier_moment(forces, commander):
    before = NOW + timedelta(hours=1)
    place("polres-banjar", GAMBUT, 40, at=NOW + timedelta(hours=2))
    assert markers(commander, at=before) == [("Polres Banjar", BANJAR, 100)]
    [unit] = region_panel(commander, forces, BANJAR, before).units
    assert unit.engaged == 100
    assert Deployment.objects.filter(region=GAMBUT).exists()


def test_a_liaison_sees_no_unit_of_others_and_the_controller_those_lent(
    forces, liaison_kpu, liaison_polda
):
    place("kodim-1006", BANJAR, 30, controller=Agency.objects.get(slug="polda-kalsel"))
    place("kodim-1006", BANJAR, 11)
    assert markers(liaison_kpu) == []
    assert region_panel(liaison_kpu, forces, MARTAPURA, NOW).units == []
    assert markers(liaison_polda) == [("Polres Banjar", BANJAR, 100), ("Kodim 1006", BANJAR, 30)]
