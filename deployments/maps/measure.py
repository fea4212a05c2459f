"""What a measure of the map is: the shape that this app's measures and those of others have."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from deployments.maps.shading import Fact, Scale
from deployments.queries.by_control import chosen_people
from deployments.queries.strength import StrengthRow
from portal.access.actor import Actor
from portal.registry.models import Operation


@dataclass(frozen=True)
class Asked:
    """For whom and about what a measure's figures are asked. `rows`: the roll-up by region code,
    the regions of the level and the region `within` which they lie; `agency`, `controller`: slugs
    or nothing."""

    actor: Actor
    operation: Operation
    at: datetime
    within: str
    codes: Sequence[str]
    rows: Mapping[str, StrengthRow]
    agency: str = ""
    controller: str = ""
    task_force: str = ""
    function: str = ""

    def people(self, part: str = "") -> dict[str, int]:
        """The strength that the choice leaves, by region code."""
        return chosen_people(
            self.operation,
            self.at,
            agency=self.agency,
            controller=self.controller,
            task_force=self.task_force,
            function=self.function,
            part=part,
        )


@dataclass(frozen=True)
class Measure:
    """Its figures stand in the roll-up's rows (`of_row`), or its own selector is asked once for all
    regions (`read`).

    `column`: its figure has no column of its own in the table and gets one. `counted`: its
    values can be subtracted. `version`: names the state of figures that the roll-up does not hold,
    for those who ask whether anything changed. `narrows`: it heeds the choice of a task force and
    of a function. `ranked`: the measure that stands in for one of named classes where classes of
    like size are asked for."""

    key: str
    label: str | Promise
    legend: str | Promise
    scale: Scale
    of_row: Callable[[StrengthRow], Fact] | None = None
    read: Callable[[Asked], Mapping[str, Fact]] | None = None
    column: bool = True
    counted: bool = True
    version: Callable[[Actor, datetime], str] | None = None
    source: str | Promise = ""
    narrows: bool = False
    ranked: "Measure | None" = None

    def facts(self, asked: Asked) -> dict[str, Fact]:
        """By code; a region without one is not known."""
        if self.read is not None:
            return dict(self.read(asked))
        if self.of_row is None:
            return {}
        return {code: self.of_row(row) for code, row in asked.rows.items()}
