"""Who may, and what a free text must not hold."""

from incidents.rules.handling import (
    RULES,
    barred,
    commands,
    complained_of,
    covers,
    handles,
    handles_region,
    judges_threat,
    opens_names,
    settles,
    sits_with,
    triages,
)
from incidents.rules.tally import looks_like_tally

__all__ = [
    "RULES",
    "barred",
    "commands",
    "complained_of",
    "covers",
    "handles",
    "handles_region",
    "judges_threat",
    "looks_like_tally",
    "opens_names",
    "settles",
    "sits_with",
    "triages",
]
