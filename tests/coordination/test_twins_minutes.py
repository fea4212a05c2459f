"""Minutes by the API as on the pages: begun, written, looked back on, files, PDF and DOCX."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.models import IssuedCopy, Minutes, SectionRevision
from portal.attachments.models import Attachment
from portal.audit.models import Entry
from tests.api_twins import Twin
from tests.factories.coordination import START, make_held, make_minutes, make_published
from tests.factories.files import png


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(START + timedelta(days=2), tick=False):
        yield


@pytest.fixture
def api(client, sign_in):
    return Twin(client, sign_in)


def test_minutes_are_begun_written_and_restored(api, coordinator, liaison_kpu):
    meeting = make_held(coordinator, "kpu-kalsel")
    assert api(liaison_kpu).status("minutes/", {"meeting": meeting.pk}) == 403
    api(coordinator)
    assert api.status("minutes/", {"meeting": meeting.pk + 99}) == 422
    told = api.once("minutes.open", "minutes/", {"meeting": meeting.pk})
    assert len(told["sections"]) == 2
    path = f"minutes/{told['id']}/"
    writes = (path, {"opening": "x"}, "patch"), (f"{path}head/", {"base_version": 1}, "post")
    assert [api(liaison_kpu).status(*write) for write in writes] == [403, 403]

    api(coordinator)
    head = {"base_version": told["version"], "opening": "Rapat **dibuka**.", "taker_rank": "IPDA"}
    told = api.once("minutes.passage", f"{path}head/", head)
    assert (told["opening"], told["taker_rank"]) == ("Rapat **dibuka**.", "IPDA")
    assert api.status(f"{path}head/", {"opening": "x"}) == 422
    assert api.status(path, {"opening": "x"}, "patch", **{"If-Match": '"1"'}) == 412
    first, second = told["sections"]
    lines = [
        {"id": second["id"], "heading": "Logistik", "body": "Siap.", "speaking": ["kpu-kalsel"]},
        {"id": first["id"], "heading": "Pembukaan"},
    ]
    told = api.once("minutes.save", path, {"sections": lines, "closing": "Ditutup."}, "patch")
    assert [row["id"] for row in told["sections"]] == [second["id"], first["id"]]
    strange = [lines[0] | {"speaking": ["dprd-kalsel"]}, lines[1]]
    assert api.status(path, {"sections": strange}, "patch") == 422
    [kept] = [row for row in api.get(f"{path}history/").json() if row["title"] == "Pembukaan"]
    oldest = kept["rows"][-1]["id"]
    assert oldest == SectionRevision.objects.filter(section=first["id"]).earliest("pk").pk
    api.once("minutes.passage", f"{path}restore/", {"revision": _head_revision(told["id"])})
    assert Minutes.objects.get().opening == ""
    assert api.status(f"{path}restore/", {"revision": 10**9}) == 422


def _head_revision(minutes):
    return SectionRevision.objects.filter(minutes=minutes, of_head=True).earliest("pk").pk


def test_files_come_and_go_while_it_is_a_draft(api, client, coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    path = f"minutes/{draft.pk}/"

    def add(**headers):
        body = {"file": SimpleUploadedFile("peta.png", png())}
        return client.post(f"/api/v1/{path}files/", body, headers=headers or None)

    api(liaison_kpu)
    assert add().status_code == 403
    assert api.get(f"{path}files/").status_code == 404
    api(coordinator)
    made = [add(**{"Idempotency-Key": "satu"}) for _again in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    file = Attachment.objects.get()
    assert [row["id"] for row in api.get(f"{path}files/").json()] == [file.pk]
    broken = client.post(f"/api/v1/{path}files/", {"file": SimpleUploadedFile("x.exe", b"MZ")})
    assert (broken.status_code, broken.json()["errors"][0]["field"]) == (422, "file")
    assert api.status(f"{path}remove-file/", {"file": file.pk + 1}) == 422
    api.once("attachment.remove", f"{path}remove-file/", {"file": file.pk})
    assert not Attachment.objects.exists()


def test_published_minutes_are_taken_as_pdf_and_docx(api, coordinator, liaison_kpu, liaison_dprd):
    published = make_published(coordinator, "kpu-kalsel")
    path = f"minutes/{published.pk}/"
    assert api(liaison_dprd).get(f"{path}pdf/").status_code == 404
    api(liaison_kpu)
    assert api.get(f"{path}pdf/", without="hadir").content.startswith(b"%PDF")
    assert IssuedCopy.objects.count() == 1
    assert api.get(f"{path}docx/").content.startswith(b"PK")
    assert Entry.objects.filter(verb="minutes.download", post_id=liaison_kpu.post_id).count() == 2
    assert api.status(path, {"opening": "x"}, "patch") == 403
    assert api(coordinator).status(path, {"opening": "x"}, "patch") == 409
