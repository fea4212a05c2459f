"""The calendar of holidays: loaded, corrected by hand, never overwritten."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.registry.actions import add_holiday, edit_holiday, remove_holiday
from portal.registry.models import Holiday
from tests.factories.coordination import NOW

pytestmark = pytest.mark.django_db

VOTE = date(2024, 11, 27)
LOCAL = {"date": date(2024, 8, 14), "name": "Hari jadi provinsi", "kind": "lokal", "source": "SK"}


def entries(verb: str) -> int:
    return Entry.objects.filter(verb=verb).count()


def test_two_years_are_loaded_with_kind_and_source():
    assert Holiday.objects.of_year(2024).count() == 29
    assert Holiday.objects.of_year(2025).count() == 28
    vote = Holiday.objects.get(date=VOTE)
    assert (vote.name, vote.kind, vote.by_hand) == (
        "Hari Pemilihan Kepala Daerah",
        "nasional",
        False,
    )
    assert vote.source.startswith("python-holidays ")
    assert Holiday.objects.get(date=date(2024, 4, 8)).kind == "cuti_bersama"


def test_loading_again_keeps_what_was_written_changed_or_taken_out_by_hand(admin):
    add_holiday(by=admin, at=NOW, **LOCAL)
    vote = Holiday.objects.get(date=VOTE)
    edit_holiday(vote, by=admin, at=NOW, name="Pemungutan suara serentak")
    nyepi = Holiday.objects.get(date=date(2024, 3, 12))
    remove_holiday(nyepi, by=admin, at=NOW, reason="Tidak berlaku bagi posko.")
    before = list(Holiday.objects.values())
    call_command("load_registry", verbosity=0)
    assert list(Holiday.objects.values()) == before
    assert not Holiday.objects.in_use().filter(pk=nyepi.pk).exists()


def test_each_change_is_one_entry_in_the_trail_and_twice_is_once(admin):
    row = add_holiday(by=admin, at=NOW, **LOCAL)
    edit_holiday(row, by=admin, at=NOW, is_working=True)
    edit_holiday(row, by=admin, at=NOW, is_working=True)
    remove_holiday(row, by=admin, at=NOW, reason="Keliru.")
    remove_holiday(row, by=admin, at=NOW, reason="Keliru.")
    assert [entries(f"holiday.{verb}") for verb in ("add", "edit", "remove")] == [1, 1, 1]


def test_a_day_that_was_taken_out_can_be_written_again(admin):
    row = add_holiday(by=admin, at=NOW, **LOCAL)
    remove_holiday(row, by=admin, at=NOW, reason="Keliru.")
    again = add_holiday(by=admin, at=NOW, **LOCAL | {"name": "Hari jadi"})
    assert (again.pk, again.removal_reason, again.name) == (row.pk, "", "Hari jadi")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"date": VOTE}, "date"),
        ({"name": "  "}, "name"),
        ({"source": ""}, "source"),
        ({"kind": "x"}, "kind"),
    ],
)
def test_what_is_no_entry_is_refused_at_its_field(admin, values, field):
    with pytest.raises(Refused) as refusal:
        add_holiday(by=admin, at=NOW, **LOCAL | values)
    assert refusal.value.field == field
    assert not Holiday.objects.filter(by_hand=True).exists()


def test_taking_out_needs_a_reason_and_a_stale_version_is_refused(admin):
    vote = Holiday.objects.get(date=VOTE)
    with pytest.raises(Refused):
        remove_holiday(vote, by=admin, at=NOW, reason=" ")
    edit_holiday(vote, by=admin, at=NOW, name="Pemilihan")
    with pytest.raises(Stale):
        edit_holiday(vote, by=admin, at=NOW, version=1, name="Pilkada")


def test_only_administrators_write(coordinator, liaison_kpu):
    vote = Holiday.objects.get(date=VOTE)
    for actor in (coordinator, liaison_kpu):
        with pytest.raises(PermissionDenied):
            add_holiday(by=actor, at=NOW, **LOCAL)
        with pytest.raises(PermissionDenied):
            edit_holiday(vote, by=actor, at=NOW, name="x")
        with pytest.raises(PermissionDenied):
            remove_holiday(vote, by=actor, at=NOW, reason="x")


def test_everyone_reads_the_page_and_only_administrators_see_buttons(
    client, sign_in, posko_banjar, admin
):
    sign_in(client, posko_banjar)
    page = client.get("/hari-libur/?tahun=2024").content.decode()
    assert "Hari Pemilihan Kepala Daerah" in page
    assert "/hari-libur/baru/" not in page
    assert client.get("/hari-libur/baru/").status_code == 403
    sign_in(client, admin)
    assert "/hari-libur/baru/" in client.get("/hari-libur/?tahun=2024").content.decode()


def test_an_administrator_adds_changes_and_takes_out_by_the_pages(client, sign_in, admin):
    sign_in(client, admin)
    data = LOCAL | {"date": "2024-08-14"}
    response = client.post("/hari-libur/baru/", data)
    assert response["Location"] == "/hari-libur/?tahun=2024"
    row = Holiday.objects.get(date=LOCAL["date"])
    change = {"version": row.version, "name": "Hari jadi", "kind": "lokal", "source": "SK 1"}
    assert client.post(f"/hari-libur/{row.pk}/", change).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.source) == ("Hari jadi", "SK 1")
    empty = client.post(f"/hari-libur/{row.pk}/hapus/", {"version": row.version, "reason": ""})
    assert empty.status_code == 200
    assert Holiday.objects.in_use().filter(pk=row.pk).exists()
    gone = {"version": row.version, "reason": "Keliru."}
    assert client.post(f"/hari-libur/{row.pk}/hapus/", gone).status_code == 302
    page = client.get("/hari-libur/?tahun=2024").content.decode()
    assert "Keliru." in page


def test_a_day_written_twice_is_refused_with_a_sentence(client, sign_in, admin):
    sign_in(client, admin)
    response = client.post("/hari-libur/baru/", LOCAL | {"date": "2024-11-27"})
    assert "Tanggal ini sudah ada di kalender: Hari Pemilihan Kepala Daerah." in (
        response.content.decode()
    )


def test_the_api_lists_a_year_without_what_was_taken_out(client, sign_in, liaison_kpu, admin):
    remove_holiday(Holiday.objects.get(date=VOTE), by=admin, at=NOW, reason="Uji.")
    sign_in(client, liaison_kpu)
    answer = client.get("/api/v1/holidays/", {"year": 2024}).json()
    assert answer["count"] == 28
    assert "2024-11-27" not in [row["date"] for row in answer["results"]]
    assert answer["results"][0] == {
        "id": Holiday.objects.get(date=date(2024, 1, 1)).pk,
        "date": "2024-01-01",
        "name": "Tahun Baru Masehi",
        "kind": "nasional",
        "is_working": False,
        "source": Holiday.objects.get(date=date(2024, 1, 1)).source,
    }
