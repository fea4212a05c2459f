"""My work and the agency's inbox: the same duties as on the dashboard, none of another's."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from coordination.actions import obligations as actions
from coordination.actions import reminders
from coordination.queries import WaitingItem
from portal import clock
from portal.home.work import chosen, duties, work_tabs
from portal.notifications import overdue
from tests.factories.coordination import PUBLISHED, START, make_obligation, make_scheduled
from tests.factories.incidents import AT
from tests.factories.public import sent

WORK, INBOX = "/tugas-saya/", "/pemberitahuan/"


def item(due, *, late=False):
    return WaitingItem("obligation", "Tugas", "/", due, late, ("info", ""))


@pytest.mark.parametrize(
    ("due", "spans"),
    [
        ("2024-06-05T23:59", {"hari-ini", "minggu-ini"}),
        ("2024-06-06T00:00", {"minggu-ini"}),
        ("2024-06-09T23:59", {"minggu-ini"}),
        ("2024-06-10T00:00", set()),
    ],
)
def test_spans_end_at_midnight_in_wita(due, spans):
    at = datetime(2024, 6, 5, 10, tzinfo=clock.WITA)  # a Wednesday
    duty = item(datetime.fromisoformat(due).replace(tzinfo=clock.WITA))
    found = {span for span in ("hari-ini", "minggu-ini", "terlambat") if chosen([duty], span, at)}
    assert found == spans
    assert chosen([duty], "kapan-kapan", at) == [duty]


@pytest.mark.django_db
def test_late_duty_stands_under_its_own_tab_only():
    at = datetime(2024, 6, 5, 10, tzinfo=clock.WITA)
    tabs = work_tabs([item(at - timedelta(hours=1), late=True), item(None)], "terlambat", at)
    assert [(tab["count"], tab["current"]) for tab in tabs] == [
        (2, False),
        (1, True),
        (0, False),
        (0, False),
    ]


def test_page_counts_what_the_dashboard_counts(
    client, sign_in, coordinator, liaison_kpu, liaison_dprd
):
    first = make_obligation(coordinator, "kpu-kalsel")
    actions.acknowledge_obligation(first, by=liaison_kpu, at=PUBLISHED)
    make_obligation(coordinator, "kpu-kalsel", directive={"due_at": START + timedelta(days=2)})
    make_scheduled(
        coordinator,
        "kpu-kalsel",
        starts_at=START + timedelta(days=4),
        ends_at=START + timedelta(days=5),
    )
    with time_machine.travel(START + timedelta(days=3), tick=False):
        sign_in(client, liaison_kpu)
        page = client.get(WORK)
        block = client.get(reverse("home:dashboard")).context["blocks"][0]
        late = client.get(f"{WORK}?saring=terlambat").context["page"].object_list
        other = sign_in(client, liaison_dprd).get(WORK)
    kinds = [(duty.kind, duty.overdue) for duty in page.context["page"].object_list]
    assert kinds == [("obligation", True), ("invitation", False), ("obligation", False)]
    assert block.name == "waiting"
    assert (block.data["count"], block.data["overdue"]) == (page.context["count"], len(late))
    assert (len(late), page.context["count"]) == (1, 3)
    assert other.context["count"] == 0


@pytest.mark.parametrize("count", [1, 3])
def test_page_makes_the_same_number_of_queries(
    client, sign_in, coordinator, liaison_kpu, django_assert_num_queries, count
):
    for _number in range(count):
        make_obligation(coordinator, "kpu-kalsel")
    with time_machine.travel(PUBLISHED, tick=False):
        sign_in(client, liaison_kpu).get(WORK)
        with django_assert_num_queries(17):
            page = client.get(WORK)
    assert page.context["count"] == count


def test_inbox_parts_follow_the_answer(client, sign_in, coordinator, liaison_kpu, liaison_dprd):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    late = obligation.due_at + timedelta(hours=1)
    with time_machine.travel(late, tick=False):
        reminders.remind_obligations(at=late)
        sign_in(client, liaison_kpu)
        client.post(reverse("notifications:mark_all_read"))
        waits = client.get(f"{INBOX}?saring=belum-ditindaklanjuti")
        lines = client.get(f"{INBOX}?saring=terlambat")
        assert waits.context["unread"] == 0
        before = [row.subject for row in waits.context["rows"]]
        assert any("Kawal logistik" in subject for subject in before)
        (row,) = lines.context["late"]
        assert (row.title, row.due_at) == ("Kawal logistik", obligation.due_at)
        assert [tab.get("count") for tab in lines.context["tabs"]] == [None, 0, len(before), 1]
        actions.submit_obligation(obligation, by=liaison_kpu, at=late, note="Tuntas.")
        after = client.get(f"{INBOX}?saring=belum-ditindaklanjuti").context["rows"]
        assert not any("Kawal logistik" in row.subject for row in after)
        assert client.get(f"{INBOX}?saring=terlambat").context["late"] == []
        sign_in(client, liaison_dprd)
        for part in ("terlambat", "belum-ditindaklanjuti", "belum-dibaca"):
            context = client.get(f"{INBOX}?saring={part}").context
            assert (context["rows"], context["late"]) == ([], [])


def test_marking_read_leads_back_to_the_same_part(client, sign_in, coordinator, liaison_kpu):
    make_obligation(coordinator, "kpu-kalsel")
    sign_in(client, liaison_kpu)
    row = client.get(f"{INBOX}?saring=belum-dibaca").context["rows"][0]
    answer = client.post(row.read_url, {"saring": "belum-dibaca"})
    assert answer["Location"] == f"{INBOX}?saring=belum-dibaca"
    odd = client.post(row.read_url, {"saring": "//evil.test"})
    assert odd["Location"] == INBOX


def test_two_selectors_of_one_name_are_an_error():
    with pytest.raises(ValueError, match="says already"):
        overdue.register("obligation", lambda actor, at: [])


def test_public_reports_wait_as_one_duty_for_who_sorts_them(posko_banjar, liaison_kpu):
    for number in range(3):
        sent(text=f"Jalan ke desa nomor {number} terendam air.")
    sent(trapped=True)
    sent(region="63.09.01")
    waiting = [item for item in duties(posko_banjar, AT) if item.kind == "public_report"]
    assert [(item.title, item.url) for item in waiting] == [
        ("3 laporan warga menunggu ditelaah", "/laporan-warga/")
    ]
    assert not [item for item in duties(liaison_kpu, AT) if item.kind == "public_report"]
