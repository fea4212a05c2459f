from datetime import timedelta

import pytest
import time_machine

from coordination.models import Directive
from tests.coordination.pages import agency_id, url
from tests.factories.coordination import (
    NOW,
    make_directive,
    make_minutes,
)


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def directive_data(minutes, *slugs, **changes):
    return {
        "section": minutes.sections.first().pk,
        "title": "Kawal logistik",
        "text": "Kawal sampai TPS.",
        "kind": "arahan",
        "binding": "kesepakatan",
        "priority": "segera",
        "output": "",
        "evidence": "",
        "agencies": [agency_id(slug) for slug in slugs],
        "lead": "",
        "due_at": "2024-06-20T16:00",
    } | changes


def test_a_passage_becomes_a_directive(client, sign_in, coordinator, liaison_kpu):
    minutes = make_minutes(coordinator, "kpu-kalsel")
    section = minutes.sections.last()
    sign_in(client, coordinator)
    here = url("directive_create", minutes.meeting_id)
    form = client.get(f"{here}?section={section.pk}&text=Kawal%20truk").context["form"]
    assert (form["text"].value(), form["section"].value()) == ("Kawal truk", section.pk)
    assert client.get(here).context["form"]["text"].value() == ""
    own_due = {f"due_{agency_id('bawaslu-kalsel')}": "2024-06-25T16:00"}
    client.post(here, directive_data(minutes, "kpu-kalsel", "bawaslu-kalsel", **own_due))
    directive = Directive.objects.get()
    days = [share.due_at.day for share in directive.addressees.all()]
    assert (directive.state, days) == ("draft", [20, 25])
    assert client.get(url("directive_detail", directive.pk)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_at": "2024-06-01T10:00"}, "due_at"),
        ({"agencies": []}, "agencies"),
        ({"text": " "}, "text"),
        ({"kind": "perintah", "binding": "perintah"}, "binding"),
        ({"kind": "perintah"}, "binding"),
        ({"section": "999999"}, "section"),
    ],
)
def test_a_directive_is_refused_at_its_field(
    client, sign_in, coordinator, liaison_kpu, changes, field
):
    minutes = make_minutes(coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    response = client.post(
        url("directive_create", minutes.meeting_id),
        directive_data(minutes, "kpu-kalsel", **changes),
    )
    assert field in response.context["form"].errors
    assert not Directive.objects.exists()


def test_a_draft_directive_is_edited_and_cancelled(client, sign_in, coordinator, liaison_kpu):
    minutes = make_minutes(coordinator, "kpu-kalsel")
    directive = make_directive(minutes, coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    assert client.get(url("directive_edit", directive.pk)).status_code == 200
    data = directive_data(minutes, "bawaslu-kalsel", title="Awasi logistik", version=1)
    assert client.post(url("directive_edit", directive.pk), data).status_code == 302
    stale = client.post(url("directive_edit", directive.pk), data | {"title": "Lain"})
    assert stale.context["form"].non_field_errors()
    directive.refresh_from_db()
    assert directive.title == "Awasi logistik"
    assert client.get(url("directive_cancel", directive.pk)).status_code == 200
    client.post(url("directive_cancel", directive.pk), {"reason": "Tidak perlu"})
    directive.refresh_from_db()
    assert directive.state == "cancelled"
    sign_in(client, liaison_kpu)
    assert client.get(url("directive_detail", directive.pk)).status_code == 404
    assert client.get(url("directive_edit", directive.pk)).status_code == 403
