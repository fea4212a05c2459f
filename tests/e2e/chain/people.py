"""The five persons of the walk, each at a desk of his own, and what reaches them."""

import re
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar
from playwright.sync_api import expect
from pypdf import PdfReader

from portal.notifications.emails import SUBJECT_PREFIX
from portal.notifications.mailbox import Letter, letters
from portal.notifications.models import Delivery, Notification
from tests.drills.processes import eventually
from tests.e2e.walk import IN_TIME, Walk

PATIENCE = IN_TIME / 1000
"""Seconds in which a real worker has surely sent what was promised."""


@dataclass
class Person(Walk):
    """Somebody at a desk, by the name under which he signs in."""

    login: str = ""

    @property
    def email(self) -> str:
        return f"{self.login}@demo.test"

    @property
    def post(self) -> str:
        return self.login.replace(".", "-")

    def told(self, kind: str, path: str, subject: str, *, times: int = 1) -> Letter:
        """The post was told that of that record so often by now: entries stand in the inbox that
        the person opens, each has become one mail to one address. Returns the last mail."""
        entries = Notification.objects.filter(kind=kind, post__slug=self.post, url=path)
        sent = Delivery.objects.filter(notification__in=entries, state="sent")
        eventually(lambda: sent.count() == entries.count(), within=PATIENCE)
        # The mailbox keeps the mails of other tests too: each has its delivery's token in its name.
        tokens = {delivery.token.hex for delivery in sent}
        came = [mail for mail in letters() if mail.name.rpartition("-")[2] in tokens]
        mails = [mail for mail in came if mail.subject == SUBJECT_PREFIX + subject]
        assert len(mails) == times, (self.login, kind, [mail.subject for mail in came])
        assert {mail.recipient for mail in mails} == {self.email}
        assert f"{settings.PORTAL_URL}{path}" in mails[0].body

        self.go(reverse("notifications:inbox"))
        lines = self.page.locator(".inbox-subject a").get_by_text(subject, exact=True)
        expect(lines).to_have_count(times, timeout=IN_TIME)
        return mails[0]

    def open_told(self, subject: str) -> None:
        """Open the inbox's newest entry of that subject, and with it its record."""
        self.page.goto(self.address + reverse("notifications:inbox"))
        with self.page.expect_navigation():
            self.page.locator(".inbox-subject a").get_by_text(subject, exact=True).first.click()
        self.arrive()

    def untold(self, *kinds: str) -> None:
        """Nothing of the kind has reached this post."""
        found = Notification.objects.filter(post__slug=self.post, kind__in=kinds)
        assert not found.exists(), [*found]

    def paper(self, path: str) -> str:
        """What the PDF at that address says, in one line."""
        answer = self.page.request.get(self.address + path)
        assert answer.headers["content-type"] == "application/pdf", answer.status
        return read(answer.body())

    def file(self, path: str) -> bytes:
        answer = self.page.request.get(self.address + path)
        assert answer.ok, answer.status
        return answer.body()

    def unfold(self, name: str) -> None:
        """Open what is folded under that heading."""
        self.page.locator("main details summary", has_text=name).click()


def read(pdf: bytes) -> str:
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", words)


def event_in(mail: Letter, *, method: str, uid: str, sequence: int, starts_at: datetime) -> None:
    """The mail carries that meeting as a calendar program takes it over, for its reader alone."""
    (file,) = mail.files
    assert (file.name, file.media_type) == ("undangan.ics", "application/ics")
    calendar = Calendar.from_ical(file.data)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == method
    assert (event["UID"], int(event["SEQUENCE"])) == (uid, sequence)
    assert event["DTSTART"].params["TZID"] == "Asia/Makassar"
    assert event.decoded("DTSTART") == starts_at
    assert str(event["ATTENDEE"]) == f"mailto:{mail.recipient}"
