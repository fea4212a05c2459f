"""Kaji ulang: which incidents wait for one, who writes it, and what it leads to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from coordination.actions.directives import cancel_directive
from coordination.actions.shares import Due, Share
from coordination.models import Directive
from incidents.actions.moves import move_incident
from incidents.actions.reviews import add_review_item, write_review
from incidents.enums import IncidentState, Severity
from incidents.models import Review, ReviewItem
from incidents.queries.reviews import item_rows, open_items, review_items, reviews_due, unreviewed
from portal.access.classification import Classification
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.home.work import duties
from portal.registry.models import Agency
from tests.api_twins import Twin
from tests.factories.incidents import AT, report

LATER = AT + timedelta(hours=6)
WAY = (
    IncidentState.VERIFIED,
    IncidentState.HANDLING,
    IncidentState.CONTROLLED,
    IncidentState.CLOSED,
)
SAID = {
    "happened": "Perahu datang dua jam setelah diminta.",
    "expected": "Perahu siaga di posko.",
    "went_well": "",
    "must_change": "Perahu siaga sejak H-1.",
}


@pytest.fixture(autouse=True)
def now(demo_clock):
    demo_clock(LATER)


def closed(by, *, severity=Severity.HIGH, **fields):
    incident = report(by, severity=severity, **fields)
    for step, state in enumerate(WAY):
        incident = move_incident(incident, state, by=by, at=AT + timedelta(minutes=step))
    return incident


def written(incident, by, **words):
    return write_review(incident, **{**SAID, **words}, by=by, at=LATER)


def item(review, by, *slugs, **fields):
    shares = [Share(Agency.objects.get(slug=slug), None) for slug in slugs or ("pemprov-kalsel",)]
    values = {"title": "Siagakan perahu", "text": "Perahu siaga sejak H-1.", **fields}
    due = Due(at=LATER + timedelta(days=3))
    return add_review_item(review, shares=shares, due=due, by=by, at=LATER, **values)


def test_grave_ones_wait_from_their_closing_until_the_review(coordinator, liaison_dprd):
    grave = closed(coordinator)
    closed(coordinator, severity=Severity.MEDIUM)
    report(coordinator, severity=Severity.CRITICAL)
    assert list(unreviewed(coordinator)) == [grave]
    assert not unreviewed(liaison_dprd).exists()
    written(grave, coordinator)
    assert not unreviewed(coordinator).exists()


def test_it_is_a_duty_of_the_agency_that_led(coordinator, posko_banjar, people):
    incident = closed(coordinator, code="A1")
    lead = incident.lead_agency.slug
    found = {
        actor.agency_slug: [row.number for row in reviews_due(actor)]
        for actor in (coordinator, people["liaison.kpu"])
    }
    assert found["kpu-kalsel"] == ([incident.number] if lead == "kpu-kalsel" else [])
    assert found[coordinator.agency_slug] == (
        [incident.number] if lead == coordinator.agency_slug else []
    )
    incident.lead_agency_id = coordinator.agency_id
    incident.save(update_fields=["lead_agency"])
    titles = [row.title for row in duties(coordinator, LATER)]
    assert f"Kaji ulang {incident.title}" in titles


def test_written_once_and_changed_with_both_texts_kept(coordinator):
    incident = closed(coordinator)
    first = written(incident, coordinator)
    assert written(incident, coordinator) == first
    assert Entry.objects.filter(verb__startswith="review.").count() == 1
    changed = written(incident, coordinator, must_change="Perahu siaga sejak H-2.")
    assert (changed.pk, changed.version) == (first.pk, 2)
    entry = Entry.objects.get(verb="review.change")
    assert (entry.before["must_change"], entry.after["must_change"]) == (
        SAID["must_change"],
        "Perahu siaga sejak H-2.",
    )
    with pytest.raises(Stale):
        write_review(incident, **{**SAID, "happened": "Lain."}, version=1, by=coordinator, at=LATER)


@pytest.mark.parametrize(
    ("field", "value"),
    [("happened", " "), ("expected", ""), ("must_change", ""), ("went_well", "Paslon 1: 54%")],
)
def test_bad_words_are_refused_at_their_field(coordinator, field, value):
    incident = closed(coordinator)
    with pytest.raises(Refused) as refusal:
        written(incident, coordinator, **{field: value})
    assert refusal.value.field == field
    assert not Review.objects.exists()


def test_only_after_closing_and_by_who_handles(coordinator, liaison_kpu, liaison_dprd):
    with pytest.raises(Refused, match="setelah kejadian selesai"):
        written(report(coordinator), coordinator)
    with pytest.raises(Exception, match="incident.handle"):
        written(closed(coordinator), liaison_dprd)
    assert not Review.objects.exists()


def test_what_must_change_is_followed_until_it_is_closed_with_proof(coordinator, liaison_dprd):
    review = written(closed(coordinator), coordinator)
    made = [item(review, coordinator) for _time in range(2)]
    assert made[0] == made[1]
    assert ReviewItem.objects.count() == Directive.objects.count() == 1
    assert made[0].evidence_required is True
    [row] = item_rows(open_items(coordinator), LATER)
    assert (row.number, row.incident, row.overdue) == (
        made[0].number,
        review.incident.number,
        False,
    )
    [late] = item_rows(open_items(coordinator), LATER + timedelta(days=4))
    assert late.overdue
    assert not review_items(liaison_dprd).exists()
    cancel_directive(made[0], reason="Sudah ada.", by=coordinator, at=LATER)
    assert not open_items(coordinator).exists()
    assert review_items(coordinator).count() == 1


def test_a_directive_of_the_handling_is_no_item_of_the_review(coordinator):
    incident = closed(coordinator)
    review = written(incident, coordinator)
    assert not review_items(coordinator).exists()
    item(review, coordinator)
    assert review_items(coordinator).count() == 1


def test_rahasia_review_is_read_by_the_cleared(coordinator, liaison_kpu):
    review = written(closed(coordinator, classification=Classification.RAHASIA), coordinator)
    assert review.classification == Classification.RAHASIA
    assert not Review.objects.visible_to(liaison_kpu).exists()
    assert item(review, coordinator).classification == Classification.RAHASIA


def test_constraints(coordinator):
    review = written(closed(coordinator), coordinator)
    for wrong in ({"happened": ""}, {"expected": ""}, {"must_change": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**wrong)
    review.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        review.save(force_insert=True)


def test_over_the_pages(client, sign_in, coordinator, liaison_dprd):
    incident = closed(coordinator)
    sign_in(client, coordinator)
    listed = reverse("incidents:review_list")
    page = reverse("incidents:review", args=[incident.pk])
    assert page in client.get(listed).content.decode()
    write = reverse("incidents:review_write", args=[incident.pk])
    assert write in client.get(page).content.decode()
    assert client.get(reverse("incidents:review_item", args=[incident.pk])).status_code == 404
    bad = client.post(write, {**SAID, "expected": ""})
    assert bad.context["form"].errors.keys() == {"expected"}
    done = client.post(write, SAID, follow=True).content.decode()
    assert SAID["must_change"] in done
    address = reverse("incidents:review_item", args=[incident.pk])
    form = client.get(address).context["form"]
    data = {
        name: form[name].value() or ""
        for name in ("ground", "kind", "binding", "priority", "due_kind", "classification")
    }
    data |= {
        "title": "Siagakan perahu", "text": "Sejak H-1.", "due_at": "2024-11-25T10:00",
        "agencies": [Agency.objects.get(slug="kpu-kalsel").pk],
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    assert "Siagakan perahu" in client.get(page).content.decode()
    assert "Siagakan perahu" in client.get(listed).content.decode()
    assert page not in client.get(listed).content.decode().split("Tindakan perbaikan yang belum")[0]
    sign_in(client, liaison_dprd)
    assert client.get(page).status_code == 404
    assert "Siagakan perahu" not in client.get(listed).content.decode()


def test_over_the_api(client, sign_in, coordinator, liaison_kpu, liaison_dprd):
    twin = Twin(client, sign_in)
    incident = closed(coordinator)
    body = {"incident": incident.pk, **SAID}
    assert twin(liaison_dprd).status("incident-reviews/", body) == 404
    made = twin(coordinator).once("review.write", "incident-reviews/", body)
    assert (made["incident"], made["version"]) == (incident.number, 1)
    stale = {**body, "happened": "Lain."}
    seen = {"If-Match": '"9"'}
    assert twin(coordinator).status("incident-reviews/", stale, **seen) == 412
    directive = {
        "title": "Siagakan perahu", "text": "Sejak H-1.", "ground": "Kaji ulang",
        "due_at": "2024-11-25T10:00:00+08:00", "shares": [{"agency": "kpu-kalsel"}],
    }  # fmt: skip
    address = f"incident-reviews/{made['id']}/items/"
    issued = twin(coordinator).once("review.add_item", address, directive)
    assert issued["evidence_required"] is True
    assert twin(liaison_dprd).status(address, directive) in {403, 404}
