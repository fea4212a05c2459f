"""Who may, given the record. Each rule looks only at the actor and the record's own fields."""

from django.core.exceptions import PermissionDenied

from coordination.models import Directive, Invitation, Lesson, Meeting, Obligation
from coordination.models.visibility import at_head
from portal.access import policy
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts.enums import Role


def hosts(actor: Actor, meeting: Meeting) -> bool:
    """Plans and runs it: the agency that called the meeting."""
    return meeting.host_agency_id == actor.agency_id


def signs(actor: Actor, meeting: Meeting) -> bool:
    """The chair where the meeting names his post, else the host's commander; a coordinator of the
    host signs on his behalf."""
    if not hosts(actor, meeting):
        return False
    named = meeting.chair_post_id
    return named in {None, actor.post_id} or Role.COORDINATOR in actor.roles


def sits_here(actor: Actor, invitation: Invitation) -> bool:
    """Answers for its own seat only."""
    return invitation.agency_id == actor.agency_id


def issues(actor: Actor, directive: Directive) -> bool:
    return directive.issuer_agency_id == actor.agency_id


def obliged(actor: Actor, obligation: Obligation) -> bool:
    """The issuer never reports for the doer, nor a unit for another. What a unit was given from
    outside its agency the head of the agency may answer, too; what the head gave, only the unit."""
    if obligation.agency_id != actor.agency_id:
        return False
    if obligation.unit_id is None:
        return at_head(actor)
    own = obligation.unit_id == actor.unit_id
    return own or (at_head(actor) and obligation.directive.parent_obligation_id is None)


def verifies(actor: Actor, obligation: Obligation) -> bool:
    """The doer never closes: who verifies gave the directive for the issuing agency, and did not
    submit. What an agency gave to its units is verified by who may give such."""
    directive = obligation.directive
    if directive.parent_obligation_id is None:
        gives = Permission.DIRECTIVE_ISSUE in actor.permissions
    else:
        gives = Permission.DIRECTIVE_DELEGATE in actor.permissions and at_head(actor)
    return (
        gives
        and directive.issuer_agency_id == actor.agency_id
        and obligation.submitted_by_id != actor.post_id
    )


def may_give(actor: Actor, directive: Directive) -> bool:
    """Gives such directives: to its own units out of its agency's obligation, or to others."""
    if directive.parent_obligation is not None:
        return policy.may(actor, Permission.DIRECTIVE_DELEGATE, directive.parent_obligation)
    return policy.may(actor, Permission.DIRECTIVE_ISSUE, directive)


def require_giving(actor: Actor, directive: Directive) -> None:
    """Raises PermissionDenied unless `may_give`."""
    if not may_give(actor, directive):
        raise PermissionDenied(Permission.DIRECTIVE_ISSUE)


def answers_for(actor: Actor, lesson: Lesson) -> bool:
    """The agency that owns it, and the host of the rakor that raised it."""
    return actor.agency_id in {lesson.owner_agency_id, lesson.meeting.host_agency_id}


RULES = {
    Permission.MEETING_PLAN: hosts,
    Permission.MEETING_RUN: hosts,
    Permission.MINUTES_WRITE: hosts,
    Permission.MINUTES_PUBLISH: hosts,
    Permission.MINUTES_SIGN: signs,
    Permission.INVITATION_ANSWER: sits_here,
    Permission.DIRECTIVE_ISSUE: issues,
    Permission.DIRECTIVE_DELEGATE: obliged,
    Permission.OBLIGATION_ANSWER: obliged,
    Permission.OBLIGATION_VERIFY: verifies,
    Permission.LESSON_FOLLOW: answers_for,
}
