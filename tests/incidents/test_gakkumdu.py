"""A case along the legal clock: each step in its time, by its seat, once; what is late lapses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from incidents.actions.gakkumdu import close_case, extend_step, finish_step, return_file
from incidents.enums.gakkumdu import EntryKind, Outcome, Seat, StepCode, StepState
from incidents.models import CaseEntry
from incidents.queries.gakkumdu import case_row, clock_of, holder, outcomes
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from tests.factories.gakkumdu import OPENED, RECEIVED, WAY, open_case, walk, wita

SECOND = timedelta(seconds=1)


def states(case, at) -> dict[str, str]:
    return {step.code: step.state for step in clock_of(case, at).steps}


def test_every_step_in_its_time_reaches_the_verdict_on_appeal(people, liaison_bawaslu):
    case = walk(open_case(liaison_bawaslu), people, until="")

    at = wita(12, 14)
    reckoned = clock_of(case, at)
    assert case.step == ""
    assert reckoned.current is None
    assert reckoned.lapsed is None
    skipped = {StepCode.FILE_FIX: StepState.SKIPPED}
    assert states(case, at) == dict.fromkeys(StepCode.values, StepState.DONE) | skipped
    assert outcomes(case, reckoned) == (Outcome.CONVICTED, Outcome.ACQUITTED)

    closed = close_case(
        case, Outcome.ACQUITTED, reason="Putusan final.", by=people["gakkumdu.bawaslu"], at=at
    )
    assert (closed.outcome, closed.closed_at) == (Outcome.ACQUITTED, at)


@pytest.mark.parametrize(
    ("step", "end"),
    [
        (StepCode.STUDY, wita(11, 8, 0)),
        (StepCode.FORWARD, wita(11, 7, 15)),
        (StepCode.INVESTIGATION, wita(11, 29, 0)),  # 14 working days after Thursday the 7th
        (StepCode.FILE_STUDY, wita(11, 26, 0)),
        (StepCode.TO_COURT, wita(11, 29, 0)),  # 5 after the file came, the vote left out
        (StepCode.VERDICT, wita(12, 4, 0)),
        (StepCode.APPEAL, wita(12, 7, 0)),
        (StepCode.APPEAL_VERDICT, wita(12, 14, 0)),
    ],
)
def test_each_step_ends_when_the_law_says(people, liaison_bawaslu, step, end):
    case = walk(open_case(liaison_bawaslu), people, until=step)

    before, after = clock_of(case, end - SECOND).current, clock_of(case, end).current
    assert (before.code, before.ends_at, before.state) == (step, end, StepState.RUNNING)
    late = step in (StepCode.VERDICT, StepCode.APPEAL_VERDICT)
    assert after.state == (StepState.LATE if late else StepState.LAPSED)
    assert after.left is None


@pytest.mark.parametrize(
    ("step", "login"),
    [(step, login) for step, login, _at in WAY if step not in ("putusan", "putusan_banding")],
)
def test_what_is_late_has_lapsed_and_cannot_be_written_down(people, liaison_bawaslu, step, login):
    case = walk(open_case(liaison_bawaslu), people, until=step)
    end = clock_of(case, OPENED).current.ends_at
    by = people[login]

    with pytest.raises(Refused, match="gugur"):
        finish_step(case, step, happened_at=end, by=by, at=end + SECOND)
    done = finish_step(case, step, happened_at=end - SECOND, by=by, at=end + SECOND)
    assert clock_of(done, end + SECOND).steps[list(StepCode.values).index(step)].state == "selesai"


def test_a_late_verdict_is_written_down_as_late_and_goes_on(people, liaison_bawaslu, auditor):
    case = walk(open_case(liaison_bawaslu), people, until=StepCode.VERDICT)
    late = wita(12, 5)

    case = finish_step(
        case, StepCode.VERDICT, happened_at=late, by=people["gakkumdu.kejati"], at=late
    )

    reckoned = clock_of(case, late)
    assert case.step == StepCode.APPEAL
    assert states(case, late)[StepCode.VERDICT] == StepState.LATE
    assert (reckoned.ended, reckoned.lapsed) == (False, None)


def test_no_appeal_in_its_time_makes_the_verdict_final(people, liaison_bawaslu):
    case = walk(open_case(liaison_bawaslu), people, until=StepCode.APPEAL)
    by, end = people["gakkumdu.kejati"], wita(12, 7, 0)

    with pytest.raises(Refused, match="banding masih dapat diajukan"):
        close_case(case, Outcome.CONVICTED, reason="Selesai.", by=by, at=end - SECOND)
    closed = close_case(case, Outcome.CONVICTED, reason="Tidak ada banding.", by=by, at=end)
    assert closed.outcome == Outcome.CONVICTED


def test_lapse_is_reckoned_and_never_written_by_hand(people, liaison_bawaslu):
    case = open_case(liaison_bawaslu)
    by, end = people["gakkumdu.bawaslu"], wita(11, 8, 0)

    with pytest.raises(Refused, match="dihitung dari batas waktu"):
        close_case(case, Outcome.LAPSED, reason="Lewat.", by=by, at=end - SECOND)
    with pytest.raises(Refused, match="hasil lain tidak dapat ditulis"):
        close_case(case, Outcome.NOT_A_CRIME, reason="Bukan.", by=by, at=end)
    closed = close_case(case, Outcome.LAPSED, reason="Kajian lewat waktu.", by=by, at=end)
    assert closed.outcome == Outcome.LAPSED


def test_a_report_that_came_late_is_lapsed_from_the_start(people, liaison_bawaslu):
    case = open_case(liaison_bawaslu, received_at=wita(11, 9, 0), at=wita(11, 9, 1), late=True)

    reckoned = clock_of(case, wita(11, 9, 1))
    assert (reckoned.ended, reckoned.lapsed.code) == (True, StepCode.REPORT)
    assert (reckoned.current.state, reckoned.current.left) == (StepState.STOPPED, None)
    row = case_row(case, reckoned, Seat.SUPERVISOR)
    assert (row.holder, row.due, row.mine) == ("", "", False)
    with pytest.raises(Refused, match="tutup perkaranya"):
        finish_step(
            case,
            StepCode.STUDY,
            happened_at=wita(11, 9, 2),
            by=people["gakkumdu.bawaslu"],
            at=wita(11, 9, 2),
        )


def test_a_report_on_the_seventh_day_came_in_time(people, liaison_bawaslu):
    case = open_case(liaison_bawaslu, received_at=wita(11, 8, 23, 59), at=wita(11, 9, 1))

    assert clock_of(case, wita(11, 9, 1)).lapsed is None


def test_closing_stops_the_clock(people, liaison_bawaslu):
    case = open_case(liaison_bawaslu)
    by, at = people["gakkumdu.bawaslu"], wita(11, 5)

    closed = close_case(case, Outcome.NOT_A_CRIME, reason="Administrasi.", by=by, at=at)

    later = clock_of(closed, wita(12, 20))
    assert (later.lapsed, later.current.state) == (None, StepState.STOPPED)
    with pytest.raises(Refused, match="sudah ditutup"):
        finish_step(closed, StepCode.STUDY, happened_at=at, by=by, at=at)


def test_the_study_is_extended_once_by_two_days(people, liaison_bawaslu):
    case = open_case(liaison_bawaslu)
    by, at = people["gakkumdu.bawaslu"], wita(11, 7, 23)

    for _time in range(2):
        case = extend_step(case, StepCode.STUDY, reason="Saksi ahli.", by=by, at=at)

    assert clock_of(case, at).current.ends_at == wita(11, 10, 0)
    assert case.entries.filter(kind=EntryKind.EXTENDED).count() == 1
    assert case.entries.get(kind=EntryKind.EXTENDED).due_at == wita(11, 10, 0)


def test_no_extension_after_the_end_nor_where_the_law_gives_none(people, liaison_bawaslu):
    case, by = open_case(liaison_bawaslu), people["gakkumdu.bawaslu"]

    with pytest.raises(Refused, match="gugur"):
        extend_step(case, StepCode.STUDY, reason="Saksi.", by=by, at=wita(11, 8, 0))
    case = walk(case, people, until=StepCode.FORWARD)
    with pytest.raises(Refused, match="tidak memberi perpanjangan"):
        extend_step(case, StepCode.FORWARD, reason="Saksi.", by=by, at=wita(11, 7))


def test_a_file_is_returned_once_and_the_court_s_time_runs_anew(people, liaison_bawaslu):
    case = walk(open_case(liaison_bawaslu), people, until=StepCode.FILE_STUDY)
    prosecutor, police = people["gakkumdu.kejati"], people["gakkumdu.polda"]

    case = return_file(
        case, happened_at=wita(11, 22), reason="Ahli.", by=prosecutor, at=wita(11, 22)
    )
    assert clock_of(case, wita(11, 22)).current.code == StepCode.FILE_FIX
    assert clock_of(case, wita(11, 22)).current.ends_at == wita(11, 29, 0)
    assert holder(case) == "Penyidik Polri"

    case = finish_step(
        case, StepCode.FILE_FIX, happened_at=wita(11, 28), by=police, at=wita(11, 28)
    )
    assert case.step == StepCode.TO_COURT
    assert clock_of(case, wita(11, 28)).current.ends_at == wita(12, 6, 0)
    with pytest.raises(Refused, match="satu kali"):
        return_file(case, happened_at=wita(11, 29), reason="Lagi.", by=prosecutor, at=wita(11, 29))


def test_each_step_is_written_down_by_its_seat(people, liaison_bawaslu):
    case, at = open_case(liaison_bawaslu), wita(11, 5)

    for login in ("gakkumdu.polda", "gakkumdu.kejati"):
        with pytest.raises(Refused, match="unsur Bawaslu"):
            finish_step(case, StepCode.STUDY, happened_at=at, by=people[login], at=at)
    with pytest.raises(Refused, match="unsur Bawaslu"):
        close_case(case, Outcome.NOT_A_CRIME, reason="x", by=people["gakkumdu.polda"], at=at)


def test_writing_a_step_down_twice_changes_nothing(people, liaison_bawaslu):
    case, at, by = open_case(liaison_bawaslu), wita(11, 5), people["gakkumdu.bawaslu"]

    first = finish_step(case, StepCode.STUDY, happened_at=at, by=by, at=at)
    again = finish_step(case, StepCode.STUDY, happened_at=at, by=by, at=wita(11, 6))

    assert first.version == again.version
    assert Entry.objects.filter(verb="gakkumdu.done").count() == 1


@pytest.mark.parametrize(
    ("happened_at", "words"),
    [(RECEIVED - SECOND, "baru berjalan sejak"), (wita(11, 6), "masa depan")],
)
def test_a_step_is_done_between_its_start_and_now(people, liaison_bawaslu, happened_at, words):
    case, by = open_case(liaison_bawaslu), people["gakkumdu.bawaslu"]
    with pytest.raises(Refused, match=words):
        finish_step(case, StepCode.STUDY, happened_at=happened_at, by=by, at=wita(11, 5))


def test_a_stale_view_is_refused(people, liaison_bawaslu):
    case, at, by = open_case(liaison_bawaslu), wita(11, 5), people["gakkumdu.bawaslu"]
    extend_step(case, StepCode.STUDY, reason="Saksi.", by=by, at=at)

    with pytest.raises(Stale):
        finish_step(case, StepCode.STUDY, happened_at=at, by=by, at=at, version=case.version)


def test_history_and_opening_are_kept_by_the_database(people, liaison_bawaslu):
    case = open_case(liaison_bawaslu)
    entry = CaseEntry.objects.filter(case=case).first()
    statements = (
        ("UPDATE incidents_caseentry SET text = 'x' WHERE id = %s", entry.pk),
        ("DELETE FROM incidents_caseentry WHERE id = %s", entry.pk),
        ("UPDATE incidents_gakkumducase SET received_at = now() WHERE id = %s", case.pk),
        ("DELETE FROM incidents_gakkumducase WHERE id = %s", case.pk),
    )
    for statement, pk in statements:
        with (
            pytest.raises(IntegrityError, match="added to|is fixed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [pk])
