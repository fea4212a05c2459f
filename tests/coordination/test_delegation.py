from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from coordination.actions import directives, standing
from coordination.actions import obligations as actions
from coordination.models import Obligation
from coordination.queries.chain import chain_gaps
from portal.access.errors import Refused
from portal.notifications.models import Notification
from tests.factories.coordination import DUE, NOW, make_alone, units

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def whole(coordinator, liaison_polda):
    directive = make_alone(coordinator, "polda-kalsel")
    return Obligation.objects.get(directive=directive)


def delegate(whole, by, *slugs, **values):
    defaults = {"title": "Jaga gudang", "text": "Jaga.", "units": units(*slugs), "due_at": DUE}
    return standing.delegate_obligation(whole, by=by, at=LATER, **(defaults | values))


@pytest.fixture
def parts(whole, liaison_polda, posko_banjar):
    directive = delegate(whole, liaison_polda, "polres-banjar", "polres-tapin")
    return list(Obligation.objects.filter(directive=directive).order_by("unit__slug"))


def test_passing_on_orders_the_units_and_begins_the_work(whole, parts, liaison_polda, posko_banjar):
    whole.refresh_from_db()
    sub = parts[0].directive
    assert (whole.state, whole.acknowledged_by_id) == ("in_progress", liaison_polda.post_id)
    assert (sub.binding, sub.state, sub.parent_obligation_id) == ("perintah", "issued", whole.pk)
    assert [row.region_id for row in parts] == ["63.03", "63.05"]
    told = Notification.objects.filter(kind="obligation_assigned", url__endswith=f"/{parts[0].pk}/")
    assert [row.post_id for row in told] == [posko_banjar.post_id]
    assert whole.reports.last().kind == "delegated"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"units": []}, "units"),
        ({"due_at": DUE + timedelta(seconds=1)}, "due_at"),
        ({"due_at": NOW}, "due_at"),
        ({"text": " "}, "text"),
    ],
)
def test_passing_on_is_refused_at_its_field(whole, liaison_polda, values, field):
    with pytest.raises(Refused) as refusal:
        delegate(whole, liaison_polda, "polres-banjar", **values)
    assert refusal.value.field == field
    whole.refresh_from_db()
    assert whole.state == "open"


def test_a_unit_outside_the_own_chain_is_refused(whole, liaison_polda):
    with pytest.raises(Refused) as refusal:
        delegate(whole, liaison_polda, "kodim-1006")
    assert "bukan satuan" in str(refusal.value.sentence)


def test_progress_of_the_units_rolls_up(whole, parts, posko_banjar, liaison_polda):
    actions.report_progress(parts[0], by=posko_banjar, at=LATER, percent=61, note="Jalan.")
    whole.refresh_from_db()
    assert whole.progress == 30
    version = whole.version
    # The agency's own word does not go beyond its units.
    done = actions.report_progress(whole, by=liaison_polda, at=LATER, percent=95, note="Jalan.")
    assert (done.progress, done.version) == (30, version)


def test_the_agency_cannot_submit_before_its_units(whole, parts, posko_banjar, liaison_polda):
    with pytest.raises(Refused) as refusal:
        actions.submit_obligation(whole, by=liaison_polda, at=LATER, note="Selesai.")
    assert "Polres Banjar, Polres Tapin" in str(refusal.value.sentence)
    actions.submit_obligation(parts[0], by=posko_banjar, at=LATER, note="Selesai.")
    actions.verify_and_close(parts[0], by=liaison_polda, at=LATER)
    # Of the order to both, only what is not closed is taken back.
    order = parts[1].directive
    directives.cancel_directive(order, by=liaison_polda, at=LATER, reason="Digabung.")
    whole.refresh_from_db()
    done = actions.submit_obligation(whole, by=liaison_polda, at=LATER, note="Selesai.")
    assert (done.state, done.progress) == ("awaiting_verification", 100)


def test_the_agency_never_reports_for_its_unit_nor_verifies_what_the_issuer_gave(
    whole, parts, liaison_polda, posko_banjar, coordinator, kodim_1006
):
    with pytest.raises(PermissionDenied):
        actions.acknowledge_obligation(parts[0], by=liaison_polda, at=LATER)
    with pytest.raises(PermissionDenied):
        actions.acknowledge_obligation(whole, by=posko_banjar, at=LATER)
    with pytest.raises(PermissionDenied):
        actions.acknowledge_obligation(parts[1], by=posko_banjar, at=LATER)
    actions.submit_obligation(parts[0], by=posko_banjar, at=LATER, note="Selesai.")
    for stranger in (coordinator, posko_banjar, kodim_1006):
        with pytest.raises(PermissionDenied):
            actions.verify_obligation(parts[0], by=stranger, at=LATER)
    told = Notification.objects.get(kind="obligation_submitted")
    assert told.post_id == liaison_polda.post_id
    assert actions.verify_and_close(parts[0], by=liaison_polda, at=LATER).state == "done"


def test_what_is_passed_on_is_a_missing_link_until_it_is_closed(whole, parts):
    gaps = chain_gaps(whole)
    assert "Tindak lanjut satuan belum selesai: Polres Banjar, Polres Tapin." in gaps


def test_cancelling_the_directive_ends_what_was_passed_on(whole, parts, coordinator):
    directives.cancel_directive(whole.directive, by=coordinator, at=LATER, reason="Berubah.")
    rows = Obligation.objects.values_list("state", flat=True)
    assert set(rows) == {"cancelled"}
    parts[0].directive.refresh_from_db()
    assert parts[0].directive.state == "cancelled"


def test_a_units_extension_stays_within_the_agencys_due_time(whole, parts, posko_banjar):
    with pytest.raises(Refused) as refusal:
        actions.ask_extension(
            parts[0],
            by=posko_banjar,
            at=LATER,
            reason="Banjir.",
            wished_due_at=DUE + timedelta(days=1),
        )
    assert refusal.value.field == "wished_due_at"
