"""Laporan khusus: what it says, who may issue and read it, and that it stays."""

import hashlib
import io
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from incidents.actions.assignments import assign_units
from incidents.actions.editing import add_file
from incidents.actions.moves import move_incident
from incidents.actions.reports import add_update
from incidents.actions.requests import ask_agency
from incidents.actions.special_reports import issue_special_report
from incidents.enums import Audience, IncidentState, UpdateKind
from incidents.enums.persons import PersonPart
from incidents.enums.requests import RequestKind
from incidents.exports.special import special_pdf
from incidents.models import NumberSeries, SpecialReport
from incidents.queries.special_reports import paper_of, special_parts, special_reports, special_rows
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.attachments.storage import read
from portal.audit.models import Entry
from portal.registry.models import Agency
from tests.api_twins import Twin
from tests.factories.incidents import AT, photo, report
from tests.factories.persons import person
from tests.incidents.test_assignments import place

LATER = AT + timedelta(hours=2)
SAID = {"situation": "Air surut, jalan dapat dilalui.", "plan": "Patroli sampai pukul 18.00."}


@pytest.fixture(autouse=True)
def now(demo_clock):
    demo_clock(LATER)


def handled(by, **fields):
    incident = report(by, **fields)
    for step, state in enumerate((IncidentState.VERIFIED, IncidentState.HANDLING)):
        incident = move_incident(incident, state, by=by, at=AT + timedelta(minutes=step))
    return incident


def said(parts) -> str:
    return "\n".join(
        " ".join([part.title, *part.texts, *map(str, part.pairs), *map(str, part.rows)])
        for part in parts
    )


