"""Each act over the API: once per key, one row in the audit, the same rights as the pages."""

import pytest

from incidents.models import ClockStep, GakkumduCase
from tests.api_twins import Twin
from tests.factories.gakkumdu import open_case, walk, wita
from tests.factories.incidents import report

CASES = "gakkumdu-cases/"


@pytest.fixture
def twin(client, sign_in):
    return Twin(client, sign_in)


def test_handing_over(twin, people, liaison_bawaslu, demo_clock):
    demo_clock(wita(11, 5, 12))
    incident = report(liaison_bawaslu, code="B4", at=wita(11, 4))
    body = {
        "incident": incident.pk,
        "basis": "laporan",
        "known_at": "2024-11-01T09:00:00+08:00",
        "received_at": "2024-11-04T09:00:00+08:00",
        "summary": "Amplop berisi uang.",
        "complete": True,
    }
    api = twin(liaison_bawaslu)
    assert api.status(CASES, body | {"complete": False}) == 422
    made = api.once("gakkumdu.open", CASES, body)
    assert made == {"id": GakkumduCase.objects.get().pk, "number": "GK-2024-0001"}

    assert api.status(CASES, body) == 404
    assert api.get(f"incidents/{incident.pk}/").status_code == 404
    assert api.get("gakkumdu-handed-over/").json()["results"] == [
        {"number": incident.number, "type": "B4", "region": "63.03"}
    ]
    assert api.get(CASES).status_code == 403


def test_a_case_along_its_way(twin, people, liaison_bawaslu, demo_clock):
    demo_clock(wita(11, 21, 10))
    case = walk(open_case(liaison_bawaslu), people, until="penelitian")
    address = f"{CASES}{case.pk}/"

    back = {"happened_at": "2024-11-21T09:00:00+08:00", "reason": "Ahli."}
    assert twin(people["gakkumdu.polda"]).status(f"{address}return/", back) == 409
    returned = twin(people["gakkumdu.kejati"]).once("gakkumdu.returned", f"{address}return/", back)
    assert (returned["step"], returned["holder"]) == ("perbaikan", "Penyidik Polri")
    fixed = {"step": "perbaikan", "happened_at": "2024-11-21T09:30:00+08:00"}
    done = twin(people["gakkumdu.polda"]).once("gakkumdu.done", f"{address}finish/", fixed)
    running = [step for step in done["clock"] if step["state"] == "berjalan"]
    assert [(step["code"], step["left"], step["unit"]) for step in running] == [
        ("pelimpahan", 5, "hari_kerja")
    ]
    assert running[0]["ends_at"] == "2024-11-30T00:00:00+08:00"

    over = {"outcome": "kurang_bukti", "reason": "Dihentikan."}
    closed = twin(people["gakkumdu.bawaslu"]).once("gakkumdu.closed", f"{address}close/", over)
    assert (closed["outcome"], closed["lapsed"]) == ("kurang_bukti", False)
    kinds = [
        row["kind"] for row in twin(people["gakkumdu.kejati"]).get(f"{address}entries/").json()
    ]
    assert kinds[-3:] == ["returned", "done", "closed"]
    assert kinds.count("opened") == 1


def test_the_extension_and_a_stale_version(twin, people, liaison_bawaslu, demo_clock):
    demo_clock(wita(11, 5, 12))
    case = open_case(liaison_bawaslu)
    api = twin(people["gakkumdu.bawaslu"])
    body = {"step": "kajian", "reason": "Saksi."}
    extended = api.once("gakkumdu.extended", f"{CASES}{case.pk}/extend/", body)
    step = next(step for step in extended["clock"] if step["code"] == "kajian")
    assert (step["extended"], step["left"]) == (True, 4)

    late = {"step": "kajian", "happened_at": "2024-11-05T11:00:00+08:00"}
    assert api.status(f"{CASES}{case.pk}/finish/", late, **{"If-Match": '"1"'}) == 412


def test_others_find_no_case(twin, people, liaison_bawaslu, coordinator, auditor):
    case = open_case(liaison_bawaslu)
    for actor in (coordinator, auditor, liaison_bawaslu):
        assert twin(actor).get(f"{CASES}{case.pk}/").status_code == 403
    listed = twin(people["gakkumdu.kejati"]).get(CASES).json()
    assert [row["number"] for row in listed["results"]] == [case.number]


def test_the_clock_is_corrected_by_an_administrator(twin, people, admin):
    api = twin(admin)
    changed = api.once(
        "gakkumdu_clock.change",
        "gakkumdu-clock/kajian/",
        {"limit": 4, "source": "Pendapat hukum"},
        method="patch",
    )
    assert (changed["limit"], changed["extension"], changed["by_hand"]) == (4, 2, True)
    assert ClockStep.objects.get(pk="kajian").version == 2
    address = "gakkumdu-clock/kajian/"
    assert api.status(address, {"limit": 5}, "patch", **{"If-Match": '"1"'}) == 412
    assert api.status("gakkumdu-clock/syarat/", {"extension": 2}, "patch") == 422
    assert twin(people["gakkumdu.kejati"]).status(address, {"limit": 9}, "patch") == 403
