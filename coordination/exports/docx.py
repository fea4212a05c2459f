"""The notula as DOCX, from the same values as the PDF: for further work, never the original."""

from typing import Any

from portal.documents.docx import bytes_of, draw, new_document, table


def notula_docx(data: dict[str, Any]) -> bytes:
    """The document of `exports.notula`'s values."""
    words = data["labels"]
    document = new_document(header=data["classification"], footer=data["footer"])
    for line in data["letterhead"]:
        document.add_paragraph().add_run(line).bold = True
    document.add_heading(f"{words['notula']} {data['number']}", level=1)
    if not data["published"]:
        document.add_paragraph(words["draft"])
    for note in data["notes"]:
        document.add_paragraph(note)
    for name, value in data["head"]:
        document.add_paragraph().add_run(f"{name}: {value}")
    if data["agenda"]:
        document.add_heading(words["agenda"], level=2)
        for title, presenter in data["agenda"]:
            text = f"{title} ({presenter})" if presenter else title
            document.add_paragraph(text, style="List Number")
    _part(document, words["opening"], data["opening"])
    document.add_heading(words["discussion"], level=2)
    for section in data["sections"]:
        document.add_heading(f"{section['number']}. {section['heading']}", level=3)
        if section["speaker"]:
            document.add_paragraph(f"{words['speaker']}: {section['speaker']}")
        draw(document, section["body"])
        if section["decision"]:
            document.add_paragraph().add_run(words["decision"]).bold = True
            draw(document, section["decision"])
        for directive in section["directives"]:
            document.add_paragraph(f"{words['directive']}: {directive}")
    if data["directives"]:
        document.add_heading(words["directives"], level=2)
    for directive in data["directives"]:
        document.add_heading(f"{directive['number']} · {directive['title']}", level=3)
        draw(document, directive["body"])
        document.add_paragraph(
            f"{directive['kind']} · {directive['binding']} · {words['for']}: "
            f"{directive['agencies']}"
        )
    _part(document, words["conclusion"], data["conclusion"])
    _part(document, words["closing"], data["closing"])
    for role, office, name, rank in data["signatures"]:
        document.add_paragraph(" – ".join(part for part in (role, office, name, rank) if part))
    for addendum in data["addenda"]:
        document.add_heading(addendum["title"], level=2)
        for label, body in addendum["parts"]:
            document.add_paragraph().add_run(label).bold = True
            draw(document, body)
    if data["sha256"]:
        document.add_paragraph(f"SHA-256 {data['sha256']}")
    if data["attendance"]:
        document.add_heading(words["annex_attendance"], level=1)
        table(document, words["attendance_heads"], data["attendance"])
    if data["matrix"]:
        document.add_heading(words["annex_matrix"], level=1)
        table(document, words["matrix_heads"], data["matrix"])
    return bytes_of(document)


def _part(document: Any, title: str, body: list[dict[str, Any]]) -> None:
    if body:
        document.add_heading(title, level=2)
        draw(document, body)
