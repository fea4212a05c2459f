"""Who is involved in an incident, as far as a page or a program shows it: without the name."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from incidents.enums.persons import PART_BADGES
from incidents.models import Incident, InvolvedPerson
from incidents.models.person import InvolvedPersonQuerySet
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may


def mask(person: InvolvedPerson) -> str:
    """Initials and age, or that it is a child; the one text by which a person is shown."""
    years = _("%(age)s th") % {"age": person.age} if person.age is not None else ""
    if person.forgotten_at:
        who = _("Anak (nama dihapus)") if person.minor else _("Nama dihapus")
    else:
        who = _("Anak") if person.minor else person.initials or _("Tanpa inisial")
    return ", ".join(part for part in (who, years) if part)


def persons(actor: Actor) -> InvolvedPersonQuerySet:
    return InvolvedPerson.objects.visible_to(actor).defer("sealed").order_by("part", "pk")


@dataclass(frozen=True)
class PersonRow:
    """A line of the incident's page; the addresses are empty where the act is not offered."""

    pk: int
    mask: str
    part: tuple[str, str]
    facts: str
    kept: str
    open_url: str
    change_url: str
    forget_url: str


def person_rows(incident: Incident, actor: Actor) -> list[PersonRow]:
    """Everybody who is involved, with what the actor may do with each row."""
    rows = list(persons(actor).filter(incident=incident))
    if not rows:
        return []
    writes = may(actor, Permission.PERSON_WRITE, incident)
    opens = may(actor, Permission.PERSON_OPEN, incident)
    return [_row(person, opens=opens, writes=writes) for person in rows]


def person_choices(incident: Incident, actor: Actor) -> list[tuple[str, str]]:
    """For a form that moves people."""
    rows = persons(actor).filter(incident=incident)
    return [(str(person.pk), f"{person.get_part_display()}: {mask(person)}") for person in rows]


def _row(person: InvolvedPerson, *, opens: bool, writes: bool) -> PersonRow:
    kept = person.forgotten_at is None

    def address(name: str, offered: bool) -> str:
        return reverse(f"incidents:person_{name}", args=[person.pk]) if offered and kept else ""

    opening = address("open", opens)
    return PersonRow(
        pk=person.pk,
        mask=mask(person),
        part=(PART_BADGES[person.part], person.get_part_display()),
        facts=_joined([person.get_sex_display(), person.get_condition_display()]),
        kept=_("nama disimpan sampai %(day)s") % {"day": date_format(person.forget_on, "j F Y")}
        if kept
        else "",
        open_url=opening and f"{opening}#orang-{person.pk}",
        change_url=address("change", writes),
        forget_url=address("forget", writes),
    )


def _joined(texts: Iterable[str]) -> str:
    return " · ".join(text for text in texts if text)
