"""What an attacker and a careless hand send: each of these found something once."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from docx import Document
from icalendar import Calendar

from coordination.actions import attendance, directives, following, lessons, meetings, obligations
from coordination.actions import minutes as minutes_actions
from coordination.actions.reminders import remind_obligations
from coordination.actions.withdrawals import withdraw_seat
from coordination.enums import ObligationState
from coordination.exports import Copy, notula
from coordination.models import Addendum, Directive, Lesson, Meeting, Obligation
from coordination.queries.obligations import links, obligation_facts
from portal import clock
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.accounts.models import Post, Tenure, User
from portal.audit.models import Entry
from portal.background.running import drain
from portal.documents import calendar
from portal.home.feed import feed
from portal.home.search import search
from portal.notifications.mailbox import letters
from portal.notifications.models import Notification
from portal.web.searching import wanted
from tests.coordination.pages import meeting_data, texts, url
from tests.coordination.test_minutes_pages import PASSWORD
from tests.factories.coordination import (
    DUE,
    NOW,
    PUBLISHED,
    START,
    agencies,
    make_alone,
    make_directive,
    make_item,
    make_meeting,
    make_minutes,
    make_obligation,
    make_published,
    make_scheduled,
    publish,
    sign,
)

LATER = PUBLISHED + timedelta(hours=1)
SECRET = "Rencana penyergapan"


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def mailbox_dir(settings, tmp_path):
    settings.EMAIL_BACKEND = "portal.notifications.mailbox.FileMailbox"
    settings.MAILBOX_DIR = tmp_path
    return tmp_path


def post_json(client, path, **data):
    return client.post(f"/api/v1/{path}", data, content_type="application/json")


def from_closed_item(coordinator, slug, *, by_section=True, **values):
    """A directive to one agency, out of an item that is closed to all but the Korem."""
    meeting = make_meeting(coordinator, "kpu-kalsel", "bawaslu-kalsel", "korem-101")
    item = make_item(meeting, coordinator, SECRET, audience=["korem-101"])
    draft = make_minutes_of(meeting, coordinator)
    section = draft.sections.get(agenda_item=item)
    origin = {"section": section} if by_section else {"section": None, "agenda_item": item}
    make_directive(draft, coordinator, slug, **origin, **values)
    publish(draft, by=coordinator, at=PUBLISHED)
    return Obligation.objects.get(directive__meeting=meeting)


def make_minutes_of(meeting, by):
    meeting = meetings.schedule_meeting(meeting, by=by, at=NOW)
    meeting = meetings.start_meeting(meeting, by=by, at=START)
    rows = [
        attendance.Seat(seat.agency, seat.addressee, "hadir", "", "", START)
        for seat in meeting.invitations.select_related("agency")
    ]
    attendance.record_attendance(meeting, rows, by=by, at=START)
    meeting = meetings.close_meeting(meeting, by=by, at=START + timedelta(hours=2))
    draft = minutes_actions.open_minutes(meeting, by=by, at=START + timedelta(hours=2))
    return minutes_actions.save_minutes(
        draft, by=by, at=START + timedelta(hours=2), opening="Rapat dibuka."
    )


# What comes from a closed item


@pytest.mark.parametrize("by_section", [True, False])
def test_who_is_addressed_out_of_a_closed_item_does_not_read_its_subject(
    client, sign_in, coordinator, liaison_kpu, liaison_bawaslu, by_section
):
    obligation = from_closed_item(coordinator, "kpu-kalsel", by_section=by_section)
    sign_in(client, liaison_kpu)

    for name, pk in (
        ("obligation_detail", obligation.pk),
        ("obligation_chain", obligation.pk),
        ("directive_detail", obligation.directive_id),
    ):
        assert SECRET not in texts(client.get(url(name, pk))), name
    assert "Butir tertutup" in [fact["value"] for fact in obligation_facts(obligation)]
    sign_in(client, liaison_bawaslu)
    assert client.get(url("obligation_detail", obligation.pk)).status_code == 404


@pytest.mark.parametrize("by_section", [True, False])
def test_the_notula_of_a_reader_leaves_out_directives_of_closed_items(
    coordinator, liaison_kpu, liaison_bawaslu, by_section
):
    obligation = from_closed_item(coordinator, "kpu-kalsel", by_section=by_section)
    minutes = obligation.directive.meeting.minutes

    def numbers(reader):
        return [row[0] for row in notula(minutes, copy=Copy(reader=reader))["matrix"]]

    assert len(numbers(None)) == len(numbers(coordinator)) == len(numbers(liaison_kpu)) == 1
    assert numbers(liaison_bawaslu) == []
    assert obligation.directive.title not in str(notula(minutes, copy=Copy(reader=liaison_bawaslu)))


def test_a_lesson_from_a_closed_passage_cannot_be_hung_on_an_open_item(
    coordinator, liaison_kpu, liaison_korem
):
    obligation = from_closed_item(coordinator, "korem-101")
    meeting = obligation.directive.meeting
    section = obligation.directive.section
    values = {
        "kind": "masalah",
        "title": "Pelajaran",
        "text": "Rahasia dapur.",
        "owner_agency": agencies("korem-101")[0],
        "section": section,
    }
    with pytest.raises(Refused) as mixed:
        lessons.raise_lesson(
            meeting,
            by=coordinator,
            at=LATER,
            agenda_item=meeting.agenda.get(position=1),
            **values,
        )
    with pytest.raises(Refused) as unseen:
        lessons.raise_lesson(meeting, by=liaison_kpu, at=LATER, **values)
    assert (mixed.value.field, unseen.value.field) == ("section", "agenda_item")
    lesson = lessons.raise_lesson(meeting, by=coordinator, at=LATER, **values)
    assert not Lesson.objects.visible_to(liaison_kpu).exists()
    assert Lesson.objects.visible_to(liaison_korem).get() == lesson


# What one obligation says of another


def acknowledged(obligation, by):
    return obligations.acknowledge_obligation(obligation, by=by, at=LATER)


@pytest.fixture
def waiting(coordinator, liaison_polda):
    """The Polda's share waits for one of a Rahasia directive; who made it knows both."""
    own = make_alone(coordinator, "polda-kalsel", title="Jaga gudang").obligations.get()
    secret = make_alone(
        coordinator,
        "polda-kalsel",
        title=SECRET,
        classification=Classification.RAHASIA,
    ).obligations.get()
    own = acknowledged(own, liaison_polda)
    return own, secret


