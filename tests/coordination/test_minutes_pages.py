from datetime import timedelta

import pytest
import time_machine

from coordination.models import Minutes, Obligation
from portal.audit.models import Entry
from tests.coordination.pages import texts, url
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.coordination import (
    NOW,
    make_directive,
    make_held,
    make_minutes,
    make_published,
    make_scheduled,
    sign,
)


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def minutes_data(minutes, **changes):
    data = {
        "version": minutes.version,
        "opening": "Rapat dibuka.",
        "conclusion": "",
        "closing": "",
        "taker_office": "Notulis",
        "taker_name": "",
        "sections-TOTAL_FORMS": "2",
        "sections-INITIAL_FORMS": "2",
    }
    for index, section in enumerate(minutes.sections.order_by("position")):
        data |= {
            f"sections-{index}-pk": section.pk,
            f"sections-{index}-order": section.position,
            f"sections-{index}-heading": section.heading,
            f"sections-{index}-speaker": section.speaker,
            f"sections-{index}-body": section.body,
            f"sections-{index}-agenda_item": section.agenda_item_id or "",
        }
    return data | changes


def test_minutes_are_opened_written_and_reordered(client, sign_in, coordinator, liaison_kpu):
    meeting = make_held(coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    opened = client.post(url("minutes_open", meeting.pk))
    assert opened["Location"] == url("minutes_edit", meeting.pk)
    minutes = Minutes.objects.get()
    assert client.get(url("minutes_edit", meeting.pk)).status_code == 200
    data = minutes_data(
        minutes, **{"sections-0-order": "2", "sections-1-order": "1", "sections-1-body": "Baik."}
    )
    assert client.post(url("minutes_edit", meeting.pk), data).status_code == 302
    assert list(minutes.sections.values_list("heading", "body")) == [
        ("Kesiapan logistik", "Baik."),
        ("Pembukaan", ""),
    ]
    stale = client.post(url("minutes_edit", meeting.pk), data | {"opening": "Lain."})
    assert stale.context["form"].differences[0]["stored"] == "Rapat dibuka."


def test_minutes_of_a_meeting_that_has_not_begun_are_refused(
    client, sign_in, coordinator, liaison_kpu
):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    assert "sejak rakor dibuka" in texts(client.post(url("minutes_open", meeting.pk), follow=True))


def test_preview_is_clean(client, sign_in, coordinator, liaison_kpu):
    sign_in(client, coordinator)
    hostile = "**tebal** <script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=y>"
    html = texts(client.post(url("markdown_preview"), {"sections-0-body": hostile}))
    assert "<strong>tebal</strong>" in html
    assert "<script" not in html and "<img" not in html and 'href="javascript' not in html
    assert texts(client.post(url("markdown_preview"))) == ""
    sign_in(client, liaison_kpu)
    assert client.post(url("markdown_preview"), {"body": "x"}).status_code == 403


def test_hostile_markdown_stays_text_in_the_published_page(
    client, sign_in, coordinator, liaison_kpu
):
    minutes = make_minutes(coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    hostile = '<script>alert("x")</script> [klik](javascript:alert(1))'
    client.post(url("minutes_edit", minutes.meeting_id), minutes_data(minutes, opening=hostile))
    page = texts(client.get(url("minutes_detail", minutes.meeting_id)))
    assert "&lt;script&gt;alert(" in page
    assert 'href="javascript' not in page and "<script>alert" not in page


def test_a_draft_is_for_who_writes_or_signs_it(
    client, sign_in, coordinator, liaison_kpu, commander, auditor
):
    minutes = make_minutes(coordinator, "kpu-kalsel")
    readers = ((coordinator, 200), (commander, 200), (liaison_kpu, 404), (auditor, 404))
    for actor, status in readers:
        sign_in(client, actor)
        assert client.get(url("minutes_detail", minutes.meeting_id)).status_code == status
    sign_in(client, coordinator)
    assert client.get(url("minutes_pdf", minutes.meeting_id)).status_code == 404


def test_publishing_shows_what_will_happen_and_does_it_once(
    client, sign_in, coordinator, liaison_kpu
):
    minutes = make_minutes(coordinator, "kpu-kalsel")
    make_directive(minutes, coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    unsigned = client.post(url("minutes_publish", minutes.meeting_id), {"version": minutes.version})
    assert "setelah disahkan" in texts(unsigned)
    sign(minutes, by=coordinator, at=NOW + timedelta(days=4))
    page = client.get(url("minutes_publish", minutes.meeting_id))
    assert page.context["plan"]["obligations"] == 1
    assert page.context["plan"]["told"] == ["KPU Kalsel"]
    minutes.refresh_from_db()
    stale = client.post(url("minutes_publish", minutes.meeting_id), {"version": 1})
    assert stale.status_code == 200
    for _time in range(2):
        client.post(url("minutes_publish", minutes.meeting_id), {"version": minutes.version})
    assert Obligation.objects.count() == 1
    for name in ("minutes_publish", "minutes_edit"):
        assert client.get(url(name, minutes.meeting_id))["Location"] == url(
            "minutes_detail", minutes.meeting_id
        )
    sign_in(client, liaison_kpu)
    minutes.refresh_from_db()
    page = texts(client.get(url("minutes_detail", minutes.meeting_id)))
    assert minutes.sha256 in page and minutes.number in page


def test_the_pdf_is_for_who_may_read_and_its_download_recorded(
    client, sign_in, coordinator, liaison_kpu, liaison_dprd
):
    minutes = make_published(coordinator, "kpu-kalsel")
    sign_in(client, liaison_kpu)
    response = client.get(url("minutes_pdf", minutes.meeting_id))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-1.7")
    assert Entry.objects.filter(verb="minutes.download", post_id=liaison_kpu.post_id).count() == 1
    sign_in(client, liaison_dprd)
    assert client.get(url("minutes_pdf", minutes.meeting_id)).status_code == 404


def passage_data(section, **changes):
    values = {"base": section.version, "speaker": "Ketua", "body": "Baik.", "decision": "Setuju."}
    return {f"p{section.pk}-{name}": value for name, value in (values | changes).items()}


def test_a_passage_saves_itself_and_says_when(client, sign_in, coordinator, liaison_kpu):
    minutes = make_minutes(coordinator, "kpu-kalsel")
    section = minutes.sections.get(position=2)
    sign_in(client, coordinator)
    page = texts(client.get(url("minutes_write", minutes.meeting_id)))
    assert page.count('data-behaviour="passage-draft"') == 3
    address = url("passage_save", minutes.meeting_id, section.pk)
    data = passage_data(section, speaking=["kpu-kalsel"])
    answer = client.post(address, data, headers={"Accept": "application/json"})
    assert answer.json() == {
        "version": 2,
        "at": "10.05.00",
        "merged": False,
        "clashed": False,
        "others": [],
        "values": {},
    }
    section.refresh_from_db()
    assert (section.body, section.decision, section.speaking) == (
        "Baik.",
        "Setuju.",
        ["kpu-kalsel"],
    )
    plain = client.post(address, passage_data(section, body="Tanpa skrip."), follow=True)
    assert "Bagian notula disimpan." in texts(plain)


def test_a_late_passage_comes_back_joined(client, sign_in, coordinator, liaison_kpu):
    minutes = make_minutes(coordinator, "kpu-kalsel")
    section = minutes.sections.get(position=2)
    sign_in(client, coordinator)
    address = url("passage_save", minutes.meeting_id, section.pk)
    client.post(address, passage_data(section))
    late = client.post(
        address, passage_data(section, body="Buruk."), headers={"Accept": "application/json"}
    ).json()
    assert (late["merged"], late["clashed"]) == (True, True)
    assert "Baik." in late["values"]["body"] and "Buruk." in late["values"]["body"]


def test_a_passage_is_refused_with_a_sentence(client, sign_in, coordinator, liaison_kpu):
    minutes = make_minutes(coordinator, "kpu-kalsel")
    section = minutes.sections.get(position=2)
    other = make_minutes(coordinator, "kpu-kalsel").sections.first()
    json = {"headers": {"Accept": "application/json"}}
    sign_in(client, coordinator)
    address = url("passage_save", minutes.meeting_id, section.pk)
    long = client.post(address, passage_data(section, body="x" * 20_001), **json)
    assert (long.status_code, "Terlalu panjang" in long.json()["sentence"]) == (422, True)
    strange = url("passage_save", minutes.meeting_id, other.pk)
    assert client.post(strange, passage_data(other), **json).status_code == 404
    sign(minutes, by=coordinator, at=NOW + timedelta(days=4))
    late = client.post(address, passage_data(section), **json)
    assert (late.status_code, "sudah disahkan" in late.json()["sentence"]) == (409, True)
    sign_in(client, liaison_kpu)
    assert client.post(address, passage_data(section), **json).status_code == 403


def test_who_else_is_at_a_passage(client, sign_in, coordinator, liaison_kpu, people):
    minutes = make_minutes(coordinator, "kpu-kalsel")
    section = minutes.sections.get(position=2)
    second = make_person("notulis-dua", ["coordinator"], "polda-kalsel", region="63")
    address = url("passage_seen", minutes.meeting_id, section.pk)
    sign_in(client, second)
    assert client.post(address).json() == {"version": 1, "others": []}
    sign_in(client, coordinator)
    assert client.post(address).json() == {"version": 1, "others": [second.post_title]}


def test_a_secret_draft_leaves_nothing_in_the_browser(client, sign_in, coordinator, liaison_kpu):
    minutes = make_minutes(coordinator, "kpu-kalsel", classification=3)
    sign_in(client, coordinator)
    page = texts(client.get(url("minutes_write", minutes.meeting_id)))
    assert page.count('data-key=""') == 3 and "tidak ada salinan" in page


def test_the_history_shows_words_and_restores(client, sign_in, coordinator, liaison_kpu):
    minutes = make_minutes(coordinator, "kpu-kalsel")
    section = minutes.sections.get(position=2)
    sign_in(client, coordinator)
    client.post(url("passage_save", minutes.meeting_id, section.pk), passage_data(section))
    page = client.get(url("minutes_history", minutes.meeting_id))
    assert "<ins>" in texts(page)
    first = section.revisions.order_by("pk").first()
    client.post(url("revision_restore", minutes.meeting_id, first.pk))
    section.refresh_from_db()
    assert (section.body, section.version) == ("", 3)
    other = make_minutes(coordinator, "kpu-kalsel")
    assert client.post(url("revision_restore", other.meeting_id, first.pk)).status_code == 404
    sign_in(client, liaison_kpu)
    assert client.get(url("minutes_history", minutes.meeting_id)).status_code == 403


def test_signing_asks_for_a_fresh_proof(client, sign_in, coordinator, liaison_kpu):
    minutes = make_minutes(coordinator, "kpu-kalsel")
    address = url("minutes_sign", minutes.meeting_id)
    sign_in(client, coordinator)
    page = client.get(address)
    assert (
        page.context["proof_url"] == f"/accounts/reauthenticate/?next={address.replace('/', '%2F')}"
    )
    assert "cukup dengan kata sandi" in texts(page) and "Sahkan sekarang" not in texts(page)
    seen = page.context["form"]["seen"].value()
    refused = client.post(address, {"seen": seen, "reason": "Dibacakan."})
    assert "lima menit terakhir" in texts(refused)
    back = client.post(page.context["proof_url"], {"password": PASSWORD, "next": address})
    assert back["Location"] == address
    assert "Sahkan sekarang" in texts(client.get(address))
    without = client.post(address, {"seen": seen, "reason": ""})
    assert "reason" in without.context["form"].errors
    client.post(address, {"seen": seen, "reason": "Dibacakan."})
    minutes.refresh_from_db()
    assert (minutes.state, minutes.signed_with) == ("signed", "password")
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        other = make_minutes(coordinator, "kpu-kalsel")
        assert client.get(url("minutes_sign", other.meeting_id)).context["proven"] is False


def test_without_a_second_factor_the_signer_is_told_to_enrol(
    client, sign_in, coordinator, liaison_kpu, settings
):
    settings.SIGN_STEP_UP = "mfa"
    minutes = make_minutes(coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    page = texts(client.get(url("minutes_sign", minutes.meeting_id)))
    assert "belum memiliki faktor kedua" in page and 'href="/accounts/2fa/"' in page


def test_an_agency_objects_and_is_answered_on_the_pages(
    client, sign_in, coordinator, liaison_kpu, liaison_bawaslu
):
    minutes = make_minutes(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    pk = minutes.meeting_id
    with time_machine.travel(NOW + timedelta(days=4), tick=False):
        sign_in(client, coordinator)
        data = {"version": minutes.version, "until": "2024-06-08T10:00"}
        client.post(url("minutes_circulate", pk), data)
        section = minutes.sections.get(position=2)
        address = url("minutes_object", pk, section.pk)
        sign_in(client, liaison_kpu)
        assert "Ajukan keberatan" in texts(client.get(url("minutes_detail", pk)))
        client.post(address, {"text": "Keliru.", "proposed": "Yang benar."})
        sign_in(client, liaison_bawaslu)
        assert client.get(address).status_code == 404
        assert "Keliru." not in texts(client.get(url("minutes_detail", pk)))
        sign_in(client, coordinator)
        objection = minutes.objections.get()
        answer = url("objection_answer", pk, objection.pk)
        values = {"version": 1, "decision": "reject", "answer": "", "body": ""}
        assert "answer" in client.post(answer, values).context["form"].errors
        client.post(answer, values | {"decision": "accept", "body": "Yang benar."})
        sign_in(client, liaison_kpu)
        page = texts(client.get(url("minutes_detail", pk)))
        assert "Yang benar." in page and "Diterima, naskah diubah" in page


def test_an_addendum_goes_its_way_on_the_pages(client, sign_in, coordinator, liaison_kpu):
    minutes = make_published(coordinator, "kpu-kalsel")
    pk = minutes.meeting_id
    with time_machine.travel(NOW + timedelta(days=5), tick=False):
        sign_in(client, coordinator)
        section = minutes.sections.get(position=2)
        empty = client.post(url("addendum_create", pk), {"section": section.pk, "text": ""})
        assert set(empty.context["form"].errors) == {"text", "reason"}
        values = {"section": section.pk, "text": "Rinci.", "reason": "Terlewat."}
        client.post(url("addendum_create", pk), values)
        row = minutes.addenda.get()
        client.post(
            url("addendum_edit", pk, row.pk), values | {"text": "Lebih rinci.", "version": 1}
        )
        sign_in(client, liaison_kpu)
        assert client.get(url("addendum_sign", pk, row.pk)).status_code == 403
        assert "Lebih rinci." not in texts(client.get(url("minutes_detail", pk)))
        sign_in(client, coordinator)
        page = client.get(url("addendum_sign", pk, row.pk))
        client.post(page.context["proof_url"], {"password": PASSWORD})
        client.post(url("addendum_sign", pk, row.pk), {"version": 2})
        client.post(url("addendum_publish", pk, row.pk))
        sign_in(client, liaison_kpu)
        page = texts(client.get(url("minutes_detail", pk)))
        assert "Adendum 1" in page and "Lebih rinci." in page
