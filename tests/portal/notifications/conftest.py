from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.accounts.enums import Role
from portal.accounts.models import Post, Tenure, User
from portal.background.running import drain
from portal.notifications import notify
from portal.notifications.mailbox import letters
from portal.registry.models import Unit


@dataclass(frozen=True)
class Office:
    """A post of an agency and the person who holds it."""

    post: Post
    user: User
    tenure: Tenure

    @property
    def actor(self) -> Actor:
        tenure = Tenure.objects.select_related("post__unit__agency").get(pk=self.tenure.pk)
        return Actor.of(tenure)


@pytest.fixture
def at() -> datetime:
    return datetime.fromisoformat("2024-11-20T08:00:00+08:00")


@pytest.fixture(autouse=True)
def standing_clock(settings, at, tmp_path):
    """The domain's clock stands at `at` and runs on; mails go to a folder of the test."""
    settings.DEMO_NOW = at
    settings.DEMO_ANCHOR = datetime.now().timestamp()  # noqa: DTZ005 (true epoch seconds)
    settings.MAILBOX_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "portal.notifications.mailbox.FileMailbox"
    settings.PORTAL_URL = "https://portal.demo.test"


@pytest.fixture
def office(db, at) -> Callable[..., Office]:
    def make(agency: str, *, language="id", clearance=Classification.TERBATAS, roles=None):
        number = Post.objects.count() + 1
        post = Post.objects.create(
            slug=f"{agency}-{number}",
            title=f"Penghubung {agency} {number}",
            unit=Unit.objects.filter(agency__slug=agency).first(),
            roles=roles or [Role.LIAISON],
            clearance=clearance,
        )
        user = User.objects.create_user(
            f"orang.{number}@demo.test", name=f"Petugas {number}", language=language
        )
        tenure = Tenure.objects.create(user=user, post=post, starts_at=at - timedelta(days=30))
        return Office(post, user, tenure)

    return make


@pytest.fixture
def kpu(office) -> Office:
    return office("kpu-kalsel")


@pytest.fixture
def korem(office) -> Office:
    return office("korem-101", language="en")


@pytest.fixture
def tell(at):
    """Tell offices of an event, with the texts of a kind that the portal has."""

    def call(*offices: Office, event="event:1", **more):
        arguments = {
            "event_key": event,
            "posts": [office.post for office in offices],
            "context": {"number": 7, "task": "a.b", "attempts": 8},
            "url": "/rakor/7/",
            "at": at,
        }
        return notify("dead_task", **arguments | more)

    return call


@pytest.fixture
def mails(settings):
    """Run the outbox dry and read the mailbox: (recipient, subject), oldest first."""

    def read():
        drain()
        return [(letter.recipient, letter.subject) for letter in reversed(letters())]

    return read
