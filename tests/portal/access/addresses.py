"""Every address that the portal answers at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver, reverse

SAMPLES = {
    "pk": 1,
    "item_pk": 1,
    "slug": "kpu-kalsel",
    "code": "63.03",
    "name": "surat",
    "verb": "jadwalkan",
    "digest": "x",
    "key": "x",
    "token": "x",
    "uidb36": "1",
    "section": 1,
    "revision": 1,
    "file": 1,
    "given": 1,
    "objection": 1,
    "addendum": 1,
    "noun": "obligation",
    "obligation": 1,
    "meeting": 1,
}


@dataclass(frozen=True)
class Address:
    """A URL pattern by its name, with its view and a path that it matches."""

    name: str
    view: Callable
    path: str


def addresses() -> list[Address]:
    return list(_leaves(get_resolver(), "", frozenset()))


def _leaves(resolver, namespace: str, above: frozenset[str]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        wanted = above | set(entry.pattern.regex.groupindex)
        if isinstance(entry, URLPattern):
            name = f"{namespace}:{entry.name}" if namespace else str(entry.name)
            own = {key: value for key, value in SAMPLES.items() if key in wanted}
            yield Address(name, entry.callback, reverse(name, kwargs=own))
        else:
            yield from _leaves(entry, namespace or entry.namespace or "", wanted)
