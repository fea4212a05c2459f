"""Outlines as values, without a database."""

import shapely
from shapely.geometry import mapping, shape

from portal.registry import outlines


def comb(west, teeth=400):
    """A polygon of one degree whose eastern side, shared with the next, has many points."""
    side = [(west + 1 + (0.0001 if n % 2 else 0), n / teeth) for n in range(teeth + 1)]
    other = [(west + (0.0001 if n % 2 else 0), n / teeth) for n in range(teeth + 1)]
    return mapping(shapely.Polygon([*side, *reversed(other)]))


def test_thinning_keeps_shared_edges_and_the_number_of_points():
    drawn = outlines.thin({"a": comb(0), "b": comb(1)}, points=200)
    shapes = [shape(each) for each in drawn.values()]
    assert sum(shapely.get_num_coordinates(each) for each in shapes) <= 200
    assert shapely.coverage_is_valid(shapes)


def test_few_points_are_drawn_as_they_are():
    triangle = {"type": "Polygon", "coordinates": [[[0, 0], [1.123456789, 0], [0, 1], [0, 0]]]}
    assert outlines.thin({"a": triangle})["a"]["coordinates"][0][1] == [1.12346, 0.0]


def test_difference_is_in_percent_and_kilometres():
    before = mapping(shapely.box(0, 0, 1, 1))
    after = mapping(shapely.box(0, 0, 2, 1))
    assert outlines.difference("63.01", "Uji", before, after) == outlines.Difference(
        "63.01", "Uji", 100.0, 55.6
    )
    assert outlines.difference("63.01", "Uji", None, after).area_percent is None


def test_neighbours_that_overlap_are_named():
    rows = {
        "a": mapping(shapely.box(0, 0, 1, 1)),
        "b": mapping(shapely.box(0.9, 0, 2, 1)),
        "c": mapping(shapely.box(5, 0, 6, 1)),
    }
    assert outlines.misfits(rows) == ["a", "b"]


def test_a_name_without_a_place_gets_the_middle():
    square = mapping(shapely.box(0, 0, 1, 1))
    assert outlines.label_point(square, (None, None)) == (0.5, 0.5)
    assert outlines.label_point(square, (0.1, 0.9)) == (0.1, 0.9)
    assert outlines.label_point(square, (7.0, 0.9)) == (0.5, 0.5)


def test_the_nearest_is_found_within_reach_only():
    find = outlines.finder({"a": mapping(shapely.box(0, 0, 1, 1))}, 5)
    assert find(0.5, 0.5) == "a"
    assert find(0.5, 1.04) == "a"
    assert find(0.5, 1.05) is None


def test_overlaps_name_the_pair_and_its_area_and_leave_a_shared_edge_alone():
    boxes = {"a": (0, 0, 1, 1), "b": (0.9, 0, 2, 1), "c": (2, 0, 3, 1)}
    found = outlines.overlaps({code: mapping(shapely.box(*box)) for code, box in boxes.items()})

    assert [(first, second) for first, second, _area in found] == [("a", "b")]
    assert abs(found[0][2] - 0.1 * outlines.KM_PER_DEGREE**2) < 1
