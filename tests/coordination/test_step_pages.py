"""The pages of an obligation's steps, of directives that stand alone and of passing on."""

from datetime import timedelta

import pytest
import time_machine

from coordination.actions import obligations as actions
from coordination.models import Directive, Extension, Obligation, Wait
from portal.web.idempotency import FIELD
from tests.coordination.pages import agency_id, texts, url
from tests.coordination.test_chain_gaps import png
from tests.factories.coordination import DUE, NOW, make_alone, make_minutes, units

LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def pair(coordinator, liaison_kpu, liaison_bawaslu):
    directive = make_alone(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    return list(directive.obligations.order_by("agency__slug"))[::-1]


def alone_data(*slugs, **changes):
    return {
        "title": "Amankan gudang",
        "text": "Amankan gudang logistik.",
        "ground": "Surat KPU nomor 12.",
        "kind": "arahan",
        "binding": "permintaan",
        "priority": "segera",
        "output": "",
        "evidence": "",
        "classification": "2",
        "agencies": [agency_id(slug) for slug in slugs],
        "lead": "",
        "due_kind": "tanggal",
        "due_at": "2024-06-20T16:00",
    } | changes


# ── A directive that stands alone ───────────────────────────────────────────────────────────────


def test_a_directive_stands_alone_for_agencies_and_units(client, sign_in, coordinator, liaison_kpu):
    sign_in(client, coordinator)
    assert client.get(url("directive_list")).context["may_issue"]
    assert client.get(url("directive_new")).status_code == 200
    polda = agency_id("polda-kalsel")
    data = alone_data(
        "kpu-kalsel", **{f"units_{polda}": ["semua"], f"region_{agency_id('kpu-kalsel')}": "63.03"}
    )
    response = client.post(url("directive_new"), data)
    directive = Directive.objects.get()
    assert response["Location"] == url("directive_detail", directive.pk)
    rows = directive.obligations.order_by("pk")
    assert (rows.count(), rows.filter(agency=polda, unit__isnull=False).count()) == (14, 13)
    assert rows.get(agency__slug="kpu-kalsel").region_id == "63.03"
    page = texts(client.get(url("directive_detail", directive.pk)))
    assert "Arahan langsung" in page
    assert "Surat KPU nomor 12." in page
    assert "Polres Banjar" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ground": ""}, "ground"),
        ({"agencies": []}, "agencies"),
        ({"due_at": ""}, "due_at"),
        ({"due_kind": "hari_kerja"}, "due_days"),
        ({"due_kind": "hari_kerja", "due_days": "0"}, "due_days"),
        ({"due_kind": "tahapan"}, "due_stage"),
        ({"due_kind": "tahapan", "due_stage": "999999"}, "due_stage"),
        ({"due_kind": "zzz"}, "due_kind"),
        ({"kind": "perintah", "binding": "perintah"}, "binding"),
        ({"classification": "9"}, "classification"),
    ],
)
def test_a_directive_alone_is_refused_at_its_field(
    client, sign_in, coordinator, liaison_kpu, changes, field
):
    sign_in(client, coordinator)
    response = client.post(url("directive_new"), alone_data("kpu-kalsel", **changes))
    assert field in response.context["form"].errors
    assert not Directive.objects.exists()


def test_the_lead_and_the_units_must_be_addressed(client, sign_in, coordinator, liaison_kpu):
    sign_in(client, coordinator)
    (kodim,) = units("kodim-1006")
    wrong = {"lead": agency_id("dprd-kalsel"), f"units_{agency_id('polda-kalsel')}": [kodim.pk]}
    response = client.post(url("directive_new"), alone_data("kpu-kalsel", **wrong))
    errors = response.context["form"].errors
    assert {"lead", f"units_{agency_id('polda-kalsel')}"} <= set(errors)
    assert "Satuan ini tidak dikenal." in texts(response)


def test_issuing_twice_with_one_key_is_once(client, sign_in, coordinator, liaison_kpu):
    sign_in(client, coordinator)
    data = alone_data("kpu-kalsel", **{FIELD: "satu"})
    for _time in range(2):
        client.post(url("directive_new"), data)
    assert Directive.objects.count() == 1


@pytest.mark.parametrize("who", ["liaison.kpu", "auditor", "posko.banjar", "admin"])
def test_only_issuers_give_directives_alone(client, sign_in, people, who):
    sign_in(client, people[who])
    for name in ("directive_new", "stage_due_dates"):
        assert client.get(url(name)).status_code == 403


