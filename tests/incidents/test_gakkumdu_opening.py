"""Handing an incident to Sentra Gakkumdu."""

from datetime import timedelta

import pytest

from incidents.actions.gakkumdu_opening import hand_over
from incidents.enums.gakkumdu import StepCode
from incidents.models import GakkumduCase, IncidentUpdate
from incidents.queries.gakkumdu import clock_of, holder
from portal.access.errors import Refused
from portal.audit.models import Entry
from portal.registry.models import Agency
from tests.factories.gakkumdu import KNOWN, OPENED, RECEIVED, open_case, wita
from tests.factories.incidents import report

SECOND = timedelta(seconds=1)


def test_handing_over_numbers_the_case_and_gives_bawaslu_the_lead(people, liaison_polda):
    case = open_case(liaison_polda, code="A4")

    incident = case.incident
    incident.refresh_from_db()
    assert case.number == "GK-2024-0001"
    assert incident.lead_agency == Agency.objects.get(slug="bawaslu-kalsel")
    slugs = set(incident.supporting.values_list("slug", flat=True))
    assert slugs == {"polda-kalsel", "kejati-kalsel"}
    assert IncidentUpdate.objects.filter(incident=incident).last().text == (
        "Diserahkan kepada Sentra Gakkumdu, perkara GK-2024-0001."
    )
    assert Entry.objects.filter(verb="gakkumdu.open", object_id=str(case.pk)).count() == 1
    current = clock_of(case, OPENED).current
    assert (current.code, current.starts_at, current.left) == (StepCode.STUDY, RECEIVED, 3)
    assert current.ends_at == wita(11, 8, 0)
    assert holder(case) == "Bawaslu"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"complete": False}, "Syarat minimum"),
        ({"summary": " "}, "Uraikan"),
        ({"summary": "paslon 1 meraih 54 persen"}, "perolehan suara"),
        ({"known_at": RECEIVED + SECOND}, "Diketahui paling lambat"),
        ({"known_at": wita(10, 27)}, "Batas penerimaannya 3 November 2024, 24.00 WITA"),
        ({"received_at": RECEIVED, "at": RECEIVED - SECOND, "known_at": KNOWN}, "masa depan"),
    ],
)
def test_what_is_not_ready_is_not_handed_over(liaison_bawaslu, fields, words):
    with pytest.raises(Refused, match=words):
        open_case(liaison_bawaslu, **fields)
    assert GakkumduCase.objects.count() == 0


def test_an_incident_is_handed_over_once(people, liaison_bawaslu):
    case = open_case(liaison_bawaslu)

    with pytest.raises(Refused, match="sudah ditangani"):
        hand_over(
            case.incident,
            basis="laporan",
            known_at=KNOWN,
            received_at=RECEIVED,
            summary="Lagi.",
            complete=True,
            by=people["gakkumdu.bawaslu"],
            at=OPENED,
        )


def test_numbers_follow_one_another(people, liaison_bawaslu):
    numbers = [open_case(liaison_bawaslu).number for _time in range(3)]

    assert numbers == ["GK-2024-0001", "GK-2024-0002", "GK-2024-0003"]
    assert report(liaison_bawaslu).number == "KJ-2024-0004"
