import pytest

from portal.web.markdown import host_of, plain, render


def test_render_lowers_headings_without_gaps():
    html = render("#### Dalam\n\n# Pokok\n\n### Rinci\n\n## Lanjut")
    assert html == "<h3>Dalam</h3>\n<h3>Pokok</h3>\n<h4>Rinci</h4>\n<h4>Lanjut</h4>\n"


def test_render_shows_the_host_of_a_link():
    assert render("[situs KPU](https://kpu.demo.test/a)") == (
        '<p><a href="https://kpu.demo.test/a" rel="noopener noreferrer nofollow">situs KPU</a>'
        " (kpu.demo.test)</p>\n"
    )


def test_render_keeps_a_link_that_already_names_its_host():
    html = render("<https://kpu.demo.test/a>")
    assert html == (
        '<p><a href="https://kpu.demo.test/a" rel="noopener noreferrer nofollow">'
        "https://kpu.demo.test/a</a></p>\n"
    )


def test_render_spells_look_alike_letters_out():
    # The first letter is Cyrillic.
    assert "(xn--pu-mmc.demo.test)" in render("[kpu](https://\u043apu.demo.test/)").replace(
        host_of("https://\u043apu.demo.test/"), "xn--pu-mmc.demo.test"
    )
    assert host_of("https://\u043apu.demo.test/").isascii()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://demo.test/x.png)",
        '<a href="https://demo.test" onclick="x()">x</a>',
        "<style>body{display:none}</style>",
        "[x](JaVaScRiPt:alert(1))",
    ],
)
def test_render_leaves_nothing_that_runs(text):
    html = render(text)
    for forbidden in ("<script", "<img", "<style", 'href="javascript', 'href="data', "<a onclick"):
        assert forbidden not in html.lower()


def test_render_has_tables_and_strike_through():
    html = render("| a | b |\n|---|---|\n| 1 | ~~2~~ |")
    assert "<td><s>2</s></td>" in html


@pytest.mark.parametrize("text", [None, "", "\0"])
def test_render_of_nothing_is_nothing(text):
    assert render(text) == ""


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("mailto:posko@demo.test", ""),
        ("https://kpu.demo.test@lain.test/", "lain.test"),
        ("https://[rusak", ""),
        ("https://" + "a" * 70 + "\u00e9.test/", "a" * 70 + "\\xe9.test"),
    ],
)
def test_host_of_is_what_the_browser_calls(address, host):
    assert host_of(address) == host


def test_plain_is_the_words_alone():
    text = "# Judul\n\n**Tebal** dan\n[tautan](https://demo.test)\n\n- `kode`"
    assert plain(text) == "Judul Tebal dan tautan (demo.test) kode"
