"""What the workers do here; each run is whole or nothing, and a second one changes nothing."""

from incidents.actions import warnings
from incidents.actions.gakkumdu_notices import remind_cases as remind
from incidents.actions.person_forgetting import forget_persons_due
from incidents.actions.public_forgetting import forget_due
from incidents.actions.target_reminders import remind_targets as remind_late
from incidents.actions.warning_acts import expire_warnings as expire
from incidents.models import FieldReport, Incident
from portal import clock
from portal.access.actor import SYSTEM
from portal.background import task
from portal.web.throttling import forget


@task("incidents.forget_public")
def forget_public() -> None:
    """Each night: contacts, spam and what counted addresses, once their time is over."""
    forget_due(at=clock.now())
    forget(clock.true_now())


@task("incidents.forget_persons")
def forget_persons() -> None:
    """Each night: the names of people in incidents, once their day has come."""
    forget_persons_due(at=clock.now())


@task("incidents.remind_cases")
def remind_cases() -> None:
    """Each minute: warn before the legal clock of a case runs out, and tell what lapsed."""
    remind(at=clock.now())


@task("incidents.remind_targets")
def remind_targets() -> None:
    """Each minute: tell whom the ladder of target times has due."""
    remind_late(at=clock.now())


@task("incidents.evaluate_incident")
def evaluate_incident(incident: int) -> None:
    """What a new or corrected incident means for the rules of its own area."""
    row = Incident.objects.filter(pk=incident).first()
    if row is not None:
        warnings.evaluate_incident(row, by=SYSTEM, at=clock.now())


@task("incidents.evaluate_report")
def evaluate_report(report: int) -> None:
    """The same for what the field expects to happen."""
    row = FieldReport.objects.filter(pk=report).first()
    if row is not None:
        warnings.evaluate_report(row, by=SYSTEM, at=clock.now())


@task("incidents.evaluate_silence")
def evaluate_silence() -> None:
    """Each quarter of an hour: posts from which nothing comes."""
    warnings.evaluate_silence(by=SYSTEM, at=clock.now())


@task("incidents.expire_warnings")
def expire_warnings() -> None:
    """Each minute: warnings whose time is over."""
    expire(at=clock.now())
