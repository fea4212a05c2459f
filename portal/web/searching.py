"""Full-text search in Indonesian: stored vectors, what was typed as a query, excerpts with marks.

An app gives `Source`s, one per kind of record, each starting at rows that the actor may see; a page
of hits, their number and their excerpts come from those rows alone.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import (
    CombinedSearchVector,
    SearchHeadline,
    SearchQuery,
    SearchRank,
    SearchVector,
    SearchVectorField,
)
from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal.access.actor import Actor

CONFIG = "indonesian"
SHORTEST = 2
PREFIX = 3
"""From so many letters on, the beginning of a word finds it."""
ENDING = re.compile(r"[a-z]{0,4}\d{4,12}", re.IGNORECASE | re.ASCII)
"""A number, or its last digits, typed without its dashes."""
OPEN, CLOSE = "\ue000", "\ue001"
# What PostgreSQL puts around a hit; of private use, so no text that people write has them.
MARKED = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
MARKDOWN = re.compile(r"[*_`#|~]+")
NUMBER = re.compile(r"(?=.*\d)[\w.()-]+(/[\w.()-]+)*", re.ASCII)


def stored_stems(**weights: str) -> models.GeneratedField:
    """A column with the stems of the row's texts, kept by PostgreSQL: `stored_stems(title="A")`."""
    parts: list[Any] = [
        SearchVector(name, weight=weight, config=CONFIG) for name, weight in weights.items()
    ]
    whole = parts[0]
    for part in parts[1:]:
        whole = CombinedSearchVector(whole, "||", part, CONFIG)
    return models.GeneratedField(
        expression=whole, output_field=SearchVectorField(), db_persist=True, editable=False
    )


@dataclass(frozen=True)
class Wanted:
    """What was typed: the words, the query over stems, and the number if it looks like one."""

    text: str
    query: SearchQuery
    number: str
    ending: str = ""

    def by_number(self, field: str) -> Q:
        """The number itself, or its first parts: ARH/12 finds ARH/12/VI/2024, not ARH/120; or its
        last digits, with dashes, spaces or nothing between: 0016 finds KJ-2024-0016."""
        same = Q(pk__in=[])
        if self.number:
            same |= Q(**{f"{field}__iexact": self.number})
            same |= Q(**{f"{field}__istartswith": self.number + "/"})
        if self.ending:
            same |= Q(**{f"{field}__iregex": f"(^|-){'-?'.join(self.ending)}$"})
        return same


def wanted(text: str) -> Wanted | None:
    """None if there is nothing to look for. Quotes, OR and a minus work as on the web; a plain
    word also finds longer ones that begin with it."""
    words = " ".join(text.replace("\0", "").split())
    if len(words) < SHORTEST:
        return None
    query = SearchQuery(words, config=CONFIG, search_type="websearch")
    plain = words.split()
    if all(re.fullmatch(r"\w+", word) for word in plain) and "or" not in words.lower().split():
        prefixes = [f"{word}:*" if len(word) >= PREFIX else word for word in plain]
        query = query | SearchQuery(" & ".join(prefixes), config=CONFIG, search_type="raw")
    number = words if NUMBER.fullmatch(words) else ""
    bare = words.replace(" ", "").replace("-", "")
    ending = bare if ENDING.fullmatch(bare) else ""
    return Wanted(words, query, number, ending)


@dataclass(frozen=True)
class Hit:
    """One record found, ready to print. `excerpt` is escaped, with the hits marked."""

    title: str
    url: str
    note: str
    excerpt: SafeString
    badge: tuple[str, str] | None = None


@dataclass(frozen=True)
class Source:
    """One kind of record. `rows` are those that the actor may see; `vector` is what is looked in,
    `number` an exact look-up; `text` is what the excerpt is cut from; `hit` prints a row."""

    key: str
    label: str | Promise
    icon: str
    rows: Callable[[Actor], QuerySet]
    matches: Callable[[Wanted], Q]
    rank: Callable[[Wanted], Any]
    text: str | Combinable
    order: Sequence[str]
    hit: Callable[[Any, SafeString], Hit]
    number: str = ""

    def found(self, actor: Actor, words: Wanted) -> QuerySet:
        """The rows in sight that match, the best first: an exact number, then rank, then order."""
        where = self.matches(words)
        exact: Any = Value(0)
        if self.number:
            same = words.by_number(self.number)
            where |= same
            exact = Case(When(same, then=Value(1)), default=Value(0))
        rows = self.rows(actor).filter(where).annotate(exact=exact, rank=self.rank(words))
        return rows.order_by("-exact", "-rank", *self.order)

    def hits(self, rows: QuerySet, words: Wanted) -> list[Hit]:
        """A slice of `found`, printed; the excerpts are cut for these rows only."""
        text = F(self.text) if isinstance(self.text, str) else self.text
        cut = SearchHeadline(
            text,
            words.query,
            config=CONFIG,
            start_sel=OPEN,
            stop_sel=CLOSE,
            max_words=28,
            min_words=12,
            max_fragments=2,
            fragment_delimiter=" … ",
        )
        return [self.hit(row, excerpt(row.cut)) for row in rows.annotate(cut=cut)]


def match(*vectors: str) -> Callable[[Wanted], Q]:
    def condition(words: Wanted) -> Q:
        where = Q()
        for vector in vectors:
            where |= Q(**{vector: words.query})
        return where

    return condition


def ranked(*vectors: str) -> Callable[[Wanted], Any]:
    """How near to one another and how prominent the hits are, over all the vectors."""

    def value(words: Wanted) -> Any:
        total: Any = Value(0.0)
        for vector in vectors:
            rank = SearchRank(F(vector), words.query, cover_density=True)
            total += Coalesce(rank, Value(0.0), output_field=models.FloatField())
        return total

    return value


def excerpt(text: str | None) -> SafeString:
    """PostgreSQL's excerpt as HTML: everything escaped, then our own marks."""
    quiet = MARKDOWN.sub("", text or "")
    marked = MARKED.sub(r"<mark>\1</mark>", str(escape(" ".join(quiet.split()))))
    return mark_safe(marked.replace(OPEN, "").replace(CLOSE, ""))  # noqa: S308 (escaped above)
