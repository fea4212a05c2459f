"""Pages and API of who is involved: masked for everybody, opened by an act, kept nowhere."""

import json

import pytest

from incidents.models import InvolvedPerson
from portal.access.classification import Classification
from portal.audit.models import Entry
from portal.web.models import IdempotencyRecord
from tests.api_twins import Twin
from tests.factories.incidents import report
from tests.factories.persons import NAME, NOTE, person

PEOPLE = "involved-persons/"


@pytest.fixture
def twin(client, sign_in):
    return Twin(client, sign_in)


@pytest.fixture
def incident(liaison_polda):
    return report(liaison_polda, code="A2")


def text(response) -> str:
    assert response.status_code == 200, response.content
    return response.content.decode()


def test_the_page_shows_the_mask_and_the_acts_of_who_handles(
    client, sign_in, incident, liaison_polda, auditor
):
    row = person(incident, by=liaison_polda, age=34)
    here = f"/kejadian/{incident.pk}/"

    page = text(sign_in(client, liaison_polda).get(here))
    assert "B. A. S., 34 th" in page
    assert f"/kejadian/orang/{row.pk}/nama/" in page
    seen = text(sign_in(client, auditor).get(here))
    assert "B. A. S., 34 th" in seen
    assert "/kejadian/orang/" not in seen
    for shown in (page, seen):
        assert NAME not in shown
        assert NOTE not in shown


def test_somebody_is_written_down_and_put_right(client, sign_in, incident, liaison_polda):
    sign_in(client, liaison_polda)
    here = f"/kejadian/{incident.pk}/orang/"
    assert 'name="name"' in text(client.get(here))

    refused = text(client.post(here, {"part": "saksi", "name": NAME, "condition": "meninggal"}))
    assert "Keadaan hanya diisi untuk korban." in refused
    assert client.post(here, {"part": "korban", "name": NAME, "age": "16"}).status_code == 302
    row = InvolvedPerson.objects.get()
    assert (row.minor, row.incident) == (True, incident)

    form = text(client.get(f"/kejadian/orang/{row.pk}/"))
    assert NAME not in form
    sent = {"part": "korban", "age": "16", "minor": "on", "condition": "luka_ringan", "version": 1}
    assert client.post(f"/kejadian/orang/{row.pk}/", sent).status_code == 302
    row.refresh_from_db()
    assert row.condition == "luka_ringan"


def test_a_name_is_opened_on_one_answer_which_is_kept_nowhere(
    client, sign_in, incident, liaison_polda
):
    row = person(incident, by=liaison_polda)
    sign_in(client, liaison_polda)
    address, key = f"/kejadian/orang/{row.pk}/nama/", {"idempotency_key": "buka-1"}

    assert client.get(address).status_code == 405
    for _time in range(2):
        response = client.post(address, key, headers={"HX-Request": "true"})
        assert NAME in text(response)
        assert "no-store" in response["Cache-Control"]
    assert Entry.objects.filter(verb="person.open").count() == 2
    assert not IdempotencyRecord.objects.exists()
    assert NAME not in text(client.get(f"/kejadian/{incident.pk}/"))


def test_a_name_is_wiped_on_the_page(client, sign_in, incident, liaison_polda):
    row = person(incident, by=liaison_polda)
    sign_in(client, liaison_polda)

    assert client.post(f"/kejadian/orang/{row.pk}/hapus/").status_code == 302
    page = text(client.get(f"/kejadian/{incident.pk}/"))
    assert "Nama dihapus" in page
    assert f"/kejadian/orang/{row.pk}/" not in page
    response = client.post(f"/kejadian/orang/{row.pk}/nama/")
    assert response["Location"] == f"/kejadian/{incident.pk}/"


@pytest.mark.parametrize(
    ("login", "status"),
    [("auditor", 403), ("pimpinan", 403), ("liaison.kpu", 404), ("admin", 403)],
)
def test_others_neither_open_nor_write(
    client, sign_in, people, incident, liaison_polda, login, status
):
    row = person(incident, by=liaison_polda)
    sign_in(client, people[login])

    for address in ("nama/", "hapus/", ""):
        assert client.post(f"/kejadian/orang/{row.pk}/{address}").status_code == status
    assert client.get(f"/kejadian/{incident.pk}/orang/").status_code == status
    assert not Entry.objects.filter(verb="person.open").exists()


def test_the_api_writes_opens_and_forgets(twin, incident, liaison_polda, auditor):
    api = twin(liaison_polda)
    body = {"incident": incident.pk, "part": "korban", "name": NAME, "age": 34}
    made = api.once("person.add", PEOPLE, body)
    assert (made["shown"], "name" in made) == ("B. A. S., 34 th", False)
    address = f"{PEOPLE}{made['id']}/"

    changed = api.once("person.change", address, {"condition": "luka_berat"}, "patch")
    assert (changed["condition"], changed["version"]) == ("luka_berat", 2)
    assert api.status(address, {"condition": "hilang", "version": 1}, "patch") == 409
    assert api.send(f"{address}open/").json() == {"name": NAME, "note": ""}
    assert api.send(f"{address}open/").status_code == 200
    assert Entry.objects.filter(verb="person.open").count() == 2

    assert NAME not in json.dumps(api.get(PEOPLE, incident=incident.pk).json())
    reader = twin(auditor)
    assert [row["shown"] for row in reader.get(PEOPLE).json()["results"]] == ["B. A. S., 34 th"]
    assert reader.status(f"{address}open/") == 403
    assert reader.status(PEOPLE, body) == 403

    forgotten = twin(liaison_polda).once("person.forget", f"{address}forget/")
    assert forgotten["shown"] == "Nama dihapus, 34 th"
    assert twin(liaison_polda).status(f"{address}open/") == 409


def test_the_api_knows_nobody_of_an_incident_out_of_sight(twin, incident, liaison_polda, people):
    row = person(incident, by=liaison_polda)
    api = twin(people["liaison.kpu"])

    assert api.get(PEOPLE).json()["results"] == []
    assert api.get(f"{PEOPLE}{row.pk}/").status_code == 404
    assert api.status(f"{PEOPLE}{row.pk}/open/") == 404
    body = {"incident": incident.pk, "part": "korban", "name": NAME}
    assert api.status(PEOPLE, body) == 422


def test_of_a_secret_incident_each_reading_is_recorded(twin, coordinator):
    incident = report(coordinator, code="A2", classification=Classification.RAHASIA)
    row = person(incident, by=coordinator)
    api = twin(coordinator)

    api.get(PEOPLE)
    api.get(f"{PEOPLE}{row.pk}/")
    assert Entry.objects.filter(verb="involvedperson.read").count() == 2
    api.send(f"{PEOPLE}{row.pk}/open/")
    assert Entry.objects.get(verb="person.open").object_label == ""


def test_a_page_reads_people_at_a_fixed_cost(
    client,
    sign_in,
    incident,
    liaison_polda,
    django_assert_num_queries,
    django_assert_max_num_queries,
):
    sign_in(client, liaison_polda)
    person(incident, by=liaison_polda)
    here = f"/kejadian/{incident.pk}/"
    client.get(here)
    with django_assert_max_num_queries(100) as one:
        client.get(here)
    person(incident, by=liaison_polda)
    person(incident, by=liaison_polda)
    with django_assert_num_queries(len(one)):
        client.get(here)
