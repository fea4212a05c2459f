"""The list of incidents as a file: its rows are the page's, for the one who takes it."""

import csv
import io
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from incidents.actions.grouping import merge_incident
from incidents.enums import Severity
from incidents.views.files import INCIDENTS
from portal.access.classification import Classification
from portal.audit.models import Entry
from tests.factories.incidents import AT, report

URL = reverse("exports:create", args=[INCIDENTS.name])


def taken(client, form="csv", **asked):
    return client.post(URL, {"format": form, "query": urlencode(asked)})


def rows(response) -> list[list[str]]:
    """The lines between the heads and the blank line after the last row."""
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert lines[0][:2] == ["Nomor", "Kejadian"]
    return lines[1 : lines.index([])]


def test_file_has_the_rows_of_the_page_in_its_order(client, sign_in, liaison_kpu, coordinator):
    first = report(liaison_kpu, severity=Severity.HIGH)
    second = report(liaison_kpu, region="63.03.17", severity=Severity.HIGH)
    report(liaison_kpu, severity=Severity.LOW)
    sign_in(client, coordinator)

    found = rows(taken(client, severity=Severity.HIGH.value))
    page = client.get(reverse("incidents:incident_list"), {"severity": Severity.HIGH.value})

    assert [line[0] for line in found] == [second.number, first.number]
    assert [line[0] for line in found] == [row.number for row in page.context["rows"]]
    assert (found[0][8], found[0][9]) == ("Tinggi", "Dilaporkan")
    assert found[0][5].startswith("Kec. ") and found[1][5] == "Kabupaten Banjar"
    assert "Air sungai" not in str(found)


def test_file_says_its_filter_and_the_highest_class(client, sign_in, liaison_kpu, coordinator):
    report(liaison_kpu)
    report(coordinator, classification=Classification.RAHASIA)
    sign_in(client, coordinator)

    response = taken(client, severity=Severity.MEDIUM.value)
    text = response.content.decode("utf-8-sig")

    assert "Keparahan: Sedang" in text
    assert "RAHASIA" in text


def test_everybody_takes_what_he_sees_and_the_merged_count_once(
    client, sign_in, liaison_kpu, liaison_bawaslu, coordinator
):
    kept, gone = report(liaison_kpu), report(liaison_kpu)
    merge_incident(gone, kept, reason="Sama.", by=coordinator, at=AT)

    assert [line[0] for line in rows(taken(sign_in(client, coordinator)))] == [kept.number]
    assert rows(taken(sign_in(client, liaison_bawaslu))) == []
    assert Entry.objects.filter(verb__startswith="export.").count() == 2


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_other_formats_come_too(client, sign_in, liaison_kpu, form):
    report(liaison_kpu)
    response = taken(sign_in(client, liaison_kpu), form)

    assert response.status_code == 200
    begins = response.content[:4]
    assert begins == {"xlsx": b"PK\x03\x04", "pdf": b"%PDF"}[form]


def test_who_may_not_export_is_refused(client, sign_in, posko_banjar):
    assert taken(sign_in(client, posko_banjar)).status_code == 403