def test_waiting_for_a_rahasia_obligation_names_only_its_number(
    waiting, coordinator, liaison_polda
):
    own, secret = waiting
    with pytest.raises(Refused) as unknown:
        obligations.wait_for_obligation(own, secret, by=liaison_polda, at=LATER)
    assert unknown.value.field == "blocker"
    # A holder of the post with the higher clearance says so.
    high = replace(liaison_polda, clearance=Classification.RAHASIA)
    own = obligations.wait_for_obligation(own, secret, by=high, at=LATER)

    assert secret.directive.number in own.obstacle
    assert SECRET not in own.obstacle
    assert SECRET not in str(list(Notification.objects.filter(classification__lte=2).values()))
    (tie,) = links(own, liaison_polda, LATER).waits_for
    assert SECRET not in tie["title"] and tie["url"] == ""
    (tie,) = links(own, high, LATER).waits_for
    assert SECRET in tie["title"]

    directives.cancel_directive(secret.directive, by=coordinator, at=LATER, reason="Selesai.")
    own.refresh_from_db()
    assert own.state == ObligationState.IN_PROGRESS
    assert SECRET not in str(list(own.reports.values_list("note", "obstacle")))


@pytest.mark.parametrize("path", ["directives/delegate/", "obligations/{}/wait/"])
def test_the_api_does_not_tell_which_ids_exist(
    client, sign_in, coordinator, liaison_bawaslu, liaison_kpu, path
):
    own = make_alone(coordinator, "kpu-kalsel").obligations.get()
    own = acknowledged(own, liaison_kpu)
    other = make_alone(coordinator, "bawaslu-kalsel").obligations.get()
    sign_in(client, liaison_kpu)
    common = {"title": "x", "text": "x", "units": [], "due_at": DUE.isoformat()}

    def answer(pk):
        found = post_json(client, path.format(own.pk), **common, obligation=pk, blocker=pk)
        body = found.json()
        return found.status_code, body["title"], body.get("detail"), body.get("errors")

    assert answer(other.pk) == answer(2**31 - 7)
    assert answer(other.pk)[0] in {404, 409, 422}
    assert Directive.objects.filter(parent_obligation__isnull=False).count() == 0


# Signing


def test_an_addendum_that_changed_meanwhile_is_not_signed_unread(
    client, sign_in, coordinator, liaison_kpu
):
    minutes = make_published(coordinator, "kpu-kalsel")
    draft = minutes_actions.draft_addendum(
        minutes, by=coordinator, at=LATER, text="Yang dibaca.", reason="Terlewat."
    )
    minutes_actions.edit_addendum(
        draft, by=coordinator, at=LATER, text="Yang lain.", reason="Terlewat."
    )
    sign_in(client, coordinator)
    page = url("addendum_sign", minutes.meeting_id, draft.pk)
    prove(client)

    stale = client.post(page, {"version": "1"})
    missing = client.post(page)

    assert stale.status_code == missing.status_code == 200
    assert Addendum.objects.get().state == "draft"
    client.post(page, {"version": "2"})
    assert Addendum.objects.get().state == "signed"


