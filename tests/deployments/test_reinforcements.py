"""Reinforcement: asked for, filled by several, in place, released; every line stays in the log."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from deployments import actions, tasks
from deployments.actions.placements import EDITABLE
from deployments.enums import DEPLOYMENT_MOVES as STEPS
from deployments.enums import NEED_BADGE, NEED_MOVES, DeploymentState, NeedState
from deployments.models import (
    Contribution,
    Deployment,
    NeedAddressee,
    NeedsLogEntry,
    Reinforcement,
)
from deployments.queries import rollup_rows
from deployments.queries.ledger import positions
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.factories import deployments as make
from tests.factories.reinforcement import (
    FIRST,
    NOW,
    TO_PLACE,
    announce,
    ask,
    counted,
    give,
    reserve,
    walk,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def announced(db):
    announce()


def numbers(request):
    row = counted(request)
    return (row.state, row.promised, row.ordered, row.present, row.released, row.missing)


def test_tables_name_every_state():
    assert set(NEED_MOVES) == set(NEED_BADGE) == set(NeedState)
    reached = set().union(*NEED_MOVES.values())
    assert reached == set(NeedState)


def test_the_whole_way_of_sixty_people(coordinator, posko_banjar, liaison_korem):
    request = ask(posko_banjar, "korem-101")
    seen = [numbers(request)]
    police = give(request, "polres-tanah-laut", 30, coordinator)
    seen.append(numbers(request))
    army = give(request, "kodim-1006", 30, liaison_korem)
    seen.append(numbers(request))
    walk(police, "ordered", by=coordinator)
    seen.append(numbers(request))
    walk(police, *TO_PLACE[1:], by=coordinator)
    walk(army, *TO_PLACE, by=liaison_korem)
    seen.append(numbers(request))
    for row in (police, army):
        placed = Deployment.objects.get(pk=row.deployment_id)
        actions.release_people(row, version=placed.version, by=posko_banjar, at=FIRST)
    seen.append(numbers(request))
    assert seen == [
        ("asked", 0, 0, 0, 0, 60),
        ("partly", 30, 0, 0, 0, 30),
        ("filled", 60, 0, 0, 0, 0),
        ("filled", 60, 30, 0, 0, 0),
        ("in_place", 60, 60, 60, 0, 0),
        ("released", 60, 60, 0, 60, 0),
    ]
    log = [
        (line.event, line.by_id, line.unit.slug, line.personnel, line.missing)
        for line in request.log.select_related("unit")[:3]
    ]
    assert log == [
        ("asked", posko_banjar.post_id, "polres-banjar", 60, 60),
        ("assigned", coordinator.post_id, "polres-tanah-laut", 30, 30),
        ("offered", liaison_korem.post_id, "kodim-1006", 30, 0),
    ]
    moves = request.log.filter(event="moved").values_list("unit__slug", "deployment_state")
    assert [state for unit, state in moves if unit == "kodim-1006"] == [*TO_PLACE, "relieved"]
    verbs = Entry.objects.filter(verb__startswith="reinforcement.").values_list("verb", flat=True)
    assert sorted(verbs) == ["reinforcement.ask", "reinforcement.give", "reinforcement.give"]


def test_what_is_given_is_a_placement_under_the_right_control(coordinator, liaison_korem):
    request = ask()
    police = give(request, "polres-tapin", 20, coordinator).deployment
    army = give(request, "kodim-1006", 10, liaison_korem).deployment
    for placed in (police, army):
        assert (placed.state, placed.region_id, placed.starts_on, placed.ends_on) == (
            "requested", "63.03.05", date(2024, 11, 24), date(2024, 11, 28),
        )  # fmt: skip
        assert placed.task == f"Penebalan {request.unit.short_name}"
    assert (police.controller, army.controller.slug) == (None, "polda-kalsel")


def test_an_offer_binds_nobody_until_it_is_ordered():
    request = ask(starts_on=date(2024, 11, 18))
    given = give(request, "polres-tapin", 30)
    before = _standing()
    walk(given, "ordered")
    assert (before, _standing()) == (0, 30)


def _standing():
    rows = rollup_rows(make.operation(), level="regency", agency_slug="polda-kalsel", at=NOW)
    return sum(row.standby + row.engaged for row in rows if row.region == "63.03")


def test_never_more_than_was_asked_unless_it_was_said():
    request = ask()
    first = give(request, "polres-tapin", 40)
    with pytest.raises(Refused) as refused:
        give(request, "polres-balangan", 21)
    assert refused.value.field == "personnel"
    assert refused.value.sentence == (
        "Diminta 60 orang, sudah disanggupi 40: paling banyak 20 lagi. Peminta dapat menyatakan "
        "bahwa jumlah boleh lebih."
    )
    give(request, "polres-balangan", 20)
    with pytest.raises(Refused, match="paling banyak 0 lagi"):
        _resize(first, 41)
    _resize(first, 35)
    assert (counted(request).missing, request.log.last().event) == (5, "changed")
    wider = ask(allows_more=True)
    give(wider, "polres-tapin", 70)
    assert numbers(wider)[:2] == ("filled", 70)


def _resize(given, people):
    placed = Deployment.objects.select_related("unit", "operation").get(pk=given.deployment_id)
    names = EDITABLE
    values = {name: getattr(placed, name) for name in names} | {"personnel": people}
    return actions.change_deployment(placed, values, version=placed.version, by=SYSTEM, at=NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"personnel": 0}, "personnel"),
        ({"ends_on": date(2024, 11, 23)}, "ends_on"),
        ({"reason": "  "}, "reason"),
        ({"unit": "polda-kalsel"}, None),
    ],
)
def test_a_request_that_cannot_be_is_refused(given, field):
    if "unit" in given:
        given = {"unit": make.unit(given["unit"])}
    with pytest.raises(Refused) as refused:
        ask(**given)
    assert refused.value.field == field
    assert not Reinforcement.objects.exists()


def test_giving_that_cannot_be_is_refused():
    request = ask()
    with pytest.raises(Refused, match="paling sedikit 1"):
        give(request, "polres-tapin", 0)
    with pytest.raises(Refused, match="dirinya sendiri"):
        give(request, "polres-banjar", 5)
    with pytest.raises(Refused, match="sudah lewat"):
        give(request, "polres-tapin", 5, at=NOW + timedelta(days=9))
    assert not Deployment.objects.exists()


def test_declined_by_all_is_refused_and_still_open_to_a_giver(coordinator, liaison_korem):
    request = ask(SYSTEM, "korem-101")
    for row, actor in zip(_addressees(request), (liaison_korem, coordinator), strict=True):
        with pytest.raises(Refused, match="alasan"):
            actions.decline_need(row, reason=" ", by=actor, at=NOW)
        state = counted(request).state
        actions.decline_need(row, reason="Semua terpakai", by=actor, at=NOW)
        actions.decline_need(row, reason="lagi", by=actor, at=NOW)
    assert (state, numbers(request)) == ("asked", ("refused", 0, 0, 0, 0, 60))
    assert request.log.filter(event="declined").count() == 2
    give(request, "polres-tapin", 10)
    assert numbers(request)[0] == "partly"


def _addressees(request):
    rows = NeedAddressee.objects.filter(reinforcement=request)
    return sorted(rows, key=lambda row: row.unit.slug)


def test_withdrawing_takes_offers_with_it_and_nobody_who_was_ordered(posko_banjar):
    request = ask()
    offer = give(request, "polres-tapin", 10)
    ordered = give(request, "polres-balangan", 10)
    walk(ordered, "ordered")
    given = {"version": 1, "by": posko_banjar, "at": NOW}
    with pytest.raises(Refused, match="alasan"):
        actions.withdraw_reinforcement(request, reason="", **given)
    with pytest.raises(Refused, match="Sudah ada personel"):
        actions.withdraw_reinforcement(request, reason="Batal", **given)
    walk(ordered, "cancelled")
    with pytest.raises(Stale):
        actions.withdraw_reinforcement(request, reason="Batal", **given | {"version": 3})
    done = actions.withdraw_reinforcement(request, reason="Batal", **given)
    assert actions.withdraw_reinforcement(request, reason="lain", **given).withdrawal == "Batal"
    offer.deployment.refresh_from_db()
    assert (offer.deployment.state, numbers(done)) == (
        "cancelled", ("withdrawn", 0, 0, 0, 0, 0),
    )  # fmt: skip
    with pytest.raises(Refused, match="sudah ditarik"):
        give(request, "polres-tapin", 1)


def test_release_of_who_does_not_stand_there_is_refused():
    given = give(ask(), "polres-tapin", 10)
    with pytest.raises(Refused, match="langkah itu tidak berlaku"):
        actions.release_people(given, version=1, by=SYSTEM, at=NOW)


def test_people_are_drawn_when_ordered_and_come_back(liaison_korem):
    origin = reserve()
    given = give(ask(), "kodim-1006", 15, liaison_korem, drawn_from=origin)
    assert (_people(origin), given.deployment.status) == (40, "reserve")
    walk(given, "ordered")
    given.refresh_from_db()
    assert (_people(origin), given.drawn) == (25, 15)
    walk(given, *TO_PLACE[1:], "relieved", "returned")
    assert actions.return_drawn(at=NOW, by=SYSTEM) == 0
    later = NOW + timedelta(days=9)
    assert actions.return_drawn(at=later, by=SYSTEM) == 1
    assert actions.return_drawn(at=later, by=SYSTEM) == 0
    assert _people(origin) == 40
    assert Entry.objects.filter(verb="deployment.draw").count() == 2


def test_the_night_gives_them_back_once(settings, liaison_korem):
    origin = reserve()
    given = give(ask(), "kodim-1006", 15, liaison_korem, drawn_from=origin)
    walk(given, *TO_PLACE, "relieved", "returned")
    night = NOW + timedelta(days=9)
    settings.DEMO_NOW, settings.DEMO_ANCHOR = night, clock.true_now().timestamp()
    for _run in range(2):
        tasks.return_drawn()
    assert _people(origin) == 40
    assert Entry.objects.filter(verb="deployment.draw").count() == 2


def test_who_was_drawn_and_called_off_is_back_at_once(liaison_korem):
    origin = reserve()
    given = give(ask(), "kodim-1006", 15, liaison_korem, drawn_from=origin)
    walk(given, "ordered", "cancelled")
    assert _people(origin) == 40


def _people(origin):
    return Deployment.objects.get(pk=origin.pk).personnel


def test_drawing_keeps_the_sum_of_the_agency(liaison_korem):
    origin = reserve()
    given = give(
        ask(starts_on=date(2024, 11, 20)), "kodim-1006", 15, liaison_korem, drawn_from=origin
    )
    before = _province()
    walk(given, "ordered")
    assert before == _province() == 40


def _province(at=NOW):
    rows = rollup_rows(make.operation(), level="province", agency_slug="korem-101", at=at)
    return sum(row.engaged + row.standby + row.reserve for row in rows)


def _reserve(at):
    """Who stands where he was drawn from."""
    found = positions(make.operation(), clock.local(at).date(), at)
    return sum(row.people for row in found if row.part == "reserve" and not row.controller)


def test_drawing_from_where_it_cannot_be_is_refused(liaison_korem):
    origin, request = reserve(), ask()
    for people in (40, 41):
        with pytest.raises(Refused, match="tidak dapat melepas") as refused:
            give(request, "kodim-1006", people, liaison_korem, drawn_from=origin)
        assert refused.value.field == "drawn_from"
    with pytest.raises(Refused, match="dari satuan yang menyumbang"):
        give(request, "kodim-1007", 5, liaison_korem, drawn_from=origin)


def test_those_who_must_answer_are_told_once_until_they_answered(
    posko_banjar, coordinator, liaison_polda, liaison_korem, kodim_1006, liaison_kpu
):
    request = ask(posko_banjar, "korem-101")
    assert _told("reinforcement_asked") == {
        coordinator.post_id, liaison_polda.post_id, liaison_korem.post_id,
    }  # fmt: skip
    give(request, "kodim-1006", 20, liaison_korem)
    assert _told("reinforcement_given") == {posko_banjar.post_id}
    assert _open(request) == {coordinator.post_id, liaison_polda.post_id}
    give(request, "polres-tapin", 40, coordinator)
    assert _open(request) == set()
    assert Notification.objects.filter(post=liaison_kpu.post_id).count() == 0
    texts = Notification.objects.filter(kind="reinforcement_given", post=posko_banjar.post_id)
    assert [row.context["missing"] for row in texts.order_by("pk")] == [40, 0]


def _told(kind):
    return set(Notification.objects.filter(kind=kind).values_list("post_id", flat=True))


def _open(request):
    rows = Notification.objects.filter(kind="reinforcement_asked", cancelled_at=None)
    return set(rows.values_list("post_id", flat=True))


def test_declining_and_withdrawing_are_told(posko_banjar, coordinator, liaison_korem, kodim_1006):
    request = ask(posko_banjar, "korem-101")
    korem = request.addressees.get(unit__slug="korem-101")
    actions.decline_need(korem, reason="Latihan", by=liaison_korem, at=NOW)
    assert _told("reinforcement_declined") == {posko_banjar.post_id}
    assert _open(request) == {coordinator.post_id}
    give(request, "kodim-1006", 5, kodim_1006)
    actions.withdraw_reinforcement(request, reason="Aman", version=1, by=posko_banjar, at=NOW)
    assert _told("reinforcement_withdrawn") == {kodim_1006.post_id}


# ── The database keeps it, whatever the code does ──


@pytest.mark.parametrize(
    ("constraint", "given"),
    [
        ("reinforcement_asks_for_people", {"personnel": 0}),
        ("reinforcement_ends_after_start", {"ends_on": date(2024, 11, 1)}),
        ("reinforcement_priority_known", {"priority": "kelak"}),
        ("reinforcement_task_force_known", {"task_force": "lain"}),
        ("reinforcement_says_why", {"reason": ""}),
        ("reinforcement_withdrawn_with_reason", {"withdrawn_at": NOW}),
        ("more is given than was asked for", {"personnel": 29}),
    ],
)
def test_database_keeps_a_request_whole(constraint, given):
    request = ask()
    give(request, "polres-tapin", 30)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Reinforcement.objects.filter(pk=request.pk).update(**given)


def test_database_keeps_the_sum_within_what_was_asked():
    given = give(ask(), "polres-tapin", 60)
    rows = Deployment.objects.filter(pk=given.deployment_id)
    with pytest.raises(IntegrityError, match="more is given"), transaction.atomic():
        rows.update(personnel=61)
    stray = actions.place_deployment(
        make.operation(),
        {
            "unit": make.unit("polres-tapin"), "region": given.reinforcement.region,
            "personnel": 1, "status": "standby", "controller": None, "task": "uji",
            "starts_on": date(2024, 11, 24), "ends_on": None, "source": "uji", "as_of": NOW,
            "quality": "reported",
        },
        by=SYSTEM, at=NOW, state="requested",
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="more is given"), transaction.atomic():
        Contribution.objects.create(reinforcement=given.reinforcement, deployment=stray)


@pytest.mark.parametrize(
    ("constraint", "given"),
    [
        ("contribution_drawn_from_somewhere", {"drawn": 3}),
        ("contribution_not_from_itself", {"drawn_from": "own"}),
    ],
)
def test_database_keeps_an_answer_whole(constraint, given):
    row = give(ask(), "polres-tapin", 10)
    if "drawn_from" in given:
        given = {"drawn_from": row.deployment}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Contribution.objects.filter(pk=row.pk).update(**given)


def test_database_asks_a_unit_once_and_wants_a_reason():
    request = ask()
    unit = request.addressees.get().unit
    with pytest.raises(IntegrityError, match="need_addressee_once"), transaction.atomic():
        NeedAddressee.objects.create(reinforcement=request, unit=unit)
    with pytest.raises(IntegrityError, match="declined_with_reason"), transaction.atomic():
        request.addressees.update(declined_at=NOW)


def test_the_log_is_never_changed():
    line = ask().log.get()
    for change in (
        lambda: NeedsLogEntry.objects.filter(pk=line.pk).update(missing=0),
        lambda: NeedsLogEntry.objects.filter(pk=line.pk).delete(),
    ):
        with pytest.raises(ProgrammingError, match="never changed"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("constraint", "given"),
    [
        ("needs_log_event_known", {"event": "lain"}),
        ("needs_log_says_why_not", {"event": "declined"}),
    ],
)
def test_database_keeps_a_line_whole(constraint, given):
    request = ask()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        NeedsLogEntry.objects.create(reinforcement=request, at=NOW, missing=0, **given)


# ── Whatever happens in whatever order ──


@pytest.mark.parametrize("seed", range(6))
def test_any_walk_keeps_to_the_table_and_to_the_sum(seed):
    """Random offers, steps, changes, refusals: each changes the state as the table allows, and the
    log's last line says what is missing."""
    dice = Random(seed)
    request = ask(SYSTEM, "korem-101", personnel=20)
    givers = ["polres-tapin", "polres-balangan", "kodim-1006"]
    seen = {counted(request).state}
    for _turn in range(25):
        before = counted(request)
        try:
            with transaction.atomic():
                _turn_of(dice, request, givers)
        except Refused:
            continue
        after = counted(request)
        assert after.state == before.state or after.state in NEED_MOVES[before.state]
        assert after.missing == request.log.last().missing
        live = request.contributions.exclude(deployment__state="cancelled")
        given = sum(row.deployment.personnel for row in live.select_related("deployment"))
        assert after.promised == given <= after.personnel
        seen.add(after.state)
    assert len(seen) > 1
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _turn_of(dice, request, givers):
    given = list(request.contributions.select_related("deployment").order_by("pk"))
    act = dice.choice(["give", "move", "move", "resize", "decline", "withdraw"])
    if act == "give" or not given:
        give(request, dice.choice(givers), dice.randint(1, 12))
    elif act == "move":
        row = dice.choice(given)
        walk(row, dice.choice(sorted(STEPS[DeploymentState(row.deployment.state)]) or ["ordered"]))
    elif act == "resize":
        _resize(dice.choice(given), dice.randint(1, 12))
    elif act == "decline":
        row = dice.choice(_addressees(request))
        actions.decline_need(row, reason="uji", by=SYSTEM, at=NOW)
    elif dice.random() < 0.1:
        actions.withdraw_reinforcement(
            request, reason="uji", version=request.version, by=SYSTEM, at=NOW
        )


