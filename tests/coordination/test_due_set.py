"""The issuer gives one share a due time of its own."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from coordination.actions import obligations as actions
from coordination.actions.standing import delegate_obligation
from coordination.models import Obligation, ProgressReport
from portal.access.errors import Refused
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.coordination.pages import url
from tests.factories.coordination import NOW, make_obligation, units

DAY = timedelta(days=1)
SAID = {"reason": "Logistik datang lebih awal."}


@pytest.fixture
def share(coordinator, liaison_kpu):
    return make_obligation(coordinator, "kpu-kalsel")


def test_due_time_of_one_share_changes_and_its_doer_is_told_once(share, coordinator, liaison_kpu):
    for _again in range(2):
        actions.set_due(share, by=coordinator, at=NOW, due_at=NOW + 3 * DAY, **SAID)
    share.refresh_from_db()
    assert (share.due_at, share.own_due) == (NOW + 3 * DAY, True)
    assert ProgressReport.objects.filter(kind="due_set").count() == 1
    assert Entry.objects.filter(verb="obligation.due_set").count() == 1
    told = Notification.objects.filter(kind="obligation_due_set")
    assert list(told.values_list("post_id", flat=True)) == [liaison_kpu.post_id]


@pytest.mark.parametrize(
    ("due", "reason", "field"),
    [(-DAY, "x", "due_at"), (3 * DAY, "  ", "reason")],
)
def test_due_time_is_refused_with_the_field(share, coordinator, due, reason, field):
    with pytest.raises(Refused) as refusal:
        actions.set_due(share, by=coordinator, at=NOW, due_at=NOW + due, reason=reason)
    assert refusal.value.field == field


def test_an_extension_that_was_asked_for_is_answered_first(share, coordinator, liaison_kpu):
    actions.acknowledge_obligation(share, by=liaison_kpu, at=NOW)
    actions.ask_extension(
        share, by=liaison_kpu, at=NOW, reason="Banjir.", wished_due_at=share.due_at + DAY
    )
    with pytest.raises(Refused, match="permohonan perpanjangan"):
        actions.set_due(share, by=coordinator, at=NOW, due_at=NOW + 3 * DAY, **SAID)


def test_due_time_cannot_pass_before_that_of_its_units(coordinator, people, liaison_korem):
    share = make_obligation(coordinator, "korem-101")
    people["kodim.1006"]
    actions.acknowledge_obligation(share, by=liaison_korem, at=NOW)
    delegate_obligation(
        share,
        by=liaison_korem,
        at=NOW,
        units=units("kodim-1006"),
        title="Kawal",
        text="Kawal gudang.",
        due_at=NOW + 5 * DAY,
    )
    with pytest.raises(Refused, match="Kodim 1006") as refusal:
        actions.set_due(share, by=coordinator, at=NOW, due_at=NOW + 4 * DAY, **SAID)
    assert refusal.value.field == "due_at"
    unit = Obligation.objects.get(unit__slug="kodim-1006")
    actions.set_due(unit, by=liaison_korem, at=NOW, due_at=NOW + 3 * DAY, **SAID)
    actions.set_due(share, by=coordinator, at=NOW, due_at=NOW + 4 * DAY, **SAID)


def test_only_the_issuer_sets_it_and_only_while_it_is_worked_on(
    share, coordinator, liaison_kpu, liaison_dprd
):
    for stranger in (liaison_kpu, liaison_dprd):
        with pytest.raises(PermissionDenied):
            actions.set_due(share, by=stranger, at=NOW, due_at=NOW + DAY, **SAID)
    actions.submit_obligation(share, by=liaison_kpu, at=NOW, note="Selesai.")
    with pytest.raises(Refused, match="masih dikerjakan"):
        actions.set_due(share, by=coordinator, at=NOW, due_at=NOW + DAY, **SAID)


@time_machine.travel(NOW, tick=False)
def test_page_offers_it_to_the_issuer_and_keeps_what_was_typed(
    share, client, sign_in, coordinator, liaison_kpu
):
    page = url("obligation_detail", share.pk)
    assert "Ubah tenggat" in sign_in(client, coordinator).get(page).content.decode()
    wrong = {"due_at": "31 Februari", "reason": "Cuaca buruk.", "version": share.version}
    refused = client.post(url("due_set", share.pk), wrong)
    assert "Cuaca buruk." in refused.content.decode()
    assert refused.context["set_due_form"].errors["due_at"]
    good = wrong | {"due_at": f"{NOW + 3 * DAY:%Y-%m-%dT%H:%M}"}
    assert client.post(url("due_set", share.pk), good).status_code == 302
    share.refresh_from_db()
    assert share.own_due
    assert "Ubah tenggat" not in sign_in(client, liaison_kpu).get(page).content.decode()


@time_machine.travel(NOW, tick=False)
def test_api_sets_it(share, client, sign_in, coordinator, liaison_kpu):
    address = f"/api/v1/obligations/{share.pk}/due/"
    given = {"due_at": (NOW + 3 * DAY).isoformat(), "reason": "Cuaca.", "version": share.version}
    kind = "application/json"
    refused = sign_in(client, liaison_kpu).post(address, given, content_type=kind)
    assert refused.status_code == 403
    answer = sign_in(client, coordinator).post(address, given, content_type=kind)
    assert answer.status_code == 200
    share.refresh_from_db()
    assert share.due_at == NOW + 3 * DAY
