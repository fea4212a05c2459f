import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.actions.attendance import Seat, record_attendance
from coordination.models import Meeting
from coordination.queries import Quorum, quorum
from tests.factories.coordination import NINE, START, agencies, make_meeting, make_scheduled


@pytest.mark.parametrize(
    ("seats", "percent", "needed"),
    [
        (0, 50, 1),
        (1, 50, 1),
        (2, 50, 2),
        (8, 50, 5),
        (9, 50, 5),
        (9, 100, 9),
        (9, 1, 1),
        (3, 66, 2),
    ],
)
def test_needed_is_the_smallest_number_above_the_share(db, coordinator, seats, percent, needed):
    if seats:
        meeting = make_scheduled(coordinator, *NINE[:seats], quorum_percent=percent)
    else:
        meeting = make_meeting(coordinator, quorum_percent=percent)
    count = quorum(meeting)
    assert (count.seats, count.needed, count.reached) == (seats, needed, False)


def test_seats_count_and_not_heads(coordinator):
    meeting = make_scheduled(coordinator, *NINE[:3])
    polda, korem, kpu = agencies(*NINE[:3])
    rows = [Seat(polda, office, "hadir") for office in ("Karo Ops", "Dirintel", "Kabag")]
    rows += [Seat(korem, "Danrem", "diwakili", "", "Kasrem"), Seat(kpu, "Ketua", "tidak_hadir")]
    record_attendance(meeting, rows, by=coordinator, at=START)
    assert quorum(meeting) == Quorum(seats=3, present=1, heads=4, needed=2, percent=50)


def test_a_seat_whose_letter_is_not_out_is_not_asked_for(coordinator):
    draft = make_meeting(coordinator, *NINE[:3])
    assert quorum(draft).seats == 0


def test_a_share_above_all_is_refused_by_the_database(coordinator):
    meeting = make_meeting(coordinator)
    for percent in (0, 101):
        with pytest.raises(IntegrityError), transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(quorum_percent=percent)


# The whole list is written anew each time, so one meeting serves all examples.
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(
        st.tuples(
            st.integers(0, 4),
            st.sampled_from(["hadir", "diwakili", "tidak_hadir"]),
            st.booleans(),
        ),
        max_size=8,
    )
)
def test_any_list_counts_each_seat_at_most_once(rakor, coordinator, lines):
    invited = agencies(*NINE[:3])
    everybody = agencies(*NINE[:5])
    rows = [
        Seat(everybody[place], "Pimpinan", status, attendee_office="Wakil", may_commit=commits)
        for place, status, commits in lines
    ]
    record_attendance(rakor, rows, by=coordinator, at=START)
    there = {
        everybody[place].pk
        for place, status, commits in lines
        if status == "hadir" or (status == "diwakili" and commits)
    }
    count = quorum(rakor)
    assert count.present == len(there & {agency.pk for agency in invited})
    assert count.heads == sum(status != "tidak_hadir" for _p, status, _c in lines)
    assert count.reached == (count.present > len(invited) * 50 / 100)
    seated = rakor.attendance.exclude(invitation=None).values_list("agency_id", flat=True)
    assert len(seated) == len(set(seated)) <= len(invited)


@pytest.fixture
def rakor(coordinator):
    return make_scheduled(coordinator, *NINE[:3])


def test_counting_costs_two_queries(rakor, django_assert_num_queries):
    fresh = Meeting.objects.get(pk=rakor.pk)
    with django_assert_num_queries(2):
        quorum(fresh)
