from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from portal.web.templatetags import portal as tags

MOMENT = datetime(2024, 11, 20, 0, 5, tzinfo=UTC)


def draw(source: str, path: str = "/", **context) -> str:
    request = RequestFactory().get(path)
    return engines["django"].from_string(source).render(context, request)


def test_moments_are_shown_in_wita():
    assert tags.wita(MOMENT) == "20 Nov 2024, 08.05 WITA"
    assert tags.jam(MOMENT) == "08.05 WITA"
    assert tags.tanggal(MOMENT) == "Rabu, 20 November 2024"
    assert tags.tanggal_pendek(date(2024, 11, 27)) == "27 Nov 2024"


def test_moments_follow_the_language():
    with translation.override("en"):
        assert tags.wita(MOMENT) == "20 Nov 2024, 08:05 WITA"
        assert tags.tanggal(date(2024, 11, 27)) == "Wednesday, 27 November 2024"
        assert tags.pukul(time(6)) == "06:00"
        assert tags.pukul(time(6, 5, 9), seconds=True) == "06:05:09"


@pytest.mark.parametrize("show", [tags.wita, tags.jam, tags.tanggal, tags.tanggal_pendek])
def test_missing_moment_is_empty(show):
    assert show(None) == ""


def test_a_number_breaks_after_its_slashes_only():
    assert draw("{% load portal %}{{ n|nomor }}", n="R/<1>") == (
        '<span class="number-part">R</span>/<wbr><span class="number-part">&lt;1&gt;</span>'
    )
    assert tags.nomor(None) == '<span class="number-part"></span>'


def test_figures_are_grouped_and_a_missing_one_is_no_zero():
    assert tags.angka(3041499) == "3.041.499"
    assert tags.angka(0) == "0"
    assert tags.angka(None) == "–"
    assert tags.desimal(Decimal("1234.56")) == "1.234,6"
    assert tags.desimal(0.25) == "0,3"
    assert tags.desimal(None) == "–"
    assert tags.plain_number(1234.5) == "1234.5"


def test_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in tags.icon("house")
    labelled = tags.icon("house", label="<Rumah>")
    assert 'role="img" aria-label="&lt;Rumah&gt;"' in labelled
    assert "<path" in labelled


def test_unknown_icon_is_an_error():
    with pytest.raises(LookupError, match="tidak-ada"):
        tags.icon("tidak-ada")


def test_missing_icon_package_says_what_to_do(settings, monkeypatch):
    monkeypatch.setattr(tags, "SPRITE", "vendor/tidak-ada.svg")
    tags._sprite.cache_clear()
    with pytest.raises(LookupError, match="make setup"):
        tags._sprite()
    tags._sprite.cache_clear()


def test_state_badge_has_word_and_shape():
    html = tags.state_badge("silent", "Belum <lapor>")
    assert html.startswith('<span class="state state-silent"><svg')
    assert html.endswith("Belum &lt;lapor&gt;</span>")


def test_post_fields_work_inside_an_isolated_include():
    html = draw('{% include "ui/confirm.html" with url="/x/" label="Ya" question="Yakin?" only %}')
    assert 'name="csrfmiddlewaretoken"' in html
    assert 'name="idempotency_key"' in html


def test_page_address_keeps_the_filters():
    html = draw(
        "{% page_address page 3 %}", "/?q=a%26b&page=1", page=type("P", (), {"param": "page"})
    )
    assert html == "?q=a%26b&amp;page=3"


def test_active_nav_marks_page_and_parent():
    assert draw('{% active_nav "/rakor/" %}', "/rakor/") == 'aria-current="page"'
    assert draw('{% active_nav "/rakor/" %}', "/rakor/1/") == 'aria-current="true"'
    assert draw('{% active_nav "/" %}', "/rakor/") == ""


def test_behaviours_name_every_module():
    pairs = dict(pair.split("=") for pair in tags.behaviours().split(","))
    assert pairs["confirm"] == "/static/js/behaviours/confirm.js"


def test_markdown_filter_is_safe():
    assert draw("{{ text|markdown }}", text="**a** <b>") == "<p><strong>a</strong> &lt;b&gt;</p>\n"


@pytest.mark.parametrize(
    ("value", "word"), [(True, "Ya"), (False, "Tidak"), (None, "Belum diketahui")]
)
def test_verdict_knows_three_answers(value, word):
    assert tags.verdict(value) == word
