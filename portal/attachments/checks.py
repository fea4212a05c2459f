"""Whether a file is what it says: its ending, its first bytes and its structure must agree."""

import io
import zipfile
from pathlib import PurePath
from typing import Any

import pikepdf
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.access.errors import Refused

ALLOWED = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KEPT = ("transparency",)
"""What of a picture's notes belongs to its drawing."""
MAX_PIXELS = 40_000_000
MAX_UNPACKED = 100_000_000
MAX_ENTRIES = 2_000


def checked(name: str, data: bytes) -> tuple[str, bytes]:
    """The media type and the bytes to store (images are encoded anew, which drops their metadata).

    Raises Refused with a sentence for the user.
    """
    if not data:
        raise Refused(_("Berkas kosong."), "file")
    refuse_size(len(data))
    suffix = PurePath(name).suffix.lower()
    if suffix not in ALLOWED:
        kinds = ", ".join(kind[1:].upper() for kind in ALLOWED)
        raise Refused(
            _("Jenis berkas tidak diterima. Gunakan: %(kinds)s.") % {"kinds": kinds}, "file"
        )
    reader = {".pdf": _pdf, ".docx": _office, ".xlsx": _office}.get(suffix, _image)
    try:
        return ALLOWED[suffix], reader(suffix, data)
    except Refused:
        raise
    except Exception as error:
        raise Refused(
            _("Isi berkas rusak atau bukan %(kind)s.") % {"kind": suffix[1:].upper()}, "file"
        ) from error


def refuse_size(size: int) -> None:
    """Raises Refused when a file of so many bytes is larger than the setting allows."""
    if size > settings.ATTACHMENT_MAX_BYTES:
        limit = settings.ATTACHMENT_MAX_BYTES // 1_000_000
        raise Refused(_("Berkas lebih besar dari %(limit)s MB.") % {"limit": limit}, "file")


def _image(suffix: str, data: bytes) -> bytes:
    wanted = "PNG" if suffix == ".png" else "JPEG"
    try:
        picture = Image.open(io.BytesIO(data), formats=[wanted])
    except UnidentifiedImageError as error:
        raise Refused(_("Isi berkas bukan gambar %(kind)s.") % {"kind": wanted}, "file") from error
    if picture.width * picture.height > MAX_PIXELS:
        raise Refused(_("Gambar terlalu besar: paling banyak 40 megapiksel."), "file")
    picture.load()
    # Turned as the camera meant it, since the note that says so goes too; a JPEG's comment and a
    # PNG's texts would otherwise be written along.
    drawn = ImageOps.exif_transpose(picture).convert("RGB" if wanted == "JPEG" else picture.mode)
    drawn.info = {name: drawn.info[name] for name in KEPT if name in drawn.info}
    clean = io.BytesIO()
    drawn.save(clean, wanted)
    return clean.getvalue()


def _pdf(suffix: str, data: bytes) -> bytes:
    if not data.startswith(b"%PDF-"):
        raise Refused(_("Isi berkas bukan PDF."), "file")
    with pikepdf.open(io.BytesIO(data)) as document:
        root = document.Root
        names: Any = root.get("/Names", {})
        if "/OpenAction" in root or "/AA" in root or "/JavaScript" in names:
            raise Refused(_("PDF memuat skrip atau tindakan otomatis."), "file")
        if "/EmbeddedFiles" in names:
            raise Refused(_("PDF memuat berkas lain di dalamnya."), "file")
    return data


def _office(suffix: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise Refused(_("Berkas terlalu besar setelah dibuka."), "file")
        names = [entry.filename.lower() for entry in entries]
        body = "word/document.xml" if suffix == ".docx" else "xl/workbook.xml"
        if body not in names:
            raise Refused(_("Isi berkas bukan %(kind)s.") % {"kind": suffix[1:].upper()}, "file")
        if any(
            "vbaproject" in name or "/embeddings/" in name or "activex" in name for name in names
        ):
            raise Refused(_("Dokumen memuat makro atau berkas tertanam."), "file")
    return data
