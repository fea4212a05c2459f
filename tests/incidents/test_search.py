"""Every number that incidents give is found by the search, by those alone who may open its page."""

import pytest
from django.urls import reverse

from incidents.actions.public_reports import Contact
from incidents.actions.special_reports import issue_special_report
from incidents.queries.search import SOURCES
from portal.access.classification import Classification
from portal.audit.models import Entry
from tests.factories.gakkumdu import open_case
from tests.factories.incidents import AT, report, send
from tests.factories.public import sent
from tests.factories.warnings import raised, rule


@pytest.fixture
def look(client, sign_in):
    """`look(actor, words)`: the hits of the page by kind."""

    def find(actor, words):
        page = sign_in(client, actor).get(reverse("home:search"), {"q": words})
        return {group.key: group.hits for group in page.context["groups"]}

    return find


def special(by):
    words = {"situation": "Air mulai surut.", "plan": "Patroli."}
    return issue_special_report(report(by), **words, by=by, at=AT)


WRITTEN = {
    "KJ": ("kejadian", report),
    "LL": ("laporan-lapangan", send),
    "LM": ("laporan-warga", lambda _by: sent()),
    "PD": ("peringatan", raised),
    "LK": ("laporan-khusus", special),
}


@pytest.mark.parametrize("prefix", WRITTEN)
def test_a_number_leads_to_a_page_that_opens(client, look, coordinator, prefix):
    kind, write = WRITTEN[prefix]
    number = write(coordinator).number
    assert number.startswith(f"{prefix}-")

    for typed in (number, number.lower()):
        hits = look(coordinator, typed)
        assert set(hits) == {kind}
        (hit,) = hits[kind]
        assert hit.note.startswith(f"{number} · ")
        assert client.get(hit.url).status_code == 200


@pytest.mark.parametrize("prefix", ["KJ", "LL", "LM", "PD"])
def test_a_number_of_another_region_is_not_found(
    look, coordinator, liaison_kpu, kodim_1006, prefix
):
    """The posko of the Kodim in Kabupaten Banjar; what its own army reports or supports it sees
    anywhere, so this is the election commission's."""
    if prefix == "PD":
        rule(types="E2")
    writers = {
        "KJ": lambda: report(liaison_kpu, code="E2", region="63.71"),
        "LL": lambda: send(liaison_kpu, region="63.71"),
        "LM": lambda: sent(region="63.71"),
        "PD": lambda: raised(liaison_kpu, code="E2", region="63.71.01"),
    }
    number = writers[prefix]().number

    assert set(look(coordinator, number)) == {WRITTEN[prefix][0]}
    assert look(kodim_1006, number) == {}


def test_a_case_is_found_by_the_desk_alone(look, gakkumdu_bawaslu, coordinator, posko_banjar):
    number = open_case(gakkumdu_bawaslu).number

    (hit,) = look(gakkumdu_bawaslu, number)["perkara"]
    assert hit.title == number
    for actor in (coordinator, posko_banjar):
        assert look(actor, number) == {}


def test_who_reports_for_the_public_is_never_in_a_hit(
    client, look, coordinator, posko_banjar, liaison_dprd
):
    contact = Contact(name="Warga Sampel", reach="0812-0000-0000")
    named = sent(anonymous=False, contact=contact)
    hidden = sent(text="Perahu karet di dermaga lama.")

    for row in (named, hidden):
        (hit,) = look(posko_banjar, row.number)["laporan-warga"]
        page = client.get(reverse("home:search"), {"q": row.number}).content.decode()
        assert "Sampel" not in page
        assert "0812" not in page
        assert hit.title == row.subject.label
    assert set(look(posko_banjar, "dermaga")) == {"laporan-warga"}
    for words in (hidden.number, "dermaga"):
        assert look(liaison_dprd, words) == {}
    assert look(posko_banjar, "Sampel") == {}


def test_what_is_rahasia_is_found_by_its_number_without_its_words(look, coordinator, posko_banjar):
    told = sent(confidential=True, text="Gudang belakang pasar.")
    seen = send(coordinator, title="Gudang pasar", classification=Classification.RAHASIA)

    for row, kind in ((told, "laporan-warga"), (seen, "laporan-lapangan")):
        (hit,) = look(coordinator, row.number)[kind]
        assert str(hit.excerpt) == ""
        assert look(posko_banjar, row.number) == {}
    assert set(look(coordinator, "gudang")) == {"laporan-lapangan"}
    assert not Entry.objects.filter(verb__endswith=".read").exists()


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.key)
def test_without_a_post_nothing_is_found(source, coordinator):
    report(coordinator)
    assert source.rows(None).count() == 0
