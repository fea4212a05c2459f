"""What rules find, whom a warning reaches, and what it may say to whom."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from deployments.actions import advance
from incidents.actions.threats import set_threat
from incidents.actions.warning_acts import acknowledge_warning, end_warning, expire_warnings
from incidents.actions.warning_rules import change_rule, load_rules
from incidents.actions.warnings import evaluate_incident, evaluate_report, evaluate_silence
from incidents.enums import IncidentState, Occurrence
from incidents.enums.warning import RuleArea, RuleKind, ThreatLevel, WarningState
from incidents.intake import read_rules
from incidents.models import EarlyWarning, Incident, Threat, WarningFact, WarningRule
from incidents.queries.threats import level_of, proposals, threat_history
from incidents.queries.warnings import grounds, grounds_seen, precision, unacknowledged_for
from portal.access.actor import SYSTEM
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.audit.models import Entry
from portal.background.models import OutboxTask
from portal.notifications.models import Notification
from portal.registry.models import Region
from tests.factories import deployments
from tests.factories.incidents import AT, report, send
from tests.factories.warnings import DISTRICT, raised, rule

HOUR = timedelta(hours=1)
OTHER = "63.03.01"


def look(incident: Incident, at=AT) -> list[EarlyWarning]:
    return evaluate_incident(incident, by=SYSTEM, at=at)


def test_an_incident_enqueues_its_own_evaluation(liaison_kpu):
    incident = report(liaison_kpu)

    waiting = OutboxTask.objects.filter(task="incidents.evaluate_incident")
    assert [row.ids for row in waiting] == [{"incident": incident.pk}]


def test_enough_of_a_type_in_one_area_and_time_warn(coordinator):
    rule()
    assert look(report(coordinator, region=DISTRICT)) == []
    assert look(report(coordinator, region=OTHER)) == []
    assert look(report(coordinator, region=DISTRICT, code="A1")) == []
    late = AT + 73 * HOUR
    assert look(report(coordinator, region=DISTRICT, at=late), at=late) == []
    assert look(report(coordinator, region="63.03", at=late), at=late) == []

    second = report(coordinator, region=DISTRICT, at=late)
    (warning,) = look(second, at=late)

    assert (warning.region_id, warning.number) == (DISTRICT, "PD-2024-0001")
    assert warning.facts.count() == 2
    assert "2 kejadian jenis" in warning.why
    assert "in one district" in warning.why_en or warning.why_en != warning.why
    assert Entry.objects.filter(verb="warning.raise").count() == 1


def test_the_same_facts_warn_once_also_after_the_end(coordinator):
    warning = raised(coordinator)
    last = Incident.objects.order_by("pk").last()

    assert look(last) == []
    end_warning(warning, WarningState.CANCELLED, reason="Surut.", by=coordinator, at=AT)
    assert look(last) == []
    assert look(report(coordinator, region=DISTRICT)) == []
    (second,) = look(report(coordinator, region=DISTRICT))
    assert second.facts.count() == 2
    assert EarlyWarning.objects.count() == 2


def test_a_new_fact_prolongs_and_grows_graver(coordinator):
    warning, later = raised(coordinator), AT + 5 * HOUR

    (again,) = look(report(coordinator, region=DISTRICT, at=later, severity=4), at=later)

    assert again.pk == warning.pk
    assert (again.severity, again.valid_until) == (4, later + 24 * HOUR)
    assert again.facts.count() == 3


@pytest.mark.parametrize("fields", [{"classification": Classification.RAHASIA}])
def test_what_is_confidential_counts_for_nothing(coordinator, fields):
    rule(threshold=1)

    assert look(report(coordinator, region=DISTRICT, **fields)) == []
    assert WarningFact.objects.count() == 0


def test_what_is_untrue_or_switched_off_counts_for_nothing(coordinator):
    one = rule()
    untrue = report(coordinator, region=DISTRICT)
    Incident.objects.filter(pk=untrue.pk).update(state=IncidentState.UNPROVEN)
    assert look(report(coordinator, region=DISTRICT)) == []

    change_rule(one, reason="Uji.", by=coordinator, at=AT, active=False)
    assert look(report(coordinator, region=DISTRICT)) == []


def test_a_rise_is_measured_against_the_weeks_before(coordinator):
    rule(kind=RuleKind.RISE, threshold=3, factor=3, window_hours=168, area=RuleArea.REGENCY)
    for week in range(1, 5):
        before = AT - timedelta(weeks=week, hours=1)
        for _each in range(2 if week == 1 else 1):
            report(coordinator, region=DISTRICT, at=before)
    found = [look(report(coordinator, region=DISTRICT)) for _ in range(4)]

    # Five in four weeks: a mean of 1.25; three times that is reached with the fourth.
    assert [len(rows) for rows in found] == [0, 0, 0, 1]
    assert found[-1][0].region_id == "63.03"


def test_a_rule_may_name_a_group_of_types(coordinator):
    rule(types="D F", threshold=2)
    assert look(report(coordinator, region=DISTRICT, code="D2")) == []
    assert look(report(coordinator, region=DISTRICT, code="A1")) == []

    (warning,) = look(report(coordinator, region=DISTRICT, code="F2"))

    assert warning.facts.count() == 2
    assert "golongan D, golongan F" in warning.why


def test_what_the_field_expects_soon_warns_and_what_has_happened_does_not(posko_banjar):
    rule(kind=RuleKind.EXPECTED, threshold=1, window_hours=48)
    soon = {"occurrence": Occurrence.EXPECTED, "region": DISTRICT}

    def found(**fields):
        return evaluate_report(send(posko_banjar, **fields), by=SYSTEM, at=AT)

    assert found(region=DISTRICT) == []
    assert found(**soon, occurred_at=AT + 49 * HOUR) == []
    (warning,) = found(**soon, occurred_at=AT + 47 * HOUR)
    assert warning.facts.get().report is not None


def test_posts_that_stay_silent_warn_once(coordinator):
    rule(kind=RuleKind.SILENT, threshold=1, area=RuleArea.REGENCY, types="", window_hours=168)
    deployments.expect()
    over = deployments.expected("polres-banjar").due_at + HOUR
    advance(at=over)

    warned = evaluate_silence(by=SYSTEM, at=over)

    assert "63.03" in {row.region_id for row in warned}
    assert evaluate_silence(by=SYSTEM, at=over) == []


def test_who_is_not_concerned_sees_and_hears_nothing(coordinator, liaison_dprd, posko_banjar):
    warning = raised(coordinator)
    seen = EarlyWarning.objects.visible_to

    assert seen(coordinator).get() == seen(posko_banjar).get() == warning
    assert not seen(liaison_dprd).exists()
    assert not seen(None).exists()
    told = Notification.objects.filter(kind="warning_raised").values_list("post", flat=True)
    assert posko_banjar.post_id in told
    assert liaison_dprd.post_id not in told


def test_grounds_are_told_as_far_as_the_reader_sees_them(coordinator, posko_banjar):
    warning = raised(coordinator)
    hidden = warning.facts.first().incident
    Incident.objects.filter(pk=hidden.pk).update(classification=Classification.RAHASIA)

    seen = grounds(warning, posko_banjar)

    assert posko_banjar.clearance < Classification.RAHASIA
    assert (seen.number, seen.withheld) == (1, True)
    assert [row.number for row in seen.incidents] == grounds_seen(warning, posko_banjar)
    assert hidden.number not in grounds_seen(warning, posko_banjar)


def test_an_agency_acknowledges_once_and_has_no_work_left(coordinator, liaison_kpu, liaison_dprd):
    warning = raised(coordinator)
    assert [row.url for row in unacknowledged_for(liaison_kpu)] == [f"/peringatan/{warning.pk}/"]

    first = acknowledge_warning(warning, by=liaison_kpu, at=AT + HOUR)
    again = acknowledge_warning(warning, by=liaison_kpu, at=AT + 2 * HOUR)

    assert first.acknowledged_at == again.acknowledged_at == AT + HOUR
    assert unacknowledged_for(liaison_kpu) == []
    with pytest.raises(Refused, match="tidak ditujukan"):
        acknowledge_warning(warning, by=liaison_dprd, at=AT)


def test_an_end_has_a_reason_and_stays(coordinator):
    warning = raised(coordinator)
    with pytest.raises(Refused) as refused:
        end_warning(warning, WarningState.FALSE_ALARM, reason=" ", by=coordinator, at=AT)
    assert refused.value.field == "reason"

    end_warning(warning, WarningState.FALSE_ALARM, reason="Keliru.", by=coordinator, at=AT)

    with pytest.raises(Refused, match="sudah diakhiri"):
        end_warning(warning, WarningState.CONFIRMED, reason="Benar.", by=coordinator, at=AT)
    assert Entry.objects.filter(verb="warning.end").get().note == "Keliru."


def test_it_expires_by_itself_and_may_still_be_judged(coordinator):
    warning = raised(coordinator)

    assert [expire_warnings(at=AT + n * HOUR) for n in (23, 24, 25)] == [0, 1, 0]
    end_warning(
        warning, WarningState.CONFIRMED, reason="Terjadi.", by=coordinator, at=AT + 30 * HOUR
    )

    counted = precision(coordinator)["uji"]
    assert (counted.confirmed, counted.false, counted.open, counted.share) == (1, 0, 0, 100)


def test_precision_counts_what_the_reader_sees(coordinator, liaison_dprd):
    first = raised(coordinator)
    end_warning(first, WarningState.FALSE_ALARM, reason="Keliru.", by=coordinator, at=AT)
    raised(coordinator)

    counted = precision(coordinator)["uji"]
    assert (counted.confirmed, counted.false, counted.open, counted.share) == (0, 1, 1, 0)
    assert precision(liaison_dprd) == {}


def test_the_history_and_the_facts_are_fixed_by_the_database(coordinator):
    warning = raised(coordinator)
    end_warning(warning, WarningState.CANCELLED, reason="Surut.", by=coordinator, at=AT)
    for statement in (
        "UPDATE incidents_warningentry SET text = 'lain'",
        "DELETE FROM incidents_warningfact",
        "UPDATE incidents_earlywarning SET state = 'berlaku', ended_at = NULL",
        "UPDATE incidents_earlywarning SET why = 'lain'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_one_warning_of_a_rule_runs_in_an_area(coordinator):
    warning = raised(coordinator)
    with pytest.raises(IntegrityError, match="warning_runs_once"), transaction.atomic():
        warning.pk, warning.number = None, "PD-2024-0099"
        warning.save(force_insert=True)
    with pytest.raises(IntegrityError, match="warning_never_confidential"), transaction.atomic():
        EarlyWarning.objects.update(classification=Classification.RAHASIA)


def test_the_shipped_rules_load_once_and_leave_what_a_coordinator_changed(coordinator):
    rows = read_rules()
    assert load_rules(rules=rows, by=SYSTEM, at=AT) == len(rows) == WarningRule.objects.count()
    assert load_rules(rules=rows, by=SYSTEM, at=AT) == 0

    changed = change_rule(
        WarningRule.objects.first(), reason="Uji.", by=coordinator, at=AT, threshold=9
    )
    assert load_rules(rules=rows, by=SYSTEM, at=AT) == 0
    changed.refresh_from_db()
    assert (changed.threshold, changed.by_hand, changed.version) == (9, True, 2)
    with pytest.raises(Refused) as refused:
        change_rule(changed, reason="Uji.", by=coordinator, at=AT, types="Z9")
    assert refused.value.field == "types"


def test_a_level_of_threat_is_judged_with_a_reason_and_only_added(coordinator, posko_banjar):
    region = Region.objects.get(pk=DISTRICT)
    assert level_of(region, coordinator) is None
    set_threat(region, level=ThreatLevel.HIGH, reason="Banjir.", by=posko_banjar, at=AT)
    with pytest.raises(Refused, match="sudah berlaku") as refused:
        set_threat(region, level=ThreatLevel.HIGH, reason="Banjir. ", by=posko_banjar, at=AT)
    assert refused.value.field == "reason"
    set_threat(region, level=ThreatLevel.HIGH, reason="Tetap.", by=posko_banjar, at=AT + HOUR)

    assert [(row["title"], row["text"]) for row in threat_history(region, coordinator)] == [
        ("Tingkat ancaman tetap: Tinggi", "Tetap."),
        ("Tingkat ancaman: Tinggi", "Banjir."),
    ]
    assert level_of(region, coordinator) == ThreatLevel.HIGH
    with pytest.raises(Refused) as refused:
        set_threat(region, level=ThreatLevel.LOW, reason="", by=posko_banjar, at=AT)
    assert refused.value.field == "reason"
    with pytest.raises(Refused, match="di luar wilayah"):
        elsewhere = Region.objects.get(pk="63.71.01")
        set_threat(elsewhere, level=ThreatLevel.LOW, reason="x", by=posko_banjar, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Threat.objects.update(level=1)


def test_a_warning_proposes_to_raise_and_never_lowers(coordinator, posko_banjar, liaison_kpu):
    warning, region = raised(coordinator), Region.objects.get(pk=DISTRICT)
    assert [row.name for row in proposals(warning, posko_banjar)] == [region.name]
    assert proposals(warning, liaison_kpu) == []
    assert Threat.objects.count() == 0

    given = {"reason": "Peringatan.", "by": posko_banjar, "warning": warning}
    set_threat(region, level=ThreatLevel.HIGH, at=AT, **given)
    assert proposals(warning, posko_banjar) == []
    with pytest.raises(Refused, match="hanya dapat menjadi dasar menaikkan"):
        set_threat(region, level=ThreatLevel.LOW, at=AT + HOUR, **given)
