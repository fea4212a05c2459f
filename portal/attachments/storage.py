import os
from pathlib import Path
from uuid import uuid4

from django.conf import settings


def store(data: bytes, folder: str = "attachments") -> str:
    """Write the bytes under a random name, safely on disk before the row is committed.

    Returns the path below MEDIA_ROOT. A file whose row never came is found by the sweep.
    """
    name = uuid4().hex
    relative = f"{folder}/{name[:2]}/{name}"
    target = Path(settings.MEDIA_ROOT) / relative
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return relative


def read(relative: str) -> bytes:
    return (Path(settings.MEDIA_ROOT) / relative).read_bytes()


def remove(relative: str) -> None:
    """Delete the bytes; those already gone are no error."""
    (Path(settings.MEDIA_ROOT) / relative).unlink(missing_ok=True)
