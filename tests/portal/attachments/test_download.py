import hashlib
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.attachments.actions import attach, files_of
from portal.attachments.models import Attachment
from portal.attachments.pictures import small
from portal.audit.models import Entry
from tests.factories.incidents import AT, report, send
from tests.portal.attachments.test_checks import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(name: str = "surat.pdf", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if data is None else data)


def test_attach_keeps_the_bytes_under_a_random_name(liaison_kpu, store):
    incident, data = report(liaison_kpu), pdf()

    attachment = attach(incident, upload("..\\..\\surat.pdf", data), by=liaison_kpu, at=AT)

    stored = store / attachment.path
    assert stored.read_bytes() == data
    assert stored.stat().st_mode & 0o077 == 0
    assert "surat" not in attachment.path
    assert (attachment.name, str(attachment)) == ("surat.pdf", "surat.pdf")
    assert attachment.sha256 == hashlib.sha256(data).hexdigest()
    assert attachment.size == len(data)
    assert attachment.owner == incident
    assert Entry.objects.get(verb="attachment.add").after == {"sha256": attachment.sha256}


def test_attach_takes_the_class_of_its_record(coordinator):
    incident = report(coordinator, classification=Classification.RAHASIA)

    assert attach(incident, upload(), by=coordinator, at=AT).classification == 3


def test_attach_refuses_a_big_file_unread(liaison_kpu, settings, store):
    settings.ATTACHMENT_MAX_BYTES = 10
    file = upload()

    with pytest.raises(Refused):
        attach(report(liaison_kpu), file, by=liaison_kpu, at=AT)

    assert file.tell() == 0
    assert not Attachment.objects.exists()
    assert list(Path(store).iterdir()) == []


def test_download_is_recorded_and_sandboxed(client, sign_in, liaison_kpu, liaison_pemprov):
    data = pdf()
    attachment = attach(report(liaison_kpu), upload("a b.pdf", data), by=liaison_kpu, at=AT)

    response = sign_in(client, liaison_pemprov).get(f"/lampiran/{attachment.pk}/")

    assert response.content == data
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="a b.pdf"'
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    entry = Entry.objects.get(verb="attachment.download")
    assert (entry.post_id, entry.object_id) == (liaison_pemprov.post_id, str(attachment.pk))


def test_download_follows_the_sight_of_its_record(client, sign_in, liaison_kpu, liaison_bawaslu):
    attachment = attach(report(liaison_kpu), upload(), by=liaison_kpu, at=AT)

    assert sign_in(client, liaison_bawaslu).get(f"/lampiran/{attachment.pk}/").status_code == 404
    assert not Entry.objects.filter(verb="attachment.download").exists()


def test_download_above_the_clearance_is_not_found(client, sign_in, coordinator, liaison_polda):
    incident = report(coordinator, classification=Classification.RAHASIA)
    attachment = attach(incident, upload(), by=coordinator, at=AT)

    assert sign_in(client, liaison_polda).get(f"/lampiran/{attachment.pk}/").status_code == 404
    assert sign_in(client, coordinator).get(f"/lampiran/{attachment.pk}/").status_code == 200


def test_attachment_class_is_known(liaison_kpu):
    attachment = attach(report(liaison_kpu), upload(), by=liaison_kpu, at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=attachment.pk).update(classification=9)


def seen_picture(by, *, classification=Classification.TERBATAS):
    """A report's photograph, larger than its thumbnail."""
    drawn = io.BytesIO()
    Image.new("RGB", (1600, 1200), "red").save(drawn, "JPEG")
    file = SimpleUploadedFile("foto.jpg", drawn.getvalue(), "image/jpeg")
    sent = send(by, photos=[file], classification=classification)
    return files_of(sent).get()


@pytest.mark.parametrize(("name", "longest"), [("picture", 1600), ("thumbnail", 480)])
def test_a_picture_is_shown_in_full_and_small(client, sign_in, posko_banjar, name, longest):
    file = seen_picture(posko_banjar)

    response = sign_in(client, posko_banjar).get(reverse(f"attachments:{name}", args=[file.pk]))

    assert max(Image.open(io.BytesIO(response.content)).size) == longest
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Security-Policy"].startswith("sandbox")
    taken = Entry.objects.filter(verb="attachment.download").count()
    assert taken == (1 if name == "picture" else 0)


@pytest.mark.parametrize("name", ["picture", "thumbnail"])
def test_a_picture_follows_the_sight_of_its_record(
    client, sign_in, coordinator, posko_banjar, liaison_bawaslu, name
):
    open_one = seen_picture(posko_banjar)
    secret = seen_picture(coordinator, classification=Classification.RAHASIA)
    address = reverse(f"attachments:{name}", args=[open_one.pk])

    assert sign_in(client, liaison_bawaslu).get(address).status_code == 404
    address = reverse(f"attachments:{name}", args=[secret.pk])
    assert sign_in(client, posko_banjar).get(address).status_code == 404
    assert not Entry.objects.filter(verb__startswith="attachment.d").exists()

    assert sign_in(client, coordinator).get(address).status_code == 200
    assert Entry.objects.filter(verb__in=["attachment.read", "attachment.download"]).count() == 1


@pytest.mark.parametrize("name", ["picture", "thumbnail"])
def test_what_is_no_picture_is_not_shown_as_one(client, sign_in, liaison_kpu, name):
    file = attach(report(liaison_kpu), upload(), by=liaison_kpu, at=AT)
    address = reverse(f"attachments:{name}", args=[file.pk])
    assert sign_in(client, liaison_kpu).get(address).status_code == 404


def test_small_pictures_lose_their_transparency():
    drawn = io.BytesIO()
    Image.new("RGBA", (600, 20), (0, 0, 0, 0)).save(drawn, "PNG")
    shown = Image.open(io.BytesIO(small(drawn.getvalue())))
    assert (shown.size, shown.getpixel((0, 0))) == ((480, 16), (255, 255, 255))
