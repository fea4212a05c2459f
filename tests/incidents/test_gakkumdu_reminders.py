"""Before time lapses who holds the case is warned, once; what lapsed is told to the desk, once."""

from datetime import timedelta

import pytest
from django.utils import translation

from incidents.actions.gakkumdu import close_case, extend_step, finish_step
from incidents.actions.gakkumdu_notices import remind_cases
from incidents.enums.gakkumdu import Outcome, StepCode
from incidents.tasks import remind_cases as task
from portal.notifications.emails import text_of
from portal.notifications.models import Notification
from tests.factories.gakkumdu import open_case, walk, wita

HOUR = timedelta(hours=1)
STUDY_ENDS = wita(11, 8, 0)


@pytest.fixture(autouse=True)
def desk(people):
    return [people[f"gakkumdu.{seat}"] for seat in ("bawaslu", "polda", "kejati")]


def told(kind: str) -> set[str]:
    rows = Notification.objects.filter(kind=kind, cancelled_at__isnull=True)
    return set(rows.values_list("post__slug", flat=True))


def test_the_whole_desk_learns_of_a_new_case(liaison_bawaslu):
    open_case(liaison_bawaslu)

    assert told("gakkumdu_opened") == {f"gakkumdu-{who}" for who in ("bawaslu", "polda", "kejati")}


def test_the_holder_is_warned_once_in_good_time(liaison_bawaslu):
    open_case(liaison_bawaslu)

    assert remind_cases(at=STUDY_ENDS - 24 * HOUR - timedelta(seconds=1)) == 0
    assert remind_cases(at=STUDY_ENDS - 24 * HOUR) == 1
    assert remind_cases(at=STUDY_ENDS - 23 * HOUR) == 0
    assert told("gakkumdu_soon") == {"gakkumdu-bawaslu"}
    assert told("gakkumdu_lapsed") == set()


def test_a_lapse_is_told_to_the_desk_once(liaison_bawaslu):
    open_case(liaison_bawaslu)

    assert [remind_cases(at=STUDY_ENDS + n * HOUR) for n in range(3)] == [1, 0, 0]
    assert told("gakkumdu_lapsed") == {f"gakkumdu-{who}" for who in ("bawaslu", "polda", "kejati")}


def test_the_next_step_stops_the_warning_and_tells_its_holder(people, liaison_bawaslu):
    case = open_case(liaison_bawaslu)
    remind_cases(at=STUDY_ENDS - HOUR)

    case = walk(case, people, until=StepCode.INVESTIGATION)

    assert told("gakkumdu_soon") == set()
    assert told("gakkumdu_passed") == {"gakkumdu-bawaslu", "gakkumdu-polda"}


def test_an_extension_is_warned_of_anew(people, liaison_bawaslu):
    case = open_case(liaison_bawaslu)
    at = STUDY_ENDS - HOUR
    remind_cases(at=at)
    extend_step(case, StepCode.STUDY, reason="Saksi.", by=people["gakkumdu.bawaslu"], at=at)

    assert remind_cases(at=at) == 0
    assert remind_cases(at=STUDY_ENDS + 24 * HOUR) == 1


def test_a_closed_case_is_silent(people, liaison_bawaslu):
    case = open_case(liaison_bawaslu)
    close_case(case, Outcome.NOT_A_CRIME, reason="x", by=people["gakkumdu.bawaslu"], at=wita(11, 5))

    assert remind_cases(at=STUDY_ENDS + HOUR) == 0


def test_the_words_say_what_lapses_and_nothing_of_the_case(people, liaison_bawaslu):
    open_case(liaison_bawaslu)
    remind_cases(at=STUDY_ENDS)
    row = Notification.objects.filter(kind="gakkumdu_lapsed").first()

    text = text_of(row, clearance=2)
    assert text.subject == "Batas waktu perkara GK-2024-0001 lewat: Kajian dan tindak lanjut"
    assert "Kamis, 7 November 2024, 24.00 WITA" in text.body
    assert "Laporan tidak dapat lagi ditindaklanjuti." in text.body
    assert "amplop" not in text.body.lower()
    with translation.override("en"):
        english = text_of(row, clearance=2)
    assert english.subject == "Time of case GK-2024-0001 is over: Study and follow-up"
    assert "The report can no longer be followed up." in english.body


def test_the_task_runs_twice_without_telling_twice(liaison_bawaslu, demo_clock):
    open_case(liaison_bawaslu)
    demo_clock(STUDY_ENDS + HOUR)

    task()
    task()

    assert Notification.objects.filter(kind="gakkumdu_lapsed").count() == 3


def test_a_day_of_the_clock_runs_from_the_hour_for_once_24_hours(people, liaison_bawaslu):
    case = walk(open_case(liaison_bawaslu), people, until=StepCode.FORWARD)

    assert remind_cases(at=wita(11, 7, 8, 59)) == 0
    assert remind_cases(at=wita(11, 7, 9)) == 1
    finish_step(
        case,
        StepCode.FORWARD,
        happened_at=wita(11, 7, 10),
        by=people["gakkumdu.bawaslu"],
        at=wita(11, 7, 10),
    )
    assert told("gakkumdu_soon") == set()
