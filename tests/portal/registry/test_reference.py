"""What the loaded registry says, against the published facts."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import Sum

from portal.audit.models import Entry
from portal.registry import queries
from portal.registry.enums import FigureKind, Quality
from portal.registry.models import (
    Agency,
    Boundary,
    Figure,
    Operation,
    Region,
    Stage,
    Unit,
    UnitDistrict,
    parent_code,
    regency_code,
)
from tests.factories.registry import make_figure

pytestmark = pytest.mark.django_db


def test_regions_are_complete():
    level = Region.Level
    counts = {name: Region.objects.filter(level=name).count() for name in level.values}

    assert counts == {"province": 1, "regency": 13, "district": 156, "village": 2016}
    assert Region.objects.filter(kind="kelurahan").count() == 144
    assert Region.objects.filter(kind="desa").count() == 1872


def test_published_totals_come_out_of_the_regencies():
    assert queries.figure_total(FigureKind.VOTERS, "63") == 3_041_499
    assert queries.figure_total(FigureKind.POLLING_STATIONS, "63") == 7_382
    assert queries.figure_total(FigureKind.POPULATION, "63") == 4_305_281


@pytest.mark.parametrize(
    ("kind", "total"),
    [("tps_kurang_rawan", 7031), ("tps_rawan", 280), ("tps_sangat_rawan", 38), ("tps_khusus", 33)],
)
def test_stations_by_class(kind, total):
    assert queries.figure_total(kind, "63") == total


def test_every_figure_names_its_source_and_quality():
    assert Figure.objects.count() == 141
    assert not Figure.objects.filter(source="").exists()
    guessed = Figure.objects.filter(kind="voters", quality=Quality.ESTIMATED)
    assert set(guessed.values_list("region", flat=True)) == {
        "63.01",
        "63.05",
        "63.06",
        "63.07",
        "63.08",
    }
    classes = Figure.objects.filter(kind__startswith="tps_").exclude(source="Data ilustrasi")
    assert set(classes.values_list("region", "kind", "value")) == {
        ("63.04", "tps_khusus", 1),
        ("63.09", "tps_kurang_rawan", 534),
        ("63.09", "tps_rawan", 14),
        ("63.09", "tps_khusus", 2),
        ("63.10", "tps_khusus", 1),
    }
    assert set(classes.values_list("quality", flat=True)) == {Quality.REPORTED}


def test_figures_that_contradict_are_kept_and_the_final_one_is_used():
    stations = Figure.objects.filter(region="63", kind=FigureKind.POLLING_STATIONS)
    assert set(stations.values_list("value", flat=True)) == {7344, 7382, 7455}
    assert queries.figure("63", FigureKind.POLLING_STATIONS).value == 7382
    assert queries.figure("63.71", FigureKind.VOTERS).value == 485_145


@pytest.mark.parametrize(
    ("fields", "used"),
    [
        ({"as_of": date(2024, 11, 26), "final": False}, 425_597),
        ({"as_of": date(2024, 11, 26), "final": True}, 1),
        ({"as_of": date(2024, 1, 1), "final": True}, 425_597),
        ({"as_of": date(2024, 9, 20), "final": True, "quality": Quality.OFFICIAL}, 1),
        ({"as_of": date(2024, 9, 20), "final": True, "quality": Quality.ESTIMATED}, 425_597),
    ],
)
def test_final_before_newest_before_most_trusted(fields, used):
    make_figure("63.03", 1, **fields)
    assert queries.figure("63.03", FigureKind.VOTERS).value == used


def test_a_figure_that_nobody_published_is_none():
    assert queries.figure("63.03.01", FigureKind.VOTERS) is None


def test_districts_have_the_figures_that_were_published():
    codes = Region.objects.within("63.10").districts().values_list("code", flat=True)
    stations = queries.figures(codes, [FigureKind.POLLING_STATIONS])
    assert sum(figure.value for figure in stations.values()) == 550


def test_nine_agencies_in_the_order_of_the_rakor():
    assert list(Agency.objects.values_list("slug", flat=True)) == [
        "polda-kalsel",
        "korem-101",
        "kpu-kalsel",
        "bawaslu-kalsel",
        "kejati-kalsel",
        "binda-kalsel",
        "kesbangpol-kalsel",
        "pemprov-kalsel",
        "dprd-kalsel",
    ]


@pytest.mark.parametrize(
    ("kinds", "count"),
    [
        (["polres", "polresta"], 13),
        (["kodim"], 11),
        (["kpu_regency"], 13),
        (["bawaslu_regency"], 13),
        (["kejari"], 13),
        (["kesbangpol_regency"], 13),
        (["office"], 5),
    ],
)
def test_units_by_kind(kinds, count):
    assert Unit.objects.filter(kind__in=kinds).count() == count


def codes_of(slug):
    return set(UnitDistrict.objects.filter(unit__slug=slug).values_list("district", flat=True))


def test_one_polres_polices_two_districts_of_the_next_regency():
    over = codes_of("polres-banjarbaru")

    assert {"63.03.01", "63.03.13"} < over
    assert len(over) == 7
    assert not over & codes_of("polres-banjar")
    assert len(codes_of("polres-banjar")) == 18


def test_one_kodim_covers_two_regencies():
    regencies = {code[:5] for code in codes_of("kodim-1001")}

    assert regencies == {"63.08", "63.11"}


def test_every_district_has_one_polres_and_one_kodim():
    for kinds in (["polres", "polresta"], ["kodim"]):
        covered = UnitDistrict.objects.filter(unit__kind__in=kinds)
        assert covered.count() == 156
        assert covered.aggregate(total=Sum("share"))["total"] == 156


def test_loading_again_changes_nothing():
    def picture():
        return [
            list(model.objects.order_by("pk").values_list())
            for model in (
                Region,
                Figure,
                Agency,
                Unit,
                UnitDistrict,
                Operation,
                Stage,
                Boundary,
            )
        ]

    before = picture()
    call_command("load_registry", verbosity=0)

    assert picture() == before


def test_within_does_not_take_a_neighbour_for_a_child():
    codes = set(Region.objects.within("63.03").values_list("code", flat=True))

    assert "63.03" in codes and "63.03.01.2001" in codes
    assert all(code == "63.03" or code.startswith("63.03.") for code in codes)


def test_a_load_is_one_entry_in_the_trail():
    before = Entry.objects.filter(verb="registry.load").count()
    call_command("load_registry", verbosity=0)
    entries = Entry.objects.filter(verb="registry.load").order_by("pk")
    assert entries.count() == before + 1
    assert entries.last().after == {
        "regions": 2186,
        "agencies": 9,
        "units": 90,
        "operations": 1,
        "figures": 141,
        "holidays": 57,
    }


def test_a_load_mends_what_was_changed_by_hand():
    Region.objects.filter(code="63.03").update(name="Banjar")
    UnitDistrict.objects.filter(unit__slug="polres-banjarbaru", district="63.03.01").update(
        district="63.03.02"
    )
    call_command("load_registry", verbosity=0)
    assert Region.objects.get(code="63.03").name == "Kabupaten Banjar"
    assert "63.03.01" in codes_of("polres-banjarbaru")
    assert "63.03.02" not in codes_of("polres-banjarbaru")


def test_a_load_leaves_units_of_others_alone():
    root = Unit.objects.get(slug="polda-kalsel")
    own = Unit.objects.create(
        agency=root.agency,
        parent=root,
        slug="polsek-gambut",
        name="Polsek Gambut",
        short_name="Polsek Gambut",
        kind="polsek",
        seat_id="63.03.03",
        path="polda-kalsel/polsek-gambut",
    )
    UnitDistrict.objects.create(unit=own, district_id="63.03.03")
    call_command("load_registry", verbosity=0)
    assert codes_of("polsek-gambut") == {"63.03.03"}


def test_units_form_trees_with_the_slug_as_the_last_step():
    for unit in Unit.objects.select_related("parent"):
        assert unit.path == (f"{unit.parent.path}/{unit.slug}" if unit.parent else unit.slug)
    roots = Unit.objects.filter(parent=None)
    assert set(roots.values_list("slug", flat=True)) == set(
        Agency.objects.values_list("slug", flat=True)
    )


def test_under_takes_the_unit_and_what_is_below_it():
    assert Unit.objects.under("korem-101").count() == 12
    assert Unit.objects.under("polda-kalsel/polres-banjar").get().slug == "polres-banjar"


def test_what_is_not_published_is_marked_as_general_knowledge():
    general = Unit.objects.filter(quality=Quality.GENERAL)
    assert general.filter(kind="kejari").count() == 13
    assert set(general.filter(kind="kodim").values_list("slug", flat=True)) == {"kodim-1005"}
    assert not general.filter(kind__in=["polres", "polresta"]).exists()


def test_a_code_tells_its_parent_and_its_regency():
    assert [parent_code(code) for code in ("63", "63.03", "63.03.01.2001")] == [
        None,
        "63",
        "63.03.01",
    ]
    assert [regency_code(code) for code in ("63", "63.03", "63.03.01.2001")] == [
        None,
        "63.03",
        "63.03",
    ]
    assert all(
        region.parent_id == parent_code(region.code) for region in Region.objects.only("parent")
    )


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("6304", "regency", "63"),
        ("63.12.01", "regency", "63"),
        ("63.12", "regency", None),
        ("64", "province", "63"),
        ("63.01.01.3001", "village", "63.01.01"),
    ],
)
def test_a_code_must_fit_its_level(code, level, parent):
    with pytest.raises(IntegrityError, match="region_code_fits_level"), transaction.atomic():
        Region.objects.create(
            code=code, level=level, kind="desa", name="Uji", short_name="Uji", parent_id=parent
        )


@pytest.mark.parametrize("share", [0, -1, 2])
def test_a_share_is_a_part_of_one(share):
    with pytest.raises(IntegrityError, match="unit_district_share"), transaction.atomic():
        UnitDistrict.objects.filter(unit__slug="polda-kalsel").update(share=share)


def test_reference_data_are_for_everyone_who_is_signed_in(liaison_dprd):
    for model in (Region, Agency, Unit, Operation, Stage, Figure, Boundary):
        assert model.objects.visible_to(liaison_dprd).count() == model.objects.count()
        assert not model.objects.visible_to(None).exists()
