"""The whole chain: from the call to the proof that a directive was carried out, and what is left
over for the next rakor; and no closing where a link of it is missing."""

import re

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from coordination.actions import obligations
from coordination.models import (
    AgendaItem,
    Directive,
    Meeting,
    Minutes,
    MinutesSection,
    Obligation,
)
from portal.access.errors import Refused
from portal.accounts.models import User
from portal.embedded.demo_clock import FIRST_MORNING
from tests.e2e.chain import again, calling, duties, gaps, record, sitting
from tests.e2e.chain.calling import at
from tests.e2e.chain.people import Person
from tests.e2e.conftest import watch
from tests.e2e.test_three_people import blank_pdf

FIRST = "Anev pengamanan logistik pertama"
SECOND = "Anev pengamanan logistik kedua"
THIRD = "Anev pengamanan logistik ketiga"
LOGINS = ("koordinator", "liaison.kpu", "liaison.bawaslu", "liaison.korem", "liaison.pemprov")


@pytest.fixture
def five(people, demo_clock, settings, live_server, browser, browser_context_args, axe, sign_in):
    """Five persons of five agencies, signed in, each with a browser of his own."""
    settings.PORTAL_URL = live_server.url
    demo_clock(FIRST_MORNING)
    agencies = {people[login].agency_id for login in LOGINS}
    assert len(agencies) == len(LOGINS)
    contexts = [browser.new_context(**browser_context_args) for _login in LOGINS]
    pages = [context.new_page() for context in contexts]
    troubles = [watch(page) for page in pages]
    walkers = [
        Person(page, "desk", axe, live_server.url, login)
        for page, login in zip(pages, LOGINS, strict=True)
    ]
    for person in walkers:
        sign_in(person.page, person.email)
    yield walkers
    for context in contexts:
        context.close()
    assert troubles == [[] for _login in LOGINS]


@pytest.fixture
def stranger(browser, browser_context_args, axe, live_server):
    """Somebody without an account, with the paper in his hand."""
    context = browser.new_context(**browser_context_args)
    yield Person(context.new_page(), "desk", axe, live_server.url)
    context.close()


@pytest.fixture
def time_passes(background, demo_clock):
    """`time_passes("2024-11-20T12:01")`: it is that moment for everybody, the worker included."""

    def until(moment: str) -> None:
        background.stop()
        demo_clock(at(moment))
        background.start()

    return until


def test_the_whole_chain_over_two_rakor(five, stranger, background, time_passes):
    host, kpu, bawaslu, korem, pemprov = five

    series = calling.begin_the_series(host)
    meeting = calling.plan(host, series, FIRST, "2024-11-20T10:00", "2024-11-20T11:30")
    for guest in (kpu, bawaslu, korem, pemprov):
        guest.untold("meeting_invitation")
    calling.write_the_letter(host, meeting)
    calling.send_the_letters(host, meeting)
    calling.is_invited(kpu, meeting, "kpu-kalsel")
    calling.is_invited(bawaslu, meeting, "bawaslu-kalsel")
    calling.is_invited(korem, meeting, "korem-101")
    calling.is_invited(pemprov, meeting, "pemprov-kalsel")
    the_agencies_answer(host, meeting, kpu, bawaslu, korem, pemprov)

    time_passes("2024-11-20T09:55")
    they_sit(host, meeting, kpu)
    minutes = they_agree_on_the_record(host, meeting, time_passes, kpu, bawaslu, korem, pemprov)
    paper = record.the_paper_says_the_same(kpu, minutes, "Ketua KPU", "Anggota Bawaslu")
    record.anybody_verifies(stranger, minutes, paper)

    closed = the_kpu_carries_it_out(host, kpu, minutes)
    the_bawaslu_carries_it_out(host, bawaslu, minutes)
    still_open = the_korem_needs_more_time(host, korem, minutes)
    pemprov.untold("obligation_assigned")

    following = calling.plan(host, series, SECOND, "2024-11-26T10:00", "2024-11-26T11:30")
    again.carries_over(host, following, still_open)
    again.is_open_in_the_series(host, following, still_open)
    calling.write_the_letter(host, following)
    calling.send_the_letters(host, following)
    calling.is_invited(korem, following, "korem-101")
    guests = {"kpu-kalsel": kpu, "bawaslu-kalsel": bawaslu, "pemprov-kalsel": pemprov}
    for slug, guest in guests.items():
        calling.is_invited(guest, following, slug)
    again.finds_it_on_the_agenda(korem, following, still_open)
    calling.moves(host, following, "2024-11-20T14:00", "2024-11-20T15:30")
    for guest in (*guests.values(), korem):
        calling.hears_of_the_move(guest, following)
    one_is_called_off(host, series, *guests.values(), korem)

    time_passes("2024-11-20T13:55")
    sitting.open_the_rakor(host, following)
    sitting.comes_to_the_desk(host, following, "korem-101", "Anggota Dua", "Kasi Operasi Korem")
    sitting.close_the_rakor(host, following)
    sitting.the_sheets_say_who_came(host, following, "Anggota Dua", "Kasi Operasi Korem")
    again.minutes_carry_it_on(host, following, still_open)
    again.the_draft_says_it(host, following, still_open, "Anggota Dua")
    duties.shows_the_whole_chain(kpu, closed, minutes)
    states = Obligation.objects.values_list("agency__slug", "state").order_by("agency__slug")
    assert [*states] == [
        ("bawaslu-kalsel", "done"),
        ("korem-101", "acknowledged"),
        ("kpu-kalsel", "done"),
    ]


