"""Classes, legend and words of the map: pure, without a database."""

from types import SimpleNamespace

import pytest

from deployments.enums import Light, Tally
from deployments.maps import words
from deployments.maps.measure import Asked
from deployments.maps.measures import OWN, lights, share
from deployments.maps.scene import Area, compose
from deployments.maps.shading import Classes, Fact, Scale, quantiles, shade_all
from deployments.queries.strength import StrengthRow


def row(region: str = "63.01", **figures) -> StrengthRow:
    plain = {
        "region_name": "Kabupaten Tanah Laut",
        "undistributed": False,
        "by_agency": {},
        "declared": 0,
        "engaged": 0,
        "standby": 0,
        "reserve": 0,
        "not_itemised": 0,
        "need": None,
        "gap": None,
        "expected": 0,
        "received": 0,
        "late": 0,
        "states": None,
        "groups": {},
        "scales": {},
        "total": 0,
        "present": 0,
        "light": "",
        "silent_since": None,
        "conflict": False,
    }
    return StrengthRow(region=region, **{**plain, **figures})


MEASURES = {measure.key: measure for measure in OWN}


def asked(rows: dict[str, StrengthRow]) -> Asked:
    """Rows that a measure may read; nobody asks, because nothing is looked up."""
    return Asked(None, None, None, "63", list(rows), rows)


def shaded(key: str, rows: dict[str, StrengthRow], classes=Classes.QUANTILE, level="regency"):
    measure = MEASURES[key]
    return shade_all(measure.scale, measure.facts(asked(rows)), classes, level)


def look(key: str, **figures) -> SimpleNamespace:
    shades, legend = shaded(key, {"63.01": row(**figures)})
    return SimpleNamespace(shade=shades["63.01"], legend=legend)


@pytest.mark.parametrize(
    ("values", "groups"),
    [
        ([], []),
        ([5], [[5]]),
        ([1, 1, 1], [[1, 1, 1]]),
        ([1, 2, 3, 4, 5], [[1], [2], [3], [4], [5]]),
        ([1, 1, 2, 3, 4, 5, 6, 7, 8, 9], [[1, 1], [2, 3], [4, 5], [6, 7], [8, 9]]),
    ],
)
def test_quantiles_never_part_equal_values(values, groups):
    assert quantiles(values, 5) == groups


def test_strength_takes_five_shades_and_counts_them():
    rows = {f"63.{n:02}": row(f"63.{n:02}", declared=100 * n) for n in range(1, 11)}
    shades, legend = shaded("strength", rows)

    assert [band.style for band, _count in legend] == [f"amount-{n}" for n in range(1, 6)]
    assert [count for _band, count in legend] == [2] * 5
    assert (shades["63.01"].style, shades["63.10"].style) == ("amount-1", "amount-5")


def test_nobody_is_a_dash_and_named_in_the_legend():
    seen = look("strength")

    assert (seen.shade.style, seen.shade.text) == ("none", "–")
    assert [(band.style, count) for band, count in seen.legend] == [("none", 1)]


@pytest.mark.parametrize(
    ("engaged", "style", "text"),
    [
        (74, "short-2", "−26"),
        (75, "short-1", "−25"),
        (99, "short-1", "−1"),
        (100, "enough-1", "0"),
        (124, "enough-1", "+24"),
        (125, "enough-2", "+25"),
    ],
)
def test_gap_changes_class_at_its_steps(engaged, style, text):
    seen = look("gap", declared=engaged, engaged=engaged, need=100, gap=100 - engaged)

    assert (seen.shade.style, seen.shade.text) == (style, text)


def gapped(differences: dict[str, int | None]) -> dict[str, StrengthRow]:
    return {
        code: row(code, need=500, gap=None if value is None else -value)
        for code, value in differences.items()
    }


