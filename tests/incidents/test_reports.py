from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import translation

from incidents.actions.reports import add_update
from incidents.emails import incident_context
from incidents.enums import Audience, Severity, UpdateKind
from incidents.models import Incident, IncidentUpdate
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.audit.models import Entry
from portal.notifications.emails import render
from portal.notifications.models import Notification
from tests.factories.accounts import make_person
from tests.factories.incidents import AT, report


def told(incident, event="reported") -> set[str]:
    rows = Notification.objects.filter(event_key=f"incident:{incident.pk}:{event}")
    return set(rows.values_list("post__slug", flat=True))


def test_report_incident_numbers_and_assigns_by_type(liaison_kpu):
    first = report(liaison_kpu)
    second = report(liaison_kpu, code="B4")

    assert [first.number, second.number] == ["KJ-2024-0001", "KJ-2024-0002"]
    assert first.lead_agency.slug == "pemprov-kalsel"
    assert set(first.supporting.values_list("slug", flat=True)) == {
        "kpu-kalsel",
        "korem-101",
        "polda-kalsel",
    }
    assert first.state == "dilaporkan"
    assert first.reporter_post_id == liaison_kpu.post_id
    assert first.unit.slug == "kpu-kalsel"
    entry = first.updates.get()
    assert (entry.kind, entry.text, entry.at) == (UpdateKind.REPORT, first.title, AT)
    audit = Entry.objects.get(verb="incident.report", object_id=str(first.pk))
    assert audit.after["severity"] == Severity.MEDIUM
    assert audit.object_label == str(first)


def test_report_incident_counts_each_year_of_wita_apart(liaison_kpu):
    last = AT.replace(month=12, day=31, hour=23, minute=59)

    assert report(liaison_kpu, at=last).number == "KJ-2024-0001"
    assert report(liaison_kpu, at=last + timedelta(minutes=2)).number == "KJ-2025-0001"


def test_report_incident_needs_the_permission(commander):
    with pytest.raises(PermissionDenied):
        report(commander)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"region": "63"}, "region"),
        ({"region": "63.03.17.2001"}, "region"),
        ({"occurred_at": AT + timedelta(hours=1)}, "occurred_at"),
        ({"latitude": -3.4}, "longitude"),
        ({"longitude": 114.8}, "latitude"),
        ({"latitude": -6.2, "longitude": 106.8}, "latitude"),
        ({"latitude": float("nan"), "longitude": float("nan")}, "latitude"),
        ({"chronology": "Paslon 1 meraih 340 suara"}, "chronology"),
        ({"loss": "unggul 54% suara"}, "loss"),
        ({"classification": Classification.RAHASIA}, "classification"),
    ],
)
def test_report_incident_refuses(liaison_kpu, fields, field):
    with pytest.raises(Refused) as refusal:
        report(liaison_kpu, **fields)

    assert refusal.value.field == field
    assert Incident.objects.count() == 0


def test_report_incident_with_a_point_in_the_province_keeps_it(liaison_kpu):
    incident = report(liaison_kpu, latitude=-3.41, longitude=114.85)

    assert (incident.latitude, incident.longitude) == (-3.41, 114.85)


def test_report_incident_of_medium_severity_tells_nobody_at_once(liaison_kpu, posko_banjar):
    assert told(report(liaison_kpu)) == set()


def test_report_incident_of_high_severity_tells_lead_and_posko_of_the_region(
    liaison_kpu, liaison_pemprov, liaison_bawaslu, posko_banjar, kodim_1006, coordinator
):
    incident = report(liaison_kpu, severity=Severity.HIGH, region="63.03.17")

    assert told(incident) == {"liaison-pemprov", "posko-banjar", "kodim-1006"}


def test_report_incident_elsewhere_leaves_the_posko_of_another_region(
    liaison_kpu, liaison_pemprov, posko_banjar
):
    assert told(report(liaison_kpu, severity=Severity.HIGH, region="63.71")) == {"liaison-pemprov"}


def test_report_incident_does_not_tell_its_reporter(liaison_pemprov, posko_banjar, kodim_1006):
    incident = report(posko_banjar, severity=Severity.HIGH)

    assert told(incident) == {"liaison-pemprov", "kodim-1006"}


def test_report_incident_critical_also_tells_coordinator_and_commander(
    liaison_kpu, liaison_pemprov, coordinator, commander, auditor
):
    incident = report(liaison_kpu, severity=Severity.CRITICAL)

    assert told(incident) == {"liaison-pemprov", "koordinator", "pimpinan"}


def test_report_incident_rahasia_keeps_its_words_out_of_audit_and_mail(
    coordinator, posko_banjar, liaison_pemprov
):
    incident = report(coordinator, severity=Severity.HIGH, classification=Classification.RAHASIA)

    assert "posko-banjar" not in told(incident)
    entry = Entry.objects.get(verb="incident.report")
    assert entry.object_label == ""
    assert len(entry.after["severity"]) == 64
    assert {row.classification for row in Notification.objects.all()} <= {Classification.RAHASIA}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("severity", [3, 4])