def one_is_called_off(host, series, *guests):
    """Planned, sent and called off again: calendars lose it."""
    meeting = calling.plan(host, series, THIRD, "2024-11-28T10:00", "2024-11-28T11:30")
    calling.write_the_letter(host, meeting)
    calling.send_the_letters(host, meeting)
    reason = "Menyatu dengan rakor provinsi."
    calling.calls_off(host, meeting, reason)
    for guest in guests:
        calling.hears_that_it_is_off(guest, meeting, reason)


def the_agencies_answer(host, meeting, kpu, bawaslu, korem, pemprov):
    calling.answer(kpu, meeting, "hadir")
    calling.answer(bawaslu, meeting, "hadir")
    mandate = {"representative": "Kasi Operasi Korem", "mandate": blank_pdf()}
    calling.answer(korem, meeting, "diwakili", **mandate)
    korem.sees("mandat.pdf")
    calling.answer(pemprov, meeting, "tidak_hadir", reason="Bertugas di luar daerah.")
    names = {seat.agency.slug: seat.agency.name for seat in meeting.invitations.all()}
    for subject, words in (
        (f"{names['kpu-kalsel']} akan hadir", FIRST),
        (f"{names['bawaslu-kalsel']} akan hadir", FIRST),
        (f"{names['korem-101']} akan diwakili", "Diwakili oleh: Kasi Operasi Korem"),
        (f"{names['pemprov-kalsel']} tidak hadir", "Keterangan: Bertugas di luar daerah."),
    ):
        calling.hears_the_answer(host, meeting, subject, words)


def they_sit(host, meeting, kpu):
    sitting.open_the_rakor(host, meeting)
    sitting.signs_by_the_code(host, kpu, meeting, "Ketua KPU")
    sitting.comes_to_the_desk(host, meeting, "bawaslu-kalsel", "Anggota Satu", "Anggota Bawaslu")
    sitting.is_marked_at_the_desk(host, meeting, "korem-101")
    sitting.sits_before_the_wall(host, meeting)
    sitting.close_the_rakor(host, meeting)
    sitting.the_sheets_say_who_came(host, meeting, "Ketua KPU", "Anggota Satu", "Anggota Bawaslu")


def they_agree_on_the_record(host, meeting, time_passes, kpu, bawaslu, korem, pemprov):
    guests = (kpu, bawaslu, korem, pemprov)
    record.write_passage_by_passage(host, meeting)
    record.turn_a_passage_into_a_directive(host, meeting)
    record.circulate(host, meeting, "2024-11-20T12:00")
    for guest in guests:
        record.is_asked_to_read(guest, meeting)
    record.object_to_its_passage(bawaslu, meeting)
    record.has_no_passage_of_its_own(pemprov, meeting)
    record.answer_the_objection(host, meeting)
    record.hears_of_its_objection(bawaslu, meeting)
    kpu.untold("objection_made", "objection_answered", "obligation_assigned")
    record.may_not_sign_yet(host, meeting)
    time_passes("2024-11-20T12:01")
    record.sign(host, meeting)
    minutes = record.publish(host, meeting)
    for guest in guests:
        record.hears_of_the_record(guest, minutes)
    return minutes


