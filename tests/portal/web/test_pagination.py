import pytest
from django.test import RequestFactory

from portal.web.pagination import page_number, paginate


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (None, 1),
        ("", 1),
        ("3", 3),
        ("0", 1),
        ("-2", 1),
        ("1e3", 1),
        ("²", 1),
        ("٣", 1),
        ("9" * 5000, 100_000),
    ],
)
def test_page_number_is_always_usable(text, number):
    assert page_number(text) == number


def test_paginate_holds_the_number_within_the_pages():
    page = paginate(RequestFactory().get("/?page=99"), list(range(30)), per_page=10)
    assert (page.number, list(page), page.links) == (3, list(range(20, 30)), [1, 2, 3])


def test_paginate_leaves_gaps_between_far_pages():
    page = paginate(RequestFactory().get("/?hal=10"), range(200), per_page=10, param="hal")
    assert page.links == [1, None, 9, 10, 11, None, 20]


def test_paginate_of_nothing_is_one_empty_page():
    page = paginate(RequestFactory().get("/?page=2"), [])
    assert (page.number, list(page)) == (1, [])
