"""The check of the English catalogue finds what is missing, fuzzy, left over or misspelt."""

import importlib.util
from pathlib import Path

import polib
import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "translations.py"
CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext
from django.utils.translation import npgettext_lazy as _several, gettext_lazy as _later
a = _("Simpan")
b = ngettext("%(count)s rakor", "%(count)s rakor-rakor", 2)
c = pgettext("bulan", "Mei")
d = _later("Nanti")
e = _several("surat", "%(n)s butir", "%(n)s butir-butir", "n")
"""
PAGE = """
{% load i18n %}<p title="{% translate 'Cari' %}">{{ x|default:_("Kosong") }}</p>
{% blocktranslate count n=n trimmed %}
  {{ n }} arahan
{% plural %}
  {{ n }} arahan-arahan
{% endblocktranslate %} it's "quoted" (unbalanced
"""


@pytest.fixture
def translations(tmp_path, monkeypatch):
    """The script, at work in a small project of its own."""
    spec = importlib.util.spec_from_file_location("translations", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "CATALOGUE", tmp_path / "locale/en/LC_MESSAGES/django.po")
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "code.py").write_text(CODE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(PAGE)
    return module


def translate(module, **changes):
    catalogue = polib.pofile(str(module.CATALOGUE))
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
        else:
            entry.msgstr = changes.get(entry.msgid, entry.msgid.upper())
    catalogue.save()
    return catalogue


def test_marked_strings_of_code_and_templates_are_found(translations):
    assert {key: plural for key, (plural, _) in translations.marked().items()} == {
        ("", "Simpan"): "",
        ("", "%(count)s rakor"): "%(count)s rakor-rakor",
        ("bulan", "Mei"): "",
        ("", "Nanti"): "",
        ("surat", "%(n)s butir"): "%(n)s butir-butir",
        ("", "Cari"): "",
        ("", "Kosong"): "",
        ("", "%(n)s arahan"): "%(n)s arahan-arahan",
    }


def test_check_passes_once_everything_is_translated(translations, capsys):
    assert translations.check() == 1
    translations.collect()
    assert "8 of them without English" in capsys.readouterr().out
    assert translations.check() == 1
    translate(translations)
    assert translations.check() == 0


def test_check_finds_what_an_f_string_hides(translations, capsys):
    code = translations.ROOT / "portal" / "code.py"
    code.write_text(CODE + "f = f\"({_('Simpan')})\"\n" + 'g = f"{str(1)} {a}"\n')
    translations.collect()
    translate(translations)
    assert translations.check() == 1
    assert "marked inside an f-string: portal/code.py:9" in capsys.readouterr().out


def test_check_finds_fuzzy_left_over_and_misspelt(translations, capsys):
    translations.collect()
    catalogue = translate(translations, Cari="Search %(what)s")
    catalogue.find("Simpan").flags.append("fuzzy")
    catalogue.append(polib.POEntry(msgid="Hapus", msgstr="Delete"))
    catalogue.save()
    assert translations.check() == 1
    said = capsys.readouterr().out
    assert "fuzzy: 'Simpan'" in said
    assert "no longer marked: 'Hapus'" in said
    assert "unknown placeholder in the English of 'Cari'" in said


def test_collect_keeps_what_is_translated_and_drops_what_went(translations):
    translations.collect()
    translate(translations, Cari="Search")
    (translations.ROOT / "portal" / "code.py").write_text("")
    translations.collect()
    catalogue = polib.pofile(str(translations.CATALOGUE))
    assert {entry.msgid for entry in catalogue} == {"Cari", "Kosong", "%(n)s arahan"}
    assert catalogue.find("Cari").msgstr == "Search"


def test_compile_writes_what_django_reads(translations):
    translations.collect()
    translate(translations)
    translations.compile_all()
    compiled = polib.mofile(str(translations.CATALOGUE.with_suffix(".mo")))
    assert compiled.find("Simpan").msgstr == "SIMPAN"


def test_a_string_marked_with_and_without_plural_is_one_entry_with_it(translations, capsys):
    page = translations.ROOT / "templates" / "page.html"
    page.write_text(PAGE + "{% translate 'orang' %}")
    translations.collect()
    translate(translations)
    page.write_text(
        PAGE + "{% translate 'orang' %}"
        "{% blocktranslate count n=n %}orang{% plural %}orang-orang{% endblocktranslate %}"
    )
    assert translations.check() == 1
    assert "no English: 'orang'" in capsys.readouterr().out

    translations.collect()
    [entry] = [one for one in polib.pofile(str(translations.CATALOGUE)) if one.msgid == "orang"]
    assert entry.msgid_plural == "orang-orang"
    assert entry.msgstr_plural[0]
