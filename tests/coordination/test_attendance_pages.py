"""The screen, the form behind its code, the desk, late signatures, and the sheets to take away."""

import io
import re
from datetime import timedelta

import openpyxl
import pypdf
import pytest
import time_machine

from coordination.actions import attendance
from coordination.actions.attendance import Attendee
from coordination.queries.attendance import code_subject
from portal.access import codes
from portal.access.classification import Classification
from portal.accounts.models import Tenure
from portal.attachments.models import Attachment
from portal.audit.models import Entry
from portal.documents.typst import render
from tests.coordination.pages import agency_id, texts, url
from tests.factories.coordination import NOW, START, agencies, make_held, make_scheduled

HTMX = {"HX-Request": "true"}
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock_at():
    """The clock stands at the meeting's beginning; `clock_at.move_to(…)` sets it."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def meeting(coordinator, liaison_kpu, liaison_korem):
    return make_scheduled(coordinator, "kpu-kalsel", "korem-101")


def code_address(meeting, at=START):
    return url("check_in", meeting.pk, codes.code_at(code_subject(meeting), at))


def signature(page, **changes):
    form = page.context["form"]
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data = {name: value for name, value in data.items() if value not in {None, False}}
    return data | changes


def test_the_screen_is_the_hosts_and_its_code_turns(
    client, sign_in, clock_at, meeting, coordinator, liaison_kpu, commander
):
    address = url("attendance_screen", meeting.pk)
    for actor in (liaison_kpu, commander):
        assert sign_in(client, actor).get(address).status_code == 403
    sign_in(client, coordinator)
    page = client.get(address)
    part = client.get(address, headers=HTMX)
    assert part.content.decode().strip() in page.content.decode()
    assert "<html" not in texts(part) and "<svg" in texts(part)
    assert "no-store" in page["Cache-Control"] and "style=" not in texts(part)
    clock_at.move_to(START + timedelta(seconds=30))
    assert client.get(address, headers=HTMX).content != part.content


def test_a_person_scans_fills_in_and_is_there(
    client, sign_in, clock_at, meeting, coordinator, liaison_kpu
):
    sign_in(client, liaison_kpu)
    page = client.get(code_address(meeting))
    initial = page.context["form"].initial
    assert initial["name"] == initial["office"] == "Penghubung KPU Provinsi Kalsel"
    clock_at.move_to(START + 2 * MINUTE)  # The code has turned; the opened form still counts.
    done = client.post(
        code_address(meeting),
        signature(page, name="Rina", rank="Penata", service_number="198001012005011009"),
    )
    assert done["Location"] == url("meeting_detail", meeting.pk)
    line = meeting.attendance.get()
    assert (line.attendee_name, line.service_number, line.method) == (
        "Rina",
        "198001012005011009",
        "qr",
    )
    again = client.get(code_address(meeting, START + 2 * MINUTE))
    assert "Anda tercatat dalam daftar hadir" in texts(again)


def test_an_old_or_foreign_code_opens_no_form(client, sign_in, meeting, coordinator, liaison_kpu):
    other = make_scheduled(coordinator, "kpu-kalsel")
    foreign = code_address(other).replace(f"/rakor/{other.pk}/", f"/rakor/{meeting.pk}/")
    sign_in(client, liaison_kpu)
    for address in (code_address(meeting, START - 2 * MINUTE), foreign):
        page = client.get(address)
        assert "Kode ini sudah berganti atau bukan kode rakor ini" in texts(page)
        assert 'name="name"' not in texts(page)
        refused = client.post(address, {"name": "Rina", "office": "Penghubung"})
        assert refused.context["form"].non_field_errors()
    assert meeting.attendance.count() == 0


def test_a_stranger_signs_in_first_and_comes_back(client, meeting):
    address = code_address(meeting)
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"


def test_who_is_not_invited_finds_nothing(client, sign_in, meeting, liaison_dprd, posko_banjar):
    for actor, status in ((liaison_dprd, 404), (posko_banjar, 403)):
        sign_in(client, actor)
        for address in (
            code_address(meeting),
            url("live_count", meeting.pk),
            url("attendance_pdf", meeting.pk),
            url("attendance_xlsx", meeting.pk),
            url("sign_late", meeting.pk),
        ):
            assert client.get(address).status_code == status, address


def test_an_acting_post_that_ends_meanwhile_signs_no_more(
    client, sign_in, clock_at, meeting, liaison_kpu
):
    Tenure.objects.filter(user_id=liaison_kpu.user_id).update(ends_at=START + 10 * MINUTE)
    sign_in(client, liaison_kpu)
    clock_at.move_to(START + 9 * MINUTE)
    page = client.get(code_address(meeting, START + 9 * MINUTE))
    assert page.status_code == 200
    clock_at.move_to(START + 10 * MINUTE)
    late = client.post(code_address(meeting, START + 9 * MINUTE), signature(page))
    assert late.status_code == 403
    assert meeting.attendance.count() == 0


def test_the_count_is_the_same_on_every_screen(client, sign_in, meeting, coordinator, liaison_kpu):
    attendance.check_in_at_desk(
        meeting, Attendee(), agency=agencies("kpu-kalsel")[0], by=coordinator, at=START
    )
    sign_in(client, coordinator)
    whole = texts(client.get(url("attendance_screen", meeting.pk)))
    part = texts(client.get(url("live_count", meeting.pk), headers=HTMX))
    desk = texts(client.get(url("attendance_desk", meeting.pk)))
    assert part.strip() in whole and part.strip() in desk
    assert "<strong>1</strong> / 2" in part and "Kurang 1 kursi" in part
    assert "1 dari 2 kursi hadir (perlu 2), 1 orang" in texts(
        client.get(url("meeting_detail", meeting.pk))
    )
    assert sign_in(client, liaison_kpu).get(url("live_count", meeting.pk)).status_code == 200


def test_the_desk_marks_takes_down_and_removes(client, sign_in, meeting, coordinator, liaison_kpu):
    address = url("attendance_desk", meeting.pk)
    assert sign_in(client, liaison_kpu).get(address).status_code == 403
    sign_in(client, coordinator)
    assert [row["agency"] for row in client.get(address).context["waiting"]] == [
        "Korem 101",
        "KPU Kalsel",
    ]
    client.post(address, {"agency": agency_id("kpu-kalsel"), "idempotency_key": "satu"})
    client.post(address, {"agency": agency_id("kpu-kalsel"), "idempotency_key": "satu"})
    walk_in = {"agency": agency_id("dprd-kalsel"), "name": "Sari", "office": "Anggota"}
    assert client.post(address, walk_in).status_code == 302
    wrong = client.post(address, walk_in | {"name": "Tono", "office": "", "represents": "on"})
    assert set(wrong.context["form"].errors) == {"office"}
    assert meeting.attendance.count() == 2
    line = meeting.attendance.get(attendee_name="Sari")
    remove = url("attendance_remove", line.pk)
    assert client.post(remove, {"reason": ""}).context["form"].errors
    assert client.post(remove, {"reason": "Salah catat"})["Location"] == address
    assert (
        sign_in(client, liaison_kpu)
        .get(url("attendance_remove", meeting.attendance.get().pk))
        .status_code
        == 403
    )


def test_a_late_signature_is_marked_on_page_and_sheet(
    client, sign_in, clock_at, coordinator, liaison_kpu, liaison_korem
):
    meeting = make_held(coordinator, "korem-101", "kpu-kalsel")
    clock_at.move_to(START + timedelta(hours=5))
    sign_in(client, liaison_kpu)
    assert url("sign_late", meeting.pk) in texts(client.get(url("meeting_detail", meeting.pk)))
    page = client.get(url("sign_late", meeting.pk))
    done = client.post(url("sign_late", meeting.pk), signature(page, name="Rina"))
    assert done.status_code == 302
    detail = texts(client.get(url("meeting_detail", meeting.pk)))
    assert "mandiri, terlambat" in detail
    assert url("sign_late", meeting.pk) not in detail
    sheet = _pdf(client.get(url("attendance_pdf", meeting.pk)))
    assert "mandiri, terlambat: 6 Jun 2024 15.00, Penghubung KPU Provinsi Kalsel" in sheet


def _pdf(response) -> str:
    assert response["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    return re.sub(r"(?<=\w)- (?=\w)", "-", text)


def _rows(response) -> list[tuple]:
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return list(book.active.iter_rows(values_only=True))


COLUMNS = (
    "No.",
    "Nama",
    "Pangkat/Gol. dan NRP/NIP",
    "Jabatan",
    "Instansi",
    "Status",
    "Mewakili",
    "Waktu check-in",
    "Tanda tangan",
)


@pytest.fixture
def attended(meeting, coordinator, liaison_kpu):
    attendance.check_in(
        meeting,
        Attendee("Rina", "Sekretaris KPU", "Penata", "198001012005011009", represents=True),
        by=liaison_kpu,
        at=START - 3 * MINUTE,
        code=codes.code_at(code_subject(meeting), START - 3 * MINUTE),
    )
    return meeting


def test_the_sheets_have_the_columns_of_the_office(client, sign_in, attended, coordinator):
    sign_in(client, coordinator)
    rows = _rows(client.get(url("attendance_xlsx", attended.pk)))
    head = rows.index(COLUMNS)
    assert rows[head + 1] == (
        1,
        "Rina",
        "Penata / 198001012005011009",
        "Sekretaris KPU",
        "KPU Kalsel",
        "Diwakili",
        "Pimpinan Komisi Pemilihan Umum Provinsi Kalimantan Selatan",
        "09.57 WITA",
        None,
    )
    assert rows[0][0] == "TERBATAS"
    assert any("Diunduh oleh Karo Ops" in str(row[0]) for row in rows[:head])
    text = _pdf(client.get(url("attendance_pdf", attended.pk)))
    for part in ("DAFTAR HADIR", "TERBATAS", "Rina", "198001012005011009", "Tanda tangan"):
        assert part in text
    assert Entry.objects.filter(verb="meeting.attendance_download").count() == 2


@pytest.mark.parametrize("lines", [1, 9, 10, 11, 12, 13, 14, 20])
def test_the_signature_never_stands_alone_on_a_sheet(lines):
    row = ["1", "Rina", "Penata / 19", "Sekretaris KPU Provinsi", "KPU", "Hadir", "–", "09.57", ""]
    values = {
        "language": "id",
        "title": "Daftar hadir",
        "classification": "TERBATAS",
        "letterhead": ["POLDA"],
        "number": "RAKOR/1/V/2024",
        "head": [["Acara", "Rakor"], ["Tempat", "Aula"]],
        "heads": list(COLUMNS),
        "rows": [row] * lines,
        "page": ["Halaman", "dari"],
        "signatory": ["Kapolda", "Nama"],
        "reader": "",
        "illustrative": "",
    }
    pdf = pypdf.PdfReader(io.BytesIO(render("daftar_hadir.typ", values)))
    sheets = [page.extract_text() for page in pdf.pages]
    assert sum(sheet.count("Rina") for sheet in sheets) == lines
    assert ["KAPOLDA" in sheet for sheet in sheets] == [False] * (len(sheets) - 1) + [True]
    assert sheets[-1].count("Rina") >= min(lines, 2)
    assert all("Tanda tangan" in sheet for sheet in sheets)


def test_a_service_number_is_whole_for_host_and_own_agency_only(
    client, sign_in, attended, coordinator, liaison_kpu, liaison_korem, auditor
):
    whole, masked = "198001012005011009", "•••••009"
    shown = {}
    for actor in (coordinator, liaison_kpu, liaison_korem):
        sign_in(client, actor)
        page = texts(client.get(url("meeting_detail", attended.pk)))
        book = str(_rows(client.get(url("attendance_xlsx", attended.pk))))
        api = client.get(f"/api/v1/meetings/{attended.pk}/").content.decode()
        shown[actor.agency_slug] = [whole in text for text in (page, book, api)]
        assert all((masked in text) is not (whole in text) for text in (page, book, api))
    assert shown == {
        "polda-kalsel": [True] * 3,
        "kpu-kalsel": [True] * 3,
        "korem-101": [False] * 3,
    }


def test_a_meeting_without_lines_has_no_sheet(client, sign_in, meeting, coordinator):
    sign_in(client, coordinator)
    assert client.get(url("attendance_pdf", meeting.pk)).status_code == 404


def test_a_secret_list_is_recorded_when_read(client, sign_in, coordinator, liaison_kpu):
    meeting = make_held(coordinator, "kpu-kalsel", classification=Classification.RAHASIA)
    assert sign_in(client, liaison_kpu).get(url("attendance_pdf", meeting.pk)).status_code == 404
    sign_in(client, coordinator)
    assert "RAHASIA" in _pdf(client.get(url("attendance_pdf", meeting.pk)))
    assert Entry.objects.filter(verb="meeting.read").count() == 1
    for name in ("attendance_screen", "live_count"):
        client.get(url(name, meeting.pk), headers=HTMX)
    assert Entry.objects.filter(verb="meeting.read").count() == 1


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>"  # noqa: E501


def mandate(name="mandat.pdf", data=PDF):
    file = io.BytesIO(data)
    file.name = name
    return file


def test_the_mandate_is_shown_to_host_and_own_agency(
    client, sign_in, clock_at, meeting, coordinator, liaison_kpu, liaison_korem
):
    clock_at.move_to(NOW + 5 * MINUTE)
    seat = meeting.invitations.get(agency__slug="kpu-kalsel")
    answer = {"answer": "diwakili", "representative": "Sekretaris", "may_commit": "on"}
    sign_in(client, liaison_kpu)
    address = url("invitation_answer", seat.pk)
    wrong = client.post(
        address, answer | {"version": seat.version, "file": mandate("mandat.exe", b"MZ")}
    )
    assert set(wrong.context["form"].errors) == {"file"}
    odd = client.post(address, {"answer": "hadir", "version": seat.version, "file": mandate()})
    assert set(odd.context["form"].errors) == {"file"}
    seat.refresh_from_db()
    assert (seat.answer, Attachment.objects.count()) == ("belum", 0)
    done = client.post(address, answer | {"version": seat.version, "file": mandate()})
    assert done.status_code == 302
    file = Attachment.objects.get()
    link = f"/lampiran/{file.pk}/"
    seen = {}
    for actor in (coordinator, liaison_kpu, liaison_korem):
        sign_in(client, actor)
        page = texts(client.get(url("meeting_detail", meeting.pk)))
        seen[actor.agency_slug] = (link in page, client.get(link).status_code)
    assert seen == {
        "polda-kalsel": (True, 200),
        "kpu-kalsel": (True, 200),
        "korem-101": (False, 404),
    }


def test_an_ended_post_answers_no_invitation(client, sign_in, clock_at, meeting, liaison_kpu):
    clock_at.move_to(NOW + 5 * MINUTE)
    seat = meeting.invitations.get(agency__slug="kpu-kalsel")
    sign_in(client, liaison_kpu)
    address = url("invitation_answer", seat.pk)
    assert client.get(address).status_code == 200
    Tenure.objects.filter(user_id=liaison_kpu.user_id).update(ends_at=NOW + 5 * MINUTE)
    refused = client.post(address, {"answer": "hadir", "version": seat.version})
    assert refused.status_code == 403
    seat.refresh_from_db()
    assert seat.answer == "belum"


def test_the_detail_costs_the_same_with_one_and_three_lines(
    client, sign_in, coordinator, liaison_kpu, django_assert_num_queries
):
    counts = []
    # On two days: of two at once each would tell of the other.
    for week, slugs in enumerate((("kpu-kalsel",), ("kpu-kalsel", "korem-101", "bawaslu-kalsel"))):
        start = START + timedelta(weeks=week)
        meeting = make_scheduled(
            coordinator, *slugs, starts_at=start, ends_at=start + timedelta(hours=2)
        )
        for agency in agencies(*slugs):
            attendance.check_in_at_desk(
                meeting, Attendee("Orang"), agency=agency, by=coordinator, at=start
            )
        with time_machine.travel(start, tick=False):
            sign_in(client, coordinator)
            client.get(url("meeting_detail", meeting.pk))
            with django_assert_num_queries(22):
                counts.append(client.get(url("meeting_detail", meeting.pk)).status_code)
    assert counts == [200, 200]