def text_of(paper: bytes) -> str:
    pages = PdfReader(io.BytesIO(paper)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def parts(incident, by, audience=Audience.AGENCIES):
    return special_parts(incident, audience=audience, agency_id=by.agency_id, **SAID)


def test_sections_stand_in_their_order_and_silence_is_not_nihil(coordinator):
    found = parts(handled(coordinator), coordinator)
    assert [part.title for part in found] == [
        "Waktu", "Tempat", "Pelapor", "Kronologi", "Korban dan kerugian", "Tindakan yang diambil",
        "Situasi akhir", "Rencana tindak lanjut", "Riwayat penanganan", "Lampiran",
    ]  # fmt: skip
    assert dict(found[3].pairs)["Siapa"] == dict(found[3].pairs)["Mengapa"] == "Belum dilaporkan"
    assert dict(found[4].pairs) == {"Korban": "Belum dilaporkan", "Kerugian": "Belum dilaporkan"}
    assert found[5].texts == ["Belum dilaporkan"]
    assert found[9].texts == ["NIHIL"]
    assert found[6].texts == [SAID["situation"]]


def test_nihil_stands_where_somebody_wrote_it(coordinator):
    incident = handled(coordinator, casualties="Nihil", loss="NIHIL")
    assert dict(parts(incident, coordinator)[4].pairs) == {"Korban": "Nihil", "Kerugian": "NIHIL"}
    paper = special_pdf(incident, parts(incident, coordinator), number="", by=coordinator, at=LATER)
    assert text_of(paper).count("Belum dilaporkan") == 3  # who, why, what was done


def test_people_and_units_noted_apart_are_not_nihil(coordinator):
    incident = handled(coordinator, casualties="Luka ringan")
    person(incident, by=coordinator, name="Orang Sampel")
    person(incident, by=coordinator, name="Anak Sampel", age=12)
    person(incident, by=coordinator, name="Terduga Sampel", part=PersonPart.SUSPECT)
    placed = place("polres-banjar", "63.03")
    assign_units(incident, [placed], task="Buka jalan.", by=coordinator, at=LATER)
    found = parts(incident, coordinator)
    assert dict(found[3].pairs)["Siapa"] == "1 orang terduga"
    assert dict(found[4].pairs)["Korban"] == "Luka ringan; 2 orang korban"
    assert ["Buka jalan." in text for text in found[5].texts] == [True]
    assert "Sampel" not in said(found)


def test_internal_words_stand_only_on_the_own_agency_s_paper(coordinator, liaison_kpu):
    incident = handled(coordinator)
    add_update(incident, kind=UpdateKind.ACTION, text="Perahu dikirim.", by=coordinator, at=LATER)
    add_update(
        incident, kind=UpdateKind.SITUATION, text="Sandi kenanga.", by=coordinator, at=LATER,
        audience=Audience.INTERNAL,
    )  # fmt: skip
    shared = said(parts(incident, coordinator))
    assert "Perahu dikirim." in shared
    assert "kenanga" not in shared
    assert "kenanga" in said(parts(incident, coordinator, Audience.INTERNAL))
    assert "kenanga" not in said(parts(incident, liaison_kpu, Audience.INTERNAL))


def test_files_are_named_with_their_sum(coordinator):
    incident = handled(coordinator)
    file = add_file(incident, photo(), by=coordinator, at=LATER)
    assert parts(incident, coordinator)[9].rows == [["foto.jpg", file.sha256]]


def test_issued_paper_is_numbered_kept_and_recorded_once(coordinator):
    incident = handled(coordinator)
    made = [issue_special_report(incident, **SAID, by=coordinator, at=LATER) for _time in range(2)]
    assert made[0] == made[1]
    assert SpecialReport.objects.count() == 1
    assert made[0].number == "LK-2024-0001"
    paper = read(paper_of(made[0]).path)
    assert hashlib.sha256(paper).hexdigest() == made[0].sha256
    text = text_of(paper)
    for words in ("LAPORAN KHUSUS", "Nomor: LK-2024-0001", SAID["plan"]):
        assert words in text
    for page in PdfReader(io.BytesIO(paper)).pages:
        assert page.extract_text().count("TERBATAS") == 2
    entry = Entry.objects.get(verb="special_report.issue")
    assert entry.after["sha256"] == made[0].sha256


def test_what_happens_later_is_a_later_report(coordinator):
    incident = handled(coordinator)
    first = issue_special_report(incident, **SAID, by=coordinator, at=LATER)
    before = read(paper_of(first).path)
    add_update(
        incident, kind=UpdateKind.SITUATION, text="Air naik lagi.", by=coordinator,
        at=LATER + timedelta(minutes=1),
    )  # fmt: skip
    second = issue_special_report(incident, **SAID, by=coordinator, at=LATER + timedelta(minutes=2))
    assert second.number == "LK-2024-0002"
    assert read(paper_of(first).path) == before
    assert "Air naik lagi." in text_of(read(paper_of(second).path))


def test_a_preview_takes_no_number(coordinator):
    incident = handled(coordinator)
    pdf = special_pdf(incident, parts(incident, coordinator), number="", by=coordinator, at=LATER)
    assert "PRATINJAU, BELUM BERNOMOR" in text_of(pdf)
    assert not NumberSeries.objects.filter(prefix="LK").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("situation", "  "), ("plan", ""), ("plan", "Paslon 1 meraih 54%"), ("audience", "public")],
)
def test_bad_words_are_refused_at_their_field_and_nothing_is_written(coordinator, field, value):
    incident = handled(coordinator)
    with pytest.raises(Refused) as refusal:
        issue_special_report(incident, **{**SAID, field: value}, by=coordinator, at=LATER)
    assert refusal.value.field == field
    assert not SpecialReport.objects.exists()
    assert not NumberSeries.objects.filter(prefix="LK").exists()


