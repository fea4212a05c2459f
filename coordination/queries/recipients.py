"""Who is told by a rung: posts and those who hold them at that moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from coordination.enums import RECIPIENT_FALLBACK, Recipient
from coordination.models import Obligation
from portal.accounts.enums import Role
from portal.accounts.models import Post, Tenure

ROLE_OF: dict[str, Role] = {
    Recipient.DUTY: Role.POSKO_OPERATOR,
    Recipient.LIAISON: Role.LIAISON,
    Recipient.HEAD: Role.COMMANDER,
    Recipient.ISSUER: Role.COORDINATOR,
    Recipient.ISSUER_HEAD: Role.COMMANDER,
}
OF_AGENCY = frozenset({Recipient.DUTY, Recipient.LIAISON, Recipient.HEAD})
OF_ISSUER = frozenset({Recipient.ISSUER, Recipient.ISSUER_HEAD})
OF_UNIT = frozenset({Recipient.DUTY, Recipient.LIAISON})
"""Of a unit's share: the posts in that unit which carry it out, whatever they are called."""
DOING = frozenset({Role.LIAISON, Role.POSKO_OPERATOR})
AT_THE_TOP = frozenset({Recipient.DUTY, Recipient.HEAD, Recipient.ISSUER_HEAD})
"""Of the agency's own office: the duty officer of a Polres is not the Polda's."""


@dataclass(frozen=True)
class Told:
    """The posts that a rung speaks to, as what, and their names with those who act (Plh.)."""

    recipient: str
    posts: tuple[Post, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Offices:
    """The posts of some agencies that somebody holds at one moment."""

    tenures: tuple[Tenure, ...]

    def told(self, wanted: str, obligation: Obligation) -> Told:
        """Those of the wanted kind, else of the next kind that has holders, else administrators."""
        for recipient in RECIPIENT_FALLBACK[wanted]:
            if held := self._held(recipient, obligation):
                return _told(recipient, held)
        admins = [held for held in self.tenures if Role.ADMINISTRATOR in held.post.roles]
        return _told(Recipient.NOBODY, admins)

    def _held(self, recipient: str, obligation: Obligation) -> list[Tenure]:
        agency_id = (
            obligation.directive.issuer_agency_id
            if recipient in OF_ISSUER
            else obligation.agency_id
        )
        in_agency = [t for t in self.tenures if t.post.unit.agency_id == agency_id]
        if obligation.unit_id is not None and recipient in OF_UNIT:
            return [
                tenure
                for tenure in in_agency
                if tenure.post.unit_id == obligation.unit_id and DOING & set(tenure.post.roles)
            ]
        role = ROLE_OF[recipient]
        if recipient == Recipient.ISSUER and obligation.directive.parent_obligation_id is not None:
            role = Role.LIAISON
        return [
            tenure
            for tenure in in_agency
            if role in tenure.post.roles
            and (recipient not in AT_THE_TOP or tenure.post.unit.parent_id is None)
        ]


def offices(obligations: Iterable[Obligation], at: datetime) -> Offices:
    """Whom these obligations (with their directives) may be told to at that moment; one query."""
    agencies = {
        key for row in obligations for key in (row.agency_id, row.directive.issuer_agency_id)
    }
    roles = sorted(set(ROLE_OF.values()))
    rows = (
        Tenure.objects.active(at)
        .filter(
            Q(post__unit__agency__in=agencies, post__roles__overlap=roles)
            | Q(post__roles__overlap=[Role.ADMINISTRATOR])
        )
        .select_related("post__unit")
        .order_by("post__title", "post_id", "pk")
    )
    return Offices(tuple(rows))


def _told(recipient: str, held: Iterable[Tenure]) -> Told:
    posts = {tenure.post_id: tenure.post for tenure in held}
    return Told(
        recipient=recipient,
        posts=tuple(posts.values()),
        titles=tuple(dict.fromkeys(str(tenure) for tenure in held)),
    )