def the_kpu_carries_it_out(host, kpu, minutes):
    """Returned once, mended, verified and closed in one step."""
    own = duties.share(minutes.meeting, "kpu-kalsel")
    duties.receives(kpu, own, minutes, at(record.DUE["kpu-kalsel"]))
    duties.reports_without_evidence(kpu, own)
    duties.reports_done(kpu, own, "Sembilan angkutan dikawal.", "laporan.pdf", blank_pdf())
    duties.hears_that_it_is_done(host, own, "Sembilan angkutan dikawal.")
    duties.decides(host, own, "return", "Lampirkan berita acara serah terima.")
    words = "Yang perlu diperbaiki: Lampirkan berita acara serah terima."
    duties.is_told_back(kpu, own, "obligation_returned", "Dikembalikan untuk perbaikan", words)
    duties.reports_done(kpu, own, "Berita acara dilampirkan.", "berita-acara.pdf", blank_pdf())
    duties.hears_that_it_is_done(host, own, "Berita acara dilampirkan.", times=2)
    duties.decides(host, own, "verify", "Lengkap.")
    assert own.state == "done"
    duties.is_told_back(kpu, own, "obligation_closed", "Selesai dan ditutup", "Catatan: Lengkap.")
    return own


def the_bawaslu_carries_it_out(host, bawaslu, minutes):
    """Verified first, closed with a second decision."""
    own = duties.share(minutes.meeting, "bawaslu-kalsel")
    duties.receives(bawaslu, own, minutes, at(record.DUE[""]))
    duties.reports_done(bawaslu, own, "Diawasi sepanjang jalan.", "awas.pdf", blank_pdf())
    duties.hears_that_it_is_done(host, own, "Diawasi sepanjang jalan.")
    duties.decides(host, own, "verify_only", "Sesuai.")
    assert own.state == "verified"
    duties.is_told_back(bawaslu, own, "obligation_verified", "Diverifikasi", "Catatan: Sesuai.")
    duties.decides(host, own, "verify", "Ditutup.")
    assert own.state == "done"
    duties.is_told_back(
        bawaslu, own, "obligation_closed", "Selesai dan ditutup", "Catatan: Ditutup."
    )


def the_korem_needs_more_time(host, korem, minutes):
    own = duties.share(minutes.meeting, "korem-101")
    duties.receives(korem, own, minutes, at(record.DUE[""]))
    reason = "Menunggu kapal pengganti."
    duties.asks_for_more_time(korem, own, "2024-11-27T16:00", reason)
    duties.grants_it(host, own, reason, at("2024-11-27T16:00"))
    mail = korem.told(
        "obligation_extension_granted",
        duties.page_of(own),
        f"Perpanjangan dikabulkan: {record.TITLE}",
    )
    assert "Tenggat baru 27 Nov 2024, 16.00 WITA" in mail.body
    return own


@pytest.fixture
def office(client, people):
    """`office(login)`: the client of that person, without a browser."""

    def enter(login):
        client.force_login(User.objects.get(pk=people[login].user_id))
        return client

    with time_machine.travel(gaps.LATER + gaps.HOUR, tick=False):
        yield enter


def closing(office, share):
    """What the page answers to the issuer who verifies and closes."""
    path = reverse("coordination:obligation_verify", args=[share.pk])
    data = {"decision": "verify", "note": "Lengkap.", "version": share.version}
    return office("koordinator").post(path, data)


def test_a_chain_without_a_gap_closes(people, office):
    for share in (gaps.verified(people), gaps.whole(people)):
        assert closing(office, share).status_code == 302
        share.refresh_from_db()
        assert share.state == "done"


@pytest.mark.parametrize(
    ("so_far", "state"),
    [
        (gaps.addressed, "Belum ditindaklanjuti"),
        (gaps.acknowledged, "Diterima"),
        (gaps.in_progress, "Dalam proses"),
        (gaps.blocked, "Terkendala"),
        (gaps.returned, "Dalam proses"),
        (gaps.declared, "Dinyatakan tidak dapat dilaksanakan"),
    ],
)
def test_closing_refuses_when_a_link_was_skipped(people, office, so_far, state):
    share = so_far(people)
    page = closing(office, share)
    wanted = "Terverifikasi, belum ditutup"
    sentence = f"Tindak lanjut berkeadaan “{state}” tidak dapat menjadi “{wanted}”."
    assert page.context["verify_form"].non_field_errors() == [sentence]
    stands_as_before(share)


