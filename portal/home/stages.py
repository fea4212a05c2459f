"""Where the operation stands: running stages, the next one, and the days that are left."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import clock
from portal.registry.models import Operation, Stage
from portal.registry.queries import next_stage, running_stages

DECISIVE = "voting"
"""The stage that the whole operation works towards."""


@dataclass(frozen=True)
class Countdown:
    """A stage to come: its name, its first moment, and how far away that is in words."""

    name: str
    starts_at: datetime
    left: str
    focus: str


@dataclass(frozen=True)
class StageBanner:
    operation: str
    running: list[str]
    coming: Countdown | None
    decisive: Countdown | None


def stage_banner(operation: Operation, at: datetime) -> StageBanner:
    """The stages that end soonest come first: they are the ones being worked on."""
    running = running_stages(operation, at).exclude(key="operation").order_by("ends_at", "position")
    coming = next_stage(operation, at)
    decisive = operation.stages.filter(key=DECISIVE, starts_at__gt=at).first()
    return StageBanner(
        operation=operation.name,
        running=[stage.label for stage in running],
        coming=_countdown(coming, at) if coming else None,
        decisive=_countdown(decisive, at) if decisive and decisive != coming else None,
    )


def _countdown(stage: Stage, at: datetime) -> Countdown:
    return Countdown(
        stage.label, stage.starts_at, time_left(stage.starts_at, at), stage.security_focus
    )


def time_left(moment: datetime, at: datetime) -> str:
    """Whole calendar days in WITA, on the last day hours: "7 hari lagi", "16 jam lagi"."""
    days = (clock.local(moment).date() - clock.local(at).date()).days
    if days > 1:
        return ngettext("%(number)s hari lagi", "%(number)s hari lagi", days) % {"number": days}
    minutes = max(0, int((moment - at).total_seconds() // 60))
    if minutes >= 60:
        hours = minutes // 60
        return ngettext("%(number)s jam lagi", "%(number)s jam lagi", hours) % {"number": hours}
    if not minutes:
        return _("sekarang")
    return ngettext("%(number)s menit lagi", "%(number)s menit lagi", minutes) % {"number": minutes}
