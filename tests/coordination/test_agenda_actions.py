from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.actions import agenda, agenda_order, meetings, running_order
from coordination.actions.running_order import items_of
from coordination.models import AgendaItem
from portal.access.classification import Classification
from portal.access.errors import Refused, Stale
from portal.attachments.models import Attachment
from portal.audit.models import Entry
from tests.factories.coordination import (
    NOW,
    START,
    agencies,
    make_held,
    make_item,
    make_meeting,
    make_minutes,
    make_scheduled,
    make_series,
)

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>endobj
trailer<</Root 1 0 R>>
"""


def order(owner):
    return [(item.title, item.section) for item in items_of(owner)]


def arranged(coordinator, *lines):
    """A meeting whose agenda has these (title, section)."""
    meeting = make_meeting(coordinator, agenda=[])
    for title, section in lines:
        make_item(meeting, coordinator, title, section=section)
    return meeting


def shifted(meeting, title, step, by):
    item = meeting.agenda.get(title=title)
    agenda_order.shift_item(item, by=by, at=NOW, step=step)
    return order(meeting)


def verbs(prefix):
    return list(Entry.objects.filter(verb__startswith=prefix).values_list("verb", flat=True))


def test_adding_puts_an_item_last_and_says_so_once(coordinator):
    meeting = make_meeting(coordinator)
    item = make_item(meeting, coordinator, "Lain-lain", planned_minutes=5)
    assert (item.position, item.meeting, item.series) == (3, meeting, None)
    assert verbs("agenda.") == ["agenda.add"]
    before = meeting.version
    meeting.refresh_from_db()
    assert meeting.version == before + 1


def test_only_the_host_plans_the_agenda(coordinator, liaison_kpu, commander):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    item = meeting.agenda.first()
    for actor in (liaison_kpu, commander):
        for call in (
            lambda by: agenda.add_item(meeting, by=by, at=NOW, title="x"),
            lambda by: agenda.edit_item(item, by=by, at=NOW, title="x"),
            lambda by: agenda.delete_item(item, by=by, at=NOW),
            lambda by: agenda_order.shift_item(item, by=by, at=NOW, step=1),
            lambda by: agenda_order.arrange_agenda(meeting, [], by=by, at=NOW),
        ):
            with pytest.raises(PermissionDenied):
                call(actor)
    assert verbs("agenda.") == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x", "planned_minutes": 0}, "planned_minutes"),
        ({"title": "x", "planned_minutes": 601}, "planned_minutes"),
    ],
)
def test_bad_values_are_refused_at_their_field(coordinator, values, field):
    meeting = make_meeting(coordinator)
    with pytest.raises(Refused) as refusal:
        agenda.add_item(meeting, by=coordinator, at=NOW, **values)
    assert refusal.value.field == field
    assert meeting.agenda.count() == 2


def test_a_presenting_post_brings_its_agency_and_no_other(coordinator, liaison_kpu):
    meeting = make_meeting(coordinator)
    post = AgendaItem._meta.get_field("presenter_post").related_model.objects.get(
        pk=liaison_kpu.post_id
    )
    item = make_item(meeting, coordinator, presenter_post=post)
    assert item.presenter.slug == "kpu-kalsel"
    with pytest.raises(Refused) as refusal:
        agenda.edit_item(item, by=coordinator, at=NOW, presenter=agencies("korem-101")[0])
    assert refusal.value.field == "presenter_post"


def test_editing_writes_what_differs_with_one_audit_row(coordinator):
    item = make_item(make_meeting(coordinator), coordinator, planned_minutes=10)
    same = agenda.edit_item(item, by=coordinator, at=NOW, title="Butir", planned_minutes=10)
    assert (same.version, verbs("agenda.edit")) == (item.version, [])
    edited = agenda.edit_item(item, by=coordinator, at=NOW, version=item.version, title="Baru")
    assert (edited.title, verbs("agenda.edit")) == ("Baru", ["agenda.edit"])
    with pytest.raises(Stale):
        agenda.edit_item(item, by=coordinator, at=NOW, version=item.version, title="Lama")


def test_a_closed_item_is_known_to_its_presenter_and_the_audit_keeps_its_words_out(coordinator):
    meeting = make_meeting(coordinator)
    item = make_item(
        meeting,
        coordinator,
        "Rencana rahasia",
        audience=["korem-101"],
        presenter=agencies("kpu-kalsel")[0],
    )
    assert set(item.audience.values_list("slug", flat=True)) == {"korem-101", "kpu-kalsel"}
    agenda.edit_item(item, by=coordinator, at=NOW, title="Rencana lain")
    told = " ".join(
        str([row.object_label, row.before, row.after])
        for row in Entry.objects.filter(verb__startswith="agenda.")
    )
    assert "Rencana" not in told
    opened = agenda.edit_item(item, by=coordinator, at=NOW, is_closed=False)
    assert list(opened.audience.all()) == []
    # Its words were closed until this very change.
    assert "Rencana" not in str(Entry.objects.filter(verb="agenda.edit").latest("pk").before)


def test_deleting_closes_the_gap(coordinator):
    meeting = arranged(coordinator, ("A", ""), ("B", ""), ("C", ""))
    agenda.delete_item(meeting.agenda.get(title="B"), by=coordinator, at=NOW)
    assert list(meeting.agenda.values_list("title", "position")) == [("A", 1), ("C", 2)]
    assert verbs("agenda.delete") == ["agenda.delete"]


def test_what_was_discussed_or_minuted_is_not_deleted(coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    meetings.start_meeting(meeting, by=coordinator, at=START)
    first, second = meeting.agenda.all()
    AgendaItem.objects.filter(pk=first.pk).update(started_at=START)
    with pytest.raises(Refused):
        agenda.delete_item(first, by=coordinator, at=START)
    agenda.delete_item(second, by=coordinator, at=START)
    assert [item.pk for item in meeting.agenda.all()] == [first.pk]


def test_the_agenda_of_a_rakor_that_is_over_stays(coordinator, liaison_kpu):
    meeting = make_held(coordinator, "kpu-kalsel")
    item = meeting.agenda.first()
    for call in (
        lambda: make_item(meeting, coordinator),
        lambda: agenda.edit_item(item, by=coordinator, at=NOW, title="x"),
        lambda: agenda.delete_item(item, by=coordinator, at=NOW),
        lambda: agenda_order.shift_item(item, by=coordinator, at=NOW, step=1),
    ):
        with pytest.raises(Refused):
            call()


def test_shifting_inside_a_section_swaps(coordinator):
    meeting = arranged(coordinator, ("A", "s"), ("B", "s"))
    assert shifted(meeting, "B", -1, coordinator) == [("B", "s"), ("A", "s")]
    assert shifted(meeting, "B", -1, coordinator) == [("B", "s"), ("A", "s")]
    assert verbs("agenda.order") == ["agenda.order"]


def test_shifting_over_an_edge_joins_the_next_section_first(coordinator):
    meeting = arranged(coordinator, ("A", "s"), ("B", "t"), ("C", "t"))
    assert shifted(meeting, "B", -1, coordinator) == [("A", "s"), ("B", "s"), ("C", "t")]
    assert shifted(meeting, "B", 1, coordinator) == [("A", "s"), ("B", "t"), ("C", "t")]


def test_an_item_by_itself_passes_over_a_whole_section(coordinator):
    meeting = arranged(coordinator, ("A", "s"), ("B", "s"), ("C", ""), ("D", "t"))
    assert shifted(meeting, "C", -1, coordinator)[0] == ("C", "")
    assert [title for title, _s in shifted(meeting, "C", 1, coordinator)] == ["A", "B", "C", "D"]
    assert shifted(meeting, "D", -1, coordinator) == [
        ("A", "s"),
        ("B", "s"),
        ("D", "t"),
        ("C", ""),
    ]


@pytest.mark.parametrize(
    ("titles", "moved", "expected"),
    [
        ("BAC", "B", [("B", "s"), ("A", "s"), ("C", "t")]),
        ("ACB", "B", [("A", "s"), ("C", "t"), ("B", "t")]),
        ("ACB", "C", [("A", "s"), ("C", "s"), ("B", "s")]),
        ("CAB", "C", [("C", "t"), ("A", "s"), ("B", "s")]),
    ],
)
def test_what_is_dropped_takes_the_section_around_it(coordinator, titles, moved, expected):
    meeting = arranged(coordinator, ("A", "s"), ("B", "s"), ("C", "t"))
    keys = dict(meeting.agenda.values_list("title", "pk"))
    agenda_order.arrange_agenda(
        meeting, [keys[title] for title in titles], moved=keys[moved], by=coordinator, at=NOW
    )
    assert order(meeting) == expected


def test_an_order_of_other_items_is_refused(coordinator):
    meeting, other = make_meeting(coordinator), make_meeting(coordinator)
    keys = [item.pk for item in meeting.agenda.all()]
    foreign = [item.pk for item in other.agenda.all()]
    for wrong in (keys[:1], [*keys, keys[0]], [*keys, foreign[0]], foreign, []):
        with pytest.raises(Refused):
            agenda_order.arrange_agenda(meeting, wrong, by=coordinator, at=NOW)
    assert verbs("agenda.order") == []


def test_a_section_stays_together_when_an_item_leaves_it(coordinator):
    meeting = arranged(coordinator, ("A", "s"), ("B", "s"), ("C", "s"))
    item = meeting.agenda.get(title="B")
    agenda.edit_item(item, by=coordinator, at=NOW, section="t")
    assert order(meeting) == [("A", "s"), ("C", "s"), ("B", "t")]


def test_an_agenda_has_a_last_place(coordinator, monkeypatch):
    meeting = make_meeting(coordinator)
    monkeypatch.setattr(running_order, "MOST_ITEMS", 2)
    with pytest.raises(Refused):
        make_item(meeting, coordinator)


def test_files_have_the_meetings_class_and_follow_it(coordinator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    meeting = make_meeting(coordinator, classification=Classification.BIASA)
    file = SimpleUploadedFile("paparan.pdf", PDF)
    item = agenda.add_item(meeting, by=coordinator, at=NOW, title="Paparan", files=[file])
    attachment = Attachment.objects.get()
    assert (attachment.owner, attachment.classification) == (item, Classification.BIASA)
    meetings.edit_meeting(meeting, by=coordinator, at=NOW, classification=Classification.RAHASIA)
    attachment.refresh_from_db()
    item.refresh_from_db()
    assert attachment.classification == item.classification == Classification.RAHASIA


def test_a_bad_file_leaves_no_item_behind(coordinator):
    meeting = make_meeting(coordinator)
    file = SimpleUploadedFile("virus.exe", b"MZ")
    with pytest.raises(Refused) as refusal:
        agenda.add_item(meeting, by=coordinator, at=NOW, title="Paparan", files=[file])
    assert refusal.value.field == "file"
    assert meeting.agenda.count() == 2


def test_the_form_of_the_meeting_notices_a_changed_agenda(coordinator):
    meeting = make_meeting(coordinator)
    make_item(meeting, coordinator)
    with pytest.raises(Stale):
        meetings.edit_meeting(
            meeting, by=coordinator, at=NOW, version=meeting.version, agenda=[], title="x"
        )
    assert meeting.agenda.count() == 3


def test_an_item_in_the_minutes_is_not_deleted(coordinator, liaison_kpu):
    minutes = make_minutes(coordinator, "kpu-kalsel")
    meeting = minutes.meeting
    type(meeting).objects.filter(pk=meeting.pk).update(state="in_session")
    with pytest.raises(Refused):
        agenda.delete_item(meeting.agenda.first(), by=coordinator, at=START + timedelta(hours=1))


def test_a_backlog_is_arranged_like_an_agenda(coordinator):
    series = make_series(coordinator)
    first, second = (make_item(series, coordinator, title) for title in "AB")
    agenda_order.arrange_agenda(series, [second.pk, first.pk], by=coordinator, at=NOW)
    assert [title for title, _section in order(series)] == ["B", "A"]
