"""Strength by who controls it: what the ledger holds in place, of one owner or controller."""

from collections import Counter
from datetime import datetime

from deployments.enums import AccountPart
from deployments.queries.ledger import positions
from deployments.queries.places import parent_code
from deployments.queries.shares import spread
from portal import clock
from portal.registry.models import Agency, Operation


def chosen_people(
    operation: Operation, at: datetime, *, agency: str = "", controller: str = ""
) -> dict[str, int]:
    """Persons by region code, everything inside the region included, as it was known at that
    moment; `agency` and `controller` are slugs, empty for any."""
    ids = dict(Agency.objects.values_list("slug", "pk"))
    found: Counter[str] = Counter()
    for place in spread(positions(operation, clock.local(at).date(), at), at):
        if place.part == AccountPart.NOT_ITEMISED:
            continue
        if agency and place.agency != ids.get(agency):
            continue
        if controller and place.controller != ids.get(controller):
            continue
        code = place.region
        while code:
            found[code] += place.people
            code = parent_code(code)
    return dict(found)
