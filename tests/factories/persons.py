"""People in incidents for tests, invented, written through the action."""

from incidents.actions.persons import Named, Particulars, add_person
from incidents.enums.persons import PersonPart
from incidents.models import Incident, InvolvedPerson
from portal.access.actor import Actor
from tests.factories.incidents import AT

NAME, NOTE = "Budi Anang Sampel", "tetangga pelapor"


def person(incident: Incident, *, by: Actor, at=AT, name=NAME, note=NOTE, **known):
    """A victim by that name, of no known age, unless told otherwise."""
    particulars = Particulars(**{"part": PersonPart.VICTIM, **known})
    row: InvolvedPerson = add_person(incident, particulars, Named(name, note), by=by, at=at)
    return row
