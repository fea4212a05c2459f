"""Who gets in where: each address of this app, for the host, a guest, a stranger and others.

One letter per office, in the order of OFFICES: `.` the page (200) or a redirect after the deed
(302), `x` not for that office (403), `-` not there for it (404), `m` another method (405).
"""

from datetime import timedelta

import pytest
import time_machine

from coordination.actions import (
    agenda_templates,
    comments,
    lessons,
    saved_views,
    withdrawals,
)
from coordination.actions import minutes as minutes_actions
from coordination.models import AgendaItem, LadderRung, Minutes
from coordination.urls import urlpatterns
from portal.audit.models import Entry
from tests.coordination.pages import url
from tests.factories.coordination import (
    NOW,
    START,
    agencies,
    make_item,
    make_meeting,
    make_minutes,
    make_published,
    make_scheduled,
    make_series,
)

OFFICES = ("koordinator", "liaison.kpu", "liaison.dprd", "auditor", "posko.banjar", "admin")
"""Hosts; is invited and addressed; has no seat; oversees without writing; a unit of the host's;
keeps the settings."""


# name: what stands in the address, what GET answers to all, what an empty POST answers to all but
# the host.
ADDRESSES = {
    "meeting_list": ("", "....xx", "mmmmm"),
    "meeting_create": ("", ".xxxxx", "xxxxx"),
    "markdown_preview": ("", "mmmmmm", "xxxxx"),
    "series_list": ("", "....xx", "mmmmm"),
    "series_create": ("", ".xxxxx", "xxxxx"),
    "series_detail": ("series", "..-.xx", "mmmmm"),
    "series_edit": ("series", ".xxxxx", "xxxxx"),
    "backlog_create": ("series", ".xxxxx", "xxxxx"),
    "template_list": ("", ".xxxxx", "mmmmm"),
    "template_delete": ("template", "mmmmmm", "xxxxx"),
    "item_edit": ("item", ".xxxxx", "xxxxx"),
    "item_delete": ("item", "mmmmmm", "xxxxx"),
    "item_shift": ("item naik", "mmmmmm", "xxxxx"),
    "item_move": ("item daftar-tunggu", "mmmmmm", "xxxxx"),
    "agenda": ("planned", ".xxxxx", "mmmmm"),
    "item_create": ("planned", ".xxxxx", "xxxxx"),
    "agenda_order": ("planned", "mmmmmm", "xxxxx"),
    "template_apply": ("planned", "mmmmmm", "xxxxx"),
    "template_save": ("planned", "mmmmmm", "xxxxx"),
    "item_take": ("planned waiting", "mmmmmm", "xxxxx"),
    "meeting_wall": ("planned", "..-.xx", "mmmmm"),
    "agenda_step": ("planned berikutnya", "mmmmmm", "xxxxx"),
    "taking_part": ("", ".xxxxx", "xxxxx"),
    "agency_readmit": ("left", ".xxxxx", "xxxxx"),
    "seat_withdraw": ("seat", ".xxxxx", "xxxxx"),
    "meeting_detail": ("planned", "..-.xx", "mmmmm"),
    "meeting_edit": ("planned", ".xxxxx", "xxxxx"),
    "meeting_move": ("planned mulai", "mmmmmm", "x-xxx"),
    "meeting_stop": ("planned tunda", ".xxxxx", "xxxxx"),
    "meeting_letter": ("planned", ".xxxxx", "xxxxx"),
    "invitation_answer": ("seat", "x.-xxx", ".-xxx"),
    "invitation_letter": ("seat", "..-.xx", "mmmmm"),
    "attendance": ("planned", ".xxxxx", "xxxxx"),
    "attendance_pdf": ("meeting", "..-.xx", "mmmmm"),
    "attendance_xlsx": ("meeting", "..-.xx", "mmmmm"),
    "attendance_screen": ("planned", ".xxxxx", "mmmmm"),
    "live_count": ("planned", "..-.xx", "mmmmm"),
    "check_in": ("planned 0-00000000000000000000000000000000", "..-xxx", ".-xxx"),
    "sign_late": ("written", "..-xxx", ".-xxx"),
    "attendance_desk": ("planned", ".xxxxx", "xxxxx"),
    "attendance_remove": ("line", ".xxxxx", "xxxxx"),
    "minutes_detail": ("meeting", "..-.xx", "mmmmm"),
    "minutes_open": ("planned", "mmmmmm", "xxxxx"),
    "minutes_edit": ("written", ".xxxxx", "xxxxx"),
    "minutes_publish": ("written", ".xxxxx", "xxxxx"),
    "minutes_pdf": ("meeting", "..-.xx", "mmmmm"),
    "minutes_docx": ("meeting", "..-.xx", "mmmmm"),
    "minutes_write": ("written", ".xxxxx", "mmmmm"),
    "head_save": ("written", "mmmmmm", "xxxxx"),
    "passage_save": ("written section", "mmmmmm", "xxxxx"),
    "passage_seen": ("written section", "mmmmmm", "xxxxx"),
    "minutes_history": ("written", ".xxxxx", "mmmmm"),
    "revision_restore": ("written revision", "mmmmmm", "xxxxx"),
    "minutes_file_add": ("written", ".xxxxx", "xxxxx"),
    "minutes_file_remove": ("written 1", "mmmmmm", "xxxxx"),
    "minutes_circulate": ("written", ".xxxxx", "xxxxx"),
    "minutes_object": ("written section", "x--xxx", "--xxx"),
    "objection_answer": ("written 1", "-xxxxx", "xxxxx"),
    "minutes_sign": ("written", ".xxxxx", "xxxxx"),
    "minutes_return": ("written", ".xxxxx", "xxxxx"),
    "addendum_create": ("meeting", ".xxxxx", "xxxxx"),
    "addendum_edit": ("meeting addendum", ".xxxxx", "xxxxx"),
    "addendum_sign": ("meeting addendum", ".xxxxx", "xxxxx"),
    "addendum_publish": ("meeting addendum", "mmmmmm", "xxxxx"),
    "verify_file": ("", "......", "....."),
    "verify": ("x", "------", "mmmmm"),
    "directive_create": ("written", ".xxxxx", "xxxxx"),
    "directive_list": ("", ".....x", "mmmmm"),
    "directive_new": ("", ".xxxxx", "xxxxx"),
    "stage_due_dates": ("", ".xxxxx", "mmmmm"),
    "stage_due_apply": ("1", "mmmmmm", "xxxxx"),
    "directive_detail": ("directive", "..-.-x", "mmmmm"),
    "directive_edit": ("directive", ".xxxxx", "xxxxx"),
    "directive_cancel": ("directive", ".x-x-x", "x-x-x"),
    "obligation_list": ("", ".....x", "mmmmm"),
    "view_create": ("", "mmmmmm", "....x"),
    "view_edit": ("view", ".----x", "----x"),
    "view_delete": ("view", "mmmmmm", "----x"),
    "obligation_detail": ("obligation", "..-.-x", "mmmmm"),
    "obligation_acknowledge": ("obligation", "mmmmmm", ".-x-x"),
    "obligation_report": ("obligation", "mmmmmm", ".-x-x"),
    "obligation_verify": ("obligation", "mmmmmm", "x-xxx"),
    "obligation_delegate": ("obligation", "x.-xxx", ".-xxx"),
    "extension_ask": ("obligation", "mmmmmm", ".-x-x"),
    "extension_decide": ("obligation", "mmmmmm", "x-xxx"),
    "due_set": ("obligation", "mmmmmm", "x-xxx"),
    "wait_begin": ("obligation", "mmmmmm", ".-x-x"),
    "wait_end": ("obligation", "mmmmmm", ".-x-x"),
    "unfeasible_declare": ("obligation", "mmmmmm", ".-x-x"),
    "unfeasible_decide": ("obligation", "mmmmmm", "x-xxx"),
    "ladder_list": ("", "xxxxx.", "mmmmm"),
    "rung_create": ("", "xxxxx.", "xxxx."),
    "rung_edit": ("rung", "xxxxx.", "xxxx."),
    "rung_switch": ("rung", "mmmmmm", "xxxx."),
    "obligation_chain": ("obligation", "..-.-x", "mmmmm"),
    "obligation_comments": ("obligation", "..-.-x", ".-x-x"),
    "comment_strike": ("comment", "mmmmmm", ".-xxx"),
    "follow": ("noun obligation", "mmmmmm", ".-.--"),
    "score_table": ("", ".....x", "mmmmm"),
    "series_obligations": ("series", "..-.-x", "mmmmm"),
    "agenda_drop": ("planned obligation", "-xxxxx", "xxxxx"),
    "lesson_list": ("", "....xx", "mmmmm"),
    "lesson_detail": ("lesson", "..-.xx", ".-xxx"),
    "lesson_take": ("lesson planned", "mmmmmm", "xxxxx"),
    "lesson_create": ("meeting", "..-xxx", ".-xxx"),
}
SIGNS = {200: ".", 302: ".", 403: "x", 404: "-", 405: "m"}


