"""Each page of an app that writes names its twin in the API, or why it has none."""

import ast
import inspect

import pytest

from coordination import urls as coordination
from deployments import urls as deployments
from incidents import urls as incidents
from portal.api import router

# page: the twins in the API (basename.action), or the reason why there is none.
TWINS = {
    "coordination:addendum_create": "minutes.addenda",
    "coordination:addendum_edit": "addendum.partial_update",
    "coordination:addendum_publish": "addendum.publish",
    "coordination:addendum_sign": "addendum.sign",
    "coordination:agency_readmit": "agency-withdrawal.readmit",
    "coordination:agenda_drop": "meeting.drop",
    "coordination:agenda_order": "meeting.reorder",
    "coordination:agenda_step": "meeting.step",
    "coordination:attendance": "meeting.attendance",
    "coordination:attendance_desk": "meeting.desk",
    "coordination:attendance_remove": "meeting.remove_attendance",
    "coordination:backlog_create": "agenda-item.create",
    "coordination:check_in": "meeting.check_in",
    "coordination:comment_strike": "obligation.strike_comment",
    "coordination:directive_cancel": "directive.cancel",
    "coordination:directive_create": "directive.draft",
    "coordination:directive_edit": "directive.partial_update",
    "coordination:directive_new": "directive.create",
    "coordination:due_set": "obligation.due",
    "coordination:extension_ask": "obligation.extension",
    "coordination:extension_decide": "obligation.extension_decision",
    "coordination:follow": "following.create",
    "coordination:head_save": "minutes.write_head",
    "coordination:invitation_answer": "invitation.answer",
    "coordination:item_create": "agenda-item.create",
    "coordination:item_delete": "agenda-item.destroy",
    "coordination:item_edit": "agenda-item.partial_update",
    "coordination:item_move": "agenda-item.move",
    "coordination:item_shift": "meeting.reorder",
    "coordination:item_take": "agenda-item.move",
    "coordination:lesson_create": "lesson.create",
    "coordination:lesson_detail": "lesson.follow",
    "coordination:lesson_take": "lesson.take",
    "coordination:meeting_create": "meeting.create",
    "coordination:meeting_edit": "meeting.partial_update meeting.invite",
    "coordination:meeting_letter": "meeting.write_letter",
    "coordination:meeting_move": "meeting.schedule meeting.open_session meeting.close_session",
    "coordination:meeting_stop": "meeting.postpone meeting.cancel",
    "coordination:minutes_circulate": "minutes.circulate",
    "coordination:minutes_edit": "minutes.partial_update",
    "coordination:minutes_file_add": "minutes.add_file",
    "coordination:minutes_file_remove": "minutes.remove_file",
    "coordination:minutes_object": "minutes.objections",
    "coordination:minutes_open": "minutes.create",
    "coordination:minutes_publish": "minutes.publish",
    "coordination:minutes_return": "minutes.take_back",
    "coordination:minutes_sign": "minutes.sign",
    "coordination:objection_answer": "objection.answer",
    "coordination:obligation_acknowledge": "obligation.acknowledge",
    "coordination:obligation_comments": "obligation.comment",
    "coordination:obligation_delegate": "directive.delegate",
    "coordination:obligation_report": "obligation.report",
    "coordination:obligation_verify": "obligation.verify obligation.close",
    "coordination:passage_save": "minutes.section",
    "coordination:revision_restore": "minutes.restore",
    "coordination:rung_create": "ladder-rung.create",
    "coordination:rung_edit": "ladder-rung.partial_update",
    "coordination:rung_switch": "ladder-rung.switch",
    "coordination:seat_withdraw": "invitation.withdraw",
    "coordination:series_create": "meeting-series.create",
    "coordination:series_edit": "meeting-series.partial_update",
    "coordination:sign_late": "meeting.sign_late",
    "coordination:stage_due_apply": "stage-due.apply",
    "coordination:taking_part": "agency-withdrawal.create",
    "coordination:template_apply": "meeting.apply_template",
    "coordination:template_delete": "agenda-template.destroy",
    "coordination:template_save": "meeting.save_template",
    "coordination:unfeasible_decide": "obligation.unfeasible_decision",
    "coordination:unfeasible_declare": "obligation.unfeasible",
    "coordination:view_create": "saved-view.create",
    "coordination:view_delete": "saved-view.destroy",
    "coordination:view_edit": "saved-view.partial_update",
    "coordination:wait_begin": "obligation.wait",
    "coordination:wait_end": "obligation.stop_waiting",
    "deployments:conflict_detail": "readiness-conflict.decide",
    "deployments:declare": "strength-declaration.create",
    "deployments:deployment_create": "deployment.create",
    "deployments:deployment_detail": "deployment.move",
    "deployments:deployment_edit": "deployment.partial_update",
    "deployments:event_cancel": "certifying-event.cancel",
    "deployments:event_carry_out": "certifying-event.carry_out",
    "deployments:event_create": "certifying-event.create",
    "deployments:event_edit": "certifying-event.partial_update",
    "deployments:event_finding": "certifying-event.findings",
    "deployments:event_oblige": "certifying-event.oblige",
    "deployments:event_participant": "certifying-event.participants",
    "deployments:form_begin": "form-version.create",
    "deployments:form_copy": "form-version.copy",
    "deployments:form_detail": "form-version.publish",
    "deployments:form_field": "form-version.change_field",
    "deployments:form_field_add": "form-version.add_field",
    "deployments:form_field_drop": "form-version.drop_field",
    "deployments:form_group": "form-version.change_group",
    "deployments:form_group_add": "form-version.add_group",
    "deployments:form_group_drop": "form-version.drop_group",
    "deployments:form_rule": "oddity-rule.partial_update",
    "deployments:form_threshold": "readiness-threshold.partial_update",
    "deployments:pattern_create": "guard-pattern.create",
    "deployments:pattern_end": "guard-pattern.end",
    "deployments:readiness_create": "readiness-report.create",
    "deployments:readiness_nihil": "readiness-report.nihil",
    "deployments:readiness_release": "readiness-report.release",
    "deployments:readiness_return": "readiness-report.send_back",
    "deployments:readiness_verify": "readiness-report.verify",
    "deployments:reinforcement_create": "reinforcement.create",
    "deployments:reinforcement_decline": "reinforcement.decline",
    "deployments:reinforcement_give": "reinforcement.give",
    "deployments:reinforcement_release": "reinforcement.release",
    "deployments:reinforcement_withdraw": "reinforcement.withdraw",
    "deployments:roster": "roster-member.create",
    "deployments:roster_member": "roster-member.partial_update",
    "deployments:roster_remove": "roster-member.destroy",
    "deployments:rule_create": "oddity-rule.create",
    "deployments:schedule_create": "report-schedule.create",
    "deployments:schedule_edit": "report-schedule.partial_update",
    "deployments:share_edit": "district-share.create",
    "deployments:station_classify": "polling-station.classify",
    "deployments:station_classify_all": "polling-station.classify_matching",
    "deployments:station_tags": "polling-station.tags",
    "deployments:transfer_create": "strength-transfer.create",
    "deployments:transfer_reverse": "strength-transfer.reverse",
    "incidents:field_report_aside": "field-report.set_aside",
    "incidents:field_report_create": "field-report.create",
    "incidents:field_report_file": "field-report.file",
    "incidents:incident_bring": "incident.bring",
    "incidents:incident_create": "incident.create",
    "incidents:incident_direct": "incident.direct",
    "incidents:incident_edit": "incident.partial_update",
    "incidents:incident_file": "incident.add_file",
    "incidents:incident_merge": "incident.merge",
    "incidents:incident_move": "incident.move",
    "incidents:incident_open": "field-report.open_incident",
    "incidents:incident_public_text": "incident.public_text",
    "incidents:incident_split": "incident.split",
    "incidents:incident_strike": "incident.strike",
    "incidents:incident_update": "incident.add_update",
    "incidents:person_add": "involved-person.create",
    "incidents:person_change": "involved-person.partial_update",
    "incidents:person_forget": "involved-person.forget",
    "incidents:person_open": "involved-person.open",
    "incidents:incident_refer": "incident-request.create",
    "incidents:incident_advice": "incident-request.create",
    "incidents:incident_receive": "incident.receive",
    "incidents:target_rung_edit": "incident-target-rung.partial_update",
    "incidents:incident_units": "incident-assignment.create",
    "incidents:assignment_move": "incident-assignment.move",
    "incidents:request_accept": "incident-request.accept",
    "incidents:request_decline": "incident-request.decline",
    "incidents:request_answer": "incident-request.answer",
    "incidents:request_withdraw": "incident-request.withdraw",
    "incidents:public_answer": "public-report.answer",
    "incidents:public_contact": "public-report.contact",
    "incidents:public_incident": "incident.create public-report.follow",
    "incidents:public_sort": "public-report.set_aside public-report.follow public-report.take_back",
    "incidents:case_close": "gakkumdu-case.close",
    "incidents:case_extend": "gakkumdu-case.extend",
    "incidents:case_finish": "gakkumdu-case.finish",
    "incidents:case_open": "gakkumdu-case.create",
    "incidents:case_return": "gakkumdu-case.send_back",
    "incidents:review_item": "incident-review.items",
    "incidents:review_write": "incident-review.create",
    "incidents:shift_sign": "shift-handover.sign",
    "incidents:shift_write": "shift-handover.create",
    "incidents:special_issue": "special-report.create",
    "incidents:clock_edit": "gakkumdu-clock.partial_update",
    "incidents:threat_detail": "threat-level.create",
    "incidents:warning_acknowledge": "warning.acknowledge",
    "incidents:warning_end": "warning.end",
    "incidents:warning_rule_edit": "warning-rule.partial_update",
}
WITHOUT = {
    "coordination:markdown_preview": "draws the text that is being typed; writes nothing",
    "coordination:passage_seen": "a browser's sign of life beside a passage; the audit hears none",
    "coordination:verify_file": "public, for who has no account; hashes a file, writes nothing",
    "deployments:readiness_draft": "a half-filled form in a browser; a program keeps its own",
    "incidents:public_add": "for people without an account; a program has no part in it",
    "incidents:public_create": "as public_add",
    "incidents:public_follow": "as public_add; notes only that an answer was read",
}


