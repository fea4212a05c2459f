"""DOCX out of the tree of portal.documents.text: paragraphs, for further work."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from portal.documents.text import Node

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
INLINE = frozenset({"text", "code", "break", "strong", "em", "strike", "link"})
STYLES = {"list": "List Bullet", "enum": "List Number", "quote": "Intense Quote"}


def new_document(*, header: str, footer: str) -> Any:
    """An empty A4 document with a line above and below each page."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    document.styles["Normal"].font.size = Pt(11)
    for part, text in ((section.header, header), (section.footer, footer)):
        paragraph = part.paragraphs[0]
        paragraph.text = text
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return document


def draw(document: Any, nodes: Sequence[Node], style: str | None = None) -> None:
    """Append the blocks; a run of inline nodes becomes one paragraph."""
    loose: list[Node] = []
    for node in nodes:
        if node["t"] in INLINE:
            loose.append(node)
            continue
        _flush(document, loose, style)
        _block(document, node, style)
    _flush(document, loose, style)


def table(document: Any, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    grid = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, text in zip(grid.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for row in rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = text


def bytes_of(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _block(document: Any, node: Node, style: str | None) -> None:
    kind = node["t"]
    if kind in {"list", "enum"}:
        for item in node["c"]:
            draw(document, item["c"], STYLES[kind])
    elif kind == "quote":
        draw(document, node["c"], STYLES[kind])
    elif kind == "pre":
        _run(document.add_paragraph(style=style), node["v"]).font.name = "Courier New"
    elif kind == "rule":
        document.add_paragraph("—" * 12)
    elif kind == "table":
        table(
            document,
            [_plain(cell) for cell in node["head"]],
            [[_plain(cell) for cell in row] for row in node["rows"]],
        )
    elif kind == "heading":
        paragraph = document.add_paragraph(style=style)
        _inline(paragraph, node["c"], bold=True)
    else:
        _inline(document.add_paragraph(style=style), node["c"])


def _flush(document: Any, loose: list[Node], style: str | None) -> None:
    if loose:
        _inline(document.add_paragraph(style=style), loose)
        loose.clear()


def _inline(paragraph: Any, nodes: Sequence[Node], **marks: bool) -> None:
    # A link is printed, not clickable: its host stands behind it, as everywhere.
    for node in nodes:
        kind = node["t"]
        if kind in {"text", "code"}:
            run = _run(paragraph, node["v"])
            run.bold, run.italic = marks.get("bold"), marks.get("italic")
            run.font.strike = marks.get("strike")
            run.underline = marks.get("underline")
        elif kind == "break":
            paragraph.add_run().add_break()
        else:
            mark = {"strong": "bold", "em": "italic", "strike": "strike", "link": "underline"}
            own = {mark[kind]: True} if kind in mark else {}
            _inline(paragraph, node.get("c", []), **(marks | own))


def _run(paragraph: Any, text: str) -> Any:
    # XML has no place for control characters, and a text from elsewhere may bring one.
    return paragraph.add_run("".join(c for c in text if c >= " " or c in "\n\t"))


def _plain(nodes: Sequence[Node]) -> str:
    return "".join(node.get("v", "") or _plain(node.get("c", [])) for node in nodes)
