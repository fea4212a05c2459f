"""Who is involved in an incident: written down, opened, put right, forgotten. No row of the audit
holds a name; it says which person of which incident, and who acted."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.texts import refuse_tally
from incidents.enums.persons import ADULT, KEPT_AS_CHILD, OLDEST, PersonPart
from incidents.models import Incident, InvolvedPerson
from portal import clock
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.accounts.adapters import field_cipher
from portal.audit.record import record

AT_MOST = 200
LONG_NUMBER = re.compile(r"(?:\d[\s.-]?){8,}")
"""NIK, KK, telephone: not kept."""


@dataclass(frozen=True)
class Particulars:
    """What is known of somebody beside the name. `minor` follows from `age` where that is given."""

    part: str
    age: int | None = None
    minor: bool = False
    sex: str = ""
    condition: str = ""


@dataclass(frozen=True)
class Named:
    """What only those read who handle the incident; kept sealed."""

    name: str
    note: str = ""


def add_person(
    incident: Incident, known: Particulars, named: Named, *, by: Actor, at: datetime
) -> InvolvedPerson:
    """Write down somebody involved; the name is sealed, and wiped after the days of that part."""
    known, named = _checked(known), _checked_name(named)
    with transaction.atomic():
        incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
        policy.require(by, Permission.PERSON_WRITE, incident)
        if incident.merged_into_id:
            raise Refused(_("Kejadian ini sudah digabung ke kejadian lain."))
        if incident.persons.count() >= AT_MOST:
            raise Refused(
                _("Satu kejadian memuat paling banyak %(most)s orang.") % {"most": AT_MOST}
            )
        person = InvolvedPerson.objects.create(
            incident=incident,
            **asdict(known),
            **_sealed(named, known),
            post_id=by.post_id,
            added_at=at,
            forget_on=kept_until(known, at),
        )
        after = {"person": person.pk, "part": known.part, "minor": known.minor}
        record("person.add", incident, by=by, at=at, after=after)
    return person


def change_person(
    person: InvolvedPerson,
    known: Particulars,
    named: Named | None = None,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> InvolvedPerson:
    """Put right what is known of somebody; name and note stay unless they are given anew. A later
    part or age never keeps the name for longer than was promised."""
    known = _checked(known)
    named = _checked_name(named) if named else None
    with transaction.atomic():
        incident, person = locked(person)
        policy.require(by, Permission.PERSON_WRITE, incident)
        if person.forgotten_at:
            raise Refused(_("Nama orang ini sudah dihapus; barisnya tidak diubah lagi."))
        if version is not None and person.version != version:
            raise Stale(_("Data orang ini sudah diubah sejak Anda membukanya."), person)
        now = {name: getattr(person, name) for name in asdict(known)}
        changed = {name: value for name, value in asdict(known).items() if value != now[name]}
        if not changed and named is None:
            return person
        if named is None and "minor" in changed:
            named = _unsealed(person)
        for name, value in changed.items():
            setattr(person, name, value)
        if named:
            for name, value in _sealed(named, known).items():
                setattr(person, name, value)
        person.forget_on = min(person.forget_on, kept_until(known, person.added_at))
        person.version += 1
        person.save()
        record(
            "person.change", incident, by=by, at=at,
            before={name: now[name] for name in changed} | {"person": person.pk},
            after=changed | {"person": person.pk, "renamed": named is not None},
        )  # fmt: skip
    return person


def open_person(person: InvolvedPerson, *, by: Actor, at: datetime) -> Named:
    """The name and the note. Each opening is recorded; what was forgotten cannot be opened."""
    with transaction.atomic():
        incident, person = locked(person)
        policy.require(by, Permission.PERSON_OPEN, incident)
        if person.forgotten_at:
            raise Refused(_("Nama orang ini sudah dihapus karena masa simpannya lewat."))
        after = {"person": person.pk, "minor": person.minor}
        record("person.open", incident, by=by, at=at, after=after)
        return _unsealed(person)


def kept_until(known: Particulars, since: datetime) -> date:
    """The day on which the name goes, in WITA."""
    days = settings.PERSON_NAME_DAYS
    kept = min(days[known.part], days[KEPT_AS_CHILD]) if known.minor else days[known.part]
    return clock.local(since + timedelta(days=kept)).date()


def move_persons(persons: list[InvolvedPerson], into: Incident, *, by: Actor, at: datetime) -> None:
    """Hang people on another incident, in the transaction of the merge or split that does so."""
    if not persons:
        return
    ids = sorted(person.pk for person in persons)
    InvolvedPerson.objects.filter(pk__in=ids).update(incident=into)
    record("person.move", into, by=by, at=at, after={"persons": ids})


def _checked(known: Particulars) -> Particulars:
    """Raises Refused at the field that does not fit the others."""
    if known.age is not None:
        if not 0 <= known.age <= OLDEST:
            raise Refused(_("Isi umur dalam tahun, dari 0 sampai 120."), "age")
        if known.minor and known.age >= ADULT:
            raise Refused(_("Umur 18 tahun atau lebih bukan anak."), "age")
        known = Particulars(**{**asdict(known), "minor": known.age < ADULT})
    if known.condition and known.part != PersonPart.VICTIM:
        raise Refused(_("Keadaan hanya diisi untuk korban."), "condition")
    return known


def _checked_name(named: Named) -> Named:
    named = Named(" ".join(named.name.split()), named.note.strip())
    if not any(letter.isalpha() for letter in named.name):
        raise Refused(_("Tulis namanya."), "name")
    for field, text in asdict(named).items():
        if LONG_NUMBER.search(text):
            raise Refused(_("Jangan menulis NIK, nomor KK, atau nomor telepon."), field)
    refuse_tally(**asdict(named))
    return named


def _sealed(named: Named, known: Particulars) -> dict[str, str]:
    text = json.dumps(asdict(named)).encode()
    letters = [f"{part[0].upper()}." for part in named.name.split() if part[0].isalpha()]
    return {
        "sealed": field_cipher().encrypt(text).decode(),
        "initials": "" if known.minor else " ".join(letters[:4]),
    }


def _unsealed(person: InvolvedPerson) -> Named:
    return Named(**json.loads(field_cipher().decrypt(person.sealed.encode())))


def locked(person: InvolvedPerson) -> tuple[Incident, InvolvedPerson]:
    """The incident first, as merges do; whoever was moved meanwhile is looked for again there."""
    rows = Incident.objects.select_for_update(of=("self",))
    while True:
        place = InvolvedPerson.objects.values_list("incident", flat=True).get(pk=person.pk)
        incident = rows.get(pk=place)
        found = InvolvedPerson.objects.select_for_update().get(pk=person.pk)
        if found.incident_id == place:
            return incident, found
