import pytest
from django.db import IntegrityError, transaction

from coordination.actions.agenda_templates import save_template
from coordination.models import (
    Addressee,
    AgendaItem,
    AgendaTemplate,
    AgendaTemplateItem,
    Attendance,
    Directive,
    Invitation,
    LadderRung,
    Meeting,
    Minutes,
    Obligation,
    ProgressReport,
    Reminder,
)
from tests.factories.coordination import (
    NOW,
    START,
    agencies,
    make_directive,
    make_item,
    make_meeting,
    make_minutes,
    make_obligation,
    make_series,
)


@pytest.mark.parametrize(
    ("model", "values", "name"),
    [
        (Meeting, {"ends_at": START}, "meeting_ends_after_start"),
        (Meeting, {"state": "x"}, "meeting_state_known"),
        (Meeting, {"kind": "x"}, "meeting_kind_known"),
        (Meeting, {"classification": 9}, "meeting_class_known"),
        (Meeting, {"state": "cancelled"}, "meeting_stopped_for_a_reason"),
        (AgendaItem, {"planned_minutes": 0}, "agenda_minutes_sensible"),
        (AgendaItem, {"meeting": None}, "agenda_in_meeting_or_backlog"),
        (AgendaItem, {"classification": 9}, "agenda_class_known"),
        (AgendaItem, {"ended_at": START}, "agenda_ends_after_start"),
        (AgendaItem, {"started_at": START}, "agenda_one_at_a_time"),
        (Invitation, {"withdrawn_at": NOW}, "invitation_withdrawn_for_a_reason"),
        (Invitation, {"withdrawn_reason": "x"}, "invitation_withdrawn_for_a_reason"),
        (Invitation, {"answer": "hadir"}, "invitation_answer_has_time"),
        (Invitation, {"answer": "x", "answered_at": NOW}, "invitation_answer_known"),
        (Invitation, {"answer": "diwakili", "answered_at": NOW}, "invitation_representative_named"),
        (
            Invitation,
            {"answer": "tidak_hadir", "answered_at": NOW},
            "invitation_absence_has_reason",
        ),
        (Attendance, {"status": "x"}, "attendance_status_known"),
        (Attendance, {"status": "tidak_hadir"}, "attendance_absent_has_no_time"),
        (Attendance, {"status": "diwakili"}, "attendance_representative_has_office"),
        (Minutes, {"state": "published"}, "minutes_published_is_sealed"),
        (Minutes, {"classification": 9}, "minutes_class_known"),
        (Directive, {"kind": "perintah"}, "directive_order_is_binding"),
        (Directive, {"state": "issued"}, "directive_issued_has_number"),
        (Directive, {"state": "cancelled"}, "directive_cancelled_for_a_reason"),
        (Directive, {"state": "x"}, "directive_state_known"),
        (Directive, {"classification": 9}, "directive_class_known"),
        (Directive, {"text": ""}, "directive_says_something"),
    ],
)
def test_constraint(coordinator, liaison_kpu, model, values, name):
    draft = make_minutes(coordinator, "kpu-kalsel")
    make_directive(draft, coordinator, "kpu-kalsel")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.update(**values)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"progress": 101}, "obligation_progress_range"),
        (
            {"state": "x", "acknowledged_at": NOW, "acknowledged_by": "post"},
            "obligation_state_known",
        ),
        ({"state": "acknowledged"}, "obligation_acknowledged_by_somebody"),
        ({"classification": 9}, "obligation_class_known"),
        (
            {"state": "done", "acknowledged_at": NOW, "acknowledged_by": "post"},
            "obligation_done_is_verified",
        ),
        (
            {"state": "blocked", "acknowledged_at": NOW, "acknowledged_by": "post"},
            "obligation_blocked_by_something",
        ),
    ],
)
def test_constraint_of_obligations(coordinator, liaison_kpu, values, name):
    make_obligation(coordinator, "kpu-kalsel")
    values = {
        field: liaison_kpu.post_id if value == "post" else value for field, value in values.items()
    }
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Obligation.objects.update(**values)


def test_constraint_of_reports_and_uniqueness(coordinator, liaison_kpu):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    seat = Invitation.objects.get()
    share = Addressee.objects.get()
    post = liaison_kpu.post_id
    cases = [
        (
            "report_percent_range",
            ProgressReport(
                obligation=obligation, kind="progress", post_id=post, percent=101, at=NOW
            ),
        ),
        (
            "report_kind_known",
            ProgressReport(obligation=obligation, kind="x", post_id=post, percent=1, at=NOW),
        ),
        ("invitation_one_seat", Invitation(meeting=seat.meeting, agency=seat.agency)),
        (
            "addressee_once",
            Addressee(directive=share.directive, agency=share.agency, due_at=NOW),
        ),
        (
            "addressee_one_lead",
            Addressee(
                directive=share.directive,
                agency=agencies("dprd-kalsel")[0],
                due_at=NOW,
                is_lead=True,
            ),
        ),
        (
            "obligation_one_share_per_agency",
            Obligation(
                directive=obligation.directive,
                agency=obligation.agency,
                due_at=NOW,
                created_at=NOW,
                updated_at=NOW,
            ),
        ),
        ("reminder_of_one_thing", Reminder(rung="overdue", counted_from=NOW, sent_at=NOW)),
    ]
    for name, row in cases:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            row.save()
    step = LadderRung.objects.get(priority="biasa", occasion="overdue", after=0)
    values = {"obligation": obligation, "rung": "overdue", "counted_from": NOW, "sent_at": NOW}
    with pytest.raises(IntegrityError, match="reminder_of_obligation_has"), transaction.atomic():
        Reminder.objects.create(**values)
    Reminder.objects.create(**values, step=step, after=0)
    with pytest.raises(IntegrityError, match="reminder_obligation_once"), transaction.atomic():
        Reminder.objects.create(**values, step=step, after=0)


def test_what_waits_in_a_backlog_has_not_begun(coordinator):
    item = make_item(make_series(coordinator), coordinator)
    with pytest.raises(IntegrityError, match="agenda_runs_in_a_meeting"), transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).update(started_at=NOW)


@pytest.mark.parametrize(
    ("model", "values", "name"),
    [
        (AgendaTemplate, {"kind": "x"}, "template_kind_known"),
        (AgendaTemplateItem, {"planned_minutes": 0}, "template_minutes_sensible"),
        (AgendaTemplateItem, {"position": 1}, "template_position_once"),
    ],
)
def test_constraint_of_templates(coordinator, model, values, name):
    save_template(make_meeting(coordinator), by=coordinator, at=NOW, name="Rutin")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.update(**values)


def test_a_template_has_its_name_once(coordinator):
    template = save_template(make_meeting(coordinator), by=coordinator, at=NOW, name="Rutin")
    template.pk = None
    with pytest.raises(IntegrityError, match="template_name_once"), transaction.atomic():
        template.save(force_insert=True)
