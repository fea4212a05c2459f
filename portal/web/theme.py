"""Light, dark, or as the device says: a cookie, so that the server draws the page right at once."""

from dataclasses import dataclass

from django.http import HttpRequest

COOKIE = "theme"
CHOICES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Theme:
    """`choice` is the person's; `drawn` is what the server can draw without knowing the device."""

    choice: str

    @property
    def drawn(self) -> str:
        return "dark" if self.choice == "dark" else "light"


def theme_of(request: HttpRequest) -> Theme:
    choice = request.COOKIES.get(COOKIE, "auto")
    return Theme(choice if choice in CHOICES else "auto")
