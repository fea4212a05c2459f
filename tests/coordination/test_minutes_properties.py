"""Whatever is tried in whatever order: only moves of the table happen, each with one audit row, and
what was published keeps its hash."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.actions import minutes as actions
from coordination.enums import MINUTES_MOVES
from coordination.models import Minutes, Objection
from portal.access.errors import Refused
from portal.audit.models import Entry
from tests.factories.coordination import START, make_minutes

DAY = timedelta(days=1)
MOVES = (
    "circulate", "object", "accept", "reject", "sign", "sign_anyway", "publish", "return", "write",
    "wait",
)  # fmt: skip
VERBS = {"minutes.circulate", "minutes.sign", "minutes.publish", "minutes.return"}


class Way:
    """One minutes on its way; `at` is the moment of the next try."""

    def __init__(self, coordinator, liaison):
        self.pk = make_minutes(coordinator, "kpu-kalsel").pk
        self.by, self.liaison = coordinator, liaison
        self.at = START + timedelta(hours=5)
        self.tries = 0

    @property
    def row(self):
        return Minutes.objects.select_related("meeting").get(pk=self.pk)

    @property
    def passage(self):
        rows = self.row.sections.select_related("minutes__meeting", "agenda_item")
        return rows.get(position=2)

    def circulate(self):
        actions.circulate_minutes(self.row, by=self.by, at=self.at, until=self.at + DAY)

    def object(self):
        actions.object_to(self.passage, by=self.liaison, at=self.at, text=f"Keliru {self.tries}.")

    def _answer(self, **values):
        row = Objection.objects.unanswered().filter(minutes=self.pk).first()
        if row is not None:
            actions.answer_objection(row, by=self.by, at=self.at, **values)

    def accept(self):
        self._answer(accept=True, body=f"Bunyi {self.tries}.")

    def reject(self):
        self._answer(accept=False, answer="Tidak.")

    def sign(self):
        actions.sign_minutes(self.row, by=self.by, at=self.at, proof="mfa")

    def sign_anyway(self):
        actions.sign_minutes(self.row, by=self.by, at=self.at, proof="mfa", reason="Dibacakan.")

    def publish(self):
        actions.publish_minutes(self.row, by=self.by, at=self.at)

    def return_(self):
        actions.return_to_draft(self.row, by=self.by, at=self.at, reason="Perbaikan.")

    def write(self):
        actions.save_section(self.passage, by=self.by, at=self.at, body=f"Ditulis {self.tries}.")

    def wait(self):
        self.at += DAY

    def attempt(self, move):
        """Whether it was done; what is refused leaves nothing behind."""
        self.tries += 1
        self.at += timedelta(minutes=1)
        try:
            with transaction.atomic():
                getattr(self, "return_" if move == "return" else move)()
        except Refused:
            return False
        return True


def moves_recorded(way):
    return Entry.objects.filter(
        verb__in=VERBS, object_type="coordination.minutes", object_id=str(way.pk)
    ).count()


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=st.lists(st.sampled_from(MOVES), min_size=4, max_size=14))
def test_only_moves_of_the_table_happen(coordinator, liaison_kpu, moves):
    way = Way(coordinator, liaison_kpu)
    sealed = ""
    for move in [*moves, "write", "return"]:
        before, rows = way.row, moves_recorded(way)
        done = way.attempt(move)
        after = way.row
        changed = after.state != before.state
        if changed:
            assert done and after.state in MINUTES_MOVES[before.state]
        assert moves_recorded(way) - rows == int(changed)
        if before.state != "draft" and move == "write":
            assert not done
        if after.state in {"signed", "published"}:
            assert not after.objections.unanswered().exists()
            assert after.skip_reason or after.circulated_at
        if after.state == "published":
            sealed = sealed or after.sha256
            assert after.sha256 == sealed == actions.fingerprint(after)
