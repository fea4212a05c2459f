"""Exercises and parades: planned, attended, carried out, with findings that oblige."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from coordination.models import Obligation
from deployments import actions
from deployments.enums import EVENT_MOVES, EventKind, EventResult, EventState
from deployments.models import CertifyingEvent, EventParticipant
from portal import clock
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.registry.models import Agency, Region
from tests.factories import deployments as make

HOUR = timedelta(hours=1)


@pytest.fixture
def now(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = make.OPENED, clock.true_now().timestamp()


def plan(by, **given):
    values = {
        "kind": EventKind.PARADE,
        "title": "Apel gelar pasukan",
        "agency": Agency.objects.get(slug="polda-kalsel"),
        "unit": None,
        "starts_at": make.OPENED - HOUR,
        "place": "Lapangan",
        "region": Region.objects.get(code="63.72"),
        "materials": "Susunan barisan",
    } | given
    return actions.plan_event(make.operation(), values, by=by, at=make.OPENED - 5 * HOUR)


def done(event, by, **given):
    values = {"result": EventResult.READY, "summary": "", "version": event.version}
    return actions.carry_out_event(event, **values | given, by=by, at=make.OPENED)


def test_plan_people_result_and_finding(now, coordinator):
    event = plan(coordinator)
    korem = Agency.objects.get(slug="korem-101")
    for attended in (None, 95):
        actions.set_participant(
            event,
            agency=korem,
            unit=None,
            planned=100,
            attended=attended,
            by=coordinator,
            at=make.OPENED,
        )
    assert event.participants.get().attended == 95
    with pytest.raises(Refused):
        done(event, coordinator, result="")
    held = done(event, coordinator)
    assert done(event, coordinator) == held
    with pytest.raises(Refused):
        actions.cancel_event(
            event, reason="Hujan", version=held.version, by=coordinator, at=make.OPENED
        )
    given = {"agency": korem, "text": "Radio berbeda kanal", "due_at": make.OPENED + 48 * HOUR}
    finding = actions.add_finding(event, **given, by=coordinator, at=make.OPENED)
    assert actions.add_finding(event, **given, by=coordinator, at=make.OPENED) == finding
    obliged = actions.oblige_finding(finding, by=coordinator, at=make.OPENED)
    again = actions.oblige_finding(finding, by=coordinator, at=make.OPENED)
    assert obliged.directive == again.directive
    duty = Obligation.objects.get(directive=obliged.directive)
    assert (duty.agency, duty.due_at) == (korem, given["due_at"])
    assert obliged.directive.origin_url == f"/kesiapan/kegiatan/{event.pk}/"
    verbs = ("event.plan", "event.invite", "event.count", "event.done", "event.finding")
    assert {verb: Entry.objects.filter(verb=verb).count() for verb in verbs} == dict.fromkeys(
        verbs, 1
    )


def test_what_cannot_be_is_refused(now, coordinator):
    polres = make.unit("polres-banjar")
    with pytest.raises(Refused):
        plan(coordinator, agency=Agency.objects.get(slug="korem-101"), unit=polres)
    with pytest.raises(Refused):
        plan(coordinator, title=" ")
    event = plan(coordinator, starts_at=make.OPENED + HOUR)
    with pytest.raises(Refused):
        done(event, coordinator)
    people = {"agency": polres.agency, "unit": None, "planned": 0}
    with pytest.raises(Refused):
        actions.set_participant(event, **people, by=coordinator, at=make.OPENED)
    with pytest.raises(Refused):
        actions.cancel_event(event, reason=" ", version=1, by=coordinator, at=make.OPENED)
    with pytest.raises(Stale):
        actions.cancel_event(event, reason="Hujan", version=9, by=coordinator, at=make.OPENED)
    actions.cancel_event(event, reason="Hujan", version=1, by=coordinator, at=make.OPENED)
    with pytest.raises(Refused):
        actions.add_finding(
            event,
            agency=polres.agency,
            text="x",
            due_at=make.OPENED,
            by=coordinator,
            at=make.OPENED,
        )


def test_database_keeps_results_and_participants_right(now, coordinator):
    event = plan(coordinator)
    agency = event.agency
    with pytest.raises(IntegrityError), transaction.atomic():
        CertifyingEvent.objects.filter(pk=event.pk).update(state="done")
    EventParticipant.objects.create(event=event, agency=agency, planned=1)
    for bad in ({"planned": 2}, {"planned": 0, "unit": make.unit("polres-banjar")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            EventParticipant.objects.create(event=event, agency=agency, **bad)


def test_an_agency_plans_its_own_and_no_others(now, liaison_korem, liaison_polda, posko_banjar):
    korem = Agency.objects.get(slug="korem-101")
    event = plan(liaison_korem, agency=korem)
    for actor in (liaison_polda, posko_banjar):
        with pytest.raises(PermissionDenied):
            done(event, actor)
        with pytest.raises(PermissionDenied):
            plan(actor, agency=korem)


def test_who_holds_and_who_takes_part_see_it(
    now, client, sign_in, coordinator, posko_banjar, kodim_1006, liaison_kpu, auditor
):
    event = plan(coordinator)
    address = f"/kesiapan/kegiatan/{event.pk}/"

    def look(actor):
        sign_in(client, actor)
        rows = client.get("/kesiapan/kegiatan/").context["rows"]
        return len(rows), client.get(address).status_code

    assert [look(actor) for actor in (coordinator, posko_banjar, auditor)] == [(1, 200)] * 3
    assert [look(actor) for actor in (kodim_1006, liaison_kpu)] == [(0, 404)] * 2
    actions.set_participant(
        event,
        agency=Agency.objects.get(slug="korem-101"),
        unit=make.unit("kodim-1006"),
        planned=30,
        by=coordinator,
        at=make.OPENED,
    )
    assert look(kodim_1006) == (1, 200)
    assert look(liaison_kpu) == (0, 404)
    sign_in(client, kodim_1006)
    assert client.post(f"{address}batal/", {"reason": "x", "version": 1}).status_code == 403
    sign_in(client, liaison_kpu)
    assert client.post(f"{address}batal/", {"reason": "x", "version": 1}).status_code == 404


def test_the_whole_way_by_the_pages(now, client, sign_in, coordinator):
    sign_in(client, coordinator)
    polda = Agency.objects.get(slug="polda-kalsel")
    values = {
        "kind": "tfg",
        "title": "TFG",
        "agency": polda.pk,
        "starts_at": "2024-11-20T09:00",
        "place": "Mapolda",
        "region": "63.72",
    }
    assert client.post("/kesiapan/kegiatan/baru/", values | {"title": ""}).status_code == 200
    address = client.post("/kesiapan/kegiatan/baru/", values).url
    changed = client.post(f"{address}ubah/", values | {"title": "TFG akhir", "version": 1})
    assert changed.url == address
    client.post(f"{address}peserta/", {"agency": polda.pk, "planned": 40, "attended": 38})
    assert client.post(f"{address}peserta/", {"agency": polda.pk, "planned": 0}).status_code == 200
    finding = {"agency": polda.pk, "text": "Peta lama", "due_at": "2024-11-25T08:00"}
    assert client.post(f"{address}temuan/", finding | {"text": ""}).status_code == 200
    client.post(f"{address}temuan/", finding)
    assert client.post(f"{address}hasil/", {"version": 2}).status_code == 200
    client.post(f"{address}hasil/", {"version": 2, "result": "notes", "summary": "Baik"})
    page = client.get(address)
    [row] = page.context["findings"]
    client.post(f"/kesiapan/temuan/{row['pk']}/tindak-lanjut/")
    [row] = client.get(address).context["findings"]
    assert row["obliged"] and row["state"] and client.get(row["url"]).status_code == 200
    event = CertifyingEvent.objects.get()
    assert (event.title, event.state, event.result) == ("TFG akhir", "done", "notes")
    assert client.post(f"{address}batal/", {"reason": "x", "version": 3}).status_code == 200
    assert client.post(f"{address}ubah/", values | {"version": 3}).status_code == 200


def test_api_lists_events_forms_and_what_is_due(
    now, client, sign_in, coordinator, posko_banjar, liaison_kpu
):
    plan(coordinator)
    make.expect()
    sign_in(client, posko_banjar)
    assert client.get("/api/v1/certifying-events/?kind=apel_gelar").json()["count"] == 1
    due = client.get("/api/v1/expected-reports/?state=waiting").json()["results"]
    assert [row["unit"] for row in due] == ["polres-banjar"]
    forms = client.get("/api/v1/report-forms/").json()["results"]
    assert [form["key"] for form in forms] == ["kesiapan", "kesiapan-kodim"]
    assert forms[0]["groups"][0]["fields"][0]["key"] == "establishment"
    summary = client.get("/api/v1/readiness-summary/").json()
    assert set(summary["states"]) >= {"missing", "partial", "conflict", "quarantined"}
    assert client.get("/api/v1/readiness-summary/?region=63.03").status_code == 422
    sign_in(client, liaison_kpu)
    assert client.get("/api/v1/certifying-events/").json()["count"] == 0
    assert client.get("/api/v1/expected-reports/").json()["count"] == 0


def test_list_costs_the_same_for_one_and_three(now, client, sign_in, coordinator):
    sign_in(client, coordinator)
    counts = []
    for number in (1, 2):
        for _each in range(number):
            plan(coordinator)
        with CaptureQueriesContext(connection) as seen:
            client.get("/kesiapan/kegiatan/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_event_moves_lead_somewhere_known():
    assert set(EVENT_MOVES) == set(EventState)
