"""Serah terima piket: written by who goes, read and signed by another who comes, then fixed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from incidents.actions.editing import edit_incident
from incidents.actions.moves import move_incident
from incidents.actions.shifts import sign_handover, write_handover
from incidents.emails import shift_context
from incidents.enums import IncidentState, Severity
from incidents.models import Incident, ShiftHandover, ShiftLine
from incidents.queries.shifts import handovers, line_rows, lines_of, receivers, shifts_to_sign
from portal.access.actor import SYSTEM
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.accounts.actions import create_user
from portal.accounts.models import Post
from portal.audit.models import Entry
from portal.home.work import duties
from portal.notifications.emails import render
from portal.notifications.models import Notification
from portal.web.demo import PASSWORD
from tests.api_twins import Twin
from tests.factories.accounts import appoint
from tests.factories.incidents import AT, report, send

LATER = AT + timedelta(hours=9)


@pytest.fixture(autouse=True)
def now(demo_clock):
    demo_clock(LATER)


@pytest.fixture
def relief(posko_banjar):
    """Another person who holds the same post."""
    post = Post.objects.get(pk=posko_banjar.post_id)
    user = create_user(
        email="piket.dua@demo.test", name="Piket dua", password=PASSWORD, by=SYSTEM, at=AT
    )
    return appoint(user, post, starts_at=AT - timedelta(days=30))


def post_of(actor) -> Post:
    return Post.objects.get(pk=actor.post_id)


def hand_over(by, to=None, at=LATER, **words):
    values = {"notes": "Hubungi PPK bila air naik.", "equipment": "Kunci gudang.", **words}
    return write_handover(to=to or post_of(by), by=by, at=at, **values)


def test_it_keeps_what_stood_at_that_moment(posko_banjar, relief, coordinator):
    grave = report(posko_banjar, severity=Severity.HIGH, title="Jembatan putus")
    closed = move_incident(
        report(posko_banjar), IncidentState.UNPROVEN, by=coordinator, at=AT, reason="Keliru."
    )
    send(posko_banjar)
    row = hand_over(posko_banjar)
    [line] = row.lines.all()
    assert (line.incident, line.state, line.target) == (grave, "dilaporkan", "Diterima")
    assert (row.field_waiting, row.public_waiting) == (1, 0)

    move_incident(grave, IncidentState.VERIFIED, by=coordinator, at=LATER)
    [shown] = line_rows(lines_of(row, relief), row.written_at)
    assert (shown.title, shown.state[1], shown.late) == ("Jembatan putus", "Dilaporkan", True)
    assert closed.number != shown.number


def test_a_later_correction_does_not_change_what_was_signed(posko_banjar, relief, coordinator):
    incident = report(posko_banjar, title="Jembatan putus")
    row = hand_over(posko_banjar)
    sign_handover(row, by=relief, at=LATER, proof="password")
    edit_incident(
        incident, {"title": "Jembatan retak"}, seen={"title": incident.title},
        by=coordinator, at=LATER,
    )  # fmt: skip
    [shown] = line_rows(lines_of(row, relief), row.written_at)
    assert (shown.number, shown.title) == (incident.number, "Jembatan putus")


def test_what_is_rahasia_leaves_no_title_in_it(coordinator):
    report(coordinator, title="Sandi kenanga", classification=Classification.RAHASIA)
    [line] = hand_over(coordinator).lines.all()
    assert line.title == ""


def test_a_command_post_leaves_what_happened_in_its_region(posko_banjar, liaison_polda):
    elsewhere = report(liaison_polda, region="63.01")
    inside = report(liaison_polda)
    assert elsewhere in Incident.objects.visible_to(posko_banjar)
    assert [line.incident for line in hand_over(posko_banjar).lines.all()] == [inside]


def test_the_same_again_changes_nothing_and_another_replaces_it(posko_banjar, relief):
    first = hand_over(posko_banjar)
    assert hand_over(posko_banjar, at=LATER + timedelta(minutes=1)) == first
    assert Entry.objects.filter(verb="shift.write").count() == 1
    second = hand_over(posko_banjar, notes="Air sudah surut.")
    first.refresh_from_db()
    assert first.replaced_at == LATER
    assert list(handovers(posko_banjar)) == [second]
    with pytest.raises(Refused, match="diganti"):
        sign_handover(first, by=relief, at=LATER, proof="password")


def test_another_person_of_the_same_post_signs_once(posko_banjar, relief):
    row = hand_over(posko_banjar)
    for _time in range(2):
        signed = sign_handover(row, by=relief, at=LATER, proof="password", remark="Radio rusak.")
    assert (signed.in_user_id, signed.signed_with) == (relief.user_id, "password")
    assert Entry.objects.filter(verb="shift.sign").count() == 1
    with pytest.raises(Refused, match="orang lain"):
        other = hand_over(posko_banjar, at=LATER + timedelta(hours=1))
        sign_handover(other, by=posko_banjar, at=LATER, proof="password")


def test_signing_asks_for_a_proof_and_the_right_post(posko_banjar, relief, kodim_1006):
    row = hand_over(posko_banjar)
    with pytest.raises(Refused, match="pembuktian diri"):
        sign_handover(row, by=relief, at=LATER, proof="")
    with pytest.raises(Exception, match="shift.hand_over"):
        sign_handover(row, by=kodim_1006, at=LATER, proof="password")
    row.refresh_from_db()
    assert row.signed_at is None


def test_it_goes_only_to_a_post_of_the_own_unit_that_keeps_the_shift(posko_banjar, kodim_1006):
    assert list(receivers(posko_banjar)) == [post_of(posko_banjar)]
    with pytest.raises(Refused) as refusal:
        hand_over(posko_banjar, to=post_of(kodim_1006))
    assert refusal.value.field == "to"
    with pytest.raises(Refused) as refusal:
        hand_over(posko_banjar, notes="Paslon 1 meraih 54%")
    assert refusal.value.field == "notes"
    assert not ShiftHandover.objects.exists()


def test_it_waits_on_the_dashboard_of_who_comes_only(posko_banjar, relief, kodim_1006):
    row = hand_over(posko_banjar)
    assert shifts_to_sign(relief) == [row]
    assert shifts_to_sign(posko_banjar) == shifts_to_sign(kodim_1006) == []
    assert "Terima piket" in " ".join(item.title for item in duties(relief, LATER))
    sign_handover(row, by=relief, at=LATER, proof="password")
    assert shifts_to_sign(relief) == []


def test_a_reader_sees_the_lines_of_incidents_in_his_sight(
    coordinator, posko_banjar, relief, liaison_dprd
):
    open_one = report(coordinator)
    report(coordinator, title="Sandi kenanga", classification=Classification.RAHASIA)
    row = hand_over(coordinator)
    assert row.lines.count() == 2
    shown = line_rows(lines_of(row, coordinator), LATER)
    assert sorted(line.title for line in shown) == ["", open_one.title]
    assert [line.incident for line in lines_of(row, relief)] == [open_one]
    assert not handovers(liaison_dprd).exists()
    assert not handovers(posko_banjar).exists()


def test_no_hand_changes_it(posko_banjar, relief):
    report(posko_banjar)
    row = hand_over(posko_banjar)
    rows = ShiftHandover.objects.filter(pk=row.pk)
    for change in (
        lambda: rows.update(notes="Lain."),
        lambda: ShiftLine.objects.update(state="selesai"),
        ShiftLine.objects.all().delete,
        rows.delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    sign_handover(row, by=relief, at=LATER, proof="password")
    for change in ({"remark": "Lain."}, {"signed_at": None, "in_user": None, "signed_with": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


@pytest.mark.parametrize(
    "wrong",
    [
        {"signed_at": LATER},
        {"signed_with": "mfa"},
        {"remark": "x"},
        {"signed_at": LATER, "signed_with": "mfa", "in_user": "same"},
        {"signed_at": LATER, "signed_with": "mfa", "in_user": "other", "replaced_at": LATER},
    ],
)
def test_constraints(posko_banjar, relief, wrong):
    row = hand_over(posko_banjar)
    people = {"same": posko_banjar.user_id, "other": relief.user_id}
    values = dict(wrong)
    if "in_user" in values:
        values["in_user_id"] = people[values.pop("in_user")]
    with pytest.raises(IntegrityError), transaction.atomic():
        ShiftHandover.objects.filter(pk=row.pk).update(**values)


def test_one_officer_leaves_one_unsigned(posko_banjar):
    row = hand_over(posko_banjar)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_two_people_over_the_pages(client, sign_in, posko_banjar, relief, kodim_1006):
    incident = report(posko_banjar)
    sign_in(client, posko_banjar)
    address = reverse("incidents:shift_write")
    assert incident.number in client.get(address).content.decode()
    data = {"to": posko_banjar.post_id, "notes": "Jaga jalan desa.", "equipment": ""}
    assert client.post(address, {**data, "to": "0"}).context["form"].errors.keys() == {"to"}
    page = client.post(address, data, follow=True)
    row = ShiftHandover.objects.get()
    sign = reverse("incidents:shift_sign", args=[row.pk])
    assert sign not in page.content.decode()
    assert client.get(sign).status_code == 403

    sign_in(client, relief)
    assert sign in client.get(reverse("incidents:shift_detail", args=[row.pk])).content.decode()
    unproven = client.get(sign)
    assert unproven.context["proven"] is False
    client.post(unproven.context["proof_url"], {"password": PASSWORD})
    assert client.get(sign).context["proven"] is True
    done = client.post(sign, {"remark": ""}, follow=True)
    assert "Piket Anda terima." in done.content.decode()
    pdf = client.get(reverse("incidents:shift_print", args=[row.pk]))
    assert pdf["Content-Type"] == "application/pdf"
    assert Entry.objects.filter(verb="shifthandover.shift_print").count() == 1

    sign_in(client, kodim_1006)
    seen = client.get(reverse("incidents:shift_list")).content.decode()
    assert reverse("incidents:shift_detail", args=[row.pk]) in seen


def test_over_the_api(client, sign_in, posko_banjar, relief, liaison_dprd):
    twin = Twin(client, sign_in)
    body = {"to": post_of(posko_banjar).slug, "notes": "Jaga jalan desa."}
    incident = report(posko_banjar)
    made = twin(posko_banjar).once("shift.write", "shift-handovers/", body)
    assert [line["incident"] for line in made["lines"]] == [incident.number]
    address = f"shift-handovers/{made['id']}/"
    assert twin(posko_banjar).status(f"{address}sign/") == 409
    api = twin(relief)
    assert api.status(f"{address}sign/") == 409
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    signed = api.once("shift.sign", f"{address}sign/", {"remark": "Lengkap."})
    assert signed["remark"] == "Lengkap."
    assert twin(liaison_dprd).get(address).status_code == 403


def told(**fields):
    return Notification.objects.filter(kind="shift_handed", **fields)


def test_who_comes_is_told_once_until_it_is_signed(posko_banjar, relief):
    row = hand_over(posko_banjar)
    hand_over(posko_banjar, at=LATER + timedelta(minutes=1))
    [notice] = told()
    assert (notice.post_id, notice.cancelled_at) == (row.to_post_id, None)
    assert notice.url == reverse("incidents:shift_detail", args=[row.pk])
    assert notice.by_mail
    sign_handover(row, by=relief, at=LATER, proof="password")
    notice.refresh_from_db()
    assert notice.cancelled_at == LATER


def test_what_is_replaced_asks_for_no_signature(posko_banjar, relief):
    hand_over(posko_banjar)
    second = hand_over(posko_banjar, notes="Air sudah surut.")
    [open_one] = told(cancelled_at=None)
    assert open_one.event_key == f"shift:{second.pk}"
    assert told().count() == 2


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_mail_is_written_out(posko_banjar, language):
    row = hand_over(posko_banjar)
    with translation.override(language):
        text = render("shift_handed", shift_context(row))
    assert row.unit.short_name in text.subject
    assert row.out_user.name in text.body
    assert "{" not in text.subject + text.body
