"""Two workers that look at the same rule and area at once give one warning."""

from datetime import timedelta

import pytest

from incidents.actions.warning_acts import acknowledge_warning, end_warning
from incidents.actions.warnings import evaluate_incident
from incidents.enums.warning import WarningState, WarningStep
from incidents.models import EarlyWarning, WarningFact, WarningReceipt
from incidents.tasks import evaluate_incident as task
from portal.access.actor import SYSTEM
from portal.notifications.models import Notification
from tests.factories.incidents import AT, report
from tests.factories.warnings import DISTRICT, raised, rule
from tests.incidents.test_grouping_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS, ROUNDS = 4, 2


def test_the_same_facts_at_once_make_one_warning(coordinator):
    for n in range(ROUNDS):
        one = rule(f"uji-{n}", position=n + 1)
        incidents = [report(coordinator, region=f"63.03.{n + 1:02}") for _ in range(2)]
        calls = [
            lambda row=row: evaluate_incident(row, by=SYSTEM, at=AT)
            for row in incidents * (WORKERS // 2)
        ]
        assert at_once(*calls) == [None] * WORKERS

        warning = EarlyWarning.objects.get(rule=one)
        assert set(warning.facts.values_list("incident", flat=True)) == {
            row.pk for row in incidents
        }
        assert warning.entries.filter(step=WarningStep.RAISED).count() == 1
        one.active = False
        one.save()


def test_new_facts_at_once_prolong_the_one_that_runs(coordinator):
    warning = raised(coordinator)
    later = AT + timedelta(hours=1)
    more = [report(coordinator, region=DISTRICT, at=later) for _ in range(WORKERS)]

    at_once(*(lambda row=row: evaluate_incident(row, by=SYSTEM, at=later) for row in more))

    assert EarlyWarning.objects.count() == 1
    assert WarningFact.objects.filter(warning=warning).count() == 2 + WORKERS
    warning.refresh_from_db()
    assert warning.valid_until == later + timedelta(hours=24)


def test_the_task_runs_twice_without_warning_or_telling_twice(coordinator, demo_clock):
    rule()
    last = [report(coordinator, region=DISTRICT) for _ in range(2)][-1]
    demo_clock(AT)

    for _again in range(2):
        task(last.pk)

    told = Notification.objects.filter(kind="warning_raised").values_list("post", flat=True)
    assert EarlyWarning.objects.count() == 1
    assert len(told) == len(set(told)) > 0
    task(10**9)  # An incident that is gone.


def test_ended_by_two_hands_at_once_it_ends_once(coordinator, posko_banjar):
    warning = raised(coordinator)
    ways = ((WarningState.CANCELLED, coordinator), (WarningState.CONFIRMED, posko_banjar))

    refused = at_once(
        *(
            lambda state=state, by=by: end_warning(warning, state, reason="Usai.", by=by, at=AT)
            for state, by in ways
        )
    )

    assert refused.count(None) == 1
    ends = warning.entries.filter(step__in=[WarningStep.CANCELLED, WarningStep.CONFIRMED])
    assert ends.count() == 1


def test_acknowledged_twice_at_once_it_stands_once(coordinator, liaison_kpu):
    warning = raised(coordinator)
    agency = liaison_kpu.agency_id
    WarningReceipt.objects.get_or_create(
        warning=warning, agency_id=agency, defaults={"told_at": AT}
    )

    at_once(*(lambda: acknowledge_warning(warning, by=liaison_kpu, at=AT) for _ in range(WORKERS)))

    assert warning.entries.filter(step=WarningStep.ACKNOWLEDGED, agency_id=agency).count() == 1
