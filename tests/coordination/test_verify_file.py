"""Whoever holds a PDF asks whether this portal gave it out: nobody signs in, nothing is kept."""

import hashlib
import io
import os
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from coordination.actions import minutes as actions
from coordination.models import IssuedCopy, Minutes
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.attachments.models import Attachment
from portal.audit.models import Entry
from tests.coordination.pages import texts, url
from tests.factories.coordination import NOW, PUBLISHED, make_held, make_minutes, make_published

PAGE = "/verifikasi/"


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def taken(client, sign_in, coordinator, liaison_kpu):
    """Published minutes, and their PDF as KPU Kalsel took it; nobody is signed in any more."""
    minutes = make_published(coordinator, "kpu-kalsel")
    pdf = sign_in(client, liaison_kpu).get(url("minutes_pdf", minutes.meeting_id)).content
    client.logout()
    return minutes, pdf


def ask(client, content, name="notula.pdf"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content, "application/pdf")})


def test_a_copy_that_was_given_out_is_genuine(client, taken):
    minutes, pdf = taken
    page = texts(ask(client, pdf))
    assert "Asli: berkas ini salinan notula" in page
    for told in (minutes.number, minutes.sha256, hashlib.sha256(pdf).hexdigest()):
        assert told in page
    for hidden in (minutes.opening, minutes.meeting.title, minutes.meeting.place, "KPU Kalsel"):
        assert hidden not in page


def test_another_file_is_not_known(client, taken):
    minutes, pdf = taken
    for content in (pdf + b" ", pdf[:-1], b"%PDF-1.7 lain", os.urandom(100)):
        page = texts(ask(client, content))
        assert "Tidak dikenal" in page and "Asli:" not in page
        assert minutes.number not in page and minutes.sha256 not in page


def test_a_kept_text_that_no_longer_fits_is_not_genuine(client, coordinator):
    sha256 = hashlib.sha256(b"%PDF-1.7").hexdigest()
    minutes = Minutes.objects.create(
        meeting=make_held(coordinator, "kpu-kalsel"),
        state="published",
        number="ND-9/VI/2024",
        sha256=sha256,
        sealed_text="Naskah lain.",
        verification_code="kode",
        published_at=PUBLISHED,
        published_by_id=coordinator.post_id,
        created_at=PUBLISHED,
        updated_at=PUBLISHED,
    )
    IssuedCopy.objects.create(minutes=minutes, sha256=sha256, issued_at=PUBLISHED)
    page = texts(ask(client, b"%PDF-1.7"))
    assert "Tidak asli: naskah tersimpan" in page and "Asli: berkas ini" not in page


def test_nothing_of_the_file_is_kept(client, taken, settings, tmp_path, monkeypatch):
    _minutes, pdf = taken
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    settings.FILE_UPLOAD_TEMP_DIR, settings.MEDIA_ROOT = str(tmp_path), str(tmp_path)
    before = Entry.objects.count(), Attachment.objects.count(), IssuedCopy.objects.count()
    ask(client, pdf + b"x" * 3_000_000)
    assert list(Path(tmp_path).iterdir()) == []
    after = Entry.objects.count(), Attachment.objects.count(), IssuedCopy.objects.count()
    assert after == before


def test_size_is_bounded_with_the_sentence_of_attachments(client, db, settings):
    settings.ATTACHMENT_MAX_BYTES = 2_000_000
    page = texts(ask(client, b"x" * 2_000_001))
    assert "Berkas lebih besar dari 2 MB." in page and "Tidak dikenal" not in page
    assert "Tidak dikenal" in texts(ask(client, b"x" * 2_000_000))


def test_no_file_or_an_empty_one_is_asked_for_again(client, db):
    assert "Pilih berkas PDF notula lebih dahulu." in texts(client.post(PAGE))
    assert "Pilih berkas PDF notula lebih dahulu." in texts(client.post(PAGE, {"file": "teks"}))
    assert "Tidak dikenal" in texts(ask(client, b""))


def test_asking_too_often_is_refused_before_the_file_is_read(client, db):
    body = io.BytesIO(b"x" * 1000)
    statuses = [client.get(PAGE).status_code for _time in range(30)]
    assert set(statuses) == {200}
    body.name = "notula.pdf"
    refused = client.post(PAGE, {"file": body})
    assert (refused.status_code, 1 <= int(refused["Retry-After"]) <= 60) == (429, True)
    assert client.get("/verifikasi/x/").status_code == 429


def test_both_pages_lead_to_one_another_and_ask_no_script(client, taken):
    minutes, _pdf = taken
    assert f'href="{PAGE}"' in texts(client.get(f"/verifikasi/{minutes.verification_code}/"))
    page = texts(client.get(PAGE))
    assert 'method="post"' in page and 'enctype="multipart/form-data"' in page
    assert client.head(PAGE).status_code == 200


def test_the_same_file_twice_is_one_copy_and_two_downloads(
    client, sign_in, coordinator, liaison_kpu
):
    minutes = make_published(coordinator, "kpu-kalsel", classification=Classification.BIASA)
    sign_in(client, liaison_kpu)
    for _time in range(2):
        client.get(url("minutes_pdf", minutes.meeting_id))
    assert (IssuedCopy.objects.count(), Entry.objects.filter(verb="minutes.download").count()) == (
        1,
        2,
    )


def test_only_published_minutes_are_given_out(coordinator):
    draft = make_minutes(coordinator, "kpu-kalsel")
    with pytest.raises(Refused, match="sudah terbit"):
        actions.issue_copy(draft, b"%PDF-", by=coordinator, at=PUBLISHED)
    assert not IssuedCopy.objects.exists()


@pytest.mark.parametrize("sha256", ["", "x" * 64, "A" * 64, "0" * 63])
def test_a_copy_has_a_whole_hash(coordinator, sha256):
    minutes = make_published(coordinator, "kpu-kalsel")
    with pytest.raises(IntegrityError, match="copy_has_a_sha256"), transaction.atomic():
        IssuedCopy.objects.create(minutes=minutes, sha256=sha256, issued_at=PUBLISHED)


def test_a_hash_belongs_to_one_copy(coordinator):
    minutes = make_published(coordinator, "kpu-kalsel")
    values = {"minutes": minutes, "sha256": "0" * 64, "issued_at": PUBLISHED}
    IssuedCopy.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedCopy.objects.create(**values)
