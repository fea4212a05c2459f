"""Which posts may see a record: the row scope read the other way round. A test compares the two."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from coordination.enums import DirectiveState
from coordination.models import Addressee, Directive, Meeting, Obligation
from coordination.models.visibility import OVERSIGHT
from portal.access.permissions import Permission
from portal.access.roles import ROLES
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.registry.enums import PROVINCE

Record = Obligation | Directive | Meeting


def readers(record: Record) -> QuerySet[Post]:
    """Active posts that `visible_to` lets see the record."""
    if isinstance(record, Obligation):
        own = _in_line(record) | _at_head(record.directive.issuer_agency_id)
        own |= _overseeing() & _knowing(record.directive)
        return _cleared(Permission.OBLIGATION_VIEW, record.classification).filter(own)
    if isinstance(record, Meeting):
        own = _at(record) | _overseeing()
        return _cleared(Permission.MEETING_VIEW, record.classification).filter(own)
    issuers = Q(unit__agency=record.issuer_agency_id) & _holding(Permission.DIRECTIVE_ISSUE)
    if record.issued_at is None:
        return _cleared(Permission.DIRECTIVE_VIEW, record.classification).filter(issuers)
    told = _overseeing()
    if record.meeting is not None:
        at_meeting = _at(record.meeting) & Q(clearance__gte=record.meeting.classification)
        told |= at_meeting & _holding(Permission.MEETING_VIEW)
    seen = issuers | told & _knowing(record)
    for share in record.addressees.select_related("unit"):
        seen |= _in_line(share)
    if record.parent_obligation_id is not None:
        seen |= _at_head(record.issuer_agency_id)
    return _cleared(Permission.DIRECTIVE_VIEW, record.classification).filter(seen)


def ex_officio(record: Record) -> QuerySet[Post]:
    """The posts that follow a record by their office: who is obliged or called, and who issued."""
    if isinstance(record, Obligation):
        issuer, agencies = record.directive.issuer_agency_id, [record.agency_id]
    elif isinstance(record, Directive):
        issuer = record.issuer_agency_id
        agencies = list(record.addressees.values_list("agency", flat=True))
        agencies = agencies if record.state != DirectiveState.DRAFT else []
    else:
        issuer = record.host_agency_id
        sent = record.invitations.standing().filter(sent_at__isnull=False)
        agencies = list(sent.values_list("agency", flat=True))
    return readers(record).filter(
        Q(unit__agency=issuer, roles__contains=[Role.COORDINATOR])
        | Q(unit__agency__in=agencies, roles__contains=[Role.LIAISON])
    )


def _at(meeting: Meeting) -> Q:
    sent = meeting.invitations.standing().filter(sent_at__isnull=False)
    return Q(unit__agency=meeting.host_agency_id) | Q(unit__agency__in=sent.values("agency"))


def _at_head(agency_id: int) -> Q:
    return Q(unit__agency=agency_id, unit__parent=None)


def _in_line(share: Obligation | Addressee) -> Q:
    """The posts in whose line the share lies: at the agency's head; of a unit's share also in the
    unit, above it and below it."""
    if share.unit is None:
        return _at_head(share.agency_id)
    steps = share.unit.path.split("/")
    line = ["/".join(steps[: length + 1]) for length in range(len(steps))]
    near = Q(unit__path__in=line) | Q(unit__path__startswith=share.unit.path + "/")
    return Q(unit__agency=share.agency_id) & near


def _overseeing() -> Q:
    return Q(region=PROVINCE, roles__overlap=sorted(OVERSIGHT))


def _knowing(directive: Directive) -> Q:
    """The posts that may know the agenda items it comes from."""
    section = directive.section
    items = {directive.agenda_item, section.agenda_item if section else None} - {None}
    known = Q()
    for item in items:
        if item is not None and item.is_closed:
            hosts = [owner.host_agency_id for owner in (item.meeting, item.series) if owner]
            named = item.audience.values("pk")
            known &= Q(unit__agency__in=hosts) | Q(unit__agency__in=named)
    return known


def _cleared(permission: Permission, classification: int) -> QuerySet[Post]:
    return Post.objects.filter(
        _holding(permission), is_active=True, clearance__gte=classification
    ).select_related("unit__agency")


def _holding(permission: Permission) -> Q:
    return Q(roles__overlap=_roles(permission))


def _roles(permission: Permission) -> list[str]:
    return sorted(role for role, held in ROLES.items() if permission in held)


def mentionable(obligation: Obligation, *, internal_to: int | None) -> list[Post]:
    """Whom a comment may call on: who sees the obligation, of an internal one only one's own."""
    posts = readers(obligation)
    if internal_to is not None:
        posts = posts.filter(unit__agency=internal_to)
    return list(posts.order_by("unit__agency__position", "title", "pk"))


def agencies_of(posts: Iterable[Post]) -> set[int]:
    """Agencies with a liaison among the posts: what may be called on as an agency."""
    return {post.unit.agency_id for post in posts if Role.LIAISON in post.roles}
