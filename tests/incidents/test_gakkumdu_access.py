"""Once the desk has it, only the desk: the case, the incident and its timeline agree about whom."""

import pytest

from incidents import maps, queries
from incidents.actions.field_reports import file_report
from incidents.actions.reports import add_update
from incidents.actions.requests import ask_agency
from incidents.enums import UpdateKind
from incidents.enums.requests import RequestKind
from incidents.models import CaseEntry, FieldReport, GakkumduCase, Incident, IncidentUpdate
from incidents.queries.gakkumdu import HandedOver, case_list, handed_over, steps_due
from incidents.rules import sits_with
from portal.access.actor import SYSTEM
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.home.demo.people import Office, actor_of
from portal.home.search import search, wanted
from portal.notifications.models import Notification
from portal.registry.models import Agency
from tests.factories.gakkumdu import OPENED, open_case, wita
from tests.factories.incidents import report, send

DESK = ("gakkumdu.bawaslu", "gakkumdu.polda", "gakkumdu.kejati")
SAW = ("koordinator", "pimpinan", "auditor", "liaison.polda", "liaison.bawaslu", "liaison.kejati")
NOTHING = ("liaison.kpu", "liaison.dprd", "kodim.1006", "admin")
HULU = {"region": "63.06"}


def reads(actor) -> set[str]:
    """In which of the four tables the actor finds a row."""
    tables = (GakkumduCase, CaseEntry, Incident, IncidentUpdate)
    return {table.__name__ for table in tables if table.objects.visible_to(actor).exists()}


ALL = {"GakkumduCase", "CaseEntry", "Incident", "IncidentUpdate"}


def test_the_desk_reads_all_and_nobody_else_anything(people, liaison_bawaslu):
    case = open_case(liaison_bawaslu, **HULU)

    for login in DESK:
        assert reads(people[login]) == ALL, login
        assert may(people[login], Permission.GAKKUMDU_HANDLE, case)
    for login in (*SAW, *NOTHING):
        assert reads(people[login]) == set(), login
        assert not may(people[login], Permission.GAKKUMDU_HANDLE, case)
    assert reads(SYSTEM) == ALL
    assert reads(None) == set()


def test_before_the_hand_over_the_desk_reads_no_more_than_its_agencies(people, liaison_kpu):
    add_update(
        queries.incidents(SYSTEM).get(pk=open_other(liaison_kpu)),
        kind=UpdateKind.SITUATION,
        text="Air surut.",
        by=liaison_kpu,
        at=OPENED,
    )

    assert reads(people["gakkumdu.kejati"]) == set()


def open_other(by) -> int:
    return report(by, code="E5", region="63.06", at=wita(11, 4)).pk


@pytest.mark.parametrize("login", SAW)
def test_who_saw_it_keeps_number_type_and_region(people, liaison_bawaslu, login):
    case = open_case(liaison_bawaslu, **HULU)

    assert handed_over(people[login]) == [
        HandedOver(case.incident.number, "Politik uang", "Kabupaten Hulu Sungai Selatan")
    ]


@pytest.mark.parametrize("login", [*NOTHING, *DESK])
def test_who_never_saw_it_or_sits_at_the_desk_is_told_nothing_there(people, liaison_bawaslu, login):
    open_case(liaison_bawaslu, **HULU)

    assert handed_over(people[login]) == []


def test_counts_lists_search_and_map_leave_it_out(people, liaison_bawaslu, coordinator):
    case = open_case(liaison_bawaslu, **HULU)
    at = wita(11, 5)

    assert queries.incident_summary(coordinator, at).total == 0
    assert queries.recent_incidents(coordinator) == []
    assert not maps.open_at(coordinator, at).exists()
    assert queries.incident_summary(people["gakkumdu.kejati"], at).total == 1
    for actor, found in ((coordinator, 0), (people["gakkumdu.kejati"], 1)):
        groups = search(actor, wanted(case.incident.number))
        assert sum(group.count for group in groups if group.key == "kejadian") == found


def desk_of(login: str, unit: str, region: str, clearance=Classification.TERBATAS):
    return actor_of(Office(login, "Anggota Gakkumdu", unit, Role.GAKKUMDU, region, clearance))


