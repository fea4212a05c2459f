"""After publication only an addendum: its own signature, number and hash."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from coordination.actions import minutes as actions
from coordination.models import Addendum
from coordination.queries.minutes import addendum_rows
from portal.access.errors import Refused
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.factories.coordination import PUBLISHED, make_minutes, make_published

AT = PUBLISHED + timedelta(hours=1)


@pytest.fixture
def published(coordinator, liaison_kpu):
    return make_published(coordinator, "kpu-kalsel")


@pytest.fixture
def signed(published, coordinator):
    section = published.sections.get(position=2)
    draft = actions.draft_addendum(
        published,
        by=coordinator,
        at=AT,
        section=section,
        text="Bunyi benar.",
        reason="Salah kutip.",
    )
    return actions.sign_addendum(draft, by=coordinator, at=AT, proof="password")


def test_an_addendum_is_numbered_sealed_and_told_once(signed, coordinator, published):
    for _time in range(2):
        out = actions.publish_addendum(signed, by=coordinator, at=AT)
    assert (out.number, out.state, len(out.sha256)) == (1, "published", 64)
    assert Notification.objects.filter(kind="minutes_addendum").count() == 1
    assert Entry.objects.filter(verb="addendum.publish").count() == 1
    published.refresh_from_db()
    assert published.sha256 == actions.fingerprint(published)


def test_the_next_addendum_has_the_next_number(signed, coordinator, published):
    actions.publish_addendum(signed, by=coordinator, at=AT)
    other = actions.draft_addendum(published, by=coordinator, at=AT, text="Tambahan.", reason="x")
    other = actions.sign_addendum(other, by=coordinator, at=AT, proof="password")
    assert actions.publish_addendum(other, by=coordinator, at=AT).number == 2


def test_only_published_minutes_have_addenda(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    with pytest.raises(Refused):
        actions.draft_addendum(draft, by=coordinator, at=AT, text="x", reason="y")
    assert not Addendum.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [({"text": " ", "reason": "x"}, "text"), ({"text": "x", "reason": " "}, "reason")],
)
def test_an_addendum_says_what_and_why(published, coordinator, values, field):
    with pytest.raises(Refused) as refusal:
        actions.draft_addendum(published, by=coordinator, at=AT, **values)
    assert refusal.value.field == field


def test_an_unsigned_addendum_is_not_published(published, coordinator):
    draft = actions.draft_addendum(published, by=coordinator, at=AT, text="x", reason="y")
    with pytest.raises(Refused):
        actions.publish_addendum(draft, by=coordinator, at=AT)


def test_editing_a_signed_addendum_takes_its_signature(signed, coordinator):
    edited = actions.edit_addendum(signed, by=coordinator, at=AT, text="Lain.", reason="Lagi.")
    assert (edited.state, edited.signed_at, edited.signed_office) == ("draft", None, "")


def test_a_published_addendum_is_fixed(signed, coordinator):
    out = actions.publish_addendum(signed, by=coordinator, at=AT)
    for change in (
        lambda: Addendum.objects.update(text="Lain."),
        lambda: Addendum.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="fixed"), transaction.atomic():
            change()
    with pytest.raises(Refused):
        actions.edit_addendum(out, by=coordinator, at=AT, text="x", reason="y")


def test_a_draft_addendum_is_for_the_host_alone(
    signed, coordinator, liaison_kpu, liaison_dprd, published
):
    assert [row["is_signed"] for row in addendum_rows(published, coordinator)] == [True]
    assert addendum_rows(published, liaison_kpu) == []
    actions.publish_addendum(signed, by=coordinator, at=AT)
    shown = addendum_rows(published, liaison_kpu)
    assert [(row["number"], row["text"]) for row in shown] == [(1, "Bunyi benar.")]
    assert addendum_rows(published, liaison_dprd) == []
