"""Several minute-takers at once: nothing they type is lost, and each text stays kept."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from coordination.actions import minutes as actions
from coordination.actions.minutes.merging import MARK, join
from coordination.models import SectionPresence, SectionRevision
from coordination.queries.minutes import history, word_diff
from portal.access.errors import Refused
from tests.factories.accounts import make_person
from tests.factories.coordination import START, make_minutes, make_published, sign

SECOND = timedelta(seconds=1)
AT = START + timedelta(hours=3)


@pytest.fixture
def second_taker(db):
    return make_person("notulis-dua", ["coordinator"], "polda-kalsel", region="63", clearance=3)


@pytest.fixture
def draft(coordinator, liaison_kpu):
    return make_minutes(coordinator, "kpu-kalsel")


def sections(minutes):
    return list(minutes.sections.select_related("minutes__meeting").order_by("position"))


def test_two_writers_of_different_passages_never_meet(draft, coordinator, second_taker):
    first, second = sections(draft)
    one = actions.save_section(first, by=coordinator, at=AT, base_version=1, body="Satu.")
    two = actions.save_section(second, by=second_taker, at=AT, base_version=1, body="Dua.")
    assert (one.merged, one.clashed, one.others) == (False, False, [])
    assert (two.merged, two.clashed, two.others) == (False, False, [])
    assert [row.body for row in sections(draft)] == ["Satu.", "Dua."]


def test_a_second_writer_of_a_passage_is_warned_and_joined(draft, coordinator, second_taker):
    passage = sections(draft)[0]
    lines = "Pertama.\n\nKedua.\n\nKetiga."
    actions.save_section(passage, by=coordinator, at=AT, base_version=1, body=lines)
    mine = lines.replace("Pertama.", "Pertama, oleh saya.")
    theirs = lines.replace("Ketiga.", "Ketiga, oleh dia.")
    actions.save_section(passage, by=coordinator, at=AT, base_version=2, body=mine)
    joined = actions.save_section(passage, by=second_taker, at=AT, base_version=2, body=theirs)
    assert joined.row.body == "Pertama, oleh saya.\n\nKedua.\n\nKetiga, oleh dia."
    assert (joined.merged, joined.clashed) == (True, False)
    assert joined.others == [coordinator.post_title]


def test_a_clash_keeps_both_texts_and_must_be_settled(draft, coordinator, second_taker):
    passage = sections(draft)[0]
    actions.save_section(passage, by=coordinator, at=AT, base_version=1, body="Tujuh belas.")
    saved = actions.save_section(passage, by=second_taker, at=AT, base_version=1, body="Dua puluh.")
    assert saved.clashed
    body = saved.row.body
    assert "Tujuh belas." in body and "Dua puluh." in body
    assert f"{MARK}Bentrok, tulisan {second_taker.post_title}⟧" in body
    with pytest.raises(Refused) as refusal:
        sign(draft, by=coordinator, at=AT)
    assert "tanda bentrok" in str(refusal.value.sentence)


def test_the_same_text_sent_twice_is_one_revision(draft, coordinator):
    passage = sections(draft)[0]
    for _time in range(2):
        saved = actions.save_section(passage, by=coordinator, at=AT, base_version=1, body="Satu.")
    assert (saved.row.version, saved.merged) == (2, False)
    assert SectionRevision.objects.filter(section=passage).count() == 2


def test_saves_of_one_author_within_two_minutes_fold(draft, coordinator, second_taker):
    passage = sections(draft)[0]
    for number in range(5):
        actions.save_section(
            passage, by=coordinator, at=AT + 20 * number * SECOND, body=f"{number}"
        )
    actions.save_section(passage, by=coordinator, at=AT + 200 * SECOND, body="nanti")
    actions.save_section(passage, by=second_taker, at=AT + 201 * SECOND, body="lain")
    shown = next(entry for entry in history(draft) if entry.anchor == f"bagian-{passage.pk}")
    assert [(row.author, row.changes[0][1]) for row in shown.rows][:2] == [
        (second_taker.post_title, [("removed", "nanti"), ("added", "lain")]),
        (coordinator.post_title, [("removed", "4"), ("added", "nanti")]),
    ]
    assert len(shown.rows) == 4
    # A late writer still finds the base of a folded save.
    late = actions.save_section(
        passage, by=second_taker, at=AT + 300 * SECOND, base_version=3, speaker="Ketua"
    )
    assert (late.row.body, late.row.speaker) == ("lain", "Ketua")


def test_restoring_an_old_text_is_a_new_revision(draft, coordinator):
    passage = sections(draft)[0]
    actions.save_section(passage, by=coordinator, at=AT, body="Lama.", decision="Setuju.")
    old = SectionRevision.objects.filter(section=passage).latest("pk")
    later = AT + timedelta(minutes=10)
    actions.save_section(passage, by=coordinator, at=later, body="Baru.", decision="")
    restored = actions.restore_revision(old, by=coordinator, at=later + SECOND)
    assert (restored.row.body, restored.row.decision) == ("Lama.", "Setuju.")
    kept = SectionRevision.objects.filter(section=passage).order_by("pk")
    assert [row.origin for row in kept] == ["opened", "saved", "saved", "restored"]


def test_a_removed_passage_stays_kept_and_comes_back(draft, coordinator):
    passage = sections(draft)[1]
    actions.save_section(passage, by=coordinator, at=AT, body="Jangan hilang.")
    rest = sections(draft)[0]
    actions.save_minutes(
        draft,
        by=coordinator,
        at=AT + timedelta(minutes=5),
        sections=[actions.SectionDraft(rest.heading, pk=rest.pk)],
    )
    gone = history(draft)[-1]
    assert (gone.title, gone.removed) == ("Kesiapan logistik (dihapus)", True)
    kept = SectionRevision.objects.get(pk=gone.rows[0].pk)
    actions.restore_revision(kept, by=coordinator, at=AT + timedelta(minutes=6))
    assert [row.body for row in sections(draft)] == ["", "Jangan hilang."]


def test_the_head_is_joined_like_a_passage(draft, coordinator, second_taker):
    base = draft.version
    actions.save_head(draft, by=coordinator, at=AT, base_version=base, closing="Ditutup.")
    saved = actions.save_head(
        draft,
        by=second_taker,
        at=AT,
        base_version=base,
        opening=draft.opening,
        conclusion="Sepakat.",
    )
    assert (saved.row.closing, saved.row.conclusion) == ("Ditutup.", "Sepakat.")


def test_the_whole_form_joins_passages_that_changed_meanwhile(draft, coordinator, second_taker):
    first, second = sections(draft)
    actions.save_section(
        second, by=second_taker, at=AT, base_version=1, body="Dari tampilan notulis."
    )
    actions.save_minutes(
        draft,
        by=coordinator,
        at=AT,
        sections=[
            actions.SectionDraft(first.heading, pk=first.pk, version=1, body="Dari formulir."),
            actions.SectionDraft(second.heading, second.speaker, pk=second.pk, version=1),
        ],
    )
    assert [row.body for row in sections(draft)] == ["Dari formulir.", "Dari tampilan notulis."]


def test_only_the_host_writes(draft, liaison_kpu, coordinator):
    with pytest.raises(PermissionDenied):
        actions.save_section(sections(draft)[0], by=liaison_kpu, at=AT, body="x")
    assert not SectionPresence.objects.exists()


def test_published_history_and_files_are_fixed(coordinator, liaison_kpu):
    published = make_published(coordinator, "kpu-kalsel")
    changes = [
        lambda: SectionRevision.objects.filter(minutes=published).delete(),
        lambda: SectionRevision.objects.filter(minutes=published).update(values={}),
        lambda: published.sections.update(decision="Lain."),
        lambda: published.sections.update(speaking=["kpu-kalsel"]),
        lambda: type(published).objects.update(skip_reason="Lain."),
        lambda: type(published).objects.update(seats_present=9),
    ]
    for change in changes:
        with pytest.raises(IntegrityError, match="fixed"), transaction.atomic():
            change()


def test_join_takes_the_only_change_of_a_short_field():
    base = {"speaker": "A"}
    kwargs = {"their_office": "x", "my_office": "y"}
    assert join(base, {"speaker": "B"}, {"speaker": "A"}, **kwargs) == ({"speaker": "B"}, False)
    assert join(base, {"speaker": "A"}, {"speaker": "C"}, **kwargs) == ({"speaker": "C"}, False)
    assert join(base, {"speaker": "B"}, {"speaker": "C"}, **kwargs) == ({"speaker": "B / C"}, False)


def test_word_diff_shows_words():
    assert word_diff("satu dua tiga", "satu empat tiga lima") == [
        ("same", "satu "),
        ("removed", "dua"),
        ("added", "empat"),
        ("same", " tiga"),
        ("added", " lima"),
    ]


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_lose_nothing(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    passage = sections(draft)[0]
    lines = [f"Baris {number}." for number in range(12)]
    actions.save_section(passage, by=coordinator, at=AT, body="\n\n".join(lines))
    base = passage.version + 1
    failures = []

    def write(number):
        own = list(lines)
        own[3 * number] = f"Baris {3 * number}, ditulis {number}."
        try:
            actions.save_section(
                passage, by=coordinator, at=AT, base_version=base, body="\n\n".join(own)
            )
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    body = sections(draft)[0].body
    assert MARK not in body
    assert [f"Baris {3 * n}, ditulis {n}." in body for n in range(4)] == [True] * 4
