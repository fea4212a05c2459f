"""Administrators set the ladders: by the actions and by the page."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from coordination.actions.ladder import add_rung, change_rung, switch_rung
from coordination.actions.reminders import remind_obligations
from coordination.models import LadderRung, Reminder
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from tests.coordination.pages import url
from tests.coordination.test_reminders import HOUR
from tests.factories.coordination import NOW, PUBLISHED, make_obligation

pytestmark = pytest.mark.django_db

NEW = {"priority": "segera", "occasion": "unacknowledged", "after": 30, "recipient": "piket"}


def rung(priority: str, occasion: str, after: int) -> LadderRung:
    return LadderRung.objects.get(priority=priority, occasion=occasion, after=after, is_active=True)


def entries(verb: str) -> int:
    return Entry.objects.filter(verb=f"ladder.{verb}").count()


def test_delivered_ladders_are_those_of_the_decision():
    rows = LadderRung.objects.filter(occasion="unacknowledged", is_active=True)
    assert [
        (row.priority, row.after, row.recipient, row.working_hours_only)
        for row in rows.order_by("priority", "after")
    ] == [
        ("amat_segera", 60, "piket", False),
        ("amat_segera", 120, "pimpinan", False),
        ("amat_segera", 180, "pemberi", False),
        ("biasa", 1440, "penghubung", True),
        ("biasa", 2880, "pimpinan", True),
        ("biasa", 4320, "pemberi", True),
        ("segera", 240, "piket", False),
        ("segera", 480, "pimpinan", False),
        ("segera", 1440, "pemberi", False),
    ]


def test_a_new_rung_is_climbed_from_then_on(admin, coordinator, liaison_kpu):
    row = make_obligation(coordinator, "kpu-kalsel", directive={"priority": "segera"})
    add_rung(by=admin, at=NOW, **NEW)
    assert entries("add") == 1
    assert remind_obligations(at=PUBLISHED + HOUR) == 1
    assert Reminder.objects.get(obligation=row).after == 30


def test_a_rung_added_below_one_that_was_climbed_stays_quiet(admin, coordinator, liaison_kpu):
    make_obligation(coordinator, "kpu-kalsel", directive={"priority": "segera"})
    assert remind_obligations(at=PUBLISHED + 4 * HOUR) == 1
    add_rung(by=admin, at=NOW, **NEW)
    assert remind_obligations(at=PUBLISHED + 5 * HOUR) == 0


def test_a_rung_that_moves_is_another_one_and_the_old_is_kept(admin, coordinator, liaison_kpu):
    row = make_obligation(coordinator, "kpu-kalsel", directive={"priority": "segera"})
    remind_obligations(at=PUBLISHED + 4 * HOUR)
    old = rung("segera", "unacknowledged", 240)
    moved = change_rung(
        old, by=admin, at=NOW, after=300, recipient="piket", working_hours_only=False
    )
    old.refresh_from_db()
    assert (old.is_active, old.after, moved.after) == (False, 240, 300)
    assert Reminder.objects.get(obligation=row).after == 240
    assert entries("change") == 1


def test_whom_a_rung_tells_is_changed_in_place_and_twice_is_once(admin):
    first = rung("biasa", "overdue", 0)
    for _time in range(2):
        same = change_rung(
            first, by=admin, at=NOW, after=0, recipient="piket", working_hours_only=True
        )
    assert (same.pk, same.recipient, same.working_hours_only) == (first.pk, "piket", True)
    assert entries("change") == 1


def test_a_rung_that_is_off_says_nothing_and_can_be_switched_on_again(
    admin, coordinator, liaison_kpu
):
    make_obligation(coordinator, "kpu-kalsel", directive={"priority": "segera"})
    first = rung("segera", "unacknowledged", 240)
    for _time in range(2):
        switch_rung(first, by=admin, at=NOW, on=False)
    assert remind_obligations(at=PUBLISHED + 4 * HOUR) == 0
    switch_rung(first, by=admin, at=NOW, on=True)
    assert remind_obligations(at=PUBLISHED + 4 * HOUR) == 1
    assert entries("switch") == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"after": 240}, "amount"),  # taken
        ({"after": -5}, "amount"),
        ({"after": 60 * 24 * 61}, "amount"),
        ({"occasion": "due_tomorrow", "after": 5}, "amount"),
        ({"after": 500, "recipient": "piket"}, "recipient"),  # the head was told before
        ({"after": 30, "recipient": "pemberi"}, "recipient"),  # the liaison comes after
        ({"recipient": "tidak_ada"}, "recipient"),
        ({"priority": "x"}, "occasion"),
    ],
)
def test_a_ladder_that_does_not_rise_is_refused_at_its_field(admin, values, field):
    before = LadderRung.objects.count()
    with pytest.raises(Refused) as refusal:
        add_rung(by=admin, at=NOW, **NEW | values)
    assert refusal.value.field == field
    assert LadderRung.objects.count() == before


def test_switching_on_what_no_longer_fits_is_refused(admin):
    off = rung("segera", "unacknowledged", 480)
    switch_rung(off, by=admin, at=NOW, on=False)
    add_rung(by=admin, at=NOW, **NEW | {"after": 300, "recipient": "pemberi"})
    with pytest.raises(Refused):
        switch_rung(off, by=admin, at=NOW, on=True)


def test_a_stale_version_is_refused(admin):
    first = rung("biasa", "overdue", 0)
    values = {"after": 0, "working_hours_only": False}
    change_rung(first, by=admin, at=NOW, recipient="piket", **values)
    with pytest.raises(Stale):
        change_rung(first, by=admin, at=NOW, recipient="penghubung", version=1, **values)


def test_only_administrators_set_the_ladders(coordinator, liaison_kpu):
    first = rung("biasa", "overdue", 0)
    for actor in (coordinator, liaison_kpu):
        with pytest.raises(PermissionDenied):
            add_rung(by=actor, at=NOW, **NEW)
        with pytest.raises(PermissionDenied):
            switch_rung(first, by=actor, at=NOW, on=False)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("ladder_one_rung_at_a_time", {"after": 240}),
        ("ladder_rung_on_its_side", {"after": -1}),
        ("ladder_rung_on_its_side", {"occasion": "due_tomorrow", "after": 0}),
        ("ladder_priority_known", {"priority": "x"}),
        ("ladder_recipient_known", {"recipient": "x"}),
    ],
)
def test_the_database_refuses_what_is_no_rung(name, values):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        LadderRung.objects.create(**NEW | values)


def test_the_page_shows_each_ladder_in_a_constant_number_of_queries(
    client, sign_in, admin, liaison_kpu, django_assert_num_queries
):
    sign_in(client, liaison_kpu)
    assert client.get(url("ladder_list")).status_code == 403
    sign_in(client, admin)
    page = client.get(url("ladder_list")).content.decode()
    assert page.index("Amat segera") < page.index("Segera</h2>") < page.index("Biasa</h2>")
    assert "Piket posko instansi" in page
    for after in (31, 32, 33):
        with django_assert_num_queries(7):
            client.get(url("ladder_list"))
        add_rung(by=admin, at=NOW, **NEW | {"after": after})


def test_a_rung_is_added_changed_and_switched_off_by_the_pages(client, sign_in, admin):
    sign_in(client, admin)
    data = {
        "priority": "segera",
        "occasion": "due_tomorrow",
        "amount": 2,
        "unit": "jam",
        "recipient": "pimpinan",
    }
    assert client.post(url("rung_create"), data)["Location"] == url("ladder_list")
    added = rung("segera", "due_tomorrow", -120)
    page = client.get(url("rung_edit", added.pk)).content.decode()
    assert "Sebelum tenggat." in page
    change = {"amount": 90, "unit": "menit", "recipient": "pimpinan", "version": added.version}
    assert client.post(url("rung_edit", added.pk), change).status_code == 302
    moved = rung("segera", "due_tomorrow", -90)
    assert client.post(url("rung_switch", moved.pk), {"on": "0"}).status_code == 302
    moved.refresh_from_db()
    assert moved.is_active is False
    assert (entries("add"), entries("change"), entries("switch")) == (1, 1, 1)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"amount": 4}, "Sudah ada anak tangga pada saat yang sama."),
        ({"amount": 9}, "Tangga harus naik"),
        ({"amount": -1}, "Tulis angka 0 atau lebih."),
        ({"amount": 61, "unit": "hari"}, "Paling lama 60 hari."),
    ],
)
def test_a_refused_rung_comes_back_with_the_sentence(client, sign_in, admin, values, sentence):
    sign_in(client, admin)
    data = NEW | {"amount": 1, "unit": "jam"} | values
    response = client.post(url("rung_create"), data)
    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_the_api_lists_the_rungs_to_administrators(client, sign_in, admin, liaison_kpu):
    sign_in(client, liaison_kpu)
    assert client.get("/api/v1/ladder-rungs/").status_code == 403
    sign_in(client, admin)
    answer = client.get("/api/v1/ladder-rungs/").json()
    assert answer["count"] == LadderRung.objects.count()
    assert answer["results"][0]["priority"] == "amat_segera"