@pytest.fixture
def places(people, coordinator, liaison_kpu):
    """By name of a placeholder: the id that stands for it."""
    published = make_published(coordinator, "kpu-kalsel")
    meeting, obligation = published.meeting, published.meeting.directives.get().obligations.get()
    series = make_series(coordinator)
    planned = make_scheduled(coordinator, "kpu-kalsel", series=series)
    item = make_item(planned, coordinator)
    waiting = make_item(series, coordinator)
    written = make_minutes(coordinator, "kpu-kalsel", title="Kedua")
    template = agenda_templates.save_template(planned, by=coordinator, at=NOW, name="Contoh")
    comment = comments.write_comment(
        obligation, by=coordinator, at=NOW, body="Kapan?", is_internal=False
    )
    lesson = lessons.raise_lesson(
        meeting,
        by=coordinator,
        at=NOW,
        kind="masalah",
        title="Listrik",
        text="Padam.",
        owner_agency=agencies("kpu-kalsel")[0],
    )
    view = saved_views.save_view(
        by=coordinator, at=NOW, name="Saya", query="", is_shared=False, is_default=False
    )
    addendum = minutes_actions.draft_addendum(
        published, by=coordinator, at=NOW, text="Yang benar.", reason="Terlewat."
    )
    # Of another agency than those that the rows above speak to.
    left = withdrawals.withdraw_agency(
        meeting.operation,
        agencies("dprd-kalsel")[0],
        by=coordinator,
        at=NOW,
        reason="Masa reses.",
    )
    section = written.sections.order_by("position").last()
    return {
        "meeting": meeting.pk,
        "planned": planned.pk,
        "written": written.meeting_id,
        "section": section.pk,
        "revision": section.revisions.first().pk,
        "series": series.pk,
        "item": item.pk,
        "waiting": waiting.pk,
        "template": template.pk,
        "left": left.pk,
        "seat": planned.invitations.get().pk,
        "line": written.meeting.attendance.first().pk,
        "directive": obligation.directive_id,
        "obligation": obligation.pk,
        "comment": comment.pk,
        "lesson": lesson.pk,
        "view": view.pk,
        "addendum": addendum.pk,
        "rung": LadderRung.objects.first().pk,
        "noun": "obligation",
    }


