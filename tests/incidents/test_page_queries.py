"""What the page of an incident asks of the database does not grow with what stands on it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.actions.shares import Due, Share
from deployments.models import Deployment
from incidents.actions.assignments import assign_units
from incidents.actions.directives import direct_from_incident
from incidents.actions.field_reports import file_report
from incidents.actions.reports import add_update
from incidents.actions.requests import ask_agency
from incidents.actions.special_reports import issue_special_report
from incidents.enums import UpdateKind
from incidents.enums.requests import RequestKind
from portal.registry.models import Agency
from tests.factories.deployments import operation, unit
from tests.factories.incidents import AT, photo, report, send
from tests.factories.persons import person

LATER = AT + timedelta(minutes=30)
POLICE = ("polres-banjar", "polres-tapin", "polres-tabalong", "polres-balangan")
OTHERS = ("kpu-kalsel", "bawaslu-kalsel", "kejati-kalsel", "kesbangpol-kalsel")


def fill(incident, by, step: int) -> None:
    """One more of everything that the page shows."""
    moment = LATER + timedelta(minutes=step)
    add_update(incident, kind=UpdateKind.ACTION, text=f"Langkah {step}.", by=by, at=moment)
    person(incident, by=by, name=f"Orang Sampel {step}")
    file_report(
        send(by, code="A2", region="63.03.03", photos=[photo()]), incident, by=by, at=moment
    )
    agency = Agency.objects.get(slug=OTHERS[step])
    matter = {"matter": f"Mohon pendapat {step}.", "by": by, "at": moment}
    ask_agency(incident, kind=RequestKind.ADVICE, to=agency, **matter)
    row = unit(POLICE[step])
    placed = Deployment.objects.create(
        operation=operation(), agency=row.agency, unit=row, personnel=5, region_id="63.03",
        status="engaged", state="in_place", task="Patroli", starts_on=date(2024, 11, 1),
        source="uji", as_of=AT, created_at=AT, updated_at=AT,
    )  # fmt: skip
    assign_units(incident, [placed], task=f"Tugas {step}.", by=by, at=moment)
    direct_from_incident(
        incident, shares=[Share(agency, None)], due=Due(at=AT + timedelta(days=2)),
        title=f"Arahan {step}", text="Lakukan.", by=by, at=moment,
    )  # fmt: skip
    words = {"situation": f"Keadaan {step}.", "plan": "Patroli."}
    issue_special_report(incident, **words, by=by, at=moment)


@pytest.mark.parametrize("office", ["coordinator", "commander"])
def test_page_asks_as_much_for_four_of_each_as_for_two(
    request, client, sign_in, demo_clock, coordinator, posko_banjar, people, office
):
    for agency in ("kpu", "bawaslu", "kejati", "kesbangpol"):
        people[f"liaison.{agency}"]
    reader = request.getfixturevalue(office)
    demo_clock(LATER)
    incident = report(posko_banjar, code="A2", region="63.03.03", latitude=-3.42, longitude=114.68)
    sign_in(client, reader)
    address = reverse("incidents:incident_detail", args=[incident.pk])
    asked = []
    for step in range(4):
        fill(incident, coordinator, step)
        incident.refresh_from_db()
        client.get(address)  # What is kept for the next request is kept by now.
        with CaptureQueriesContext(connection) as captured:
            page = client.get(address).content.decode()
        assert f"Langkah {step}." in page
        asked.append([query["sql"] for query in captured])
    assert len(asked[3]) == len(asked[1]), "\n".join(sorted(set(asked[3]) - set(asked[1])))
    assert len(asked[3]) < 100
