"""Saved views of the matrix: a name for a filter, for one post or shared with its agency."""

from datetime import timedelta

import pytest
import time_machine

from coordination.actions import saved_views as actions
from coordination.models import SavedView
from portal.access.errors import Refused
from portal.audit.models import Entry
from tests.coordination.pages import url
from tests.factories.accounts import make_person
from tests.factories.coordination import NOW, make_published

PAGE = "/tindak-lanjut/"


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def colleague(db):
    """Another post of KPU Kalsel."""
    return make_person("komisioner-kpu", ["liaison"], "kpu-kalsel", region="63")


def save(client, name="Yang terlambat", query="state=overdue", **more):
    return client.post(url("view_create"), {"name": name, "query": query, **more})


def names(client, query="semua=1"):
    return [view.name for view in client.get(f"{PAGE}?{query}").context["views"]]


def test_view_keeps_the_sound_part_of_the_filter(client, sign_in, liaison_kpu):
    sign_in(client, liaison_kpu)
    answer = save(client, query="state=overdue&agency=zzz&page=3&x=<script>&sort=due")
    view = SavedView.objects.get()
    assert view.query == "state=overdue&sort=due"
    assert answer["Location"] == f"{PAGE}?{view.query}"
    (chip,) = client.get(answer["Location"]).context["views"]
    assert (chip.name, chip.current) == ("Yang terlambat", True)
    assert Entry.objects.get(verb="saved_view.create").post_id == liaison_kpu.post_id


def test_private_view_is_seen_by_nobody_else(
    client, sign_in, liaison_kpu, colleague, liaison_korem
):
    save(sign_in(client, liaison_kpu))
    view = SavedView.objects.get()
    for actor in (colleague, liaison_korem):
        sign_in(client, actor)
        assert names(client) == []
        assert client.get(url("view_edit", view.pk)).status_code == 404


def test_shared_view_reaches_the_agency_and_no_further(
    client, sign_in, coordinator, liaison_kpu, colleague, liaison_korem
):
    make_published(coordinator, "kpu-kalsel", "korem-101")
    save(sign_in(client, liaison_kpu), query="role=support", is_shared="on")
    view = SavedView.objects.get()
    sign_in(client, colleague)
    (chip,) = client.get(f"{PAGE}?semua=1").context["views"]
    assert (chip.name, chip.edit_url, chip.owner) == (view.name, "", view.post.title)
    rows = client.get(chip.url).context["rows"]
    assert {row.agency for row in rows} == {"KPU Kalsel"}
    assert client.get(url("view_edit", view.pk)).status_code == 404
    assert client.post(url("view_delete", view.pk)).status_code == 404
    sign_in(client, liaison_korem)
    assert names(client) == []


def test_default_view_opens_the_bare_address_only(client, sign_in, liaison_kpu, colleague):
    sign_in(client, liaison_kpu)
    save(client, is_default="on")
    assert client.get(PAGE)["Location"] == f"{PAGE}?state=overdue"
    for query in ("semua=1", "q=x"):
        assert client.get(f"{PAGE}?{query}").status_code == 200
    save(client, "Semua milik kita", "agency=kpu-kalsel", is_default="on", is_shared="on")
    assert client.get(PAGE)["Location"] == f"{PAGE}?agency=kpu-kalsel"
    assert SavedView.objects.filter(is_default=True).count() == 1
    # A colleague's default is his own affair.
    assert sign_in(client, colleague).get(PAGE).status_code == 200


def test_rename_and_delete(client, sign_in, liaison_kpu):
    sign_in(client, liaison_kpu)
    save(client)
    view = SavedView.objects.get()
    answer = client.post(url("view_edit", view.pk), {"name": " Lewat   tenggat "})
    assert answer["Location"] == f"{PAGE}?state=overdue"
    view.refresh_from_db()
    assert (view.name, view.query) == ("Lewat tenggat", "state=overdue")
    client.post(url("view_delete", view.pk))
    assert not SavedView.objects.exists()
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["saved_view.change", "saved_view.delete"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("yang TERLAMBAT", "Nama ini sudah dipakai untuk tampilan lain."),
        ("", "Bidang ini"),
        ("x" * 61, "60"),
    ],
)
def test_bad_name_is_refused_at_the_field(client, sign_in, liaison_kpu, name, sentence):
    sign_in(client, liaison_kpu)
    save(client)
    answer = save(client, name)
    assert answer.status_code == 200
    assert sentence in " ".join(answer.context["view_form"].errors["name"])
    assert answer.context["view_open"]
    assert SavedView.objects.count() == 1


def test_number_of_views_has_a_limit(liaison_kpu):
    common = {"by": liaison_kpu, "at": NOW, "query": "", "is_shared": False, "is_default": False}
    for number in range(actions.MOST):
        actions.save_view(name=f"Tampilan {number}", **common)
    with pytest.raises(Refused, match="Paling banyak 20 tampilan"):
        actions.save_view(name="Satu lagi", **common)


def test_who_sees_no_obligation_has_no_views(client, sign_in, admin):
    sign_in(client, admin)
    assert save(client).status_code == 403
    assert not SavedView.objects.visible_to(admin).exists()
    assert not SavedView.objects.editable_by(None).exists()
