"""Two units that say different things of one place."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConflictState(models.TextChoices):
    """Two units say different things about one place."""

    OPEN = "open", _("Belum diputus")
    DECIDED = "decided", _("Sudah diputus")
    DISSOLVED = "dissolved", _("Selisih sudah hilang")


CONFLICT_MOVES: dict[str, frozenset[str]] = {
    ConflictState.OPEN: frozenset({ConflictState.DECIDED, ConflictState.DISSOLVED}),
    ConflictState.DECIDED: frozenset({ConflictState.OPEN, ConflictState.DISSOLVED}),
    ConflictState.DISSOLVED: frozenset({ConflictState.OPEN}),
}


CONFLICT_BADGE = {
    ConflictState.OPEN: "danger",
    ConflictState.DECIDED: "success",
    ConflictState.DISSOLVED: "neutral",
}
