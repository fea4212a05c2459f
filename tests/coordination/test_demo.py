from django.db.models import Count

from coordination.enums import Recipient
from coordination.models import Directive, Meeting, Minutes, Obligation, Reminder
from coordination.queries import quorum, recipients
from coordination.queries.agenda import agenda_sum
from portal.home.demo import chain, coordination, planning, seats
from portal.home.demo import people as offices


def test_the_demo_tells_its_story_once(db):
    people = offices.load()
    coordination.load(people)
    coordination.load(people)

    june = Meeting.objects.get(title__startswith="Rakor lintas sektoral")
    assert (june.place, june.state, june.illustrative) == (
        "Galaxy Hotel, Banjarmasin",
        "published",
        False,
    )
    assert june.attendance.count() == 9
    governor = june.attendance.get(status="diwakili")
    assert (governor.invited_office, governor.attendee_name) == (
        "Gubernur Kalimantan Selatan",
        "Roy Rizali Anwar",
    )
    assert [row.title for row in Directive.objects.filter(meeting=june).order_by("pk")] == [
        "Komunikasi efektif dan efisien antarinstansi",
        "Deteksi dini dan pencegahan",
        "Profesionalisme dan integritas",
        "Pelatihan dan kesiapan personel",
    ]
    states = dict(Obligation.objects.values_list("state").annotate(Count("pk")))
    assert states == {
        "open": 10,
        "acknowledged": 4,
        "in_progress": 7,
        "blocked": 2,
        "awaiting_verification": 2,
        "done": 11,
    }
    assert set(Reminder.objects.values_list("rung", flat=True)) == {
        "meeting_tomorrow",
        "unacknowledged",
        "due_tomorrow",
        "overdue",
        "waiting",
    }
    assert Minutes.objects.filter(state="draft").count() == 1
    assert Meeting.objects.filter(state="scheduled").count() == 1


def test_the_demo_has_a_rakor_of_this_morning_and_a_draft(db):
    people = offices.load()
    seats.load(people)
    seats.load(people)

    today = Meeting.objects.get(title=seats.TODAY)
    count = quorum(today)
    assert (count.seats, count.present, count.heads, count.needed) == (6, 3, 3, 4)
    assert sorted(today.attendance.values_list("method", flat=True)) == ["meja", "qr", "qr"]
    assert (today.place, today.calendar_sequence) == (seats.PLACE, 1)
    draft = Meeting.objects.get(title=seats.DRAFT)
    assert (draft.state, draft.letter.copies) == ("draft", list(seats.COPIES))
    assert Meeting.objects.filter(illustrative=False).count() == 0


def test_every_rung_of_the_demo_has_its_own_recipient(db):
    """Duty desk, liaison and head of each agency: no rung falls back to another office."""
    people = offices.load()
    coordination.load(people)
    rows = list(Obligation.objects.select_related("agency", "directive"))
    at = coordination.when("2024-11-20T08:00")
    held = recipients.offices(rows, at)

    fallen = {
        (row.agency.slug, wanted)
        for row in rows
        for wanted in Recipient.values
        if wanted != Recipient.NOBODY and held.told(wanted, row).recipient != wanted
    }

    assert fallen == set()
    assert {row.agency.slug for row in rows} == {
        coordination.agency(name).slug for name in coordination.words.ALL
    }


def test_the_minutes_of_what_is_to_come_fit_and_begin_with_its_own_items(db):
    people = offices.load()
    for told in (coordination, chain, planning):
        told.load(people)

    coming = Meeting.objects.filter(state__in=["draft", "scheduled"])
    assert coming.count() == 3
    assert {row.title: agenda_sum(row)["over"] for row in coming} == {
        row.title: 0 for row in coming
    }
    first = [row.agenda.order_by("position").first() for row in coming]
    assert [item.title for item in first if item.obligation_id] == []
