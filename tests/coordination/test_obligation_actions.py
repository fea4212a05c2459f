import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from coordination.actions import obligations as actions
from coordination.enums import OBLIGATION_MOVES, ObligationState, ReportKind
from coordination.models import Obligation
from portal.access.errors import Refused, Stale
from portal.attachments.models import Attachment
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.factories.coordination import PUBLISHED, make_obligation

LATER = PUBLISHED + timedelta(hours=2)


def png() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (2, 2), "navy").save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def obligation(coordinator, liaison_kpu):
    return make_obligation(coordinator, "kpu-kalsel")


@pytest.fixture
def submitted(obligation, liaison_kpu):
    return actions.submit_obligation(obligation, by=liaison_kpu, at=LATER, note="Sudah dikawal.")


def kinds(obligation):
    return list(obligation.reports.values_list("kind", flat=True))


def test_acknowledge_records_who_and_stops_what_asked_for_it(obligation, liaison_kpu):
    asked = Notification.objects.get(kind="obligation_assigned")
    assert (asked.post_id, asked.cancelled_at) == (liaison_kpu.post_id, None)

    done = actions.acknowledge_obligation(obligation, by=liaison_kpu, at=LATER)

    assert (done.state, done.acknowledged_at, done.acknowledged_by_id, done.version) == (
        "acknowledged",
        LATER,
        liaison_kpu.post_id,
        2,
    )
    asked.refresh_from_db()
    assert asked.cancelled_at == LATER
    assert Entry.objects.filter(verb="obligation.acknowledged").count() == 1


def test_acknowledge_twice_changes_nothing(obligation, liaison_kpu):
    actions.acknowledge_obligation(obligation, by=liaison_kpu, at=LATER, version=1)
    again = actions.acknowledge_obligation(
        obligation, by=liaison_kpu, at=LATER + timedelta(hours=1), version=1
    )
    assert (again.acknowledged_at, again.version) == (LATER, 2)
    assert kinds(obligation) == [ReportKind.ACKNOWLEDGED]


def test_acknowledge_is_for_the_obliged_agency_alone(obligation, liaison_bawaslu, coordinator):
    for stranger in (liaison_bawaslu, coordinator):
        with pytest.raises(PermissionDenied):
            actions.acknowledge_obligation(obligation, by=stranger, at=LATER)
    obligation.refresh_from_db()
    assert obligation.state == ObligationState.OPEN


def test_progress_acknowledges_and_keeps_the_evidence(obligation, liaison_kpu):
    file = SimpleUploadedFile("bukti.png", png())
    done = actions.report_progress(
        obligation, by=liaison_kpu, at=LATER, percent=40, note=" Jadwal selesai. ", files=[file]
    )
    assert (done.state, done.progress) == (ObligationState.IN_PROGRESS, 40)
    assert kinds(obligation) == [ReportKind.ACKNOWLEDGED, ReportKind.PROGRESS]
    assert obligation.reports.last().note == "Jadwal selesai."
    attachment = Attachment.objects.get()
    assert (attachment.owner, attachment.name) == (obligation.reports.last(), "bukti.png")


@pytest.mark.parametrize(
    ("percent", "note", "field"), [(101, "ya", "percent"), (-1, "ya", "percent"), (5, "  ", "note")]
)
def test_progress_refuses_nonsense_at_its_field(obligation, liaison_kpu, percent, note, field):
    with pytest.raises(Refused) as refusal:
        actions.report_progress(obligation, by=liaison_kpu, at=LATER, percent=percent, note=note)
    assert refusal.value.field == field
    obligation.refresh_from_db()
    assert (obligation.state, kinds(obligation)) == (ObligationState.OPEN, [])


def test_a_bad_file_leaves_nothing_behind(obligation, liaison_kpu):
    file = SimpleUploadedFile("bukti.pdf", b"bukan pdf")
    with pytest.raises(Refused):
        actions.report_progress(
            obligation, by=liaison_kpu, at=LATER, percent=40, note="Jadwal.", files=[file]
        )
    obligation.refresh_from_db()
    assert (obligation.state, kinds(obligation)) == (ObligationState.OPEN, [])


def test_progress_of_a_stale_version_shows_the_current_row(obligation, liaison_kpu):
    actions.report_progress(obligation, by=liaison_kpu, at=LATER, percent=10, note="Satu.")
    with pytest.raises(Stale) as stale:
        actions.report_progress(
            obligation, by=liaison_kpu, at=LATER, percent=20, note="Dua.", version=1
        )
    assert stale.value.current.progress == 10
    with pytest.raises(Stale):
        actions.submit_obligation(obligation, by=liaison_kpu, at=LATER, note="Tiga.", version=1)