def test_who_never_came_is_missing_until_the_request_ends_or_is_withdrawn(coordinator):
    request = ask()
    given = give(request, "polres-tanah-laut", 20, coordinator)
    walk(given, *TO_PLACE)
    with pytest.raises(Refused, match="lepas atau batalkan"):
        actions.withdraw_reinforcement(request, reason="Cukup", version=1, by=SYSTEM, at=NOW)
    walk(given, "relieved")
    assert numbers(request) == ("partly", 20, 20, 0, 20, 40)
    after = counted(request, NOW + timedelta(days=30))
    assert (after.state, after.missing) == ("released", 0)
    actions.withdraw_reinforcement(request, reason="Cukup", version=1, by=SYSTEM, at=NOW)
    assert numbers(request) == ("withdrawn", 20, 20, 0, 20, 0)


def test_what_was_filled_and_let_go_is_not_withdrawn(coordinator):
    request = ask(personnel=20)
    walk(give(request, "polres-tanah-laut", 20, coordinator), *TO_PLACE, "relieved")
    with pytest.raises(Refused, match="sudah dilepas"):
        actions.withdraw_reinforcement(request, reason="Cukup", version=1, by=SYSTEM, at=NOW)


def test_drawn_people_are_counted_once_on_every_day(liaison_korem):
    origin = reserve()
    given = give(ask(), "kodim-1006", 15, liaison_korem, drawn_from=origin)
    days = [NOW + timedelta(days=shift) for shift in range(0, 30, 3)]
    walk(given, "ordered")
    assert {_province(day) for day in days} == {40}
    away = NOW + timedelta(days=5)
    walk(given, *TO_PLACE[1:], at=away)
    placed = Deployment.objects.get(pk=given.deployment_id)
    values = {name: getattr(placed, name) for name in EDITABLE}
    longer = values | {"ends_on": placed.ends_on + timedelta(days=6)}
    common = {"version": placed.version, "by": SYSTEM, "at": away, "reason": "Diperpanjang"}
    placed = actions.change_deployment(placed, longer, **common)
    assert {_province(day) for day in days} == {40}
    walk(given, "relieved", "returned", at=away)
    assert {_province(day) for day in days} == {40}
    assert _reserve(away) == 25
    assert _reserve(away + timedelta(days=1)) == 40
    actions.return_drawn(at=away + timedelta(days=2), by=SYSTEM)
    assert {_province(day) for day in days} == {40}
    assert _people(origin) == 40


