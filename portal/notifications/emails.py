"""The words of a notification: rendered when shown or sent, in the reader's language."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.utils import translation

from portal import clock
from portal.access.classification import Classification
from portal.accounts.models import User
from portal.documents import calendar
from portal.notifications.models import Delivery, Notification

SUBJECT_PREFIX = "[Portal Mantap Praja] "
CONFIDENTIAL = "confidential"
CALENDAR = "calendar"
"""Where the context of a notification keeps the event that goes out with it."""
CALENDAR_FILE = "undangan.ics"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
PACKED, MOMENT = "@packed", "@moment"
"""Marks in a stored context: that times in it are told apart from texts, and one such time."""
DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Text:
    subject: str
    body: str


def template_names(kind: str) -> tuple[str, str]:
    """Where the two texts of a kind stand."""
    return f"emails/{kind}/subject.txt", f"emails/{kind}/body.txt"


def text_of(notification: Notification, *, clearance: int) -> Text:
    """The notification's words for a reader of that clearance, in the active language."""
    if notification.classification > clearance:
        return render(CONFIDENTIAL, {})
    return render(notification.kind, notification.context)


def render(kind: str, context: Mapping[str, Any]) -> Text:
    """Plain text: nothing is escaped here, and whoever puts it in a page escapes it there."""
    values = unpacked(context)
    subject, body = (plain(name, values) for name in template_names(kind))
    return Text(subject=" ".join(subject.split()), body=tidy(body))


def compose(delivery: Delivery, *, at: datetime) -> EmailMultiAlternatives:
    """The mail of one delivery: one recipient, nothing of a Rahasia record, a Message-ID of its own
    that stays the same when it is sent again. A `calendar` in the context comes along as a calendar
    part, which mail programs offer to take over, and as a file; of a Rahasia record only a `bare`
    one, which takes a former entry away and tells nothing."""
    notification = delivery.notification
    clearance = min(notification.post.clearance, Classification.TERBATAS)
    with translation.override(delivery.user.language):
        text = text_of(notification, clearance=clearance)
        body = plain(
            "emails/layout.txt",
            {
                "body": text.body,
                "name": delivery.user.name,
                "post": notification.post.title,
                "link": settings.PORTAL_URL.rstrip("/") + notification.url,
            },
        )
    mail = EmailMultiAlternatives(
        subject=SUBJECT_PREFIX + text.subject,
        body=tidy(body),
        to=[delivery.user.email],
        headers={
            "Date": format_datetime(clock.local(at)),
            "Message-ID": f"<{delivery.token.hex}@{urlsplit(settings.PORTAL_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    payload = unpacked(notification.context).get(CALENDAR)
    if payload and (payload.get("bare") or notification.classification <= clearance):
        method = payload["method"]
        file = calendar_file(payload, notification.url, delivery.user, at)
        mail.attach_alternative(file.decode(), f"text/calendar; method={method}")
        # As application/ics its bytes arrive as they are, whatever the servers do to text.
        mail.attach(CALENDAR_FILE, file, "application/ics")
    return mail


def calendar_file(payload: Mapping[str, Any], path: str, user: User, at: datetime) -> bytes:
    """The event of a notification's `calendar`, with nobody in it but the host and the reader."""
    link = settings.PORTAL_URL.rstrip("/") + path
    text = [payload.get("virtual_link", ""), link]
    entry = calendar.Entry(
        uid=payload["uid"],
        sequence=payload["sequence"],
        starts_at=payload["starts_at"],
        ends_at=payload["ends_at"],
        title=payload["title"],
        place=payload["place"],
        text="\n".join(part for part in text if part),
        url=payload.get("virtual_link") or link,
        organizer=calendar.Person(payload["organizer"], parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
        attendee=calendar.Person(user.name, user.email),
    )
    return calendar.calendar([entry], method=payload["method"], at=at)


def plain(template: str, values: Mapping[str, Any]) -> str:
    """A template rendered as text that is not HTML."""
    return Engine.get_default().get_template(template).render(Context(values, autoescape=False))


def tidy(text: str) -> str:
    """At most one empty line in a row, none at the ends: template tags leave many."""
    return re.sub(r"[ \t]*\n(\s*\n)+", "\n\n", text).strip() + "\n"


def packed(context: Mapping[str, Any]) -> dict[str, Any]:
    """The context as it is stored: times and days say what they are, so that a text that only looks
    like one stays a text."""
    return {**{name: _pack(value) for name, value in context.items()}, PACKED: True}


def _pack(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return {MOMENT: value.isoformat()}
    if isinstance(value, Mapping):
        return {name: _pack(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_pack(inner) for inner in value]
    return value


def unpacked(context: Mapping[str, Any]) -> dict[str, Any]:
    """What `packed` was given. Rows from before have no mark: there every text that looks like a
    time becomes one."""
    turn = _unpack if context.get(PACKED) else _guess
    return {name: turn(value) for name, value in context.items() if name != PACKED}


def _unpack(value: Any) -> Any:
    if isinstance(value, dict):
        if MOMENT in value:
            text = value[MOMENT]
            return (datetime if "T" in text else date).fromisoformat(text)
        return {name: _unpack(inner) for name, inner in value.items()}
    return [_unpack(inner) for inner in value] if isinstance(value, list) else value


def _guess(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _guess(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_guess(inner) for inner in value]
    if isinstance(value, str):
        with suppress(ValueError):  # Looks like a time and is none: 2024-13-40.
            if TIME.fullmatch(value):
                return datetime.fromisoformat(value)
            if DATE.fullmatch(value):
                return date.fromisoformat(value)
    return value
