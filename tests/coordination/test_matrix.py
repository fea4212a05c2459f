"""The matrix: one filter and one selector for page, dashboard, API and files."""

from dataclasses import asdict
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict

from coordination import queries
from coordination.actions import obligations as actions
from coordination.filters import ObligationFilter
from coordination.models import MeetingSeries, Obligation
from coordination.queries.matrix import matrix
from coordination.views.files import MATRIX
from portal.registry.models import Operation
from tests import database
from tests.coordination.pages import texts, url
from tests.factories.coordination import (
    NOW,
    PUBLISHED,
    make_obligation,
    make_published,
)
from tests.factories.many import SHARES, make_original, multiply

PAGE = "/tindak-lanjut/"
FILTERS = [
    "",
    "?semua=1&sort=-progress",
    "?state=overdue",
    "?state=unfinished&role=support",
    "?state=open&agency=korem-101",
    "?q=kawal+logistik",
    "?q=terputus",
    "?region=63.03",
    "?region=63",
    "?priority=biasa&binding=kesepakatan",
    "?due_from=2024-06-01&due_until=2024-07-30",
    "?sort=agency&page=3",
    "?overdue=false",
]


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(PUBLISHED + timedelta(days=8), tick=False):
        yield


def shown(client, query=""):
    response = client.get(f"{PAGE}?semua=1&{query}")
    return [(row.number, row.agency) for row in response.context["rows"]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("copies", [11, 1112])
def test_any_filter_makes_a_constant_number_of_queries(
    client, sign_in, coordinator, liaison_kpu, django_assert_num_queries, copies
):
    directive = make_original(coordinator, liaison_kpu)
    assert multiply(directive, copies) == (copies + 1) * SHARES
    database.analyze(connection.settings_dict["NAME"])
    sign_in(client, coordinator)
    client.get(PAGE)
    for query in FILTERS:
        # Only the bare address asks for the post's default view.
        with django_assert_num_queries(18 if query == "" else 17):
            response = client.get(PAGE + query)
        assert 0 < len(response.context["rows"]) <= 25, query


@pytest.fixture
def three(coordinator, liaison_kpu, liaison_korem):
    """A directive for three agencies in different states, and one of another rakor for one."""
    first = make_published(coordinator, "kpu-kalsel", "korem-101", "bawaslu-kalsel")
    second = make_published(
        coordinator,
        "korem-101",
        title="Rakor pengamanan",
        directive={"title": "Amankan gudang", "priority": "segera"},
    )
    share = Obligation.objects.get(directive__meeting=first.meeting, agency__slug="kpu-kalsel")
    actions.submit_obligation(share, by=liaison_kpu, at=PUBLISHED, note="Tuntas.")
    return first.meeting, second.meeting


def test_each_part_of_the_filter_narrows(client, sign_in, coordinator, three):
    first, second = three
    series = MeetingSeries.objects.create(
        operation=Operation.objects.get(slug="mantap-praja-intan-2024"),
        title="Rakor mingguan",
        host_agency_id=coordinator.agency_id,
        created_by_id=coordinator.post_id,
        created_at=NOW,
    )
    type(second).objects.filter(pk=second.pk).update(series=series)
    Obligation.objects.filter(agency__slug="bawaslu-kalsel").update(region="63.03.01")
    sign_in(client, coordinator)
    all_four = shown(client)
    assert len(all_four) == 4
    expected = {
        f"meeting={second.pk}": ["Korem 101"],
        f"series={series.pk}": ["Korem 101"],
        "agency=korem-101": ["Korem 101", "Korem 101"],
        "role=support": ["KPU Kalsel", "Bawaslu Kalsel"],
        "role=lead&agency=korem-101": ["Korem 101", "Korem 101"],
        "priority=segera": ["Korem 101"],
        "state=awaiting_verification": ["KPU Kalsel"],
        "state=overdue": ["Korem 101", "Bawaslu Kalsel", "Korem 101"],
        "region=63.03": ["Bawaslu Kalsel"],
        "region=63.71": [],
        "binding=permintaan": [],
        "q=gudang": ["Korem 101"],
        "q=pengamanan gudang": ["Korem 101"],
        "due_until=2024-06-01": [],
    }
    for query, agencies in expected.items():
        assert sorted(agency for _number, agency in shown(client, query)) == sorted(agencies), query
    assert first.pk != second.pk


def test_totals_of_page_dashboard_api_and_file_are_one(
    client, sign_in, coordinator, liaison_korem, three
):
    for actor in (coordinator, liaison_korem):
        sign_in(client, actor)
        at = PUBLISHED + timedelta(days=8)
        board = queries.obligation_summary(actor, at)
        page = client.get(f"{PAGE}?semua=1").context
        api = client.get("/api/v1/obligations/summary/").json()
        file = MATRIX.select(actor, "", at)
        assert page["summary"] == board
        assert {name: api[name] for name in asdict(board)} == asdict(board)
        assert board.total == page["page"].paginator.count == len(file.ids)
        for query in ("state=overdue", "agency=korem-101&role=lead", "q=gudang"):
            page = client.get(f"{PAGE}?{query}").context
            listed = client.get(f"/api/v1/obligations/?{query}").json()
            api = client.get(f"/api/v1/obligations/summary/?{query}").json()
            assert listed["count"] == page["page"].paginator.count == api["total"], query
            assert api["total"] == len(MATRIX.select(actor, query, at).ids) > 0, query
            assert api["overdue"] == page["summary"].overdue, query


def test_a_stranger_gets_neither_rows_nor_totals_nor_choices(
    client, sign_in, liaison_dprd, admin, three
):
    sign_in(client, liaison_dprd)
    context = client.get(f"{PAGE}?semua=1").context
    assert (context["rows"], context["summary"].total) == ([], 0)
    assert list(context["filter_form"]["meeting"].field.queryset) == []
    assert client.get(f"{PAGE}?meeting={three[0].pk}").context["rows"] == []
    sign_in(client, admin)
    assert client.get(PAGE).status_code == 403
    assert client.get("/api/v1/obligations/summary/").status_code == 403


def test_row_names_the_lead_and_the_supporting(client, sign_in, coordinator, three):
    sign_in(client, coordinator)
    rows = client.get(f"{PAGE}?meeting={three[0].pk}&sort=agency").context["rows"]
    assert [(row.agency, row.responsible, row.supporting, row.is_lead) for row in rows] == [
        ("Korem 101", "Korem 101", "KPU Kalsel, Bawaslu Kalsel", True),
        ("KPU Kalsel", "Korem 101", "KPU Kalsel", False),
        ("Bawaslu Kalsel", "Korem 101", "Bawaslu Kalsel", False),
    ]
    assert [row.place for row in rows] == [1, 2, 3]
    noted = [row.note for row in rows]
    assert noted == ["", "Tuntas.", ""]


def test_cancelled_rows_stand_in_the_matrix_but_count_nowhere(
    client, sign_in, coordinator, liaison_kpu
):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    Obligation.objects.filter(pk=obligation.pk).update(state="cancelled", closed_at=PUBLISHED)
    sign_in(client, coordinator)
    context = client.get(f"{PAGE}?semua=1").context
    assert (len(context["rows"]), context["summary"].total) == (1, 0)


def test_sorting_by_due_turns_round(client, sign_in, coordinator, three):
    sign_in(client, coordinator)
    nearest = client.get(f"{PAGE}?sort=due")
    furthest = client.get(nearest.context["sorts"]["due"])
    due = [row.due_at for row in nearest.context["rows"]]
    assert due == sorted(due)
    assert [row.due_at for row in furthest.context["rows"]] == due[::-1]
    assert 'aria-sort="descending"' in texts(furthest)


def test_sound_query_leaves_nonsense_out(coordinator, three):
    data = QueryDict("state=overdue&agency=zzz&x=1&q=&sort=due&due_from=2024-13-40&page=7")
    filters = ObligationFilter(data, queryset=matrix(coordinator), actor=coordinator)
    assert filters.query == "state=overdue&sort=due"
    assert filters.words == [
        ("state", "Status", "Terlambat"),
        ("sort", "Urutan", "Tenggat terdekat"),
    ]


def test_chips_take_away_one_condition_each(client, sign_in, coordinator, three):
    sign_in(client, coordinator)
    chips = client.get(f"{PAGE}?state=overdue&agency=korem-101").context["chips"]
    assert [(chip["value"], chip["url"]) for chip in chips] == [
        ("Terlambat", f"{url('obligation_list')}?agency=korem-101"),
        ("Korem 101", f"{url('obligation_list')}?state=overdue"),
    ]
