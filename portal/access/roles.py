"""Which role may do what: the whole table, on one page."""

from portal.access.permissions import Permission as P
from portal.accounts.enums import Role

_EVERYBODY = frozenset(
    {
        P.DASHBOARD_VIEW,
        P.SEARCH_USE,
        P.CALENDAR_VIEW,
        P.PROFILE_EDIT,
        P.NOTIFICATION_VIEW,
        P.REGISTRY_VIEW,
        P.ATTACHMENT_VIEW,
        P.COMPONENTS_VIEW,
    }
)
_READS = frozenset(
    {
        P.SITUATION_VIEW,
        P.MEETING_VIEW,
        P.MINUTES_VIEW,
        P.DIRECTIVE_VIEW,
        P.OBLIGATION_VIEW,
        P.LESSON_VIEW,
        P.DEPLOYMENT_VIEW,
        P.EVENT_VIEW,
        P.READINESS_VIEW,
        P.ROLLUP_VIEW,
        P.INCIDENT_VIEW,
        P.EXPORT_CREATE,
    }
)

ROLES: dict[str, frozenset[P]] = {
    Role.LIAISON: _EVERYBODY
    | _READS
    | {
        P.INVITATION_ANSWER,
        P.MEETING_ATTEND,
        P.MINUTES_OBJECT,
        P.DIRECTIVE_DELEGATE,
        P.OBLIGATION_ANSWER,
        P.OBLIGATION_VERIFY,
        P.COMMENT_WRITE,
        P.LESSON_RAISE,
        P.LESSON_FOLLOW,
        P.DEPLOYMENT_EDIT,
        P.REINFORCEMENT_ASK,
        P.REINFORCEMENT_ANSWER,
        P.ROSTER_VIEW,
        P.ROSTER_EDIT,
        P.ROSTER_UNMASK,
        P.EVENT_PLAN,
        P.PATTERN_EDIT,
        P.STATION_CLASSIFY,
        P.STATION_TAG,
        P.READINESS_SUBMIT,
        P.READINESS_VERIFY,
        P.INCIDENT_REPORT,
        P.INCIDENT_HANDLE,
        P.PERSON_WRITE,
        P.PERSON_OPEN,
        P.INCIDENT_ANSWER,
        P.WARNING_ACKNOWLEDGE,
        P.ATTACHMENT_ADD,
        P.IMPORT_CREATE,
        P.UNIT_EDIT,
        P.STATION_EDIT,
        P.PLACE_EDIT,
    },
    Role.POSKO_OPERATOR: _EVERYBODY
    | {
        P.SITUATION_VIEW,
        P.DIRECTIVE_VIEW,
        P.OBLIGATION_VIEW,
        P.OBLIGATION_ANSWER,
        P.DEPLOYMENT_VIEW,
        P.REINFORCEMENT_ASK,
        P.REINFORCEMENT_ANSWER,
        P.ROSTER_VIEW,
        P.ROSTER_EDIT,
        P.EVENT_VIEW,
        P.STATION_CLASSIFY,
        P.STATION_TAG,
        P.READINESS_VIEW,
        P.READINESS_SUBMIT,
        P.ROLLUP_VIEW,
        P.INCIDENT_VIEW,
        P.INCIDENT_REPORT,
        P.INCIDENT_HANDLE,
        P.PERSON_WRITE,
        P.PERSON_OPEN,
        P.INCIDENT_ANSWER,
        P.WARNING_ACKNOWLEDGE,
        P.WARNING_HANDLE,
        P.PUBLIC_REPORT_TRIAGE,
        P.SHIFT_HAND_OVER,
        P.ATTACHMENT_ADD,
    },
    Role.COORDINATOR: _EVERYBODY
    | _READS
    | {
        P.MEETING_PLAN,
        P.MEETING_RUN,
        P.MEETING_ATTEND,
        P.MINUTES_WRITE,
        P.MINUTES_PUBLISH,
        P.MINUTES_SIGN,
        P.DIRECTIVE_ISSUE,
        P.OBLIGATION_VERIFY,
        P.COMMENT_WRITE,
        P.LESSON_RAISE,
        P.LESSON_FOLLOW,
        P.DEPLOYMENT_EDIT,
        P.REINFORCEMENT_ASK,
        P.REINFORCEMENT_ANSWER,
        P.ROSTER_VIEW,
        P.EVENT_PLAN,
        P.FORM_EDIT,
        P.PATTERN_EDIT,
        P.STATION_CLASSIFY,
        P.STATION_TAG,
        P.READINESS_VERIFY,
        P.INCIDENT_REPORT,
        P.INCIDENT_HANDLE,
        P.PERSON_WRITE,
        P.PERSON_OPEN,
        P.INCIDENT_ANSWER,
        P.WARNING_ACKNOWLEDGE,
        P.WARNING_HANDLE,
        P.WARNING_EDIT,
        P.PUBLIC_REPORT_TRIAGE,
        P.SHIFT_HAND_OVER,
        P.ATTACHMENT_ADD,
        P.IMPORT_CREATE,
        P.UNIT_EDIT,
        P.STATION_EDIT,
        P.PLACE_EDIT,
    },
    Role.COMMANDER: _EVERYBODY
    | _READS
    | {
        P.MEETING_ATTEND,
        P.MINUTES_SIGN,
        P.DIRECTIVE_ISSUE,
        P.OBLIGATION_VERIFY,
        P.COMMENT_WRITE,
        P.ROSTER_VIEW,
    },
    Role.AUDITOR: _EVERYBODY | _READS | {P.AUDIT_VIEW, P.PEOPLE_VIEW},
    Role.GAKKUMDU: _EVERYBODY
    | {
        P.INCIDENT_VIEW,
        P.INCIDENT_REPORT,
        P.INCIDENT_HANDLE,
        P.PERSON_WRITE,
        P.PERSON_OPEN,
        P.GAKKUMDU_VIEW,
        P.GAKKUMDU_HANDLE,
        P.ATTACHMENT_ADD,
    },
    Role.ADMINISTRATOR: _EVERYBODY
    | {
        P.PEOPLE_VIEW,
        P.PEOPLE_EDIT,
        P.REGISTRY_EDIT,
        P.UNIT_EDIT,
        P.STATION_EDIT,
        P.PLACE_EDIT,
        P.IMPORT_CREATE,
        P.LADDER_EDIT,
        P.FORM_EDIT,
        P.GAKKUMDU_EDIT,
    },
}


def permissions_of(roles) -> frozenset[P]:
    """Everything that a post with these roles may do."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))
