from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from portal import settings as shipped
from portal.access.actor import SYSTEM
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.accounts import actions, queries
from portal.accounts.enums import Role, TenureKind
from portal.accounts.models import ApiToken, Post, Tenure, User
from portal.audit.models import Entry
from tests.factories.accounts import SINCE, appoint
from tests.factories.incidents import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer() -> User:
    return actions.create_user(email="Baru@Demo.test", name="Baru", by=SYSTEM, at=AT)


@pytest.fixture
def kpu_post(liaison_kpu) -> Post:
    return Post.objects.get(pk=liaison_kpu.post_id)


def test_create_user_is_recorded_and_cannot_sign_in_yet(newcomer):
    assert newcomer.email == "baru@demo.test"
    assert not newcomer.has_usable_password()
    assert Entry.objects.get(verb="user.create").after == {"email": "baru@demo.test"}


def test_create_user_with_a_known_address_in_other_letters(newcomer):
    with pytest.raises(Refused) as refusal:
        actions.create_user(email="BARU@demo.TEST", name="x", by=SYSTEM, at=AT)

    assert refusal.value.field == "email"


def test_user_address_is_unique_in_the_database(newcomer):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="BARU@DEMO.TEST", name="x")


def test_passwords_rest_as_argon2id_of_19_mib(coordinator, settings):
    settings.PASSWORD_HASHERS = shipped.PASSWORD_HASHERS
    user = User.objects.get(pk=coordinator.user_id)
    user.set_password("Rahasia-2024")

    assert user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_create_post_above_the_own_clearance(admin, kpu_post):
    with pytest.raises(Refused) as refusal:
        actions.create_post(
            slug="baru",
            title="Baru",
            unit=kpu_post.unit,
            roles=[Role.LIAISON],
            clearance=Classification.RAHASIA,
            by=admin,
            at=AT,
        )

    assert refusal.value.field == "clearance"


def test_create_post_with_a_known_slug(kpu_post):
    with pytest.raises(Refused) as refusal:
        actions.create_post(
            slug=kpu_post.slug,
            title="x",
            unit=kpu_post.unit,
            roles=[],
            clearance=1,
            by=SYSTEM,
            at=AT,
        )

    assert refusal.value.field == "slug"


def test_appoint_makes_the_person_act_from_the_start_to_the_end(newcomer, kpu_post, admin):
    tenure = actions.appoint(
        newcomer,
        kpu_post,
        by=admin,
        at=AT,
        kind=TenureKind.PLH,
        starts_at=AT,
        ends_at=AT + timedelta(days=3),
        basis="Sprin/1/XI/2024",
    )

    assert str(tenure) == "Plh. Penghubung KPU Provinsi Kalsel"
    for moment, held in ((-1, 0), (0, 1), (3 * 86400 - 1, 1), (3 * 86400, 0)):
        assert newcomer.tenures_at(AT + timedelta(seconds=moment)).count() == held
    assert Entry.objects.filter(verb="tenure.start", post_id=admin.post_id).count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": TenureKind.PLH}, "ends_at"),
        ({"kind": TenureKind.PJ}, "ends_at"),
        ({"ends_at": AT}, "ends_at"),
        ({"ends_at": AT - timedelta(days=1)}, "ends_at"),
    ],
)
def test_appoint_refuses(newcomer, kpu_post, admin, fields, field):
    with pytest.raises(Refused) as refusal:
        actions.appoint(newcomer, kpu_post, by=admin, at=AT, **fields)

    assert refusal.value.field == field
    assert not newcomer.tenures.exists()


def test_appoint_twice_in_overlapping_times(newcomer, kpu_post, admin):
    actions.appoint(newcomer, kpu_post, by=admin, at=AT)

    with pytest.raises(Refused) as refusal:
        actions.appoint(newcomer, kpu_post, by=admin, at=AT + timedelta(days=1))

    assert refusal.value.field == "starts_at"
    assert newcomer.tenures.count() == 1


def test_appoint_oneself(admin, kpu_post):
    with pytest.raises(Refused) as refusal:
        actions.appoint(User.objects.get(pk=admin.user_id), kpu_post, by=admin, at=AT)

    assert refusal.value.field == "user"


def test_appoint_above_the_own_clearance(admin, newcomer, commander):
    post = Post.objects.get(pk=commander.post_id)

    with pytest.raises(Refused):
        actions.appoint(newcomer, post, by=admin, at=AT)

    assert post not in queries.assignable_posts(admin)


