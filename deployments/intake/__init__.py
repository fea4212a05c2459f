"""Lists of forces that come in as files: one module per kind of import. A further kind is one
module here and one line in `apps.py`."""

from deployments.intake.placements import PLACEMENTS
from deployments.intake.rosters import ROSTERS
from deployments.intake.strengths import STRENGTHS

__all__ = ["PLACEMENTS", "ROSTERS", "STRENGTHS"]
