from datetime import date, datetime

import pytest
from django import forms
from django.http import QueryDict
from django.test import RequestFactory

from portal import clock
from portal.access.errors import Refused, Stale
from portal.web.forms import PortalForm, WholeField, shown, submit


class ReportForm(PortalForm):
    versioned = True
    text = forms.CharField(label="Uraian", widget=forms.Textarea)
    strength = forms.IntegerField(label="Kekuatan", required=False)
    due_on = forms.DateField(label="Batas", required=False)
    starts_at = forms.DateTimeField(label="Mulai", required=False)
    urgent = forms.BooleanField(label="Segera", required=False)
    kind = forms.ChoiceField(label="Sifat", required=False, choices=[("a", "Satu"), ("b", "Dua")])


class Row:
    """The stored row; it has no `urgent`, which only the form asks for."""

    version = 4
    text = "Tersimpan"
    strength = 7
    due_on = None
    starts_at = datetime.fromisoformat("2024-11-20T08:00:00+08:00")
    kind = "b"


def bound(**values) -> ReportForm:
    data = QueryDict(mutable=True)
    data.update({"text": "Aman", "version": "1"} | values)
    return ReportForm(data)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("text", "a\0b", "Karakter null tidak diizinkan."),
        (
            "text",
            "x" * 1_000_000,
            "Terlalu panjang: paling banyak 20000 karakter, Anda mengirim 1000000.",
        ),
        (
            "text",
            "rusak \ufffd",
            "Sebagian teks tidak terbaca sebagai UTF-8. Ketik ulang bagian yang rusak.",
        ),
        (
            "text",
            "\ud83d",
            "Sebagian teks tidak terbaca sebagai UTF-8. Ketik ulang bagian yang rusak.",
        ),
        (
            "strength",
            "9" * 30,
            "Pastikan nilai ini lebih kecil dari atau sama dengan 2147483647.",
        ),
        (
            "strength",
            "-" + "9" * 30,
            "Pastikan nilai ini lebih besar dari atau sama dengan -2147483647.",
        ),
        ("due_on", "2024-02-30", "Masukkan tanggal yang valid."),
        ("due_on", "0001-01-01", "Tahun harus antara 2000 dan 2100."),
        ("starts_at", "9999-12-31T23:59", "Tahun harus antara 2000 dan 2100."),
        (
            "kind",
            "c",
            "Masukkan pilihan yang valid. c bukan salah satu dari pilihan yang tersedia.",
        ),
    ],
)
def test_form_answers_bad_input_at_its_field(field, value, sentence):
    form = bound(**{field: value})
    assert form.errors == {field: [sentence]}
    assert form[field].value() == value
    assert form.error_count == 1


class CountForm(PortalForm):
    people = WholeField(label="Personel", min_value=0, required=False)
    posts = forms.IntegerField(label="Pos", min_value=1, required=False)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("2041", 2041), (" 2.041 ", 2041), ("2.000", 2000), ("1.234.567", 1_234_567), ("", None)],
)
def test_whole_number_may_have_dots_between_its_thousands(typed, value):
    form = CountForm({"people": typed})

    assert form.is_valid()
    assert form.values["people"] == value


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("people", "2.00", "Tulis bilangan bulat, misalnya 2041."),
        ("people", "2.04", "Tulis bilangan bulat, misalnya 2041."),
        ("people", "20.4100", "Tulis bilangan bulat, misalnya 2041."),
        ("people", "2,041", "Tulis bilangan bulat, misalnya 2041."),
        ("people", "dua", "Tulis bilangan bulat, misalnya 2041."),
        ("people", "-1", "Tulis angka 0 atau lebih."),
        ("posts", "0", "Tulis angka 1 atau lebih."),
        ("posts", "1,5", "Tulis bilangan bulat, misalnya 2041."),
    ],
)
def test_what_is_no_such_number_is_said_in_our_words(field, typed, sentence):
    assert CountForm({field: typed}).errors == {field: [sentence]}


