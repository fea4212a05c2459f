"""The ledger of strength: nobody is lost, counted twice or moved in silence."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployments import actions
from deployments.actions.ledger import settle_declarations
from deployments.actions.placements import EDITABLE
from deployments.models import Deployment, StrengthAccount, StrengthTransfer
from deployments.queries.ledger import positions
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused
from portal.audit.models import Entry
from portal.registry.models import Agency, Region
from tests.factories import deployments as make

AT = datetime(2024, 9, 1, 8, tzinfo=clock.WITA)
START = date(2024, 8, 24)
TODAY = date(2024, 9, 1)
KODIMS = ("kodim-1001", "kodim-1002", "kodim-1003")


def declare(total, at=AT, slug="korem-101"):
    agency = Agency.objects.get(slug=slug)
    return actions.declare_strength(
        make.operation(), agency, total=total, source="uji", as_of=at, by=SYSTEM, at=at
    )


def place(personnel, *, unit="kodim-1001", at=AT, **given):
    values = {
        "unit": make.unit(unit), "region": Region.objects.get(code="63.01"),
        "personnel": personnel, "status": "reserve", "controller": None, "task": "Uji",
        "starts_on": START, "ends_on": None, "source": "uji", "as_of": AT, "quality": "reported",
    } | given  # fmt: skip
    return actions.place_deployment(make.operation(), values, by=SYSTEM, at=at)


def head():
    return StrengthAccount.objects.get(agency__slug="korem-101", part="not_itemised")


def move(personnel, *, source=None, unit="kodim-1001", on=START, at=AT, **given):
    values = {
        "part": "reserve", "unit": make.unit(unit) if unit else None,
        "region": Region.objects.get(code="63.01"), "place": None, "controller": None,
        "personnel": personnel, "effective_on": on, "reason": "uji", "origin": "",
    } | given  # fmt: skip
    return actions.transfer(source or head(), values, by=SYSTEM, at=at)


def parts(on=TODAY, known_at=AT):
    found = {}
    for position in positions(make.operation(), on, known_at):
        found[position.part] = found.get(position.part, 0) + position.people
    return found


def post(**given):
    one, other = head(), StrengthAccount.objects.exclude(part="not_itemised").first()
    values = {
        "operation": make.operation(), "agency": one.agency, "source": one, "target": other,
        "personnel": 1, "effective_on": START, "recorded_at": AT, "as_of": AT, "reason": "uji",
    } | given  # fmt: skip
    return StrengthTransfer.objects.create(**values)


def test_what_is_declared_stands_not_itemised_until_it_is_placed(db):
    declare(100)
    place(30)
    assert parts() == {"not_itemised": 70, "reserve": 30}
    assert parts(on=START - timedelta(days=1)) == {}
    assert Entry.objects.filter(verb="ledger.post").count() == 2


def test_settling_twice_writes_nothing(db):
    declare(100)
    placed = place(30, ends_on=date(2024, 12, 31))
    assert actions.settle(placed, by=SYSTEM, at=AT, reason="uji") == []
    assert settle_declarations(
        make.operation(), placed.agency, by=SYSTEM, at=AT, reason="uji"
    ) == []  # fmt: skip


def test_people_come_back_the_day_after_the_last(db):
    declare(100)
    place(30, ends_on=date(2024, 9, 10))
    assert parts(on=date(2024, 9, 10)) == {"not_itemised": 70, "reserve": 30}
    assert parts(on=date(2024, 9, 11)) == {"not_itemised": 100}


def test_a_changed_deployment_moves_from_today_and_the_past_stays(db):
    declare(100)
    placed = place(30)
    later = AT + timedelta(days=9)
    values = {name: getattr(placed, name) for name in EDITABLE}
    actions.change_deployment(
        placed, values | {"status": "standby", "personnel": 20},
        version=1, by=SYSTEM, at=later, reason="uji",
    )  # fmt: skip
    assert parts(on=later.date(), known_at=later) == {"not_itemised": 80, "standby": 20}
    assert parts(known_at=later) == {"not_itemised": 70, "reserve": 30}
    assert parts(on=later.date()) == {"not_itemised": 70, "reserve": 30}
    assert actions.settle(
        Deployment.objects.get(pk=placed.pk), by=SYSTEM, at=later, reason="uji"
    ) == []  # fmt: skip


def test_a_deployment_that_turns_to_another_agency_goes_back_whole(db):
    declare(100)
    declare(50, slug="polda-kalsel")
    placed = place(30)
    values = {name: getattr(placed, name) for name in EDITABLE}
    actions.change_deployment(
        placed, values | {"unit": make.unit("polres-banjar")},
        version=1, by=SYSTEM, at=AT, reason="uji",
    )  # fmt: skip
    found = {(p.agency, p.part): p.people for p in positions(make.operation(), AT.date(), AT)}
    korem, polda = head().agency_id, make.unit("polres-banjar").agency_id
    assert found[korem, "not_itemised"] == 100
    assert found[polda, "reserve"] == 30


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"personnel": 0}, "Jumlah personel paling sedikit 1."),
        ({"reason": " "}, "Tulis alasan perpindahan."),
        ({"unit": None}, "Pilih satuan tujuan."),
        ({"part": "not_itemised"}, "Asal dan tujuan sama: tidak ada yang berpindah."),
        (
            {"personnel": 101},
            "Korem 101 menyatakan 100 orang, 0 sudah terperinci pada 24 Agu 2024: hanya 100 orang "
            "tidak terperinci, diminta 101.",
        ),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_with_a_sentence(db, given, sentence):
    declare(100)
    with pytest.raises(Refused) as refusal:
        move(**({"personnel": 5} | given))
    assert refusal.value.sentence == sentence
    assert parts() == {"not_itemised": 100}


def test_a_unit_of_another_owner_and_its_own_control_are_refused(db):
    declare(100)
    with pytest.raises(Refused, match="Pemilik tidak berubah"):
        move(5, unit="polres-banjar")
    with pytest.raises(Refused, match="Pengendali BKO adalah instansi lain"):
        move(5, controller=head().agency)


def test_a_transfer_leaves_the_people_of_deployments(db):
    declare(100)
    placed = place(30)
    held = placed.entries.get().target
    with pytest.raises(Refused, match="10 orang di .* terikat penempatan"):
        move(10, source=held, unit="kodim-1002")


def test_an_account_gives_no_more_than_it_has(db):
    declare(100)
    entry = move(10)
    with pytest.raises(Refused) as refusal:
        move(11, source=entry.target, unit="kodim-1002")
    assert refusal.value.sentence.startswith("Hanya 10 orang di ")
    assert refusal.value.sentence.endswith("pada 24 Agu 2024; diminta 11.")


def test_a_declaration_below_its_parts_is_refused_with_the_numbers(db):
    declare(100)
    move(60)
    with pytest.raises(Refused) as refusal:
        declare(50, at=AT + timedelta(days=1))
    assert refusal.value.sentence == (
        "Korem 101: yang dinyatakan 50 orang, tetapi 60 orang sudah terperinci pada 2 Sep 2024."
    )


def test_an_agency_that_announced_nothing_places_nobody(db):
    with pytest.raises(Refused, match="Korem 101 belum menyatakan kekuatannya"):
        place(1)


def test_an_older_declaration_that_comes_late_counts_in_its_days_only(db):
    declare(100)
    declare(120, at=AT + timedelta(days=9))
    agency = Agency.objects.get(slug="korem-101")
    late = AT + timedelta(days=10)
    actions.declare_strength(
        make.operation(), agency, total=110, source="uji",
        as_of=AT + timedelta(days=5), by=SYSTEM, at=late,
    )  # fmt: skip
    totals = [
        parts(on=AT.date() + timedelta(days=days), known_at=late)["not_itemised"]
        for days in (4, 5, 8, 9)
    ]
    assert totals == [100, 110, 110, 120]


def test_a_reversal_mirrors_its_entry_and_needs_a_reason(db):
    declare(100)
    entry = move(40)
    with pytest.raises(Refused, match="Tulis alasan pembalikan"):
        actions.reverse_transfer(entry, reason=" ", by=SYSTEM, at=AT)
    later = AT + timedelta(hours=1)
    back = actions.reverse_transfer(entry, reason="keliru", by=SYSTEM, at=later)
    assert (back.reverses, back.source, back.target) == (entry, entry.target, entry.source)
    assert parts(known_at=later) == {"not_itemised": 100}
    assert parts() == {"not_itemised": 60, "reserve": 40}
    for wrong, sentence in ((entry, "sudah dibalik"), (back, "sendiri suatu pembalikan")):
        with pytest.raises(Refused, match=sentence):
            actions.reverse_transfer(wrong, reason="lagi", by=SYSTEM, at=later)
    assert Entry.objects.get(verb="ledger.reverse").note == "keliru"


def test_entries_of_deployments_and_announcements_are_not_reversed_by_hand(db):
    declare(100)
    placed = place(30)
    with pytest.raises(Refused, match="mengikuti penempatan"):
        actions.reverse_transfer(placed.entries.get(), reason="x", by=SYSTEM, at=AT)
    with pytest.raises(Refused, match="mengikuti pernyataan"):
        actions.reverse_transfer(
            StrengthTransfer.objects.get(source=None), reason="x", by=SYSTEM, at=AT
        )


def test_the_database_keeps_entries_and_accounts(db):
    declare(100)
    entry = move(40)
    for sql in (
        "UPDATE deployments_strengthtransfer SET personnel = 1",
        "DELETE FROM deployments_strengthtransfer",
        "UPDATE deployments_strengthaccount SET balance = 1",
        "UPDATE deployments_strengthaccount SET part = 'engaged' WHERE part = 'reserve'",
        "DELETE FROM deployments_strengthaccount",
    ):
        with pytest.raises(DatabaseError, match="ledger"), transaction.atomic():
            connection.cursor().execute(sql)
    entry.target.refresh_from_db()
    assert entry.target.balance == 40


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"personnel": 61}, "falls below zero"),
        ({"personnel": 0}, "transfer_has_people"),
        ({"source": None, "target": None}, "transfer_has_a_side"),
        ({"reason": ""}, "transfer_has_a_reason"),
        ({"effective_on": date(2024, 1, 1)}, "falls below zero"),
    ],
)
def test_the_database_refuses_what_no_entry_can_be(db, given, message):
    declare(100)
    move(40)
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        post(**given)
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_keeps_owners_apart_and_reversals_true(db):
    declare(100)
    declare(100, slug="polda-kalsel")
    entry = move(40)
    foreign = StrengthAccount.objects.get(agency__slug="polda-kalsel")
    with pytest.raises(IntegrityError, match="one owner"), transaction.atomic():
        post(target=foreign)
    with pytest.raises(IntegrityError, match="mirrors its entry"), transaction.atomic():
        post(source=entry.target, target=entry.source, personnel=39, reverses=entry)
    with pytest.raises(IntegrityError, match="transfer_sides_differ"), transaction.atomic():
        post(target=entry.source)
    with pytest.raises(IntegrityError, match="account_once"), transaction.atomic():
        StrengthAccount.objects.create(
            operation=make.operation(), agency=entry.agency, part="reserve",
            unit=entry.target.unit, region=entry.target.region,
        )  # fmt: skip


def test_each_sees_what_is_his_or_under_his_control(
    db, coordinator, liaison_korem, liaison_polda, liaison_kpu
):
    declare(100)
    move(40)
    move(10, controller=Agency.objects.get(slug="polda-kalsel"))
    seen = [
        StrengthTransfer.objects.visible_to(actor).count()
        for actor in (coordinator, liaison_korem, liaison_polda, liaison_kpu, None)
    ]
    assert seen == [3, 3, 1, 0, 0]
    accounts = StrengthAccount.objects.visible_to(liaison_polda)
    assert [account.balance for account in accounts] == [10]


@pytest.mark.django_db(transaction=True)
def test_twenty_transfers_at_once_lose_nobody():
    declare(100)

    def one(number):
        try:
            move(7, unit=KODIMS[number % 3])
            return 7
        except Refused:
            return 0
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        moved = sum(pool.map(one, range(20)))
    assert moved == 98
    assert parts() == {"not_itemised": 2, "reserve": 98}
    assert {a.balance for a in StrengthAccount.objects.filter(part="not_itemised")} == {2}


def test_the_ledger_opens_for_what_was_there_before(db):
    declare(100)
    place(30, ends_on=date(2024, 12, 31))
    Deployment.objects.filter().update(personnel=130)
    owner = connection.cursor()
    before = [(d.agency_id, d.starts_on, d.personnel) for d in Deployment.objects.order_by("pk")]
    migration = import_module("deployments.migrations.0008_ledger_opens")
    old = list(StrengthTransfer.objects.values_list("pk", flat=True))
    # The same agency's ledger cannot open twice, so another agency takes over the old rows.
    polda = Agency.objects.get(slug="polda-kalsel")
    Deployment.objects.update(agency=polda)
    migration._open_agency(apps, make.operation(), polda.pk, [], list(Deployment.objects.all()))
    owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
    new = StrengthTransfer.objects.exclude(pk__in=old).filter(agency=polda)
    assert len(before) == 1
    assert sorted(new.values_list("personnel", "effective_on", "reason")) == [
        (130, START, "Saldo awal: rincian melebihi kekuatan yang dinyatakan"),
        (130, START, "Uji"),
        (130, date(2025, 1, 1), "Uji"),
    ]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["move", "move", "back", "reverse", "declare"]),
        st.integers(0, 9),
        st.integers(1, 60),
        st.integers(0, 5),
    ),
    max_size=12,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_random_moves_keep_every_balance_and_the_past(db, steps):
    with transaction.atomic():
        declare(100)
        total, seen = 100, []
        for number, (what, which, people, days) in enumerate(steps, start=1):
            at = AT + timedelta(minutes=number)
            try:
                with transaction.atomic():
                    total = step(what, which, people, days, at) or total
            except Refused:
                pass
            seen.append((at, sorted(parts(known_at=at).items())))
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        for at, then in seen:
            assert sorted(parts(known_at=at).items()) == then
        assert_balanced(total)
        transaction.set_rollback(True)


def step(what, which, people, days, at):
    """One random act; the new total if it announced one."""
    on = START + timedelta(days=days)
    if what == "declare":
        declare(60 + people, at=at)
        return 60 + people
    entries = list(StrengthTransfer.objects.order_by("pk"))
    entry = entries[which % len(entries)]
    if what == "reverse":
        actions.reverse_transfer(entry, reason="uji", by=SYSTEM, at=at)
    elif what == "back" and entry.target is not None:
        move(people, source=entry.target, unit=KODIMS[which % 3], on=on, at=at)
    else:
        move(people, unit=KODIMS[which % 3], on=on, at=at)
    return None


def assert_balanced(total):
    entries = list(StrengthTransfer.objects.all())
    balances = {account.pk: account.balance for account in StrengthAccount.objects.all()}
    for account, balance in balances.items():
        came = sum(entry.personnel for entry in entries if entry.target_id == account)
        went = sum(entry.personnel for entry in entries if entry.source_id == account)
        assert balance == came - went >= 0
    assert sum(balances.values()) == total


def test_the_page_of_a_move_says_why_nobody_can_be_moved(settings, client, sign_in, liaison_korem):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = AT, clock.true_now().timestamp()
    sign_in(client, liaison_korem)
    url = reverse("deployments:transfer_create")
    nothing = client.get(url).content.decode()
    assert "Belum ada kekuatan yang dinyatakan" in nothing
    assert reverse("deployments:declare") in nothing
    declare(100)
    assert 'name="personnel"' in client.get(url).content.decode()
    place(100)
    tied = client.get(url).content.decode()
    assert "Semua orang yang tercatat terikat penempatan." in tied
    assert f'class="btn btn-primary" href="{reverse("deployments:deployment_list")}"' in tied
    assert 'name="personnel"' not in tied
