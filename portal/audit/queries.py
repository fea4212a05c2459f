from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from portal.access.actor import Actor
from portal.audit import words
from portal.audit.models import Entry, Seal


def trail(
    actor: Actor, *, verb: str = "", post: str = "", object_type: str = ""
) -> QuerySet[Entry]:
    """The entries that match, newest first. `verb` is the beginning of a code (`minutes.`) or a
    part of the words that stand for one (`diterbitkan`)."""
    entries = Entry.objects.visible_to(actor)
    if verb:
        entries = entries.filter(_meant(verb))
    if post:
        entries = entries.filter(post_title__icontains=post)
    if object_type:
        entries = entries.filter(object_type=object_type)
    return entries


def readings(actor: Actor) -> QuerySet[Entry]:
    """Who read Rahasia records and fetched files, newest first."""
    read = Q()
    for act in words.READINGS:
        read |= Q(verb__endswith=f".{act}")
    return Entry.objects.visible_to(actor).filter(read)


def acts_on(obj: Model, *verbs: str) -> QuerySet[Entry]:
    """What was done with one record by those verbs, oldest first: for a page that shows its past to
    whoever may see the record, which the caller has looked up in sight. Show of it only act, post,
    time, reason and values; addresses and accounts stay with the auditors."""
    return Entry.objects.about(obj).filter(verb__in=verbs).order_by("pk")


def _meant(text: str) -> Q:
    verbs, ends = words.saying(text)
    meant = Q(verb__startswith=text) | Q(verb__in=verbs)
    for end in ends:
        meant |= Q(verb__endswith=end) & ~Q(verb__in=words.VERBS)
    return meant


@dataclass(frozen=True)
class Change:
    """One field of an entry, before and after."""

    name: str
    before: Any
    after: Any


def changes(entry: Entry) -> list[Change]:
    """What the act changed, field by field, in alphabetical order."""
    before, after = entry.before or {}, entry.after or {}
    return [
        Change(name, before.get(name, "–"), after.get(name, "–"))
        for name in sorted({*before, *after})
    ]


@dataclass(frozen=True)
class SealRow:
    """The entry's link in the chain; `hex` is its digest."""

    seq: int
    hex: str


def seal_of(entry: Entry) -> SealRow | None:
    """The seal, which a trigger writes when the entry's transaction commits."""
    seal = Seal.objects.filter(entry_id=entry.pk).first()
    return SealRow(seal.seq, bytes(seal.digest).hex()) if seal else None