def test_a_draft_keeps_its_units_and_its_rule(client, sign_in, coordinator, liaison_kpu):
    minutes = make_minutes(coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    item = minutes.meeting.agenda.order_by("position").last()
    here = url("directive_create", minutes.meeting_id)
    form = client.get(f"{here}?agenda={item.pk}").context["form"]
    assert (form["agenda_item"].value(), form["title"].value()) == (item.pk, item.title)
    (polres,) = units("polres-banjar")
    data = alone_data(**{f"units_{polres.agency_id}": [str(polres.pk)]}) | {
        "agenda_item": item.pk,
        "ground": "",
        "due_kind": "hari_kerja",
        "due_days": "5",
        "due_at": "",
    }
    client.post(here, data)
    directive = Directive.objects.get()
    form = client.get(url("directive_edit", directive.pk)).context["form"]
    assert form[f"units_{polres.agency_id}"].value() == [str(polres.pk)]
    assert (form["due_kind"].value(), form["due_days"].value()) == ("hari_kerja", 5)
    page = texts(client.get(url("directive_detail", directive.pk)))
    assert "5 hari kerja setelah terbit" in page


# ── The steps ───────────────────────────────────────────────────────────────────────────────────


def test_a_report_without_the_demanded_evidence_is_refused_at_the_file(
    client, sign_in, coordinator, liaison_kpu
):
    row = make_alone(coordinator, "kpu-kalsel", evidence_required=True).obligations.get()
    sign_in(client, liaison_kpu)
    data = {"kind": "submitted", "note": "Selesai.", "version": 1}
    response = client.post(url("obligation_report", row.pk), data)
    assert "file" in response.context["report_form"].errors
    client.post(url("obligation_report", row.pk), data | {"file": png()})
    row.refresh_from_db()
    assert row.state == "awaiting_verification"


def test_an_extension_is_asked_and_decided(client, sign_in, pair, liaison_kpu, coordinator):
    row = pair[0]
    actions.acknowledge_obligation(row, by=liaison_kpu, at=LATER)
    sign_in(client, liaison_kpu)
    here = url("extension_ask", row.pk)
    wish = {"reason": "Banjir.", "wished_due_at": "2024-06-20T16:00", "version": 2}
    early = client.post(here, wish | {"wished_due_at": "2024-06-04T16:00"})
    assert "wished_due_at" in early.context["ask_extension_form"].errors
    client.post(here, wish)
    page = client.get(url("obligation_detail", row.pk))
    assert page.context["ask_extension_form"] is None
    assert "selama itu tenggat tidak berjalan" in texts(page)
    sign_in(client, coordinator)
    decide = url("extension_decide", row.pk)
    assert client.get(url("obligation_detail", row.pk)).context["decide_extension_form"]
    bare = client.post(decide, {"decision": "refuse", "version": 3})
    assert "note" in bare.context["decide_extension_form"].errors
    client.post(decide, {"decision": "grant", "version": 3})
    assert Extension.objects.get().state == "granted"
    again = client.post(decide, {"decision": "grant", "version": 4})
    assert again.context["decide_extension_form"].non_field_errors()


def test_waiting_is_begun_and_ended(client, sign_in, pair, liaison_kpu, liaison_bawaslu):
    mine, other = pair
    actions.acknowledge_obligation(mine, by=liaison_kpu, at=LATER)
    sign_in(client, liaison_kpu)
    client.post(url("wait_begin", mine.pk), {"blocker": other.pk, "version": 2})
    page = client.get(url("obligation_detail", mine.pk))
    assert [tie["title"] for tie in page.context["links"].waits_for] == [
        "Bawaslu Kalsel: Amankan gudang"
    ]
    # Of the same directive, yet out of sight: named, but neither its state nor its page.
    assert page.context["links"].waits_for[0]["url"] == ""
    sign_in(client, liaison_bawaslu)
    ties = client.get(url("obligation_detail", other.pk)).context["links"].holds_up
    assert [tie["title"] for tie in ties] == ["KPU Kalsel: Amankan gudang"]
    sign_in(client, liaison_kpu)
    client.post(url("wait_end", mine.pk), {"version": 3})
    assert not Wait.objects.filter(ended_at=None).exists()


def test_another_records_id_is_not_accepted(
    client, sign_in, pair, liaison_kpu, liaison_bawaslu, coordinator, people
):
    people["liaison.dprd"]
    mine = pair[0]
    hidden = make_alone(coordinator, "dprd-kalsel").obligations.get()
    actions.acknowledge_obligation(mine, by=liaison_kpu, at=LATER)
    sign_in(client, liaison_kpu)
    for value in (hidden.pk, 10**20, "x"):
        answer = client.post(url("wait_begin", mine.pk), {"blocker": value, "version": 2})
        assert "blocker" in answer.context["wait_form"].errors
    assert not Wait.objects.exists()
    # Evidence hangs on the report that was just written, whatever else the form names.
    data = {"kind": "progress", "percent": 5, "note": "Jalan.", "version": 2}
    foreign = {"object_id": hidden.pk, "obligation": hidden.pk, "file": png()}
    client.post(url("obligation_report", mine.pk), data | foreign)
    assert hidden.reports.count() == 0
    file = client.get(url("obligation_detail", mine.pk)).context["history"][-1]["files"][0]
    sign_in(client, liaison_bawaslu)
    assert client.get(file["url"]).status_code == 404


def test_what_cannot_be_done_is_declared_and_decided(
    client, sign_in, pair, liaison_kpu, coordinator
):
    row = pair[0]
    actions.acknowledge_obligation(row, by=liaison_kpu, at=LATER)
    sign_in(client, liaison_kpu)
    client.post(url("unfeasible_declare", row.pk), {"reason": "Gudang terbakar.", "version": 2})
    sign_in(client, coordinator)
    decide = url("unfeasible_decide", row.pk)
    assert client.get(url("obligation_detail", row.pk)).context["decide_unfeasible_form"]
    bare = client.post(decide, {"decision": "return", "version": 3})
    assert "note" in bare.context["decide_unfeasible_form"].errors
    client.post(decide, {"decision": "accept", "version": 3})
    row.refresh_from_db()
    assert row.state == "unfeasible"
    page = client.get(url("obligation_detail", row.pk))
    assert page.context["next_step"] == ""


def test_verifying_and_closing_in_two_steps(client, sign_in, pair, liaison_kpu, coordinator):
    row = pair[0]
    actions.submit_obligation(row, by=liaison_kpu, at=LATER, note="Selesai.")
    sign_in(client, coordinator)
    verify = url("obligation_verify", row.pk)
    client.post(verify, {"decision": "verify_only", "version": 3})
    row.refresh_from_db()
    assert row.state == "verified"
    form = client.get(url("obligation_detail", row.pk)).context["verify_form"]
    assert [key for key, _label in form.fields["decision"].choices] == ["verify", "return"]
    client.post(verify, {"decision": "verify", "version": 4})
    row.refresh_from_db()
    assert row.state == "done"


def test_closing_with_a_gap_says_which_link_is_missing(
    client, sign_in, pair, liaison_kpu, coordinator
):
    row, other = pair
    actions.submit_obligation(row, by=liaison_kpu, at=LATER, note="Selesai.")
    Wait.objects.create(obligation=row, kind="obligation", blocker=other, began_at=LATER)
    sign_in(client, coordinator)
    answer = client.post(url("obligation_verify", row.pk), {"decision": "verify", "version": 3})
    assert "Masih menunggu Bawaslu Kalsel" in texts(answer)
    row.refresh_from_db()
    assert row.state == "awaiting_verification"


STEPS = (
    "extension_ask",
    "extension_decide",
    "wait_begin",
    "wait_end",
    "unfeasible_declare",
    "unfeasible_decide",
)


def test_strangers_find_no_step(client, sign_in, pair, liaison_dprd, liaison_bawaslu, admin):
    for actor, status in ((liaison_dprd, 404), (liaison_bawaslu, 404), (admin, 403)):
        sign_in(client, actor)
        for name in STEPS:
            assert client.post(url(name, pair[0].pk), {"version": 1}).status_code == status
            assert client.get(url(name, pair[0].pk)).status_code == 405


# ── Passing on ──────────────────────────────────────────────────────────────────────────────────


def test_an_agency_passes_on_to_its_units(
    client, sign_in, coordinator, liaison_polda, posko_banjar, kodim_1006
):
    whole = make_alone(coordinator, "polda-kalsel").obligations.get()
    actions.acknowledge_obligation(whole, by=liaison_polda, at=LATER)
    sign_in(client, liaison_polda)
    here = url("obligation_delegate", whole.pk)
    form = client.get(here).context["form"]
    labels = [label for _key, label in form.fields["units"].choices]
    assert "Polres Banjar" in labels
    assert "Polres Tapin (belum ada jabatan)" in labels
    (polres,) = units("polres-banjar")
    data = {
        "title": "Jaga gudang",
        "text": "Jaga.",
        "due_at": "2024-06-12T16:00",
        "output": "",
        "evidence": "",
        "units": [polres.pk],
        "version": 2,
    }
    late = client.post(here, data | {"due_at": "2024-06-30T16:00"})
    assert "due_at" in late.context["form"].errors
    nobody = client.post(here, data | {"units": []})
    assert "units" in nobody.context["form"].errors
    assert client.post(here, data)["Location"] == url("obligation_detail", whole.pk)
    part = Obligation.objects.get(unit=polres)
    page = client.get(url("obligation_detail", whole.pk))
    assert [row.unit for row in page.context["links"].subs] == ["Polres Banjar"]
    assert "percent" not in page.context["report_form"].fields
    assert client.get(url("directive_detail", part.directive_id)).status_code == 200
    sign_in(client, posko_banjar)
    report = {"kind": "progress", "percent": "50", "note": "Jalan.", "version": 1}
    client.post(url("obligation_report", part.pk), report)
    whole.refresh_from_db()
    assert (whole.progress, whole.due_at) == (50, DUE)
    assert client.get(here).status_code == 403
    assert client.get(url("obligation_detail", whole.pk)).status_code == 404
    sign_in(client, kodim_1006)
    assert client.get(url("obligation_detail", part.pk)).status_code == 404
