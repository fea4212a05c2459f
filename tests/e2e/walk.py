"""A person's walk through the portal: each page is looked at when it is reached."""

import os
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "var" / "screenshots"
README_PICTURES = os.environ.get("PORTAL_PICTURES", "")
"""The folder of the README's pictures while `make pictures` runs, else nothing."""
IN_TIME = 30_000
"""Milliseconds in which a real worker has surely done what was promised, on a busy machine too."""


@dataclass
class Walk:
    """`page` on a desk or a phone (`device`), with the check for barriers at hand."""

    page: Page
    device: str
    axe: object
    address: str

    def go(self, path: str, name: str = "") -> None:
        self.page.goto(self.address + path)
        self.arrive(name)

    def arrive(self, name: str = "") -> None:
        """The page is there, without barriers, no wider than the screen, and pictured."""
        self.page.wait_for_selector("html[data-ready=true]")
        # What is being fetched is dimmed until it is there.
        expect(self.page.locator(".htmx-request")).to_have_count(0, timeout=IN_TIME)
        self.axe(self.page)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.page.viewport_size["width"], self.page.url
        if name:
            self.picture(name)

    def picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}-{self.device}.png")

    def portray(self, name: str, height: int = 900) -> None:
        """The page as the README shows it: a desk's width, few colours, `make pictures` alone."""
        if not README_PICTURES or self.device != "desk":
            return
        self.page.set_viewport_size({"width": 1440, "height": height})
        self.page.evaluate("document.activeElement.blur(), window.scrollTo(0, 0)")
        picture = Image.open(BytesIO(self.page.screenshot(animations="disabled")))
        folder = ROOT / README_PICTURES
        folder.mkdir(parents=True, exist_ok=True)
        few = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
        few.save(folder / f"{name}.png", optimize=True)
        self.page.set_viewport_size({"width": 1440, "height": 900})

    def follow(self, name: str) -> None:
        """Click the link of that name in the page's content."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("link", name=name).first.click()
        self.arrive()

    def press(self, name: str) -> None:
        """Click the button of that name and wait for the page that answers."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=name, exact=True).click()
        self.arrive()

    def confirm(self, name: str) -> None:
        """Click what asks back first, and say yes."""
        self.page.locator("main summary", has_text=name).click()
        with self.page.expect_navigation():
            panel = self.page.locator("dialog[open], details[open] > form")
            panel.get_by_role("button", name=name).first.click()
        self.arrive()

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("body")).to_contain_text(text, timeout=IN_TIME)

    def choose(self, name: str, value: str) -> None:
        """Mark that option of the field."""
        self.page.locator(f"main [name='{name}'][value='{value}']").check()

    def write(self, **fields: str) -> None:
        """Fill fields by their names in the form."""
        for name, value in fields.items():
            self.page.locator(f"main [name='{name}']").fill(value)
