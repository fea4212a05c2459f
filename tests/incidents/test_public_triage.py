"""Who sorts which report, and what sorting does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from incidents.actions.public_forgetting import forget_due
from incidents.actions.public_reports import Contact
from incidents.actions.public_triage import (
    Sorted,
    answer_report,
    follow_up,
    open_contact,
    set_aside,
    take_back,
)
from incidents.enums import PUBLIC_MOVES, MessageKind, PublicState
from incidents.models import PublicContact, PublicMessage, PublicPhoto, PublicReport, TriageReason
from incidents.queries.public_similar import ALIKE, likeness, trait_of
from incidents.rules import triages
from incidents.tasks import forget_public
from portal.access.actor import SYSTEM
from portal.access.classification import Classification
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.attachments.storage import read
from portal.audit.models import Entry
from portal.home.demo.people import LADDER_OFFICES, actor_of
from tests.factories.incidents import AT, report
from tests.factories.public import sent

LATER = AT + timedelta(hours=2)


@pytest.fixture
def duty_bawaslu():
    return actor_of(next(office for office in LADDER_OFFICES if office.login == "piket.bawaslu"))


def reason(slug: str = "kurang-jelas") -> TriageReason:
    return TriageReason.objects.get(pk=slug)


def test_who_sees_what(
    coordinator, posko_banjar, kodim_1006, duty_bawaslu, liaison_kpu, auditor, admin
):
    flood = sent()
    elsewhere = sent(region="63.09.01")
    police = sent(subject="netralitas-aparat")
    secret = sent(confidential=True)

    def seen(actor):
        return set(PublicReport.objects.visible_to(actor))

    assert seen(coordinator) == {flood, elsewhere, secret}
    assert seen(posko_banjar) == seen(kodim_1006) == {flood}
    assert seen(duty_bawaslu) == {police}
    assert seen(liaison_kpu) == seen(auditor) == seen(admin) == seen(None) == set()
    assert seen(SYSTEM) == {flood, elsewhere, police, secret}


def test_the_rule_agrees_with_the_rows(
    coordinator, posko_banjar, kodim_1006, duty_bawaslu, liaison_kpu
):
    for subject in ("bencana", "netralitas-aparat", "penyelenggara", "netralitas-asn"):
        for region in ("63.03", "63.03.17", "63.09.01", "63.04"):
            for confidential in (False, True):
                sent(subject=subject, region=region, confidential=confidential)
    uncleared = replace(duty_bawaslu, clearance=Classification.TERBATAS)
    for actor in (coordinator, posko_banjar, kodim_1006, duty_bawaslu, uncleared):
        seen = set(PublicReport.objects.visible_to(actor))
        rows = PublicReport.objects.select_related("subject__type")
        assert {row for row in rows if triages(actor, row)} == seen
        assert seen
    assert not may(liaison_kpu, Permission.PUBLIC_REPORT_TRIAGE, rows[0])


def test_a_complaint_about_an_agency_never_goes_only_to_it(
    coordinator, posko_banjar, kodim_1006, duty_bawaslu
):
    """Nobody of it sorts one, the coordinator included, also where nothing is confidential."""
    row = sent(subject="netralitas-aparat")
    for accused in (coordinator, posko_banjar, kodim_1006):
        assert not triages(accused, row)
        assert set_aside([row.pk], reason(), by=accused, at=LATER) == Sorted(0, 1)
    row.refresh_from_db()
    assert (row.state, row.messages.count()) == (PublicState.WAITING, 0)
    assert triages(duty_bawaslu, row)
    assert set_aside([row.pk], reason(), by=duty_bawaslu, at=LATER) == Sorted(1, 0)


def test_a_confidential_complaint_is_read_outside_the_agency_complained_of_only(
    coordinator, posko_banjar, kodim_1006, duty_bawaslu
):
    """The desk that leads the type reads it also where nobody cleared its post for Rahasia."""
    complaint = sent(subject="netralitas-aparat", confidential=True)
    about_others = sent(subject="netralitas-asn", confidential=True)
    flood = sent(confidential=True)
    uncleared = replace(duty_bawaslu, clearance=Classification.TERBATAS)

    def seen(actor):
        return set(PublicReport.objects.visible_to(actor))

    assert seen(coordinator) == {about_others, flood}
    assert seen(posko_banjar) == seen(kodim_1006) == set()
    assert seen(duty_bawaslu) == seen(uncleared) == {complaint, about_others}
    assert not triages(coordinator, complaint)
    assert triages(uncleared, complaint)


def test_the_desk_makes_an_incident_of_a_confidential_complaint(duty_bawaslu):
    complaint = sent(subject="netralitas-aparat", confidential=True)
    secret = report(duty_bawaslu, code="C2", classification=Classification.RAHASIA)
    assert follow_up([complaint.pk], secret, by=duty_bawaslu, at=LATER) == Sorted(1, 0)


def test_set_aside_answers_with_the_reason_s_words(posko_banjar):
    row = sent()
    assert set_aside([row.pk], reason(), by=posko_banjar, at=LATER) == Sorted(1, 0)
    row.refresh_from_db()
    assert (row.state, row.reason_id, row.decided_at) == (
        PublicState.SET_ASIDE,
        "kurang-jelas",
        LATER,
    )
    assert row.messages.get().text == reason().answer
    assert row.answered_at == LATER


def test_spam_is_told_nothing(posko_banjar):
    row = sent()
    set_aside([row.pk], reason("sampah"), by=posko_banjar, at=LATER)
    assert not row.messages.exists()


def test_many_at_once_leave_alone_what_was_decided(posko_banjar, coordinator):
    rows = [sent(text=f"Jalan nomor {n} terendam air.") for n in range(3)]
    other = sent(region="63.09.01")
    set_aside([rows[0].pk], reason("sampah"), by=coordinator, at=AT)
    done = set_aside([row.pk for row in [*rows, other]], reason(), by=posko_banjar, at=LATER)
    assert done == Sorted(2, 2)
    rows[0].refresh_from_db()
    other.refresh_from_db()
    assert (rows[0].reason_id, other.state) == ("sampah", PublicState.WAITING)
    assert Entry.objects.filter(verb="public_report.set_aside").count() == 3


def test_nothing_chosen_or_too_many_is_refused(posko_banjar):
    for chosen in ([], range(1, 202)):
        with pytest.raises(Refused):
            set_aside(chosen, reason(), by=posko_banjar, at=LATER)


def test_follow_up_hangs_reports_on_an_incident(posko_banjar):
    rows = [sent(text=f"Jalan nomor {n} terendam air.") for n in range(2)]
    incident = report(posko_banjar)
    done = follow_up([row.pk for row in rows], incident, by=posko_banjar, at=LATER)
    assert done == Sorted(2, 0)
    assert set(incident.public_reports.all()) == set(rows)
    assert take_back([rows[0].pk], by=posko_banjar, at=LATER) == Sorted(1, 0)
    assert set(incident.public_reports.all()) == {rows[1]}


def test_a_confidential_report_needs_a_confidential_incident(coordinator):
    row = sent(confidential=True)
    with pytest.raises(Refused, match="bersifat rahasia"):
        follow_up([row.pk], report(coordinator), by=coordinator, at=LATER)
    secret = report(coordinator, classification=Classification.RAHASIA)
    assert follow_up([row.pk], secret, by=coordinator, at=LATER) == Sorted(1, 0)


def test_an_incident_out_of_sight_is_refused(coordinator, kodim_1006):
    row, far = sent(), report(coordinator, code="E5", region="63.09")
    with pytest.raises(Refused):
        follow_up([row.pk], far, by=kodim_1006, at=LATER)


def test_only_moves_of_the_table_are_made(posko_banjar):
    row = sent()
    assert take_back([row.pk], by=posko_banjar, at=LATER) == Sorted(0, 1)
    assert set(PUBLIC_MOVES) == set(PublicState)


def test_a_stale_page_decides_nothing(posko_banjar):
    row = sent()
    answer_report(row, text="Sedang diperiksa.", by=posko_banjar, at=AT)
    set_aside([row.pk], reason(), by=posko_banjar, at=AT)
    with pytest.raises(Stale):
        take_back([row.pk], by=posko_banjar, at=LATER, version=1)


def test_a_contact_is_opened_by_an_act_that_is_recorded(posko_banjar, kodim_1006):
    row = sent(anonymous=False, contact=Contact("Warga", "0812"))
    assert open_contact(row, by=posko_banjar, at=LATER) == {"name": "Warga", "reach": "0812"}
    entry = Entry.objects.get(verb="public_report.open_contact")
    assert entry.post_id == posko_banjar.post_id
    assert "0812" not in repr([entry.before, entry.after, entry.note])


def test_who_declined_cannot_be_opened(posko_banjar):
    with pytest.raises(Refused, match="tidak meninggalkan kontak"):
        open_contact(sent(), by=posko_banjar, at=LATER)


def test_who_does_not_sort_it_opens_and_answers_nothing(posko_banjar, liaison_kpu):
    far = sent(region="63.09.01", anonymous=False, contact=Contact("Warga", "0812"))
    with pytest.raises(PermissionDenied):
        open_contact(far, by=posko_banjar, at=LATER)
    with pytest.raises(PublicReport.DoesNotExist):
        answer_report(far, text="Ya.", by=liaison_kpu, at=LATER)


def test_an_answer_needs_words(posko_banjar):
    with pytest.raises(Refused):
        answer_report(sent(), text=" ", by=posko_banjar, at=LATER)


def test_state_and_its_companion_go_together():
    row = sent()
    for values in (
        {"state": PublicState.FOLLOWED},
        {"state": PublicState.SET_ASIDE},
        {"reason_id": "sampah"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PublicReport.objects.filter(pk=row.pk).update(**values)


def test_a_message_of_an_officer_is_an_answer():
    row = sent()
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicMessage.objects.create(report=row, kind=MessageKind.ANSWER, text="x", at=AT)


def test_contacts_go_on_their_day_and_not_before():
    row = sent(anonymous=False, contact=Contact("Warga", "0812"))
    last = AT + timedelta(days=89)
    assert forget_due(at=last) == (0, 0)
    assert forget_due(at=last + timedelta(days=1)) == (1, 0)
    assert not PublicContact.objects.exists()
    assert PublicReport.objects.get() == row
    assert Entry.objects.get(verb="public_report.forget_contact").object_id == str(row.pk)
    assert forget_due(at=last + timedelta(days=2)) == (0, 0)


def test_spam_is_emptied_after_thirty_days(
    posko_banjar, django_capture_on_commit_callbacks, caplog
):
    spam, kept = sent(photos=[b"gambar"], latitude=-3.2, longitude=115.3), sent(photos=[b"lain"])
    set_aside([spam.pk], reason("sampah"), by=posko_banjar, at=AT)
    set_aside([kept.pk], reason(), by=posko_banjar, at=AT)
    path = spam.photos.get().path
    assert forget_due(at=AT + timedelta(days=29)) == (0, 0)
    caplog.set_level("INFO", "portal.public")
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_due(at=AT + timedelta(days=30)) == (0, 1)
    spam.refresh_from_db()
    assert (spam.text, spam.place, spam.latitude, spam.photos.count()) == ("", "", None, 0)
    assert PublicPhoto.objects.get().report == kept
    with pytest.raises(FileNotFoundError):
        read(path)
    assert "1 spam emptied" in caplog.text


def test_the_nightly_task_runs_twice_with_one_effect(posko_banjar):
    sent(anonymous=False, contact=Contact("Warga", "0812"))
    forget_public()
    forget_public()
    assert Entry.objects.filter(verb="public_report.forget_contact").count() == 1


def test_likeness_weighs_type_place_time_and_words():
    base = sent()
    same = sent(text="Jalan ke balai desa tertutup air.")
    other_type = sent(subject="kebakaran", text="Rumah terbakar di belakang pasar.")
    late = sent(occurred_at=AT - timedelta(hours=30), text="Jalan ke balai desa tertutup air.")
    far = sent(region="63.09.01", text="Jalan ke balai desa tertutup air.")
    scores = [likeness(trait_of(base), trait_of(row)) for row in (same, other_type, late, far)]
    assert scores[0] == max(scores)
    assert scores[1] < ALIKE <= min(scores[0], scores[2], scores[3])
