"""Who may, given the record."""

from deployments.models import Deployment
from incidents.models import (
    Account,
    AgencyRequest,
    EarlyWarning,
    GakkumduCase,
    Incident,
    PublicReport,
    ShiftHandover,
    UnitAssignment,
)
from incidents.models.desk import seat_of
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts.enums import Role
from portal.registry.models import Region


def covers(actor: Actor, account: Account) -> bool:
    """The post's region is the account's or contains it."""
    return bool(actor.region_code) and (
        account.region_id == actor.region_code
        or account.region_id.startswith(actor.region_code + ".")
    )


def speaks_for(actor: Actor, agency_id: int, account: Account) -> bool:
    """Of one's own agency, within the post's region. The duty desk of an agency's own office has no
    region: it speaks for its agency wherever that is."""
    of_the_office = not actor.region_code and "/" not in actor.unit_path
    return agency_id == actor.agency_id and (of_the_office or covers(actor, account))


def handles_region(actor: Actor, account: Account) -> bool:
    """May make an incident of a field report of its region."""
    return Permission.INCIDENT_HANDLE in actor.permissions and covers(actor, account)


def complained_of(actor: Actor, account: Account) -> bool:
    """Its type is a complaint about the actor's own agency, which then does not judge it."""
    return actor.agency_id in account.type.accused


def settles(actor: Actor, account: Account) -> bool:
    """May set a field report of its region aside, or put it into an incident."""
    return handles_region(actor, account) and not complained_of(actor, account)


def handles(actor: Actor, incident: Incident) -> bool:
    """Moves it on: who would by his role, unless the incident complains of his own agency."""
    return _by_role(actor, incident) and not complained_of(actor, incident)


def barred(actor: Actor, incident: Incident) -> bool:
    """Would move it on, did it not complain of his own agency."""
    return _by_role(actor, incident) and complained_of(actor, incident)


def _by_role(actor: Actor, incident: Incident) -> bool:
    """Speaks for the leading agency there, or is the province's coordinator."""
    coordinates = Role.COORDINATOR in actor.roles and covers(actor, incident)
    return coordinates or speaks_for(actor, incident.lead_agency_id, incident)


def opens_names(actor: Actor, incident: Incident) -> bool:
    """May read who is involved: those who handle the incident for the agency that leads it; at
    Sentra Gakkumdu the desk. Who only watches, coordinates or audits need not know."""
    if hasattr(incident, "gakkumdu"):
        return sits_with(actor, incident.gakkumdu)
    return speaks_for(actor, incident.lead_agency_id, incident)


def writes_names(actor: Actor, incident: Incident) -> bool:
    """May write down who is involved, also without reading it again: who handles the incident."""
    return handles(actor, incident) or opens_names(actor, incident)


def answers(actor: Actor, asked: AgencyRequest | UnitAssignment) -> bool:
    """Speaks for the agency that is asked there; of a unit also the command post that it stands
    under, wherever it goes, and who commands it for its controller (BKO)."""
    if isinstance(asked, UnitAssignment):
        if asked.agency_id == actor.agency_id and under(actor, asked.deployment):
            return True
        if asked.deployment.controller_id == actor.agency_id:
            return commands(actor, asked.deployment) and covers(actor, asked.incident)
    return speaks_for(actor, asked.agency_id, asked.incident)


def under(actor: Actor, placed: Deployment) -> bool:
    """The placed unit is the actor's or stands below it."""
    return f"{placed.unit.path}/".startswith(f"{actor.unit_path}/")


def commands(actor: Actor, placed: Deployment) -> bool:
    """An order runs only inside one's own chain: the units of one's own agency, of a command post
    those below its own unit; and what another agency put under its control (BKO), of a command post
    within its region."""
    whole = bool({Role.LIAISON, Role.COORDINATOR} & actor.roles)
    if placed.controller_id == actor.agency_id:
        return whole or f"{placed.region_id}.".startswith(f"{actor.region_code}.")
    return placed.agency_id == actor.agency_id and (whole or under(actor, placed))


def triages(actor: Actor, report: PublicReport) -> bool:
    """Sorts it: the same as `PublicReport.objects.visible_to`, whose words say why."""
    if actor.agency_slug in report.subject.kept_from:
        return False
    cleared = report.classification <= actor.clearance
    inside = bool(actor.region_code) and (report.region_id + ".").startswith(
        actor.region_code + "."
    )
    complaint = bool(report.subject.kept_from)
    leads = report.subject.type.lead_id == actor.agency_id and (cleared or complaint)
    if actor.region_code and not actor.whole_province:
        return inside and (cleared or leads)
    return inside and cleared or leads


def sits_with(actor: Actor, case: GakkumduCase) -> bool:
    """Has a seat at the desk of the case's region."""
    within = f"{case.region_id}.".startswith(f"{actor.region_code}.")
    return seat_of(actor) is not None and bool(actor.region_code) and within


def takes_over(actor: Actor, handover: ShiftHandover) -> bool:
    """It was left to this post, by another person."""
    return handover.to_post_id == actor.post_id and handover.out_user_id != actor.user_id


def judges_threat(actor: Actor, region: Region) -> bool:
    """The posko and the coordinator of the region, or of one that contains it."""
    inside = bool(actor.region_code) and f"{region.pk}.".startswith(f"{actor.region_code}.")
    return Permission.WARNING_HANDLE in actor.permissions and inside


def ends_warning(actor: Actor, warning: EarlyWarning) -> bool:
    """Says how it ended: who watches the region."""
    inside = bool(actor.region_code) and f"{warning.region_id}.".startswith(f"{actor.region_code}.")
    return inside and warning.classification <= actor.clearance


RULES = {
    Permission.WARNING_HANDLE: ends_warning,
    Permission.INCIDENT_HANDLE: handles,
    Permission.PERSON_WRITE: writes_names,
    Permission.PERSON_OPEN: opens_names,
    Permission.INCIDENT_ANSWER: answers,
    Permission.PUBLIC_REPORT_TRIAGE: triages,
    Permission.GAKKUMDU_HANDLE: sits_with,
    Permission.SHIFT_HAND_OVER: takes_over,
}
