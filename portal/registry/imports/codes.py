"""Codes of regions as people write them in sheets."""

import re

from portal.registry.models import Region

DIGITS = re.compile(r"\d{2}(\d{2}){0,2}|\d{6}[12]\d{3}")
GROUPS = (2, 4, 6, 10)
SEPARATORS = re.compile(r"\s*[;,]\s*|\s+")


def region_code(text: str) -> str:
    """`63.03.01`, also when it was written as `630301`."""
    compact = text.strip()
    if not DIGITS.fullmatch(compact):
        return compact
    ends = [end for end in GROUPS if end <= len(compact)]
    return ".".join(compact[start:end] for start, end in zip((0, *ends), ends, strict=False))


def region_codes(text: str) -> list[str]:
    """Several codes in one cell, parted by semicolons."""
    return sorted({region_code(part) for part in SEPARATORS.split(text) if part.strip()})


def known_codes(codes: set[str], *levels: str) -> set[str]:
    """Those of the codes that are regions of one of the levels."""
    rows = Region.objects.filter(code__in=codes, level__in=levels)
    return set(rows.values_list("code", flat=True))
