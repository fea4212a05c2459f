"""A directive because of an incident: its origin is the number, its link for who may open it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from coordination.actions.shares import Due, Share
from coordination.models import Directive
from incidents.actions.directives import direct_from_incident
from incidents.queries import acts
from incidents.queries.directives import directives_of, opens, page_of
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.registry.models import Agency
from tests.api_twins import Twin
from tests.factories.gakkumdu import open_case
from tests.factories.incidents import AT, report

LATER = AT + timedelta(hours=1)
DUE = AT + timedelta(days=2)


@pytest.fixture(autouse=True)
def now(demo_clock):
    demo_clock(LATER)


def direct(incident, by, *slugs, **fields):
    shares = [Share(Agency.objects.get(slug=slug), None) for slug in slugs or ("kpu-kalsel",)]
    values = {"title": "Pindahkan logistik", "text": "Pindahkan kotak ke gudang kedua.", **fields}
    return direct_from_incident(incident, shares=shares, due=Due(at=DUE), by=by, at=LATER, **values)


@pytest.mark.parametrize("path", settings.DIRECTIVE_ORIGINS)
def test_those_named_in_settings_can_tell(path, coordinator):
    assert import_string(path)(coordinator, "/kejadian/999999/") is False


def test_issued_with_the_number_as_origin_and_once(commander, liaison_kpu):
    incident = report(liaison_kpu)
    made = [direct(incident, commander) for _time in range(2)]
    assert made[0] == made[1]
    assert Directive.objects.count() == 1
    assert (made[0].origin_label, made[0].origin_url) == (incident.number, page_of(incident))
    assert made[0].number
    assert [row.number for row in directives_of(incident, commander)] == [made[0].number]


def test_each_side_shows_the_other_to_who_sees_it(
    client, sign_in, coordinator, liaison_kejati, liaison_dprd
):
    incident = report(coordinator)
    directive = direct(incident, coordinator, "kejati-kalsel")
    page = reverse("coordination:directive_detail", args=[directive.pk])
    for actor, linked in ((coordinator, True), (liaison_kejati, False)):
        sign_in(client, actor)
        shown = client.get(page)
        assert incident.number in shown.content.decode()
        assert bool(shown.context["origin"].url) is linked
    assert not opens(liaison_kejati, page_of(incident))
    assert directives_of(incident, liaison_dprd) == []
    sign_in(client, liaison_dprd)
    assert client.get(page).status_code == 404


def test_it_is_of_no_lower_class(coordinator):
    incident = report(coordinator, classification=Classification.RAHASIA)
    assert direct(incident, coordinator).classification == Classification.RAHASIA


def test_not_from_what_is_out_of_sight_or_at_the_desk(
    commander, coordinator, liaison_bawaslu, liaison_kpu
):
    case = open_case(liaison_bawaslu)
    with pytest.raises(Refused, match="tidak terbuka"):
        direct(case.incident, coordinator)
    with pytest.raises(Refused) as refusal:
        direct(report(coordinator), coordinator, text="Paslon 1 meraih 54%")
    assert refusal.value.field == "text"
    with pytest.raises(Exception, match="directive.issue"):
        direct(report(liaison_kpu), liaison_kpu)
    assert not Directive.objects.exists()


def test_from_the_page(client, sign_in, commander, liaison_kpu):
    incident = report(liaison_kpu)
    assert "Jadikan arahan" in [act.label for act in acts(incident, commander)]
    assert "Jadikan arahan" not in [act.label for act in acts(incident, liaison_kpu)]
    sign_in(client, commander)
    address = reverse("incidents:incident_direct", args=[incident.pk])
    form = client.get(address).context["form"]
    assert form["ground"].value() == f"Kejadian {incident.number}"
    data = {
        "title": "Pindahkan logistik", "text": "Pindahkan.", "ground": "Kejadian",
        "kind": "guidance", "binding": "request", "priority": "ordinary", "due_kind": "date",
        "due_at": "2024-11-22T10:00", "classification": 2,
        "agencies": [Agency.objects.get(slug="kpu-kalsel").pk],
    }  # fmt: skip
    data |= {
        name: form[name].value() or value
        for name, value in data.items()
        if name in {"kind", "binding", "priority", "due_kind"}
    }
    assert client.post(address, {**data, "agencies": []}).context["form"].errors
    response = client.post(address, data)
    made = Directive.objects.get()
    assert response.url == reverse("coordination:directive_detail", args=[made.pk])
    assert made.title in client.get(page_of(incident)).content.decode()
    sign_in(client, liaison_kpu)
    assert client.get(address).status_code == 403


def test_over_the_api(client, sign_in, commander, liaison_kpu, liaison_dprd):
    twin = Twin(client, sign_in)
    incident = report(liaison_kpu)
    body = {
        "title": "Pindahkan logistik", "text": "Pindahkan.", "ground": "Kejadian banjir",
        "due_at": "2024-11-22T10:00:00+08:00", "shares": [{"agency": "kpu-kalsel"}],
    }  # fmt: skip
    address = f"incidents/{incident.pk}/direct/"
    made = twin(commander).once("directive.issue", address, body)
    assert made["origin_url"] == page_of(incident)
    assert twin(liaison_dprd).status(address, body) in {403, 404}
