"""Directives, due times, ladders, comments and lessons by the API as on the pages."""

from datetime import timedelta

import pytest
import time_machine

from coordination.actions import comments, lessons
from coordination.actions.directives import Due, Share
from coordination.models import Directive, LadderRung, Obligation
from portal.audit.models import Entry
from portal.notifications.models import Notification
from portal.registry.models import Stage
from tests.api_twins import Twin
from tests.factories.coordination import (
    NOW,
    START,
    agencies,
    make_alone,
    make_meeting,
    make_minutes,
    make_obligation,
    make_published,
)

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(START + timedelta(hours=4), tick=False):
        yield


@pytest.fixture
def api(client, sign_in):
    return Twin(client, sign_in)


def test_a_directive_of_a_passage_is_drafted_changed_and_taken_back(
    api, coordinator, liaison_kpu, liaison_dprd
):
    draft = make_minutes(coordinator, "kpu-kalsel")
    section = draft.sections.order_by("position").last()
    body = {
        "meeting": draft.meeting_id,
        "section": section.pk,
        "title": "Kawal logistik",
        "text": "Kawal sampai TPS.",
        "due_at": (START + 7 * DAY).isoformat(),
        "shares": [{"agency": "kpu-kalsel", "is_lead": True}],
    }
    assert api(liaison_kpu).status("directives/draft/", body) == 403
    api(coordinator)
    other = make_minutes(coordinator, "kpu-kalsel", title="Lain").sections.last()
    strange = api.send("directives/draft/", body | {"section": other.pk})
    assert (strange.status_code, strange.json()["errors"][0]["field"]) == (422, "section")
    told = api.once("directive.draft", "directives/draft/", body)
    assert (told["section"], told["agenda_item"]) == (section.pk, section.agenda_item_id)
    path = f"directives/{told['id']}/"
    assert api(liaison_kpu).status(path, {"title": "x"}, "patch") == 403
    assert api.get(path).status_code == 404
    api(coordinator)
    assert api.status(path, {"title": "x"}, "patch", **{"If-Match": '"9"'}) == 412
    changed = api.once("directive.edit", path, {"title": "Jaga logistik"}, "patch")
    assert (changed["title"], changed["agencies"]) == ("Jaga logistik", ["kpu-kalsel"])
    assert changed["default_due_at"] == told["default_due_at"]
    assert api.status(path, {"shares": []}, "patch") == 422
    assert api.status(f"{path}cancel/") == 422
    api.once("directive.cancel", f"{path}cancel/", {"reason": "Sudah diatur"})
    assert Directive.objects.get().state == "cancelled"
    assert api.status(path, {"title": "x"}, "patch") == 409
    issued = make_alone(coordinator, "kpu-kalsel", due_at=START + 9 * DAY)
    assert api(liaison_kpu).status(f"directives/{issued.pk}/cancel/", {"reason": "x"}) == 403
    assert api(liaison_dprd).status(f"directives/{issued.pk}/cancel/", {"reason": "x"}) == 404


def test_due_times_follow_a_stage_as_previewed(api, coordinator, liaison_kpu):
    stage = Stage.objects.filter(starts_at__gt=NOW + 60 * DAY).order_by("starts_at").first()
    due = Due(kind="tahapan", stage=stage, offset=-2)
    make_alone(coordinator, due=due, shares=[Share(agencies("kpu-kalsel")[0])])
    before = Obligation.objects.get().due_at
    assert api(liaison_kpu).get("stage-due-dates/").status_code == 403
    api(coordinator)
    assert api.get("stage-due-dates/").json() == []
    asked = {"stage": stage.pk, "starts_at": (stage.starts_at + DAY).isoformat()}
    supposed = api.get("stage-due-dates/supposed/", **asked).json()
    assert (len(supposed["moves"]), supposed["staying"]) == (1, [])
    Stage.objects.filter(pk=stage.pk).update(
        starts_at=stage.starts_at + DAY, ends_at=stage.ends_at + DAY
    )
    [found] = api.get("stage-due-dates/").json()
    path = f"stage-due-dates/{stage.pk}/apply/"
    assert api(liaison_kpu).status(path, {"digest": found["digest"]}) == 403
    api(coordinator)
    assert api.status(path, {"digest": "lain"}) == 409
    assert api.once("obligation.due_moved", path, {"digest": found["digest"]}) == {"moved": 1}
    assert Obligation.objects.get().due_at == before + DAY