def test_closing_refuses_what_was_not_verified(people):
    share = gaps.submitted(people)
    sentence = "Tindak lanjut berkeadaan “Menunggu verifikasi” tidak dapat menjadi “Selesai”."
    with pytest.raises(Refused, match=re.escape(sentence)):
        obligations.close_obligation(share, by=people["koordinator"], at=gaps.LATER)
    stands_as_before(share)


def test_reporting_done_refuses_without_evidence(people, office):
    share = gaps.acknowledged(people)
    path = reverse("coordination:obligation_report", args=[share.pk])
    data = {"kind": "submitted", "note": "Selesai.", "version": share.version}
    page = office("liaison.kpu").post(path, data)
    sentence = "Arahan ini mewajibkan bukti dukung: lampirkan berkasnya."
    assert page.context["report_form"].errors == {"file": [sentence]}
    stands_as_before(share)


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [
        (
            gaps.of_unpublished_minutes,
            "Arahan belum terbit dengan nomor. Notula rakor yang menjadi dasarnya belum terbit.",
        ),
        (gaps.without_acknowledgement, "Belum dinyatakan diterima oleh jabatan pelaksana."),
        (gaps.without_submission, "Pelaksana belum melaporkan selesai."),
        (gaps.without_submitter, "Pelaksana belum melaporkan selesai."),
        (
            gaps.submitted_by_another_agency,
            "Laporan selesai bukan dari instansi pelaksana.",
        ),
        (gaps.without_evidence, "Bukti dukung yang diwajibkan belum dilampirkan."),
        (
            gaps.without_verification,
            "Pemberi arahan belum memverifikasi laporan yang terakhir.",
        ),
        (
            gaps.verified_before_the_last_report,
            "Pemberi arahan belum memverifikasi laporan yang terakhir.",
        ),
        (gaps.verified_by_another_agency, "Verifikasi bukan oleh instansi pemberi arahan."),
        (gaps.with_an_open_blocker, "Masih menunggu Korem 101: Amankan gudang."),
        (
            gaps.with_an_open_share_of_a_unit,
            "Tindak lanjut satuan belum selesai: Polres Banjar.",
        ),
    ],
)
def test_closing_refuses_when_a_link_is_gone(people, office, spoilt, sentence):
    share = spoilt(people)
    page = closing(office, share)
    assert page.context["verify_form"].non_field_errors() == [f"Belum dapat ditutup. {sentence}"]
    stands_as_before(share)


def test_nobody_closes_what_his_own_post_reported(people, office):
    share = gaps.verified_by_its_own_doer(people)
    assert closing(office, share).status_code == 403
    stands_as_before(share)


def stands_as_before(share):
    """Nothing half written: neither the row nor its history."""
    again = Obligation.objects.get(pk=share.pk)
    assert (again.state, again.version, again.closed_at) == (share.state, share.version, None)
    assert not again.reports.filter(kind="closed").exists()


@pytest.mark.parametrize(
    ("link", "rows"),
    [
        ("meeting", lambda share: Meeting.objects.filter(pk=share.directive.meeting_id)),
        (
            "agenda item",
            lambda share: AgendaItem.objects.filter(pk=share.directive.section.agenda_item_id),
        ),
        ("minutes", lambda share: Minutes.objects.filter(meeting=share.directive.meeting_id)),
        ("words", lambda share: MinutesSection.objects.filter(pk=share.directive.section_id)),
        ("directive", lambda share: Directive.objects.filter(pk=share.directive_id)),
        ("share", lambda share: Obligation.objects.filter(pk=share.pk)),
        ("acknowledgement", lambda share: share.reports.filter(kind="acknowledged")),
        ("submission", lambda share: share.reports.filter(kind="submitted")),
        ("verification", lambda share: share.reports.filter(kind="verified")),
        ("closure", lambda share: share.reports.filter(kind="closed")),
    ],
)
def test_a_link_of_the_chain_cannot_be_deleted(people, link, rows):
    """Not by the portal, and not in the database either."""
    host = people["koordinator"]
    share = obligations.close_obligation(gaps.verified(people), by=host, at=gaps.LATER)
    found = rows(share)
    assert found.count() == 1, link
    with pytest.raises((ProtectedError, IntegrityError)), transaction.atomic():
        found.delete()
    table = found.model._meta.db_table
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [found.get().pk])  # noqa: S608
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert found.count() == 1
