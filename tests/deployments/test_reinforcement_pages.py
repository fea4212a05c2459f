"""Reinforcement on pages, in the API, as a file and among one's duties: to each what is his."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from deployments import actions
from deployments.enums import TpsClass
from deployments.models import Contribution, Deployment, NeedsLogEntry, Reinforcement
from deployments.queries.reinforcement_detail import log_rows
from deployments.queries.reinforcements import ground, open_needs, unanswered_for
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused
from portal.registry.models import Region
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

LIST, API = "/penebalan/", "/api/v1/reinforcements/"


@pytest.fixture(autouse=True)
def now(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()
    announce()


def address(request):
    return reverse("deployments:reinforcement_detail", args=[request.pk])


def look(client, sign_in, actor, request):
    """What one person sees: on the list, on the page, in the API, in a file, by `visible_to`."""
    sign_in(client, actor)
    listed = [row["number"] for row in client.get(LIST).context["rows"]]
    found = [row["id"] for row in client.get(API).json()["results"]]
    seen = list(Reinforcement.objects.visible_to(actor).values_list("pk", flat=True))
    codes = (
        client.get(address(request)).status_code,
        client.get(f"{API}{request.pk}/").status_code,
    )
    assert listed == found == seen
    return bool(listed), codes


YES, NO = (True, (200, 200)), (False, (404, 404))


def test_who_asks_who_is_asked_and_who_gives_see_it(
    client, sign_in, posko_banjar, coordinator, auditor, liaison_polda, liaison_korem, kodim_1006,
    liaison_kpu, liaison_bawaslu,
):  # fmt: skip
    request = ask(posko_banjar)
    for actor in (posko_banjar, coordinator, auditor, liaison_polda):
        assert look(client, sign_in, actor, request) == YES
    for actor in (liaison_korem, kodim_1006, liaison_kpu, liaison_bawaslu):
        assert look(client, sign_in, actor, request) == NO
    give(request, "kodim-1006", 10)
    assert look(client, sign_in, kodim_1006, request) == YES
    assert look(client, sign_in, liaison_korem, request) == YES
    asked = ask(SYSTEM, "bawaslu-kalsel", unit=make.unit("polres-tapin"))
    assert look(client, sign_in, liaison_bawaslu, asked) == YES
    assert look(client, sign_in, liaison_kpu, asked) == NO
    for model in (Contribution, NeedsLogEntry):
        assert not model.objects.visible_to(liaison_kpu).exists()
    assert Contribution.objects.visible_to(kodim_1006).count() == 1
    assert NeedsLogEntry.objects.visible_to(kodim_1006).count() == 2


def test_a_file_holds_what_the_page_shows(client, sign_in, liaison_polda, liaison_korem):
    request = ask(SYSTEM, reason="=SUM(A1)")
    give(request, "polres-tapin", 25)
    sign_in(client, liaison_polda)
    given = {"format": "csv", "query": "state=lacking&lain=1"}
    body = _file(client.post("/ekspor/baru/penebalan/", given))
    [line] = [row for row in body.splitlines() if row.startswith(f"{request.pk},")]
    assert f",60,25,0,0,35,{_wita(request)}," in line
    assert "'=SUM(A1)" in line
    assert "Keadaan: Masih kurang" in body
    sign_in(client, liaison_korem)
    other = _file(client.post("/ekspor/baru/penebalan/", {"format": "csv", "query": ""}))
    assert request.unit.short_name not in other


def _file(answer):
    assert answer.status_code == 200, answer.content[:300]
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode("utf-8-sig")


def _wita(request):
    local = clock.local(request.asked_at)
    return f'"20 Nov 2024, {local:%H.%M} WITA"'


def test_the_whole_way_by_the_pages(
    client, sign_in, posko_banjar, coordinator, liaison_korem, demo_clock
):
    sign_in(client, posko_banjar)
    values = {
        "unit": make.unit("polres-banjar").pk,
        "region": "63.03",
        "personnel": 60,
        "starts_on": "2024-11-24",
        "ends_on": "2024-11-28",
        "priority": "segera",
        "reason": "Logistik",
        "addressees": [make.unit("korem-101").pk],
    }
    new = reverse("deployments:reinforcement_create")
    assert client.post(new, values | {"ends_on": "2024-11-01"}).status_code == 200
    assert client.post(new, values | {"unit": make.unit("polres-tapin").pk}).status_code == 200
    keyed = values | {"idempotency_key": "k-1"}
    first, again = client.post(new, keyed), client.post(new, keyed)
    assert (first.status_code, first.url) == (302, again["Location"])
    request = Reinforcement.objects.get()
    page = client.get(first.url)
    assert page.context["forms"]["give"] is None
    sign_in(client, coordinator)
    tapin = make.unit("polres-tapin").pk
    more = client.post(f"{first.url}beri/", {"unit": tapin, "personnel": 61})
    assert "paling banyak 60 lagi" in more.content.decode()
    client.post(f"{first.url}beri/", {"unit": tapin, "personnel": 40, "note": "Peleton 1"})
    foreign = client.post(f"{first.url}beri/", {"unit": make.unit("kodim-1006").pk, "personnel": 5})
    assert foreign.context["forms"]["give"].errors["unit"]
    sign_in(client, liaison_korem)
    [korem] = [row["pk"] for row in client.get(first.url).context["addressees"] if row["declines"]]
    client.post(f"{first.url}tolak/", {"addressee": korem, "reason": "Latihan"})
    assert counted(request).missing == 20
    given = request.contributions.get()
    walk(given, *TO_PLACE, by=coordinator, at=clock.now())
    demo_clock(FIRST)
    sign_in(client, posko_banjar)
    [row] = client.get(first.url).context["contributions"]
    assert (row["releases"], row["state"]) == (True, "Di tempat")
    stale = client.post(f"{first.url}lepas/{given.pk}/", {"version": 1})
    assert "sudah diubah sejak" in stale.content.decode()
    client.post(f"{first.url}lepas/{given.pk}/", {"version": row["version"]})
    page = client.get(first.url)
    assert page.context["state"] == "Terpenuhi sebagian"
    assert [line["missing"] for line in page.context["log"]] == [
        "20", "20", "20", "20", "20", "20", "20", "60",
    ]  # fmt: skip
    assert "Peleton 1" in page.content.decode()


def test_the_log_counts_people_in_english_too(liaison_korem):
    request = ask()
    give(request, "kodim-1006", 15, liaison_korem)
    with translation.override("en"):
        titles = [line["title"] for line in log_rows(request)]

    assert any(title.endswith(", 15 people") for title in titles)


def test_what_can_be_drawn_upon_stands_under_its_unit(client, sign_in, liaison_korem):
    request = ask(SYSTEM, "korem-101")
    for unit, people in (("kodim-1007", 30), ("kodim-1006", 40), ("kodim-1006", 2041)):
        reserve(people, unit)
    form = sign_in(client, liaison_korem).get(address(request)).context["forms"]["give"]
    none, *groups = form.fields["drawn_from"].choices

    assert none == ("", "Tidak ditarik dari penempatan lain")
    assert [(name, len(rows)) for name, rows in groups] == [
        (str(make.unit("kodim-1006")), 2),
        (str(make.unit("kodim-1007")), 1),
    ]
    assert [label.split(": ")[1] for _value, label in groups[0][1]] == [
        "40 orang, Cadangan",
        "2.041 orang, Cadangan",
    ]
    assert {name for name, _rows in groups} <= {
        label for _value, label in form.fields["unit"].choices
    }


def test_who_only_sees_it_cannot_touch_it(
    client, sign_in, posko_banjar, kodim_1006, auditor, commander, liaison_kpu
):
    request = ask(posko_banjar, "korem-101")
    given = give(request, "kodim-1006", 10)
    polda = request.addressees.get(unit__slug="polda-kalsel").pk
    posts = {
        "beri/": {"unit": make.unit("polres-tapin").pk, "personnel": 1},
        "tolak/": {"addressee": polda, "reason": "x"},
        "tarik/": {"reason": "x", "version": 1},
        f"lepas/{given.pk}/": {"version": 1},
    }
    for actor, codes in (
        (kodim_1006, [200, 200, 403, 403]),
        (auditor, [403] * 4),
        (commander, [403] * 4),
        (liaison_kpu, [404] * 4),
    ):
        sign_in(client, actor)
        found = [client.post(f"{address(request)}{path}", data) for path, data in posts.items()]
        assert [answer.status_code for answer in found] == codes
    assert (request.log.count(), counted(request).promised) == (2, 10)


def test_an_answer_of_another_request_is_not_found(client, sign_in, posko_banjar):
    mine = ask(posko_banjar)
    other = give(ask(unit=make.unit("polres-tapin")), "polres-balangan", 5)
    walk(other, *TO_PLACE)
    sign_in(client, posko_banjar)
    assert client.post(f"{address(mine)}lepas/{other.pk}/", {"version": 5}).status_code == 404
    body = {"contribution": other.pk, "version": 5}
    assert _post(client, f"{API}{mine.pk}/release/", body).status_code == 404


def _post(client, path, data, **headers):
    return client.post(path, json.dumps(data), content_type="application/json", **headers)


def _code(client, path, data):
    return _post(client, path, data).status_code


def test_the_whole_way_by_the_api(
    client, sign_in, posko_banjar, liaison_korem, coordinator, demo_clock
):
    sign_in(client, posko_banjar)
    body = {
        "unit": "polres-banjar", "region": "63.03.05", "personnel": 30,
        "starts_on": "2024-11-24", "ends_on": "2024-11-28", "reason": "Logistik",
        "addressees": ["korem-101"],
    }  # fmt: skip
    assert _post(client, API, body | {"unit": "polres-tapin"}).status_code == 403
    assert _post(client, API, body | {"ends_on": "2024-11-01"}).status_code == 422
    made = [_post(client, API, body, HTTP_IDEMPOTENCY_KEY="a-1") for _time in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    path = f"{API}{made[0].json()['id']}/"
    sign_in(client, liaison_korem)
    assert (
        _post(client, f"{path}give/", {"unit": "polres-tapin", "personnel": 5}).status_code == 422
    )
    found = _post(client, f"{path}give/", {"unit": "kodim-1006", "personnel": 20}).json()
    assert (found["state"], found["missing"]) == ("partly", 10)
    [given] = found["contributions"]
    assert (given["unit"], given["binding"], given["state"]) == (
        "kodim-1006", "kesepakatan", "requested",
    )  # fmt: skip
    assert _post(client, f"{path}give/", {"unit": "kodim-1006", "personnel": 11}).status_code == 422
    assert (
        _post(client, f"{path}decline/", {"unit": "polda-kalsel", "reason": "x"}).status_code == 403
    )
    assert (
        _post(client, f"{path}decline/", {"unit": "kpu-kalsel", "reason": "x"}).status_code == 404
    )
    sign_in(client, coordinator)
    said = _post(client, f"{path}decline/", {"unit": "polda-kalsel", "reason": "Habis"}).json()
    assert [row["reason"] for row in said["addressees"]] == ["", "Habis"]
    contribution = Contribution.objects.get()
    placed = walk(contribution, *TO_PLACE, by=liaison_korem, at=clock.now())
    demo_clock(FIRST)
    assert _post(client, f"{path}withdraw/", {"reason": "x", "version": 1}).status_code == 409
    sign_in(client, posko_banjar)
    body = {"contribution": contribution.pk, "version": placed.version}
    done = _post(client, f"{path}release/", body).json()
    assert (done["state"], done["missing"]) == ("partly", 10)
    assert [line["event"] for line in done["log"]] == [
        "asked", "offered", "declined", *["moved"] * 5,
    ]  # fmt: skip
    other = ask(posko_banjar)
    gone = _post(client, f"{API}{other.pk}/withdraw/", {"reason": "Aman", "version": 1}).json()
    assert (gone["state"], gone["withdrawal"]) == ("withdrawn", "Aman")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("region=63.03", 1),
        ("region=63.05", 1),
        ("state=lacking", 2),
        ("state=asked", 1),
        ("state=partly", 1),
        ("state=filled", 0),
        ("priority=segera", 1),
        ("agency=korem-101", 0),
    ],
)
def test_list_filters_alike_on_page_and_api(client, sign_in, coordinator, query, count):
    give(ask(), "polres-tapin", 5)
    ask(
        unit=make.unit("polres-tapin"),
        region=Region.objects.get(code="63.05"),
        priority="biasa",
    )
    sign_in(client, coordinator)
    assert len(client.get(f"{LIST}?{query}").context["rows"]) == count
    assert client.get(f"{API}?{query}").json()["count"] == count


def test_open_need_is_told_by_regency(client, sign_in, coordinator):
    give(ask(personnel=60), "polres-tapin", 25)
    ask(personnel=10, region=Region.objects.get(code="63.03"))
    give(ask(personnel=5, region=Region.objects.get(code="63.05")), "polres-banjarbaru", 5)
    sign_in(client, coordinator)
    [row] = client.get(LIST).context["needs"]
    assert (row.region, row.requests, row.asked, row.promised, row.missing) == (
        "63.03", 2, 70, 25, 45,
    )  # fmt: skip
    assert client.get(f"{LIST}?region=63.05").context["needs"] == []
    assert open_needs([]) == []


def test_the_ground_is_the_need_page_s(client, sign_in, coordinator, posko_banjar):
    request = ask(posko_banjar)
    operation = make.operation()
    regency = Region.objects.get(code="63.03")
    assert ground(operation, regency, NOW) is None
    for kind in TpsClass:
        actions.set_guard_pattern(
            operation, make.unit("polda-kalsel").agency, tps_class=kind, police=2, tps=8,
            linmas=16, valid_from=operation.starts_on, source="uji", by=coordinator, at=NOW,
        )  # fmt: skip
    sign_in(client, coordinator)
    found = ground(operation, regency, NOW)
    rows = {row["row"].region: row["row"] for row in client.get("/kebutuhan/").context["rows"]}
    assert found == rows["63.03"]
    assert client.get(address(request)).status_code == 200


def test_it_waits_for_those_who_must_answer(
    client,
    sign_in,
    posko_banjar,
    coordinator,
    liaison_polda,
    liaison_korem,
    kodim_1006,
    liaison_kpu,
):
    request = ask(posko_banjar, "korem-101")
    people = (coordinator, liaison_polda, liaison_korem, posko_banjar, kodim_1006, liaison_kpu)

    def waiting(at=NOW):
        return [len(unanswered_for(actor, at, 9)) for actor in people]

    assert waiting() == [1, 1, 1, 0, 0, 0]
    sign_in(client, coordinator)
    [item] = [row for row in client.get("/tugas-saya/").context["page"].object_list]
    assert (item.kind, item.url, item.overdue) == ("reinforcement", address(request), False)
    assert item.title == "Penebalan Polres Banjar: 60 orang belum ada"
    give(request, "kodim-1006", 20, liaison_korem)
    assert waiting() == [1, 1, 0, 0, 0, 0]
    [late] = unanswered_for(coordinator, NOW + timedelta(days=5), 9)
    assert (late["missing"], late["overdue"]) == (40, True)
    assert waiting(NOW + timedelta(days=10)) == [0] * 6
    give(request, "polres-tapin", 40, coordinator)
    assert waiting() == [0] * 6


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same(client, sign_in, coordinator, django_assert_num_queries, count):
    for _number in range(count):
        give(ask(SYSTEM, "korem-101"), "polres-tapin", 5)
    sign_in(client, coordinator)
    client.get(LIST)
    with django_assert_num_queries(PAGE):
        client.get(LIST)
    with django_assert_num_queries(ANSWER):
        client.get(API)


PAGE, ANSWER = 12, 16


@pytest.mark.parametrize("count", [1, 3])
def test_a_request_costs_the_same_for_three_answers(
    client, sign_in, coordinator, django_assert_num_queries, count
):
    request = ask(SYSTEM, "korem-101")
    for slug in ("polres-tapin", "polres-balangan", "kodim-1006")[:count]:
        give(request, slug, 5)
    sign_in(client, coordinator)
    client.get(address(request))
    with django_assert_num_queries(DETAIL):
        client.get(address(request))


DETAIL = 19


@pytest.mark.django_db(transaction=True)
def test_two_offers_at_once_stay_within_what_was_asked():
    request = ask()
    start, outcome = threading.Barrier(2), []

    def offer(slug):
        start.wait()
        try:
            give(request, slug, 40)
            outcome.append("given")
        except Refused:
            outcome.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=offer, args=[slug]) for slug in ("polres-tapin", "polres-balangan")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["given", "refused"]
    assert Deployment.objects.count() == 1
