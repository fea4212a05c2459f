"""Two units, one place, different numbers: shown to both, decided, undone by a new version."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployments import actions
from deployments.actions import ImportedReport
from deployments.enums import CONFLICT_MOVES, COUNTED, ConflictState, ExpectedState, ReportState
from deployments.models import Conflict, ExpectedReport, ReadinessReport, Rollup
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.factories import deployments as make

PLACE = "63.03.01"
OWNER, OTHER = "polres-banjarbaru", "polres-banjar"


@pytest.fixture
def due(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = make.OPENED, clock.true_now().timestamp()
    make.expect()


def send(slug, total=10, *, by=SYSTEM, **values):
    standing = make.expected(slug).report
    return actions.submit_report(
        make.unit(slug),
        make.CUT_OFF,
        make.figures(**values),
        lines=[make.line(PLACE, total=total)],
        replaces=standing.number if standing else 0,
        by=by,
        at=make.OPENED,
    )


def contradict() -> Conflict:
    send(OWNER)
    send(OTHER, 20)
    return Conflict.objects.get()


def decide(conflict, slug, by=SYSTEM, **given):
    values = {"reason": "Wilayah hukumnya", "version": conflict.version, "at": make.OPENED}
    return actions.decide_conflict(conflict, standing=make.unit(slug), by=by, **values | given)


def totals() -> tuple[int, int, int]:
    """The place, the province, and how many places contradict."""
    actions.fold()
    folded = {row.region_id: (row.total, row.conflicts) for row in Rollup.objects.all()}
    actions.rebuild(make.operation(), at=make.CUT_OFF)
    assert folded == {row.region_id: (row.total, row.conflicts) for row in Rollup.objects.all()}
    return folded[PLACE][0], folded["63"][0], folded["63"][1]


def state(slug) -> str:
    return make.expected(slug).state


@pytest.fixture
def above(monkeypatch, liaison_polda):
    return liaison_polda


def test_difference_is_a_row_and_both_reports_are_called_so(due):
    conflict = contradict()
    assert conflict.state == ConflictState.OPEN
    assert {side.unit.slug: side.total for side in conflict.sides.all()} == {OWNER: 10, OTHER: 20}
    assert (state(OWNER), state(OTHER)) == (ExpectedState.CONFLICT, ExpectedState.CONFLICT)
    assert totals() == (10, 200, 1)


def test_decision_lets_the_other_number_leave_the_totals(due, above):
    conflict = contradict()
    decided = decide(conflict, OTHER, above)
    assert (decided.state, decided.standing.slug) == (ConflictState.DECIDED, OTHER)
    assert (state(OWNER), state(OTHER)) == ("received", "received")
    # The owner's ten are set aside; the other's twenty stand at the place and leave its home.
    assert totals() == (20, 190, 0)
    assert decide(conflict, OTHER, above) == decided
    with pytest.raises(Stale):
        decide(conflict, OWNER, above)


def test_decision_for_the_owner_takes_the_other_number_out(due, above):
    decide(contradict(), OWNER, above)
    assert totals() == (10, 180, 0)


def test_decision_needs_a_reason_a_party_and_a_superior(due, above, posko_banjar, coordinator):
    conflict = contradict()
    with pytest.raises(Refused):
        decide(conflict, OWNER, above, reason=" ")
    with pytest.raises(Refused):
        decide(conflict, "polres-tapin", above)
    with pytest.raises(Exception, match="readiness.verify"):
        decide(conflict, OWNER, posko_banjar)
    assert decide(conflict, OWNER, coordinator).decided_by_id == coordinator.post_id
    assert Entry.objects.filter(verb="conflict.decide").count() == 1


def test_database_wants_a_decision_with_its_reason(due):
    conflict = contradict()
    with pytest.raises(IntegrityError), transaction.atomic():
        Conflict.objects.filter(pk=conflict.pk).update(state="decided")


def test_new_version_without_the_difference_dissolves_it(due):
    conflict = contradict()
    send(OTHER, 10)
    conflict.refresh_from_db()
    assert (conflict.state, conflict.sides.count()) == (ConflictState.DISSOLVED, 0)
    assert (state(OWNER), state(OTHER)) == ("received", "received")
    assert totals()[2] == 0


def test_decision_falls_with_a_new_number_and_holds_with_the_same(due, above):
    conflict = decide(contradict(), OWNER, above)
    send(OTHER, 20, present=80, on_leave=20, engaged=50)
    conflict.refresh_from_db()
    assert (conflict.state, totals()) == (ConflictState.DECIDED, (10, 180, 0))
    send(OTHER, 30)
    conflict.refresh_from_db()
    assert (conflict.state, conflict.standing, state(OTHER)) == ("open", None, "conflict")
    assert totals() == (10, 200, 1)


def test_returned_report_contradicts_nobody(due, above):
    conflict = contradict()
    report = make.expected(OTHER).report
    actions.return_report(report, note="?", version=1, by=above, at=make.OPENED)
    conflict.refresh_from_db()
    assert (conflict.state, state(OWNER), state(OTHER)) == ("dissolved", "received", "returned")


def test_import_finds_contradictions_too(due):
    rows = [
        ImportedReport(
            make.unit(slug),
            make.CUT_OFF,
            make.OPENED,
            make.figures(),
            [make.line(PLACE, total=total)],
        )
        for slug, total in ((OWNER, 10), (OTHER, 20))
    ]
    actions.import_reports(make.operation(), rows, by=SYSTEM, at=make.OPENED)
    assert Conflict.objects.get().sides.count() == 2
    assert (state(OWNER), state(OTHER)) == ("conflict", "conflict")


def test_both_sides_and_their_superior_see_it_and_nobody_else(
    due, client, sign_in, posko_banjar, above, kodim_1006, liaison_kpu, commander
):
    conflict = contradict()
    address = f"/kesiapan/pertentangan/{conflict.pk}/"
    for actor, seen in (
        (posko_banjar, 200),
        (above, 200),
        (commander, 200),
        (kodim_1006, 404),
        (liaison_kpu, 404),
    ):
        sign_in(client, actor)
        assert client.get(address).status_code == seen
        listed = client.get("/kesiapan/pertentangan/").context["rows"]
        assert len(listed) == (seen == 200)
    told = Notification.objects.filter(kind="readiness_conflict")
    assert {row.post_id for row in told} == {posko_banjar.post_id, above.post_id}


def test_superior_decides_on_the_page(due, client, sign_in, posko_banjar, above):
    conflict = contradict()
    address = f"/kesiapan/pertentangan/{conflict.pk}/"
    answer = {"standing": OWNER, "reason": "Wilayah hukumnya", "version": conflict.version}
    sign_in(client, posko_banjar)
    assert client.get(address).context["form"] is None
    assert client.post(address, answer).status_code == 403
    sign_in(client, above)
    assert client.post(address, answer | {"reason": ""}).status_code == 200
    assert client.post(address, answer).status_code == 302
    page = client.get(address).content.decode()
    assert "Wilayah hukumnya" in page
    decided = Notification.objects.get(kind="readiness_decided", post=posko_banjar.post_id)
    assert decided.context["standing"] == "Polres Banjarbaru"


def test_api_lists_and_decides(due, client, sign_in, above, liaison_kpu, posko_banjar):
    conflict = contradict()
    sign_in(client, liaison_kpu)
    assert client.get("/api/v1/readiness-conflicts/").json()["count"] == 0
    sign_in(client, above)
    [row] = client.get("/api/v1/readiness-conflicts/?state=open").json()["results"]
    assert {side["unit"]: side["total"] for side in row["sides"]} == {OWNER: 10, OTHER: 20}

    def post(**given):
        body = {"standing": OWNER, "reason": "Wilayah", "version": row["version"]} | given
        return client.post(
            f"/api/v1/readiness-conflicts/{conflict.pk}/decide/",
            body,
            content_type="application/json",
        )

    assert post(standing="polres-tapin").status_code == 422
    assert post().json()["standing"] == OWNER
    sign_in(client, posko_banjar)
    assert post().status_code == 403


def test_list_costs_the_same_for_one_and_three(due, client, sign_in, commander):
    contradict()
    sign_in(client, commander)
    counts = []
    for codes in ((), ("63.03.02", "63.03.03")):
        for code in codes:
            Conflict.objects.create(
                operation=make.operation(),
                agency=make.unit(OWNER).agency,
                region_id=code,
                cut_off_at=make.CUT_OFF,
                found_at=make.OPENED,
            )
        with CaptureQueriesContext(connection) as seen:
            client.get("/kesiapan/pertentangan/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_conflict_moves_lead_somewhere_known():
    assert set(CONFLICT_MOVES) == set(ConflictState)


STEP = st.tuples(
    st.sampled_from([OWNER, OTHER]),
    st.sampled_from(["10", "20", "30", "odd", "partial", "return", "verify", "release", "decide"]),
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEP, max_size=12))
def test_whatever_happens_each_report_is_called_what_it_is(due, above, steps):
    """Any order of sending, returning, verifying, releasing and deciding keeps the tables' moves,
    and leaves expectation, contradiction and totals in agreement."""
    with transaction.atomic():
        for slug, deed in steps:
            try:
                with transaction.atomic():
                    _do(slug, deed, above)
            except Refused:
                continue
            _agrees()
        totals_agree()
        transaction.set_rollback(True)


def _do(slug: str, deed: str, by) -> None:
    report = make.expected(slug).report
    if deed in ("10", "20", "30"):
        send(slug, int(deed))
    elif deed == "odd":
        send(slug, establishment=50)
    elif deed == "partial":
        send(slug, vehicles_percent=None, comms_percent=None)
    elif deed == "decide":
        conflict = Conflict.objects.filter(state=ConflictState.OPEN).first()
        if conflict:
            decide(conflict, slug, by)
    elif report is not None:
        given = {"version": report.version, "by": by, "at": make.OPENED + timedelta(hours=1)}
        if deed == "return":
            actions.return_report(report, note="?", **given)
        elif deed == "verify":
            actions.verify_report(report, **given)
        else:
            actions.release_report(report, reason="ya", **given)


def _agrees() -> None:
    contested = set(
        Conflict.objects.open().exclude(sides=None).values_list("sides__report", flat=True)
    )
    for row in ExpectedReport.objects.exclude(report=None).select_related("report"):
        report = row.report
        assert (row.state == ExpectedState.RETURNED) == (report.state == ReportState.RETURNED)
        assert (row.state == ExpectedState.QUARANTINED) == (report.state == ReportState.QUARANTINED)
        if report.state in COUNTED:
            assert (row.state == ExpectedState.CONFLICT) == (report.pk in contested)
            if report.pk not in contested:
                assert (row.state == ExpectedState.PARTIAL) == report.partial
    assert contested <= set(
        ReadinessReport.objects.filter(state__in=COUNTED).values_list("pk", flat=True)
    )


def totals_agree() -> None:
    actions.fold()
    folded = list(Rollup.objects.order_by("pk").values_list("region_id", "total", "conflicts"))
    actions.rebuild(make.operation(), at=make.CUT_OFF)
    assert folded == list(
        Rollup.objects.order_by("pk").values_list("region_id", "total", "conflicts")
    )


def counted(client, pk: int) -> dict[str, str]:
    rows = client.get(f"/kesiapan/pertentangan/{pk}/").context["sides"]
    return {row["unit"]: row["counted"] for row in rows}


def test_the_page_says_where_each_number_counts_as_the_totals_have_it(due, client, sign_in, above):
    conflict = contradict()
    sign_in(client, above)
    # The other's people stay in the whole of their unit: 100 + 100, ten of them at the place.
    assert totals()[:2] == (10, 200)
    assert counted(client, conflict.pk) == {
        "Polres Banjarbaru": "Ya", "Polres Banjar": "Tidak; tetap dalam jumlah satuannya",
    }  # fmt: skip
    said = "tetap dihitung dalam jumlah satuannya, sebagai tidak terperinci per kecamatan"
    report = make.expected(OTHER).report
    for address in (f"/kesiapan/pertentangan/{conflict.pk}/", f"/kesiapan/{report.pk}/"):
        assert said in client.get(address).content.decode(), address
    decide(conflict, OWNER, above)
    assert totals()[:2] == (10, 180)
    assert counted(client, conflict.pk) == {
        "Polres Banjarbaru": "Ya", "Polres Banjar": "Tidak, tidak dalam jumlah mana pun",
    }  # fmt: skip
