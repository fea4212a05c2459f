from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from coordination.actions import obligations as actions
from coordination.actions.directives import Due, Share
from coordination.actions.due_dates import move_due_dates
from coordination.models import Obligation
from coordination.queries.due import stage_moves, stage_moves_if
from portal import clock
from portal.access.errors import Refused
from portal.audit.models import Entry
from portal.notifications.models import Notification
from portal.registry.models import Stage
from tests.coordination.pages import url
from tests.factories.coordination import NOW, agencies, make_alone, units

DAY = timedelta(days=1)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def stage(db):
    return Stage.objects.filter(starts_at__gt=NOW + 60 * DAY).order_by("starts_at").first()


@pytest.fixture
def rows(coordinator, people, stage):
    """Five shares that follow the stage, one of them with a due time of its own."""
    for login in ("liaison.kpu", "liaison.bawaslu", "liaison.korem", "kodim.1006"):
        people[login]
    korem, kpu, bawaslu, dprd = agencies("korem-101", "kpu-kalsel", "bawaslu-kalsel", "dprd-kalsel")
    (kodim,) = units("kodim-1006")
    shares = [
        Share(kpu),
        Share(bawaslu),
        Share(korem, unit=kodim),
        Share(korem),
        Share(dprd, NOW + 9 * DAY),
    ]
    due = Due(kind="tahapan", stage=stage, offset=-2)
    make_alone(coordinator, due=due, shares=shares)
    return {row.doer: row for row in Obligation.objects.select_related("agency", "unit")}


def due_on(stage, offset=-2):
    day = clock.local(stage.starts_at).date() + timedelta(days=offset)
    return datetime(day.year, day.month, day.day, 16, tzinfo=clock.WITA)


def shift(stage, by):
    stage.starts_at += by
    stage.ends_at += by
    stage.save()


def test_due_times_follow_the_beginning_of_the_stage(rows, stage):
    assert rows["KPU Kalsel"].due_at == due_on(stage)
    assert rows["DPRD Kalsel"].due_at == NOW + 9 * DAY


def test_nothing_moves_while_the_stage_stands(rows, coordinator):
    assert stage_moves(coordinator, LATER) == []


def test_the_result_is_exactly_the_preview(rows, stage, coordinator, people):
    kpu, bawaslu = people["liaison.kpu"], people["liaison.bawaslu"]
    actions.submit_obligation(rows["Bawaslu Kalsel"], by=bawaslu, at=LATER, note="Selesai.")
    actions.verify_and_close(rows["Bawaslu Kalsel"], by=coordinator, at=LATER)
    # Three days with the issuer stay added.
    actions.submit_obligation(rows["KPU Kalsel"], by=kpu, at=LATER, note="Selesai.")
    actions.return_obligation(rows["KPU Kalsel"], by=coordinator, at=LATER + 3 * DAY, note="Lagi.")
    before = due_on(stage)
    shift(stage, 7 * DAY)

    (preview,) = stage_moves(coordinator, LATER)
    shown = {move.obligation.doer: (move.due_before, move.due_after) for move in preview.moves}
    assert shown == {
        "KPU Kalsel": (before + 3 * DAY, due_on(stage) + 3 * DAY),
        "Korem 101": (before, due_on(stage)),
        "Kodim 1006": (before, due_on(stage)),
    }
    moved = move_due_dates(stage, by=coordinator, at=LATER, digest=preview.digest)

    after = {row.doer: row.due_at for row in Obligation.objects.select_related("agency", "unit")}
    assert moved == 3
    assert after == {
        "KPU Kalsel": due_on(stage) + 3 * DAY,
        "Korem 101": due_on(stage),
        "Kodim 1006": due_on(stage),
        "Bawaslu Kalsel": before,
        "DPRD Kalsel": NOW + 9 * DAY,
    }
    assert Entry.objects.filter(verb="obligation.due_moved").count() == 3
    told = Notification.objects.filter(kind="obligation_due_moved")
    names = ("liaison.kpu", "liaison.korem", "kodim.1006", "koordinator")
    assert sorted(told.values_list("post_id", flat=True)) == sorted(
        people[name].post_id for name in names
    )
    assert move_due_dates(stage, by=coordinator, at=LATER, digest=preview.digest) == 0
    assert told.count() == 4


