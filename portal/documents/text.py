"""Markdown as a tree of plain values, for documents that draw it themselves.

A node is `{"t": type, "c": [children]}`, a leaf `{"t": "text", "v": "…"}`. Templates walk the tree;
no text in it is ever evaluated.
"""

from typing import Any

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from portal.web.markdown import SCHEMES, tokens

Node = dict[str, Any]
LEAVES = {"text": "text", "code_inline": "code", "code_block": "pre", "fence": "pre"}
BRANCHES = {
    "paragraph": "par",
    "heading": "heading",
    "bullet_list": "list",
    "ordered_list": "enum",
    "list_item": "item",
    "blockquote": "quote",
    "strong": "strong",
    "em": "em",
    "s": "strike",
    "link": "link",
}


def blocks(text: str | None) -> list[Node]:
    """The text's blocks; an empty text has none."""
    return _children(SyntaxTreeNode(_kept(tokens(text))))


def _kept(stream: list[Token]) -> list[Token]:
    return [token for token in stream if token.type != "html_block"]


def _children(node: SyntaxTreeNode) -> list[Node]:
    return [made for child in node.children for made in _nodes(child)]


def _nodes(node: SyntaxTreeNode) -> list[Node]:
    if node.type in LEAVES:
        return [{"t": LEAVES[node.type], "v": node.content.rstrip("\n")}]
    if node.type == "softbreak":
        return [{"t": "text", "v": " "}]
    if node.type == "hardbreak":
        return [{"t": "break"}]
    if node.type == "hr":
        return [{"t": "rule"}]
    if node.type == "table":
        return [_table(node)]
    if node.type not in BRANCHES:
        return _children(node)
    made: Node = {"t": BRANCHES[node.type], "c": _children(node)}
    if node.type == "ordered_list":
        made["start"] = int(node.attrs.get("start", 1))
    if node.type == "heading":
        made["level"] = int(node.tag[1])
    if node.type == "link":
        address = str(node.attrs.get("href", ""))
        if address.split(":", 1)[0].lower() not in SCHEMES:
            return made["c"]
        made["href"] = address
    return [made]


def _table(node: SyntaxTreeNode) -> Node:
    rows = [row for part in node.children for row in part.children]
    cells = [[_children(cell) for cell in row.children] for row in rows]
    return {"t": "table", "columns": len(cells[0]), "head": cells[0], "rows": cells[1:]}
