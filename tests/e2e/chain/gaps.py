"""Chains with a link that was skipped, or that somebody took out behind the portal's back."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.actions import obligations as actions
from coordination.actions import standing
from coordination.models import Directive, Obligation, ProgressReport, Wait
from portal.access.actor import Actor
from tests.e2e.test_three_people import blank_pdf
from tests.factories.coordination import (
    NOW,
    PUBLISHED,
    START,
    agencies,
    make_alone,
    make_directive,
    make_minutes,
    make_obligation,
    make_published,
    units,
)

HOUR = timedelta(hours=1)
LATER = PUBLISHED + HOUR
EVIDENCE = {"evidence_required": True}

People = dict[str, Actor]


def evidence() -> SimpleUploadedFile:
    return SimpleUploadedFile("bukti.pdf", blank_pdf(), "application/pdf")


def addressed(people: People) -> Obligation:
    """The KPU's share of a published directive that demands evidence."""
    return make_obligation(people["koordinator"], "kpu-kalsel", directive=EVIDENCE)


# Skipped: each is as far as its doer came.


def acknowledged(people: People) -> Obligation:
    return actions.acknowledge_obligation(addressed(people), by=people["liaison.kpu"], at=LATER)


def in_progress(people: People) -> Obligation:
    return actions.report_progress(
        addressed(people),
        by=people["liaison.kpu"],
        at=LATER,
        percent=100,
        note="Semua dikawal.",
        files=[evidence()],
    )


def blocked(people: People) -> Obligation:
    by = people["liaison.kpu"]
    return actions.report_obstacle(addressed(people), by=by, at=LATER, obstacle="Jalan terputus.")


def submitted(people: People) -> Obligation:
    return actions.submit_obligation(
        addressed(people), by=people["liaison.kpu"], at=LATER, note="Selesai.", files=[evidence()]
    )


def returned(people: People) -> Obligation:
    by = people["koordinator"]
    return actions.return_obligation(submitted(people), by=by, at=LATER, note="Belum jelas.")


def declared(people: People) -> Obligation:
    by = people["liaison.kpu"]
    return actions.declare_unfeasible(addressed(people), by=by, at=LATER, reason="Tidak ada kapal.")


def verified(people: People) -> Obligation:
    return actions.verify_obligation(submitted(people), by=people["koordinator"], at=LATER)


# Deleted: each stands as verified in its row, without one of the links behind it.

ACKNOWLEDGED = ("acknowledged", "liaison.kpu")
SUBMITTED = ("submitted", "liaison.kpu")
VERIFIED = ("verified", "koordinator")


def forged(people: People, *entries: tuple[str, str], directive: Directive | None = None, **row):
    """A share whose row says verified, with only these entries in its history."""
    kpu, host = people["liaison.kpu"], people["koordinator"]
    if directive is None:
        directive = make_published(host, "bawaslu-kalsel").meeting.directives.get()
    values: dict[str, Any] = {
        "state": "verified",
        "progress": 100,
        "due_at": directive.default_due_at,
        "acknowledged_at": LATER,
        "acknowledged_by_id": kpu.post_id,
        "submitted_by_id": kpu.post_id,
        "verified_at": LATER,
        "verified_by_id": host.post_id,
        "waiting_since": LATER,
        "created_at": NOW,
        "updated_at": NOW,
    }
    (agency,) = agencies("kpu-kalsel")
    share = Obligation.objects.create(directive=directive, agency=agency, **values | row)
    for minute, (kind, login) in enumerate(entries):
        ProgressReport.objects.create(
            obligation=share,
            kind=kind,
            post_id=people[login].post_id,
            percent=100,
            at=LATER + timedelta(minutes=minute),
        )
    return share


def whole(people: People) -> Obligation:
    return forged(people, ACKNOWLEDGED, SUBMITTED, VERIFIED)


def of_unpublished_minutes(people: People) -> Obligation:
    host = people["koordinator"]
    draft = make_directive(make_minutes(host, "bawaslu-kalsel"), host, "bawaslu-kalsel")
    return forged(people, ACKNOWLEDGED, SUBMITTED, VERIFIED, directive=draft)


def without_acknowledgement(people: People) -> Obligation:
    return forged(people, SUBMITTED, VERIFIED)


def without_submission(people: People) -> Obligation:
    return forged(people, ACKNOWLEDGED, VERIFIED)


def without_submitter(people: People) -> Obligation:
    return forged(people, ACKNOWLEDGED, SUBMITTED, VERIFIED, submitted_by_id=None)


def submitted_by_another_agency(people: People) -> Obligation:
    return forged(people, ACKNOWLEDGED, ("submitted", "liaison.bawaslu"), VERIFIED)


def without_verification(people: People) -> Obligation:
    return forged(people, ACKNOWLEDGED, SUBMITTED)


def verified_before_the_last_report(people: People) -> Obligation:
    return forged(people, ACKNOWLEDGED, SUBMITTED, VERIFIED, SUBMITTED)


def verified_by_another_agency(people: People) -> Obligation:
    return forged(people, ACKNOWLEDGED, SUBMITTED, ("verified", "liaison.bawaslu"))


def verified_by_its_own_doer(people: People) -> Obligation:
    host = people["koordinator"]
    own = {"submitted_by_id": host.post_id}
    return forged(people, ACKNOWLEDGED, SUBMITTED, VERIFIED, **own)


def without_evidence(people: People) -> Obligation:
    """Forced past the actions, which take no report without it; what came cannot be taken away."""
    share = acknowledged(people)
    posts = {"submitted": people["liaison.kpu"].post_id, "verified": people["koordinator"].post_id}
    for kind, post in posts.items():
        ProgressReport.objects.create(
            obligation=share, kind=kind, percent=100, post_id=post, at=LATER
        )
    Obligation.objects.filter(pk=share.pk).update(
        state="verified",
        progress=100,
        submitted_by_id=posts["submitted"],
        verified_at=LATER,
        waiting_since=LATER,
        verified_by_id=posts["verified"],
    )
    share.refresh_from_db()
    return share


def with_an_open_blocker(people: People) -> Obligation:
    share = verified(people)
    other = make_alone(people["koordinator"], "korem-101").obligations.get()
    Wait.objects.create(obligation=share, kind="obligation", blocker=other, began_at=NOW)
    return share


def with_an_open_share_of_a_unit(people: People) -> Obligation:
    """Passed on to a Polres, finished, verified; then the Polres' share is open again."""
    host, polda, polres = (people[n] for n in ("koordinator", "liaison.polda", "posko.banjar"))
    share = make_obligation(host, "polda-kalsel")
    sub = standing.delegate_obligation(
        share,
        by=polda,
        at=LATER,
        title="Jaga gudang",
        text="Jaga.",
        units=units("polres-banjar"),
        due_at=START + timedelta(days=5),
    ).obligations.get()
    actions.submit_obligation(sub, by=polres, at=LATER, note="Dijaga.")
    actions.verify_and_close(sub, by=polda, at=LATER)
    actions.submit_obligation(share, by=polda, at=LATER, note="Selesai.")
    share = actions.verify_obligation(share, by=host, at=LATER)
    Obligation.objects.filter(pk=sub.pk).update(state="in_progress", closed_at=None)
    return share
