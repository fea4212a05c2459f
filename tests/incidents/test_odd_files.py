"""Forms with files that programs send, the search, and times that no court has."""

import pytest
from django.test import Client

from incidents.actions.gakkumdu_opening import hand_over
from portal.access.classification import Classification
from portal.access.errors import Refused
from tests.factories.gakkumdu import OPENED, wita
from tests.factories.incidents import AT, report, send

API = "/api/v1/field-reports/"
SECRET = Classification.RAHASIA


def given(**changes) -> dict:
    return {
        "type": "F1", "title": "Jalan tergenang", "chronology": "Air naik.", "region": "63.03",
        "place": "Angkipih", "occurred_at": AT.isoformat(), "severity": "2",
        "client_key": "7b0c7f8e-0d6c-4a6f-9a53-1d0b5e5c6a11", **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Jalan\x07 tergenang"},
        {"chronology": "Air\x00 naik."},
        {"station": "63\x00"},
        {"region": "63.03\x00"},
        {"client_key": "bukan-uuid"},
        {"region": "99.99"},
        {"follows": "9" * 30},
        {"latitude": "nan", "longitude": "inf"},
    ],
)
def test_a_form_with_files_is_judged_like_any_other(posko_banjar, sign_in, changes):
    client = sign_in(Client(), posko_banjar)
    answer = client.post(API, given(**changes))
    assert answer.status_code in {400, 422}
    assert client.get(API).json()["count"] == 0


def test_a_search_shows_no_words_of_what_is_secret(coordinator, sign_in):
    report(coordinator, chronology="Saksi kunci bersembunyi di hulu.", classification=SECRET)
    send(coordinator, chronology="Saksi kunci bersembunyi di hulu.", classification=SECRET)
    client = sign_in(Client(), coordinator)

    page = client.get("/cari/?q=bersembunyi").content.decode()
    assert "Saksi kunci" not in page
    for path in ("/kejadian/", "/lapangan/"):
        assert "Jalan menuju TPS" in client.get(path).content.decode()
        assert "Jalan menuju TPS" not in client.get(path + "?q=bersembunyi").content.decode()


@pytest.mark.parametrize("year", [1, 1700, 1999])
def test_the_clock_of_a_case_begins_in_our_time(liaison_bawaslu, year):
    incident = report(liaison_bawaslu, code="B4", at=wita(11, 4))
    long_ago = OPENED.replace(year=year)
    with pytest.raises(Refused) as refused:
        hand_over(
            incident, basis="laporan", known_at=long_ago, received_at=OPENED, summary="Dugaan.",
            complete=True, by=liaison_bawaslu, at=OPENED,
        )  # fmt: skip
    assert refused.value.field == "known_at"
