"""Referrals and questions between agencies: asked, answered, taken back, ended."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import translation

from incidents.actions.editing import add_file
from incidents.actions.gakkumdu_opening import hand_over
from incidents.actions.grouping import merge_incident
from incidents.actions.moves import move_incident
from incidents.actions.reports import add_update
from incidents.actions.requests import (
    accept_request,
    answer_request,
    ask_agency,
    decline_request,
    withdraw_request,
)
from incidents.emails import request_context, request_end_context
from incidents.enums import IncidentState, UpdateKind
from incidents.enums.requests import REQUEST_MOVES, RequestKind, RequestState
from incidents.models import AgencyRequest, Incident, IncidentUpdate
from incidents.queries import requests_due, requests_of
from portal.access.classification import Classification
from portal.access.errors import Refused, Stale
from portal.attachments.actions import files_of
from portal.audit.models import Entry
from portal.notifications.emails import render
from portal.notifications.models import Notification
from portal.registry.models import Agency
from tests.factories.incidents import AT, photo, report

LATER = AT + timedelta(minutes=30)
LATEST = AT + timedelta(hours=3)
WHOLE, PART, ADVICE = RequestKind.WHOLE, RequestKind.PART, RequestKind.ADVICE
MOVES = {
    RequestState.ACCEPTED: lambda row, by: accept_request(row, by=by, at=LATEST),
    RequestState.DECLINED: lambda row, by: decline_request(row, reason="Sibuk.", by=by, at=LATEST),
    RequestState.DONE: lambda row, by: answer_request(row, text="Sudah.", by=by, at=LATEST),
}


def agency(slug: str) -> Agency:
    return Agency.objects.get(slug=slug)


def ask(incident, by, kind=PART, to="bawaslu-kalsel", at=LATER, **fields) -> AgencyRequest:
    values = {"matter": "Awasi penertibannya.", "reason": "Kewenangan pengawasan."}
    return ask_agency(incident, kind=kind, to=agency(to), by=by, at=at, **{**values, **fields})


def told(kind: str) -> set[str]:
    return set(Notification.objects.filter(kind=kind).values_list("post__slug", flat=True))


@pytest.fixture
def incident(liaison_kpu, liaison_pemprov, liaison_bawaslu):
    """A flood that Pemprov leads; Bawaslu has no part in it yet."""
    return report(liaison_kpu)


def test_an_asked_agency_is_told_and_sees_but_nothing_changes_hands(
    incident, liaison_pemprov, liaison_bawaslu, liaison_kejati
):
    assert incident not in Incident.objects.visible_to(liaison_bawaslu)

    request = ask(incident, liaison_pemprov, WHOLE)

    incident.refresh_from_db()
    assert (incident.lead_agency.slug, incident.state) == ("pemprov-kalsel", "dilaporkan")
    assert incident in Incident.objects.visible_to(liaison_bawaslu)
    assert incident not in Incident.objects.visible_to(liaison_kejati)
    assert request not in AgencyRequest.objects.visible_to(liaison_kejati)
    assert told("request_received") == {"liaison-bawaslu"}
    entry = incident.updates.last()
    assert (entry.kind, entry.agency.slug) == (UpdateKind.REFER_ASKED, "pemprov-kalsel")
    assert entry.text == (
        "Pelimpahan seluruhnya (Bawaslu Kalsel): Awasi penertibannya. "
        "Alasan: Kewenangan pengawasan."
    )
    assert Entry.objects.get(verb="request.ask").after["agency"] == "bawaslu-kalsel"


def test_a_whole_referral_accepted_hands_over_the_lead(incident, liaison_pemprov, liaison_bawaslu):
    request = ask(incident, liaison_pemprov, WHOLE)

    accept_request(request, by=liaison_bawaslu, at=LATEST)

    incident.refresh_from_db()
    assert (incident.lead_agency.slug, incident.state) == ("bawaslu-kalsel", "dilimpahkan")
    slugs = set(incident.supporting.values_list("slug", flat=True))
    assert "pemprov-kalsel" in slugs
    assert "bawaslu-kalsel" not in slugs
    entry = incident.updates.last()
    assert (entry.kind, entry.state, entry.to_agency.slug) == (
        UpdateKind.REFERRAL,
        "dilimpahkan",
        "bawaslu-kalsel",
    )
    assert told("request_answered") == {"liaison-pemprov"}
    assert Notification.objects.get(kind="request_received").cancelled_at == LATEST
    assert accept_request(request, by=liaison_bawaslu, at=LATEST).state == RequestState.ACCEPTED
    assert incident.updates.filter(kind=UpdateKind.REFERRAL).count() == 1


def test_a_part_accepted_leaves_the_lead_and_is_reported_back(
    incident, liaison_pemprov, liaison_bawaslu
):
    request = ask(incident, liaison_pemprov)
    accept_request(request, by=liaison_bawaslu, at=LATEST, note="Panwascam bergerak.")

    done = answer_request(request, text=" Tertib. ", files=[photo()], by=liaison_bawaslu, at=LATEST)

    incident.refresh_from_db()
    assert (incident.lead_agency.slug, incident.state) == ("pemprov-kalsel", "dilaporkan")
    assert (done.state, done.answer, done.ended_at) == (RequestState.DONE, "Tertib.", LATEST)
    kinds = list(incident.updates.values_list("kind", flat=True))
    assert kinds == ["report", "ref_asked", "ref_taken", "file", "ref_result"]
    assert files_of(incident).count() == 1
    assert answer_request(request, text="Lagi.", by=liaison_bawaslu, at=LATEST).answer == "Tertib."
    assert incident in Incident.objects.visible_to(liaison_bawaslu)


def test_a_declined_referral_leaves_all_as_it_was(incident, liaison_pemprov, liaison_bawaslu):
    request = ask(incident, liaison_pemprov, WHOLE)
    with pytest.raises(Refused) as refusal:
        decline_request(request, reason=" ", by=liaison_bawaslu, at=LATEST)
    assert refusal.value.field == "reason"

    decline_request(request, reason="Bukan kewenangan kami.", by=liaison_bawaslu, at=LATEST)

    incident.refresh_from_db()
    assert (incident.lead_agency.slug, incident.state) == ("pemprov-kalsel", "dilaporkan")
    assert incident not in Incident.objects.visible_to(liaison_bawaslu)
    assert told("request_answered") == {"liaison-pemprov"}
    assert "Bukan kewenangan kami." in incident.updates.last().text


def test_a_supporter_that_declines_still_supports(incident, liaison_pemprov, liaison_korem):
    request = ask(incident, liaison_pemprov, to="korem-101")

    decline_request(request, reason="Personel terpakai.", by=liaison_korem, at=LATEST)

    assert incident in Incident.objects.visible_to(liaison_korem)


def test_an_agency_asked_twice_keeps_its_sight_until_the_last_is_withdrawn(
    incident, liaison_pemprov, liaison_bawaslu
):
    first, second = ask(incident, liaison_pemprov), ask(incident, liaison_pemprov, ADVICE)

    withdraw_request(first, by=liaison_pemprov, at=LATEST)
    assert incident in Incident.objects.visible_to(liaison_bawaslu)
    withdraw_request(second, by=liaison_pemprov, at=LATEST)
    assert incident not in Incident.objects.visible_to(liaison_bawaslu)


def test_a_withdrawn_request_tells_who_was_asked_and_no_more(
    incident, liaison_pemprov, liaison_bawaslu
):
    request = ask(incident, liaison_pemprov)

    withdraw_request(request, reason="Keliru.", by=liaison_pemprov, at=LATEST)

    assert told("request_ended") == {"liaison-bawaslu"}
    assert "title" not in Notification.objects.get(kind="request_ended").context
    assert Notification.objects.get(kind="request_received").cancelled_at == LATEST
    assert withdraw_request(request, by=liaison_pemprov, at=LATEST).answer == "Keliru."
    with pytest.raises(Refused, match="Ditarik pengirim"):
        accept_request(request, by=liaison_bawaslu, at=LATEST)


def test_advice_is_asked_until_a_time_and_given(incident, liaison_pemprov, liaison_bawaslu):
    with pytest.raises(Refused) as refusal:
        ask(incident, liaison_pemprov, ADVICE, by_when=LATER)
    assert refusal.value.field == "by_when"

    request = ask(incident, liaison_pemprov, ADVICE, reason="", by_when=LATEST)
    answer_request(request, text="Boleh, dengan izin.", by=liaison_bawaslu, at=LATEST)

    kinds = list(incident.updates.values_list("kind", flat=True))
    assert kinds == ["report", "adv_asked", "adv_given"]
    assert told("request_answered") == {"liaison-pemprov"}


@pytest.mark.parametrize("wanted", MOVES)
@pytest.mark.parametrize("state", RequestState)
@pytest.mark.parametrize("kind", RequestKind)
def test_requests_follow_the_table(incident, liaison_pemprov, liaison_bawaslu, kind, state, wanted):
    request = ask(incident, liaison_pemprov, kind)
    AgencyRequest.objects.filter(pk=request.pk).update(
        state=state,
        accepted_at=LATER if state == RequestState.ACCEPTED else None,
        ended_at=None if state in {RequestState.WAITING, RequestState.ACCEPTED} else LATER,
        answer="Begitu." if state in {RequestState.DECLINED, RequestState.DONE} else "",
    ) if not (kind == ADVICE and state == RequestState.ACCEPTED) else None
    request.refresh_from_db()

    if wanted in REQUEST_MOVES[kind][request.state]:
        assert MOVES[wanted](request, liaison_bawaslu).state == wanted
    elif wanted == request.state:
        entries = incident.updates.count()
        MOVES[wanted](request, liaison_bawaslu)
        assert incident.updates.count() == entries
    else:
        with pytest.raises(Refused):
            MOVES[wanted](request, liaison_bawaslu)


def test_only_the_asked_agency_answers_and_only_who_handles_withdraws(
    incident, liaison_pemprov, liaison_bawaslu, liaison_korem, posko_banjar
):
    request = ask(incident, liaison_pemprov)

    for act in MOVES.values():
        with pytest.raises(PermissionDenied):
            act(request, liaison_korem)
    with pytest.raises(PermissionDenied):
        withdraw_request(request, by=liaison_bawaslu, at=LATEST)
    with pytest.raises(PermissionDenied):
        ask(incident, liaison_korem)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"matter": " "}, "matter"),
        ({"reason": ""}, "reason"),
        ({"to": "pemprov-kalsel"}, "to"),
        ({"matter": "Paslon 1 unggul 60%"}, "matter"),
        ({"to": "dprd-kalsel"}, "to"),
        ({"kind": "perintah"}, "kind"),
    ],
)
def test_what_cannot_be_asked(incident, liaison_pemprov, fields, field):
    with pytest.raises(Refused) as refusal:
        ask(incident, liaison_pemprov, **fields)
    assert refusal.value.field == field
    assert incident.updates.count() == 1


def test_who_is_not_cleared_is_not_asked(liaison_bawaslu, coordinator):
    secret = report(coordinator, classification=Classification.RAHASIA)
    with pytest.raises(Refused, match="boleh membaca kejadian ini"):
        ask(secret, coordinator)


def test_a_stale_view_is_shown_what_changed(incident, liaison_pemprov):
    move_incident(incident, IncidentState.VERIFIED, by=liaison_pemprov, at=AT)
    with pytest.raises(Stale):
        ask(incident, liaison_pemprov, version=1)


def test_one_open_referral_each_and_one_whole_at_a_time(
    incident, liaison_pemprov, liaison_bawaslu, liaison_korem
):
    request = ask(incident, liaison_pemprov, WHOLE)

    assert ask(incident, liaison_pemprov, WHOLE) == request
    with pytest.raises(Refused, match="pelimpahan terbuka kepada Bawaslu Kalsel"):
        ask(incident, liaison_pemprov, PART)
    with pytest.raises(Refused, match="masih menunggu"):
        ask(incident, liaison_pemprov, WHOLE, to="korem-101")
    assert ask(incident, liaison_pemprov, PART, to="korem-101").state == RequestState.WAITING


@pytest.mark.parametrize("to", ["bawaslu-kalsel", "korem-101"])
def test_the_database_keeps_one_open_referral(
    incident, liaison_pemprov, liaison_bawaslu, liaison_korem, to
):
    ask(incident, liaison_pemprov, WHOLE)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgencyRequest.objects.create(
            incident=incident, kind=WHOLE, matter="x", reason="x", agency=agency(to),
            from_agency=incident.lead_agency, asked_by_id=liaison_pemprov.post_id, asked_at=AT,
        )  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "perintah"},
        {"state": "lain"},
        {"state": RequestState.ACCEPTED},
        {"state": RequestState.DECLINED, "ended_at": LATEST},
        {"state": RequestState.WITHDRAWN, "ended_at": AT},
        {"ended_at": LATEST},
        {"matter": ""},
        {"agency_id": "lead"},
    ],
)
def test_request_constraints_and_trigger(incident, liaison_pemprov, values):
    request = ask(incident, liaison_pemprov)
    if "agency_id" in values:
        values = {"agency_id": incident.lead_agency_id}
    with pytest.raises(IntegrityError), transaction.atomic():
        AgencyRequest.objects.filter(pk=request.pk).update(**values)


def test_what_was_asked_and_how_it_ended_is_kept(incident, liaison_pemprov, liaison_bawaslu):
    request = ask(incident, liaison_pemprov)
    rows = AgencyRequest.objects.filter(pk=request.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(matter="Lain.")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()
    decline_request(request, reason="Tidak.", by=liaison_bawaslu, at=LATEST)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(answer="Ya.")


def test_the_end_of_an_incident_ends_what_waits_but_not_what_is_worked_on(
    incident, liaison_pemprov, liaison_bawaslu, liaison_korem
):
    waits = ask(incident, liaison_pemprov, ADVICE)
    works = ask(incident, liaison_pemprov, to="korem-101")
    accept_request(works, by=liaison_korem, at=LATER)

    move_incident(incident, "tidak_terbukti", reason="Diperiksa.", by=liaison_pemprov, at=LATEST)

    waits.refresh_from_db()
    assert (waits.state, waits.ended_at) == (RequestState.LAPSED, LATEST)
    assert told("request_ended") == {"liaison-bawaslu"}
    assert answer_request(works, text="Nihil.", by=liaison_korem, at=LATEST).state == "dijawab"
    with pytest.raises(Refused, match="Tidak terbukti"):
        ask(incident, liaison_pemprov)


def test_merging_carries_requests_along(incident, liaison_kpu, coordinator, liaison_bawaslu):
    into = report(liaison_kpu, title="Banjir di hulu")
    part = ask(incident, coordinator)
    whole = ask(incident, coordinator, WHOLE, to="kpu-kalsel")

    merge_incident(incident, into, reason="Sama.", by=coordinator, at=LATEST)

    part.refresh_from_db()
    whole.refresh_from_db()
    assert (part.incident, part.state) == (into, RequestState.WAITING)
    assert (whole.incident, whole.state) == (incident, RequestState.LAPSED)
    assert into in Incident.objects.visible_to(liaison_bawaslu)


def test_merging_two_referrals_to_one_agency_is_refused(
    incident, liaison_kpu, coordinator, liaison_bawaslu
):
    into = report(liaison_kpu, title="Banjir di hulu")
    ask(incident, coordinator)
    ask(into, coordinator)

    with pytest.raises(Refused, match="terbuka kepada Bawaslu Kalsel") as refusal:
        merge_incident(incident, into, reason="Sama.", by=coordinator, at=LATEST)
    assert refusal.value.field == "into"


def test_at_the_desk_everything_asked_ends(people, liaison_bawaslu, liaison_korem):
    incident = report(liaison_bawaslu, code="B4")
    request = ask(incident, liaison_bawaslu, to="korem-101")
    accept_request(request, by=liaison_korem, at=LATER)

    hand_over(
        incident, basis="laporan", known_at=AT, received_at=AT, summary="Amplop.", complete=True,
        by=liaison_bawaslu, at=LATEST,
    )  # fmt: skip

    request.refresh_from_db()
    assert request.state == RequestState.LAPSED
    assert request not in AgencyRequest.objects.visible_to(liaison_korem)


def test_a_merged_incident_takes_nothing_more_and_names_the_other(
    incident, liaison_kpu, coordinator, liaison_bawaslu, people
):
    into = report(coordinator, title="Banjir di hulu", classification=Classification.TERBATAS)
    merge_incident(incident, into, reason="Sama.", by=coordinator, at=LATEST)
    incident.refresh_from_db()

    with pytest.raises(Refused, match=into.number):
        add_update(incident, kind="action", text="Perahu.", by=coordinator, at=LATEST)
    with pytest.raises(Refused, match=into.number):
        add_file(incident, photo(), by=coordinator, at=LATEST)
    assert not files_of(incident).exists()


def test_what_is_owed_waits_for_the_asked_agency_alone(
    incident, liaison_pemprov, liaison_bawaslu, liaison_korem
):
    request = ask(incident, liaison_pemprov, ADVICE, by_when=LATEST)

    [due] = requests_due(liaison_bawaslu, LATER)
    assert (due.due_at, due.overdue, due.badge) == (LATEST, False, ("warning", "Menunggu jawaban"))
    assert requests_due(liaison_bawaslu, LATEST + timedelta(minutes=1))[0].overdue
    assert requests_due(liaison_korem, LATER) == requests_due(liaison_pemprov, LATER) == []
    answer_request(request, text="Boleh.", by=liaison_bawaslu, at=LATEST)
    assert requests_due(liaison_bawaslu, LATEST) == []


def test_steps_offered_on_the_page(incident, liaison_pemprov, liaison_bawaslu, liaison_korem):
    ask(incident, liaison_pemprov)

    def offered(actor):
        [row] = requests_of(incident, actor, LATER)
        return [step.label for step in row.steps]

    assert offered(liaison_bawaslu) == ["Terima", "Tolak"]
    assert offered(liaison_pemprov) == ["Tarik"]
    assert offered(liaison_korem) == []


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("state", RequestState)
@pytest.mark.parametrize("kind", RequestKind)
def test_mails_are_written_out(incident, liaison_pemprov, kind, state, language):
    request = ask(incident, liaison_pemprov, kind, by_when=LATEST)
    request.state, request.answer = state, "Begitu."
    with translation.override(language):
        received = render("request_received", request_context(request))
        answered = render("request_answered", request_context(request))
        ended = render("request_ended", request_end_context(request))
    for text in (received, answered, ended):
        assert incident.number in text.subject
        assert "{" not in text.subject + text.body
    assert request.matter in received.body
    assert incident.title not in ended.subject + ended.body


def test_hand_overs_of_before_become_requests(incident, liaison_pemprov, liaison_kpu, coordinator):
    for to, at in (("bawaslu-kalsel", LATER), ("korem-101", LATEST)):
        IncidentUpdate.objects.create(
            incident=incident, kind="referral", state="dilimpahkan", to_agency=agency(to),
            text="Medan.", post_id=coordinator.post_id, agency_id=coordinator.agency_id, at=at,
        )  # fmt: skip
    Incident.objects.filter(pk=incident.pk).update(
        state="dilimpahkan", lead_agency=agency("korem-101")
    )

    import_module("incidents.migrations.0014_requests_kept").requests_of_referrals(apps, None)

    rows = AgencyRequest.objects.filter(incident=incident).order_by("pk")
    assert [(row.from_agency.slug, row.agency.slug, row.state) for row in rows] == [
        ("pemprov-kalsel", "bawaslu-kalsel", "dijawab"),
        ("bawaslu-kalsel", "korem-101", "diterima"),
    ]
