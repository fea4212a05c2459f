"""What the roll-up said at a moment, by agency and region: the reports, and the people in them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from deployments.enums import Tally
from deployments.models import GroupRollupVersion, RollupVersion
from deployments.queries.group_lights import COUNTS, Groups, add_groups
from deployments.queries.places import parent_code
from portal.registry.models import Operation

REPORTED = (
    "expected",
    "received",
    "late",
    "missing",
    "verified",
    "total",
    "present",
    "engaged",
    "standby",
    "reserve",
    "conflicts",
)
TALLIES = {tally.value: f"tally_{tally}" for tally in Tally}


class Reported:
    """One cut-off as it stood at `at`, read once. `rows` by (agency id, region code)."""

    def __init__(
        self,
        operation: Operation,
        at: datetime,
        cut_off: datetime | None,
        agencies: Collection[int],
        regions: Collection[str],
    ):
        found = RollupVersion.objects.known_at(at).filter(
            operation=operation, cut_off_at=cut_off, agency__in=agencies, region__in=regions
        )
        self.rows: dict[tuple[int, str], dict[str, Any]] = {
            (row["agency_id"], row["region_id"]): row
            for row in found.values("agency_id", "region_id", "as_of", *REPORTED, *TALLIES.values())
        }
        lights = GroupRollupVersion.objects.known_at(at).filter(
            operation=operation, cut_off_at=cut_off, agency__in=agencies, region__in=regions
        )
        self.lights: dict[tuple[int, str], dict[str, dict[str, int]]] = defaultdict(dict)
        for row in lights.values("agency_id", "region_id", "group_key", *COUNTS):
            place = (row["agency_id"], row["region_id"])
            self.lights[place][row["group_key"]] = {name: row[name] for name in COUNTS}
        self.inside: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
        """Per region the rows of the regions right below it."""
        for (agency, code), row in self.rows.items():
            self.inside[agency, parent_code(code)].append(row)
        self.parts = {
            place: {name: sum(row[name] for row in rows) for name in REPORTED}
            for place, rows in self.inside.items()
        }

    def whole(self, agency: int, code: str) -> dict[str, int]:
        """The region with all that lies in it."""
        row = self.rows.get((agency, code))
        return {name: row[name] if row else 0 for name in REPORTED}

    def own(self, agency: int, code: str) -> dict[str, int]:
        """The region's reports without those that its parts account for."""
        parts = self.parts.get((agency, code), {})
        return {
            name: number - parts.get(name, 0) for name, number in self.whole(agency, code).items()
        }

    def states(self, agency: int, code: str, *, own_only: bool) -> dict[str, int] | None:
        """The expected reports by Tally: of the region, or of it without its parts. None: the
        moment lies before they were counted apart."""
        row = self.rows.get((agency, code))
        if row is None:
            return dict.fromkeys(TALLIES, 0)
        parts = self.inside.get((agency, code), []) if own_only else []
        if any(one[column] is None for one in (row, *parts) for column in TALLIES.values()):
            return None
        return {
            name: row[column] - sum(part[column] for part in parts)
            for name, column in TALLIES.items()
        }

    def groups(self, agency: int, code: str, *, own_only: bool) -> Groups:
        """The lights of the groups of the region's reports, or of those of none of its parts."""
        whole = self.lights.get((agency, code), {})
        if not own_only:
            return whole
        parts = add_groups(
            groups
            for (owner, part), groups in self.lights.items()
            if owner == agency and parent_code(part) == code
        )
        return {
            key: {name: counts[name] - parts.get(key, {}).get(name, 0) for name in COUNTS}
            for key, counts in whole.items()
        }