def test_nobody_has_arrived_before_the_first_day(liaison_korem, posko_banjar):
    given = give(ask(), "kodim-1006", 15, liaison_korem)
    walk(given, *TO_PLACE[:-1])
    placed = Deployment.objects.get(pk=given.deployment_id)
    with pytest.raises(Refused, match="mulai 24 Nov 2024"):
        actions.move_deployment(
            placed, "in_place", version=placed.version, by=liaison_korem, at=NOW
        )
    assert counted(given.reinforcement).present == 0
    Deployment.objects.filter(pk=placed.pk).update(state="in_place")
    with pytest.raises(Refused, match="mulai 24 Nov 2024"):
        actions.release_people(given, version=placed.version, by=posko_banjar, at=NOW)


@pytest.mark.parametrize(("state", "to"), [("moving", "cancelled"), ("relieved", "returned")])
def test_who_never_left_is_back_at_once_on_every_day(liaison_korem, state, to):
    """Relieved before the first day: as older releases allowed."""
    origin = reserve()
    days = [NOW + timedelta(days=shift) for shift in range(0, 30, 3)]
    before = [_reserve(day) for day in days]
    given = give(ask(), "kodim-1006", 15, liaison_korem, drawn_from=origin)
    walk(given, "ordered")
    assert [_reserve(day) for day in days] != before
    status = "engaged" if state == "moving" else "reserve"
    Deployment.objects.filter(pk=given.deployment_id).update(state=state, status=status)
    placed = Deployment.objects.get(pk=given.deployment_id)
    actions.move_deployment(
        placed, to, version=placed.version, by=liaison_korem, at=NOW, note="Tidak jadi"
    )
    assert [_reserve(day) for day in days] == before
    assert _people(origin) == 40
    later = positions(make.operation(), date(2024, 11, 25), days[-1])
    assert {row.part for row in later if row.region == "63.03.05"} == set()
