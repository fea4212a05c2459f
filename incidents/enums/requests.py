"""What one agency asks of another about an incident: to take it over, whole or in part, or to
advise. Across agencies nothing is ordered, so each of them is a request that is answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RequestKind(models.TextChoices):
    WHOLE = "seluruh", _("Pelimpahan seluruhnya")
    PART = "sebagian", _("Pelimpahan sebagian")
    ADVICE = "saran", _("Permintaan saran")


REFERRALS = (RequestKind.WHOLE, RequestKind.PART)
"""What hands over work; advice leaves it where it is."""


class RequestState(models.TextChoices):
    WAITING = "menunggu", _("Menunggu jawaban")
    ACCEPTED = "diterima", pgettext_lazy("pelimpahan", "Diterima")
    DECLINED = "ditolak", pgettext_lazy("pelimpahan", "Ditolak")
    DONE = "dijawab", _("Hasil diterima")
    WITHDRAWN = "ditarik", pgettext_lazy("pelimpahan", "Ditarik pengirim")
    LAPSED = "berakhir", _("Berakhir bersama kejadiannya")


_REFERRAL_MOVES = {
    RequestState.WAITING: frozenset(
        {
            RequestState.ACCEPTED,
            RequestState.DECLINED,
            RequestState.WITHDRAWN,
            RequestState.LAPSED,
        }
    ),
    RequestState.ACCEPTED: frozenset({RequestState.DONE, RequestState.LAPSED}),
}
_ADVICE_MOVES = {
    RequestState.WAITING: frozenset(
        {RequestState.DONE, RequestState.WITHDRAWN, RequestState.LAPSED}
    ),
}
REQUEST_MOVES: dict[str, dict[str, frozenset[str]]] = {
    kind: {
        state: (_ADVICE_MOVES if kind == RequestKind.ADVICE else _REFERRAL_MOVES).get(
            state, frozenset()
        )
        for state in RequestState
    }
    for kind in RequestKind
}
"""Which state may follow which, by kind: a question is answered or not, it is not accepted first.
`LAPSED` comes with an end of the incident, by nobody's own act."""
REQUEST_OPEN = frozenset({RequestState.WAITING, RequestState.ACCEPTED})
"""Somebody still owes an answer."""
REQUEST_BADGES: dict[str, str] = {
    RequestState.WAITING: "warning",
    RequestState.ACCEPTED: "info",
    RequestState.DECLINED: "danger",
    RequestState.DONE: "success",
    RequestState.WITHDRAWN: "neutral",
    RequestState.LAPSED: "neutral",
}
