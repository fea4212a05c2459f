"""An agency that leaves the operation: its open seats, later invitations, and its coming back."""

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from coordination.actions import meetings, withdrawals
from coordination.models import AgencyWithdrawal, Invitation
from portal.access.errors import Refused
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.coordination.pages import url
from tests.factories.coordination import (
    NOW,
    START,
    agencies,
    make_held,
    make_meeting,
    make_scheduled,
)

WHY = "Ditugaskan pada operasi lain."


def leave(meeting, by, slug="kpu-kalsel"):
    (agency,) = agencies(slug)
    return withdrawals.withdraw_agency(meeting.operation, agency, by=by, at=NOW, reason=WHY)


def test_open_seats_are_taken_back_and_those_of_the_past_stay(coordinator, liaison_kpu):
    past = make_held(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    draft = make_meeting(coordinator, "kpu-kalsel")
    called = make_scheduled(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    for _again in range(2):
        leave(called, coordinator)
    gone = Invitation.objects.filter(withdrawn_at__isnull=False)
    assert set(gone.values_list("meeting_id", "agency__slug")) == {
        (draft.pk, "kpu-kalsel"),
        (called.pk, "kpu-kalsel"),
    }
    assert past.invitations.standing().count() == 2
    told = Notification.objects.filter(kind="seat_withdrawn")
    assert list(told.values_list("post_id", flat=True)) == [liaison_kpu.post_id]
    assert Entry.objects.filter(verb="agency.leave").count() == 1
    assert Entry.objects.filter(verb="invitation.withdraw").count() == 2


def test_no_seat_is_given_until_it_comes_back(coordinator, liaison_kpu):
    called = make_scheduled(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    left = leave(called, coordinator)
    for call in (
        lambda: make_meeting(coordinator, "kpu-kalsel"),
        lambda: meetings.invite_agencies(called, agencies("kpu-kalsel"), by=coordinator, at=NOW),
    ):
        with pytest.raises(Refused, match=WHY) as refusal:
            call()
        assert refusal.value.field == "agencies"
    withdrawals.readmit_agency(left, by=coordinator, at=NOW, reason="Selesai.")
    meetings.invite_agencies(called, agencies("kpu-kalsel"), by=coordinator, at=NOW)
    assert called.invitations.standing().count() == 2
    assert Entry.objects.filter(verb="agency.readmit").count() == 1


def test_reason_is_asked_for_and_the_host_stays(coordinator):
    meeting = make_meeting(coordinator)
    (kpu, polda) = (agencies("kpu-kalsel")[0], agencies("polda-kalsel")[0])
    for agency, reason, field in ((kpu, " ", "reason"), (polda, WHY, "agency")):
        with pytest.raises(Refused) as refusal:
            withdrawals.withdraw_agency(
                meeting.operation, agency, by=coordinator, at=NOW, reason=reason
            )
        assert refusal.value.field == field


def test_others_decide_nothing(coordinator, liaison_kpu, liaison_dprd):
    meeting = make_meeting(coordinator)
    for stranger in (liaison_kpu, liaison_dprd):
        with pytest.raises(PermissionDenied):
            leave(meeting, stranger)
    assert not AgencyWithdrawal.objects.exists()


def test_agency_leaves_once_at_a_time(coordinator):
    left = leave(make_meeting(coordinator), coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgencyWithdrawal.objects.create(
            operation=left.operation,
            agency=left.agency,
            reason=WHY,
            at=NOW,
            by_post_id=coordinator.post_id,
        )


@time_machine.travel(NOW, tick=False)
def test_page_takes_out_and_brings_back(client, sign_in, coordinator, liaison_kpu):
    make_scheduled(coordinator, "kpu-kalsel", at=NOW, starts_at=START)
    sign_in(client, coordinator)
    assert url("taking_part") in client.get(url("meeting_list")).content.decode()
    (kpu,) = agencies("kpu-kalsel")
    empty = client.post(url("taking_part"), {"agency": kpu.pk, "reason": ""})
    assert empty.context["form"].errors["reason"]
    done = client.post(url("taking_part"), {"agency": kpu.pk, "reason": WHY}, follow=True)
    assert WHY in done.content.decode()
    left = AgencyWithdrawal.objects.get()
    back = client.post(url("agency_readmit", left.pk), {"reason": "Selesai."}, follow=True)
    assert "Selesai." in back.content.decode()
    assert client.get(url("agency_readmit", left.pk)).status_code == 404
    assert sign_in(client, liaison_kpu).get(url("taking_part")).status_code == 403
