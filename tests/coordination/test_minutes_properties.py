"""Whatever is tried in whatever order: only moves of the table happen, each with one audit row, and
what was published keeps its hash."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coordination.actions import attendance, directives, obligations
from coordination.actions import minutes as actions
from coordination.enums import MINUTES_MOVES
from coordination.models import Minutes, Objection, Obligation
from portal.access.errors import Refused
from portal.audit.models import Entry
from tests.coordination.test_chain_gaps import png
from tests.factories.coordination import START, make_directive, make_minutes

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


AFTER = (
    "draft_addendum", "edit_addendum", "sign_addendum", "publish_addendum", "add_file",
    "remove_file", "direct", "cancel_directive", "progress", "write", "return", "sign", "publish",
    "attend",
)  # fmt: skip


class Published(Way):
    """One that went all the way, with a directive and a file; what is tried after it."""

    def __init__(self, coordinator, liaison):
        super().__init__(coordinator, liaison)
        make_directive(self.row, coordinator, "kpu-kalsel", at=self.at)
        self.file = actions.add_file(self.row, png(), by=coordinator, at=self.at)
        self.sign_anyway()
        self.publish()

    @property
    def addendum(self):
        return self.row.addenda.select_related("minutes__meeting").order_by("-pk").first()

    def _addendum(self, action, **values):
        if self.addendum is None:
            raise Refused("Belum ada adendum.")
        action(self.addendum, by=self.by, at=self.at, **values)

    def draft_addendum(self):
        words = {"text": f"Seharusnya {self.tries}.", "reason": "Salah tulis."}
        actions.draft_addendum(self.row, by=self.by, at=self.at, section=self.passage, **words)

    def edit_addendum(self):
        self._addendum(actions.edit_addendum, text=f"Lebih {self.tries}.", reason="Jelas.")

    def sign_addendum(self):
        self._addendum(actions.sign_addendum, proof="mfa")

    def publish_addendum(self):
        self._addendum(actions.publish_addendum)

    def add_file(self):
        actions.add_file(self.row, png(), by=self.by, at=self.at)

    def remove_file(self):
        actions.remove_file(self.row, self.file, by=self.by, at=self.at)

    def direct(self):
        make_directive(self.row, self.by, "kpu-kalsel", at=self.at)

    def cancel_directive(self):
        directive = self.row.meeting.directives.exclude(issued_at=None).first()
        directives.cancel_directive(directive, by=self.by, at=self.at, reason="Berubah.")

    def progress(self):
        share = Obligation.objects.get(directive__meeting=self.row.meeting)
        values = {"percent": 10, "note": "Jalan.", "files": [png()]}
        obligations.report_progress(share, by=self.liaison, at=self.at, **values)

    def attend(self):
        meeting = self.row.meeting
        seat = meeting.invitations.select_related("agency").get()
        line = attendance.Seat(seat.agency, seat.addressee, "hadir", "Lain", "", self.at)
        attendance.record_attendance(meeting, [line], by=self.by, at=self.at)


@pytest.mark.django_db
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=st.lists(st.sampled_from(AFTER), min_size=5, max_size=16))
@example(
    moves=["draft_addendum", "sign_addendum", "publish_addendum", "edit_addendum", "draft_addendum"]
)
def test_what_was_published_keeps_its_hash_whatever_follows(coordinator, liaison_kpu, moves):
    with transaction.atomic():
        way = Published(coordinator, liaison_kpu)
        kept = {name: getattr(way.row, name) for name in ("sha256", "number", "sealed_text")}
        assert actions.fingerprint(way.row) == kept["sha256"] != ""
        sealed = {}
        for move in moves:
            refused = not way.attempt(move)
            row = way.row
            assert (row.state, {name: getattr(row, name) for name in kept}) == ("published", kept)
            assert actions.fingerprint(row) == kept["sha256"]
            now = dict(row.addenda.filter(state="published").values_list("number", "sha256"))
            assert now.items() >= sealed.items()
            sealed = now
            if move in {"add_file", "remove_file", "write", "return", "attend"}:
                assert refused, move
        transaction.set_rollback(True)
