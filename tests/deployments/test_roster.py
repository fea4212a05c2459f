"""The roster: names stay with their owner, nobody stands twice, and the audit tells no name."""

import json
import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from deployments import actions
from deployments.actions.placements import EDITABLE
from deployments.models import Deployment, RosterMember
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.exports.kinds import kind_of
from portal.registry.models import Region
from tests.factories import deployments as make
from tests.factories.reinforcement import NOW, announce, ask, give
from tests.portal.access import addresses

NAME, NRP, TAIL = "Zulkifli Ujicoba", "31249876", "9876"
PERSON = {"name": NAME, "rank": "Serda", "nrp": NRP}
API = "/api/v1/roster-members/"


@pytest.fixture(autouse=True)
def now(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()
    announce()


def place(unit="kodim-1006", by=SYSTEM, **given):
    values = {
        "unit": make.unit(unit),
        "region": Region.objects.get(code="63.03"),
        "personnel": 30,
        "status": "standby",
        "controller": None,
        "task": "Uji",
        "starts_on": date(2024, 11, 18),
        "ends_on": date(2024, 11, 30),
        "source": "uji",
        "as_of": NOW,
        "quality": "reported",
    } | given
    return actions.place_deployment(make.operation(), values, by=by, at=NOW)


def lent(**given):
    """People of Kodim 1006 whom Polda controls: the controller sees the placement."""
    return place(controller=make.unit("polda-kalsel").agency, **given)


def add(deployment, by=SYSTEM, **given):
    return actions.add_roster_member(deployment, PERSON | given, by=by, at=NOW)


def page_of(deployment):
    return reverse("deployments:roster", args=[deployment.pk])


def holds(content):
    """Whether a text lets the person be known: name, number, or the number's end."""
    text = content.decode(errors="ignore") if isinstance(content, bytes) else str(content)
    return NAME in text or NRP in text or f"••••{TAIL}" in text or f"2022{TAIL}" in text


# ── Written, mended, removed ──


def test_a_person_is_listed_mended_and_removed_and_the_audit_names_nobody(liaison_korem):
    placed = place()
    member = add(placed, liaison_korem, name="  Zulkifli   Ujicoba ", nrp="3124 98.76")
    assert (member.name, member.nrp) == (NAME, NRP)
    assert add(placed, liaison_korem) == member
    changed = actions.change_roster_member(
        member, PERSON | {"rank": "Sertu"}, version=1, by=liaison_korem, at=NOW
    )
    assert (changed.rank, changed.version) == ("Sertu", 2)
    same = {"version": 2, "by": liaison_korem, "at": NOW}
    assert actions.change_roster_member(member, PERSON | {"rank": "Sertu"}, **same).version == 2
    with pytest.raises(Stale):
        actions.change_roster_member(member, PERSON, version=1, by=liaison_korem, at=NOW)
    for _time in range(2):
        actions.remove_roster_member(member, by=liaison_korem, at=NOW)
    assert not RosterMember.objects.exists()
    rows = Entry.objects.filter(verb__startswith="roster.").order_by("pk")
    assert [(row.verb, row.after) for row in rows] == [
        ("roster.add", {"member": member.pk, "listed": 1}),
        ("roster.change", {"member": member.pk, "fields": ["rank"]}),
        ("roster.remove", {"member": member.pk, "listed": 0}),
    ]
    told = [(row.object_label, row.before, row.after, row.note) for row in Entry.objects.all()]
    assert not holds(told)
    assert not holds(str(member))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"rank": ""}, "rank"),
        ({"nrp": "1234"}, "nrp"),
        ({"nrp": "12345A"}, "nrp"),
        ({"nrp": "1" * 19}, "nrp"),
        ({"nrp": "١٢٣٤٥"}, "nrp"),
    ],
)
def test_what_is_no_person_is_refused(given, field):
    with pytest.raises(Refused) as refused:
        add(place(), **given)
    assert refused.value.field == field


def test_never_more_names_than_people():
    placed = place(personnel=1)
    add(placed)
    with pytest.raises(Refused, match="1 orang dan semuanya sudah terdaftar"):
        add(placed, nrp="55555")
    with pytest.raises(Refused, match="sudah ada dalam daftar"):
        add(placed, name="Orang lain")


def test_a_finished_placement_keeps_its_roster():
    placed = place()
    member = add(placed)
    Deployment.objects.filter(pk=placed.pk).update(state="returned")
    with pytest.raises(Refused, match="sudah selesai"):
        add(placed, nrp="55555")
    with pytest.raises(Refused, match="sudah selesai"):
        actions.change_roster_member(member, PERSON, version=1, by=SYSTEM, at=NOW)


