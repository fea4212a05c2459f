"""Parts of the daily report that apps above bring; the setting DAILY_SECTIONS names them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from portal.access.actor import Actor
from portal.registry.models import Operation, Region, Unit


@dataclass(frozen=True)
class Asked:
    """Whose report of which day: up to `at`, in the region, of an agency (slug or nothing) or of a
    unit and all below it."""

    actor: Actor
    operation: Operation
    at: datetime
    within: Region
    agency: str = ""
    unit: Unit | None = None


@dataclass(frozen=True)
class Section:
    """A table under its title, in texts. `widths`: as Typst takes them, one per column; `empty` is
    said where there are no rows."""

    key: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[str]
    empty: str


SectionOf = Callable[[Asked], Section]


def sections(asked: Asked) -> list[Section]:
    """What the apps above have to say about the day, in the order of the setting."""
    brought: list[SectionOf] = [import_string(path) for path in settings.DAILY_SECTIONS]
    return [section_of(asked) for section_of in brought]
