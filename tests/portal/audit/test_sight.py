"""The trail tells of records that a reader may not read that something was done, not what."""

import pytest

from incidents.actions.editing import add_file
from portal.audit.models import Entry
from portal.audit.sight import register
from portal.audit.verify import verify_chain
from tests.factories.gakkumdu import OPENED, RECEIVED, open_case
from tests.factories.incidents import photo, report, send
from tests.portal.audit.test_views import texts

PATHS = ("/", "/audit/")


pytestmark = pytest.mark.django_db


def last(obj) -> Entry:
    return Entry.objects.about(obj).order_by("pk").first()


def test_what_the_desk_keeps_stands_in_the_trail_by_its_number(
    client, sign_in, auditor, liaison_bawaslu
):
    case = open_case(liaison_bawaslu, summary="Uang segel.")
    incident = case.incident
    assert last(incident).object_label == f"{incident.number} Amplop dibagikan"
    sign_in(client, auditor)

    for path in PATHS:
        page = texts(client.get(path))
        assert "Amplop" not in page, path
        assert incident.number in page, path
    entry = last(incident)
    response = client.get(f"/audit/{entry.pk}/")
    page = texts(response)
    assert (response.context["entry"].object_label, response.context["changes"]) == (
        incident.number,
        [],
    )
    assert "Anda tidak berwenang membaca data ini" in page
    assert "Amplop" not in page
    opened = texts(client.get(f"/audit/{last(case).pk}/"))
    assert case.number in opened
    assert "Uang segel" not in opened


def test_what_hangs_on_it_is_as_silent(client, sign_in, auditor, liaison_bawaslu):
    from_field = send(liaison_bawaslu, code="B4", title="Amplop dibagikan", at=RECEIVED)
    file = add_file(
        report(liaison_bawaslu, title="Amplop lain"), photo("amplop.jpg"), by=liaison_bawaslu,
        at=RECEIVED,
    )  # fmt: skip
    case = open_case(liaison_bawaslu)
    hanging = add_file(case.incident, photo("segel.jpg"), by=liaison_bawaslu, at=OPENED)
    sign_in(client, auditor)

    page = texts(client.get("/audit/"))
    assert f"{from_field.number} Amplop dibagikan" in page
    assert ("amplop.jpg" in page, "segel.jpg" in page) == (True, False)
    assert texts(client.get(f"/audit/{last(file).pk}/")).count("amplop.jpg")
    assert "segel.jpg" not in texts(client.get(f"/audit/{last(hanging).pk}/"))


def test_what_the_auditor_may_read_keeps_its_content_and_its_changes(
    client, sign_in, auditor, liaison_bawaslu
):
    incident = report(liaison_bawaslu, title="Amplop dibagikan")
    sign_in(client, auditor)

    response = client.get(f"/audit/{last(incident).pk}/")

    assert response.context["entry"].object_label == f"{incident.number} Amplop dibagikan"
    assert "type" in {change.name for change in response.context["changes"]}
    assert "Anda tidak berwenang" not in texts(response)


@pytest.mark.parametrize("count", [1, 3])
def test_kinds_are_looked_up_once_however_many_entries(
    client, sign_in, auditor, liaison_bawaslu, django_assert_num_queries, count
):
    for _ in range(count):
        report(liaison_bawaslu)
    sign_in(client, auditor).get("/audit/")

    with django_assert_num_queries(9):
        client.get("/audit/")


@pytest.mark.django_db(transaction=True)
def test_what_is_stored_stays_and_the_chain_holds(client, sign_in, auditor, liaison_bawaslu):
    case = open_case(liaison_bawaslu)
    sign_in(client, auditor).get("/audit/")

    assert last(case.incident).object_label.endswith("Amplop dibagikan")
    assert verify_chain().intact


def test_a_kind_is_registered_once():
    with pytest.raises(ValueError, match="incidents.incident"):
        register({"incidents.incident": lambda actor, ids: set()})