def taking_post():
    """Names of the pages whose view takes POST, read from the decorators of its function."""
    for urls in (coordination, deployments, incidents):
        for pattern in urls.urlpatterns:
            view = inspect.unwrap(pattern.callback)
            [function] = ast.parse(inspect.getsource(view)).body
            marks = [ast.unparse(mark) for mark in function.decorator_list]
            module = inspect.getmodule(view)
            marks = [inspect.getsource(module) if mark == "form_page" else mark for mark in marks]
            if any(
                "require_POST" in mark or "'POST'" in mark or '"POST"' in mark for mark in marks
            ):
                yield f"{urls.app_name}:{pattern.name}"


def test_each_page_that_writes_has_a_twin_or_a_reason():
    assert set(taking_post()) == TWINS.keys() | WITHOUT.keys()
    assert not TWINS.keys() & WITHOUT.keys()


@pytest.mark.parametrize("page", TWINS)
def test_the_twin_is_there_and_writes(page):
    offered = set()
    for pattern in router.urls:
        base = getattr(pattern.callback, "initkwargs", {}).get("basename")
        for method, action in getattr(pattern.callback, "actions", {}).items():
            if method not in {"get", "head"}:
                offered.add(f"{base}.{action}")
    assert set(TWINS[page].split()) <= offered
