"""Two sessions at once on one obligation, each in a transaction of its own."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from coordination.actions import minutes
from coordination.actions import obligations as actions
from coordination.actions.reminders import remind_obligations
from coordination.models import Obligation, ProgressReport, Reminder, Wait
from portal.access.errors import Refused
from portal.attachments.models import Attachment
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.coordination.test_chain_gaps import png
from tests.factories.coordination import NOW, START, make_alone, make_minutes, sign

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def at_once(*calls):
    """Run them side by side from one starting line; what each raised, in their order."""
    start = threading.Barrier(len(calls))
    raised = [None] * len(calls)

    def run(place, call):
        try:
            start.wait()
            call()
        except Refused as refusal:
            raised[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.fixture
def scene(people):
    coordinator, liaison = people["koordinator"], people["liaison.kpu"]
    return make_alone(coordinator, "kpu-kalsel").obligations.get(), liaison


def test_acknowledged_while_the_reminder_is_being_sent(scene):
    """The sweep holds the row; the answer waits for it and stops what it sent."""
    obligation, liaison = scene
    swept, answered = threading.Event(), threading.Event()

    def sweep():
        with transaction.atomic():
            assert remind_obligations(at=NOW + DAY) == 1
            swept.set()
            assert not answered.wait(0.5)

    def answer():
        assert swept.wait(10)
        actions.acknowledge_obligation(obligation, by=liaison, at=NOW + DAY)
        answered.set()

    assert at_once(sweep, answer) == [None, None]
    obligation.refresh_from_db()
    assert (obligation.state, Reminder.objects.count()) == ("acknowledged", 1)
    reminder = Notification.objects.get(kind="obligation_unacknowledged")
    assert reminder.cancelled_at == NOW + DAY
    assert remind_obligations(at=NOW + 2 * DAY) == 0


def test_the_reminder_passes_over_what_is_just_being_acknowledged(scene):
    obligation, liaison = scene
    held, swept = threading.Event(), threading.Event()

    def answer():
        with transaction.atomic():
            actions.acknowledge_obligation(obligation, by=liaison, at=NOW + DAY)
            held.set()
            assert swept.wait(10)

    def sweep():
        assert held.wait(10)
        assert remind_obligations(at=NOW + DAY) == 0
        swept.set()

    assert at_once(answer, sweep) == [None, None]
    assert not Reminder.objects.exists()


def test_evidence_of_two_sessions_is_kept_by_both(scene):
    """There is no taking evidence away: whoever comes second adds to it or is refused whole."""
    obligation, liaison = scene

    def report():
        actions.report_progress(
            obligation, by=liaison, at=NOW, percent=50, note="Jalan.", files=[png("satu.png")]
        )

    def submit():
        actions.submit_obligation(
            obligation, by=liaison, at=NOW, note="Selesai.", files=[png("dua.png")]
        )

    raised = at_once(report, submit)
    obligation.refresh_from_db()
    assert (obligation.state, raised[1]) == ("awaiting_verification", None)
    names = set(Attachment.objects.values_list("name", flat=True))
    assert names == ({"dua.png"} if raised[0] else {"satu.png", "dua.png"})
    owners = set(ProgressReport.objects.values_list("pk", flat=True))
    assert set(Attachment.objects.values_list("object_id", flat=True)) <= owners


def test_evidence_cannot_be_deleted_or_exchanged_whoever_asks(scene):
    obligation, liaison = scene
    actions.report_progress(
        obligation, by=liaison, at=NOW, percent=50, note="Jalan.", files=[png("satu.png")]
    )
    file = Attachment.objects.get()
    for forbidden in (
        lambda rows: rows.delete(),
        lambda rows: rows.update(sha256="0" * 64),
        lambda rows: rows.update(path="lain"),
        lambda rows: rows.update(object_id=0),
    ):
        with pytest.raises(IntegrityError, match="evidence of a report is fixed"):
            forbidden(Attachment.objects.filter(pk=file.pk))
    assert Attachment.objects.get() == file
    # Its class follows the obligation's.
    assert Attachment.objects.filter(pk=file.pk).update(classification=3) == 1


def test_evidence_that_a_racing_session_deletes_is_there_when_it_is_submitted(people):
    """One session takes the only evidence away while another submits by it: the deletion fails."""
    liaison = people["liaison.kpu"]
    directive = make_alone(people["koordinator"], "kpu-kalsel", evidence_required=True)
    obligation = directive.obligations.get()
    actions.report_progress(
        obligation, by=liaison, at=NOW, percent=50, note="Jalan.", files=[png("satu.png")]
    )
    file = Attachment.objects.get()
    deleted = []

    def delete():
        try:
            Attachment.objects.filter(pk=file.pk).delete()
            deleted.append(file.pk)
        except IntegrityError:
            pass

    def submit():
        actions.submit_obligation(obligation, by=liaison, at=NOW, note="Selesai.")

    assert at_once(delete, submit) == [None, None]
    obligation.refresh_from_db()
    assert (obligation.state, deleted, Attachment.objects.get()) == (
        "awaiting_verification",
        [],
        file,
    )


def test_a_file_of_the_minutes_that_two_take_off_at_once_goes_once(people):
    coordinator = people["koordinator"]
    people["liaison.kpu"]
    draft = make_minutes(coordinator, "kpu-kalsel")
    file = minutes.add_file(draft, png("satu.png"), by=coordinator, at=NOW)
    kept = minutes.add_file(draft, png("dua.png"), by=coordinator, at=NOW)
    raised = at_once(
        *(lambda: minutes.remove_file(draft, file, by=coordinator, at=NOW) for _ in range(2))
    )
    assert sorted(map(bool, raised)) == [False, True]
    assert list(Attachment.objects.all()) == [kept]
    assert Entry.objects.filter(verb="attachment.remove").count() == 1


def test_a_file_that_is_taken_off_while_the_minutes_are_signed_is_either_signed_or_gone(people):
    coordinator = people["koordinator"]
    people["liaison.kpu"]
    draft = make_minutes(coordinator, "kpu-kalsel")
    file = minutes.add_file(draft, png("satu.png"), by=coordinator, at=NOW)
    at = START + DAY
    removed, signed = at_once(
        lambda: minutes.remove_file(draft, file, by=coordinator, at=at),
        lambda: sign(draft, by=coordinator, at=at),
    )
    assert signed is None
    assert Attachment.objects.exists() is bool(removed)
    draft.refresh_from_db()
    done = minutes.publish_minutes(draft, by=coordinator, at=at)
    assert ("satu.png" in done.sealed_text) is bool(removed)


def test_two_that_begin_to_wait_for_each_other_at_once_make_no_circle(people):
    coordinator, kpu, bawaslu = (
        people[login] for login in ("koordinator", "liaison.kpu", "liaison.bawaslu")
    )
    directive = make_alone(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    mine = directive.obligations.get(agency_id=kpu.agency_id)
    other = directive.obligations.get(agency_id=bawaslu.agency_id)
    raised = at_once(
        lambda: actions.wait_for_obligation(mine, other, by=kpu, at=NOW),
        lambda: actions.wait_for_obligation(other, mine, by=bawaslu, at=NOW),
    )
    assert [bool(refusal) for refusal in raised].count(True) == 1
    assert Wait.objects.filter(ended_at=None).count() == 1


def test_verified_twice_at_once_is_once(people):
    coordinator, commander, liaison = (
        people[login] for login in ("koordinator", "pimpinan", "liaison.kpu")
    )
    obligation = make_alone(coordinator, "kpu-kalsel").obligations.get()
    actions.submit_obligation(obligation, by=liaison, at=NOW, note="Selesai.")
    raised = at_once(
        *(
            lambda actor=actor: actions.verify_and_close(obligation, by=actor, at=NOW)
            for actor in (coordinator, commander)
        )
    )
    kinds = list(ProgressReport.objects.values_list("kind", flat=True))
    assert (raised, kinds.count("verified"), kinds.count("closed")) == ([None, None], 1, 1)
    assert Obligation.objects.get().state == "done"
