"""Who gets in where by the API: for the same offices as the pages (test_access.py).

One letter per office, in the order of OFFICES: `.` let in (done, or refused for the state of the
record), `?` asked for the words that are missing (422, before any record is looked for), `x` not
for that office (403), `-` not there for it (404).
"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test.client import MULTIPART_CONTENT
from django.urls import reverse

from coordination.actions import minutes as actions
from coordination.api import ROUTES
from coordination.models import Minutes, MinutesSection
from portal.api import router
from portal.registry.models import Stage
from tests.coordination.test_access import OFFICES, _standing_clock, places
from tests.factories.coordination import START, make_minutes

__all__ = ["_standing_clock", "places"]
SIGNS = {200: ".", 201: ".", 204: ".", 409: ".", 422: "?", 403: "x", 404: "-"}
RECORDS = {
    "meeting-series": "series",
    "agenda-item": "item",
    "meeting": "planned",
    "invitation": "seat",
    "agenda-template": "template",
    "minutes": "minutes",
    "objection": "objection",
    "addendum": "addendum",
    "directive": "directive",
    "stage-due": "stage",
    "agency-withdrawal": "left",
    "ladder-rung": "rung",
    "saved-view": "view",
    "obligation": "obligation",
    "lesson": "lesson",
}
"""By view set: which of the places its addresses name."""

# view set and action: what an empty body answers to each office.
ENTRIES = {
    "meeting-series.list": "....xx",
    "meeting-series.create": "?xxxxx",
    "meeting-series.retrieve": "..-.xx",
    "meeting-series.partial_update": ".xxxxx",
    "agenda-item.list": "....xx",
    "agenda-item.create": "?xxxxx",
    "agenda-item.retrieve": "..-.xx",
    "agenda-item.partial_update": ".xxxxx",
    "agenda-item.destroy": ".xxxxx",
    "agenda-item.move": "?xxxxx",
    "meeting.list": "....xx",
    "meeting.create": "?xxxxx",
    "meeting.retrieve": "..-.xx",
    "meeting.apply_template": "?xxxxx",
    "meeting.check_in": "???xxx",
    "meeting.desk": "?xxxxx",
    "meeting.drop": "?xxxxx",
    "meeting.letter": ".xxxxx",
    "meeting.write_letter": ".xxxxx",
    "meeting.reorder": "?xxxxx",
    "meeting.save_template": "?xxxxx",
    "meeting.schedule": ".xxxxx",
    "meeting.sign_late": "???xxx",
    "meeting.step": "?xxxxx",
    "invitation.list": "....xx",
    "invitation.retrieve": "..-.xx",
    "invitation.answer": "x??xxx",
    "invitation.letter": "..-.xx",
    "invitation.withdraw": "?xxxxx",
    "agenda-template.list": ".xxxxx",
    "agenda-template.retrieve": ".xxxxx",
    "agenda-template.destroy": ".xxxxx",
    "minutes.list": "....xx",
    "minutes.retrieve": ".---xx",
    "minutes.addenda": "?xxxxx",
    "minutes.circulate": "?xxxxx",
    "minutes.objections": "x??xxx",
    "minutes.publish": ".xxxxx",
    "minutes.section": "?xxxxx",
    "minutes.signing": ".xxxxx",
    "minutes.sign": "?xxxxx",
    "minutes.take_back": "?xxxxx",
    "objection.list": "....xx",
    "objection.retrieve": "..-.xx",
    "objection.answer": "?xxxxx",
    "addendum.list": "....xx",
    "addendum.retrieve": ".---xx",
    "addendum.partial_update": "?xxxxx",
    "addendum.publish": ".xxxxx",
    "addendum.sign": ".xxxxx",
    "directive.list": ".....x",
    "directive.create": "?xxxxx",
    "directive.delegate": "x??xxx",
    "directive.retrieve": "..-.-x",
    "ladder-rung.list": "xxxxx.",
    "ladder-rung.retrieve": "xxxxx.",
    "saved-view.list": ".....x",
    "saved-view.create": "?????x",
    "saved-view.retrieve": ".----x",
    "saved-view.partial_update": ".----x",
    "saved-view.destroy": ".----x",
    "obligation.list": ".....x",
    "obligation.summary": ".....x",
    "obligation.retrieve": "..-.-x",
    "obligation.acknowledge": "x.-x-x",
    "obligation.chain": "..-.-x",
    "obligation.close": ".x-xxx",
    "obligation.comment": "???xxx",
    "obligation.comments": "..-.-x",
    "obligation.due": "???xxx",
    "obligation.extension": "x??x?x",
    "obligation.extension_decision": "???xxx",
    "obligation.reminders": "..-.-x",
    "obligation.report": "x??x?x",
    "obligation.stop_waiting": "x.-x-x",
    "obligation.unfeasible": "x??x?x",
    "obligation.unfeasible_decision": "???xxx",
    "obligation.verify": "???xxx",
    "obligation.wait": "x??x?x",
    "lesson.list": "....xx",
    "lesson.create": "???xxx",
    "lesson.retrieve": "..-.xx",
    "lesson.follow": "???xxx",
    "score.list": ".....x",
    "agency-withdrawal.list": "....xx",
    "agency-withdrawal.retrieve": "....xx",
    "agency-withdrawal.create": "?xxxxx",
    "agency-withdrawal.readmit": "?xxxxx",
    "meeting.partial_update": ".xxxxx",
    "meeting.open_session": ".xxxxx",
    "meeting.close_session": ".xxxxx",
    "meeting.postpone": "?xxxxx",
    "meeting.cancel": "?xxxxx",
    "meeting.invite": "?xxxxx",
    "meeting.attendance": "?xxxxx",
    "meeting.remove_attendance": "?xxxxx",
    "meeting.attendance_pdf": "----xx",
    "meeting.attendance_xlsx": "----xx",
    "minutes.create": "?xxxxx",
    "minutes.partial_update": ".xxxxx",
    "minutes.write_head": "?xxxxx",
    "minutes.history": ".xxxxx",
    "minutes.restore": "?xxxxx",
    "minutes.files": ".---xx",
    "minutes.add_file": "?xxxxx",
    "minutes.remove_file": "?xxxxx",
    "minutes.pdf": "----xx",
    "minutes.docx": ".---xx",
    "directive.draft": "?xxxxx",
    "directive.partial_update": ".xxxxx",
    "directive.cancel": "?????x",
    "stage-due.list": ".xxxxx",
    "stage-due.supposed": "?xxxxx",
    "stage-due.apply": "?xxxxx",
    "ladder-rung.create": "xxxxx?",
    "ladder-rung.partial_update": "xxxxx.",
    "ladder-rung.switch": "xxxxx?",
    "obligation.strike_comment": "???xxx",
    "lesson.take": "?xxxxx",
    "following.list": "......",
    "following.create": "??????",
}


@pytest.fixture
def records(places, coordinator, liaison_kpu):
    """The places, and an objection of KPU Kalsel to minutes that circulate."""
    late = START + timedelta(days=1)
    draft = make_minutes(coordinator, "kpu-kalsel", title="Beredar")
    until = late + timedelta(days=1)
    actions.circulate_minutes(draft, by=coordinator, at=late, until=until)
    MinutesSection.objects.filter(minutes=draft).update(speaking=["kpu-kalsel"])
    passage = draft.sections.select_related("minutes__meeting").last()
    objection = actions.object_to(passage, by=liaison_kpu, at=late, text="Keliru.")
    written = Minutes.objects.get(meeting=places["written"])
    stage = Stage.objects.order_by("pk").first()
    return places | {"stage": stage.pk, "minutes": written.pk, "objection": objection.pk}


def entries():
    """Name, method and pattern of everything that answers for this app."""
    own = {basename for _prefix, _view_set, basename in ROUTES}
    for pattern in router.urls:
        base = getattr(pattern.callback, "initkwargs", {}).get("basename")
        if base in own:
            for method, action in pattern.callback.actions.items():
                if method != "head":  # Django adds it to what answers GET, once it was called.
                    yield f"{base}.{action}", method, pattern


def test_every_entry_of_this_app_is_in_the_table():
    assert sorted(name for name, _method, _pattern in entries()) == sorted(ENTRIES)


@pytest.mark.parametrize("place", range(len(OFFICES)), ids=OFFICES)
def test_who_is_let_in_by_the_api(client, sign_in, people, records, place):
    sign_in(client, people[OFFICES[place]])
    found = {}
    for name, method, pattern in list(entries()):
        named = "pk" in pattern.pattern.regex.groupindex
        path = reverse(pattern.name, args=[records[RECORDS[name.split(".")[0]]]] if named else [])
        # Some deeds need no words: each entry finds the records as they were.
        with transaction.atomic():
            kind = MULTIPART_CONTENT if name == "minutes.add_file" else "application/json"
            answer = getattr(client, method)(path, content_type=kind)
            transaction.set_rollback(True)
        found[name] = SIGNS[answer.status_code]

    assert found == {name: signs[place] for name, signs in ENTRIES.items()}


def test_who_has_not_signed_in_is_let_in_nowhere(client, db):
    for name, method, pattern in list(entries()):
        named = "pk" in pattern.pattern.regex.groupindex
        path = reverse(pattern.name, args=[1] if named else [])
        answer = getattr(client, method)(path, content_type="application/json")
        assert answer.status_code == 401, name
