"""Who is involved in some of the demo's incidents. The names are plainly made up, so that opening
one shows how it works and speaks of nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from incidents.actions.persons import Named, Particulars, add_person
from incidents.enums.persons import Condition, PersonPart, Sex
from incidents.models import Incident
from portal.access.actor import Actor
from portal.home.demo.incidents import at

QUARREL = "Adu mulut dua kelompok seusai kegiatan malam"


@dataclass(frozen=True)
class Written:
    incident: str
    moment: datetime
    known: Particulars
    named: Named
    login: str = "posko.banjar"


PEOPLE = (
    Written(
        QUARREL, at(11, 18, 22, 10),
        Particulars(PersonPart.SUSPECT, age=27, sex=Sex.MALE),
        Named("Nama Ilustrasi Satu", "Data ilustrasi."),
    ),
    Written(
        QUARREL, at(11, 18, 22, 20),
        Particulars(PersonPart.VICTIM, age=15, sex=Sex.MALE, condition=Condition.LIGHT),
        Named("Nama Ilustrasi Dua", "Data ilustrasi. Didampingi orang tua."),
    ),
    Written(
        QUARREL, at(11, 18, 22, 40),
        Particulars(PersonPart.WITNESS, age=41, sex=Sex.FEMALE),
        Named("Nama Ilustrasi Tiga", "Data ilustrasi."),
    ),
)  # fmt: skip


def load(people: Mapping[str, Actor]) -> None:
    """Everything once: an incident that has people is left as it is."""
    known = Incident.objects.filter(illustrative=True, merged_into=None)
    empty = {row.title: row for row in known.filter(persons=None).order_by("pk")}
    for row in PEOPLE:
        if row.incident in empty:
            incident, by = empty[row.incident], people[row.login]
            add_person(incident, row.known, row.named, by=by, at=row.moment)
