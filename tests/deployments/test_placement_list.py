"""The list of placements: what runs and what is to come, the same rows as a file."""

from datetime import date

import pytest

from deployments.views.deployment_file import PLACEMENTS, placement_columns
from tests.deployments.test_placements import NOW, announced, now, place  # noqa: F401 (fixtures)

URL = "/kuat-personel/penempatan/"
AT = "2024-11-27T08:00:00+08:00"


@pytest.fixture
def three(now, liaison_korem):  # noqa: F811 (the fixture of that name)
    """One that is over, one that runs, one to come."""
    days = [(date(2024, 11, 1), date(2024, 11, 19)), (date(2024, 11, 18), date(2024, 11, 22)),
            (date(2024, 11, 25), None)]  # fmt: skip
    return [
        place(liaison_korem, starts_on=starts, ends_on=ends, task=f"Tugas {number}")
        for number, (starts, ends) in enumerate(days)
    ]


def tasks(client, **query):
    return [row["task"] for row in client.get(URL, query).context["rows"]]


def test_list_has_what_runs_and_what_is_to_come(three, client, sign_in, liaison_korem):
    sign_in(client, liaison_korem)
    assert tasks(client) == ["Tugas 1", "Tugas 2"]
    assert tasks(client, at=AT) == tasks(client, at="2024-11-27") == ["Tugas 2"]
    assert 'type="date" name="at"' in client.get(URL).content.decode()
    assert tasks(client, at="2024-11-19T08:00:00+08:00") == ["Tugas 0", "Tugas 1"]
    assert tasks(client, unit="kodim-1006") == ["Tugas 1", "Tugas 2"]
    assert tasks(client, unit="korem-101") == ["Tugas 1", "Tugas 2"]
    assert tasks(client, unit="kodim-1004") == []


def test_file_has_the_rows_of_the_page(three, client, sign_in, liaison_korem):
    sign_in(client, liaison_korem)
    for query in ("", "unit=kodim-1006", f"at={AT.replace('+', '%2B')}", "state=moving"):
        chosen = PLACEMENTS.select(liaison_korem, query, NOW)
        shown = client.get(f"{URL}?{query}").context
        lines = PLACEMENTS.lines(liaison_korem, chosen.ids, NOW, 1) if chosen.ids else []
        assert [line[12] for line in lines] == [row["task"] for row in shown["rows"]]
        assert all(len(line) == len(placement_columns()) for line in lines)
        assert len(chosen.words) == (1 if query else 0)
    [running, _later] = PLACEMENTS.lines(
        liaison_korem, PLACEMENTS.select(liaison_korem, "", NOW).ids, NOW, 1
    )
    assert running[1:3] == ["Kodim 1006", "Korem 101"]
    assert (running[4], running[7], running[13], running[14]) == (
        "63.03", 10, "18 Nov 2024", "22 Nov 2024",
    )  # fmt: skip


def test_nobody_elses_placements_are_in_the_file(three, liaison_kpu):
    assert PLACEMENTS.select(liaison_kpu, "", NOW).ids == []
    assert PLACEMENTS.lines(liaison_kpu, [row.pk for row in three], NOW, 1) == []
