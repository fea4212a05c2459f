"""The role table, written by hand a second time: a change of rights must be meant."""

import pytest

from portal.access.permissions import Permission as P
from portal.access.roles import ROLES, permissions_of
from portal.accounts.enums import Role

EVERYBODY = (
    "dashboard.view search.use calendar.view profile.edit notification.view registry.view "
    "attachment.view components.view"
)
READERS = (
    "situation.view meeting.view minutes.view directive.view obligation.view lesson.view "
    "deployment.view event.view readiness.view rollup.view incident.view export.create"
)
TABLE = {
    Role.LIAISON: f"{EVERYBODY} {READERS} invitation.answer meeting.attend minutes.object "
    "directive.delegate obligation.answer obligation.verify comment.write lesson.raise "
    "lesson.follow readiness.submit readiness.verify deployment.edit event.plan pattern.edit "
    "reinforcement.ask reinforcement.answer roster.view roster.edit roster.unmask "
    "station.classify station.tag incident.report incident.handle incident.answer attachment.add "
    "import.create unit.edit station.edit place.edit person.write person.open warning.acknowledge",
    Role.POSKO_OPERATOR: f"{EVERYBODY} situation.view directive.view obligation.view "
    "obligation.answer deployment.view event.view station.classify station.tag readiness.view "
    "readiness.submit rollup.view incident.view "
    "reinforcement.ask reinforcement.answer roster.view roster.edit "
    "incident.report incident.handle incident.answer attachment.add public_report.triage "
    "person.write person.open shift.hand_over warning.acknowledge warning.handle",
    Role.COORDINATOR: f"{EVERYBODY} {READERS} meeting.plan meeting.run meeting.attend "
    "minutes.write minutes.publish minutes.sign directive.issue obligation.verify comment.write "
    "lesson.raise lesson.follow deployment.edit event.plan form.edit pattern.edit "
    "station.classify station.tag readiness.verify incident.report incident.handle "
    "incident.answer attachment.add "
    "reinforcement.ask reinforcement.answer roster.view import.create unit.edit station.edit "
    "place.edit public_report.triage person.write person.open shift.hand_over "
    "warning.acknowledge warning.handle warning.edit",
    Role.COMMANDER: f"{EVERYBODY} {READERS} meeting.attend minutes.sign directive.issue "
    "obligation.verify comment.write roster.view",
    Role.GAKKUMDU: f"{EVERYBODY} incident.view incident.report incident.handle gakkumdu.view "
    "gakkumdu.handle attachment.add person.write person.open",
    Role.AUDITOR: f"{EVERYBODY} {READERS} audit.view people.view",
    Role.ADMINISTRATOR: f"{EVERYBODY} people.view people.edit registry.edit ladder.edit form.edit "
    "import.create unit.edit station.edit place.edit gakkumdu.edit",
}


@pytest.mark.parametrize("role", Role.values)
def test_role_table(role):
    assert {permission.value for permission in ROLES[role]} == set(TABLE[Role(role)].split())


def test_permissions_of_several_roles_add_up():
    both = permissions_of([Role.AUDITOR, Role.POSKO_OPERATOR])

    assert P.AUDIT_VIEW in both
    assert P.INCIDENT_HANDLE in both


def test_permissions_of_an_unknown_role_are_none():
    assert permissions_of(["raja"]) == frozenset()