def test_what_one_supposes_is_what_happens_then(rows, stage, coordinator, people):
    bawaslu = people["liaison.bawaslu"]
    actions.submit_obligation(rows["Bawaslu Kalsel"], by=bawaslu, at=LATER, note="Selesai.")
    actions.verify_and_close(rows["Bawaslu Kalsel"], by=coordinator, at=LATER)
    wished = stage.starts_at + 7 * DAY
    supposed = stage_moves_if(coordinator, stage=stage, starts_at=wished, at=LATER)
    assert {row.doer for row in supposed.staying} == {"Bawaslu Kalsel", "DPRD Kalsel"}
    assert stage_moves(coordinator, LATER) == []
    shift(stage, 7 * DAY)
    (real,) = stage_moves(coordinator, LATER)
    assert supposed.moves == real.moves
    same = stage_moves_if(coordinator, stage=stage, starts_at=wished - 7 * DAY, at=LATER)
    assert same.moves == []


@time_machine.travel(LATER, tick=False)
def test_page_shows_what_one_supposes_and_keeps_what_was_typed(
    rows, stage, client, sign_in, coordinator
):
    page = sign_in(client, coordinator).get(
        url("stage_due_dates"), {"stage": stage.pk, "starts_at": "2024-11-30T08:00"}
    )
    moving = {move.obligation.doer for move in page.context["supposed"].moves}
    assert moving == {"Bawaslu Kalsel", "KPU Kalsel", "Kodim 1006", "Korem 101"}
    assert "tenggat khusus" in page.content.decode()
    bad = client.get(url("stage_due_dates"), {"stage": stage.pk, "starts_at": "31 Februari"})
    assert bad.context["supposed"] is None
    assert bad.context["thought"].errors["starts_at"]
    assert "31 Februari" in bad.content.decode()


def test_an_old_preview_is_refused(rows, stage, coordinator):
    shift(stage, 7 * DAY)
    (preview,) = stage_moves(coordinator, LATER)
    shift(stage, DAY)
    with pytest.raises(Refused):
        move_due_dates(stage, by=coordinator, at=LATER, digest=preview.digest)
    assert set(Obligation.objects.filter(own_due=False).values_list("due_at", flat=True)) == {
        due_on(stage) - 8 * DAY
    }


def test_others_move_nothing(rows, stage, liaison_kpu, commander, people):
    shift(stage, 7 * DAY)
    assert stage_moves(liaison_kpu, LATER) == []
    with pytest.raises(PermissionDenied):
        move_due_dates(stage, by=liaison_kpu, at=LATER, digest="x")
    assert len(stage_moves(commander, LATER)) == 1


@time_machine.travel(LATER, tick=False)
def test_the_page_shows_and_applies(rows, stage, coordinator, liaison_kpu, client, sign_in):
    sign_in(client, coordinator)
    page = url("stage_due_dates")
    assert client.get(page).context["groups"] == []
    shift(stage, 7 * DAY)
    (group,) = client.get(page).context["groups"]
    apply = url("stage_due_apply", stage.pk)
    stale = client.post(apply, {"digest": "0" * 64})
    assert "tidak sesuai" in stale.context["refused"]
    done = client.post(apply, {"digest": group["moved"].digest})
    assert done["Location"] == page
    assert client.get(page).context["groups"] == []
    sign_in(client, liaison_kpu)
    assert client.get(page).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_preview_costs_the_same(coordinator, people, stage, count, django_assert_num_queries):
    slugs = ("kpu-kalsel", "bawaslu-kalsel", "korem-101")[:count]
    due = Due(kind="tahapan", stage=stage)
    make_alone(coordinator, due=due, shares=[Share(agency) for agency in agencies(*slugs)])
    shift(stage, DAY)
    with django_assert_num_queries(1):
        assert len(stage_moves(coordinator, LATER)[0].moves) == count