def test_mails_of_incidents_are_written_out(liaison_kpu, severity, language):
    incident = report(liaison_kpu, severity=severity)
    with translation.override(language):
        text = render("incident_reported", incident_context(incident))

    assert incident.title in text.subject
    assert incident.number in text.body
    assert "{" not in text.subject + text.body


def test_add_update_appends_and_records(liaison_kpu, liaison_pemprov):
    incident = report(liaison_kpu)

    update = add_update(
        incident,
        kind=UpdateKind.SITUATION,
        text=" Air mulai surut. ",
        by=liaison_pemprov,
        at=AT + timedelta(hours=2),
    )

    assert update.text == "Air mulai surut."
    assert update.agency.slug == "pemprov-kalsel"
    incident.refresh_from_db()
    assert incident.updated_at == AT + timedelta(hours=2)
    assert Entry.objects.get(verb="incident.update").after["update"] == update.pk


@pytest.mark.parametrize(
    ("kind", "text", "field"),
    [
        (UpdateKind.MOVE, "x", "kind"),
        (UpdateKind.SITUATION, "  ", "text"),
        (UpdateKind.ACTION, "paslon 2 unggul 12%", "text"),
    ],
)
def test_add_update_refuses(liaison_kpu, kind, text, field):
    incident = report(liaison_kpu)

    with pytest.raises(Refused) as refusal:
        add_update(incident, kind=kind, text=text, by=liaison_kpu, at=AT)

    assert refusal.value.field == field
    assert incident.updates.count() == 1


def test_internal_updates_stay_with_the_writers_agency(
    liaison_kpu, liaison_pemprov, auditor, coordinator
):
    incident = report(liaison_kpu)
    internal = add_update(
        incident,
        kind=UpdateKind.ACTION,
        text="Cadangan logistik disiapkan.",
        audience=Audience.INTERNAL,
        by=liaison_kpu,
        at=AT,
    )

    assert internal in IncidentUpdate.objects.visible_to(liaison_kpu)
    assert internal in IncidentUpdate.objects.visible_to(auditor)
    assert internal not in IncidentUpdate.objects.visible_to(liaison_pemprov)
    assert internal not in IncidentUpdate.objects.visible_to(coordinator)
    assert IncidentUpdate.objects.visible_to(None).count() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE incidents_incidentupdate SET text = 'lain'",
        "DELETE FROM incidents_incidentupdate",
        "DELETE FROM incidents_incident",
        "UPDATE incidents_incident SET reported_at = now()",
        "UPDATE incidents_incident SET number = 'KJ-2024-9999'",
    ],
)
def test_reports_and_timelines_are_kept_by_the_database(liaison_kpu, statement):
    report(liaison_kpu)

    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "values",
    [
        {"severity": 5},
        {"state": "aman"},
        {"disturbance": "XX"},
        {"classification": 4},
        {"title": ""},
        {"occurred_at": AT + timedelta(days=1)},
        {"region_id": "63"},
        {"latitude": -3.0},
        {"latitude": 10.0, "longitude": 114.8},
    ],
)
def test_incident_constraints(liaison_kpu, values):
    incident = report(liaison_kpu)

    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "lain", "text": "x"},
        {"kind": "move", "text": "x"},
        {"kind": "situation", "text": ""},
        {"kind": "referral", "state": "dilimpahkan"},
        {"kind": "situation", "text": "x", "audience": "umum"},
    ],
)
def test_update_constraints(liaison_kpu, values):
    incident = report(liaison_kpu)
    common = {"post_id": liaison_kpu.post_id, "agency_id": liaison_kpu.agency_id, "at": AT}

    with pytest.raises(IntegrityError), transaction.atomic():
        IncidentUpdate.objects.create(incident=incident, **common, **values)


def test_visible_to_each_office(
    people, liaison_kpu, liaison_pemprov, liaison_bawaslu, posko_banjar, kodim_1006, admin
):
    incident = report(liaison_kpu, region="63.03.17")
    seen = {
        actor.post_title
        for actor in (
            liaison_kpu,
            liaison_pemprov,
            posko_banjar,
            kodim_1006,
            people["koordinator"],
            people["pimpinan"],
            people["auditor"],
        )
        if incident in Incident.objects.visible_to(actor)
    }

    assert len(seen) == 7
    assert incident in Incident.objects.visible_to(people["liaison.korem"])
    assert incident not in Incident.objects.visible_to(liaison_bawaslu)
    assert incident not in Incident.objects.visible_to(admin)
    assert Incident.objects.visible_to(None).count() == 0


def test_visible_to_a_posko_of_another_region_only_when_of_its_agency(liaison_kpu):
    tapin = make_person("posko-tapin", ["posko_operator"], "polres-tapin", region="63.05")
    flood = report(liaison_kpu, code="B3")

    assert flood not in Incident.objects.visible_to(tapin)


def test_visible_to_hides_what_one_is_not_cleared_for(coordinator, liaison_polda, commander):
    incident = report(coordinator, classification=Classification.RAHASIA)

    assert incident in Incident.objects.visible_to(commander)
    assert incident not in Incident.objects.visible_to(liaison_polda)