def test_rungs_are_added_set_anew_and_switched(api, admin, coordinator):
    body = {"priority": "biasa", "occasion": "overdue", "after": 77, "recipient": "piket"}
    body["occasion"] = LadderRung.objects.exclude(occasion="due_soon").first().occasion
    highest = LadderRung.objects.filter(priority="biasa", occasion=body["occasion"]).last()
    body |= {"after": highest.after + 60, "recipient": highest.recipient}
    assert api(coordinator).status("ladder-rungs/", body) == 403
    api(admin)
    made = api.once("ladder.add", "ladder-rungs/", body)
    assert api.status("ladder-rungs/", body) == 422
    path = f"ladder-rungs/{made['id']}/"
    assert api.status(path, {"after": made["after"] + 60}, "patch", **{"If-Match": '"9"'}) == 412
    moved = api.once("ladder.change", path, {"after": made["after"] + 60}, "patch")
    assert (moved["after"], moved["id"] != made["id"]) == (made["after"] + 60, True)
    assert LadderRung.objects.get(pk=made["id"]).is_active is False
    assert api.status(path, {"after": 1}, "patch") == 409
    path = f"ladder-rungs/{moved['id']}/switch/"
    assert api.status(path, {"is_active": False, "version": 9}) == 409
    api.once("ladder.switch", path, {"is_active": False})
    assert LadderRung.objects.get(pk=moved["id"]).is_active is False


def test_a_comment_is_struck_and_a_lesson_taken(api, coordinator, liaison_kpu, liaison_dprd):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    comment = comments.write_comment(
        obligation, by=liaison_kpu, at=NOW, body="Kapan?", is_internal=False
    )
    body = {"comment": comment.pk, "reason": "Keliru"}
    path = f"obligations/{obligation.pk}/strike-comment/"
    assert api(coordinator).status(path, body) == 409
    assert api(liaison_dprd).status(path, body) == 404
    struck = api(liaison_kpu).once("comment.strike", path, body)
    assert struck["strike_reason"] == "Keliru"

    lesson = lessons.raise_lesson(
        obligation.directive.meeting,
        by=coordinator,
        at=NOW,
        kind="masalah",
        title="Listrik",
        text="Padam.",
        owner_agency=agencies("kpu-kalsel")[0],
    )
    coming = make_meeting(
        coordinator, "kpu-kalsel", starts_at=START + 9 * DAY, ends_at=START + 10 * DAY
    )
    path, body = f"lessons/{lesson.pk}/take/", {"meeting": coming.pk}
    assert api(liaison_kpu).status(path, body) == 403
    api(coordinator)
    held = {"meeting": obligation.directive.meeting_id}
    assert api.status(path, held) == 409
    taken = api.once("meeting.take_lesson", path, body)
    assert (taken["meeting"], taken["lesson"]) == (coming.pk, lesson.pk)


def test_an_entry_of_the_inbox_is_read_once(api, coordinator, liaison_kpu, liaison_dprd):
    make_published(coordinator, "kpu-kalsel")
    entry = Notification.objects.filter(post=liaison_kpu.post_id, read_at=None).first()
    path = f"notifications/{entry.pk}/read/"
    assert api(liaison_dprd).status(path) == 404
    key = {"Idempotency-Key": "baca"}
    first, again = (api(liaison_kpu).send(path, **key) for _time in range(2))
    assert (first.json()["unread"], again.content) == (False, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert Entry.objects.filter(verb="notification.read").count() == 0
