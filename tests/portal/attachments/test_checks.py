"""A small corpus of files: honest ones, and ones that are not what they say."""

import io
import zipfile

import pikepdf
import pytest
from PIL import Image

from portal.access.errors import Refused
from portal.attachments.checks import MAX_ENTRIES, checked


def picture(kind: str, *, size=(8, 8), exif: bool = False, mode: str = "RGB") -> bytes:
    image, out = Image.new(mode, size), io.BytesIO()
    extra = {}
    if exif:
        data = Image.Exif()
        data[0x010E] = "titik rahasia"
        extra["exif"] = data
    image.save(out, kind, **extra)
    return out.getvalue()


def pdf(change=None) -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    if change:
        change(document)
    document.save(out)
    return out.getvalue()


def archive(*names: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in names:
            bundle.writestr(name, content)
    return out.getvalue()


def opens_by_itself(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def acts_by_itself(document):
    document.Root.AA = pikepdf.Dictionary()


def has_script(document):
    document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary())


def carries_a_file(document):
    document.attachments["x.exe"] = pikepdf.AttachedFileSpec(document, b"MZ", filename="x.exe")


WORD = ("word/document.xml", "[Content_Types].xml")


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("foto.jpg", picture("JPEG"), "image/jpeg"),
        ("FOTO.JPEG", picture("JPEG", mode="L"), "image/jpeg"),
        ("peta.png", picture("PNG", mode="RGBA"), "image/png"),
        ("surat.pdf", pdf(), "application/pdf"),
        (
            "nota.docx",
            archive(*WORD),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "rekap.xlsx",
            archive("xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_checked_takes_honest_files(name, data, media_type):
    assert checked(name, data)[0] == media_type


def test_checked_encodes_pictures_anew_without_metadata():
    data = picture("JPEG", exif=True)
    assert b"titik rahasia" in data

    _media_type, clean = checked("foto.jpg", data)

    assert b"titik rahasia" not in clean
    assert Image.open(io.BytesIO(clean)).size == (8, 8)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("kosong.pdf", b"", "kosong"),
        ("program.exe", b"MZ", "tidak diterima"),
        ("gambar.svg", b"<svg onload='x'/>", "tidak diterima"),
        ("laman.html", b"<script>", "tidak diterima"),
        ("tanpa", b"x", "tidak diterima"),
        ("foto.jpg", picture("PNG"), "bukan gambar JPEG"),
        ("foto.png", b"<script>alert(1)</script>", "bukan gambar PNG"),
        ("foto.jpg", picture("JPEG")[:200], "rusak"),
        ("surat.pdf", b"<html>", "bukan PDF"),
        ("surat.pdf", b"%PDF-1.7 rusak", "rusak"),
        ("surat.pdf", pdf(opens_by_itself), "tindakan otomatis"),
        ("surat.pdf", pdf(acts_by_itself), "tindakan otomatis"),
        ("surat.pdf", pdf(has_script), "tindakan otomatis"),
        ("surat.pdf", pdf(carries_a_file), "berkas lain"),
        ("nota.docx", b"PK\x03\x04rusak", "rusak"),
        ("nota.docx", archive("xl/workbook.xml"), "bukan DOCX"),
        ("rekap.xlsx", archive(*WORD), "bukan XLSX"),
        ("nota.docx", archive(*WORD, "word/vbaProject.bin"), "makro"),
        ("nota.docx", archive(*WORD, "word/embeddings/x.bin"), "makro"),
        ("nota.docx", archive(*WORD, "word/activeX/x.xml"), "makro"),
        ("nota.docx", archive(*(f"{n}.xml" for n in range(MAX_ENTRIES + 1))), "setelah dibuka"),
    ],
)
def test_checked_refuses_with_a_sentence(name, data, words):
    with pytest.raises(Refused) as refusal:
        checked(name, data)

    assert words in refusal.value.sentence
    assert refusal.value.field == "file"


def test_checked_refuses_a_bomb(monkeypatch):
    monkeypatch.setattr("portal.attachments.checks.MAX_UNPACKED", 1000)

    with pytest.raises(Refused, match="setelah dibuka"):
        checked("nota.docx", archive(*WORD, content=b"0" * 5000))


def test_checked_refuses_too_many_pixels(monkeypatch):
    monkeypatch.setattr("portal.attachments.checks.MAX_PIXELS", 60)

    with pytest.raises(Refused, match="megapiksel"):
        checked("foto.png", picture("PNG"))


def test_checked_refuses_too_many_bytes(settings):
    settings.ATTACHMENT_MAX_BYTES = 1_000_000

    with pytest.raises(Refused, match="lebih besar dari 1 MB"):
        checked("surat.pdf", b"%PDF-" + b"0" * 1_000_000)
