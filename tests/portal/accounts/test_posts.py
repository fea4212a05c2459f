"""Offices: made, changed and taken out of use by the administrator, never his own."""

import re

import pytest
from django.urls import reverse

from portal import clock
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.errors import Refused, Stale
from portal.accounts import actions
from portal.accounts.enums import Role
from portal.accounts.models import ApiToken, Post, Tenure, User
from portal.audit.models import Entry
from portal.registry.models import Unit
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("accounts:post_list"), reverse("accounts:post_create")


def given(**more) -> dict:
    return {
        "title": "Piket Posko Polres Tapin",
        "unit": Unit.objects.get(slug="polres-tapin").pk,
        "roles": [Role.POSKO_OPERATOR.value],
        "clearance": Classification.TERBATAS.value,
        "region": "63.05",
        "phone": "110",
    } | more


def edit_url(actor: Actor) -> str:
    return reverse("accounts:post_edit", args=[actor.post_id])


def as_it_is(actor: Actor, **more) -> dict:
    post = Post.objects.get(pk=actor.post_id)
    return {
        "title": post.title,
        "roles": post.roles,
        "clearance": post.clearance,
        "region": post.region_id or "",
        "phone": post.phone,
        "is_active": "on",
        "version": post.version,
    } | more


def texts(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_new_post_can_be_held_and_acts_with_its_roles(client, sign_in, admin):
    assert sign_in(client, admin).post(NEW, given()).status_code == 302

    post = Post.objects.get(slug="piket-posko-polres-tapin")
    assert (post.unit.slug, post.roles, post.clearance, post.region_id, post.phone) == (
        "polres-tapin",
        ["posko_operator"],
        2,
        "63.05",
        "110",
    )
    user = actions.create_user(email="t@demo.test", name="Piket", by=admin, at=clock.now())
    actions.appoint(user, post, by=admin, at=clock.now())
    holder = Actor.of(Tenure.objects.select_related("post__unit__agency").get(user=user))
    assert sign_in(client, holder).get(reverse("incidents:incident_list")).status_code == 200
    assert client.get(LIST).status_code == 403


def test_a_second_post_of_the_same_title_has_a_code_of_its_own(client, sign_in, admin):
    sign_in(client, admin)
    for _time in range(3):
        client.post(NEW, given())

    slugs = Post.objects.filter(title="Piket Posko Polres Tapin").order_by("pk")
    code = "piket-posko-polres-tapin"
    assert list(slugs.values_list("slug", flat=True)) == [code, f"{code}-2", f"{code}-3"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("roles", []), ("roles", ["raja"]), ("clearance", "4"), ("unit", "0")],
)
def test_a_new_post_with_a_bad_value_says_where(client, sign_in, admin, field, value):
    before = Post.objects.count()
    response = sign_in(client, admin).post(NEW, given(**{field: value}))

    assert list(response.context["form"].errors) == [field]
    assert Post.objects.count() == before


def test_a_changed_post_acts_with_its_new_roles_at_once(client, sign_in, admin, liaison_kpu):
    sign_in(client, admin)
    roles = [Role.AUDITOR.value]

    assert client.post(edit_url(liaison_kpu), as_it_is(liaison_kpu, roles=roles)).status_code == 302

    entry = Entry.objects.get(verb="post.change")
    assert (entry.before, entry.after) == ({"roles": ["liaison"]}, {"roles": ["auditor"]})
    client.logout()
    user = User.objects.get(pk=liaison_kpu.user_id)
    client.force_login(user)
    assert client.get(reverse("accounts:people")).status_code == 200


def test_a_post_out_of_use_opens_nothing_and_its_tokens_end(client, sign_in, admin, liaison_kpu):
    user = User.objects.get(pk=liaison_kpu.user_id)
    post = Post.objects.get(pk=liaison_kpu.post_id)
    actions.issue_token(user, post, by=liaison_kpu, at=clock.now())
    values = as_it_is(liaison_kpu)
    del values["is_active"]

    sign_in(client, admin).post(edit_url(liaison_kpu), values)

    assert ApiToken.objects.count() == 0
    assert "Tidak dipakai" in texts(client.get(LIST, {"agency": liaison_kpu.agency_id}))
    client.logout()
    client.force_login(user)
    assert client.get(reverse("incidents:incident_list")).status_code == 403


