"""Data per: the moment of the newest change behind the figures, on map, wall, files and API."""

import io
from datetime import date, datetime, timedelta

import pytest
from openpyxl import load_workbook

from deployments import actions
from deployments.actions.folding import fold
from deployments.models import StrengthAccount
from portal import clock
from portal.access.actor import SYSTEM
from portal.registry.models import Agency, Region
from tests.factories import deployments as make

DAY = date(2024, 11, 20)
DATA = "/peta/data/"


def when(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, second, tzinfo=clock.WITA)


@pytest.fixture
def see(db, client, commander, sign_in, settings):
    """Asks the map's data at a moment of the clock."""
    for slug in ("polda-kalsel", "korem-101"):
        actions.declare_strength(
            make.operation(), Agency.objects.get(slug=slug), total=900, source="uji",
            as_of=when(5), by=SYSTEM, at=when(5, 32),
        )  # fmt: skip
    make.expect()
    fold()
    sign_in(client, commander)

    def ask(now: datetime, **query: str) -> dict:
        settings.DEMO_NOW, settings.DEMO_ANCHOR = now, clock.true_now().timestamp()
        return client.get(DATA, query).json()

    return ask


def moment(answer: dict) -> datetime:
    return datetime.fromisoformat(answer["as_of"])


def figures(answer: dict) -> list[tuple[str, str]]:
    return [(region["text"], region["say"]) for region in answer["regions"]]


def move(people: int, region: str, at: datetime):
    values = {
        "part": "engaged", "unit": make.unit("polres-banjar"),
        "region": Region.objects.get(code=region), "place": None, "controller": None,
        "personnel": people, "effective_on": DAY, "reason": "Geser", "origin": "",
    }  # fmt: skip
    head = StrengthAccount.objects.get(agency__slug="polda-kalsel", part="not_itemised")
    return actions.transfer(head, values, by=SYSTEM, at=at)


def send(at: datetime, unit: str = "polres-banjar", **given):
    standing = make.expected(unit).report
    return actions.submit_report(
        make.unit(unit), make.CUT_OFF, make.figures(**given), lines=[],
        replaces=standing.number if standing else 0, confirm="Uji", by=SYSTEM, at=at,
    )  # fmt: skip


def story(at: datetime):
    """Each change with the moment of it, in turn."""
    entry = move(40, "63.03", at + timedelta(minutes=1))
    yield at + timedelta(minutes=1)
    actions.reverse_transfer(entry, reason="Salah", by=SYSTEM, at=at + timedelta(minutes=2))
    yield at + timedelta(minutes=2)
    report = send(at + timedelta(minutes=3))
    yield at + timedelta(minutes=3)
    actions.verify_report(report, version=report.version, by=SYSTEM, at=at + timedelta(minutes=4))
    yield at + timedelta(minutes=4)
    report.refresh_from_db()
    report = send(at + timedelta(minutes=5), total=90, present=90, on_leave=0)
    yield at + timedelta(minutes=5)
    actions.return_report(
        report, note="Salah", version=report.version, by=SYSTEM, at=at + timedelta(minutes=6)
    )
    yield at + timedelta(minutes=6)
    make.reinforce("63.03", 12, at + timedelta(minutes=7))
    yield at + timedelta(minutes=7)
    make.threshold("personnel", at + timedelta(minutes=8), ready=99)
    yield at + timedelta(minutes=8)
    actions.set_guard_pattern(
        make.operation(), Agency.objects.get(slug="polda-kalsel"), tps_class="kurang_rawan",
        police=2, tps=4, linmas=8, valid_from=DAY, source="uji", by=SYSTEM,
        at=at + timedelta(minutes=9),
    )  # fmt: skip
    yield at + timedelta(minutes=9)


@pytest.mark.parametrize("within", ["63", "63.03"])
def test_data_per_is_the_newest_change_and_gives_its_figures_again(see, within):
    start = when(18, 30)
    shown: list[tuple[datetime, dict[str, list]]] = []
    for changed in story(start):
        fold()
        now = changed + timedelta(seconds=20)
        answers = {
            key: see(now, within=within, measure=key) for key in ("strength", "gap", "readiness")
        }
        assert {moment(answer) for answer in answers.values()} == {changed}
        shown.append((changed, {key: figures(answer) for key, answer in answers.items()}))
    for changed, told in shown:
        for named in (changed.isoformat(), f"{clock.local(changed):%Y-%m-%dT%H:%M}"):
            for key, before in told.items():
                again = see(when(20), within=within, measure=key, at=named)
                assert (moment(again), figures(again)) == (changed, before), (key, named)


def test_another_regency_s_change_makes_no_region_newer(see):
    move(40, "63.03", when(13, 6))
    assert moment(see(when(13, 13), within="63.03")) == when(13, 6)
    assert see(when(13, 13), within="63.05")["as_of"] == ""
    assert moment(see(when(13, 13))) == when(13, 6)


def test_what_holds_from_a_day_on_and_a_cut_off_are_changes_of_their_own(see):
    values = {"effective_on": DAY + timedelta(days=1)}
    entry = move(40, "63.03", when(13, 6))
    assert entry.effective_on == DAY
    head = StrengthAccount.objects.get(agency__slug="polda-kalsel", part="not_itemised")
    actions.transfer(
        head,
        {
            "part": "engaged", "unit": make.unit("polres-tapin"),
            "region": Region.objects.get(code="63.05"), "place": None, "controller": None,
            "personnel": 5, "reason": "Geser", "origin": "", **values,
        },
        by=SYSTEM, at=when(13, 7),
    )  # fmt: skip
    assert moment(see(when(13, 13))) == when(13, 6)
    assert moment(see(when(18, 1))) == make.CUT_OFF
    assert moment(see(clock.midnight(DAY + timedelta(days=1)) + timedelta(minutes=5))) == (
        clock.midnight(DAY + timedelta(days=1))
    )


def test_seconds_of_the_newest_change_are_in_its_minute(see, client):
    move(40, "63.03", when(13, 6, 40))
    running = see(when(13, 6, 50), within="63.03")
    assert "13.06" in running["texts"]["as_of"]
    for now in (when(13, 6, 50), when(14)):
        asked = see(now, within="63.03", at="2024-11-20T13:06")
        assert figures(asked) == figures(running)
        assert "Rencana" not in asked["texts"]["moment"]


def test_wall_files_and_api_say_the_same_moment(see, client):
    move(40, "63.03", when(13, 6))
    said = see(when(13, 13), within="63.03")
    text = said["texts"]["as_of"]
    assert "13.06" in text
    for address in ("/peta/", "/peta/dinding/"):
        assert text in client.get(address, {"within": "63.03"}).content.decode(), address
    file = io.BytesIO(client.get("/peta/unduh/", {"within": "63.03"}).content)
    notes = [row[0] for row in load_workbook(file).active.iter_rows(max_row=6, values_only=True)]
    assert any(text in (note or "") for note in notes), notes
    rows = client.get("/api/v1/rollups/", {"region": "63.03", "level": "regency"}).json()["results"]
    [told] = [row["as_of"] for row in rows if row["agency"] == "polda-kalsel"]
    assert datetime.fromisoformat(told) == when(13, 6)
