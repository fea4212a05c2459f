"""Two hands at once on the same reports and incidents, each in a transaction of its own."""

import threading
from uuid import uuid4

import pytest
from django.db import connection

from incidents.actions.field_reports import file_report, set_aside
from incidents.actions.grouping import merge_incident, open_incident, split_incident
from incidents.enums import IncidentState
from incidents.models import FieldReport, Filing, Incident
from portal.access.errors import Refused
from tests.factories.incidents import AT, report, send

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def at_once(*calls) -> list:
    """Run them side by side from one starting line; what each was refused with, in their order.
    Any other fault, a deadlock among them, is raised here."""
    start, refused, faults = threading.Barrier(len(calls)), [None] * len(calls), []

    def run(place, call):
        try:
            start.wait()
            call()
        except Refused as refusal:
            refused[place] = refusal
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    return refused


def test_two_merges_that_cross_leave_one_that_goes_on(coordinator):
    by = {"reason": "Sama.", "by": coordinator, "at": AT}
    for _round in range(ROUNDS):
        one, other = report(coordinator), report(coordinator)
        refused = at_once(
            lambda one=one, other=other: merge_incident(one, other, **by),
            lambda one=one, other=other: merge_incident(other, one, **by),
        )
        states = [Incident.objects.get(pk=row.pk).state for row in (one, other)]
        assert states.count(IncidentState.MERGED) == 1
        assert refused.count(None) == 1


def test_a_report_that_moves_while_its_incident_is_merged_stands_in_one_place(coordinator):
    by = {"by": coordinator, "at": AT}
    for _round in range(ROUNDS):
        one, into, third = (report(coordinator) for _ in range(3))
        sent = send(coordinator)
        file_report(sent, one, **by)
        at_once(
            lambda one=one, into=into: merge_incident(one, into, reason="Sama.", **by),
            lambda sent=sent, third=third: file_report(sent, third, **by),
            lambda sent=sent, into=into: file_report(sent, into, **by),
        )
        assert Filing.objects.standing().get(report=sent).incident_id in {into.pk, third.pk}


def test_what_follows_during_a_merge_is_in_no_merged_incident(coordinator):
    by = {"by": coordinator, "at": AT}
    for _round in range(ROUNDS):
        one, into, sent, key = report(coordinator), report(coordinator), send(coordinator), uuid4()
        file_report(sent, one, **by)
        at_once(
            lambda one=one, into=into: merge_incident(one, into, reason="Sama.", **by),
            lambda sent=sent, key=key: send(coordinator, follows=sent, key=key),
        )
        late = FieldReport.objects.get(client_key=key)
        standing = late.filings.standing().values_list("incident_id", flat=True)
        assert list(standing) in ([], [into.pk])


def test_a_report_opened_set_aside_and_filed_at_once_has_one_place(coordinator):
    by = {"by": coordinator, "at": AT}
    for _round in range(ROUNDS):
        sent, incident = send(coordinator), report(coordinator)
        at_once(
            lambda sent=sent: open_incident([sent], **by),
            lambda sent=sent: set_aside(sent, "Bukan kejadian.", **by),
            lambda sent=sent: set_aside(sent, "Salah kirim.", **by),
            lambda sent=sent, incident=incident: file_report(sent, incident, **by),
        )
        assert Filing.objects.standing().filter(report=sent).count() == 1


def test_a_split_and_a_merge_at_once_lose_no_report(coordinator):
    by = {"by": coordinator, "at": AT}
    for _round in range(ROUNDS):
        one, into, chosen = report(coordinator), report(coordinator), send(coordinator)
        for sent in (chosen, send(coordinator)):
            file_report(sent, one, **by)
        at_once(
            lambda one=one, chosen=chosen: split_incident(one, [chosen], reason="Lain.", **by),
            lambda one=one, into=into: merge_incident(one, into, reason="Sama.", **by),
        )
        one.refresh_from_db()
        assert not one.filings.standing().exists()
        assert Filing.objects.standing().filter(report=chosen).count() == 1
