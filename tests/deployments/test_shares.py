"""Units over several kecamatan: split by what their agency declares, or shown undistributed, and
never counted twice."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployments import actions
from deployments.models import Conflict, DistrictShare, Rollup
from deployments.queries import rollup_levels
from deployments.queries.need_rows import need_table
from deployments.queries.shares import split, split_report
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused
from portal.audit.models import Entry
from portal.registry.models import Region
from tests.factories import deployments as make

AT = make.CUT_OFF + timedelta(hours=1)
PARTS = ("total", "present", "engaged", "standby", "reserve")
SHARES = st.dictionaries(
    st.sampled_from([f"63.03.{number:02}" for number in range(1, 21)]),
    st.integers(1, 10_000),
    max_size=8,
).map(lambda found: {c: Decimal(n) / max(10_000, sum(found.values())) for c, n in found.items()})


@pytest.fixture
def due(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = AT, clock.true_now().timestamp()
    make.expect()


def declare(slug: str, at=make.OPENED, **shares: str):
    return actions.declare_shares(
        make.unit(slug),
        {f"63.03.{code[1:]}": Decimal(share) for code, share in shares.items()},
        source="Uji",
        by=SYSTEM,
        at=at,
    )


def send(slug: str, lines=(), **values):
    standing = make.expected(slug).report
    report = actions.submit_report(
        make.unit(slug),
        make.CUT_OFF,
        make.figures(**values),
        lines=lines,
        replaces=standing.number if standing else 0,
        confirm="Uji",
        by=SYSTEM,
        at=make.CUT_OFF,
    )
    actions.fold()
    return report


def by_district(name: str = "total") -> dict[str, int]:
    rows = Rollup.objects.filter(region__code__startswith="63.03.")
    return dict(rows.values_list("region_id", name))


@pytest.mark.parametrize(
    ("number", "shares", "given"),
    [
        (10, {"a": "0.5", "b": "0.5"}, {"a": 5, "b": 5}),
        (3, {"a": "0.5", "b": "0.5"}, {"a": 2, "b": 1}),
        (10, {"a": "0.3333", "b": "0.3333", "c": "0.3334"}, {"a": 3, "b": 3, "c": 4}),
        (10, {"a": "0.25"}, {"a": 3}),
        (1, {"a": "0.5"}, {"a": 1}),
        (7, {}, {}),
        (0, {"a": "1"}, {"a": 0}),
    ],
)
def test_whole_persons_by_the_largest_remainder(number, shares, given):
    assert split(number, {code: Decimal(share) for code, share in shares.items()}) == given


@given(number=st.integers(0, 100_000), shares=SHARES)
def test_split_gives_no_more_than_there_is_and_nobody_a_whole_person_wrong(number, shares):
    found = split(number, shares)
    assert found == split(number, dict(reversed(shares.items())))
    assert sum(found.values()) <= number
    assert all(abs(people - number * shares[code]) < 1 for code, people in found.items())
    if sum(shares.values()) == 1:
        assert sum(found.values()) == number


@given(
    absent=st.integers(0, 500),
    present=st.integers(0, 500),
    engaged=st.integers(0, 500),
    shares=SHARES,
)
def test_no_district_has_more_present_than_there_are(absent, present, engaged, shares):
    values = {"total": absent + present, "present": present, "engaged": engaged}
    rows = split_report(values | {"standby": 0, "reserve": 0}, shares)
    assert all(row["present"] <= row["total"] for row in rows)
    assert sum(row["total"] for row in rows) <= values["total"]


def test_report_without_districts_is_split_by_the_declared_share(due):
    declare("polres-banjar", d02="0.5", d03="0.25")
    send("polres-banjar")
    assert by_district() == {"63.03.02": 50, "63.03.03": 25}
    assert Rollup.objects.get(region="63.03").total == 100


def test_report_that_itemises_is_not_split(due):
    declare("polres-banjar", d02="0.5", d03="0.25")
    send("polres-banjar", [make.line("63.03.04")])
    assert by_district() == {"63.03.04": 10}


def test_split_contradicts_nobody_and_is_not_copied(due):
    declare("polres-banjarbaru", d01="0.5")
    mine = send("polres-banjarbaru")
    send("polres-banjar", [make.line("63.03.01", total=20)])
    assert not Conflict.objects.exists()
    assert Rollup.objects.get(region="63").conflicts == 0
    assert Rollup.objects.get(region="63").total == 200
    assert actions.lines_of(mine) == []
    assert send("polres-banjarbaru") == mine, "the same again changes nothing"


def test_shares_that_change_leave_what_was_reported(due):
    declare("polres-banjar", d02="1")
    send("polres-banjar")
    declare("polres-banjar", at=AT, d03="1")
    actions.rebuild(make.operation(), at=AT)
    assert by_district() == {"63.03.02": 100}


def test_incremental_equals_rebuild_with_shares(due):
    declare("polres-banjar", d02="0.3333", d03="0.3333", d04="0.1")
    declare("polres-banjarbaru", d01="0.4")
    send("polres-banjar", present=91, on_leave=9)
    send("polres-banjarbaru")
    before = list(Rollup.objects.order_by("pk").values_list("pk", "region", *PARTS))
    actions.rebuild(make.operation(), at=AT)
    assert list(Rollup.objects.order_by("pk").values_list("pk", "region", *PARTS)) == before


@pytest.fixture
def trial(db):
    """A transaction per example, rolled back: hypothesis runs many inside one test."""

    @contextmanager
    def run():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return run


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    placed=st.dictionaries(
        st.sampled_from(["63", "63.03", "63.03.02"]), st.integers(1, 300), max_size=3
    ),
    percents=st.dictionaries(
        st.sampled_from(["d02", "d03", "d04", "d05"]), st.integers(1, 25), max_size=4
    ),
    itemises=st.booleans(),
)
def test_districts_and_undistributed_add_up_to_the_regency(trial, placed, percents, itemises):
    with trial():
        make.expect()
        declare("polres-banjar", **{code: f"0.{n:02}" for code, n in percents.items()})
        for minute, (code, people) in enumerate(placed.items()):
            make.reinforce(code, people, make.OPENED + timedelta(minutes=minute), "polres-banjar")
        send("polres-banjar", [make.line("63.03.03")] if itemises else [])
        levels = rollup_levels(
            make.operation(),
            levels=["province", "regency", "district"],
            agency_slug="polda-kalsel",
            at=AT,
        )
        [whole] = [row for row in levels["regency"] if row.region == "63.03"]
        inside = [row for row in levels["district"] if row.region.startswith("63.03")]
        for name in ("engaged", "total", "present", "reported_engaged"):
            assert sum(getattr(row, name) for row in inside) == getattr(whole, name)
            assert all(getattr(row, name) >= 0 for row in inside)
            for level in ("regency", "district"):
                total = sum(getattr(row, name) for row in levels[level])
                assert total == getattr(levels["province"][0], name)
        assert levels["province"][0].engaged == sum(placed.values())
        table = need_table(make.operation(), AT, Region.objects.get(code="63.03"))
        if table.agency:
            assert sum(row.engaged for row in table.rows) == table.total.engaged == whole.engaged


def test_map_and_table_show_the_split_and_what_is_not_split(due, client, sign_in, commander):
    declare("polres-banjar", d02="0.5", d03="0.25")
    make.reinforce("63.03", 40, make.OPENED, "polres-banjar")
    sign_in(client, commander)
    page = client.get("/peta/", {"within": "63.03"})
    lines = {line.code: line.declared for line in page.context["lines"]}
    assert (lines["63.03.02"], lines["63.03.03"]) == ("20", "10")
    [rest] = page.context["rests"]
    assert (rest.name, rest.declared) == ("Tidak terperinci per kecamatan", "10")
    assert page.context["total"].declared == "40"


def test_past_moment_keeps_its_split(due):
    make.reinforce("63.03", 40, make.OPENED, "polres-banjar")
    declare("polres-banjar", at=AT, d02="1")
    before, after = (
        {
            row.region: row.engaged
            for row in rollup_levels(
                make.operation(), levels=["district"], agency_slug="polda-kalsel", at=at
            )["district"]
            if row.engaged
        }
        for at in (make.CUT_OFF, AT)
    )
    assert (before, after) == ({"63.03": 40}, {"63.03.02": 40})


def test_shares_are_recorded_once(due):
    first = declare("polres-banjar", d02="0.5")
    assert declare("polres-banjar", at=AT, d02="0.5") == first
    assert Entry.objects.filter(verb="unit.shares").count() == 1
    declare("polres-banjar", at=AT)
    assert not DistrictShare.objects.declared(AT).exists()


@pytest.mark.parametrize(
    ("shares", "field"),
    [
        ({"d02": "0.6", "d03": "0.5"}, "shares"),
        ({"d01": "0.5"}, "shares"),
        ({"d02": "1.5"}, "shares"),
        ({"d02": "-0.5"}, "shares"),
    ],
)
def test_impossible_shares_are_refused(due, shares, field):
    with pytest.raises(Refused) as refused:
        declare("polres-banjar", **shares)
    assert refused.value.field == field
    assert not DistrictShare.objects.exists()


def row(share: str, code: str = "63.03.02") -> DistrictShare:
    return DistrictShare(
        unit=make.unit("polres-banjar"),
        district_id=code,
        share=Decimal(share),
        source="Uji",
        since=AT,
    )


def test_database_refuses_more_than_the_whole(due):
    with pytest.raises(IntegrityError, match="exceed the whole"), transaction.atomic():
        DistrictShare.objects.bulk_create([row("0.6"), row("0.5", "63.03.03")])
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="within_whole"), transaction.atomic():
        row("0").save()
    with pytest.raises(IntegrityError, match="one_open"), transaction.atomic():
        DistrictShare.objects.bulk_create([row("0.1"), row("0.2")])


def test_database_keeps_a_share_as_it_was_declared(due):
    [kept] = declare("polres-banjar", d02="0.5")
    for attempt in (
        lambda: DistrictShare.objects.filter(pk=kept.pk).update(share=1),
        lambda: DistrictShare.objects.filter(pk=kept.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_owner_declares_through_the_page(due, client, sign_in, liaison_polda):
    sign_in(client, liaison_polda)
    listed = client.get("/kuat-personel/bagian/").context["units"]
    assert "polres-banjar" in {unit.slug for unit in listed}
    assert {unit.agency for unit in listed} == {"Polda Kalsel"}
    address = "/kuat-personel/bagian/polres-banjar/"
    assert client.get(address).status_code == 200
    too_much = {"share-63.03.02": "60", "share-63.03.03": "50", "source": "Uji"}
    assert client.post(address, too_much).status_code == 200
    assert not DistrictShare.objects.exists()
    assert client.post(address, too_much | {"share-63.03.03": "12.5"}).status_code == 302
    assert dict(DistrictShare.objects.values_list("district_id", "share")) == {
        "63.03.02": Decimal("0.6"),
        "63.03.03": Decimal("0.125"),
    }


def test_others_declare_nothing(due, client, sign_in, liaison_kpu, commander):
    for actor in (liaison_kpu, commander):
        sign_in(client, actor)
        page = client.get("/kuat-personel/bagian/polres-banjar/")
        assert page.status_code in (403, 404)