def test_end_tenure_ends_access_and_tokens(liaison_kpu, kpu_post, admin):
    user = User.objects.get(pk=liaison_kpu.user_id)
    actions.issue_token(user, kpu_post, by=liaison_kpu, at=AT)
    tenure = Tenure.objects.get(user=user)

    ended = actions.end_tenure(tenure, by=admin, at=AT)

    assert ended.ends_at == AT
    assert not user.tenures_at(AT).exists()
    assert not ApiToken.objects.filter(user=user).exists()
    assert Entry.objects.filter(verb="tenure.end").count() == 1
    again = actions.end_tenure(tenure, by=admin, at=AT + timedelta(days=1))
    assert again.ends_at == AT
    assert Entry.objects.filter(verb="tenure.end").count() == 1


def test_end_tenure_that_has_not_begun(newcomer, kpu_post, admin):
    tenure = actions.appoint(newcomer, kpu_post, by=admin, at=AT, starts_at=AT + timedelta(days=1))

    with pytest.raises(Refused):
        actions.end_tenure(tenure, by=admin, at=AT)


def test_end_tenure_of_a_higher_clearance(admin, commander):
    tenure = Tenure.objects.get(post=commander.post_id)

    with pytest.raises(Refused):
        actions.end_tenure(tenure, by=admin, at=AT)


def test_issue_token_of_a_post_not_held(newcomer, kpu_post):
    with pytest.raises(Refused) as refusal:
        actions.issue_token(newcomer, kpu_post, by=SYSTEM, at=AT)

    assert refusal.value.field == "post"


def test_issue_token_keeps_no_clear_text(liaison_kpu, kpu_post):
    user = User.objects.get(pk=liaison_kpu.user_id)

    token, text = actions.issue_token(user, kpu_post, by=liaison_kpu, at=AT, label="Rekap", days=7)

    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_apitoken::text FROM accounts_apitoken")
        assert text not in cursor.fetchone()[0]
    entry = Entry.objects.get(verb="token.issue")
    assert entry.object_label == "Rekap"
    assert text not in str(vars(entry))
    assert list(Entry.objects.about(token)) == [entry]


def test_issue_token_beyond_the_limit(liaison_kpu, kpu_post, settings):
    settings.REST_KNOX = {**settings.REST_KNOX, "TOKEN_LIMIT_PER_USER": 1}
    user = User.objects.get(pk=liaison_kpu.user_id)
    token, _text = actions.issue_token(user, kpu_post, by=liaison_kpu, at=AT)
    assert str(token) == token.token_key

    with pytest.raises(Refused):
        actions.issue_token(user, kpu_post, by=liaison_kpu, at=AT)


def test_set_language_once(liaison_kpu):
    user = User.objects.get(pk=liaison_kpu.user_id)

    actions.set_language(user, "en", by=liaison_kpu, at=AT)
    actions.set_language(user, "en", by=liaison_kpu, at=AT)

    assert Entry.objects.get(verb="user.language").after == {"language": "en"}


def test_queries_of_people(liaison_kpu, liaison_korem, newcomer, kpu_post):
    appoint(newcomer, kpu_post)

    assert queries.people(AT).count() == 3
    assert [tenure.user.name for tenure in queries.people(AT, "baru@")] == ["Baru"]
    assert queries.people(SINCE - timedelta(days=400)).count() == 0
    assert set(queries.holders([kpu_post.pk], AT)) == {
        newcomer,
        User.objects.get(pk=liaison_kpu.user_id),
    }


def test_posts_are_known_to_everyone_signed_in(liaison_kpu, kpu_post):
    assert kpu_post in Post.objects.visible_to(liaison_kpu)
    assert Post.objects.visible_to(None).count() == 0
    assert kpu_post.role_labels == "Penghubung instansi"


def test_user_by_natural_key_in_any_letters(newcomer):
    assert User.objects.get_by_natural_key("BARU@DEMO.TEST") == newcomer
    assert (str(newcomer), newcomer.get_full_name()) == ("Baru", "Baru")


@pytest.mark.parametrize("changes", [{"clearance": 4}, {"clearance": 0}])
def test_post_clearance_is_known(kpu_post, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=kpu_post.pk).update(**changes)


def test_tenure_ends_after_it_starts(liaison_kpu):
    with pytest.raises(IntegrityError), transaction.atomic():
        Tenure.objects.filter(post=liaison_kpu.post_id).update(ends_at=SINCE - timedelta(days=999))
