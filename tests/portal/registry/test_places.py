"""Places below the kecamatan: registered, brought by a file, chosen on a placement."""

import pytest

from portal import clock
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.audit.models import Entry
from portal.imports.enums import ImportState
from portal.registry import actions
from portal.registry.models import Agency, Operation, Place, Region
from tests.factories.imports import NOW, applied, as_csv, checked, reasons, undone, verdicts
from tests.factories.registry import make_place

pytestmark = pytest.mark.django_db
HEADS = ("Nama tempat", "Jenis", "Kode kecamatan", "Instansi", "Lintang", "Bujur", "Dipakai",
         "Sumber", "Per tanggal", "Mutu")  # fmt: skip
ROW = {"Nama tempat": "Gudang logistik Aluh-Aluh", "Jenis": "Gudang logistik",
       "Kode kecamatan": "630301", "Sumber": "uji", "Per tanggal": "24/08/2024"}  # fmt: skip


@pytest.fixture(autouse=True)
def _november(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()


def operation():
    return Operation.objects.get(slug="mantap-praja-intan-2024")


def values(**given):
    return {
        "district": Region.objects.get(code="63.03.01"), "kind": "posko", "name": "Posko uji",
        "agency": Agency.objects.get(slug="polda-kalsel"), "source": "uji",
        "as_of": NOW.date(),
    } | given  # fmt: skip


def sent(actor, *rows):
    return checked(as_csv([ROW | row for row in rows], HEADS), actor, kind="tempat")


def test_place_is_registered_once_and_written_down(liaison_polda):
    place = actions.add_place(operation(), values(), by=liaison_polda, at=NOW)
    assert (place.name, place.district_id, place.agency.slug) == (
        "Posko uji", "63.03.01", "polda-kalsel",
    )  # fmt: skip
    assert Entry.objects.filter(verb="place.keep").count() == 1
    with pytest.raises(Refused, match="sudah terdaftar"):
        actions.add_place(operation(), values(name=" Posko uji "), by=liaison_polda, at=NOW)
    with pytest.raises(Refused, match="lintang dan bujur"):
        more = values(name="Lain", latitude=-3.4)
        actions.add_place(operation(), more, by=liaison_polda, at=NOW)
    assert Place.objects.count() == 1


def test_each_keeps_its_own_and_the_coordinator_all(people, liaison_polda, liaison_kpu):
    place = make_place(agency=Agency.objects.get(slug="polda-kalsel"))
    nobodys = make_place(name="Balai desa")
    seen = {
        login: [may(people[login], Permission.PLACE_EDIT, one) for one in (place, nobodys)]
        for login in ("koordinator", "admin", "liaison.polda", "liaison.kpu", "posko.banjar")
    }
    assert seen == {
        "koordinator": [True, True], "admin": [True, True], "liaison.polda": [True, False],
        "liaison.kpu": [False, False], "posko.banjar": [False, False],
    }  # fmt: skip


def test_file_adds_changes_and_is_undone(liaison_polda):
    polda = Agency.objects.get(slug="polda-kalsel")
    kept = make_place(agency=polda, as_of="2024-08-24")
    old = {"Nama tempat": "posko kecamatan ALUH-ALUH", "Jenis": "Posko", "Lintang": "-3,45",
           "Bujur": "114,6"}  # fmt: skip
    job = sent(liaison_polda, {}, old, {"Kode kecamatan": "63.03.99"}, {"Lintang": "-3,4",
               "Nama tempat": "Gudang dua"})  # fmt: skip
    assert verdicts(job) == ["new", "changed", "refused", "refused"]
    assert reasons(job) == [
        ("district", "Kecamatan 63.03.99 tidak dikenal."),
        ("longitude", "Isi lintang dan bujur bersama-sama."),
    ]
    applied(job, liaison_polda, "good")
    made = Place.objects.get(kind="warehouse")
    assert (made.name, made.district_id, made.agency) == (ROW["Nama tempat"], "63.03.01", polda)
    kept.refresh_from_db()
    assert (kept.name, kept.latitude) == ("Posko Kecamatan Aluh-Aluh", -3.45)
    assert undone(job, liaison_polda).state == ImportState.UNDONE
    kept.refresh_from_db()
    assert (list(Place.objects.all()), kept.latitude) == ([kept], None)


def test_others_places_are_refused_in_a_file(liaison_kpu):
    make_place(agency=Agency.objects.get(slug="polda-kalsel"))
    old = {"Nama tempat": "Posko Kecamatan Aluh-Aluh", "Jenis": "Posko"}
    job = sent(
        liaison_kpu,
        old,
        {"Instansi": "polda-kalsel"},
        {"Instansi": "kpu-entah", "Nama tempat": "Lain"},
    )
    assert verdicts(job) == ["refused"] * 3
    assert [text for _where, text in reasons(job)] == [
        "Tempat ini di luar wewenang jabatan Anda.",
        "Tempat ini di luar wewenang jabatan Anda.",
        "Instansi “kpu-entah” tidak dikenal.",
    ]


def test_page_lists_filters_and_registers(client, sign_in, liaison_polda, liaison_kpu):
    sign_in(client, liaison_polda)
    make_place()
    sent = {
        "name": "Posko uji", "kind": "posko", "district": "63.03.02",
        "agency": liaison_polda.agency_id, "source": "uji", "as_of": "2024-11-20",
        "quality": "reported", "idempotency_key": "a",
    }  # fmt: skip
    answer = client.post("/tempat/baru/", sent)
    assert answer["Location"] == "/tempat/?region=63.03"
    assert len(client.get("/tempat/").context["rows"]) == 2
    assert [row["name"] for row in client.get("/tempat/?kind=warehouse").context["rows"]] == []
    assert len(client.get("/tempat/?region=63.03").context["rows"]) == 2
    assert client.get("/tempat/?region=63.72").context["rows"] == []
    form = client.get("/tempat/baru/").context["form"]
    assert [agency.slug for agency in form.fields["agency"].queryset] == ["polda-kalsel"]


def test_who_keeps_no_places_reads_only(client, sign_in, posko_banjar):
    sign_in(client, posko_banjar)
    make_place()
    page = client.get("/tempat/")
    assert (len(page.context["rows"]), "/tempat/baru/" in page.content.decode()) == (1, False)
    assert client.get("/tempat/baru/").status_code == 403


def test_api_lists_and_registers(client, sign_in, liaison_polda):
    sign_in(client, liaison_polda)
    given = {"kind": "office", "name": "Kantor uji", "district": "63.03.01",
             "agency": "polda-kalsel", "source": "uji", "as_of": "2024-11-20"}  # fmt: skip
    for status in (201, 422):
        answer = client.post("/api/v1/places/", given, content_type="application/json")
        assert answer.status_code == status
    other = client.post(
        "/api/v1/places/", given | {"agency": "kpu-kalsel", "name": "Lain"},
        content_type="application/json",
    )  # fmt: skip
    assert other.status_code == 403
    listed = client.get("/api/v1/places/", {"region": "63.03"}).json()["results"]
    assert [(row["name"], row["agency"]) for row in listed] == [("Kantor uji", "polda-kalsel")]
