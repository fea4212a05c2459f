"""Comments: who may say, read and be called on; what is struck out; who follows and hears of it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from coordination.actions import (
    comments,
    directives,
    following,
    meetings,
    obligations,
    standing,
)
from coordination.actions.withdrawals import withdraw_seat
from coordination.models import AgendaItem, Comment, Following, Meeting, Mention, Obligation
from coordination.queries.following import follow_state, followers
from coordination.queries.readers import readers
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.accounts.models import Post
from portal.audit.models import Entry
from portal.background.running import drain
from portal.home.demo.people import OFFICES
from portal.notifications.models import Notification
from tests.coordination.pages import texts, url
from tests.factories.coordination import (
    DUE,
    NOW,
    PUBLISHED,
    agencies,
    make_alone,
    make_directive,
    make_minutes,
    make_obligation,
    make_scheduled,
    publish,
    units,
)

LATER = PUBLISHED + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def obligation(coordinator, liaison_kpu):
    return make_obligation(coordinator, "kpu-kalsel")


def say(obligation, by, **values):
    values = {"body": "Kapan selesai?"} | values
    return comments.write_comment(obligation, by=by, at=LATER, **values)


def told(kind):
    rows = Notification.objects.filter(kind=kind).select_related("post").order_by("post__slug")
    return [row.post.slug for row in rows]


def post_of(actor):
    return Post.objects.get(pk=actor.post_id)


@pytest.mark.parametrize("record", ["obligation", "directive", "meeting"])
@pytest.mark.parametrize("classification", [Classification.TERBATAS, Classification.RAHASIA])
def test_readers_are_exactly_the_posts_that_see_the_record(
    people, coordinator, record, classification
):
    """The scope read the other way round agrees with `visible_to`, office by office."""
    actors = {office.login: people[office.login] for office in OFFICES}
    obligation = make_obligation(coordinator, "kpu-kalsel")
    make_scheduled(coordinator, "kejati-kalsel")
    rows = {
        "obligation": obligation,
        "directive": obligation.directive,
        "meeting": obligation.directive.meeting,
    }
    row = rows[record]
    if record == "obligation":
        Obligation.objects.filter(pk=row.pk).update(classification=classification)
    elif record == "meeting":
        Meeting.objects.filter(pk=row.pk).update(classification=classification)
    else:
        # An issued directive is fixed, so its meeting is raised in its place.
        Meeting.objects.filter(pk=row.meeting_id).update(classification=classification)
        row.meeting.refresh_from_db()
    row = type(row).objects.get(pk=row.pk)

    seeing = {
        login
        for login, actor in actors.items()
        if type(row).objects.visible_to(actor).filter(pk=row.pk).exists()
    }
    reading = {post.slug for post in readers(row)}

    assert reading == {login.replace(".", "-") for login in seeing}


def agree(people, row) -> set[str]:
    """The posts that see it: `visible_to` asked one by one, and `readers` at once."""
    seen = seeing(people, row)
    assert {post.slug for post in readers(row)} == seen
    return seen


def seeing(people, row) -> set[str]:
    actors = {office.login: people[office.login] for office in OFFICES}
    return {
        login.replace(".", "-")
        for login, actor in actors.items()
        if type(row).objects.visible_to(actor).filter(pk=row.pk).exists()
    }


@pytest.mark.parametrize("slug", ["polda-kalsel", "polres-banjar", "korem-101", "kodim-1006"])
def test_readers_of_a_unit_s_share_are_exactly_those_in_its_line(people, coordinator, slug):
    directive = make_alone(coordinator, slug)
    obligation = directive.obligations.get()

    for row in (directive, obligation):
        assert "koordinator" in agree(people, row)


def test_readers_of_what_was_passed_on_to_a_unit(people, coordinator, liaison_polda):
    parent = make_alone(coordinator, "polda-kalsel").obligations.get()
    parent = obligations.acknowledge_obligation(parent, by=liaison_polda, at=LATER)
    order = standing.delegate_obligation(
        parent,
        by=liaison_polda,
        at=LATER,
        title="Jaga",
        text="Jaga.",
        units=units("polres-banjar"),
        due_at=DUE,
    )

    for row in (order, order.obligations.get()):
        assert "posko-banjar" in agree(people, row)


@pytest.mark.parametrize("audience", [[], ["korem-101"], ["kesbangpol-kalsel", "bawaslu-kalsel"]])
@pytest.mark.parametrize("by_section", [True, False])
def test_readers_of_what_comes_from_a_closed_item(people, coordinator, audience, by_section):
    draft = make_minutes(coordinator, "kpu-kalsel", "bawaslu-kalsel", "korem-101")
    section = draft.sections.order_by("position").last()
    item = section.agenda_item
    AgendaItem.objects.filter(pk=item.pk).update(is_closed=True)
    item.audience.set(agencies(*audience))
    origin = {"section": section} if by_section else {"section": None, "agenda_item": item}
    make_directive(draft, coordinator, "kpu-kalsel", **origin)
    publish(draft, by=coordinator, at=PUBLISHED)
    obligation = Obligation.objects.get()

    for row in (obligation, obligation.directive):
        agree(people, row)
    # Whoever is addressed reads it, and who is neither that nor let into the item does not.
    assert "liaison-kpu" in seeing(people, obligation)
    assert ("liaison-bawaslu" in seeing(people, obligation.directive)) == (
        "bawaslu-kalsel" in audience
    )


def test_readers_of_a_rakor_without_a_seat_that_was_taken_back(people, coordinator):
    meeting = make_scheduled(coordinator, "kpu-kalsel", "korem-101", starts_at=LATER, ends_at=DUE)
    seat = meeting.invitations.get(agency__slug="korem-101")
    withdraw_seat(seat, by=coordinator, at=NOW, reason="Digabung.")

    found = agree(people, meeting)

    assert "liaison-korem" not in found and "liaison-kpu" in found


def test_readers_of_a_draft_directive_are_its_issuers(people, coordinator, liaison_kpu):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    draft = obligation.directive
    draft.issued_at, draft.state = None, "draft"

    assert {post.slug for post in readers(draft)} == {"koordinator"}


def test_a_comment_is_internal_unless_said_otherwise(
    obligation, coordinator, liaison_kpu, liaison_polda, liaison_dprd, auditor
):
    inside = say(obligation, liaison_kpu)
    outside = say(obligation, liaison_kpu, is_internal=False)

    assert inside.is_internal
    for actor, seen in (
        (liaison_kpu, [inside, outside]),
        (coordinator, [outside]),
        (auditor, [outside]),
        (liaison_polda, [outside]),
        (liaison_dprd, []),
    ):
        assert list(Comment.objects.visible_to(actor)) == seen


def test_a_comment_needs_words_sight_and_permission(obligation, liaison_kpu, liaison_dprd, auditor):
    with pytest.raises(Refused) as empty:
        say(obligation, liaison_kpu, body="  ")
    assert empty.value.field == "body"
    with pytest.raises(Refused):
        say(obligation, liaison_dprd)
    with pytest.raises(PermissionDenied):
        say(obligation, auditor)
    assert not Comment.objects.exists()


def test_a_mention_tells_once_and_who_follows_is_not_told_twice(
    obligation, coordinator, liaison_kpu
):
    comment = say(
        obligation,
        coordinator,
        is_internal=False,
        posts=[liaison_kpu.post_id],
        agencies=[liaison_kpu.agency_id],
    )

    assert told("comment_mention") == ["liaison-kpu"]
    assert told("comment_added") == []
    assert not Notification.objects.get(kind="comment_mention").duty
    assert Mention.objects.filter(comment=comment).count() == 2
    entry = Entry.objects.get(verb="comment.write")
    assert entry.after["mentions"] == [liaison_kpu.post_id, liaison_kpu.agency_id]


def test_mentioning_who_may_not_read_is_refused_and_nothing_is_written(
    obligation, coordinator, liaison_kpu, liaison_dprd
):
    for values in (
        {"is_internal": False, "posts": [liaison_dprd.post_id]},
        {"is_internal": False, "agencies": [liaison_dprd.agency_id]},
        {"is_internal": True, "posts": [liaison_kpu.post_id]},
    ):
        with pytest.raises(Refused) as refusal:
            say(obligation, coordinator, **values)
        assert refusal.value.field == "mentions"
    assert not Comment.objects.exists()
    assert told("comment_mention") == []


def test_an_internal_comment_reaches_no_other_agency(obligation, liaison_kpu, coordinator):
    say(obligation, liaison_kpu)

    assert told("comment_added") == []

    say(obligation, liaison_kpu, is_internal=False)

    assert told("comment_added") == ["koordinator"]


def test_striking_is_for_the_author_once_and_with_a_reason(obligation, coordinator, liaison_kpu):
    comment = say(obligation, liaison_kpu, is_internal=False)

    with pytest.raises(Refused):
        comments.strike_comment(comment, by=coordinator, at=LATER, reason="Keliru.")
    with pytest.raises(Refused):
        comments.strike_comment(comment, by=liaison_kpu, at=LATER, reason=" ")
    for _time in range(2):
        comments.strike_comment(comment, by=liaison_kpu, at=LATER, reason="Keliru.")

    comment.refresh_from_db()
    assert (comment.struck_at, comment.strike_reason) == (LATER, "Keliru.")
    assert comment.body == "Kapan selesai?"
    assert Entry.objects.filter(verb="comment.strike").count() == 1


@pytest.mark.parametrize(
    "change", [{"body": "Lain."}, {"is_internal": False}, {"strike_reason": "x"}]
)
def test_the_database_keeps_a_comment_as_it_was_written(obligation, liaison_kpu, change):
    comment = say(obligation, liaison_kpu)
    rows = Comment.objects.filter(pk=comment.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


def test_obliged_and_issuing_posts_follow_by_their_office_and_can_stop(
    obligation, coordinator, liaison_kpu, commander, liaison_dprd
):
    assert follow_state(obligation, liaison_kpu).by_office
    assert not follow_state(obligation, commander).following
    assert {post.slug for post in followers(obligation)} == {"koordinator", "liaison-kpu"}

    following.choose_following(obligation, by=coordinator, at=LATER, following=False)
    following.choose_following(obligation, by=commander, at=LATER, following=True)
    following.choose_following(obligation, by=liaison_dprd, at=LATER, following=True)

    # The last one chose what it does not see, and hears nothing.
    assert {post.slug for post in followers(obligation)} == {"liaison-kpu", "pimpinan"}
    assert not follow_state(obligation, coordinator).following


def test_followers_hear_of_changes_as_information_and_the_duty_is_not_doubled(
    obligation, coordinator, liaison_kpu, commander
):
    following.choose_following(obligation, by=commander, at=LATER, following=True)

    obligations.submit_obligation(obligation, by=liaison_kpu, at=LATER, note="Tuntas.")
    drain()

    # The coordinator must verify: of the submission he has the duty notice, and only that.
    assert told("obligation_submitted") == ["koordinator"]
    heard = [
        (row.post.slug, row.context["change"], row.duty)
        for row in Notification.objects.filter(kind="obligation_followed").order_by("pk")
    ]
    assert sorted(heard) == [
        ("koordinator", "acknowledged", False),
        ("pimpinan", "acknowledged", False),
        ("pimpinan", "submitted", False),
    ]


def test_who_follows_a_directive_hears_of_its_obligations_and_its_end(
    obligation, coordinator, liaison_kpu, commander
):
    following.choose_following(obligation.directive, by=commander, at=LATER, following=True)

    obligations.report_progress(obligation, by=liaison_kpu, at=LATER, percent=5, note="Jalan.")
    drain()
    assert told("obligation_followed").count("pimpinan") == 2
    directives.cancel_directive(obligation.directive, by=coordinator, at=LATER, reason="Ganti.")

    assert told("directive_followed") == ["pimpinan"]


def test_who_follows_a_rakor_hears_of_its_postponement(coordinator, liaison_kpu, commander):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    following.choose_following(meeting, by=commander, at=LATER, following=True)

    meetings.postpone_meeting(meeting, by=coordinator, at=LATER, reason="Banjir.")

    assert told("meeting_postponed") == ["liaison-kpu", "pimpinan"]


def test_a_thing_is_followed_once_and_one_thing_at_a_time(obligation, commander):
    for _time in range(2):
        following.choose_following(obligation, by=commander, at=LATER, following=True)

    assert Following.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Following.objects.create(
            post_id=commander.post_id,
            obligation=obligation,
            directive=obligation.directive,
            at=LATER,
        )


def test_the_page_takes_a_comment_with_mentions(client, sign_in, obligation, coordinator):
    sign_in(client, coordinator)
    kpu = Post.objects.get(slug="liaison-kpu")
    address = url("obligation_comments", obligation.pk)

    offered = [
        value
        for _group, options in client.get(address)
        .context["comment_form"]
        .fields["mentions"]
        .choices
        for value, _label in options
    ]
    assert offered == [f"agency:{kpu.unit.agency_id}", f"post:{kpu.pk}"]
    data = {"body": "Mohon **segera**.", "audience": "agencies", "mentions": [f"post:{kpu.pk}"]}
    answer = client.post(address, data)

    assert answer.url == f"{url('obligation_detail', obligation.pk)}#komentar"
    assert "<strong>segera</strong>" in texts(client.get(address))
    assert told("comment_mention") == ["liaison-kpu"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": ""}, "body"),
        ({"audience": "zzz"}, "audience"),
        ({"mentions": ["post:99999"]}, "mentions"),
        ({"mentions": ["drop table"]}, "mentions"),
    ],
)
def test_a_bad_comment_keeps_what_was_typed(
    client, sign_in, obligation, coordinator, changes, field
):
    sign_in(client, coordinator)
    data = {"body": "Mohon.", "audience": "internal"} | changes

    answer = client.post(url("obligation_comments", obligation.pk), data)

    assert field in answer.context["comment_form"].errors
    assert not Comment.objects.exists()


def test_markdown_of_a_comment_is_safe(client, sign_in, obligation, coordinator):
    say(obligation, coordinator, body="<script>alert(1)</script> [x](javascript:alert(1))")
    sign_in(client, coordinator)

    page = texts(client.get(url("obligation_comments", obligation.pk)))

    assert "<script>alert" not in page
    assert 'href="javascript:' not in page


def test_strangers_find_neither_comments_nor_the_button(
    client, sign_in, obligation, coordinator, liaison_kpu, liaison_dprd, admin
):
    comment = say(obligation, liaison_kpu)
    places = [
        ("obligation_comments", [obligation.pk], {"body": "x", "audience": "internal"}),
        ("comment_strike", [comment.pk], {"reason": "x"}),
        ("follow", ["obligation", obligation.pk], {"following": "1"}),
        ("follow", ["zzz", obligation.pk], {"following": "1"}),
    ]
    sign_in(client, liaison_dprd)
    for name, args, data in places:
        assert client.post(url(name, *args), data).status_code == 404, name
    # The coordinator sees the obligation, and an internal comment of the KPU does not exist.
    sign_in(client, coordinator)
    assert client.post(url("comment_strike", comment.pk), {"reason": "x"}).status_code == 404
    sign_in(client, admin)
    for name, args, data in places[:2]:
        assert client.post(url(name, *args), data).status_code == 403, name
    assert not Following.objects.exists()


def test_following_and_stopping_take_one_click(client, sign_in, obligation, commander):
    sign_in(client, commander)
    detail = url("obligation_detail", obligation.pk)
    for choice, state in (("1", True), ("0", False)):
        address = client.get(detail).context["follow"].url
        assert client.post(address, {"following": choice}).url == detail
        assert client.get(detail).context["follow"].following is state
    assert texts(client.get(detail)).count('data-behaviour="copy-link"') == 1


@pytest.mark.parametrize("count", [1, 3])
def test_comments_ask_a_constant_number_of_queries(
    client, sign_in, obligation, coordinator, liaison_kpu, django_assert_num_queries, count
):
    for _number in range(count):
        say(obligation, liaison_kpu, is_internal=False, posts=[coordinator.post_id])
    sign_in(client, coordinator)
    address = url("obligation_comments", obligation.pk)
    client.get(address)
    with django_assert_num_queries(13):
        page = client.get(address)
    assert len(page.context["comments"]) == count
