"""Files that only pass by: hashed as they come in, written nowhere."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class PassedFile(UploadedFile):
    """What is left of a file that passed by: its name, its size and its SHA-256. Of one beyond the
    limit the hash is of its beginning only."""

    def __init__(self, *, sha256: str, **kwargs: Any):
        super().__init__(file=None, **kwargs)
        self.sha256 = sha256

    def close(self) -> None:
        """There is nothing open."""


class Passing(FileUploadHandler):
    """Keeps no chunk longer than it takes to hash it. What is beyond the limit of attachments is
    read, so that the sender gets his answer, and dropped."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= settings.ATTACHMENT_MAX_BYTES:
            self.digest.update(raw_data)

    def file_complete(self, file_size: int) -> PassedFile:
        return PassedFile(
            sha256=self.digest.hexdigest(),
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
        )
