"""Markdown of minutes and reports to safe HTML.

Raw HTML in the text is shown as text, pictures are left out, and a link shows the host it leads to,
in ASCII, so that look-alike letters cannot pass for another office's address.
"""

from functools import lru_cache
from urllib.parse import unquote, urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

SCHEMES = {"http", "https", "mailto"}
TAGS = set(
    "p br hr h3 h4 h5 h6 strong em s ul ol li blockquote code pre a "
    "table thead tbody tr th td".split()
)


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """CommonMark with tables and strike-through, without raw HTML and pictures."""
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
    markdown.enable(["table", "strikethrough"]).disable(["image"])
    markdown.core.ruler.push("lower_headings", _lower_headings)
    markdown.core.ruler.push("show_hosts", _show_hosts)
    return markdown


def render(text: str | None) -> SafeString:
    """The text as HTML that may stand in any page. Headings start at h3."""
    html = parser().render((text or "").replace("\0", ""))
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308 (cleaned on the line above)


def tokens(text: str | None) -> list[Token]:
    """The parsed text, for documents that draw it themselves."""
    return parser().parse((text or "").replace("\0", ""))


def host_of(address: str) -> str:
    """The host as the browser will really call it (punycode); empty for mail and unusable links."""
    try:
        host = urlsplit(unquote(address)).hostname or ""
    except ValueError:
        return ""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode("ascii")


def _lower_headings(state: StateCore) -> None:
    # A page has its own h1 and h2; a text inside it begins at h3 and never skips a level.
    above: list[int] = []
    for token in state.tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(2 + len(above), 6)}"


def _show_hosts(state: StateCore) -> None:
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = _with_hosts(block.children)


def _with_hosts(children: list[Token]) -> list[Token]:
    shown: list[Token] = []
    words, host = "", ""
    for child in children:
        shown.append(child)
        if child.type == "link_open":
            words, host = "", host_of(str(child.attrGet("href") or ""))
        elif child.type == "link_close":
            if host and host not in words:
                note = Token("text", "", 0)
                note.content = f" ({host})"
                shown.append(note)
            host = ""
        elif host:
            words += child.content
    return shown


def plain(text: str | None) -> str:
    """The text without its marks, for search results, mails and previews."""
    words = []
    for block in tokens(text):
        words.append(" " if not block.children else "".join(map(_word, block.children)))
        if block.type in {"fence", "code_block"}:
            words.append(block.content)
    return " ".join("".join(words).split())


def _word(token: Token) -> str:
    return " " if token.type in {"softbreak", "hardbreak"} else token.content
