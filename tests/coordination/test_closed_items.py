"""Who reads what of a closed item: the host and the agencies named everything, the other guests
that there is one and how long it takes, strangers nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coordination.actions import agenda
from coordination.models import AgendaItem
from portal.attachments.models import Attachment
from portal.home.search import search
from portal.web.searching import wanted
from tests.coordination.pages import texts, url
from tests.coordination.test_agenda_actions import PDF
from tests.factories.coordination import NOW, agencies, make_scheduled

SECRET = "Rencana penyergapan"


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def meeting(coordinator, people, settings, tmp_path):
    """KPU and Korem are guests; the third item is for Korem only and has a file."""
    settings.MEDIA_ROOT = tmp_path
    meeting = make_scheduled(coordinator, "kpu-kalsel", "korem-101")
    agenda.add_item(
        meeting,
        by=coordinator,
        at=NOW,
        title=SECRET,
        presenter_office="Dansat Brimob",
        planned_minutes=33,
        is_closed=True,
        audience=agencies("korem-101"),
        files=[SimpleUploadedFile("rute-penyergapan.pdf", PDF)],
    )
    return meeting


WORDS = (SECRET, "Dansat Brimob", "rute-penyergapan")


def test_the_page_of_the_meeting(
    client, sign_in, meeting, coordinator, liaison_korem, liaison_kpu, liaison_dprd, commander
):
    page = url("meeting_detail", meeting.pk)
    for actor in (coordinator, liaison_korem):
        sign_in(client, actor)
        shown = texts(client.get(page))
        assert [word in shown for word in WORDS] == [True, True, True]
    sign_in(client, liaison_kpu)
    shown = texts(client.get(page))
    assert [word in shown for word in WORDS] == [False, False, False]
    assert "3. Butir tertutup" in shown
    assert ">33<" in shown
    assert "Direncanakan 73 dari 120 menit." in shown
    sign_in(client, liaison_dprd)
    assert client.get(page).status_code == 404


def test_the_files(client, sign_in, meeting, liaison_korem, liaison_kpu, liaison_dprd):
    file = reverse("attachments:download", args=[Attachment.objects.get().pk])
    statuses = []
    for actor in (liaison_korem, liaison_kpu, liaison_dprd):
        sign_in(client, actor)
        statuses.append(client.get(file).status_code)
    assert statuses == [200, 404, 404]


def test_the_api(client, sign_in, meeting, liaison_korem, liaison_kpu, liaison_dprd):
    item = AgendaItem.objects.get(title=SECRET)

    def seen(actor):
        sign_in(client, actor)
        body = client.get(f"/api/v1/meetings/{meeting.pk}/").json()
        one = client.get(f"/api/v1/agenda-items/{item.pk}/")
        count = client.get("/api/v1/agenda-items/").json()["count"]
        return body["agenda"][2] if "agenda" in body else None, one.status_code, count

    line, status, count = seen(liaison_korem)
    assert (line["title"], line["shown"], status, count) == (SECRET, True, 200, 3)
    line, status, count = seen(liaison_kpu)
    assert {
        name: line[name] for name in ("title", "presenter", "presenter_office", "audience")
    } == {
        "title": "Butir tertutup",
        "presenter": None,
        "presenter_office": "",
        "audience": [],
    }
    assert (line["planned_minutes"], line["shown"], status, count) == (33, False, 404, 2)
    assert seen(liaison_dprd) == (None, 404, 0)


def test_calendar_and_search(client, sign_in, meeting, liaison_kpu):
    assert search(liaison_kpu, wanted("penyergapan")) == []
    sign_in(client, liaison_kpu)
    shown = texts(client.get(f"{reverse('home:calendar')}?month=2024-06"))
    assert "Rakor kesiapan" in shown
    assert SECRET not in shown


def test_the_wall(client, sign_in, meeting, liaison_kpu):
    sign_in(client, liaison_kpu)
    assert SECRET not in texts(client.get(url("meeting_wall", meeting.pk)))


def test_naming_an_agency_opens_it_and_taking_it_out_closes_it(meeting, coordinator, liaison_kpu):
    item = AgendaItem.objects.get(title=SECRET)
    seen = AgendaItem.objects.visible_to(liaison_kpu).filter(pk=item.pk)
    for slugs, sees in ((("kpu-kalsel",), True), (("korem-101",), False)):
        agenda.edit_item(item, by=coordinator, at=NOW, audience=agencies(*slugs))
        assert seen.exists() == sees