def address_of(name, places):
    words = ADDRESSES[name][0].split()
    return url(name, *[places.get(word, word) for word in words])


def test_every_address_of_this_app_is_in_the_table():
    assert [pattern.name for pattern in urlpatterns if pattern.name not in ADDRESSES] == []
    assert {pattern.name for pattern in urlpatterns} == set(ADDRESSES)


@pytest.mark.parametrize("place", range(len(OFFICES)), ids=OFFICES)
def test_who_opens_which_page(client, sign_in, people, places, place):
    sign_in(client, people[OFFICES[place]])
    expected = {name: row[1][place] for name, row in ADDRESSES.items()}

    found = {name: SIGNS[client.get(address_of(name, places)).status_code] for name in ADDRESSES}

    assert found == expected


@pytest.mark.parametrize("place", range(1, len(OFFICES)), ids=OFFICES[1:])
def test_who_sends_what_and_nothing_is_written_by_an_empty_form(
    client, sign_in, people, places, place
):
    actor = people[OFFICES[place]]
    sign_in(client, actor)
    before = Entry.objects.count()
    expected = {name: row[2][place - 1] for name, row in ADDRESSES.items()}

    found = {name: SIGNS[client.post(address_of(name, places)).status_code] for name in ADDRESSES}

    assert found == expected
    written = Entry.objects.order_by("pk")[before:].values_list("verb", flat=True)
    # Two deeds are a button alone.
    alone = {
        "admin": ["ladder.switch"],
        "liaison.kpu": ["following.end"],
        "auditor": ["following.end"],
    }
    assert list(written) == alone.get(OFFICES[place], [])


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(START + timedelta(days=1, hours=1), tick=False):
        yield


