import io
from datetime import UTC, datetime

import pikepdf
import pypdf
import pytest

from portal.documents.text import blocks
from portal.documents.typst import ORDINARY, render, templates

AT = datetime(2024, 6, 5, 2, tzinfo=UTC)


@pytest.fixture
def written(tmp_path, monkeypatch):
    """`written(markdown)`: the text of a page with nothing else on it."""
    folder = tmp_path / "templates" / "documents"
    folder.mkdir(parents=True)
    (folder / "text.typ").write_text((templates() / "text.typ").read_text())
    (folder / "page.typ").write_text(
        '#import "text.typ": draw\n#set document(title: "Uji")\n#set text(lang: "id")\n'
        "#let data = json(bytes(sys.inputs.data))\n#draw(data.body)\n"
    )
    monkeypatch.setattr("portal.documents.typst.templates", lambda: folder)
    return lambda text: render("page.typ", {"body": blocks(text)}, at=AT)


def words(pdf: bytes) -> str:
    return " ".join(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())


def test_marks_are_drawn_and_text_is_kept(written):
    text = (
        "## Judul\n\nHalo **tebal** *miring* ~~coret~~ `kode`\\\nbaris\n\n1. satu\n2. dua\n\n"
        "- a\n\n> kutip\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n---\n\n```\nblok\n```\n"
    )
    seen = words(written(text))
    for word in "Judul tebal miring coret kode baris satu dua kutip A B 1 2 blok".split():
        assert word in seen


def test_markup_in_the_text_is_never_evaluated(written):
    hostile = '#import "/etc/passwd" #read("notula.typ") $x^2$ <script>x</script> @label *a'
    seen = words(written(hostile))
    assert '#read("notula.typ")' in seen.replace("“", '"').replace("”", '"')
    assert "<script>x</script>" in seen and "$x^2$" in seen


def test_only_links_that_lead_somewhere_safe_are_links(written):
    pdf = written("[baik](https://contoh.id/a) [buruk](javascript:alert(1))")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        addresses = [str(note.A.URI) for note in document.pages[0].get("/Annots", [])]
    assert set(addresses) == {"https://contoh.id/a"}
    assert "contoh.id" in words(pdf)


def test_the_file_is_tagged_pdf_a_and_the_same_twice(written):
    first, second = written("Halo"), written("Halo")
    assert first == second
    with pikepdf.open(io.BytesIO(first)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "id"
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")


def test_no_text_is_no_block():
    assert blocks(None) == blocks("") == blocks("  \n") == []
    assert blocks("a\0b") == [{"t": "par", "c": [{"t": "text", "v": "ab"}]}]


def test_what_no_font_can_draw_does_not_stop_the_document(written):
    text = words(written("Siap \U0001f600 \x08dan \u65e5 sampai \u2013 selesai"))
    assert text == "Siap □ dan □ sampai – selesai"


def test_what_counts_as_ordinary_is_drawn_without_being_looked_up(written):
    ordinary = [chr(code) for code in range(0x2000, 0x2300) if ORDINARY.fullmatch(chr(code))]
    assert "→" in ordinary and "–" in ordinary
    found = words(written(" ".join(ordinary)))
    assert [char for char in ordinary if char not in found] == []
