"""The names of a placement. The audit says that a name was written, never which."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from deployments.actions.roster_guard import refuse_twice
from deployments.enums import FINISHED
from deployments.models import Deployment, RosterMember
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.audit.record import record

PERSON = ("name", "rank", "nrp")
SHORTEST, LONGEST = 5, 18


def add_roster_member(
    deployment: Deployment, values: Mapping[str, str], *, by: Actor, at: datetime
) -> RosterMember:
    """Put a person on the roster. `values` holds PERSON; spaces and dots in the number are left
    out. The same person with the same words again changes nothing."""
    person = _person(values)
    with transaction.atomic():
        current = _open(deployment)
        same = RosterMember.objects.filter(deployment=current, nrp=person["nrp"]).first()
        if same is not None:
            if (same.name, same.rank) == (person["name"], person["rank"]):
                return same
            raise Refused(_("NRP ini sudah ada dalam daftar penempatan ini."), "nrp")
        listed = RosterMember.objects.filter(deployment=current).count()
        if listed >= current.personnel:
            raise Refused(
                _("Penempatan ini %(people)d orang dan semuanya sudah terdaftar.")
                % {"people": current.personnel}
            )
        refuse_twice(current, [person["nrp"]], current.starts_on, current.ends_on)
        member = RosterMember.objects.create(deployment=current, created_at=at, **person)
        after = {"member": member.pk, "listed": listed + 1}
        record("roster.add", current, by=by, at=at, after=after)
    return member


def change_roster_member(
    member: RosterMember, values: Mapping[str, str], *, version: int, by: Actor, at: datetime
) -> RosterMember:
    """Correct a person's entry. Raises Stale if somebody else changed it first."""
    person = _person(values)
    with transaction.atomic():
        deployment = _open(member.deployment)
        current = RosterMember.objects.select_for_update().get(pk=member.pk)
        if current.version != version:
            raise Stale(_("Entri ini sudah diubah sejak Anda membukanya."), current)
        changed = [name for name in PERSON if getattr(current, name) != person[name]]
        if not changed:
            return current
        if "nrp" in changed:
            others = RosterMember.objects.filter(deployment=deployment, nrp=person["nrp"])
            if others.exists():
                raise Refused(_("NRP ini sudah ada dalam daftar penempatan ini."), "nrp")
            refuse_twice(deployment, [person["nrp"]], deployment.starts_on, deployment.ends_on)
        for name in changed:
            setattr(current, name, person[name])
        current.version += 1
        current.save()
        after = {"member": current.pk, "fields": changed}
        record("roster.change", deployment, by=by, at=at, after=after)
    return current


def remove_roster_member(member: RosterMember, *, by: Actor, at: datetime) -> Deployment:
    """Take a person off the roster; the row goes, as data that is not needed any more."""
    with transaction.atomic():
        deployment = Deployment.objects.select_for_update().get(pk=member.deployment_id)
        gone, _tables = RosterMember.objects.filter(pk=member.pk).delete()
        if gone:
            listed = RosterMember.objects.filter(deployment=deployment).count()
            after = {"member": member.pk, "listed": listed}
            record("roster.remove", deployment, by=by, at=at, after=after)
    return deployment


def _open(deployment: Deployment) -> Deployment:
    current = Deployment.objects.select_for_update().get(pk=deployment.pk)
    if current.state in FINISHED:
        raise Refused(_("Penempatan ini sudah selesai: daftar namanya tidak berubah lagi."))
    return current


def _person(values: Mapping[str, str]) -> dict[str, str]:
    person = {name: " ".join(str(values[name]).split()) for name in PERSON}
    person["nrp"] = person["nrp"].replace(" ", "").replace(".", "")
    if not person["name"]:
        raise Refused(_("Isi nama."), "name")
    if not person["rank"]:
        raise Refused(_("Isi pangkat."), "rank")
    number = person["nrp"]
    if not (number.isascii() and number.isdigit() and SHORTEST <= len(number) <= LONGEST):
        raise Refused(_("NRP terdiri atas 5 sampai 18 angka."), "nrp")
    return person
