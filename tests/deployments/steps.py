"""What a process of `hands` does at one moment."""

from datetime import datetime
from random import Random

from django.db import OperationalError

from deployments import actions
from deployments.models import StrengthAccount
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.access.errors import Refused, Stale
from portal.registry.models import Region
from portal.web.idempotency import LOCK_TIMEOUT
from tests.deployments.hands import DISTRICTS, UNITS
from tests.factories import deployments as make


class Steps:
    """Steps by chance. What another process made impossible meanwhile is refused, and that is
    right; any other error ends the process."""

    def __init__(self, chance: Random):
        self.chance = chance
        self.steps = [
            self.submit, self.submit, self.repeat, self.give_back, self.verify, self.move,
            self.fold, self.judge,
        ]  # fmt: skip

    def take(self, at: datetime) -> None:
        step = self.chance.choice(self.steps)
        try:
            with actor_context(SYSTEM):
                step(at)
        except (Refused, Stale):
            pass
        except OperationalError as error:
            # Who waits too long for the others is told to try again; nothing of his is written.
            if getattr(error.__cause__, "pgcode", "") != LOCK_TIMEOUT:
                raise

    def submit(self, at: datetime) -> None:
        """A first report, or a correction of whatever stands."""
        away = self.chance.randrange(0, 9)
        self._send(at, away, self.chance.sample(DISTRICTS, self.chance.randrange(0, 3)))

    def repeat(self, at: datetime) -> None:
        """The same delivery twice."""
        away = self.chance.randrange(0, 9)
        for _time in range(2):
            self._send(at, away, [], unit="polres-tapin")

    def _send(self, at: datetime, away: int, codes: list[str], unit: str = "") -> None:
        unit = unit or self.chance.choice(UNITS)
        standing = make.expected(unit).report
        allowed = codes if unit in UNITS[:2] else []
        actions.submit_report(
            make.unit(unit),
            make.CUT_OFF,
            make.figures(present=90 - away, on_leave=10 + away, engaged=40),
            lines=[make.line(code, total=10 + away) for code in allowed],
            replaces=standing.number if standing else 0,
            confirm="Uji",
            by=SYSTEM,
            at=at,
        )

    def give_back(self, at: datetime) -> None:
        if report := make.expected(self.chance.choice(UNITS)).report:
            actions.return_report(report, note="?", version=report.version, by=SYSTEM, at=at)

    def verify(self, at: datetime) -> None:
        if report := make.expected(self.chance.choice(UNITS)).report:
            actions.verify_report(report, version=report.version, by=SYSTEM, at=at)

    def move(self, at: datetime) -> None:
        """Some of an account's people, more than it has among them, to another place."""
        accounts = StrengthAccount.objects.filter(agency__slug="polda-kalsel").order_by("pk")
        values = {
            "part": self.chance.choice(["reserve", "engaged"]),
            "unit": make.unit(self.chance.choice(UNITS)),
            "region": Region.objects.get(code=self.chance.choice(("63.03", "63.05"))),
            "place": None,
            "controller": None,
            "personnel": self.chance.randrange(1, 60),
            "effective_on": clock.local(at).date(),
            "reason": "uji",
            "origin": "",
        }
        actions.transfer(self.chance.choice(list(accounts)), values, by=SYSTEM, at=at)

    def fold(self, at: datetime) -> None:
        actions.fold()

    def judge(self, at: datetime) -> None:
        """Other per cents from now on."""
        make.threshold("personnel", at, ready=self.chance.randrange(80, 99))
