"""The letter of invitation: written before it goes out, fixed afterwards, one per seat."""

import io
from datetime import timedelta

import pypdf
import pytest
import time_machine

from coordination.actions import letters, meetings
from coordination.models import Letter
from portal.access.classification import Classification
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from tests.coordination.pages import url
from tests.factories.coordination import NOW, make_meeting, make_scheduled

DETAILS = {
    "urgency": "segera",
    "enclosures": "2 (dua) lembar",
    "subject": "Undangan rakor logistik",
    "copies": ["Kapolda Kalimantan Selatan", "Irwasda"],
    "signatory_office": "a.n. Kapolda Kalimantan Selatan, Karo Ops",
    "signatory_name": "Pejabat Penanda Tangan",
    "signatory_rank": "Kombes Pol NRP 70010001",
}


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def text_of(response) -> str:
    assert response["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def write(meeting, by, **more):
    return letters.write_letter(meeting, by=by, at=NOW, **(DETAILS | more))


def test_the_letter_has_all_parts_of_the_form(client, sign_in, coordinator, liaison_kpu):
    meeting = make_meeting(coordinator, "kpu-kalsel", dress="PDH")
    seat = meeting.invitations.get()
    write(meeting, coordinator, addressees={seat.pk: "Ketua KPU Provinsi Kalimantan Selatan"})
    meetings.schedule_meeting(meeting, by=coordinator, at=NOW)

    answer = sign_in(client, liaison_kpu).get(url("invitation_letter", seat.pk))

    text = text_of(answer)
    for part in (
        "KEPOLISIAN DAERAH KALIMANTAN SELATAN",
        "Banjarbaru, 3 Juni 2024",
        "T/1/VI/OPS.1./2024/Roops",
        "Terbatas",
        "Segera",
        "2 (dua) lembar",
        "Undangan rakor logistik",
        "Ketua KPU Provinsi Kalimantan Selatan",
        "Kamis, 6 Juni 2024",
        "10.00–12.00 WITA",
        "Aula Polda Kalimantan Selatan",
        "PDH",
        "a.n. KAPOLDA KALIMANTAN SELATAN, KARO OPS",
        "Pejabat Penanda Tangan",
        "Kombes Pol NRP 70010001",
        "Tembusan: 1. Kapolda Kalimantan Selatan 2. Irwasda",
        "Diunduh oleh Penghubung KPU Provinsi Kalsel",
        "Halaman 1 dari 1",
    ):
        assert part in text
    assert "KONSEP" not in text
    assert b"pdfaid:part" in answer.content or b"pdfaid" in answer.content
    entry = Entry.objects.get(verb="invitation.download")
    assert (entry.object_id, entry.post_id) == (str(seat.pk), liaison_kpu.post_id)


def test_a_sent_letter_keeps_what_it_said(client, sign_in, coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    meetings.edit_meeting(meeting, by=coordinator, at=NOW, place="Gedung lain")
    text = text_of(
        sign_in(client, liaison_kpu).get(url("invitation_letter", meeting.invitations.get().pk))
    )
    assert "Aula Polda Kalimantan Selatan" in text
    assert "Gedung lain" not in text


def test_only_the_own_seat_the_host_and_overseers_get_it(
    client, sign_in, coordinator, auditor, liaison_kpu, liaison_korem, liaison_dprd, posko_banjar
):
    meeting = make_scheduled(coordinator, "kpu-kalsel", "korem-101")
    address = url("invitation_letter", meeting.invitations.get(agency__slug="kpu-kalsel").pk)
    found = {}
    for actor in (coordinator, auditor, liaison_kpu, liaison_korem, liaison_dprd, posko_banjar):
        found[actor.post_title] = sign_in(client, actor).get(address).status_code
    assert list(found.values()) == [200, 200, 200, 404, 404, 403]
    assert Entry.objects.filter(verb="invitation.download").count() == 3


def test_an_unsent_letter_is_the_hosts_concept(client, sign_in, coordinator, liaison_kpu):
    seat = make_meeting(coordinator, "kpu-kalsel").invitations.get()
    assert "KONSEP" in text_of(sign_in(client, coordinator).get(url("invitation_letter", seat.pk)))
    assert sign_in(client, liaison_kpu).get(url("invitation_letter", seat.pk)).status_code == 404


def test_a_secret_letter_stays_with_the_cleared(client, sign_in, coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel", classification=Classification.RAHASIA)
    address = url("invitation_letter", meeting.invitations.get().pk)
    assert sign_in(client, liaison_kpu).get(address).status_code == 404
    assert "RAHASIA" in text_of(sign_in(client, coordinator).get(address))


def test_letters_that_are_out_are_not_rewritten(coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    with pytest.raises(Refused):
        write(meeting, coordinator)
    assert Letter.objects.count() == 0


def test_after_a_postponement_the_next_letter_says_the_new(coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    meetings.postpone_meeting(meeting, by=coordinator, at=NOW, reason="Hujan")
    write(meeting, coordinator)
    meetings.schedule_meeting(meeting, by=coordinator, at=NOW)
    seat = meeting.invitations.get()
    assert seat.letter["head"][0][1] == "T/2/VI/OPS.1./2024/Roops"
    assert seat.letter["head"][4][1] == "Undangan rakor logistik"


def test_writing_is_recorded_once_and_versioned(coordinator, liaison_kpu):
    meeting = make_meeting(coordinator, "kpu-kalsel")
    write(meeting, coordinator, version=meeting.version, quorum_percent=66)
    write(meeting, coordinator, quorum_percent=66)
    entry = Entry.objects.get(verb="meeting.letter")
    assert entry.after["subject"] == "Undangan rakor logistik"
    assert entry.after["quorum_percent"] == 66
    with pytest.raises(Stale):
        write(meeting, coordinator, version=meeting.version, subject="Lain")


def form_data(meeting, **changes):
    data = {name: value for name, value in DETAILS.items() if name != "copies"}
    data |= {
        "issued_in": "Banjarbaru",
        "opening": "",
        "copies": "Kapolda\n\n  Irwasda  ",
        "quorum_percent": "50",
        "version": meeting.version,
    }
    for seat in meeting.invitations.all():
        data[f"addressee_{seat.pk}"] = "Ketua KPU"
    return data | changes


def test_the_form_writes_and_refuses_at_the_field(client, sign_in, coordinator, liaison_kpu):
    meeting = make_meeting(coordinator, "kpu-kalsel")
    page = url("meeting_letter", meeting.pk)
    sign_in(client, coordinator)
    assert client.get(page).context["form"].initial["copies"] == ""
    wrong = client.post(page, form_data(meeting, quorum_percent="0", copies="x" * 200, subject=""))
    assert set(wrong.context["form"].errors) == {"quorum_percent", "copies", "subject"}
    assert Letter.objects.count() == 0
    done = client.post(page, form_data(meeting))
    assert done["Location"] == page
    letter = Letter.objects.get()
    assert (letter.copies, letter.urgency) == (["Kapolda", "Irwasda"], "segera")
    assert meeting.invitations.get().addressee == "Ketua KPU"
    stale = client.post(page, form_data(meeting, subject="Lain"))
    assert stale.context["form"].non_field_errors()


def test_who_does_not_host_writes_no_letter(client, sign_in, coordinator, liaison_kpu, commander):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    for actor in (liaison_kpu, commander):
        assert sign_in(client, actor).get(url("meeting_letter", meeting.pk)).status_code == 403
    moved = sign_in(client, coordinator).get(url("meeting_letter", meeting.pk))
    assert moved["Location"] == url("meeting_detail", meeting.pk)
