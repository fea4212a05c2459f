"""Mail as files, for the demo and the tests: one `.eml` per message."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from portal import clock

NAME = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9A-Za-z-]{1,80}")


class FileMailbox(BaseEmailBackend):
    """Writes each message to MAILBOX_DIR as `<time>-<id>.eml`, whole or not at all.

    The id is the local part of the Message-ID. A message whose file is there was sent: sending it
    again changes nothing, so a mail that a dying worker had already written stays one mail.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAILBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        return sum(self.deliver(message, folder) for message in email_messages)

    def deliver(self, message: EmailMessage, folder: Path) -> bool:
        mime = message.message()
        local_part = str(mime["Message-ID"]).strip("<>").partition("@")[0]
        identity = re.sub(r"[^0-9A-Za-z-]", "-", local_part)[:80]
        if any(folder.glob(f"*-{identity}.eml")):
            return True
        name = f"{clock.true_now():%Y%m%dT%H%M%S%f}-{identity}"
        unfinished = folder / f".{name}.part"
        with unfinished.open("wb") as file:
            file.write(mime.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(folder / f"{name}.eml")
        return True


@dataclass(frozen=True)
class Letter:
    """A message in the mailbox. `name` is its file's name without the ending."""

    name: str
    sent_at: datetime | None
    sender: str
    recipient: str
    subject: str
    body: str
    files: tuple["Enclosed", ...] = ()


@dataclass(frozen=True)
class Enclosed:
    """A file in a message, as its reader gets it."""

    name: str
    media_type: str
    data: bytes

    @property
    def text(self) -> str:
        """What a calendar file says, for who wants to look inside."""
        readable = self.media_type in {"application/ics", "text/calendar"}
        return self.data.decode("utf-8", "replace") if readable else ""


def letters(limit: int = 200) -> list[Letter]:
    """The newest messages first."""
    files = sorted(Path(settings.MAILBOX_DIR).glob("*.eml"), reverse=True)
    return [_read(file) for file in files[:limit]]


def letter(name: str) -> Letter | None:
    """The message of that name, if there is one."""
    file = Path(settings.MAILBOX_DIR) / f"{name}.eml"
    return _read(file) if NAME.fullmatch(name) and file.is_file() else None


def _read(file: Path) -> Letter:
    mime = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = mime.get_body(preferencelist=("plain", "html"))
    return Letter(
        name=file.stem,
        sent_at=_moment(mime["Date"]),
        sender=str(mime["From"] or ""),
        recipient=str(mime["To"] or ""),
        subject=str(mime["Subject"] or ""),
        body=body.get_content() if body else "",
        files=tuple(
            Enclosed(
                name=part.get_filename() or "",
                media_type=part.get_content_type(),
                data=data,
            )
            for part in mime.iter_attachments()
            if isinstance(data := part.get_payload(decode=True), bytes)
        ),
    )


def _moment(header: str | None) -> datetime | None:
    """The time of a Date header; one that names no zone ("-0000") is in UTC."""
    if not header:
        return None
    moment = parsedate_to_datetime(header)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
