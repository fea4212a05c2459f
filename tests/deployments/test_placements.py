"""Placements: from the request to the return, never twice in the same place or out of nothing."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deployments import actions
from deployments.enums import (
    DEPLOYMENT_BADGE,
    DEPLOYMENT_MOVES,
    PART_OF_STATE,
    DeploymentState,
    DeploymentStatus,
)
from deployments.models import Deployment, DeploymentMove
from deployments.queries import rollup_rows
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.registry.models import Agency, Place, Region, Stage
from tests.factories import deployments as make

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
LIFE = ["ordered", "standby", "moving", "in_place", "relieved", "returned"]


@pytest.fixture
def now(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()


@pytest.fixture(autouse=True)
def announced(db):
    """Nobody is placed who was not announced."""
    for slug in ("polda-kalsel", "korem-101"):
        at = datetime(2024, 8, 24, 8, tzinfo=clock.WITA)
        actions.declare_strength(
            make.operation(),
            Agency.objects.get(slug=slug),
            total=9000,
            source="uji",
            as_of=at,
            by=SYSTEM,
            at=at,
        )


def values(unit="kodim-1006", **given):
    return {
        "unit": make.unit(unit),
        "region": Region.objects.get(code="63.03"),
        "personnel": 10,
        "status": "standby",
        "controller": None,
        "task": "Uji",
        "starts_on": date(2024, 11, 18),
        "ends_on": date(2024, 11, 30),
        "source": "uji",
        "as_of": NOW,
        "quality": "reported",
    } | given


def place(by=SYSTEM, state=None, **given):
    return actions.place_deployment(make.operation(), values(**given), by=by, at=NOW, state=state)


def move(row, to, **given):
    row.refresh_from_db()
    paper = {"sprin_number": "Sprin/1/XI/2024", "sprin_date": date(2024, 11, 17), "note": "uji"}
    return actions.move_deployment(
        row, to, **{"version": row.version, "by": SYSTEM, "at": NOW} | paper | given
    )


def warehouse(name="Gudang uji", district="63.03.05"):
    return Place.objects.create(
        operation=make.operation(), kind="warehouse", name=name, district_id=district,
        source="uji", as_of=date(2024, 11, 1),
    )  # fmt: skip


def test_tables_name_every_state():
    states = set(DeploymentState)
    assert set(DEPLOYMENT_MOVES) == set(PART_OF_STATE) == set(DEPLOYMENT_BADGE) == states
    reached = set().union(*DEPLOYMENT_MOVES.values())
    assert reached == states - {DeploymentState.REQUESTED}


@pytest.mark.parametrize("to", list(DeploymentState))
@pytest.mark.parametrize("origin", list(DeploymentState))
def test_every_move_is_as_the_table_says(db, origin, to):
    row = place(state="requested")
    engaged = PART_OF_STATE[origin] == DeploymentStatus.ENGAGED
    Deployment.objects.filter(pk=row.pk).update(
        state=origin, status="engaged" if engaged else "standby"
    )
    if to in DEPLOYMENT_MOVES[origin]:
        assert move(row, to).state == to
        assert [step.from_state for step in row.moves.all()] == ["", origin]
    elif to == origin:
        assert move(row, to).version == 1
        assert row.moves.count() == 1
    else:
        with pytest.raises(Refused, match="langkah itu tidak berlaku"):
            move(row, to)


def test_whole_life_is_kept_and_counts_only_while_people_stand_there(db, coordinator):
    row = place(coordinator, state="requested")
    counted = [_counted()]
    for hours, state in enumerate(LIFE):
        at = NOW + timedelta(hours=hours)
        move(row, state, by=coordinator, at=at)
        counted.append(_counted(at))
    row.refresh_from_db()
    assert counted == [(0, 0), (0, 10), (0, 10), (10, 0), (10, 0), (0, 10), (0, 10)]
    assert (row.ends_on, row.sprin_number, row.version) == (
        date(2024, 11, 20), "Sprin/1/XI/2024", 7,
    )  # fmt: skip
    steps = [(step.to_state, step.by_id, step.note) for step in row.moves.all()]
    assert steps[0] == ("requested", coordinator.post_id, "")
    assert steps[1:] == [(state, coordinator.post_id, "uji") for state in LIFE]
    assert Entry.objects.filter(verb="deployment.move").count() == len(LIFE)
    assert _counted(NOW + timedelta(days=1)) == (0, 0)


def _counted(at=NOW):
    rows = rollup_rows(make.operation(), level="province", agency_slug="korem-101", at=at)
    return (sum(row.engaged for row in rows), sum(row.standby for row in rows))


@pytest.mark.parametrize(
    ("to", "given", "field"),
    [
        ("ordered", {"sprin_number": ""}, "sprin_number"),
        ("ordered", {"sprin_date": None}, "sprin_date"),
        ("cancelled", {"note": ""}, "note"),
    ],
)
def test_a_step_without_its_paper_is_refused(db, to, given, field):
    row = place(state="requested")
    with pytest.raises(Refused) as refused:
        move(row, to, **given)
    assert refused.value.field == field
    row.refresh_from_db()
    assert (row.state, row.moves.count()) == ("requested", 1)


def test_stale_step_is_refused(db):
    row = place(state="requested")
    move(row, "ordered")
    with pytest.raises(Stale):
        move(row, "standby", version=1)


def test_status_does_not_change_past_the_state(db):
    row = place()
    with pytest.raises(Refused) as refused:
        actions.change_deployment(row, values(status="engaged"), version=1, by=SYSTEM, at=NOW)
    assert refused.value.field == "status"
    changed = actions.change_deployment(row, values(status="reserve"), version=1, by=SYSTEM, at=NOW)
    assert (changed.state, changed.status) == ("standby", "reserve")


def test_same_place_twice_on_a_day_is_refused_naming_the_other(db):
    gudang = warehouse()
    first = place(place=gudang)
    with pytest.raises(Refused) as refused:
        place(place=gudang, starts_on=date(2024, 11, 30), ends_on=None)
    assert refused.value.sentence == (
        f"{first.unit.short_name} sudah di Gudang uji: penempatan nomor {first.pk}, "
        "18 Nov 2024 – 30 Nov 2024."
    )
    place(place=gudang, starts_on=date(2024, 12, 1), ends_on=None)
    asked = place(place=gudang, state="requested")
    with pytest.raises(Refused, match=f"nomor {first.pk}"):
        move(asked, "ordered")
    move(first, "cancelled")
    assert move(asked, "ordered").state == "ordered"


def test_same_place_twice_is_refused_by_the_database(db):
    row = place(place=warehouse())
    row.pk = None
    with (
        pytest.raises(IntegrityError, match="deployment_once_per_place_and_day"),
        transaction.atomic(),
    ):
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("constraint", "given"),
    [
        ("deployment_state_known", {"state": "lost"}),
        ("deployment_engaged_when_there", {"state": "in_place", "status": "standby"}),
        ("deployment_not_engaged_before", {"state": "ordered", "status": "engaged"}),
        ("deployment_task_force_known", {"task_force": "lain"}),
    ],
)
def test_database_keeps_state_and_part_together(db, constraint, given):
    row = place()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Deployment.objects.filter(pk=row.pk).update(**given)


@pytest.mark.parametrize(
    ("constraint", "given"),
    [
        ("deployment_move_goes_somewhere", {"from_state": "standby", "to_state": "standby"}),
        ("deployment_cancelled_with_reason", {"to_state": "cancelled", "note": ""}),
    ],
)
def test_database_keeps_steps_whole(db, constraint, given):
    row = place()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        DeploymentMove.objects.create(deployment=row, moved_at=NOW, **given)


@pytest.fixture
def hundred(db, posko_banjar):
    """Polres Banjar has reported 100 people."""
    make.schedule()
    make.expect()
    actions.submit_report(
        make.unit("polres-banjar"), make.CUT_OFF, make.figures(), by=posko_banjar, at=make.OPENED
    )


def test_more_people_than_the_unit_has_are_refused_with_numbers(hundred):
    first = place(unit="polres-banjar", personnel=70)
    place(unit="polres-banjar", personnel=30, controller=make.unit("korem-101").agency)
    later = {"starts_on": date(2024, 12, 1), "ends_on": date(2024, 12, 4)}
    place(unit="polres-banjar", personnel=90, **later)
    with pytest.raises(Refused) as refused:
        place(unit="polres-banjar", personnel=31)
    assert refused.value.field == "personnel"
    assert refused.value.sentence == (
        f"{first.unit.short_name} mempunyai 100 orang; pada 18 Nov 2024 sudah 70 ditempatkan "
        f"(penempatan nomor {first.pk} (70)), sisa 30, diminta 31."
    )
    assert place(unit="polres-banjar", personnel=30).personnel == 30
    with pytest.raises(Refused, match="sudah 100 ditempatkan"):
        place(unit="polres-banjar", personnel=1)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_at_one_place_leave_one():
    gudang = warehouse()
    given = values(place=gudang)
    start, outcome = threading.Barrier(2), []

    def attempt():
        start.wait()
        try:
            actions.place_deployment(make.operation(), dict(given), by=SYSTEM, at=NOW)
            outcome.append("placed")
        except Refused:
            outcome.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["placed", "refused"]


def second_operation():
    operation = make.operation()
    operation.pk, operation.slug = None, "operasi-lain"
    operation.save()
    return operation


def test_place_and_stage_belong_to_the_region_and_operation(db):
    with pytest.raises(Refused) as refused:
        place(place=warehouse(district="63.01.01"))
    assert refused.value.field == "place"
    other = Stage.objects.filter(operation=make.operation()).first()
    other.pk, other.operation = None, second_operation()
    other.save()
    with pytest.raises(Refused) as refused:
        place(stage=other)
    assert refused.value.field == "stage"


def test_pages_and_api_show_a_deployment_to_its_owner_only(
    now, client, sign_in, liaison_korem, liaison_kpu, auditor
):
    row = place(liaison_korem, state="requested", task_force="preventif", contact="Posko 0511")
    url = reverse("deployments:deployment_detail", args=[row.pk])
    assert sign_in(client, liaison_kpu).get(url).status_code == 404
    assert client.post(url, {"to": "ordered"}).status_code == 404
    assert client.get("/api/v1/deployments/").json()["results"] == []
    sign_in(client, auditor)
    assert client.get(url).context["edits"] is False
    assert client.post(url, {"to": "ordered", "version": 1}).status_code == 403
    sign_in(client, liaison_korem)
    step = {"to": "ordered", "version": 1, "sprin_date": "2024-11-17"}
    refused = client.post(url, step | {"note": "Segera"})
    assert "Isi nomor Sprin" in refused.content.decode()
    assert "Segera" in refused.content.decode()
    assert client.post(url, step | {"sprin_number": "Sprin/9"}).status_code == 302
    page = client.get(url)
    assert [event["title"] for event in page.context["history"]] == [
        "Diperintahkan (Sprin)", "Diminta",
    ]  # fmt: skip
    [found] = client.get("/api/v1/deployments/", {"task_force": "preventif"}).json()["results"]
    assert (found["state"], found["sprin_number"], found["contact"]) == (
        "ordered", "Sprin/9", "Posko 0511",
    )  # fmt: skip
    assert [step["to_state"] for step in found["moves"]] == ["requested", "ordered"]
    listed = client.get("/kuat-personel/penempatan/", {"state": "ordered"})
    assert [entry["url"] for entry in listed.context["rows"]] == [url]
    assert client.get("/kuat-personel/penempatan/?state=moving").context["rows"] == []


@pytest.mark.parametrize("address", ["/kuat-personel/penempatan/", "/api/v1/deployments/"])
def test_list_costs_the_same_for_three(now, client, sign_in, liaison_korem, address):
    sign_in(client, liaison_korem)
    place(liaison_korem)
    client.get(address)
    costs = []
    for more in (0, 2):
        for _number in range(more):
            place(liaison_korem)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        costs.append(len(queries))
    assert costs[0] == costs[1]
