"""The ladder of target times: whom it tells, once, and what stops it."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from incidents.actions.editing import edit_incident
from incidents.actions.moves import move_incident, receive_incident
from incidents.actions.target_ladder import change_target_rung
from incidents.actions.target_reminders import remind_targets
from incidents.emails import target_context
from incidents.enums import IncidentState, Severity
from incidents.enums.targets import Goal
from incidents.models import Incident, TargetNotice, TargetRung
from incidents.queries.shifts import standing_at
from incidents.queries.targets import aims_of, next_aim
from incidents.tasks import remind_targets as job
from portal.access.classification import Classification
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.notifications.emails import render, text_of
from portal.notifications.models import Notification
from tests.factories.incidents import AT, report


def minutes(number: float):
    return AT + timedelta(minutes=number)


def told() -> list[str]:
    rows = Notification.objects.filter(kind="incident_target").order_by("pk")
    return list(rows.values_list("post__slug", flat=True))


@pytest.fixture
def incident(posko_banjar, liaison_polda, coordinator, commander, liaison_kpu):
    """Police lead; of severity Sedang: received in 15 minutes, verified in 60, handled in 120."""
    return report(posko_banjar, code="A2", region="63.03.03")


def test_the_ladder_rises_and_says_each_rung_once(incident):
    assert remind_targets(at=minutes(11)) == 0
    assert remind_targets(at=minutes(11.25)) == 1
    assert told() == ["posko-banjar"]
    assert remind_targets(at=minutes(12)) == remind_targets(at=minutes(12)) == 0

    assert remind_targets(at=minutes(15)) == 1
    assert told() == ["posko-banjar", "koordinator"]
    assert remind_targets(at=minutes(22.5)) == 1
    assert told() == ["posko-banjar", "koordinator", "pimpinan"]
    assert remind_targets(at=minutes(500)) == 0
    [notice] = TargetNotice.objects.filter(incident=incident, rung__percent=150)
    assert (notice.goal, notice.passed, notice.due_at) == (Goal.RECEIVE, False, minutes(15))


def test_a_missed_sweep_says_the_highest_rung_only(incident):
    assert remind_targets(at=minutes(30)) == 1
    assert told() == ["pimpinan"]
    rows = TargetNotice.objects.order_by("rung__percent").values_list("passed", flat=True)
    assert list(rows) == [True, True, False]


def test_what_is_reached_stops_and_the_next_goal_follows(incident, posko_banjar):
    remind_targets(at=minutes(12))

    receive_incident(incident, by=posko_banjar, at=minutes(13))

    assert Notification.objects.get(kind="incident_target").cancelled_at == minutes(13)
    assert remind_targets(at=minutes(44)) == 0
    assert remind_targets(at=minutes(45)) == 1
    assert next_aim(aims_of([incident])[incident.pk]).goal == Goal.VERIFY
    move_incident(incident, IncidentState.VERIFIED, by=posko_banjar, at=minutes(50))
    assert not Notification.objects.filter(
        kind="incident_target", cancelled_at__isnull=True
    ).exists()
    assert remind_targets(at=minutes(61)) == 0


def test_receiving_is_once_and_only_by_the_lead(incident, posko_banjar, liaison_kpu):
    with pytest.raises(PermissionDenied):
        receive_incident(incident, by=liaison_kpu, at=AT)
    receive_incident(incident, by=posko_banjar, at=minutes(1))
    receive_incident(incident, by=posko_banjar, at=minutes(2))
    assert incident.updates.filter(kind="received").count() == 1
    assert Entry.objects.filter(verb="incident.receive").count() == 1
    aims = {aim.goal: aim.met_at for aim in aims_of([incident])[incident.pk]}
    assert aims[Goal.RECEIVE] == minutes(1)
    assert aims[Goal.VERIFY] is None


def test_a_changed_severity_plans_anew(incident, posko_banjar):
    remind_targets(at=minutes(12))

    edit_incident(
        incident,
        {"severity": Severity.CRITICAL},
        seen={"severity": Severity.MEDIUM},
        by=posko_banjar,
        at=minutes(13),
    )

    assert Notification.objects.get(kind="incident_target").cancelled_at == minutes(13)
    assert remind_targets(at=minutes(14)) == 1
    assert told() == ["posko-banjar", "pimpinan"]
    assert TargetNotice.objects.filter(due_at=minutes(5)).count() == 3


def test_what_is_reopened_runs_anew_from_then_on(incident, posko_banjar):
    """Handled within 120 minutes and under control within 480 of the reopening; what was received
    and verified stays so."""
    for minute, state in enumerate(("diverifikasi", "ditangani", "terkendali", "selesai"), start=1):
        move_incident(incident, state, by=posko_banjar, at=minutes(minute))
    assert next_aim(aims_of([incident])[incident.pk]) is None

    move_incident(incident, "dibuka_kembali", by=posko_banjar, at=minutes(1000), reason="Lagi.")
    aims = {aim.goal: aim for aim in aims_of([incident])[incident.pk]}
    assert (aims[Goal.RECEIVE].met_at, aims[Goal.VERIFY].met_at) == (minutes(1), minutes(1))
    due = {goal: (aims[goal].met_at, aims[goal].due_at) for goal in (Goal.RESPOND, Goal.CONTROL)}
    assert due == {
        Goal.RESPOND: (None, minutes(1000) + aims[Goal.RESPOND].span),
        Goal.CONTROL: (None, minutes(1000) + aims[Goal.CONTROL].span),
    }
    [line] = standing_at(posko_banjar, minutes(1001)).lines
    assert (line.target, line.due_at) == (Goal.RESPOND.label, aims[Goal.RESPOND].due_at)

    late = aims[Goal.RESPOND].due_at
    assert remind_targets(at=minutes(1001)) == 0
    assert remind_targets(at=late) == 1
    assert told()[-1:] == ["koordinator"]
    move_incident(incident, "ditangani", by=posko_banjar, at=late)
    assert not Notification.objects.filter(
        kind="incident_target", cancelled_at__isnull=True
    ).exists()
    assert next_aim(aims_of([incident])[incident.pk]).goal == Goal.CONTROL


@pytest.mark.parametrize("state", ["selesai", "tidak_terbukti"])
def test_what_has_ended_is_quiet(incident, state):
    Incident.objects.filter(pk=incident.pk).update(state=state)
    assert remind_targets(at=minutes(500)) == 0


def test_nobody_is_told_twice_of_a_goal(incident, posko_banjar):
    """The rungs of posko and coordinator both end at the coordinator when nobody else holds one."""
    for rung in TargetRung.objects.all():
        TargetRung.objects.filter(pk=rung.pk).update(recipient="koordinator")
    for at in (12, 15, 23):
        remind_targets(at=minutes(at))
    assert told() == ["koordinator"]
    passed = TargetNotice.objects.order_by("rung__percent").values_list("passed", flat=True)
    assert list(passed) == [False, True, True]


def test_a_secret_incident_reaches_who_may_read_it_and_says_nothing_by_mail(
    coordinator, commander, posko_banjar, liaison_polda
):
    report(coordinator, code="A2", classification=Classification.RAHASIA)
    remind_targets(at=minutes(30))
    assert "posko-banjar" not in told()
    [row] = Notification.objects.filter(kind="incident_target")
    assert row.classification == Classification.RAHASIA
    assert "Jalan" not in text_of(row, clearance=Classification.TERBATAS).body


def test_the_job_runs_twice_and_says_it_once(incident, demo_clock):
    demo_clock(minutes(12))
    job()
    job()
    assert told() == ["posko-banjar"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_say_it_once(people):
    report(people["posko.banjar"], code="A2", region="63.03.03")
    assert people["koordinator"].post_id

    def work():
        remind_targets(at=minutes(12))
        connection.close()

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert told() == ["posko-banjar"]


def test_a_worker_that_dies_leaves_neither_row_nor_message(incident):
    with pytest.raises(RuntimeError), transaction.atomic():
        remind_targets(at=minutes(12))
        raise RuntimeError
    assert told() == []
    assert not TargetNotice.objects.exists()
    assert remind_targets(at=minutes(12)) == 1


def test_the_database_keeps_each_rung_once(incident):
    remind_targets(at=minutes(12))
    row = TargetNotice.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("values", [{"percent": 0}, {"percent": 1001}, {"recipient": "raja"}])
def test_rung_constraints(db, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetRung.objects.filter(percent=75).update(**values)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"percent": 100}, "percent"),
        ({"percent": 0}, "percent"),
        ({"recipient": "raja"}, "recipient"),
        ({"recipient": "pimpinan"}, "recipient"),
    ],
)
def test_a_ladder_that_does_not_rise_is_refused(admin, values, field):
    rung = TargetRung.objects.get(percent=75)
    given = {"percent": 75, "recipient": "posko", "is_active": True}
    with pytest.raises(Refused) as refusal:
        change_target_rung(rung, by=admin, at=AT, **given | values)
    assert refusal.value.field == field


def test_an_administrator_sets_the_ladder_by_page_and_api(sign_in, admin, coordinator):
    rung = TargetRung.objects.get(percent=75)
    page = reverse("incidents:target_rung_edit", args=[rung.pk])
    client = sign_in(Client(), admin)
    assert "75%" in client.get(reverse("incidents:target_rung_list")).content.decode()
    client.post(page, {"percent": 50, "recipient": "posko", "is_active": "on", "version": 1})
    rung.refresh_from_db()
    assert (rung.percent, rung.version) == (50, 2)

    path = f"/api/v1/incident-target-rungs/{rung.pk}/"
    switched = client.patch(path, {"is_active": False}, content_type="application/json")
    assert (switched.status_code, switched.json()["is_active"]) == (200, False)
    with pytest.raises(Stale):
        change_target_rung(
            rung, percent=60, recipient="posko", is_active=True, by=admin, at=AT, version=1
        )
    assert sign_in(Client(), coordinator).get(page).status_code == 403


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("late", [True, False])
def test_mails_are_written_out(incident, language, late):
    with translation.override(language):
        text = render("incident_target", target_context(incident, Goal.VERIFY, AT, late=late))
    assert incident.number in text.subject
    assert "{" not in text.subject + text.body
