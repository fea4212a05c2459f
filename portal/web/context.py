"""What every page's frame shows: names, theme, menu, demo time, the acting post."""

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

from portal import clock
from portal.web import navigation
from portal.web.theme import theme_of

PRODUCT = "Portal Mantap Praja"
OPERATION = "Operasi Mantap Praja Intan 2024"


@lru_cache(maxsize=1)
def component_sheets() -> list[str]:
    """The addresses of css/components/*.css: a new component's sheet needs no other line."""
    folder = Path(settings.BASE_DIR) / "static" / "css" / "components"
    return [static(f"css/components/{sheet.name}") for sheet in sorted(folder.glob("*.css"))]


class Layout:
    """Worked out only when a template asks: fragments never pay for the menu."""

    product = PRODUCT
    operation = OPERATION

    def __init__(self, request: HttpRequest):
        self.request = request
        self.actor = getattr(request, "actor", None)
        self.theme = theme_of(request)

    @property
    def sheets(self) -> list[str]:
        return component_sheets()

    @cached_property
    def groups(self) -> list[navigation.NavGroup]:
        return navigation.menu(self.request) if self.actor else []

    @property
    def demo_time(self):
        """The set clock's time in the demo, else None."""
        return clock.now() if settings.DEMO else None

    @property
    def posts(self) -> list:
        """The tenures a person may choose from, when there is a choice."""
        tenures = getattr(self.request, "tenures", [])
        return tenures if len(tenures) > 1 else []

    @property
    def is_demo(self) -> bool:
        return settings.DEMO


def layout(request: HttpRequest) -> dict[str, Any]:
    return {"layout": Layout(request)}
