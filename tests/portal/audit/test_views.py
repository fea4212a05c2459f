import re

import pytest
from django.db import transaction

from portal.access.actor import SYSTEM
from portal.audit.models import Entry
from portal.audit.record import record
from portal.registry.models import Agency
from tests.factories.incidents import AT


def write(verb: str, **values) -> Entry:
    with transaction.atomic():
        return record(verb, Agency.objects.first(), by=SYSTEM, at=AT, **values)


def texts(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("verb=agency.uji", {"agency.uji1", "agency.uji2"}),
        ("verb=agency.uji2", {"agency.uji2"}),
        ("verb=agency.uji&post=sistem", {"agency.uji1", "agency.uji2"}),
        ("verb=agency.uji&post=KPU", set()),
        ("verb=agency.uji&object_type=registry.agency", {"agency.uji1", "agency.uji2"}),
        ("verb=agency.uji&object_type=accounts.user", set()),
    ],
)
def test_trail_filters(client, sign_in, auditor, query, found):
    write("agency.uji1")
    write("agency.uji2")

    response = sign_in(client, auditor).get(f"/audit/?{query}")

    assert {entry.verb for entry in response.context["page"]} == found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verb", "found"),
    [
        ("diterbitkan", ["minutes.publish"]),
        ("NOTULA", ["minutes.return", "minutes.publish"]),
        ("minutes.", ["minutes.return", "minutes.publish"]),
        ("berkas diunduh", ["agency.download"]),
        ("diunduh", ["export.download", "agency.download"]),
    ],
)
def test_trail_is_filtered_by_words_and_by_codes_and_shows_both(
    client, sign_in, auditor, verb, found
):
    for written in ("agency.download", "export.download", "minutes.publish", "minutes.return"):
        write(written)

    response = sign_in(client, auditor).get("/audit/", {"verb": verb})

    assert [entry.verb for entry in response.context["page"]] == found
    page = texts(response)
    assert all(code in page for code in found)
    assert ("Notula diterbitkan" in page) == ("minutes.publish" in found)


@pytest.mark.django_db
def test_trail_with_an_impossible_filter_says_so(client, sign_in, auditor):
    response = sign_in(client, auditor).get("/audit/", {"verb": "x" * 61})

    assert list(response.context["form"].errors) == ["verb"]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_trail_asks_a_constant_number_of_queries(
    client, sign_in, auditor, django_assert_num_queries, count
):
    for _ in range(count):
        write("agency.uji")
    sign_in(client, auditor).get("/audit/")

    with django_assert_num_queries(8):
        client.get("/audit/")


@pytest.mark.django_db
def test_entry_shows_what_changed_field_by_field(client, sign_in, auditor):
    entry = write("agency.uji", before={"name": "Lama", "x": 1}, after={"name": "Baru", "y": 2})

    response = sign_in(client, auditor).get(f"/audit/{entry.pk}/")

    shown = [(c.name, c.before, c.after) for c in response.context["changes"]]
    assert shown == [("name", "Lama", "Baru"), ("x", 1, "–"), ("y", "–", 2)]
    assert response.context["seal"] is None
    assert "Lama" in texts(response)


@pytest.mark.django_db(transaction=True)
def test_entry_shows_its_seal_and_the_chain_holds(client, sign_in, auditor):
    entry = write("agency.uji")
    sign_in(client, auditor)

    seal = client.get(f"/audit/{entry.pk}/").context["seal"]
    verdict = client.get("/audit/periksa/").context["verdict"]

    assert len(seal.hex) == 64
    assert verdict.intact
    assert (verdict.links, verdict.head) == (seal.seq, seal.hex)


@pytest.mark.django_db
def test_the_trail_is_closed_to_others(client, sign_in, admin, coordinator):
    entry = write("agency.uji")

    for actor in (admin, coordinator):
        sign_in(client, actor)
        for path in ("/audit/", f"/audit/{entry.pk}/", "/audit/periksa/"):
            assert client.get(path).status_code == 403
