"""Units in place are sent to an incident: which are near, and how far they have come."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from deployments.models import Deployment
from incidents.actions.assignments import assign_units, move_assignment
from incidents.actions.gakkumdu_opening import hand_over
from incidents.actions.grouping import merge_incident
from incidents.actions.moves import move_incident
from incidents.emails import assignment_context
from incidents.enums import UpdateKind
from incidents.enums.assignments import ASSIGNMENT_MOVES, SAYS_WHY, AssignmentState
from incidents.models import AssignmentStep, Incident, UnitAssignment
from incidents.queries.distances import Point, kilometres
from incidents.queries.units import sent_units, units_asked_for, units_nearby
from portal.access.classification import Classification
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.notifications.emails import render
from portal.notifications.models import Notification
from portal.registry.models import Region
from tests.factories.deployments import operation, unit
from tests.factories.incidents import AT, report

LATER = AT + timedelta(minutes=30)
API = "/api/v1/incident-assignments/"


def place(slug: str, region: str, people: int = 12, **fields) -> Deployment:
    """A unit that stands in a region since the first of November."""
    row = unit(slug)
    values = {
        "operation": operation(), "agency": row.agency, "unit": row, "personnel": people,
        "region": Region.objects.get(code=region), "status": "engaged", "state": "in_place",
        "task": "Patroli", "starts_on": date(2024, 11, 1), "source": "uji", "as_of": AT,
        "created_at": AT, "updated_at": AT,
    }  # fmt: skip
    return Deployment.objects.create(**values | fields)


@pytest.fixture
def incident(posko_banjar, liaison_polda):
    """A quarrel in Kabupaten Banjar; police lead, and its point is known."""
    return report(posko_banjar, code="A2", region="63.03.03", latitude=-3.42, longitude=114.68)


@pytest.fixture
def near():
    return place("polres-banjar", "63.03")


@pytest.fixture
def army():
    return place("kodim-1006", "63.03.03", 20)


def send(incident, by, *placed, **fields) -> list[UnitAssignment]:
    return assign_units(incident, placed, by=by, at=LATER, **{"task": "Pisahkan massa.", **fields})


def test_kilometres_along_the_earth():
    one, other = Point(0.0, 114.0, True), Point(0.0, 115.0, True)
    assert kilometres(one, other) == pytest.approx(111.19, abs=0.01)
    assert kilometres(one, one) == 0


def test_the_nearest_stands_first_with_what_it_has(incident, near, army, coordinator):
    far = place("polres-kotabaru", "63.02", 30)

    nearby = units_nearby(incident, coordinator, AT)

    assert [row.deployment for row in nearby.rows] == [army.pk, near.pk, far.pk]
    assert [row.personnel for row in nearby.rows] == [20, 12, 30]
    assert nearby.rows[0].km < nearby.rows[1].km < nearby.rows[2].km
    assert nearby.rows[0].about
    assert not nearby.from_centre
    assert [row.ordered for row in nearby.rows] == [False, True, True]


def test_without_a_point_the_centre_of_the_region_stands_in_and_that_is_said(
    posko_banjar, near, liaison_polda
):
    nearby = units_nearby(report(posko_banjar, code="A2"), liaison_polda, AT)
    assert nearby.from_centre
    assert nearby.rows[0].km == 0


def test_without_a_point_the_units_of_the_own_kabupaten_stand_first(liaison_polda, posko_banjar):
    """Banjarmasin's centre lies nearer to Gambut's than those of the far kecamatan of Banjar."""
    city, own = place("polresta-banjarmasin", "63.71"), place("polres-banjar", "63.03.17")
    told = {"code": "A2", "region": "63.03.03"}

    guessed = units_nearby(report(posko_banjar, **told), liaison_polda, AT).rows
    known = units_nearby(
        report(posko_banjar, **told, latitude=-3.42, longitude=114.68), liaison_polda, AT
    ).rows

    assert [row.deployment for row in guessed] == [own.pk, city.pk]
    assert guessed[0].km > guessed[1].km
    assert [row.deployment for row in known] == [city.pk, own.pk]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "standby", "status": "standby"},
        {"state": "relieved", "status": "standby"},
        {"ends_on": date(2024, 11, 19)},
        {"starts_on": date(2024, 11, 21)},
    ],
)
def test_who_is_not_in_place_today_is_not_listed_nor_sent(incident, near, liaison_polda, fields):
    Deployment.objects.filter(pk=near.pk).update(**fields)
    assert units_nearby(incident, liaison_polda, AT).rows == []


def test_a_command_post_sees_and_sends_its_own_units_only(incident, near, army, posko_banjar):
    far = place("polres-kotabaru", "63.02")
    rows = units_nearby(incident, posko_banjar, AT).rows
    assert [row.deployment for row in rows] == [near.pk]
    for other in (army, far):
        with pytest.raises(Refused, match="tidak ditemukan"):
            send(incident, posko_banjar, near, other)
    assert not UnitAssignment.objects.exists()


def test_the_own_unit_is_ordered_and_told(incident, near, posko_banjar):
    [row] = send(incident, posko_banjar, near)

    assert row.state == AssignmentState.ASSIGNED
    told = Notification.objects.filter(kind="unit_assigned")
    assert set(told.values_list("post__slug", flat=True)) == {"posko-banjar", "liaison-polda"}
    entry = incident.updates.last()
    assert entry.kind == UpdateKind.UNIT_SENT
    assert entry.text == f"{near.unit.name}: Ditugaskan. Pisahkan massa."
    assert Entry.objects.get(verb="assignment.send").after["unit"] == "polres-banjar"
    assert send(incident, posko_banjar, near) == [row]
    assert incident.updates.filter(kind=UpdateKind.UNIT_SENT).count() == 1


def test_the_unit_of_another_agency_is_asked_for_and_waits(
    incident, army, coordinator, liaison_korem, liaison_kejati
):
    [row] = send(incident, coordinator, army)

    assert row.state == AssignmentState.REQUESTED
    assert incident in Incident.objects.visible_to(liaison_korem)
    assert row not in UnitAssignment.objects.visible_to(liaison_kejati)
    [due] = units_asked_for(liaison_korem)
    assert due.title.endswith(f"diminta untuk {incident.number}: Pisahkan massa.")
    assert units_asked_for(coordinator) == []
    with pytest.raises(PermissionDenied):
        move_assignment(row, AssignmentState.ASSIGNED, by=coordinator, at=LATER)
    move_assignment(row, AssignmentState.ASSIGNED, by=liaison_korem, at=LATER)
    assert units_asked_for(liaison_korem) == []
    assert Notification.objects.get(kind="unit_step").post_id == coordinator.post_id


def test_a_command_post_orders_controlled_units_in_its_region_only(
    incident, army, posko_banjar, coordinator
):
    far = place("kodim-1004", "63.02", 20, controller_id=coordinator.agency_id)
    Deployment.objects.filter(pk=army.pk).update(controller_id=coordinator.agency_id)
    rows = units_nearby(incident, posko_banjar, AT).rows
    assert [(row.deployment, row.ordered) for row in rows] == [(army.pk, True), (far.pk, False)]


def test_a_unit_under_control_is_ordered_and_reported_on(incident, army, coordinator):
    Deployment.objects.filter(pk=army.pk).update(controller_id=coordinator.agency_id)
    [row] = send(incident, coordinator, army)
    assert row.state == AssignmentState.ASSIGNED
    moved = move_assignment(row, AssignmentState.DEPARTED, by=coordinator, at=LATER)
    assert moved.state == AssignmentState.DEPARTED


def test_what_is_declined_is_seen_no_more(coordinator, army, liaison_korem, liaison_polda):
    incident = report(liaison_polda, code="A3", region="63.03")
    assert incident not in Incident.objects.visible_to(liaison_korem)
    [row] = send(incident, coordinator, army)
    with pytest.raises(Refused) as refusal:
        move_assignment(row, AssignmentState.DECLINED, by=liaison_korem, at=LATER)
    assert refusal.value.field == "note"

    move_assignment(row, AssignmentState.DECLINED, by=liaison_korem, at=LATER, note="Terpakai.")

    assert incident not in Incident.objects.visible_to(liaison_korem)


@pytest.mark.parametrize("wanted", AssignmentState)
@pytest.mark.parametrize("state", AssignmentState)
def test_steps_follow_the_table(incident, near, posko_banjar, state, wanted):
    [row] = send(incident, posko_banjar, near)
    UnitAssignment.objects.filter(pk=row.pk).update(state=state)

    def act():
        return move_assignment(row, wanted, by=posko_banjar, at=LATER, note="Sebab.")

    steps = row.steps.count()
    if wanted in ASSIGNMENT_MOVES[state]:
        if wanted == AssignmentState.ASSIGNED:
            return  # It was ordered, so this step stands already.
        assert act().state == wanted
        assert row.steps.last().note == "Sebab."
    elif wanted == state:
        act()
        assert row.steps.count() == steps
    else:
        with pytest.raises(Refused):
            act()


def test_the_way_of_a_unit_has_its_times(incident, near, posko_banjar):
    [row] = send(incident, posko_banjar, near)
    way = (AssignmentState.DEPARTED, AssignmentState.ARRIVED, AssignmentState.DONE)
    for minutes, state in enumerate(way, start=1):
        move_assignment(row, state, by=posko_banjar, at=LATER + timedelta(minutes=minutes))

    [sent] = sent_units(incident, posko_banjar, LATER)
    assert [(step["label"], step["at"] - LATER) for step in sent.history] == [
        ("Ditugaskan", timedelta()),
        ("Berangkat", timedelta(minutes=1)),
        ("Tiba", timedelta(minutes=2)),
        ("Selesai", timedelta(minutes=3)),
    ]
    assert incident.updates.filter(kind=UpdateKind.UNIT_STEP).count() == 3


def test_a_busy_unit_says_with_what_but_not_what_is_out_of_sight(
    incident, near, posko_banjar, liaison_polda, coordinator
):
    other = report(liaison_polda, code="A3", region="63.03")
    secret = report(coordinator, code="A2", region="63.03", classification=Classification.RAHASIA)
    send(other, liaison_polda, near)
    send(secret, coordinator, near)
    [row] = units_nearby(incident, posko_banjar, AT).rows
    assert row.busy == [other.number, "kejadian lain"]
    seen = units_nearby(incident, coordinator, AT).rows[0].busy
    assert seen == [other.number, secret.number]


def test_a_merge_takes_units_along_and_calls_off_who_is_sent_twice(
    incident, near, coordinator, posko_banjar, liaison_polda
):
    second, into = place("polres-banjar", "63.03", 5), report(liaison_polda, code="A2")
    send(incident, coordinator, near, second)
    send(into, coordinator, near)

    merge_incident(incident, into, reason="Sama.", by=coordinator, at=LATER)

    states = UnitAssignment.objects.order_by("pk").values_list("incident", "state")
    assert list(states) == [
        (incident.pk, "dibatalkan"), (into.pk, "tugas"), (into.pk, "tugas"),
    ]  # fmt: skip


def test_at_the_desk_units_are_called_off(near, liaison_bawaslu, liaison_polda, coordinator):
    incident = report(liaison_bawaslu, code="B4")
    send(incident, coordinator, near)
    hand_over(
        incident, basis="laporan", known_at=AT, received_at=AT, summary="Amplop.", complete=True,
        by=liaison_bawaslu, at=LATER,
    )  # fmt: skip
    assert UnitAssignment.objects.get().state == AssignmentState.CANCELLED


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "relieved", "status": "standby"}, "Penempatannya kini: Diganti."),
        ({"ends_on": date(2024, 11, 19)}, "Masa penempatannya sudah berakhir."),
        ({"region_id": "63.02"}, "Penempatannya dipindah ke Kabupaten Kotabaru."),
        ({}, ""),
    ],
)
def test_a_placement_that_ended_or_moved_is_told(incident, near, posko_banjar, fields, words):
    send(incident, posko_banjar, near)
    Deployment.objects.filter(pk=near.pk).update(personnel=12, **fields)
    [sent] = sent_units(incident, posko_banjar, LATER)
    assert sent.moved == words


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"task": " "}, "task"), ({"task": "Paslon 1 unggul 60%"}, "task")],
)
def test_what_is_not_ordered(incident, near, posko_banjar, fields, field):
    with pytest.raises(Refused) as refusal:
        send(incident, posko_banjar, near, **fields)
    assert refusal.value.field == field


def test_nobody_is_sent_to_what_is_closed_stale_or_anothers(
    incident, near, posko_banjar, liaison_korem, liaison_polda
):
    with pytest.raises(PermissionDenied):
        send(incident, liaison_korem, near)
    with pytest.raises(Stale):
        send(incident, posko_banjar, near, version=7)
    Incident.objects.filter(pk=incident.pk).update(state="selesai")
    with pytest.raises(Refused, match="tidak ada satuan"):
        send(incident, posko_banjar, near)


def test_a_unit_of_the_agency_complained_of_is_not_asked_for(liaison_bawaslu, coordinator, near):
    incident = report(liaison_bawaslu, code="C2", region="63.03")
    coordinator = replace(
        coordinator, agency_id=liaison_bawaslu.agency_id, agency_slug=liaison_bawaslu.agency_slug
    )
    Deployment.objects.filter(pk=near.pk).update(agency=unit("kodim-1006").agency)
    with pytest.raises(Refused, match="tidak boleh hanya diterima"):
        send(incident, coordinator, near)


def test_assignment_constraints_and_trigger(incident, near, posko_banjar):
    [row] = send(incident, posko_banjar, near)
    rows = UnitAssignment.objects.filter(pk=row.pk)
    steps = AssignmentStep.objects.filter(assignment=row)
    step = {"assignment": row, "at": AT, "post_id": posko_banjar.post_id}
    for act in (
        lambda: rows.update(state="lain"),
        lambda: rows.update(task=""),
        lambda: UnitAssignment.objects.create(
            incident=incident, deployment=near, agency=near.agency, task="x", stood_at="x",
            state="tugas", assigned_by_id=posko_banjar.post_id, assigned_at=AT,
        ),
        lambda: steps.update(note="Lain."),
        lambda: steps.delete(),
        lambda: AssignmentStep.objects.create(state="tugas", **step),
        lambda: AssignmentStep.objects.create(state="lain", **step),
        *(lambda s=s: AssignmentStep.objects.create(state=s, **step) for s in SAYS_WHY),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", ["unit_assigned", "unit_step"])
def test_mails_are_written_out(incident, near, posko_banjar, kind, language):
    [row] = send(incident, posko_banjar, near)
    with translation.override(language):
        text = render(kind, assignment_context(row, "Catatan."))
    assert near.unit.name in text.subject
    assert row.task in text.body
    assert "{" not in text.subject + text.body


def test_from_page_to_page(sign_in, incident, near, posko_banjar, liaison_kejati):
    client = sign_in(Client(), posko_banjar)
    address = reverse("incidents:incident_units", args=[incident.pk])
    shown = client.get(address).content.decode()
    assert near.unit.name in shown
    assert "12 orang" in shown

    client.post(address, {"version": 1, "placements": [near.pk], "task": "Pisahkan massa."})
    row = UnitAssignment.objects.get()
    detail = client.get(reverse("incidents:incident_detail", args=[incident.pk]))
    step = f"{reverse('incidents:assignment_move', args=[row.pk])}?state=berangkat"
    assert step in detail.content.decode()
    assert client.get(step).status_code == 200
    client.post(step.split("?")[0], {"state": "berangkat", "note": ""})
    row.refresh_from_db()
    assert row.state == AssignmentState.DEPARTED
    assert client.get(step.split("?")[0]).status_code == 404
    assert sign_in(Client(), liaison_kejati).get(step).status_code == 404


@pytest.mark.parametrize(
    ("language", "verbs"),
    [
        ("id", {"berangkat": "Berangkat", "dibatalkan": "Batalkan penugasan"}),
        ("en", {"berangkat": "Report departure", "dibatalkan": "Cancel the assignment"}),
    ],
)
def test_the_button_of_a_step_is_its_verb(sign_in, incident, near, posko_banjar, language, verbs):
    [row] = send(incident, posko_banjar, near)
    client = sign_in(Client(), posko_banjar)
    client.cookies["django_language"] = language
    address = reverse("incidents:assignment_move", args=[row.pk])

    with translation.override("id"):  # and back again: the page sets its reader's language
        pages = {
            verb: client.get(address, {"state": state}).content.decode()
            for state, verb in verbs.items()
        }
        assert client.get(address, {"state": "diminta"}).status_code == 404

    for verb, shown in pages.items():
        assert f">{verb}</button>" in shown


def test_calling_a_unit_off_asks_why(sign_in, incident, near, posko_banjar):
    [row] = send(incident, posko_banjar, near)
    client = sign_in(Client(), posko_banjar)
    address = reverse("incidents:assignment_move", args=[row.pk])

    shown = client.get(address, {"state": "dibatalkan"})
    refused = client.post(address, {"state": "dibatalkan", "note": " "})

    note = shown.context["form"]["note"]
    assert (note.label, note.field.required) == ("Alasan", True)
    assert ">Kembali</a>" in shown.content.decode()
    assert list(refused.context["form"].errors) == ["note"]
    assert not client.get(address, {"state": "berangkat"}).context["form"]["note"].field.required


@pytest.mark.parametrize("name", ["incident_units", "incident_refer", "incident_advice"])
def test_a_settled_incident_says_so_before_the_form_is_filled_in(
    sign_in, incident, near, posko_banjar, coordinator, name
):
    move_incident(incident, "tidak_terbukti", by=coordinator, at=AT, reason="Salah lapor.")
    client = sign_in(Client(), coordinator)
    page = reverse("incidents:incident_detail", args=[incident.pk])
    address = reverse(f"incidents:{name}", args=[incident.pk])
    assert address not in client.get(page).content.decode()

    led_back = client.get(address, follow=True)

    assert led_back.redirect_chain == [(page, 302)]
    assert "Kejadian berkeadaan “Tidak terbukti”" in led_back.content.decode()


def test_the_api_sends_and_moves(sign_in, incident, near, army, posko_banjar, liaison_kejati):
    client = sign_in(Client(), posko_banjar)

    def post(path, data):
        return client.post(path, data, content_type="application/json")

    given = {"incident": incident.pk, "placements": [near.pk], "task": "Pisahkan massa."}
    assert post(API, given | {"placements": [army.pk]}).status_code == 404
    sent = post(API, given)
    assert (sent.status_code, [row["state"] for row in sent.json()]) == (201, ["tugas"])
    path = f"{API}{sent.json()[0]['id']}/"
    moved = post(f"{path}move/", {"state": "berangkat"}).json()
    assert [step["state"] for step in moved["steps"]] == ["tugas", "berangkat"]
    assert post(f"{path}move/", {"state": "selesai"}).status_code == 422
    assert sign_in(Client(), liaison_kejati).get(path).status_code == 404
