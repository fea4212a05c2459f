import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from PIL import Image

from incidents import queries
from incidents.actions.editing import (
    FieldsChanged,
    add_file,
    edit_incident,
    state_publicly,
    strike_update,
)
from incidents.actions.moves import move_incident
from incidents.actions.reports import add_update
from incidents.enums import Audience, IncidentState, UpdateKind
from incidents.models import IncidentUpdate, Strike
from portal.access.errors import Refused, Stale
from portal.attachments.actions import files_of
from portal.audit.models import Entry
from tests.factories.incidents import AT, report


def seen_of(incident, *names):
    return {name: getattr(incident, name) for name in names}


def test_two_people_on_different_fields_do_not_collide(coordinator):
    incident = report(coordinator)
    seen = seen_of(incident, "title", "loss")

    edit_incident(incident, {**seen, "title": "Judul baru"}, seen=seen, by=coordinator, at=AT)
    edit_incident(incident, {**seen, "loss": "Satu jembatan"}, seen=seen, by=coordinator, at=AT)

    incident.refresh_from_db()
    assert (incident.title, incident.loss) == ("Judul baru", "Satu jembatan")
    assert incident.version == 3
    edits = incident.updates.filter(kind=UpdateKind.EDIT).values_list("text", flat=True)
    assert list(edits) == ["Apa yang terjadi", "Kerugian"]


def test_the_same_field_shows_what_the_other_wrote(coordinator):
    incident = report(coordinator)
    seen = seen_of(incident, "title", "loss")
    edit_incident(incident, {**seen, "title": "Yang pertama"}, seen=seen, by=coordinator, at=AT)

    wanted = {"title": "Yang kedua", "loss": "Dua rumah"}
    with pytest.raises(FieldsChanged) as clash:
        edit_incident(incident, wanted, seen=seen, by=coordinator, at=AT)

    assert clash.value.fields == ["title"]
    assert clash.value.current.title == "Yang pertama"
    incident.refresh_from_db()
    assert incident.loss == ""


def test_the_same_words_twice_are_no_clash(coordinator):
    incident = report(coordinator)
    seen = seen_of(incident, "title")
    for _again in range(2):
        edit_incident(incident, {"title": "Sama"}, seen=seen, by=coordinator, at=AT)
    assert incident.updates.filter(kind=UpdateKind.EDIT).count() == 1
    audit = Entry.objects.get(verb="incident.edit")
    assert (audit.before, audit.after) == ({"title": seen["title"]}, {"title": "Sama"})


def test_an_edit_is_checked_like_a_report(coordinator):
    incident = report(coordinator)
    seen = seen_of(incident, "chronology")
    with pytest.raises(Refused) as refused:
        edit_incident(incident, {"chronology": "Paslon 2 meraih 90 suara."}, seen=seen,
                      by=coordinator, at=AT)  # fmt: skip
    assert refused.value.field == "chronology"


def test_only_who_handles_an_incident_edits_it(coordinator, liaison_kpu):
    incident = report(liaison_kpu)
    with pytest.raises(PermissionDenied):
        edit_incident(incident, {"title": "Lain"}, seen=seen_of(incident, "title"),
                      by=liaison_kpu, at=AT)  # fmt: skip


def test_a_form_on_the_page_edits_what_was_changed(client, coordinator, sign_in):
    incident = report(coordinator)
    sign_in(client, coordinator)
    page = client.get(f"/kejadian/{incident.pk}/isi/")
    form = page.context["form"]
    data = {}
    for name in form.fields:
        value = form[name].value()
        value = form.fields[name].prepare_value(value)
        data[name] = value.strftime("%Y-%m-%dT%H:%M") if hasattr(value, "strftime") else value
        data[f"initial-{name}"] = data[name]
    data = {name: "" if value is None else value for name, value in data.items()}
    data |= {"at_kpps_request": "", "idempotency_key": ""}
    answer = client.post(f"/kejadian/{incident.pk}/isi/", data | {"loss": "Satu jembatan"})
    assert answer.status_code == 302, answer.context["form"].errors
    incident.refresh_from_db()
    assert incident.loss == "Satu jembatan"
    assert incident.updates.get(kind=UpdateKind.EDIT).text == "Kerugian"

    answer = client.post(f"/kejadian/{incident.pk}/isi/", data | {"loss": "Dua rumah"})
    assert answer.status_code == 200
    assert "Satu jembatan" in str(answer.context["form"].errors["loss"])
    shown = answer.context["form"].data
    assert (shown["loss"], shown["initial-loss"]) == ("Dua rumah", "Satu jembatan")
    assert client.post(f"/kejadian/{incident.pk}/isi/", shown).status_code == 302
    incident.refresh_from_db()
    assert incident.loss == "Dua rumah"


def test_the_public_text_stands_apart_and_refuses_results(coordinator):
    incident = report(coordinator)
    with pytest.raises(Refused):
        state_publicly(incident, "Paslon 1 unggul 60%", by=coordinator, at=AT)
    state_publicly(incident, "Jalan ditutup sementara.", by=coordinator, at=AT, version=1)
    with pytest.raises(Stale):
        state_publicly(incident, "Lain", by=coordinator, at=AT, version=1)
    incident.refresh_from_db()
    assert incident.public_text == "Jalan ditutup sementara."
    said = incident.updates.get(audience=Audience.PUBLIC)
    assert said.text == "Jalan ditutup sementara."


def test_a_file_is_kept_with_its_hash(coordinator):
    incident = report(coordinator)
    paper = SimpleUploadedFile("foto.png", _png(), "image/png")
    attachment = add_file(incident, paper, by=coordinator, at=AT)
    assert list(files_of(incident)) == [attachment]
    entry = incident.updates.get(kind=UpdateKind.FILE)
    assert entry.text == f"foto.png (SHA-256 {attachment.sha256})"


def _png() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (4, 4)).save(held, "PNG")
    return held.getvalue()


def test_an_entry_is_struck_out_by_its_agency_and_stays(coordinator, liaison_bawaslu, commander):
    incident = report(coordinator)
    update = add_update(incident, kind=UpdateKind.ACTION, text="Keliru", by=coordinator, at=AT)
    with pytest.raises(Refused, match="instansi penulis"):
        strike_update(update, "Salah", by=liaison_bawaslu, at=AT)
    strike_update(update, "Salah tempat", by=coordinator, at=AT)
    strike_update(update, "Lagi", by=coordinator, at=AT)

    assert Strike.objects.get().reason == "Salah tempat"
    newest = queries.timeline(incident, commander)[0]
    assert newest["text"] == "Keliru"
    assert newest["struck"].endswith(": Salah tempat")
    assert newest["strike_url"] == ""
    with pytest.raises(DatabaseError), transaction.atomic():
        Strike.objects.all().delete()
    assert IncidentUpdate.objects.filter(pk=update.pk).exists()


def test_what_an_act_left_is_not_struck_out(coordinator):
    incident = move_incident(report(coordinator), IncidentState.VERIFIED, by=coordinator, at=AT)
    with pytest.raises(Refused, match="langkah berikutnya"):
        strike_update(incident.updates.get(state="diverifikasi"), "Salah", by=coordinator, at=AT)
    assert not any(entry["strike_url"] for entry in queries.timeline(incident, coordinator))
