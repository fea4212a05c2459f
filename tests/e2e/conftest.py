"""The browser, in Indonesian and WITA; a page that reports every error and CSP violation."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from tests.e2e.troubles import watch

ROOT = Path(__file__).resolve().parents[2]
UNSETTLED = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "demo-rakor-2024"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# The synchronous API of Playwright keeps an event loop in this thread; the ORM is used beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium where there is one, else Playwright's own (see scripts/browser.sh)."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    chosen = {"executable_path": program} if program else {}
    return {**browser_type_launch_args, **chosen, "args": ["--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "id-ID",
        "timezone_id": "Asia/Makassar",
        "viewport": DESKTOP,
    }


@pytest.fixture
def phone(browser, browser_context_args, live_server):
    """A page as on a phone, 390 px wide, with touch; reports like `page`."""
    context = browser.new_context(
        **{**browser_context_args, "viewport": PHONE, "is_mobile": True, "has_touch": True},
        base_url=live_server.url,
    )
    page = context.new_page()
    troubles = watch(page)
    yield page
    context.close()
    assert troubles == []


@pytest.fixture
def page(page, live_server):
    """The browser's page; the test fails on an error in its console and on a CSP violation."""
    troubles = watch(page)
    yield page
    assert troubles == []


@pytest.fixture(scope="session")
def base_url():
    """Addresses come from `live_server`; pytest-base-url's own option is not used."""
    return ""


@pytest.fixture
def axe():
    """`axe(page)`: fail with every accessibility violation (WCAG 2.2 A and AA) on the page."""
    source = AXE.read_text()

    def check(page, *, exclude=()):
        # What htmx is putting in place at the moment has colours on their way.
        page.locator(UNSETTLED).first.wait_for(state="detached")
        # A button half under the sticky head of a scrolled page is not a small button.
        page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
        page.evaluate(source)
        found = page.evaluate(
            "([exclude, options]) => axe.run({include: [['html']], exclude}, options)",
            [
                [[selector] for selector in exclude],
                {"runOnly": RULES, "resultTypes": ["violations"]},
            ],
        )
        assert [
            f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ] == []

    return check


@pytest.fixture
def sign_in(live_server):
    """`sign_in(page, e_mail)`: through the form, as a person does."""

    def enter(page, email, password=PASSWORD):
        page.goto(live_server.url + reverse("account_login"))
        page.locator("input[name=login]").fill(email)
        page.locator("input[name=password]").fill(password)
        with page.expect_navigation():
            page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        assert "/accounts/login/" not in page.url, page.locator("main").inner_text()
        return page

    return enter


class Background:
    """A real worker and a real beat on the test's database; they reckon time from the moment at
    which they are started."""

    def __init__(self, portal_url: str, log: Path):
        self.portal_url, self.log = portal_url, log
        self.running: list[subprocess.Popen] = []

    def start(self) -> None:
        environment = {**os.environ, "PORTAL_URL": self.portal_url}
        words = [sys.executable, "-m", "celery", "--app=portal"]
        roles = (["worker", "--concurrency=1", "--without-mingle"], ["beat"])
        with self.log.open("ab") as log:
            self.running = [
                subprocess.Popen([*words, *role], cwd=ROOT, env=environment, stdout=log, stderr=log)
                for role in roles
            ]

    def stop(self) -> None:
        for process in self.running:
            process.terminate()
        deadline = time.monotonic() + 15
        for process in self.running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running = []


@pytest.fixture
def background(live_server, tmp_path):
    """Worker and beat, ended with the test."""
    crew = Background(live_server.url, tmp_path / "background.log")
    crew.start()
    yield crew
    crew.stop()


@pytest.fixture(scope="session")
def mailbox():
    """The folder in which the mails of the tests arrive."""
    return Path(settings.MAILBOX_DIR)