def test_a_seat_reaches_its_own_region_only(db, liaison_bawaslu):
    case = open_case(liaison_bawaslu, region="63.03.01")
    inside, outside = (
        desk_of(f"gakkumdu.{code}", "polres-banjar", code) for code in ("63.03", "63.06")
    )

    assert (reads(inside), sits_with(inside, case)) == (ALL, True)
    assert (reads(outside), sits_with(outside, case)) == (set(), False)


def test_a_seat_needs_its_agency_and_its_clearance(db, liaison_bawaslu, coordinator):
    case = open_case(liaison_bawaslu, **HULU)
    stranger = desk_of("gakkumdu.kpu", "kpu-kalsel", "63")
    low = desk_of("gakkumdu.rendah", "kejati-kalsel", "63", Classification.BIASA)

    assert (reads(stranger), sits_with(stranger, case)) == (set(), False)
    assert reads(low) == set()


def test_a_post_with_two_roles_sees_by_both(db, liaison_bawaslu):
    case = open_case(liaison_bawaslu, **HULU)
    both = actor_of(Office("ganda", "Penghubung Kejati", "kejati-kalsel", Role.LIAISON, "63"))
    assert reads(both) == set()

    Post.objects.filter(pk=both.post_id).update(roles=[Role.LIAISON, Role.GAKKUMDU])
    office = Office("ganda", "Penghubung Kejati", "kejati-kalsel", Role.LIAISON, "63")
    assert reads(actor_of(office)) == ALL
    assert case_list(actor_of(office), OPENED, "berjalan").rows[0].number == case.number


def test_the_step_waits_for_the_seat_that_writes_it(people, liaison_bawaslu):
    case = open_case(liaison_bawaslu)

    [due] = steps_due(people["gakkumdu.bawaslu"], OPENED)
    assert due.title == f"Perkara {case.number}: Kajian dan tindak lanjut"
    assert (due.due_at, due.overdue) == (wita(11, 7, 23, 59), False)
    assert steps_due(people["gakkumdu.bawaslu"], wita(11, 8, 0))[0].overdue
    assert steps_due(people["gakkumdu.polda"], OPENED) == []
    assert steps_due(liaison_bawaslu, OPENED) == []


def test_the_list_has_the_nearest_end_first(people, liaison_bawaslu):
    later = open_case(liaison_bawaslu, received_at=wita(11, 6), at=wita(11, 6, 10))
    sooner = open_case(liaison_bawaslu)
    late = open_case(liaison_bawaslu, received_at=wita(11, 9), at=wita(11, 9, 10), late=True)
    actor, at = people["gakkumdu.kejati"], wita(11, 7, 12)

    listed = case_list(actor, at, "berjalan")
    assert [row.number for row in listed.rows] == [sooner.number, later.number]
    assert [row.state for row in listed.rows] == [
        ("danger", "hari terakhir"),
        ("info", "sisa 2 hari"),
    ]
    assert [row.due for row in listed.rows] == [
        "Kamis, 7 November 2024, 24.00 WITA",
        "Sabtu, 9 November 2024, 24.00 WITA",
    ]
    assert listed.counts == {"berjalan": 2, "gugur": 1, "ditutup": 0}
    assert [row.number for row in case_list(actor, at, "gugur").rows] == [late.number]


@pytest.mark.parametrize("kind", RequestKind.values)
def test_what_the_desk_has_is_put_to_nobody(people, liaison_bawaslu, liaison_kpu, kind):
    case = open_case(liaison_bawaslu)
    to, by = Agency.objects.get(slug="kpu-kalsel"), people["gakkumdu.bawaslu"]

    with pytest.raises(Refused, match="ditangani Sentra Gakkumdu"):
        ask_agency(
            case.incident, kind=kind, to=to, matter="Tangani.", reason="Alasan.", by=by, at=OPENED
        )
    assert not Notification.objects.filter(kind="request_received").exists()


def test_field_reports_of_a_handed_over_incident_are_the_desks(people, liaison_bawaslu):
    """Once it is filed there, also who sent it reads it no more."""
    posko = people["posko.banjar"]
    sent = send(posko, code="B4", region="63.03", at=wita(11, 4, 8))
    case = open_case(liaison_bawaslu)
    assert FieldReport.objects.visible_to(posko).exists()

    file_report(sent, case.incident, by=people["gakkumdu.bawaslu"], at=wita(11, 4, 12))

    for login in (*SAW, "posko.banjar"):
        assert not FieldReport.objects.visible_to(people[login]).exists(), login
    for login in DESK:
        assert FieldReport.objects.visible_to(people[login]).get() == sent, login
