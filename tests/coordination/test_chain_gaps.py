"""Each link of the chain, missing: closing refuses and names it."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from coordination.actions import obligations as actions
from coordination.models import Obligation, ProgressReport, Wait
from coordination.queries.chain import chain_gaps
from portal.access.actor import Actor
from portal.access.errors import Refused
from tests.factories.coordination import (
    NOW,
    PUBLISHED,
    make_alone,
    make_directive,
    make_minutes,
    make_obligation,
)

LATER = PUBLISHED + timedelta(hours=1)


def png(name: str = "bukti.png") -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.new("RGB", (2, 2), "navy").save(stream, "PNG")
    return SimpleUploadedFile(name, stream.getvalue())


@pytest.fixture
def verified(coordinator, liaison_kpu):
    directive = {"evidence_required": True}
    row = make_obligation(coordinator, "kpu-kalsel", directive=directive)
    actions.submit_obligation(row, by=liaison_kpu, at=LATER, note="Selesai.", files=[png()])
    return actions.verify_obligation(row, by=coordinator, at=LATER)


def test_a_whole_chain_has_no_gap_and_closes(verified, coordinator):
    assert chain_gaps(verified) == []
    done = actions.close_obligation(verified, by=coordinator, at=LATER)
    assert (done.state, done.closed_by_id, done.waiting_since) == (
        "done",
        coordinator.post_id,
        None,
    )
    assert actions.close_obligation(verified, by=coordinator, at=LATER).version == done.version


def test_a_new_obligation_lacks_what_is_to_come(coordinator, liaison_kpu):
    row = make_alone(coordinator, "kpu-kalsel").obligations.get()
    assert chain_gaps(row) == [
        "Belum dinyatakan diterima oleh jabatan pelaksana.",
        "Pelaksana belum melaporkan selesai.",
        "Pemberi arahan belum memverifikasi laporan yang terakhir.",
    ]


def without_submitter(row: Obligation) -> None:
    Obligation.objects.filter(pk=row.pk).update(submitted_by=None)


def with_an_open_blocker(row: Obligation) -> None:
    other = Obligation.objects.create(
        directive=row.directive,
        agency_id=row.directive.issuer_agency_id,
        due_at=row.due_at,
        created_at=NOW,
        updated_at=NOW,
    )
    Wait.objects.create(obligation=row, kind="obligation", blocker=other, began_at=NOW)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (without_submitter, "Pelaksana belum melaporkan selesai."),
        (with_an_open_blocker, "Masih menunggu Polda Kalsel: Kawal logistik."),
    ],
)
def test_closing_refuses_and_names_the_missing_link(verified, coordinator, spoil, sentence):
    spoil(verified)
    refuses_to_close(verified, sentence, coordinator)


def refuses_to_close(row: Obligation, sentence: str, by: Actor) -> None:
    assert chain_gaps(Obligation.objects.get(pk=row.pk)) == [sentence]
    with pytest.raises(Refused) as refusal:
        actions.close_obligation(row, by=by, at=LATER)
    assert str(refusal.value.sentence) == f"Belum dapat ditutup. {sentence}"
    row.refresh_from_db()
    assert row.state == "verified"


def test_closing_refuses_without_the_evidence_that_is_demanded(coordinator, liaison_kpu):
    row = make_obligation(coordinator, "kpu-kalsel", directive={"evidence_required": True})
    actions.acknowledge_obligation(row, by=liaison_kpu, at=LATER)
    # Past the actions: they take no report without evidence, and what came cannot be taken away.
    posts = {"submitted": liaison_kpu.post_id, "verified": coordinator.post_id}
    for kind, post in posts.items():
        ProgressReport.objects.create(
            obligation=row, kind=kind, percent=100, post_id=post, at=LATER
        )
    Obligation.objects.filter(pk=row.pk).update(
        state="verified",
        progress=100,
        submitted_by_id=posts["submitted"],
        verified_at=LATER,
        waiting_since=LATER,
        verified_by_id=posts["verified"],
    )
    row.refresh_from_db()
    refuses_to_close(row, "Bukti dukung yang diwajibkan belum dilampirkan.", coordinator)


def test_evidence_is_demanded_before_it_is_submitted(coordinator, liaison_kpu):
    row = make_obligation(coordinator, "kpu-kalsel", directive={"evidence_required": True})
    with pytest.raises(Refused) as refusal:
        actions.submit_obligation(row, by=liaison_kpu, at=LATER, note="Selesai.")
    assert refusal.value.field == "file"
    row.refresh_from_db()
    assert (row.state, row.reports.count()) == ("open", 0)
    # What came with an earlier report counts.
    actions.report_progress(row, by=liaison_kpu, at=LATER, percent=50, note="Jalan.", files=[png()])
    done = actions.submit_obligation(row, by=liaison_kpu, at=LATER, note="Selesai.")
    assert done.state == "awaiting_verification"


def test_verifying_alone_leaves_it_with_the_issuer(verified, coordinator, liaison_kpu):
    assert (verified.state, verified.verified_by_id) == ("verified", coordinator.post_id)
    assert not verified.is_overdue(verified.due_at + timedelta(days=9))
    with pytest.raises(PermissionDenied):
        actions.close_obligation(verified, by=liaison_kpu, at=LATER)
    back = actions.return_obligation(verified, by=coordinator, at=LATER, note="Ternyata kurang.")
    assert (back.state, back.verified_at, back.verified_by_id) == ("in_progress", None, None)
    actions.submit_obligation(back, by=liaison_kpu, at=LATER, note="Lengkap.")
    with pytest.raises(Refused):
        actions.close_obligation(back, by=coordinator, at=LATER)


def test_the_issuers_agency_addressed_by_its_own_directive(
    coordinator, commander, liaison_polda, liaison_dprd
):
    """Another post of the agency verifies than the one that submitted."""
    row = make_alone(coordinator, "polda-kalsel").obligations.get()
    actions.submit_obligation(row, by=liaison_polda, at=LATER, note="Selesai.")
    row.refresh_from_db()
    submitter = Actor(**{**commander.__dict__, "post_id": row.submitted_by_id})
    for stranger in (liaison_polda, liaison_dprd, submitter):
        with pytest.raises(PermissionDenied):
            actions.verify_and_close(row, by=stranger, at=LATER)
    assert actions.verify_and_close(row, by=commander, at=LATER).state == "done"


def test_a_draft_of_unpublished_minutes_binds_nobody(coordinator, liaison_kpu):
    directive = make_directive(make_minutes(coordinator, "kpu-kalsel"), coordinator, "kpu-kalsel")
    row = Obligation.objects.create(
        directive=directive,
        agency_id=liaison_kpu.agency_id,
        due_at=directive.default_due_at,
        created_at=NOW,
        updated_at=NOW,
    )
    assert chain_gaps(row)[:2] == [
        "Arahan belum terbit dengan nomor.",
        "Notula rakor yang menjadi dasarnya belum terbit.",
    ]
