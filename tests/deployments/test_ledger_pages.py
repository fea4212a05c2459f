"""The ledger through its doorways: the same numbers on page, file and API, and each sees his."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deployments import actions
from deployments.models import StrengthAccount, StrengthDeclaration, StrengthTransfer
from deployments.views import ledger
from portal import clock
from portal.access.actor import SYSTEM
from portal.registry.models import Agency, Region
from tests.factories import deployments as make

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
STATEMENT = "/kuat-personel/mutasi/"


@pytest.fixture(autouse=True)
def now(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()


def declare(total, slug="korem-101"):
    actions.declare_strength(
        make.operation(), Agency.objects.get(slug=slug),
        total=total, source="uji", as_of=NOW, by=SYSTEM, at=NOW,
    )  # fmt: skip


def move(personnel, controller=None):
    values = {
        "part": "reserve", "unit": make.unit("kodim-1001"),
        "region": Region.objects.get(code="63.09"), "place": None, "controller": controller,
        "personnel": personnel, "effective_on": date(2024, 9, 1), "reason": "Geser", "origin": "",
    }  # fmt: skip
    head = StrengthAccount.objects.get(agency__slug="korem-101", part="not_itemised")
    return actions.transfer(head, values, by=SYSTEM, at=NOW)


def test_four_hundred_are_named_on_page_and_api(client, sign_in, coordinator):
    declare(12465, slug="pemprov-kalsel")
    head = StrengthAccount.objects.get(agency__slug="pemprov-kalsel")
    for region, people in (("63.01", 3044), ("63.02", 9021)):
        values = {
            "part": "engaged", "unit": make.unit("pemprov-kalsel"),
            "region": Region.objects.get(code=region), "place": None, "controller": None,
            "personnel": people, "effective_on": date(2024, 9, 1), "reason": "uji", "origin": "",
        }  # fmt: skip
        actions.transfer(head, values, by=SYSTEM, at=NOW)
    sign_in(client, coordinator)
    assert "400 orang tidak terperinci" in client.get("/kuat-personel/").content.decode()
    [row] = client.get("/api/v1/rollups/?level=province").json()["results"]
    assert (row["declared"], row["not_itemised"]) == (12465, 400)
    api = client.get("/api/v1/strength-statements/?agency=pemprov-kalsel").json()
    assert api["parts"]["not_itemised"] == 400


def test_a_moment_to_come_is_refused_while_the_operation_runs(client, sign_in, liaison_korem):
    sign_in(client, liaison_korem)
    given = {
        "agency": liaison_korem.agency_id, "total": 10, "source": "uji",
        "as_of": "2026-11-20T08:00",
    }  # fmt: skip
    answer = client.post("/kuat-personel/nyatakan/", given)
    assert answer.context["form"].errors == {"as_of": ["Waktu ini belum tiba."]}
    assert not StrengthDeclaration.objects.filter(agency=liaison_korem.agency_id).exists()


def test_statement_opens_and_closes_with_the_days_asked(client, sign_in, liaison_korem):
    declare(100)
    move(30)
    sign_in(client, liaison_korem)
    found = client.get(f"{STATEMENT}?unit=kodim-1001&since=2024-09-02").context["statement"]
    assert (found.opening, found.lines, found.closing) == (30, [], 30)
    whole = client.get(f"{STATEMENT}?unit=kodim-1001").context["statement"]
    assert [(line.incoming, line.outgoing, line.balance) for line in whole.lines] == [(30, 0, 30)]
    wrong = client.get(f"{STATEMENT}?since=2024-09-02&until=2024-09-01")
    assert "Tanggal selesai mendahului tanggal mulai." in wrong.content.decode()
    assert client.get("/api/v1/strength-statements/?until=2024-01-01").status_code == 422


@pytest.mark.parametrize("entries", [1, 3])
def test_statement_costs_the_same_whatever_its_length(client, sign_in, liaison_korem, entries):
    declare(100)
    for _again in range(entries):
        move(5)
    sign_in(client, liaison_korem)
    client.get(STATEMENT)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        client.get(STATEMENT)
    assert len([q for q in caught if "strengthtransfer" in q["sql"]]) == 5


def test_each_reads_what_is_his_or_under_his_control(
    client, sign_in, liaison_korem, liaison_polda, liaison_kpu
):
    declare(100)
    move(30)
    move(10, controller=Agency.objects.get(slug="polda-kalsel"))
    for actor, closing, listed in ((liaison_korem, 100, 3), (liaison_polda, 10, 1),
                                   (liaison_kpu, 0, 0)):  # fmt: skip
        sign_in(client, actor)
        assert client.get(STATEMENT).context["statement"].closing == closing
        assert client.get("/api/v1/strength-statements/").json()["closing"] == closing
        assert client.get("/api/v1/strength-accounts/").json()["count"] == listed
        assert client.get("/api/v1/strength-transfers/").json()["count"] == listed


def test_declare_page_keeps_what_was_typed_and_only_ones_own(client, sign_in, liaison_korem):
    sign_in(client, liaison_korem)
    korem, polda = (Agency.objects.get(slug=slug).pk for slug in ("korem-101", "polda-kalsel"))
    data = {"agency": polda, "total": 50, "source": "uji", "as_of": "2024-11-20T07:00"}
    refused = client.post("/kuat-personel/nyatakan/", data)
    assert refused.status_code == 200
    assert refused.context["form"]["total"].value() == "50"
    assert client.post("/kuat-personel/nyatakan/", data | {"agency": korem}).status_code == 302
    assert StrengthDeclaration.objects.get().total == 50


def test_move_and_reversal_pages(client, sign_in, liaison_korem, liaison_polda, posko_banjar):
    declare(100)
    sign_in(client, liaison_korem)
    head = StrengthAccount.objects.get()
    data = {
        "source": head.pk, "part": "reserve", "unit": make.unit("kodim-1001").pk,
        "region": "63.09", "personnel": 101, "effective_on": "2024-11-20", "reason": "Geser",
    }  # fmt: skip
    url = f"{STATEMENT}baru/"
    assert "hanya 100 orang" in client.post(url, data).content.decode()
    assert client.post(url, data | {"personnel": 40}).status_code == 302
    entry = StrengthTransfer.objects.get(reason="Geser")
    assert entry.by_post_id == liaison_korem.post_id
    back = f"{STATEMENT}{entry.pk}/balik/"
    assert back in client.get(STATEMENT).content.decode()
    assert client.post(back, {"reason": ""}).status_code == 200
    sign_in(client, liaison_polda)
    assert client.get(back).status_code == 404
    sign_in(client, posko_banjar)
    assert client.post(url, data).status_code == 403
    sign_in(client, liaison_korem)
    assert client.post(back, {"reason": "keliru"}).status_code == 302
    mirror = StrengthTransfer.objects.get(reverses=entry)
    assert mirror.reason == "keliru"
    assert "Pembalikan" in client.get(STATEMENT).content.decode()
    for row, sentence in (
        (entry, "Mutasi ini sudah dibalik."),
        (mirror, "Mutasi ini sendiri suatu pembalikan; catat mutasi baru."),
    ):
        refused = client.get(f"{STATEMENT}{row.pk}/balik/", follow=True)
        assert refused.redirect_chain == [(STATEMENT, 302)]
        assert [str(message) for message in refused.context["messages"]] == [sentence]


def test_a_controller_does_not_move_the_owners_people(client, sign_in, liaison_polda):
    declare(100)
    entry = move(10, controller=Agency.objects.get(slug="polda-kalsel"))
    sign_in(client, liaison_polda)
    assert client.post(f"{STATEMENT}{entry.pk}/balik/", {"reason": "x"}).status_code == 403
    body = {
        "source": entry.target_id, "part": "engaged", "region": "63.09", "personnel": 1,
        "unit": "kodim-1001", "effective_on": "2024-11-20", "reason": "x",
    }  # fmt: skip
    made = client.post("/api/v1/strength-transfers/", body, content_type="application/json")
    assert made.status_code == 403


def test_move_and_reversal_by_api(client, sign_in, liaison_korem):
    declare(100)
    sign_in(client, liaison_korem)
    body = {
        "source": StrengthAccount.objects.get().pk, "part": "reserve", "region": "63.09",
        "unit": "kodim-1001", "personnel": 40, "effective_on": "2024-11-20", "reason": "Geser",
    }  # fmt: skip
    made = [
        client.post(
            "/api/v1/strength-transfers/",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": "satu"},
        )  # fmt: skip
        for _again in range(2)
    ]
    assert [answer.status_code for answer in made] == [201, 201]
    entry = StrengthTransfer.objects.get(reason="Geser")
    assert made[0].json()["id"] == entry.pk
    url = f"/api/v1/strength-transfers/{entry.pk}/reverse/"
    answers = [
        client.post(url, {"reason": "keliru"}, content_type="application/json").status_code
        for _again in range(2)
    ]
    assert answers == [201, 409]
    too_many = client.post(
        "/api/v1/strength-transfers/", body | {"personnel": 101}, content_type="application/json"
    )
    assert "hanya 100 orang" in str(too_many.json())


def test_a_pdf_has_its_limit_and_says_so(client, sign_in, liaison_korem, monkeypatch):
    declare(100)
    sign_in(client, liaison_korem)
    monkeypatch.setattr(ledger, "PDF_ROWS", 0)
    answer = client.get(f"{STATEMENT}unduh/?format=pdf", follow=True)
    assert "PDF memuat paling banyak 0 mutasi; persempit harinya." in answer.content.decode()


def test_the_balance_of_an_account_is_that_of_the_moment(client, sign_in, liaison_korem):
    declare(100)
    entry = move(30)
    later = date(2024, 11, 25)
    values = {
        "part": "reserve", "unit": make.unit("kodim-1001"),
        "region": Region.objects.get(code="63.09"), "place": None, "controller": None,
        "personnel": 7, "effective_on": later, "reason": "Geser", "origin": "",
    }  # fmt: skip
    actions.transfer(entry.source, values, by=SYSTEM, at=NOW)
    sign_in(client, liaison_korem)

    def balance(**query) -> int:
        rows = client.get("/api/v1/strength-accounts/", query).json()["results"]
        [listed] = [row["balance"] for row in rows if row["id"] == entry.target_id]
        one = client.get(f"/api/v1/strength-accounts/{entry.target_id}/", query).json()
        assert one["balance"] == listed
        return listed

    assert balance() == 30
    assert balance(at="2024-11-25T08:00+08:00") == 37
    assert balance(at="2024-08-20T08:00+08:00") == 0
    entry.target.refresh_from_db()
    assert entry.target.balance == 37
    whole = client.get("/api/v1/strength-accounts/").json()
    statement = client.get(STATEMENT).context["statement"]
    assert whole["next"] is None
    assert sum(row["balance"] for row in whole["results"]) == statement.closing == 100
    assert client.get("/api/v1/strength-accounts/", {"at": "kemarin"}).status_code == 422


@pytest.mark.parametrize("page", ["/kuat-personel/", "/kesiapan/rekapitulasi/"])
def test_figures_of_a_moment_to_come_are_refused_at_the_field(
    forces, client, sign_in, coordinator, page
):
    sign_in(client, coordinator)
    answer = client.get(page, {"at": "2024-11-27T20:00", "within": "63.03"})
    html = answer.content.decode()
    assert "Waktu ini belum tiba; yang tampil adalah angka sekarang." in html
    assert "/peta/?at=2024-11-27T20%3A00&amp;within=63.03" in html
    assert answer.context["question"].past is False
    assert client.get(f"{page}unduh/", {"at": "2024-11-27T20:00"}).status_code == 404
    past = client.get(page, {"at": "2024-11-12T20:00"}).context["question"]
    assert (past.past, past.plan_url) == (True, "")