def test_saving_without_a_change_writes_nothing(client, sign_in, admin, liaison_kpu):
    sign_in(client, admin).post(edit_url(liaison_kpu), as_it_is(liaison_kpu))

    assert Post.objects.get(pk=liaison_kpu.post_id).version == 1
    assert not Entry.objects.filter(verb="post.change").exists()


def test_nobody_changes_the_post_that_he_holds(client, sign_in, admin):
    roles = [Role.ADMINISTRATOR.value, Role.COMMANDER.value]
    response = sign_in(client, admin).post(edit_url(admin), as_it_is(admin, roles=roles))

    assert "Anda tidak dapat mengubah jabatan yang Anda pegang sendiri." in texts(response)
    assert Post.objects.get(pk=admin.post_id).roles == ["administrator"]


def test_nobody_changes_a_post_above_his_own_clearance(commander):
    below = make_person("admin-terbatas", ["administrator"], "polda-kalsel")
    post = Post.objects.get(pk=commander.post_id)
    assert post.clearance > below.clearance

    with pytest.raises(Refused, match="melebihi kewenangan"):
        actions.change_post(post, phone="1", by=below, at=clock.now())
    own = Post.objects.get(pk=make_person("lain", ["liaison"], "kpu-kalsel").post_id)
    with pytest.raises(Refused, match="melebihi kewenangan"):
        actions.change_post(own, clearance=3, by=below, at=clock.now())


def test_a_stale_change_is_refused(admin, liaison_kpu):
    post = Post.objects.get(pk=liaison_kpu.post_id)
    actions.change_post(post, phone="1", version=1, by=admin, at=clock.now())

    with pytest.raises(Stale) as stale:
        actions.change_post(post, phone="2", version=1, by=admin, at=clock.now())
    assert stale.value.current.phone == "1"


@pytest.mark.parametrize("person", ["coordinator", "commander", "liaison_kpu", "posko_banjar"])
def test_others_neither_see_nor_make_posts(client, sign_in, request, person, liaison_korem):
    sign_in(client, request.getfixturevalue(person))
    before = Post.objects.count()

    for address in (LIST, NEW, edit_url(liaison_korem)):
        assert client.get(address).status_code == 403
    assert client.post(NEW, given()).status_code == 403
    assert Post.objects.count() == before


def test_an_auditor_reads_the_list_only(client, sign_in, auditor, liaison_kpu):
    page = sign_in(client, auditor).get(LIST)

    assert "Penghubung KPU Provinsi Kalsel" in texts(page)
    assert edit_url(liaison_kpu) not in page.content.decode()
    assert client.get(edit_url(liaison_kpu)).status_code == 403


def test_the_list_finds_by_name_agency_and_role(client, sign_in, admin, liaison_kpu, commander):
    sign_in(client, admin)

    def found(**asked) -> list[int]:
        return [post.pk for post in client.get(LIST, asked).context["page"]]

    assert found(q="penghubung kpu") == [liaison_kpu.post_id]
    assert found(agency=liaison_kpu.agency_id) == [liaison_kpu.post_id]
    assert found(role="commander") == [commander.post_id]
    assert found(q="tidak ada") == []


def test_the_list_says_who_is_vacant(client, sign_in, admin, liaison_kpu):
    sign_in(client, admin)
    assert "lowong" not in texts(client.get(LIST))
    Tenure.objects.filter(post=liaison_kpu.post_id).update(ends_at=clock.now())

    assert "lowong" in texts(client.get(LIST, {"agency": liaison_kpu.agency_id}))


def test_list_costs_the_same_whatever_it_holds(
    client, sign_in, admin, people, django_assert_num_queries
):
    sign_in(client, admin).get(LIST)
    with django_assert_num_queries(QUERIES := 9):
        client.get(LIST)
    for login in ("liaison.kpu", "liaison.korem", "posko.banjar"):
        people[login]
    with django_assert_num_queries(QUERIES):
        client.get(LIST)
