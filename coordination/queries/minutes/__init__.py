"""What the pages, documents and the API show of minutes."""

from coordination.queries.minutes.history import History, RevisionRow, history
from coordination.queries.minutes.passages import (
    Passage,
    agencies_of_seats,
    concerned,
    hidden_sections,
    open_items,
    passages,
)
from coordination.queries.minutes.rows import addendum_rows, file_rows, objection_rows
from coordination.queries.minutes.verification import verified, verified_copy
from coordination.queries.minutes.wording import Part, word_diff

__all__ = [
    "History",
    "Part",
    "Passage",
    "RevisionRow",
    "addendum_rows",
    "agencies_of_seats",
    "concerned",
    "file_rows",
    "hidden_sections",
    "history",
    "objection_rows",
    "open_items",
    "passages",
    "verified",
    "verified_copy",
    "word_diff",
]
