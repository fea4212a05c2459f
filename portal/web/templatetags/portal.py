"""Tags and filters of every template (registered as a builtin library)."""

import re
import uuid
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.forms import BoundField
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal import clock
from portal.web import demo
from portal.web import markdown as markdown_text
from portal.web.idempotency import FIELD

register = template.Library()

SPRITE = "vendor/bootstrap-icons/bootstrap-icons.svg"
STATE_ICONS = {
    "neutral": "circle",
    "info": "info-circle",
    "success": "check-circle-fill",
    "warning": "exclamation-circle-fill",
    "danger": "x-octagon-fill",
    # No answer yet: never to be taken for a good one.
    "silent": "question-circle",
}


@lru_cache(maxsize=1)
def _sprite() -> str:
    found = Path(settings.STATIC_ROOT) / SPRITE
    path = str(found) if found.exists() else finders.find(SPRITE)
    if not path:
        raise LookupError(f"{SPRITE} is missing: run `make setup`.")
    return Path(path).read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def _drawing(name: str) -> str:
    pattern = rf'<symbol class="[^"]*" viewBox="([^"]*)" id="{re.escape(name)}">(.*?)</symbol>'
    found = re.search(pattern, _sprite(), re.DOTALL)
    if not found:
        raise LookupError(f"There is no icon called {name!r}.")
    box, shapes = found.groups()
    return f'viewBox="{box}" fill="currentColor" focusable="false">{shapes}</svg>'


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An inline drawing. With a label it speaks, without one it is decoration."""
    voice = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    drawing = mark_safe(_drawing(name))  # noqa: S308 (from the icon package's file)
    return format_html('<svg class="icon {}" {} {}', css, mark_safe(voice), drawing)  # noqa: S308 (built above)


@register.simple_tag
def state_badge(kind: str, label: Any) -> SafeString:
    """A state in colour, shape and word. Kinds: neutral info success warning danger silent."""
    return format_html(
        '<span class="state state-{}">{}{}</span>', kind, icon(STATE_ICONS[kind]), label
    )


@register.filter
def wita(value: datetime | None) -> str:
    """20 Nov 2024, 08.00 WITA"""
    if not value:
        return ""
    local = clock.local(value)
    return f"{date_format(local, 'j M Y')}, {pukul(local)} WITA"


@register.filter
def tanggal(value: date | datetime | None) -> str:
    """Rabu, 20 November 2024"""
    return date_format(_day(value), "l, j F Y") if value else ""


@register.filter
def tanggal_pendek(value: date | datetime | None) -> str:
    """20 Nov 2024"""
    return date_format(_day(value), "j M Y") if value else ""


@register.filter
def jam(value: datetime | None) -> str:
    """08.00 WITA"""
    return f"{pukul(clock.local(value))} WITA" if value else ""


def _day(value: date | datetime) -> date:
    return clock.local(value) if isinstance(value, datetime) else value


def pukul(local: datetime | time, seconds: bool = False) -> str:
    """08.00, in English 08:00, of a moment that is local already."""
    mark = "." if (get_language() or "id").startswith("id") else ":"
    return local.strftime(mark.join(("%H", "%M", "%S") if seconds else ("%H", "%M")))


@register.filter
def angka(value: int | Decimal | None) -> str:
    """3.041.499; a missing figure is a dash, not a zero."""
    return "–" if value is None or value == "" else number_format(value, 0, force_grouping=True)


@register.filter
def desimal(value: float | Decimal | None, places: int = 1) -> str:
    """78,4; half rounds up (Django's own formatting cuts off)."""
    if value is None or value == "":
        return "–"
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return number_format(rounded, places, force_grouping=True)


@register.filter
def nomor(value: str | None) -> SafeString:
    """RAKOR/12/XII/2024, which a narrow column breaks after a slash and nowhere else."""
    parts = ((part,) for part in (value or "").split("/"))
    return format_html_join(mark_safe("/<wbr>"), '<span class="number-part">{}</span>', parts)


@register.filter
def markdown(text: str | None) -> SafeString:
    return markdown_text.render(text)


@register.simple_tag
def idempotency_field() -> SafeString:
    """The one-time key of a form that has no fields of its own (a button that posts)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())


@register.simple_tag(takes_context=True)
def csrf_hidden(context: Any) -> SafeString:
    """The CSRF token, also inside `{% include … only %}`, where Django's own tag finds none."""
    token = get_token(context.request)
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)


@register.simple_tag(takes_context=True)
def post_fields(context: Any) -> SafeString:
    """CSRF token and one-time key for a button that posts."""
    return csrf_hidden(context) + idempotency_field()


@register.simple_tag(takes_context=True)
def page_address(context: Any, page: Any, number: int) -> str:
    """The present address with another page number."""
    query = context.request.GET.copy()
    query[page.param] = number
    return f"?{query.urlencode()}"


@register.simple_tag
def filter_control(field: BoundField) -> SafeString:
    """A field of a filter bar in our look, without label and help."""
    widget = field.field.widget
    css = "form-select" if isinstance(widget, forms.Select) else "form-control"
    if isinstance(widget, forms.CheckboxInput):
        css = "form-check-input"
    return field.as_widget(attrs={"class": f"{css} {css}-sm"})


@register.filter
def plain_number(value: float | Decimal) -> str:
    """A number as HTML attributes want it: 78.4, whatever the language."""
    return str(value)


@register.simple_tag(takes_context=True)
def active_nav(context: Any, url: str) -> SafeString | str:
    """`aria-current` when the page is at the address or below it."""
    path = context.request.path
    if path == url:
        return mark_safe('aria-current="page"')
    return mark_safe('aria-current="true"') if url != "/" and path.startswith(url) else ""


@register.inclusion_tag("account/demo_offices.html")
def demo_offices() -> dict[str, Any]:
    """In the demo, who can sign in and with which password."""
    return {
        "offices": demo.offices() if settings.DEMO else [],
        "password": demo.PASSWORD,
    }


@register.simple_tag
def behaviours() -> str:
    """The address of every behaviour by name, for js/main.js: module URLs carry a content hash."""
    return _behaviours()


@lru_cache(maxsize=1)
def _behaviours() -> str:
    folder = Path(settings.BASE_DIR) / "static" / "js" / "behaviours"
    return ",".join(
        f"{path.stem}={static(f'js/behaviours/{path.name}')}"
        for path in sorted(folder.glob("*.js"))
    )


@register.filter
def verdict(value: bool | None) -> str:
    """Yes, no, or not known."""
    return {True: _("Ya"), False: _("Tidak"), None: _("Belum diketahui")}[value]
