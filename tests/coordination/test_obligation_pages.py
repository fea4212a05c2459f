from datetime import timedelta

import pytest
import time_machine

from coordination.actions import obligations as actions
from tests.coordination.pages import url
from tests.factories.coordination import (
    NOW,
    PUBLISHED,
    START,
    make_obligation,
)


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def test_a_liaison_acknowledges_reports_and_submits(client, sign_in, coordinator, liaison_kpu):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    sign_in(client, liaison_kpu)
    page = url("obligation_detail", obligation.pk)
    assert client.get(page).context["acknowledge_form"]
    client.post(url("obligation_acknowledge", obligation.pk), {"version": 1})
    report = url("obligation_report", obligation.pk)
    client.post(report, {"kind": "progress", "percent": "30", "note": "Jalan.", "version": 2})
    client.post(report, {"kind": "blocked", "obstacle": "Banjir.", "version": 3})
    obligation.refresh_from_db()
    assert (obligation.state, obligation.progress, obligation.obstacle) == (
        "blocked",
        30,
        "Banjir.",
    )
    client.post(report, {"kind": "submitted", "note": "Tuntas.", "version": 4})
    obligation.refresh_from_db()
    assert obligation.state == "awaiting_verification"
    assert client.get(page).context["report_form"] is None
    assert len(client.get(page).context["history"]) == 5


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "progress", "note": "x"}, "percent"),
        ({"kind": "progress", "note": "x", "percent": "101"}, "percent"),
        ({"kind": "progress", "percent": "5"}, "note"),
        ({"kind": "blocked"}, "obstacle"),
        ({"kind": "submitted"}, "note"),
        ({"kind": "zzz"}, "kind"),
    ],
)
def test_a_bad_report_keeps_what_was_typed(
    client, sign_in, coordinator, liaison_kpu, changes, field
):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    sign_in(client, liaison_kpu)
    response = client.post(url("obligation_report", obligation.pk), {"version": 1} | changes)
    assert field in response.context["report_form"].errors
    obligation.refresh_from_db()
    assert obligation.state == "open"


def test_stale_answers_are_told(client, sign_in, coordinator, liaison_kpu):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    sign_in(client, liaison_kpu)
    answer = client.post(url("obligation_acknowledge", obligation.pk), {"version": 7})
    assert answer.context["acknowledge_form"].non_field_errors()
    assert client.post(url("obligation_acknowledge", obligation.pk), {}).status_code == 200


def test_the_issuer_verifies_or_returns(client, sign_in, coordinator, liaison_kpu):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    actions.submit_obligation(obligation, by=liaison_kpu, at=PUBLISHED, note="Tuntas.")
    sign_in(client, coordinator)
    verify = url("obligation_verify", obligation.pk)
    assert client.get(url("obligation_detail", obligation.pk)).context["verify_form"]
    wrong = client.post(verify, {"decision": "return", "version": 3})
    assert "note" in wrong.context["verify_form"].errors
    client.post(verify, {"decision": "return", "note": "Lengkapi.", "version": 3})
    obligation.refresh_from_db()
    assert obligation.state == "in_progress"
    actions.submit_obligation(obligation, by=liaison_kpu, at=PUBLISHED, note="Lengkap.")
    client.post(verify, {"decision": "verify", "version": 5})
    obligation.refresh_from_db()
    assert (obligation.state, obligation.verified_by_id) == ("done", coordinator.post_id)
    sign_in(client, liaison_kpu)
    assert client.post(verify, {"decision": "verify", "version": 6}).status_code == 403


def test_another_agencys_obligation_does_not_exist(
    client, sign_in, coordinator, liaison_kpu, liaison_dprd, liaison_polda
):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    sign_in(client, liaison_dprd)
    for name in ("obligation_detail",):
        assert client.get(url(name, obligation.pk)).status_code == 404
    for name in ("obligation_acknowledge", "obligation_report"):
        assert client.post(url(name, obligation.pk), {"version": 1}).status_code == 404
    # The issuer's agency sees it, and never reports for the doer.
    sign_in(client, liaison_polda)
    assert client.get(url("obligation_detail", obligation.pk)).status_code == 200
    assert (
        client.post(url("obligation_acknowledge", obligation.pk), {"version": 1}).status_code == 403
    )


def test_a_number_beyond_the_database_is_not_found(client, sign_in, coordinator):
    sign_in(client, coordinator)
    for name in ("meeting_detail", "directive_detail", "obligation_detail"):
        assert client.get(url(name, 10**30)).status_code == 404


def test_detail_of_an_obligation_asks_a_constant_number_of_queries(
    client, sign_in, coordinator, liaison_kpu, django_assert_num_queries
):
    short, long = (make_obligation(coordinator, "kpu-kalsel") for _time in range(2))
    for obligation, number in ((short, 1), (long, 1), (long, 2), (long, 3)):
        actions.report_progress(
            obligation, by=liaison_kpu, at=START + timedelta(days=2), percent=number, note="Jalan."
        )
    sign_in(client, coordinator)
    for obligation in (short, long):
        client.get(url("obligation_detail", obligation.pk))
        with django_assert_num_queries(23):
            client.get(url("obligation_detail", obligation.pk))
