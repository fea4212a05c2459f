"""What became of a text, word by word."""

import re
from difflib import SequenceMatcher

Part = tuple[str, str]
"""A stretch of a comparison: same, added or removed, and its words."""


def word_diff(before: str, after: str) -> list[Part]:
    """What became of a text, in stretches of words."""
    old, new = (re.findall(r"\s+|\S+", text) for text in (before, after))
    parts: list[Part] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            parts.append(("removed", "".join(old[i1:i2])))
        if j2 > j1:
            parts.append(("added", "".join(new[j1:j2])))
    return parts
