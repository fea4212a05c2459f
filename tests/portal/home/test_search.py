"""Search in Indonesian: stems, rank, excerpt, numbers; nothing of a row out of sight."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from coordination.actions import comments, meetings, minutes
from coordination.actions import obligations as actions
from coordination.models import Comment, Directive, Meeting, MinutesSection
from portal.home import search as finder
from portal.web.searching import excerpt, wanted
from tests.factories.coordination import (
    PUBLISHED,
    START,
    agencies,
    make_directive,
    make_held,
    make_minutes,
    make_published,
    make_scheduled,
    publish,
)
from tests.factories.incidents import report

SECRET = "Operasi Kenanga"


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(PUBLISHED + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def look(client, sign_in):
    """`look(actor, words)`: the groups of the page by key, as titles."""

    def find(actor, words, **more):
        page = sign_in(client, actor).get(reverse("home:search"), {"q": words, **more})
        assert page.status_code == 200
        return {
            group.key: [hit.title for hit in group.hits] for group in page.context["groups"]
        }, page

    return find


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("menangani", "penanganan"),
        ("penanganan", "menangani"),
        ("pengamanan", "mengamankan"),
        ("mengamankan", "pengamanan"),
        ("laporkan", "pelaporan"),
        ("kerawanan", "rawan"),
    ],
)
@pytest.mark.django_db
def test_stems_of_the_same_root_meet(typed, written):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_tsvector('indonesian', %s) @@ websearch_to_tsquery('indonesian', %s)",
            [written, typed],
        )
        assert cursor.fetchone() == (True,)


def test_another_form_of_the_word_finds_the_directive(look, coordinator, liaison_kpu):
    make_published(
        coordinator,
        "kpu-kalsel",
        directive={"title": "Logistik", "text": "Penanganan sengketa <b>cepat</b> & tuntas."},
    )
    groups, page = look(liaison_kpu, "menangani")
    assert groups["arahan"] == groups["tindak-lanjut"] == ["Logistik"]
    (hit,) = page.context["groups"][0].hits
    # PostgreSQL leaves tags out of an excerpt; what is left is escaped all the same.
    assert " ".join(hit.excerpt.split()) == (
        "Logistik <mark>Penanganan</mark> sengketa cepat &amp; tuntas"
    )


def test_title_counts_more_than_text(look, coordinator, liaison_kpu):
    for title, text in (("Lain", "Sebutan banjir sekali."), ("Siaga banjir", "Lain.")):
        make_published(coordinator, "kpu-kalsel", directive={"title": title, "text": text})
    assert look(coordinator, "banjir")[0]["arahan"] == ["Siaga banjir", "Lain"]


def test_phrase_or_and_minus_work_as_on_the_web(look, coordinator, liaison_kpu):
    for title, text in (("Satu", "deteksi dini di pasar"), ("Dua", "dini hari ada deteksi")):
        make_published(coordinator, "kpu-kalsel", directive={"title": title, "text": text})
    assert look(coordinator, '"deteksi dini"')[0]["arahan"] == ["Satu"]
    assert sorted(look(coordinator, "pasar OR hari")[0]["arahan"]) == ["Dua", "Satu"]
    assert look(coordinator, "deteksi -pasar")[0]["arahan"] == ["Dua"]
    assert sorted(look(coordinator, "detek")[0]["arahan"]) == ["Dua", "Satu"]


def test_number_is_found_exactly(look, coordinator, liaison_kpu):
    for _number in range(11):
        make_published(coordinator, "kpu-kalsel")
    numbers = list(Directive.objects.order_by("pk").values_list("number", flat=True))
    first, second, eleventh = numbers[0], numbers[1], numbers[10]
    assert first.split("/")[:2] == ["ARH", "1"]
    assert eleventh.split("/")[:2] == ["ARH", "11"]
    for typed, expected in (("ARH/1", [first]), ("arh/2", [second]), (eleventh, [eleventh])):
        _groups, page = look(coordinator, typed, jenis="arahan")
        assert [hit.note.split(" · ")[0] for hit in page.context["groups"][0].hits] == expected


def test_reports_and_obstacles_find_the_obligation(look, coordinator, liaison_kpu, liaison_dprd):
    published = make_published(coordinator, "kpu-kalsel")
    share = published.meeting.directives.get().obligations.get()
    actions.report_obstacle(
        share, obstacle="Jembatan ambruk.", note="Menunggu perahu.", by=liaison_kpu, at=PUBLISHED
    )
    for words in ("ambruk", "perahu"):
        assert look(liaison_kpu, words)[0] == {"tindak-lanjut": ["Kawal logistik"]}
        assert look(liaison_dprd, words)[0] == {}


def test_comment_is_found_by_who_may_read_it_until_it_is_struck(
    look, coordinator, liaison_kpu, liaison_dprd
):
    published = make_published(coordinator, "kpu-kalsel")
    share = published.meeting.directives.get().obligations.get()
    said = {"by": liaison_kpu, "at": PUBLISHED}
    comments.write_comment(share, body="Kelotok menyeberangkan kotak.", is_internal=False, **said)
    inside = comments.write_comment(share, body="Menunggu kelotok kedua.", **said)
    found, page = look(liaison_kpu, "kelotok")
    assert found == {"komentar": ["Kawal logistik", "Kawal logistik"]}
    assert page.context["groups"][0].hits[0].url.endswith(f"#komentar-{inside.pk}")
    assert look(coordinator, "kelotok")[0] == {"komentar": ["Kawal logistik"]}
    assert look(coordinator, "kedua")[0] == {}
    assert look(liaison_dprd, "kelotok")[0] == {}
    comments.strike_comment(inside, reason="Salah alamat.", **said)
    assert look(liaison_kpu, "kedua")[0] == {}


def test_row_out_of_sight_shows_in_no_way(look, coordinator, liaison_kpu, liaison_dprd):
    make_published(coordinator, "kpu-kalsel", directive={"title": SECRET, "text": SECRET})
    seen, _page = look(liaison_kpu, "kenanga")
    assert set(seen) == {"arahan", "tindak-lanjut"}
    hidden, page = look(liaison_dprd, "kenanga")
    assert hidden == {}
    assert "Kenanga" not in page.content.decode()
    for source in finder.SOURCES:
        _groups, page = look(liaison_dprd, "kenanga", jenis=source.key, page="2")
        assert page.context["count"] == 0
        assert page.context["page"].paginator.num_pages == 1


def test_row_above_the_clearance_is_not_found(look, coordinator, liaison_kpu):
    make_scheduled(coordinator, "kpu-kalsel", title=SECRET, classification=3)
    assert look(coordinator, "kenanga")[0] == {"rakor": [SECRET]}
    assert look(liaison_kpu, "kenanga")[0] == {}


def test_closed_item_and_its_passage_are_found_by_the_named_only(
    look, coordinator, liaison_kpu, liaison_korem, liaison_dprd
):
    meeting = make_held(
        coordinator,
        "kpu-kalsel",
        "korem-101",
        agenda=[meetings.AgendaDraft("Pembukaan", 5), meetings.AgendaDraft(SECRET, 10)],
    )
    draft = minutes.open_minutes(meeting, by=coordinator, at=START + timedelta(hours=2))
    item = meeting.agenda.get(title=SECRET)
    MinutesSection.objects.filter(minutes=draft, agenda_item=item).update(
        heading=SECRET, body="Rencana Kenanga dirinci."
    )
    minutes.save_minutes(draft, by=coordinator, at=START + timedelta(hours=2), opening="Dibuka.")
    publish(draft, by=coordinator, at=PUBLISHED)
    item.is_closed = True
    item.save()
    item.audience.set(agencies("kpu-kalsel"))
    for actor in (coordinator, liaison_kpu):
        assert look(actor, "kenanga")[0] == {"agenda": [SECRET], "notula": [SECRET]}
    for actor in (liaison_korem, liaison_dprd):
        hidden, page = look(actor, "kenanga")
        assert hidden == {}
        assert page.context["count"] == 0


def test_draft_minutes_are_found_by_their_writers_only(look, coordinator, liaison_kpu):
    meeting = make_held(coordinator, "kpu-kalsel")
    draft = minutes.open_minutes(meeting, by=coordinator, at=START + timedelta(hours=2))
    MinutesSection.objects.filter(minutes=draft).update(body="Perihal kenanga.")
    assert set(look(coordinator, "kenanga")[0]) == {"notula"}
    assert look(liaison_kpu, "kenanga")[0] == {}


def test_all_hits_of_one_kind_come_in_pages(look, coordinator, liaison_kpu):
    for number in range(27):
        make_scheduled(coordinator, "kpu-kalsel", title=f"Rakor kenanga {number}")
    groups, page = look(coordinator, "kenanga")
    assert len(groups["rakor"]) == finder.FIRST
    assert page.context["count"] == 27
    assert "Semua 27 hasil" in page.content.decode()
    first, _page = look(coordinator, "kenanga", jenis="rakor")
    second, _page = look(coordinator, "kenanga", jenis="rakor", page="2")
    assert (len(first["rakor"]), len(second["rakor"])) == (25, 2)
    assert len({*first["rakor"], *second["rakor"]}) == Meeting.objects.count() == 27


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_hits(
    client, sign_in, coordinator, liaison_kpu, django_assert_num_queries, count
):
    for _number in range(count):
        make_published(coordinator, "kpu-kalsel", title="Rakor kenanga")
    sign_in(client, coordinator)
    address = reverse("home:search")
    client.get(address, {"q": "kenanga"})
    with django_assert_num_queries(28):
        client.get(address, {"q": "kenanga"})


@pytest.mark.parametrize(
    "text", ["a", " ", "", "'", "(((", "a & | !", ":*", "x" * 300, "-", '"', "﷽", "%_%"]
)
def test_nonsense_finds_nothing_and_breaks_nothing(look, coordinator, text):
    assert look(coordinator, text)[0] == {}
    assert look(coordinator, text, jenis="arahan")[0] == {}
    assert look(coordinator, text, jenis="tidak-ada")[0] == {}


def test_excerpt_marks_only_what_postgresql_marked():
    assert (
        excerpt("a \ue000<i>\ue001 **b** <script>") == "a <mark>&lt;i&gt;</mark> b &lt;script&gt;"
    )
    assert excerpt("\ue001x\ue000 y\ue000") == "x y"
    assert excerpt(None) == ""


@pytest.mark.parametrize(
    "typed", ["0001", "kj 2024 0001", "KJ20240001", "2024-0001", "kj-2024-0001"]
)
def test_an_incident_is_found_by_the_end_of_its_number(look, coordinator, typed):
    first, other = report(coordinator), report(coordinator, title="Air surut")
    groups, _page = look(coordinator, typed)
    assert groups["kejadian"] == [first.title]
    assert other.number == "KJ-2024-0002"


def test_wanted_knows_a_number():
    assert wanted("kj 2024 0016").ending == "kj20240016"
    assert wanted("016").ending == ""
    assert wanted("x") is None
    assert wanted("ARH/12").number == "ARH/12"
    assert wanted("kawal logistik").number == ""
    assert wanted("logistik").number == ""


def test_words_of_what_is_rahasia_stand_on_its_own_page_only(look, coordinator, liaison_kpu):
    """Who is cleared finds them, but the excerpt would be a reading that nobody recorded."""
    draft = make_minutes(coordinator, "kpu-kalsel", classification=3)
    MinutesSection.objects.filter(minutes=draft).update(body="Perihal dermaga kenanga.")
    make_directive(draft, coordinator, "kpu-kalsel", text="Lewat dermaga kenanga.")
    publish(draft, by=coordinator, at=PUBLISHED)
    share = draft.meeting.directives.get().obligations.get()
    Comment.objects.create(
        obligation=share,
        body="Dermaga kenanga dijaga.",
        is_internal=False,
        post_id=coordinator.post_id,
        agency_id=coordinator.agency_id,
        at=PUBLISHED,
    )
    found, page = look(coordinator, "dermaga kenanga")
    assert set(found) == {"arahan", "tindak-lanjut", "notula", "komentar"}
    hits = [hit for group in page.context["groups"] for hit in group.hits]
    assert {str(hit.excerpt) for hit in hits} == {""}
    assert "dermaga <mark>" not in page.content.decode().lower()
    assert look(liaison_kpu, "dermaga kenanga")[0] == {}


def test_words_of_what_is_terbatas_are_quoted(look, coordinator, liaison_kpu):
    make_published(coordinator, "kpu-kalsel", directive={"text": "Lewat dermaga kenanga."})
    _found, page = look(liaison_kpu, "kenanga")
    assert all("<mark>" in hit.excerpt for g in page.context["groups"] for hit in g.hits)