def test_form_reads_local_time_as_wita():
    form = bound(starts_at="2024-11-27T06:00")
    assert form.is_valid()
    assert form.values["starts_at"] == datetime(2024, 11, 27, 6, tzinfo=clock.WITA)
    assert set(form.values) == {"text", "strength", "due_on", "starts_at", "kind", "urgent"}
    assert form.version == 1


def test_form_draws_times_and_dates_for_the_browser():
    form = ReportForm(
        initial={"due_on": Row.starts_at.date(), "starts_at": clock.local(Row.starts_at)}
    )
    assert 'type="date" name="due_on" value="2024-11-20"' in str(form["due_on"])
    assert 'type="datetime-local" name="starts_at" value="2024-11-20T08:00"' in str(
        form["starts_at"]
    )
    assert form["starts_at"].help_text == "Waktu Indonesia Tengah (WITA)."


def test_form_has_a_new_key_each_time_it_is_drawn():
    keys = {str(ReportForm()["idempotency_key"].value()) for _ in range(3)}
    assert len(keys) == 3


def test_form_helper_leaves_form_element_and_csrf_to_the_template():
    helper = ReportForm().helper
    assert (helper.form_tag, helper.disable_csrf) == (False, True)


def posted(form, call):
    request = RequestFactory().post("/")
    return request, submit(request, form, call)


@pytest.mark.django_db
def test_submit_gives_what_the_action_returned():
    assert posted(bound(), lambda: "rakor")[1] == "rakor"
    assert posted(bound(), lambda: None)[1] is True


@pytest.mark.django_db
def test_submit_shows_a_refusal_at_its_field():
    form = bound()

    def refuse():
        raise Refused("Melebihi kekuatan satuan.", field="strength")

    request, result = posted(form, refuse)
    assert result is None
    assert form.errors == {"strength": ["Melebihi kekuatan satuan."]}
    assert request.had_no_effect


@pytest.mark.django_db
@pytest.mark.parametrize("field", [None, "unknown", "version"])
def test_submit_shows_a_refusal_without_field_on_top(field):
    form = bound()

    def refuse():
        raise Refused("Rakor sudah selesai.", field=field)

    posted(form, refuse)
    assert form.errors == {"__all__": ["Rakor sudah selesai."]}
    assert form.error_count == 0


@pytest.mark.django_db
def test_submit_of_a_stale_form_shows_both_texts_and_takes_the_new_version():
    form = bound(text="Ketikan saya", kind="a", strength="7")

    def refuse():
        raise Stale("Data sudah diubah.", current=Row())

    assert posted(form, refuse)[1] is None
    assert form.differences == [
        {"label": "Uraian", "stored": "Tersimpan", "typed": "Ketikan saya"},
        {"label": "Mulai", "stored": "20-11-2024 08.00 WITA", "typed": ""},
        {"label": "Sifat", "stored": "Dua", "typed": "Satu"},
    ]
    assert form["version"].value() == "4"
    assert form["text"].value() == "Ketikan saya"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("text", "Ketikan saya", "Ketikan saya"),
        ("kind", "a", "Satu"),
        ("due_on", "2024-11-27", "27-11-2024"),
    ],
)
def test_differences_show_what_was_typed_into_a_refused_field(name, typed, said):
    form = bound(**{name: typed})

    def refuse():
        raise Stale("Data sudah diubah.", current=Row())

    posted(form, refuse)
    form.add_error(name, "Sudah diubah orang lain.")
    assert said in [row["typed"] for row in form.differences]


def test_form_says_which_fields_are_refused():
    form = bound(text="", strength="tujuh", version="")
    assert [field.label for field in form.refused_fields] == ["Uraian", "Kekuatan"]
    assert form.error_count == 3


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "Ya"), (False, "Tidak"), (None, ""), (date(2024, 11, 27), "27-11-2024"), (12, "12")],
)
def test_shown_is_for_readers(value, text):
    assert shown(forms.CharField(), value) == text


def test_submit_does_not_run_the_action_of_an_invalid_form():
    def never():
        raise AssertionError

    request, result = posted(bound(text=""), never)
    assert result is None
    assert request.had_no_effect


def test_form_without_stale_row_has_no_differences():
    assert bound().differences == []
