"""The notula on paper and before strangers: copies, closed items, verification."""

import io
from datetime import timedelta

import docx
import pypdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from coordination import exports
from coordination.actions import minutes as actions
from coordination.models import AgendaItem, Minutes
from portal.access.classification import Classification
from portal.attachments.models import Attachment
from portal.audit.models import Entry
from portal.documents.typst import render
from tests.coordination.pages import texts, url
from tests.factories.coordination import (
    NOW,
    PUBLISHED,
    START,
    agencies,
    make_directive,
    make_minutes,
    make_published,
    publish,
    sign,
)

AT = START + timedelta(hours=4)
SECRET = "Rute pengawalan rahasia"
PIXEL = io.BytesIO()
Image.new("RGB", (1, 1)).save(PIXEL, "PNG")
PNG = PIXEL.getvalue()


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def words_of_pdf(content):
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def words_of_docx(content):
    document = docx.Document(io.BytesIO(content))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    edges = [document.sections[0].header, document.sections[0].footer]
    lines = [p.text for part in (document, *edges) for p in part.paragraphs]
    return " ".join(" ".join([*lines, *cells]).split())


@pytest.fixture
def closed(coordinator, liaison_kpu, liaison_bawaslu):
    """Published minutes with one closed item, open to the KPU alone, and a directive from it."""
    draft = make_minutes(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    section = draft.sections.select_related("minutes__meeting").get(position=2)
    actions.save_section(
        section, by=coordinator, at=AT, heading=SECRET, body=f"{SECRET}: jalan utara.",
        decision=f"{SECRET} disetujui.",
    )  # fmt: skip
    item = AgendaItem.objects.get(pk=section.agenda_item_id)
    item.is_closed, item.title = True, SECRET
    item.save()
    item.audience.set(agencies("kpu-kalsel"))
    make_directive(
        draft, coordinator, "kpu-kalsel", section=section, title=SECRET, text=f"{SECRET}!"
    )
    return publish(draft, by=coordinator, at=PUBLISHED)


def test_a_closed_item_shows_only_to_its_audience(
    client, sign_in, closed, coordinator, liaison_kpu, liaison_bawaslu, liaison_dprd
):
    meeting = closed.meeting_id
    for actor, sees in ((coordinator, True), (liaison_kpu, True), (liaison_bawaslu, False)):
        sign_in(client, actor)
        page = texts(client.get(url("minutes_detail", meeting)))
        pdf = words_of_pdf(client.get(url("minutes_pdf", meeting)).content)
        paper = words_of_docx(client.get(url("minutes_docx", meeting)).content)
        api = texts(client.get(f"/api/v1/minutes/{closed.pk}/"))
        for text in (page, pdf, paper, api):
            assert (SECRET in text, "Butir tertutup" in text or sees) == (sees, True)
    sign_in(client, liaison_dprd)
    for name in ("minutes_detail", "minutes_pdf", "minutes_docx"):
        assert client.get(url(name, meeting)).status_code == 404


def test_a_copy_says_for_whom_it_is_and_what_it_leaves_out(
    client, sign_in, coordinator, liaison_kpu
):
    published = make_published(coordinator, "kpu-kalsel")
    sign_in(client, liaison_kpu)
    address = url("minutes_pdf", published.meeting_id)
    full = words_of_pdf(client.get(address).content)
    assert full.count(f"Salinan untuk {liaison_kpu.post_title}") == len(
        pypdf.PdfReader(io.BytesIO(client.get(address).content)).pages
    )
    assert "Lampiran I. Daftar hadir" in full and "Disahkan tanpa edaran" in full
    part = words_of_pdf(client.get(f"{address}?tanpa=attendance&tanpa=matrix&tanpa=zzz").content)
    assert "Lampiran" not in part.replace("(Lampiran I)", "")
    assert "Salinan ini tidak memuat: Daftar hadir, Matriks tindak lanjut." in part
    assert Entry.objects.filter(verb="minutes.download").count() == 3


def test_an_open_copy_carries_no_name(client, sign_in, coordinator, liaison_kpu):
    published = make_published(coordinator, "kpu-kalsel", classification=Classification.BIASA)
    assert published.classification == Classification.BIASA
    sign_in(client, liaison_kpu)
    text = words_of_pdf(client.get(url("minutes_pdf", published.meeting_id)).content)
    assert "Salinan untuk" not in text


def test_a_draft_comes_as_docx_for_its_writers(client, sign_in, coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    text = words_of_docx(client.get(url("minutes_docx", draft.meeting_id)).content)
    assert "DRAF" in text and "Rapat dibuka pimpinan." in text
    sign_in(client, liaison_kpu)
    assert client.get(url("minutes_docx", draft.meeting_id)).status_code == 404


HOSTILE = (
    '<script>alert(1)</script> <iframe src="https://x.test"></iframe> '
    "[klik](javascript:alert(1)) [kpu](https://\u043apu.go.id/a) \x08"
)


def test_hostile_words_stay_words_in_every_form(client, sign_in, coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    section = draft.sections.select_related("minutes__meeting").get(position=2)
    actions.save_section(section, by=coordinator, at=AT, body=HOSTILE, decision=HOSTILE)
    published = publish(draft, by=coordinator, at=PUBLISHED)
    sign_in(client, liaison_kpu)
    page = texts(client.get(url("minutes_detail", published.meeting_id)))
    assert "<script>alert" not in page and "<iframe" not in page
    assert 'href="javascript' not in page
    content = client.get(url("minutes_pdf", published.meeting_id)).content
    assert b"javascript:" not in content and b"/JavaScript" not in content
    pdf = words_of_pdf(content)
    paper = words_of_docx(client.get(url("minutes_docx", published.meeting_id)).content)
    for text in (page, pdf, paper):
        assert text.replace(" ", "").count("xn--pu-1lc.go.id") >= 2


def test_three_hundred_pages_are_drawn(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    paragraph = "Pembahasan berlangsung panjang dan setiap pendapat dicatat seperlunya. " * 40
    long = "\n\n".join([paragraph] * 7)
    actions.save_minutes(
        draft,
        by=coordinator,
        at=AT,
        sections=[actions.SectionDraft(f"Bagian {n}", body=long) for n in range(80)],
    )
    published = publish(draft, by=coordinator, at=PUBLISHED)
    content = render("notula.typ", exports.notula(published), at=published.published_at)
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert len(pages) >= 300
    assert f"Halaman 300 dari {len(pages)}" in " ".join(pages[299].extract_text().split())
    # What it takes grows with the text, not faster: a page is a few kilobytes.
    assert len(content) < 12_000 * len(pages)
    paper = exports.notula_docx(exports.notula(published))
    assert words_of_docx(paper).count("Bagian 79") == 1


def test_files_are_part_of_what_is_fixed(coordinator, liaison_kpu, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    draft = make_minutes(coordinator, "kpu-kalsel")
    file = actions.add_file(
        draft,
        SimpleUploadedFile("peta.png", PNG),
        by=coordinator,
        at=AT,
        classification=Classification.RAHASIA,
    )
    draft.refresh_from_db()
    assert (file.classification, draft.classification) == (3, 3)
    published = publish(draft, by=coordinator, at=PUBLISHED)
    assert file.sha256 in published.sealed_text and published.number.startswith("R/")
    for change in (
        lambda: Attachment.objects.filter(pk=file.pk).delete(),
        lambda: Attachment.objects.filter(pk=file.pk).update(sha256="0" * 64),
        lambda: Attachment.objects.create(
            owner=published, name="x", media_type="x", size=1, sha256="x", path="x",
            added_by_id=coordinator.post_id, created_at=AT,
        ),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match="fixed"), transaction.atomic():
            change()


def test_a_file_of_another_record_is_not_taken_off(
    client, sign_in, coordinator, liaison_kpu, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    one, other = (make_minutes(coordinator, "kpu-kalsel") for _n in range(2))
    file = actions.add_file(other, SimpleUploadedFile("p.png", PNG), by=coordinator, at=AT)
    sign_in(client, coordinator)
    assert client.post(url("minutes_file_remove", one.meeting_id, file.pk)).status_code == 404
    client.post(url("minutes_file_remove", other.meeting_id, file.pk))
    assert not Attachment.objects.exists()


def test_a_stranger_verifies_and_learns_nothing_else(client, coordinator, liaison_kpu):
    published = make_published(coordinator, "kpu-kalsel")
    address = url("verify", published.verification_code)
    page = texts(client.get(address))
    for shown in (published.number, published.sha256, "Asli"):
        assert shown in page
    for hidden in (published.meeting.title, "Rapat dibuka", "ARH/1", "Kapolda"):
        assert hidden not in page
    match = texts(client.get(address, {"sha256": f" {published.sha256.upper()} "}))
    assert "Cocok dengan notula" in match
    assert "Tidak cocok" in texts(client.get(address, {"sha256": "0" * 64}))
    assert "64 karakter" in texts(client.get(address, {"sha256": "abc"}))
    unknown = client.get(url("verify", "bukan-kode"))
    assert (unknown.status_code, "Tidak dikenal" in texts(unknown)) == (404, True)


def test_unpublished_minutes_have_no_code(coordinator, liaison_kpu):
    sign(make_minutes(coordinator, "kpu-kalsel"), by=coordinator, at=AT)
    assert Minutes.objects.get().verification_code is None


def test_verification_names_published_addenda(client, coordinator, liaison_kpu):
    published = make_published(coordinator, "kpu-kalsel")
    draft = actions.draft_addendum(published, by=coordinator, at=AT, text="Rinci.", reason="x")
    assert "Adendum" not in texts(client.get(url("verify", published.verification_code)))
    draft = actions.sign_addendum(draft, by=coordinator, at=AT, proof="password")
    out = actions.publish_addendum(draft, by=coordinator, at=AT)
    page = texts(client.get(url("verify", published.verification_code)))
    assert "Adendum 1" in page and out.sha256 in page and "Rinci." not in page


def test_guessing_codes_is_slowed_down(client, db):
    answers = [client.get(url("verify", f"kode-{n}")).status_code for n in range(31)]
    assert answers == [404] * 30 + [429]