def prove(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def test_a_refused_signature_can_be_tried_again_with_the_same_key(
    client, sign_in, coordinator, liaison_kpu
):
    minutes = make_published(coordinator, "kpu-kalsel")
    draft = minutes_actions.draft_addendum(
        minutes, by=coordinator, at=LATER, text="Yang benar.", reason="Terlewat."
    )
    sign_in(client, coordinator)
    page = url("addendum_sign", minutes.meeting_id, draft.pk)
    data = {"version": "1", "idempotency_key": "sama"}

    client.post(page, data)
    assert Addendum.objects.get().state == "draft"
    prove(client)
    client.post(page, data)
    assert Addendum.objects.get().state == "signed"


@pytest.mark.parametrize("state", ["circulated", "signed"])
def test_draft_directives_stand_still_with_the_text_that_is_read(coordinator, liaison_kpu, state):
    draft = make_minutes(coordinator, "kpu-kalsel")
    directive = make_directive(draft, coordinator, "kpu-kalsel")
    at = START + timedelta(hours=4)
    if state == "signed":
        sign(draft, by=coordinator, at=at)
    else:
        minutes_actions.circulate_minutes(
            draft, by=coordinator, at=at, until=at + timedelta(days=1)
        )
    shares = [directives.Share(agencies("kpu-kalsel")[0], DUE)]

    with pytest.raises(Refused, match="kembalikan ke draf"):
        directives.edit_directive(directive, by=coordinator, at=at, text="Lain.", shares=shares)
    with pytest.raises(Refused, match="kembalikan ke draf"):
        directives.cancel_directive(directive, by=coordinator, at=at, reason="Ganti.")

    directive.refresh_from_db()
    assert (directive.state, directive.text) == ("draft", "Kawal logistik sampai **TPS**.")


# Characters


@pytest.mark.parametrize("text", ["a\x07b", "a\x1b[31m", "a\x0bb", "a\x7f"])
def test_control_characters_are_refused_at_their_field(
    client, sign_in, coordinator, liaison_kpu, text
):
    sign_in(client, coordinator)
    page = client.post(url("meeting_create"), meeting_data(title=text))
    assert list(page.context["form"].errors) == ["title"]
    obligation = make_obligation(coordinator, "kpu-kalsel")
    sign_in(client, liaison_kpu)
    said = client.post(
        url("obligation_comments", obligation.pk), {"body": text, "audience": "internal"}
    )
    assert "body" in said.context["comment_form"].errors
    answer = post_json(client, f"obligations/{obligation.pk}/comment/", body=text)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not obligation.comments.exists()


@pytest.mark.parametrize("lines", ["a\r\nBcc: x@y.id", "a\nb", "a\rb", "a\u2028b", "a\x85b"])
def test_a_title_has_one_line(client, sign_in, coordinator, lines):
    sign_in(client, coordinator)
    page = client.post(url("meeting_create"), meeting_data(title=lines))
    assert list(page.context["form"].errors) == ["title"]
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x85", "\u2028", "\x0b"])
def test_a_calendar_takes_no_lines_from_texts(end):
    injected = f"Rakor{end}ATTENDEE:mailto:musuh@x.id{end}END:VEVENT"
    entry = calendar.Entry(
        uid="1@x",
        starts_at=START,
        ends_at=DUE,
        title=injected,
        place=injected,
        text=injected,
        organizer=calendar.Person(injected, "a@x.id"),
    )

    file = calendar.calendar([entry], method="REQUEST", at=NOW)

    lines = file.decode().splitlines()
    assert not [line for line in lines if line.startswith("ATTENDEE")]
    assert lines.count("END:VEVENT") == 1
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert str(event["summary"]).startswith("Rakor")


def test_a_notula_with_every_kind_of_character_becomes_a_document(
    client, sign_in, coordinator, liaison_kpu
):
    draft = make_minutes(coordinator, "kpu-kalsel")
    section = draft.sections.last()
    body = "=cmd|' /C calc'!A0\n\n#let x = 1\n\n<b>&amp;</b> \u202e \U0001f600 `{{7*7}}`"
    minutes_actions.save_section(section, by=coordinator, at=LATER, body=body)
    sign_in(client, coordinator)

    answer = client.get(url("minutes_docx", draft.meeting_id))

    assert answer.status_code == 200
    words = "\n".join(p.text for p in Document(io.BytesIO(answer.content)).paragraphs)
    assert "#let x = 1" in words


# Reads of what is secret


@pytest.mark.parametrize("part", ["", "chain/", "comments/", "reminders/"])
def test_reading_a_rahasia_obligation_over_the_api_is_recorded(
    client, sign_in, coordinator, liaison_kpu, part
):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    Obligation.objects.filter(pk=obligation.pk).update(classification=Classification.RAHASIA)
    sign_in(client, liaison_kpu)
    path = f"/api/v1/obligations/{obligation.pk}/{part}"
    assert client.get(path).status_code == 404
    assert not Entry.objects.filter(verb="obligation.read").exists()
    sign_in(client, coordinator)
    assert client.get(path).status_code == 200
    assert Entry.objects.get(verb="obligation.read").post_id == coordinator.post_id


# A Rahasia rakor


def test_of_a_rahasia_rakor_the_uncleared_learn_nothing(
    client, sign_in, coordinator, commander, liaison_kpu, mailbox_dir
):
    begin = clock.now() + timedelta(days=2)
    meeting = make_scheduled(
        coordinator,
        "kpu-kalsel",
        at=clock.now(),
        title=SECRET,
        place="Ruang Sandi",
        starts_at=begin,
        ends_at=begin + timedelta(hours=1),
        classification=Classification.RAHASIA,
    )
    drain()
    told = [letter.body + letter.subject for letter in letters()]
    assert told
    assert not [text for text in told if SECRET in text or "Ruang Sandi" in text]
    assert not [file for file in mailbox_dir.glob("*") if SECRET.encode() in file.read_bytes()]
    sign_in(client, liaison_kpu)
    inbox = texts(client.get(reverse("notifications:inbox")))
    assert SECRET not in inbox and "Ruang Sandi" not in inbox
    for name in ("meeting_detail", "meeting_wall", "live_count", "attendance_pdf", "sign_late"):
        assert client.get(url(name, meeting.pk)).status_code == 404, name
    assert search(liaison_kpu, wanted("penyergapan")) == []
    assert client.get("/api/v1/meetings/").json()["count"] == 0
    assert client.get("/api/v1/invitations/").json()["count"] == 0
    month = f"{reverse('home:calendar')}?month={begin:%Y-%m}"
    assert SECRET not in texts(client.get(month))
    for actor, sees in ((liaison_kpu, False), (commander, True)):
        file = feed(User.objects.get(pk=actor.user_id), clock.now()).decode()
        assert SECRET not in file and "Ruang Sandi" not in file
        assert ("Acara tertutup" in file) is sees


def test_who_lost_sight_hears_no_more(coordinator, liaison_kpu, liaison_bawaslu):
    directive = make_alone(coordinator, "kpu-kalsel", "bawaslu-kalsel", at=LATER)
    obligation = directive.obligations.get(agency__slug="kpu-kalsel")
    following.choose_following(directive, by=liaison_bawaslu, at=LATER, following=True)
    following.choose_following(obligation, by=liaison_bawaslu, at=LATER, following=True)
    Post.objects.filter(pk=liaison_kpu.post_id).update(clearance=Classification.BIASA)

    obligations.acknowledge_obligation(obligation, by=liaison_kpu, at=LATER)
    drain()

    news = Notification.objects.filter(kind="obligation_followed")
    assert {row.post.slug for row in news} == {"koordinator"}


def test_an_administrator_who_reminds_instead_is_not_told_a_closed_subject(
    coordinator, liaison_kpu, admin
):
    obligation = from_closed_item(coordinator, "kpu-kalsel", title=SECRET)
    Tenure.objects.exclude(post_id=admin.post_id).update(ends_at=LATER)

    remind_obligations(at=LATER + timedelta(days=9))

    row = Notification.objects.filter(post_id=admin.post_id).first()
    assert row.context["number"] == obligation.directive.number
    assert SECRET not in str(row.context)


def test_why_a_seat_was_taken_back_is_for_that_agency_and_the_host(
    client, sign_in, coordinator, liaison_kpu, liaison_korem
):
    begin = LATER + timedelta(days=2)
    meeting = make_scheduled(
        coordinator, "kpu-kalsel", "korem-101", starts_at=begin, ends_at=begin + timedelta(hours=1)
    )
    seat = meeting.invitations.get(agency__slug="korem-101")
    withdraw_seat(seat, by=coordinator, at=LATER, reason="Diragukan kerahasiaannya.")
    pages = (url("meeting_detail", meeting.pk), f"/api/v1/meetings/{meeting.pk}/")

    for actor, sees in ((coordinator, True), (liaison_kpu, False)):
        sign_in(client, actor)
        assert ["Diragukan" in texts(client.get(page)) for page in pages] == [sees, sees]
    sign_in(client, liaison_korem)
    assert [client.get(page).status_code for page in pages] == [404, 404]
