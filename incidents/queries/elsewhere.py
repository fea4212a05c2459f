"""What an incident says of other incidents, for those who may not see them."""

import re
from collections.abc import Iterable, Sequence

from incidents.enums import UpdateKind
from incidents.models import Incident, IncidentUpdate
from portal.access.actor import Actor

NUMBER = re.compile(r"\bKJ-\d{4}-\d{4,}\b")
UNNAMED = "kejadian lain"
"""In the source language, as the stored sentence around it."""
NAMING = (UpdateKind.MERGE, UpdateKind.SPLIT, UpdateKind.LEFT)
"""The entries that the portal writes itself and that name another incident."""


def masked(updates: Iterable[IncidentUpdate], actor: Actor) -> list[IncidentUpdate]:
    """The entries with the numbers of incidents out of sight left out of their texts."""
    rows = list(updates)
    naming = [row for row in rows if row.kind in NAMING]
    named = {number for row in naming for number in NUMBER.findall(row.text)}
    if not named:
        return rows
    found = Incident.objects.visible_to(actor).filter(number__in=named)
    seen = set(found.values_list("number", flat=True))

    def spoken(number: re.Match[str]) -> str:
        return number[0] if number[0] in seen else UNNAMED

    for row in naming:
        row.text = NUMBER.sub(spoken, row.text)
    return rows


def merged_numbers(actor: Actor, incidents: Sequence[Incident]) -> dict[int, str]:
    """Of the incidents that these ended in: the numbers of those in sight, by id."""
    ends = {row.merged_into_id for row in incidents if row.merged_into_id}
    if not ends:
        return {}
    found = Incident.objects.visible_to(actor).filter(pk__in=ends)
    return dict(found.values_list("pk", "number"))
