import json
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from portal.notifications.emails import packed, render, tidy, unpacked


def test_render_escapes_nothing_and_keeps_the_subject_on_one_line():
    text = render("dead_task", {"task": "a&b\nBcc: all@evil.test", "number": 1, "attempts": 8})
    assert text.subject == "Tugas latar gagal tetap: a&b Bcc: all@evil.test"


def test_render_speaks_the_active_language():
    with translation.override("id"):
        assert render("confidential", {}).subject == "Ada butir untuk Anda"


@pytest.mark.parametrize(
    ("stored", "alive"),
    [
        ("2024-11-20T00:00:00Z", datetime(2024, 11, 20, tzinfo=UTC)),
        ("2024-11-20", date(2024, 11, 20)),
        ("2024-13-20x", "2024-13-20x"),
        ("20 November", "20 November"),
        (["2024-11-20"], [date(2024, 11, 20)]),
        ({"due": "2024-11-20"}, {"due": date(2024, 11, 20)}),
        (7, 7),
        (None, None),
    ],
)
def test_times_of_rows_without_the_mark_are_guessed(stored, alive):
    assert unpacked({"x": stored}) == {"x": alive}


@pytest.mark.parametrize("impossible", ["2024-13-40", "2024-02-30T25:00:00Z"])
def test_impossible_times_stay_text(impossible):
    assert unpacked({"x": impossible}) == {"x": impossible}


def test_text_that_looks_like_a_time_stays_a_text():
    given = {
        "title": "2024-11-20",
        "at": datetime(2024, 11, 20, 8, tzinfo=UTC),
        "day": date(2024, 11, 20),
        "calendar": {"starts_at": datetime(2024, 11, 20, 8, tzinfo=UTC), "title": "2024-11-20"},
        "moves": [{"due": date(2024, 11, 21), "title": "2024-11-20T00:00:00Z"}],
        "number": 7,
    }
    assert unpacked(json.loads(json.dumps(packed(given)))) == given


def test_tidy_leaves_one_empty_line():
    assert tidy("\n\na\n \n\nb\n\n") == "a\n\nb\n"
