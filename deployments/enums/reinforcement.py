"""A request for reinforcement: its state follows from what was given; and what its log tells."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NeedState(models.TextChoices):
    """How far a request for reinforcement has come. Only WITHDRAWN is written down; every other
    state follows from the answers and from the placements that were given."""

    ASKED = "asked", pgettext_lazy("penebalan", "Diminta")
    PARTLY = "partly", pgettext_lazy("penebalan", "Terpenuhi sebagian")
    FILLED = "filled", pgettext_lazy("penebalan", "Terpenuhi")
    IN_PLACE = "in_place", pgettext_lazy("penebalan", "Di tempat")
    RELEASED = "released", pgettext_lazy("penebalan", "Dilepas")
    REFUSED = "refused", pgettext_lazy("penebalan", "Ditolak")
    WITHDRAWN = "withdrawn", pgettext_lazy("penebalan", "Ditarik")


NEED_MOVES: dict[str, frozenset[str]] = {
    NeedState.ASKED: frozenset(
        {NeedState.PARTLY, NeedState.FILLED, NeedState.REFUSED, NeedState.WITHDRAWN}
    ),
    NeedState.PARTLY: frozenset(
        {
            NeedState.ASKED,
            NeedState.FILLED,
            NeedState.IN_PLACE,
            NeedState.RELEASED,
            NeedState.REFUSED,
            NeedState.WITHDRAWN,
        }
    ),
    NeedState.FILLED: frozenset(
        {
            NeedState.ASKED,
            NeedState.PARTLY,
            NeedState.IN_PLACE,
            NeedState.RELEASED,
            NeedState.REFUSED,
            NeedState.WITHDRAWN,
        }
    ),
    NeedState.IN_PLACE: frozenset({NeedState.PARTLY, NeedState.FILLED, NeedState.RELEASED}),
    NeedState.RELEASED: frozenset({NeedState.PARTLY, NeedState.FILLED}),
    NeedState.REFUSED: frozenset({NeedState.PARTLY, NeedState.FILLED, NeedState.WITHDRAWN}),
    NeedState.WITHDRAWN: frozenset(),
}
"""From each state, the states that one answer or one step of a placement may lead to: an offer that
is called off brings it back; whoever has refused may still give."""


NEED_ENDED = (NeedState.RELEASED, NeedState.WITHDRAWN)
"""Nothing is missing any more."""


NEED_BADGE = {
    NeedState.ASKED: "danger",
    NeedState.PARTLY: "warning",
    NeedState.FILLED: "info",
    NeedState.IN_PLACE: "success",
    NeedState.RELEASED: "neutral",
    NeedState.REFUSED: "danger",
    NeedState.WITHDRAWN: "neutral",
}


class NeedEvent(models.TextChoices):
    """What a line of the needs log tells."""

    ASKED = "asked", _("Penebalan diminta")
    OFFERED = "offered", _("Disanggupi")
    ASSIGNED = "assigned", _("Ditugaskan dalam rantai komando")
    DECLINED = "declined", _("Tidak dapat memenuhi")
    MOVED = "moved", _("Keadaan penempatan berubah")
    CHANGED = "changed", _("Jumlah berubah")
    WITHDRAWN = "withdrawn", _("Permintaan ditarik")
