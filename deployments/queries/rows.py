from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from deployments.enums import Tally
from deployments.queries.group_lights import Groups, Scales


def came_late(states: Mapping[str, int] | None, late: int) -> int:
    """Reports that came after their cut-off and are called so, as their list has them: one that is
    also contested or held back is called that, and one that never came is missing. `late`: what
    stands for it while they were not counted apart."""
    return late if states is None else states[Tally.LATE]


@dataclass(frozen=True)
class RollupRow:
    """One agency in one region at one moment. Persons and numbers of reports.

    Strength comes from the deployments in place at `at`: `declared` = `engaged` + `standby` +
    `reserve` + `not_itemised`. For the province it is the announced total, so that `not_itemised`
    (negative if the parts exceed the total) is what no deployment accounts for; elsewhere it is
    what the agency placed there. `need` is officers needed at polling stations by the guarding
    patterns, for the agency that guards them; `gap` = `need` − `engaged`: positive is short,
    negative is surplus. None: not known; so is the gap of a district while people stand in its
    regency without saying in which district.

    Readiness comes from the reports of `cut_off_at`, the newest cut-off at `at`. `late_reports`
    came after their cut-off, or have not come although its day has ended. `total`, `present` and
    `reported_*` add up the reports received; who is silent is in no sum. `light` is "" where no
    report is expected. `conflicts`: districts of which two units say different things. `as_of`:
    the newest change behind any figure, at which they were the same; `reports_as_of`: the newest
    report in them.

    `states`: the expected reports by Tally, each in one; they add up to `expected_reports`. None:
    the moment lies before they were counted apart. `groups`: the lights of the groups of the
    reports received, counted; `scales`: the thresholds that judge them.

    `undistributed`: what the agency has in this wider region without saying in which part of it;
    only with these rows do the rows of a level add up to the whole.
    """

    region: str
    region_name: str
    region_level: str
    undistributed: bool
    agency: str
    agency_short: str
    declared: int
    engaged: int
    standby: int
    reserve: int
    not_itemised: int
    need: int | None
    gap: int | None
    expected_reports: int
    received_reports: int
    late_reports: int
    missing_reports: int
    verified_reports: int
    states: dict[str, int] | None
    groups: Groups
    scales: Scales
    total: int
    present: int
    reported_engaged: int
    reported_standby: int
    reported_reserve: int
    light: str
    silent_since: datetime | None
    conflicts: int
    as_of: datetime | None
    reports_as_of: datetime | None
    final: bool
    cut_off_at: datetime | None

    @property
    def conflict(self) -> bool:
        """Two units say different things of some district in it."""
        return self.conflicts > 0

    @property
    def over_itemised(self) -> bool:
        """The parts exceed what was announced: one of the two is wrong."""
        return self.not_itemised < 0