# Authorised on one record, and sent against another.


def test_a_part_of_another_record_is_not_there(
    client, sign_in, people, places, coordinator, liaison_kpu
):
    """The host may write all of these: still each part is reached through its own record only."""
    other = make_minutes(coordinator, "kpu-kalsel", title="Lain")
    section = other.sections.last()
    section_before = (section.version, section.body)
    published = make_published(coordinator, "bawaslu-kalsel", title="Terbit lain")
    addendum = minutes_actions.draft_addendum(
        published, by=coordinator, at=NOW, text="Benar.", reason="Lupa."
    )
    foreign = published.meeting.directives.get().obligations.get()
    loose = make_item(make_series(coordinator, title="Seri lain"), coordinator)
    far = make_item(make_meeting(coordinator, title="Rakor lain"), coordinator)
    sign_in(client, coordinator)
    written, planned, meeting = places["written"], places["planned"], places["meeting"]
    for name, args in (
        ("passage_save", (written, section.pk)),
        ("passage_seen", (written, section.pk)),
        ("revision_restore", (written, section.revisions.first().pk)),
        ("addendum_edit", (meeting, addendum.pk)),
        ("addendum_sign", (meeting, addendum.pk)),
        ("addendum_publish", (meeting, addendum.pk)),
        ("agenda_drop", (planned, foreign.pk)),
    ):
        data = {"base": "1", "body": "Diubah.", "reason": "x", "text": "x", "version": "1"}
        assert client.post(url(name, *args), data).status_code == 404, name
    for name, args in (("item_take", (planned, loose.pk)), ("item_take", (planned, far.pk))):
        client.post(url(name, *args))
    order = list(AgendaItem.objects.filter(meeting=planned).values_list("pk", flat=True))
    client.post(url("agenda_order", planned), {"order": ",".join(map(str, [far.pk, *order]))})
    answer = client.post(
        f"/api/v1/minutes/{places_minutes(written)}/section/",
        {"section": section.pk, "base_version": 1, "body": "Diubah."},
        content_type="application/json",
    )
    assert answer.status_code == 404

    section.refresh_from_db()
    addendum.refresh_from_db()
    assert (section.version, section.body) == section_before
    assert (addendum.state, addendum.text) == ("draft", "Benar.")
    loose.refresh_from_db()
    far.refresh_from_db()
    assert loose.meeting_id is None and far.meeting_id != planned
    assert list(AgendaItem.objects.filter(meeting=planned).values_list("pk", flat=True)) == order


def places_minutes(meeting_id):
    return Minutes.objects.get(meeting=meeting_id).pk