def test_nobody_stands_in_two_placements_on_a_day():
    first, second = place(), place("kodim-1007", starts_on=date(2024, 11, 30), ends_on=None)
    add(first)
    with pytest.raises(Refused) as refused:
        add(second)
    assert refused.value.sentence == (
        f"NRP ••••{TAIL} sudah terdaftar pada penempatan nomor {first.pk} "
        f"({first.unit.short_name}, 18 Nov 2024 – 30 Nov 2024)."
    )
    other = add(second, nrp="55555")
    with pytest.raises(Refused, match=f"nomor {first.pk}"):
        actions.change_roster_member(other, PERSON, version=1, by=SYSTEM, at=NOW)
    later = place("kodim-1007", starts_on=date(2024, 12, 1), ends_on=None)
    assert add(later).nrp == NRP
    assert add(place("polres-tapin")).nrp == NRP


def test_a_placement_that_ended_frees_its_people():
    first, second = place(), place("kodim-1007")
    add(first)
    Deployment.objects.filter(pk=first.pk).update(state="cancelled")
    assert add(second).nrp == NRP


def change(deployment, **given):
    current = Deployment.objects.select_related("unit").get(pk=deployment.pk)
    values = {name: getattr(current, name) for name in EDITABLE} | given
    common = {"version": current.version, "by": SYSTEM, "at": NOW, "reason": "uji"}
    return actions.change_deployment(current, values, **common)


def test_new_days_do_not_put_a_person_into_two_placements():
    first = place(ends_on=date(2024, 11, 25))
    second = place("kodim-1007", starts_on=date(2024, 11, 26))
    add(first)
    add(second)
    with pytest.raises(Refused, match=f"nomor {second.pk}"):
        change(first, ends_on=date(2024, 11, 26))
    assert change(first, ends_on=date(2024, 11, 24)).ends_on == date(2024, 11, 24)


def test_names_do_not_pass_to_another_agency():
    placed = place()
    add(placed)
    with pytest.raises(Refused) as refused:
        change(placed, unit=make.unit("polres-tapin"))
    assert refused.value.field == "unit"
    assert change(placed, unit=make.unit("kodim-1007")).agency.slug == "korem-101"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_number_leave_one():
    first, second = place(), place("kodim-1007")
    start, outcome = threading.Barrier(2), []

    def attempt(deployment):
        start.wait()
        try:
            with transaction.atomic():
                RosterMember.objects.create(deployment=deployment, created_at=NOW, **PERSON)
            outcome.append("listed")
        except IntegrityError:
            outcome.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=[row]) for row in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["listed", "refused"]


# ── The database keeps it, whatever the code does ──


@pytest.mark.parametrize(
    ("constraint", "given"),
    [
        ("roster_once", {}),
        ("roster_whole", {"name": "", "nrp": "55555"}),
        ("roster_whole", {"rank": "", "nrp": "55555"}),
        ("roster_nrp_digits", {"nrp": "5555A"}),
        ("two placements", {"deployment": "other"}),
    ],
)
def test_database_keeps_a_person_whole(constraint, given):
    placed, other = place(), place("kodim-1007")
    add(placed)
    row = {"deployment": placed} | PERSON | given
    if row["deployment"] == "other":
        row["deployment"] = other
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RosterMember.objects.create(created_at=NOW, **row)


def test_database_keeps_days_and_owner():
    first, second = place(), place("kodim-1007", starts_on=date(2024, 12, 1), ends_on=None)
    add(first)
    add(second)
    rows = Deployment.objects.filter(pk=first.pk)
    with pytest.raises(IntegrityError, match="two placements"), transaction.atomic():
        rows.update(ends_on=date(2024, 12, 1))
    with pytest.raises(IntegrityError, match="another agency"), transaction.atomic():
        rows.update(agency=make.unit("polda-kalsel").agency)


# ── Seen by its owner only ──


def test_visible_to_the_owner_s_chain_and_nobody_else(
    liaison_korem, kodim_1006, coordinator, commander, auditor, liaison_polda, posko_banjar,
    liaison_kpu, admin,
):  # fmt: skip
    add(lent())
    add(place("polres-banjar"))
    add(place("kodim-1007", starts_on=date(2024, 12, 2), ends_on=None))

    def owners(actor):
        rows = RosterMember.objects.visible_to(actor)
        return sorted(rows.values_list("deployment__unit__slug", flat=True))

    assert owners(liaison_korem) == ["kodim-1006", "kodim-1007"]
    assert owners(kodim_1006) == ["kodim-1006"]
    for actor in (coordinator, commander, liaison_polda, posko_banjar):
        assert owners(actor) == ["polres-banjar"]
    for actor in (liaison_kpu, auditor, admin, None):
        assert owners(actor) == []
    assert len(owners(SYSTEM)) == 3


