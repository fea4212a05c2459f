"""Placements: from the request to the return, never twice in the same place or out of nothing."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deployments import actions
from deployments.actions.placements import EDITABLE
from deployments.enums import (
    DEPLOYMENT_BADGE,
    DEPLOYMENT_MOVES,
    PART_OF_STATE,
    DeploymentState,
    DeploymentStatus,
)
from deployments.models import Deployment, DeploymentMove
from deployments.queries import rollup_rows
from deployments.queries.ledger import positions
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.registry.models import Agency, Place, Region, Stage
from tests.factories import deployments as make

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
LIFE = ["ordered", "standby", "moving", "in_place", "relieved", "returned"]


@pytest.fixture
def now(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()


@pytest.fixture(autouse=True)
def announced(db):
    """Nobody is placed who was not announced."""
    for slug in ("polda-kalsel", "korem-101"):
        at = datetime(2024, 8, 24, 8, tzinfo=clock.WITA)
        actions.declare_strength(
            make.operation(),
            Agency.objects.get(slug=slug),
            total=9000,
            source="uji",
            as_of=at,
            by=SYSTEM,
            at=at,
        )


def values(unit="kodim-1006", **given):
    return {
        "unit": make.unit(unit),
        "region": Region.objects.get(code="63.03"),
        "personnel": 10,
        "status": "standby",
        "controller": None,
        "task": "Uji",
        "starts_on": date(2024, 11, 18),
        "ends_on": date(2024, 11, 30),
        "source": "uji",
        "as_of": NOW,
        "quality": "reported",
    } | given


def place(by=SYSTEM, state=None, **given):
    return actions.place_deployment(make.operation(), values(**given), by=by, at=NOW, state=state)


def move(row, to, **given):
    row.refresh_from_db()
    paper = {"sprin_number": "Sprin/1/XI/2024", "sprin_date": date(2024, 11, 17), "note": "uji"}
    return actions.move_deployment(
        row, to, **{"version": row.version, "by": SYSTEM, "at": NOW} | paper | given
    )


def change(row, *, at=NOW, reason="", by=SYSTEM, **given):
    row.refresh_from_db()
    now = {name: getattr(row, name) for name in EDITABLE} | given
    return actions.change_deployment(row, now, version=row.version, by=by, at=at, reason=reason)


def warehouse(name="Gudang uji", district="63.03.05"):
    return Place.objects.create(
        operation=make.operation(), kind="warehouse", name=name, district_id=district,
        source="uji", as_of=date(2024, 11, 1),
    )  # fmt: skip


def test_tables_name_every_state():
    states = set(DeploymentState)
    assert set(DEPLOYMENT_MOVES) == set(PART_OF_STATE) == set(DEPLOYMENT_BADGE) == states
    reached = set().union(*DEPLOYMENT_MOVES.values())
    assert reached == states - {DeploymentState.REQUESTED}


@pytest.mark.parametrize("to", list(DeploymentState))
@pytest.mark.parametrize("origin", list(DeploymentState))
def test_every_move_is_as_the_table_says(db, origin, to):
    row = place(state="requested")
    engaged = PART_OF_STATE[origin] == DeploymentStatus.ENGAGED
    Deployment.objects.filter(pk=row.pk).update(
        state=origin, status="engaged" if engaged else "standby"
    )
    if to in DEPLOYMENT_MOVES[origin]:
        assert move(row, to).state == to
        assert [step.from_state for step in row.moves.all()] == ["", origin]
    elif to == origin:
        assert move(row, to).version == 1
        assert row.moves.count() == 1
    else:
        with pytest.raises(Refused, match="langkah itu tidak berlaku"):
            move(row, to)


def test_whole_life_is_kept_and_counts_only_while_people_stand_there(db, coordinator):
    row = place(coordinator, state="requested")
    counted = [_counted()]
    for hours, state in enumerate(LIFE):
        at = NOW + timedelta(hours=hours)
        move(row, state, by=coordinator, at=at)
        counted.append(_counted(at))
    row.refresh_from_db()
    assert counted == [(0, 0), (0, 10), (0, 10), (10, 0), (10, 0), (0, 10), (0, 10)]
    assert (row.ends_on, row.sprin_number, row.version) == (
        date(2024, 11, 20), "Sprin/1/XI/2024", 7,
    )  # fmt: skip
    steps = [(step.to_state, step.by_id, step.note) for step in row.moves.all()]
    assert steps[0] == ("requested", coordinator.post_id, "")
    assert steps[1:] == [(state, coordinator.post_id, "uji") for state in LIFE]
    assert Entry.objects.filter(verb="deployment.move").count() == len(LIFE)
    assert _counted(NOW + timedelta(days=1)) == (0, 0)


def _counted(at=NOW):
    rows = rollup_rows(make.operation(), level="province", agency_slug="korem-101", at=at)
    return (sum(row.engaged for row in rows), sum(row.standby for row in rows))


@pytest.mark.parametrize(
    ("to", "given", "field"),
    [
        ("ordered", {"sprin_number": ""}, "sprin_number"),
        ("ordered", {"sprin_date": None}, "sprin_date"),
        ("cancelled", {"note": ""}, "note"),
    ],
)
def test_a_step_without_its_paper_is_refused(db, to, given, field):
    row = place(state="requested")
    with pytest.raises(Refused) as refused:
        move(row, to, **given)
    assert refused.value.field == field
    row.refresh_from_db()
    assert (row.state, row.moves.count()) == ("requested", 1)


def test_stale_step_is_refused(db):
    row = place(state="requested")
    move(row, "ordered")
    with pytest.raises(Stale):
        move(row, "standby", version=1)


def test_status_does_not_change_past_the_state(db):
    row = place()
    with pytest.raises(Refused) as refused:
        actions.change_deployment(row, values(status="engaged"), version=1, by=SYSTEM, at=NOW)
    assert refused.value.field == "status"
    changed = change(row, status="reserve", reason="uji")
    assert (changed.state, changed.status) == ("standby", "reserve")


def test_same_place_twice_on_a_day_is_refused_naming_the_other(db):
    gudang = warehouse()
    first = place(place=gudang)
    with pytest.raises(Refused) as refused:
        place(place=gudang, starts_on=date(2024, 11, 30), ends_on=None)
    assert refused.value.sentence == (
        f"{first.unit.short_name} sudah di Gudang uji: penempatan nomor {first.pk}, "
        "18 Nov 2024 – 30 Nov 2024."
    )
    place(place=gudang, starts_on=date(2024, 12, 1), ends_on=None)
    asked = place(place=gudang, state="requested")
    with pytest.raises(Refused, match=f"nomor {first.pk}"):
        move(asked, "ordered")
    move(first, "cancelled")
    assert move(asked, "ordered").state == "ordered"


def test_same_place_twice_is_refused_by_the_database(db):
    row = place(place=warehouse())
    row.pk = None
    with (
        pytest.raises(IntegrityError, match="deployment_once_per_place_and_day"),
        transaction.atomic(),
    ):
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("constraint", "given"),
    [
        ("deployment_state_known", {"state": "lost"}),
        ("deployment_engaged_when_there", {"state": "in_place", "status": "standby"}),
        ("deployment_not_engaged_before", {"state": "ordered", "status": "engaged"}),
        ("deployment_task_force_known", {"task_force": "lain"}),
    ],
)
def test_database_keeps_state_and_part_together(db, constraint, given):
    row = place()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Deployment.objects.filter(pk=row.pk).update(**given)


@pytest.mark.parametrize(
    ("constraint", "given"),
    [
        ("deployment_move_goes_somewhere", {"from_state": "standby", "to_state": "standby"}),
        ("deployment_cancelled_with_reason", {"to_state": "cancelled", "note": ""}),
    ],
)
def test_database_keeps_steps_whole(db, constraint, given):
    row = place()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        DeploymentMove.objects.create(deployment=row, moved_at=NOW, **given)


@pytest.fixture
def hundred(db, posko_banjar):
    """Polres Banjar has reported 100 people."""
    make.schedule()
    make.expect()
    actions.submit_report(
        make.unit("polres-banjar"), make.CUT_OFF, make.figures(), by=posko_banjar, at=make.OPENED
    )


def test_more_people_than_the_unit_has_are_refused_with_numbers(hundred):
    first = place(unit="polres-banjar", personnel=70)
    place(unit="polres-banjar", personnel=30, controller=make.unit("korem-101").agency)
    later = {"starts_on": date(2024, 12, 1), "ends_on": date(2024, 12, 4)}
    place(unit="polres-banjar", personnel=90, **later)
    with pytest.raises(Refused) as refused:
        place(unit="polres-banjar", personnel=31)
    assert refused.value.field == "personnel"
    assert refused.value.sentence == (
        f"{first.unit.short_name} mempunyai 100 orang; pada 18 Nov 2024 sudah 70 ditempatkan "
        f"(penempatan nomor {first.pk} (70)), sisa 30, diminta 31."
    )
    assert place(unit="polres-banjar", personnel=30).personnel == 30
    with pytest.raises(Refused, match="sudah 100 ditempatkan"):
        place(unit="polres-banjar", personnel=1)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_at_one_place_leave_one():
    gudang = warehouse()
    given = values(place=gudang)
    start, outcome = threading.Barrier(2), []

    def attempt():
        start.wait()
        try:
            actions.place_deployment(make.operation(), dict(given), by=SYSTEM, at=NOW)
            outcome.append("placed")
        except Refused:
            outcome.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["placed", "refused"]


def second_operation():
    operation = make.operation()
    operation.pk, operation.slug = None, "operasi-lain"
    operation.save()
    return operation


def test_place_and_stage_belong_to_the_region_and_operation(db):
    with pytest.raises(Refused) as refused:
        place(place=warehouse(district="63.01.01"))
    assert refused.value.field == "place"
    other = Stage.objects.filter(operation=make.operation()).first()
    other.pk, other.operation = None, second_operation()
    other.save()
    with pytest.raises(Refused) as refused:
        place(stage=other)
    assert refused.value.field == "stage"


def test_pages_and_api_show_a_deployment_to_its_owner_only(
    now, client, sign_in, liaison_korem, liaison_kpu, auditor
):
    row = place(liaison_korem, state="requested", task_force="preventif", contact="Posko 0511")
    url = reverse("deployments:deployment_detail", args=[row.pk])
    assert sign_in(client, liaison_kpu).get(url).status_code == 404
    assert client.post(url, {"to": "ordered"}).status_code == 404
    assert client.get("/api/v1/deployments/").json()["results"] == []
    sign_in(client, auditor)
    assert client.get(url).context["edits"] is False
    assert client.post(url, {"to": "ordered", "version": 1}).status_code == 403
    sign_in(client, liaison_korem)
    step = {"to": "ordered", "version": 1, "sprin_date": "2024-11-17"}
    refused = client.post(url, step | {"note": "Segera"})
    assert "Isi nomor Sprin" in refused.content.decode()
    assert "Segera" in refused.content.decode()
    assert client.post(url, step | {"sprin_number": "Sprin/9"}).status_code == 302
    page = client.get(url)
    assert [event["title"] for event in page.context["history"]] == [
        "Diperintahkan (Sprin)", "Diminta",
    ]  # fmt: skip
    [found] = client.get("/api/v1/deployments/", {"task_force": "preventif"}).json()["results"]
    assert (found["state"], found["sprin_number"], found["contact"]) == (
        "ordered", "Sprin/9", "Posko 0511",
    )  # fmt: skip
    assert [step["to_state"] for step in found["moves"]] == ["requested", "ordered"]
    listed = client.get("/kuat-personel/penempatan/", {"state": "ordered"})
    assert [entry["url"] for entry in listed.context["rows"]] == [url]
    assert client.get("/kuat-personel/penempatan/?state=moving").context["rows"] == []


@pytest.mark.parametrize("address", ["/kuat-personel/penempatan/", "/api/v1/deployments/"])
def test_list_costs_the_same_for_three(now, client, sign_in, liaison_korem, address):
    sign_in(client, liaison_korem)
    place(liaison_korem)
    client.get(address)
    costs = []
    for more in (0, 2):
        for _number in range(more):
            place(liaison_korem)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        costs.append(len(queries))
    assert costs[0] == costs[1]


# ── Nobody serves before the first day ──

MONDAY = date(2024, 11, 25)


def held(on):
    """Who stands anywhere on that day, by part; those not itemised left out."""
    at = NOW + timedelta(days=30)
    found = positions(make.operation(), on, at)
    return {row.part: row.people for row in found if row.part != "not_itemised"}


def test_in_place_before_the_first_day_is_refused_with_the_day_and_the_way_out(db):
    row = place(state="requested", starts_on=MONDAY, ends_on=date(2024, 11, 28))
    for state in ("ordered", "standby", "moving"):
        move(row, state)
    with pytest.raises(Refused) as refused:
        move(row, "in_place")
    assert (refused.value.field, refused.value.sentence) == (
        "to",
        "Penempatan ini mulai 25 Nov 2024; sebelum hari itu belum dapat menjadi “Di tempat”. Bila "
        "personelnya tiba lebih awal, ubah dahulu tanggal mulainya (Ubah).",
    )
    row.refresh_from_db()
    assert row.state == "moving"
    assert move(row, "in_place", at=NOW + timedelta(days=5)).state == "in_place"


def test_in_place_and_to_come_is_refused_when_placed_and_when_changed(db):
    with pytest.raises(Refused, match="25 Nov 2024 belum tiba") as refused:
        place(status="engaged", starts_on=MONDAY)
    assert refused.value.field == "status"
    row = place(status="engaged")
    with pytest.raises(Refused, match="paling lambat hari ini") as refused:
        change(row, status="engaged", starts_on=MONDAY)
    assert refused.value.field == "starts_on"


@pytest.mark.parametrize(("state", "to"), [("moving", "cancelled"), ("relieved", "returned")])
def test_what_ends_before_its_first_day_leaves_nothing_on_any_day(db, state, to):
    """Relieved before its first day: as older releases allowed."""
    row = place(state="requested", starts_on=MONDAY, ends_on=date(2024, 11, 28))
    move(row, "ordered")
    assert held(MONDAY) == {"standby": 10}
    status = "engaged" if state == "moving" else "standby"
    Deployment.objects.filter(pk=row.pk).update(state=state, status=status)
    move(row, to)
    days = [NOW.date(), MONDAY, date(2024, 11, 26), date(2024, 11, 29)]
    assert [held(day) for day in days] == [{}, {}, {}, {}]


def test_the_api_refuses_people_in_place_before_their_first_day(
    now, client, sign_in, liaison_korem
):
    row = place(liaison_korem, state="requested", starts_on=MONDAY)
    for state in ("ordered", "standby", "moving"):
        move(row, state, by=liaison_korem)
    sign_in(client, liaison_korem)
    row.refresh_from_db()
    answer = client.post(
        f"/api/v1/deployments/{row.pk}/move/",
        {"to": "in_place", "version": row.version},
        content_type="application/json",
    )
    assert answer.status_code == 422, answer.json()
    assert "mulai 25 Nov 2024" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "moving"


# ── A change says why and stays readable; what is over stays as it was ──


def test_a_placement_that_is_only_asked_for_changes_without_a_reason(db):
    row = place(state="requested")
    assert change(row, personnel=12).personnel == 12


def test_an_ordered_one_changes_with_a_reason_only_and_the_ledger_carries_it(db, liaison_korem):
    row = place()
    with pytest.raises(Refused, match="Isi alasan perubahan") as refused:
        change(row, personnel=5, reason=" ")
    assert refused.value.field == "reason"
    assert change(row, reason="").version == 1, "nothing changed, nothing to say"
    change(row, personnel=5, reason="Lima orang sakit", by=liaison_korem)
    newest = row.entries.order_by("-pk").first()
    assert (newest.personnel, newest.reason) == (5, "Lima orang sakit")
    assert Entry.objects.get(verb="deployment.change").note == "Lima orang sakit"


@pytest.mark.parametrize("end", ["returned", "cancelled"])
def test_what_is_over_is_changed_no_more(now, client, sign_in, liaison_korem, end):
    row = place(liaison_korem, status="engaged" if end == "returned" else "standby")
    for state in ["relieved", "returned"] if end == "returned" else ["cancelled"]:
        move(row, state, by=liaison_korem)
    before = list(row.entries.values_list("pk", flat=True))
    with pytest.raises(Refused, match="tidak dapat diubah lagi"):
        change(row, personnel=5, reason="Lupa", by=liaison_korem)
    sign_in(client, liaison_korem)
    page = reverse("deployments:deployment_detail", args=[row.pk])
    edit = reverse("deployments:deployment_edit", args=[row.pk])
    shown = client.get(page)
    assert shown.context["edits"]
    assert edit not in shown.content.decode()
    refused = client.get(edit, follow=True)
    assert refused.redirect_chain == [(page, 302)]
    assert "tidak dapat diubah lagi" in refused.content.decode()
    given = {"personnel": 5, "reason": "Lupa", "version": row.version}
    answer = client.patch(f"/api/v1/deployments/{row.pk}/", given, content_type="application/json")
    assert answer.status_code == 409, answer.json()
    assert list(row.entries.values_list("pk", flat=True)) == before


def test_the_history_says_when_who_what_and_why(now, client, sign_in, liaison_korem, liaison_polda):
    row = place(liaison_korem, controller=Agency.objects.get(slug="polda-kalsel"))
    later = NOW + timedelta(hours=1)
    moved = {"region": Region.objects.get(code="63.71"), "starts_on": date(2024, 11, 19)}
    given = {"personnel": 120, "place": None, "reason": "Perintah Danrem", "by": liaison_korem}
    change(row, at=later, **moved, **given)
    url = reverse("deployments:deployment_detail", args=[row.pk])
    for reader in (liaison_korem, liaison_polda):
        sign_in(client, reader)
        newest, first = client.get(url).context["history"]
        assert (newest["title"], newest["at"], newest["by"]) == (
            "Penempatan diubah", later, liaison_korem.post_title,
        )  # fmt: skip
        assert newest["text"] == (
            "Wilayah: Kabupaten Banjar → Kota Banjarmasin · Jumlah personel: 10 → 120 · Mulai: "
            "18 Nov 2024 → 19 Nov 2024 · Alasan: Perintah Danrem"
        )
        assert first["title"] == "Siaga"


def test_the_form_asks_why_only_once_others_count_on_it(now, client, sign_in, liaison_korem):
    sign_in(client, liaison_korem)
    asked = place(liaison_korem, state="requested")
    url = reverse("deployments:deployment_edit", args=[asked.pk])
    assert "reason" not in client.get(url).context["form"].fields
    assert "reason" not in client.get("/kuat-personel/penempatan/baru/").context["form"].fields
    move(asked, "ordered", by=liaison_korem)
    form = client.get(url).context["form"]
    data = {name: value for name, value in form.initial.items() if value is not None} | {
        "personnel": 9, "version": 2, "as_of": "2024-11-20T08:00",
    }  # fmt: skip
    assert list(client.post(url, data).context["form"].errors) == ["reason"]
    assert client.post(url, data | {"reason": "Satu sakit"}).status_code == 302
    asked.refresh_from_db()
    assert asked.personnel == 9


def test_the_api_asks_why_and_keeps_it(now, client, sign_in, liaison_korem):
    row = place(liaison_korem)
    sign_in(client, liaison_korem)
    url = f"/api/v1/deployments/{row.pk}/"
    given = {"personnel": 8, "version": 1}
    answer = client.patch(url, given, content_type="application/json")
    assert (answer.status_code, "reason" in answer.content.decode()) == (422, True)
    answer = client.patch(url, given | {"reason": "Dua sakit"}, content_type="application/json")
    assert (answer.status_code, answer.json()["personnel"]) == (200, 8)
    assert row.entries.order_by("-pk").first().reason == "Dua sakit"