def test_gap_is_ranked_into_classes_of_like_size_with_their_ranges():
    rows = gapped(dict(zip("abcdef", (-12, 0, 120, 250, 418, None), strict=True)))
    measure = MEASURES["gap"].ranked
    shades, legend = shade_all(measure.scale, measure.facts(asked(rows)), Classes.QUANTILE)

    assert [(band.label, count) for band, count in legend] == [
        ("Kebutuhan atau yang terlibat belum diketahui", 1),
        ("−12", 1),
        ("0", 1),
        ("+120", 1),
        ("+250", 1),
        ("+418", 1),
    ]
    assert (shades["a"].style, shades["e"].style) == ("amount-1", "amount-5")
    assert (shades["a"].text, shades["e"].text) == ("−12", "+418")


def test_a_class_of_balances_is_said_with_both_signs():
    rows = gapped({str(value): value for value in range(-3, 5)})
    measure = MEASURES["gap"].ranked
    _shades, legend = shade_all(measure.scale, measure.facts(asked(rows)), Classes.QUANTILE)

    labels = [band.label for band, _count in legend]

    assert labels == ["−3 – −2", "−1 – 0", "+1", "+2 – +3", "+4"]


@pytest.mark.parametrize(
    ("sort", "order"), [("gap", ["b", "a", "c", "d"]), ("-gap", ["c", "a", "b", "d"])]
)
def test_the_gap_is_sorted_as_it_is_shown_and_the_unknown_comes_last(sort, order):
    rows = gapped({"a": 120, "b": -30, "c": 418, "d": None})
    areas = [Area(code, code, code, code) for code in rows]
    scene = compose(MEASURES["gap"], Classes.QUANTILE, areas, rows.values(), asked(rows), "regency")

    assert [line.code for line in scene.lines(sort)] == order


def test_unknown_need_is_no_zero():
    seen = look("gap", declared=50, engaged=50)

    assert (seen.shade.style, seen.shade.text) == ("none", "–")
    assert seen.shade.say == "50 personel, kebutuhan belum ditetapkan"


@pytest.mark.parametrize(
    ("light", "style", "hatched"),
    [
        (Light.READY, "light-ready", False),
        (Light.CONDITIONAL, "light-conditional", False),
        (Light.NOT_READY, "light-not_ready", False),
    ],
)
def test_light_has_its_own_class(light, style, hatched):
    seen = look("readiness", light=light.value, expected=1, received=1, total=100, present=95)

    assert (seen.shade.style, seen.shade.text, seen.shade.hatched) == (style, "95%", hatched)


def test_silence_is_hatched_and_asks():
    seen = look("readiness", light=Light.SILENT.value, expected=2)

    assert (seen.shade.style, seen.shade.text, seen.shade.hatched) == ("light-silent", "?", True)
    assert seen.shade.say == "Belum lapor, 0 dari 2 laporan masuk"


@pytest.mark.parametrize(
    ("received", "style"), [(5, "absent-0"), (4, "absent-1"), (2, "absent-2"), (1, "absent-3")]
)
def test_missing_reports_change_class_at_their_steps(received, style):
    seen = look("missing", expected=5, received=received)

    assert seen.shade.style == style
    assert seen.shade.text == f"{received}/5"
    assert seen.shade.hatched == (received < 5)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (None, ""),
        (0, "baru saja"),
        (12, "12 menit lalu"),
        (185, "3 jam 5 menit lalu"),
        (1440, "1 hari lalu"),
        (1505, "1 hari 1 jam lalu"),
    ],
)
def test_age_is_said_in_its_greatest_units(minutes, text):
    assert words.age(minutes) == text


@pytest.mark.parametrize(
    ("gap", "text"), [(None, "–"), (0, "cukup"), (12, "kurang 12"), (-1200, "lebih 1.200")]
)
def test_balance_is_said_in_words(gap, text):
    assert words.short_or_over(gap) == text


@pytest.mark.parametrize(
    ("declared", "style"),
    [(199, "amount-1"), (200, "amount-2"), (599, "amount-3"), (800, "amount-5"), (0, "none")],
)
def test_fixed_classes_stay_where_they_are(declared, style):
    rows = {"63.01": row(declared=declared)}
    shades, legend = shaded("strength", rows, Classes.FIXED)

    assert shades["63.01"].style == style
    assert [band.label for band, _count in legend if band.style != "none"] == [
        "< 200",
        "200–<400",
        "400–<600",
        "600–<800",
        "≥ 800",
    ]