# Where placements, their people or what was done to them can be read: pages by their space, the API
# by the first word of its resource. Pictures and PDF are drawn from the same rows.
SHOWING = {
    "deployments", "home", "exports", "audit", "notifications", "deployment", "reinforcement",
    "roster", "rollup", "strength", "readiness", "guard", "expected", "certifying", "search",
}  # fmt: skip
SLOW = {"map_print", "map_export", "calendar_feed"}
OWN = {"deployments:roster", "deployments:roster_member", "api-roster"}


def walked(client, deployment, member, monkeypatch):
    """The names of the addresses whose answers let the person be known."""
    found = set()
    for pk, names in ((deployment.pk, None), (member.pk, {"roster_member", "roster_remove"})):
        monkeypatch.setitem(addresses.SAMPLES, "pk", pk)
        for address in addresses.addresses():
            space, _colon, name = address.name.rpartition(":")
            if (space or name).partition("-")[0] not in SHOWING or name in SLOW:
                continue
            if names is not None and name not in names:
                continue
            answer = client.get(address.path)
            body = answer.content if not answer.streaming else b"".join(answer.streaming_content)
            if holds(body):
                found.add(address.name)
    query = {"deployment": deployment.pk}
    if holds(client.get(API, query).content):
        found.add("api-roster")
    for path, query in (
        ("/cari/", {"q": "Zulkifli"}),
        ("/jejak-audit/", {"q": "Zulkifli"}),
        ("/peta/data/", {}),
        ("/peta/satuan/", {}),
        ("/peta/wilayah/63.03/", {}),
        ("/kuat-personel/mutasi/", {"agency": "korem-101"}),
    ):
        answer = client.get(path, query)
        if holds(answer.content):
            found.add(path)
    return found


@pytest.mark.parametrize(
    "who", ["liaison.polda", "koordinator", "auditor", "posko.banjar", "liaison.kpu"]
)
def test_no_page_and_no_answer_names_anybody_to_another_agency(
    client, sign_in, people, monkeypatch, who
):
    request = ask()
    given = give(request, "kodim-1006", 20)
    member = add(given.deployment)
    sign_in(client, people[who])
    assert walked(client, given.deployment, member, monkeypatch) == set()


def test_the_walk_finds_the_person_for_the_owner(client, sign_in, liaison_korem, monkeypatch):
    given = give(ask(), "kodim-1006", 20)
    member = add(given.deployment)
    sign_in(client, liaison_korem)
    assert walked(client, given.deployment, member, monkeypatch) == OWN


@pytest.mark.parametrize(
    "name", ["penebalan", "kebutuhan-pam-tps", "daftar-tps", "daftar-penempatan"]
)
def test_no_file_names_anybody(liaison_korem, coordinator, name):
    add(give(ask(), "kodim-1006", 20).deployment)
    kind = kind_of(name)
    for actor in (liaison_korem, coordinator):
        chosen = kind.select(actor, "", NOW)
        assert not holds(kind.lines(actor, chosen.ids, NOW, 1) if chosen.ids else [])


def test_others_know_the_count_only(client, sign_in, liaison_polda, liaison_kpu):
    placed = lent()
    add(placed)
    sign_in(client, liaison_polda)
    page = client.get(reverse("deployments:deployment_detail", args=[placed.pk]))
    assert page.context["listed"] == "1 dari 30 terdaftar"
    assert page.context["reads_roster"] is False
    [row] = client.get("/api/v1/deployments/").json()["results"]
    assert (row["listed"], row["personnel"]) == (1, 30)
    assert client.get(page_of(placed)).status_code == 404
    assert client.get(API, {"deployment": placed.pk}).json()["results"] == []
    member = RosterMember.objects.get()
    for path in ("ubah", "hapus"):
        answer = client.post(f"/kuat-personel/daftar-nama/{member.pk}/{path}/", PERSON)
        assert answer.status_code == 404
    assert client.post(page_of(placed), PERSON | {"nrp": "55555"}).status_code == 404
    assert RosterMember.objects.count() == 1
    assert not Entry.objects.filter(verb__startswith="deployment.roster").exists()
    sign_in(client, liaison_kpu)
    assert client.get(page_of(placed)).status_code == 404


