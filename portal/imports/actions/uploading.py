"""A file comes in, or is thrown away."""

import hashlib
from datetime import datetime, timedelta
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.attachments.checks import checked, refuse_size
from portal.attachments.storage import store
from portal.audit.record import record
from portal.background import enqueue
from portal.imports.enums import IMPORT_MOVES, ImportState, Source
from portal.imports.kinds import Kind
from portal.imports.models import ImportJob
from portal.imports.workbooks import OLD_OFFICE
from portal.web.forms import CONTROL

KEEP = timedelta(days=30)
FOLDER = "imports"


def upload_file(kind: Kind, file: UploadedFile, *, by: Actor, at: datetime) -> ImportJob:
    """Keep a file whose rows a worker will check; nothing of it is written before it is applied."""
    name = PurePath((file.name or "").replace("\\", "/")).name[-200:]
    name = CONTROL.sub("", name).replace("\x00", "") or "berkas"
    refuse_size(file.size or 0)
    data = file.read()
    source = _source(name, data)
    with transaction.atomic():
        job = ImportJob.objects.create(
            post_id=by.post_id,
            user_id=by.user_id,
            kind=kind.name,
            name=name,
            source=source,
            path=store(data, FOLDER),
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            language=(translation.get_language() or "id")[:5],
            created_at=at,
            touched_at=at,
            expires_at=at + KEEP,
        )
        after = {"kind": kind.name, "name": name, "sha256": job.sha256}
        record("import.upload", job, by=by, at=at, after=after)
        enqueue("imports.check", key=f"imports.check:{job.pk}", job_id=job.pk)
    return job


def _source(name: str, data: bytes) -> str:
    """Raises Refused for what is neither XLSX nor CSV."""
    suffix = PurePath(name).suffix.lower()
    if data.startswith(OLD_OFFICE):
        raise Refused(
            _("Berkas ini terkunci kata sandi atau berformat .xls lama. Simpan sebagai .xlsx tanpa "
              "kata sandi."),
            "file",
        )  # fmt: skip
    if suffix == ".xlsx":
        checked(name, data)
        return Source.XLSX
    if suffix == ".xlsm":
        raise Refused(_("Berkas memuat makro. Simpan sebagai .xlsx tanpa makro."), "file")
    if suffix not in {".csv", ".txt", ".tsv"}:
        raise Refused(_("Jenis berkas tidak diterima. Gunakan XLSX atau CSV."), "file")
    if data.startswith(b"PK\x03\x04"):
        raise Refused(_("Isi berkas ini XLSX, bukan CSV. Beri akhiran .xlsx."), "file")
    if not data.strip():
        raise Refused(_("Berkas kosong."), "file")
    return Source.CSV


def discard_import(job: ImportJob, *, by: Actor, at: datetime) -> ImportJob:
    """Throw a file away that was not applied, with all that was read from it. Again: no change."""
    with transaction.atomic():
        current = ImportJob.objects.select_for_update().get(pk=job.pk)
        if current.state == ImportState.DISCARDED:
            return current
        if ImportState.DISCARDED not in IMPORT_MOVES[current.state]:
            raise Refused(_("Impor ini tidak dapat dibuang lagi."))
        path = clear(current, at=at)
        current.state, current.finished_at = ImportState.DISCARDED, at
        current.save()
        record("import.discard", current, by=by, at=at)
        transaction.on_commit(lambda: remove(path))
    return current


def clear(job: ImportJob, *, at: datetime) -> str:
    """Drop the rows of a job and forget its file; returns where that lies."""
    job.rows.all().delete()
    path, job.path, job.touched_at = job.path, "", at
    return path


def remove(relative: str) -> int:
    """Delete a file of ours; returns how many went."""
    target = settings.MEDIA_ROOT / relative if relative else None
    if target is None or not target.is_file():
        return 0
    target.unlink(missing_ok=True)
    return 1


def note_download(job: ImportJob, rows: int, *, by: Actor, at: datetime) -> None:
    """The refused rows were taken away as a file."""
    record("import.download", job, by=by, at=at, after={"rows": rows})
