from datetime import timedelta

import pytest
import time_machine

from coordination.models import Invitation
from tests.coordination.pages import agency_id, texts, url
from tests.factories.coordination import (
    NOW,
    make_scheduled,
)


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def test_a_liaison_answers_its_own_seat_only(
    client, sign_in, coordinator, liaison_kpu, liaison_bawaslu
):
    meeting = make_scheduled(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    own, other = (
        meeting.invitations.get(agency__slug=slug) for slug in ("kpu-kalsel", "bawaslu-kalsel")
    )
    sign_in(client, liaison_kpu)
    page = client.get(url("meeting_detail", meeting.pk))
    assert url("invitation_answer", own.pk) in texts(page)
    assert client.get(url("invitation_answer", other.pk)).status_code == 404
    assert client.post(url("invitation_answer", other.pk), {"answer": "hadir"}).status_code == 404
    assert client.get(url("invitation_answer", own.pk)).status_code == 200

    wrong = client.post(
        url("invitation_answer", own.pk), {"answer": "diwakili", "version": own.version}
    )
    assert "representative" in wrong.context["form"].errors
    done = client.post(
        url("invitation_answer", own.pk),
        {"answer": "diwakili", "representative": "Sekretaris", "version": own.version},
    )
    assert done["Location"] == url("meeting_detail", meeting.pk)
    assert list(Invitation.objects.order_by("pk").values_list("answer", flat=True)) == [
        "diwakili",
        "belum",
    ]


def test_attendance_is_prefilled_and_saved(client, sign_in, coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    page = client.get(url("attendance", meeting.pk))
    line = page.context["form"].lines.forms[0]
    assert line.initial["invited_office"].startswith("Pimpinan Komisi Pemilihan Umum")
    meeting.refresh_from_db()
    data = {
        "version": meeting.version,
        "seats-TOTAL_FORMS": "2",
        "seats-INITIAL_FORMS": "1",
        "seats-0-agency": agency_id("kpu-kalsel"),
        "seats-0-invited_office": "Ketua KPU",
        "seats-0-status": "diwakili",
        "seats-0-attendee_name": "",
        "seats-0-attendee_office": "",
        "seats-0-checked_in_at": "2024-06-06T09:55",
        "seats-1-status": "hadir",
    }
    wrong = client.post(url("attendance", meeting.pk), data)
    assert (wrong.status_code, meeting.attendance.count()) == (200, 0)
    done = client.post(
        url("attendance", meeting.pk), data | {"seats-0-attendee_office": "Sekretaris KPU"}
    )
    assert done.status_code == 302
    row = meeting.attendance.get()
    assert (row.status, row.attendee_office) == ("diwakili", "Sekretaris KPU")
    stale = client.post(url("attendance", meeting.pk), data | {"seats-0-status": "hadir"})
    assert stale.context["form"].non_field_errors()
    assert (
        client.get(url("attendance", meeting.pk))
        .context["form"]
        .lines.forms[0]
        .initial["attendee_office"]
        == "Sekretaris KPU"
    )