# ── Pages and API of the owner ──


def test_the_owner_reads_masked_numbers_and_each_reading_is_recorded(
    client, sign_in, liaison_korem, kodim_1006, commander
):
    placed = place()
    add(placed)
    for actor, whole in ((kodim_1006, f"••••{TAIL}"), (liaison_korem, NRP)):
        sign_in(client, actor)
        [row] = client.get(page_of(placed)).context["rows"]
        assert (row["name"], row["nrp"]) == (NAME, f"••••{TAIL}")
        [row] = client.get(f"{page_of(placed)}?nrp=1").context["rows"]
        assert row["nrp"] == whole
    [row] = client.get(API, {"deployment": placed.pk}).json()["results"]
    assert (row["name"], row["nrp"]) == (NAME, f"••••{TAIL}")
    reads = Entry.objects.filter(verb__startswith="deployment.roster").order_by("pk")
    korem, kodim = liaison_korem.post_id, kodim_1006.post_id
    assert list(reads.values_list("verb", "post_id")) == [
        ("deployment.roster", kodim),
        ("deployment.roster", kodim),
        ("deployment.roster", korem),
        ("deployment.roster_nrp", korem),
        ("deployment.roster", korem),
    ]
    assert "no-store" in client.get(page_of(placed))["Cache-Control"]
    police = place("polres-banjar")
    sign_in(client, commander)
    page = client.get(page_of(police))
    assert (page.context["form"], page.context["unmasks"]) == (None, False)
    assert client.post(page_of(police), PERSON).status_code == 403


def test_the_whole_way_by_the_pages(client, sign_in, liaison_korem):
    placed = place(personnel=2)
    sign_in(client, liaison_korem)
    path = page_of(placed)
    assert client.post(path, PERSON | {"nrp": "12"}).context["form"].errors["nrp"]
    key = {"idempotency_key": "r-1"}
    assert [client.post(path, PERSON | key).status_code for _time in range(2)] == [302, 302]
    member = RosterMember.objects.get()
    edit = f"/kuat-personel/daftar-nama/{member.pk}/ubah/"
    assert not holds(client.get(edit).content.replace(NAME.encode(), b""))
    given = {"name": NAME, "rank": "Sertu", "nrp": ""}
    assert client.post(edit, given | {"version": 1}).status_code == 302
    stale = client.post(edit, {"name": "Orang lain", "rank": "X", "nrp": "", "version": 1})
    assert stale.status_code == 200
    assert NRP not in stale.content.decode()
    member.refresh_from_db()
    assert (member.rank, member.nrp, member.version) == ("Sertu", NRP, 2)
    assert client.get(path).context["listed"] == "1 dari 2 terdaftar"
    assert client.post(f"/kuat-personel/daftar-nama/{member.pk}/hapus/").status_code == 302
    assert client.get(path).context["number"] == 0


def test_the_whole_way_by_the_api(client, sign_in, kodim_1006, liaison_polda):
    placed, foreign = place(), place("polres-banjar")
    sign_in(client, kodim_1006)

    def send(method, path, data, **headers):
        call = getattr(client, method)
        return call(path, json.dumps(data), content_type="application/json", **headers)

    body = PERSON | {"deployment": placed.pk}
    made = [send("post", API, body, HTTP_IDEMPOTENCY_KEY="m-1") for _time in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json() == {
        "id": RosterMember.objects.get().pk, "deployment": placed.pk, "version": 1,
    }  # fmt: skip
    assert send("post", API, body | {"deployment": foreign.pk}).status_code == 422
    one = f"{API}{made[0].json()['id']}/"
    assert send("patch", one, PERSON | {"rank": "Sertu", "version": 1}).json()["version"] == 2
    assert send("patch", one, PERSON | {"version": 1}).status_code == 409
    assert client.get(API).status_code == 422
    sign_in(client, liaison_polda)
    assert send("patch", one, PERSON | {"version": 2}).status_code == 404
    assert client.delete(one).status_code == 404
    sign_in(client, kodim_1006)
    assert client.delete(one).status_code == 204
    assert not RosterMember.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_a_roster_costs_the_same(client, sign_in, liaison_korem, django_assert_num_queries, count):
    placed = place()
    for number in range(count):
        add(placed, nrp=f"5555{number}")
    sign_in(client, liaison_korem)
    client.get(page_of(placed))
    with django_assert_num_queries(PAGE):
        client.get(page_of(placed))


PAGE = 10
