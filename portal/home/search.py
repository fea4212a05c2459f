"""One search over what the post may see: each app says where to look, here it is composed."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coordination.queries.search import SOURCES as COORDINATION
from incidents.queries.search import SOURCES as INCIDENTS
from portal.access.actor import Actor
from portal.registry.queries.search import SOURCES as REGISTRY
from portal.web.pagination import paginate
from portal.web.searching import SHORTEST, Hit, Source, Wanted, wanted

SOURCES: tuple[Source, ...] = (*COORDINATION, *INCIDENTS, *REGISTRY)
FIRST = 5
EXAMPLES = (_("netralitas"), _('"deteksi dini"'), _("banjir OR longsor"), "ARH/1", "KJ-2024-0001")

__all__ = [
    "EXAMPLES",
    "SHORTEST",
    "SOURCES",
    "Group",
    "group_page",
    "search",
    "source_of",
    "wanted",
]


@dataclass(frozen=True)
class Group:
    """The hits of one kind of record: the first of them, and how many the post may see."""

    key: str
    label: str
    icon: str
    hits: list[Hit]
    count: int

    @property
    def more(self) -> bool:
        return self.count > len(self.hits)


def source_of(key: str) -> Source | None:
    return next((source for source in SOURCES if source.key == key), None)


def search(actor: Actor, words: Wanted) -> list[Group]:
    """The kinds with at least one hit; two queries for each kind. Rows out of sight are neither
    shown nor counted."""
    groups = [_group(source, actor, words) for source in SOURCES]
    return [group for group in groups if group.count]


def _group(source: Source, actor: Actor, words: Wanted) -> Group:
    rows = source.found(actor, words)
    hits = source.hits(rows[:FIRST], words)
    return Group(source.key, str(source.label), source.icon, hits, _count(rows))


def _count(rows: QuerySet[Any]) -> int:
    return rows.order_by().aggregate(found=Count("pk", distinct=True))["found"]


def group_page(request: HttpRequest, source: Source, words: Wanted) -> tuple[Group, Page]:
    """All hits of one kind, in pages."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    page = paginate(request, source.found(actor, words))
    listed: Any = page.object_list
    hits = source.hits(listed, words)
    group = Group(source.key, str(source.label), source.icon, hits, page.paginator.count)
    return group, page