def test_obstacle_tells_the_issuer(obligation, liaison_kpu, coordinator):
    done = actions.report_obstacle(
        obligation, by=liaison_kpu, at=LATER, obstacle="Jalan putus.", percent=20
    )
    assert (done.state, done.progress, done.obstacle) == ("blocked", 20, "Jalan putus.")
    told = Notification.objects.get(kind="obligation_blocked")
    assert (told.post_id, told.context["note"]) == (coordinator.post_id, "Jalan putus.")
    with pytest.raises(Refused):
        actions.report_obstacle(obligation, by=liaison_kpu, at=LATER, obstacle="Lagi.")


def test_obstacle_without_words_is_refused(obligation, liaison_kpu):
    with pytest.raises(Refused) as refusal:
        actions.report_obstacle(obligation, by=liaison_kpu, at=LATER, obstacle=" ")
    assert refusal.value.field == "obstacle"


def test_submit_then_verify_closes_it(submitted, coordinator, liaison_kpu):
    assert (submitted.state, submitted.progress) == (ObligationState.AWAITING, 100)
    assert Notification.objects.get(kind="obligation_submitted").post_id == coordinator.post_id
    assert actions.submit_obligation(submitted, by=liaison_kpu, at=LATER, note="x").version == 3

    done = actions.verify_and_close(submitted, by=coordinator, at=LATER, note="Sesuai.")
    again = actions.verify_and_close(submitted, by=coordinator, at=LATER, note="Sesuai.")

    assert (done.state, done.closed_at, done.verified_by_id) == (
        ObligationState.DONE,
        LATER,
        coordinator.post_id,
    )
    assert again.version == done.version
    assert Notification.objects.get(kind="obligation_closed").post_id == liaison_kpu.post_id
    assert kinds(submitted)[-2:] == [ReportKind.VERIFIED, ReportKind.CLOSED]


def test_submit_needs_words(obligation, liaison_kpu):
    with pytest.raises(Refused) as refusal:
        actions.submit_obligation(obligation, by=liaison_kpu, at=LATER, note=" ")
    assert refusal.value.field == "note"


def test_return_gives_it_back_with_a_reason(submitted, coordinator, liaison_kpu):
    with pytest.raises(Refused) as refusal:
        actions.return_obligation(submitted, by=coordinator, at=LATER, note=" ")
    assert refusal.value.field == "note"
    with pytest.raises(Refused):
        actions.return_obligation(submitted, by=coordinator, at=LATER, note="x", percent=200)

    back = actions.return_obligation(submitted, by=coordinator, at=LATER, note="Lampirkan berita.")

    assert (back.state, back.progress) == (ObligationState.IN_PROGRESS, 90)
    told = Notification.objects.get(kind="obligation_returned")
    assert (told.post_id, told.context["note"]) == (liaison_kpu.post_id, "Lampirkan berita.")
    with pytest.raises(Refused):
        actions.return_obligation(submitted, by=coordinator, at=LATER, note="Lagi.")


def test_the_doer_never_closes(submitted, liaison_kpu):
    for action in (actions.verify_obligation, actions.return_obligation):
        with pytest.raises(PermissionDenied):
            action(submitted, by=liaison_kpu, at=LATER, note="Sudah.")


def test_nothing_is_reported_while_it_waits_for_verification(submitted, liaison_kpu):
    with pytest.raises(Refused):
        actions.report_progress(submitted, by=liaison_kpu, at=LATER, percent=5, note="Lagi.")


def test_verify_of_an_unsubmitted_one_is_refused(obligation, coordinator):
    with pytest.raises(Refused):
        actions.verify_obligation(obligation, by=coordinator, at=LATER)
    with pytest.raises(Stale):
        actions.verify_obligation(obligation, by=coordinator, at=LATER, version=9)


@pytest.mark.parametrize("state", ObligationState)
def test_moves_lead_only_to_known_states(state):
    assert OBLIGATION_MOVES[state] <= set(ObligationState)
    assert state not in OBLIGATION_MOVES[state]


def test_overdue_begins_after_the_due_time(obligation):
    due = obligation.due_at
    second = timedelta(seconds=1)
    for moment, late in ((due - second, 0), (due, 0), (due + second, 1)):
        assert Obligation.objects.overdue(moment).count() == late
        assert obligation.is_overdue(moment) is bool(late)
