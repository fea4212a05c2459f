"""How the demo is told: the steps in the order of their time, and what a step is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from coordination.actions import (
    attendance,
    directives,
    invitations,
    meetings,
    minutes,
)
from coordination.models import Directive, Meeting, Minutes
from portal.access.actor import Actor
from portal.home.demo import rakor_words as words
from portal.registry.models import Agency

SLUGS = {"korem": "korem-101"}


TAKER = "Karo Ops Polda Kalimantan Selatan"


@dataclass
class Story:
    """What happens when; `run` tells it in order."""

    people: dict[str, Actor]
    steps: list[tuple[datetime, Callable[[datetime], object]]] = field(default_factory=list)

    def at(self, moment: str, step: Callable[[datetime], object]) -> None:
        self.steps.append((when(moment), step))

    def run(self) -> None:
        for moment, step in sorted(self.steps, key=lambda pair: pair[0]):
            step(moment)

    @property
    def coordinator(self) -> Actor:
        return self.people["koordinator"]

    def liaison(self, agency: str) -> Actor:
        return self.people[f"liaison.{agency}"]


def when(text: str) -> datetime:
    """A time in WITA; a bare day means nine in the morning."""
    if len(text) == 10:
        text += "T09:00"
    return datetime.fromisoformat(text if text.endswith("+08:00") else f"{text}+08:00")


def agency(name: str) -> Agency:
    return Agency.objects.get(slug=SLUGS.get(name, f"{name}-kalsel"))


def agenda(items) -> list[meetings.AgendaDraft]:
    return [meetings.AgendaDraft(title, length, agency(name)) for title, name, length in items]


def seats(rows, at: datetime) -> list[attendance.Seat]:
    return [
        attendance.Seat(agency(name), office, status, person, came, at)
        for name, office, status, person, came in rows
    ]


def answers(
    story: Story, title: str, names, day: str, represented: frozenset | set = frozenset()
) -> None:
    def answer(name: str, at: datetime) -> None:
        invitation = Meeting.objects.get(title=title).invitations.get(agency=agency(name))
        deputy = name in represented
        invitations.answer_invitation(
            invitation,
            by=story.liaison(name),
            at=at,
            answer="diwakili" if deputy else "hadir",
            representative="Sekretaris Daerah Provinsi" if deputy else "",
            may_commit=deputy,
        )

    for name in names:
        story.at(f"{day}T10:00", lambda at, name=name: answer(name, at))


def write(
    draft: Minutes,
    texts,
    *,
    by: Actor,
    at: datetime,
    opening: str = words.OPENING,
    closing: str = words.CLOSING,
) -> None:
    sections = [
        minutes.SectionDraft(
            heading=section.heading,
            speaker=speaker,
            body=body,
            agenda_item=section.agenda_item,
            pk=section.pk,
        )
        for section, (speaker, body) in zip(draft.sections.order_by("position"), texts, strict=True)
    ]
    minutes.save_minutes(
        draft,
        by=by,
        at=at,
        sections=sections,
        opening=opening,
        conclusion=words.CONCLUSION if closing else "",
        closing=closing,
        taker_office=TAKER,
    )


def publish_signed(draft: Minutes, *, by: Actor, at: datetime) -> Minutes:
    """Signed on the chair's behalf without circulation, and published."""
    signed = minutes.sign_minutes(draft, by=by, at=at, proof="password", reason=words.READ_OUT)
    return minutes.publish_minutes(signed, by=by, at=at)


def draft_directives(draft: Minutes, section, rows, *, by: Actor, at: datetime) -> list[Directive]:
    return [
        directives.draft_directive(
            draft.meeting,
            by=by,
            at=at,
            section=section,
            title=title,
            text=text,
            kind=kind,
            binding=binding,
            priority=priority,
            output=output,
            evidence=evidence,
            illustrative=True,
            shares=[
                directives.Share(agency(name), when(due), is_lead=position == 0)
                for position, name in enumerate(names)
            ],
        )
        for title, text, kind, binding, priority, output, evidence, due, names in rows
    ]
