"""An incident on the agenda of a rakor: by its number, once, for readers of its class, and opened
from there by those alone who see it."""

import pytest
from django.urls import reverse

from coordination.actions.backlog import take_from_backlog
from coordination.models import AgendaItem, Meeting
from incidents.actions.agenda import bring_to_rakor
from incidents.queries import acts
from incidents.queries.agenda import agenda_of, open_meetings
from incidents.queries.directives import page_of
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.audit.models import Entry
from tests.api_twins import Twin
from tests.factories.coordination import NOW, make_scheduled, make_series
from tests.factories.gakkumdu import open_case
from tests.factories.incidents import report

TITLE = "Banjir menuju TPS"


@pytest.fixture(autouse=True)
def now(demo_clock):
    demo_clock(NOW)


def bring(incident, owner, by, **fields):
    return bring_to_rakor(incident, owner, by=by, at=NOW, **{"title": TITLE, **fields})


def at(incident) -> str:
    return reverse("incidents:incident_bring", args=[incident.pk])


def test_it_stands_once_by_its_number(coordinator, liaison_kpu):
    incident = report(liaison_kpu, at=NOW)
    meeting = make_scheduled(coordinator, "kpu-kalsel")

    first, again = (bring(incident, meeting, coordinator) for _time in range(2))

    assert first == again
    assert (first.origin_label, first.origin_url) == (incident.number, page_of(incident))
    entry = Entry.objects.get(verb="agenda.add", after__origin_label=incident.number)
    assert entry.after["title"] == TITLE
    assert [row.title for row in agenda_of(incident, coordinator)] == [TITLE]


def test_each_side_shows_the_other_to_who_sees_it(
    client, sign_in, coordinator, liaison_kpu, liaison_kejati, liaison_dprd
):
    incident = report(liaison_kpu, at=NOW)
    meeting = make_scheduled(coordinator, "kpu-kalsel", "kejati-kalsel")
    bring(incident, meeting, coordinator)
    page = reverse("coordination:meeting_detail", args=[meeting.pk])

    for actor, linked in ((liaison_kpu, True), (liaison_kejati, False)):
        shown = sign_in(client, actor).get(page).content.decode()
        assert incident.number in shown
        assert (page_of(incident) in shown) is linked
    assert page in sign_in(client, coordinator).get(page_of(incident)).content.decode()
    assert agenda_of(incident, liaison_dprd) == []


def test_a_list_of_a_lower_class_does_not_tell_of_it(coordinator):
    incident = report(coordinator, at=NOW, classification=Classification.RAHASIA)
    meeting = make_scheduled(coordinator, "kpu-kalsel")

    assert not open_meetings(coordinator, incident).exists()
    with pytest.raises(Refused, match="lebih tinggi"):
        bring(incident, meeting, coordinator)
    waiting = bring(incident, make_series(coordinator), coordinator)
    assert waiting.classification == Classification.RAHASIA


def test_it_keeps_its_origin_on_its_way_out_of_the_backlog(coordinator):
    series = make_series(coordinator)
    incident = report(coordinator, at=NOW)
    waiting = bring(incident, series, coordinator)
    meeting = make_scheduled(coordinator, "kpu-kalsel", series=series)

    moved = take_from_backlog(waiting, meeting, by=coordinator, at=NOW)

    assert (moved.meeting, moved.origin_label) == (meeting, incident.number)


def test_what_is_out_of_sight_or_at_the_desk_is_refused(
    coordinator, liaison_bawaslu, gakkumdu_bawaslu
):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    with pytest.raises(Refused, match="tidak terbuka"):
        bring(open_case(liaison_bawaslu).incident, meeting, coordinator)
    with pytest.raises(Refused) as refusal:
        bring(report(coordinator, at=NOW), meeting, coordinator, title="Paslon 1 meraih 54%")
    assert refusal.value.field == "title"
    assert not AgendaItem.objects.exclude(origin_url="").exists()


def test_from_the_page(client, sign_in, coordinator, liaison_kpu, posko_banjar):
    incident = report(liaison_kpu, at=NOW)
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    foreign = make_scheduled(coordinator, "kpu-kalsel")
    Meeting.objects.filter(pk=foreign.pk).update(host_agency_id=liaison_kpu.agency_id)
    assert "Bawa ke rakor" in [act.label for act in acts(incident, coordinator)]
    assert "Bawa ke rakor" not in [act.label for act in acts(incident, posko_banjar)]
    sign_in(client, coordinator)
    form = client.get(at(incident)).context["form"]
    assert form["title"].value() == f"Kejadian {incident.number}"

    data = {"title": TITLE, "planned_minutes": 10}
    for wrong in ("", f"rakor-{foreign.pk}", "rakor-999"):
        refused = client.post(at(incident), data | {"place": wrong})
        assert list(refused.context["form"].errors) == ["place"]
    done = client.post(at(incident), data | {"place": f"rakor-{meeting.pk}"})

    assert done.url == page_of(incident)
    item = AgendaItem.objects.get(origin_label=incident.number)
    assert (item.meeting, item.planned_minutes) == (meeting, 10)
    assert sign_in(client, posko_banjar).get(at(incident)).status_code == 403


def test_over_the_api(client, sign_in, coordinator, liaison_kpu, liaison_dprd):
    twin = Twin(client, sign_in)
    incident = report(liaison_kpu, at=NOW)
    series = make_series(coordinator)
    address = f"incidents/{incident.pk}/bring/"
    body = {"series": series.pk, "title": TITLE}

    made = twin(coordinator).once("agenda.add", address, body)

    assert (made["series"], made["origin_label"]) == (series.pk, incident.number)
    faults = twin(coordinator).send(address, {"title": TITLE}).json()["errors"]
    assert [fault["field"] for fault in faults] == ["meeting"]
    assert twin(liaison_dprd).status(address, body) in {403, 404}
