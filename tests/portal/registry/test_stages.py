from datetime import datetime, timedelta

import pytest

from portal.clock import WITA
from portal.registry import queries
from portal.registry.models import Figure, Operation

pytestmark = pytest.mark.django_db
QUIET = datetime(2024, 11, 24, tzinfo=WITA)
VOTE = datetime(2024, 11, 27, tzinfo=WITA)
SECOND = timedelta(seconds=1)


@pytest.fixture
def operation():
    return Operation.objects.get()


@pytest.mark.parametrize(
    ("at", "running"),
    [
        (datetime(2024, 6, 4, 9, tzinfo=WITA), {"ad_hoc_bodies", "voter_list", "coordination"}),
        (
            datetime(2024, 11, 20, 8, tzinfo=WITA),
            {"operation", "peace_declaration", "campaign", "station_officers"},
        ),
        (QUIET - SECOND, {"operation", "campaign", "station_officers"}),
        (QUIET, {"operation", "station_officers", "logistics", "quiet"}),
        (VOTE - SECOND, {"operation", "station_officers", "logistics", "quiet"}),
        (VOTE, {"operation", "station_officers", "voting", "tabulation"}),
        (datetime(2025, 1, 1, tzinfo=WITA), set()),
    ],
)
def test_stages_change_at_midnight_in_wita(operation, at, running):
    assert set(queries.running_stages(operation, at).values_list("key", flat=True)) == running


@pytest.mark.parametrize(
    ("at", "main", "following"),
    [
        (datetime(2024, 11, 20, 8, tzinfo=WITA), "campaign", "quiet"),
        (VOTE - SECOND, "quiet", "voting"),
        (VOTE, "voting", "winner"),
        (VOTE + timedelta(days=1), "tabulation", "winner"),
        (datetime(2024, 1, 1, tzinfo=WITA), None, "voter_list"),
        (datetime(2026, 1, 1, tzinfo=WITA), None, None),
    ],
)
def test_the_elections_own_stage_names_the_moment(operation, at, main, following):
    found = queries.main_stage(operation, at), queries.next_stage(operation, at)
    assert tuple(stage and stage.key for stage in found) == (main, following)


def test_the_whole_calendar_is_data_with_sources(operation):
    stages = list(operation.stages.all())
    assert len(stages) == 32
    assert all(stage.source and stage.name and stage.name_en for stage in stages)
    doubtful = {stage.key for stage in stages if stage.quality != "reported"}
    assert doubtful == {"pre_operation_training", "revote_window"}


def test_a_printed_period_includes_its_last_day(operation):
    rows = {row.label: row for row in queries.stage_rows(operation, QUIET)}
    campaign, vote = rows["Kampanye"], rows["Pemungutan dan penghitungan suara"]
    assert (campaign.begins.isoformat(), campaign.ends.isoformat()) == ("2024-09-25", "2024-11-23")
    assert (campaign.past, campaign.running, campaign.one_day) == (True, False, False)
    assert (vote.begins.isoformat(), vote.one_day) == ("2024-11-27", True)
    assert [row.label for row in rows.values() if row.running] == [
        "Operasi berjalan",
        "Masa kerja KPPS",
        "Pergeseran pasukan dan logistik ke TPS",
        "Masa tenang",
    ]


@pytest.mark.parametrize("year", [2023, 2024, 2026])
def test_the_current_operation_is_the_running_else_the_nearest(year):
    at = datetime(year, 10, 1, tzinfo=WITA)
    assert queries.current_operation(at).code_name == "Mantap Praja Intan 2024"


def test_without_operations_there_is_no_current_one():
    Figure.objects.all().delete()
    Operation.objects.all().delete()
    assert queries.current_operation(VOTE) is None