def test_fixed_classes_of_districts_are_finer():
    shades, legend = shaded("strength", {"63.01.01": row(declared=30)}, Classes.FIXED, "district")

    assert shades["63.01.01"].style == "amount-3"
    assert legend[0][0].label == "< 10"


def test_a_class_that_means_something_is_never_cut_anew():
    rows = {f"63.{n:02}": row(engaged=n, need=100, gap=100 - n) for n in (10, 50, 74)}

    assert shaded("gap", rows, Classes.QUANTILE) == shaded("gap", rows, Classes.FIXED)


@pytest.mark.parametrize(
    ("late", "style"), [(0, "absent-0"), (1, "absent-1"), (3, "absent-2"), (4, "absent-3")]
)
def test_late_reports_change_class_at_their_steps(late, style):
    seen = look("late", expected=5, received=5, late=late)

    assert (seen.shade.style, seen.shade.text) == (style, str(late))


def test_late_where_nothing_is_expected_is_no_zero():
    assert look("late").shade.style == "none"


def test_what_is_held_in_quarantine_has_a_class_of_its_own_named_only_when_used():
    states = {**dict.fromkeys(Tally.values, 0), "quarantined": 1}
    seen = look("readiness", light="held", expected=1, states=states)
    assert (seen.shade.style, seen.shade.hatched) == ("light-held", True)
    assert [band.style for band, _count in seen.legend][-1] == "light-held"
    other = look("readiness", light="silent", expected=1)
    assert "light-held" not in [band.style for band, _count in other.legend]
    # What does not count is not complete either.
    assert look("missing", expected=1, states=states).shade.style == "absent-1"


def test_a_share_is_of_its_whole_and_silent_without_one():
    counts = {"63.01": (5, 50), "63.02": (0, 0), "63.03": (0, 10)}
    measure = share("uji", "Uji", lambda _asked: counts)
    facts = measure.facts(asked({}))

    assert facts["63.01"] == Fact(10.0, "10%", "5 dari 50 TPS")
    assert (facts["63.02"].value, facts["63.02"].text) == (None, "–")
    assert facts["63.03"].text == "0%"


def test_a_light_per_group_is_one_line_more():
    lit = {"63.01": Light.READY.value, "63.02": Light.SILENT.value, "63.03": ""}
    measure = lights("logistik", "Kesiapan: logistik", lambda _asked: lit)
    shades, _legend = shade_all(measure.scale, measure.facts(asked({})))

    assert {code: (shade.style, shade.hatched) for code, shade in shades.items()} == {
        "63.01": ("light-ready", False),
        "63.02": ("light-silent", True),
    }


@pytest.mark.parametrize(
    ("value", "text"), [(1204, "1.204"), (1.25, "1,25"), (0.5, "0,5"), (12.0, "12"), (0, "0")]
)
def test_amount_keeps_what_it_has_behind_the_comma(value, text):
    assert words.amount(value) == text


@pytest.mark.parametrize(("value", "text"), [(12, "+12"), (-3.5, "−3,5"), (0, "0")])
def test_change_carries_its_sign(value, text):
    assert words.signed(value, words.amount) == text


def test_every_measure_has_its_own_key_and_names_its_missing_class():
    keys = [measure.key for measure in OWN]

    assert len(set(keys)) == len(keys)
    assert all(str(measure.scale.none) for measure in OWN)
    assert all((measure.of_row is None) != (measure.read is None) for measure in OWN)


def test_quantiles_of_a_ramp_use_the_ramps_own_shades():
    scale = Scale("tidak ada", ramp="concern")
    facts = {str(n): Fact(n, str(n), str(n)) for n in range(1, 6)}
    shades, _legend = shade_all(scale, facts)

    assert [shades[str(n)].style for n in range(1, 6)] == [f"concern-{n}" for n in range(1, 6)]