def test_it_is_read_by_those_who_see_the_incident(coordinator, liaison_kpu, liaison_dprd):
    incident = handled(coordinator)
    ask_agency(
        incident, kind=RequestKind.PART, to=Agency.objects.get(slug="kpu-kalsel"),
        matter="Logistik pengganti.", reason="Logistik.", by=coordinator,
        at=AT + timedelta(minutes=5),
    )  # fmt: skip
    shared = issue_special_report(incident, **SAID, by=coordinator, at=LATER)
    own = issue_special_report(
        incident, **SAID, by=coordinator, at=LATER, audience=Audience.INTERNAL
    )
    assert set(special_reports(coordinator)) == {shared, own}
    assert set(special_reports(liaison_kpu)) == {shared}
    assert [row.number for row in special_rows(incident, liaison_kpu)] == [shared.number]
    assert not special_reports(liaison_dprd).exists()


def test_rahasia_paper_carries_its_class_and_only_the_cleared_read_it(coordinator, liaison_kpu):
    incident = handled(coordinator, classification=Classification.RAHASIA)
    issued = issue_special_report(incident, **SAID, by=coordinator, at=LATER)
    paper = paper_of(issued)
    assert paper.classification == issued.classification == Classification.RAHASIA
    text = text_of(read(paper.path))
    assert "RAHASIA" in text
    assert "TERBATAS" not in text
    assert not special_reports(liaison_kpu).exists()


def test_no_hand_changes_an_issued_report(coordinator):
    issued = issue_special_report(handled(coordinator), **SAID, by=coordinator, at=LATER)
    rows = SpecialReport.objects.filter(pk=issued.pk)
    for change in (lambda: rows.update(plan="Lain."), rows.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    "wrong", [{"audience": "public"}, {"plan": ""}, {"sha256": "x"}, {"classification": 9}]
)
def test_constraints(coordinator, wrong):
    incident = handled(coordinator)
    values = {
        "number": "LK-2024-0009", "incident": incident, "situation": "a", "plan": "b",
        "sha256": "0" * 64, "classification": 2, "issued_by_id": coordinator.post_id,
        "agency_id": coordinator.agency_id, "issued_at": LATER,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        SpecialReport.objects.create(**values | wrong)
    SpecialReport.objects.create(**values)


def test_from_the_page_to_the_stored_paper(client, sign_in, coordinator, liaison_dprd):
    incident = handled(coordinator)
    sign_in(client, coordinator)
    address = reverse("incidents:special_issue", args=[incident.pk])
    page = client.get(reverse("incidents:incident_detail", args=[incident.pk]))
    assert address in page.content.decode()
    assert "Rencana tindak lanjut" in client.get(address).content.decode()
    preview = client.get(reverse("incidents:special_preview", args=[incident.pk]))
    assert (preview.status_code, preview["Content-Type"]) == (200, "application/pdf")

    bad = client.post(address, {"audience": "agencies", "situation": "Aman.", "plan": ""})
    assert bad.context["form"].errors.keys() == {"plan"}
    done = client.post(address, {"audience": "agencies", **SAID}, follow=True)
    assert "LK-2024-0001 (PDF)" in done.content.decode()
    [link] = re.findall(r'href="([^"]+)">LK-2024-0001', done.content.decode())
    paper = client.get(link)
    assert hashlib.sha256(paper.content).hexdigest() == SpecialReport.objects.get().sha256

    sign_in(client, liaison_dprd)
    assert client.get(link).status_code == 404
    assert client.get(address).status_code == 404


def test_over_the_api(client, sign_in, coordinator, liaison_kpu, liaison_dprd):
    twin = Twin(client, sign_in)
    incident = handled(coordinator)
    body = {"incident": incident.pk, **SAID}
    assert twin(liaison_dprd).status("special-reports/", body) == 404
    api = twin(coordinator)
    assert api.status("special-reports/", {**body, "plan": "Paslon 1 meraih 54%"}) == 422
    made = api.once("special_report.issue", "special-reports/", body)
    assert (made["number"], made["incident"]) == ("LK-2024-0001", incident.number)
    file = api.get(f"special-reports/{made['id']}/file/")
    assert hashlib.sha256(file.content).hexdigest() == made["sha256"]
    assert twin(liaison_dprd).get("special-reports/").json()["results"] == []
    assert twin(liaison_dprd).get(f"special-reports/{made['id']}/file/").status_code == 404
