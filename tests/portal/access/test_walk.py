"""A walk over every address: each says who may enter; strangers find only what is public."""

import pytest

from portal.access.permissions import Permission
from portal.access.roles import ROLES
from tests.portal.access.addresses import addresses

ALL = addresses()
NAMES = [address.name for address in ALL]

# allauth's views cannot carry our marks: whom each one serves is written here.
ALLAUTH_PUBLIC = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_reset_password",
    "account_confirm_login_code",
    "account_confirm_email",
    "account_reset_password_from_key_done",
    "account_reset_password_from_key",
    "account_reset_password_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
}
ALLAUTH_OWN_ACCOUNT = {
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_set_password",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "usersessions_list",
}
OURS_PUBLIC = {
    "home:calendar_feed",
    "background:healthz",
    "background:readyz",
    "web:theme",
    "web:set_language",
    "notifications:demo_mail",
    "notifications:demo_mail_detail",
    "notifications:demo_mail_file",
    "coordination:verify",
    "coordination:verify_file",
    "registry:outlines",
    "incidents:public_create",
    "incidents:public_follow",
    "incidents:public_add",
    "incidents:public_figures",
}


@pytest.mark.parametrize("address", ALL, ids=NAMES)
def test_every_address_says_who_may_enter(address):
    view = address.view
    if address.name in ALLAUTH_PUBLIC | ALLAUTH_OWN_ACCOUNT:
        assert view.__module__.startswith("allauth.")
        assert getattr(view, "login_required", True) == (address.name in ALLAUTH_OWN_ACCOUNT)
    elif hasattr(view, "cls"):
        # REST framework: a permission for each method that answers.
        answering = set(view.actions.values()) if hasattr(view, "actions") else {"get"}
        assert answering <= set(view.cls.needs)
        assert set(view.cls.needs.values()) <= set(Permission)
    elif address.name in OURS_PUBLIC:
        assert view.public is True
    else:
        assert view.needs in Permission
        assert not getattr(view, "public", False)


def test_what_is_public_is_listed_and_nothing_else():
    marked = {address.name for address in ALL if getattr(address.view, "public", False)}

    assert marked == OURS_PUBLIC


def test_every_permission_that_a_view_asks_for_is_held_by_some_role():
    held = frozenset().union(*ROLES.values())
    asked = {address.view.needs for address in ALL if hasattr(address.view, "needs")}

    assert asked <= held


@pytest.mark.django_db
@pytest.mark.parametrize("address", ALL, ids=NAMES)
def test_a_stranger_finds_only_what_is_public(client, address):
    response = client.get(address.path)

    if address.path.startswith("/api/"):
        assert response.status_code in {401, 403, 405}
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == response.status_code
    elif address.name in ALLAUTH_PUBLIC | OURS_PUBLIC:
        assert response.status_code != 500
    else:
        assert response.status_code == 302
        assert response["Location"] == f"/accounts/login/?next={address.path}"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_stranger_writes_nothing(client, method):
    for address in ALL:
        if address.name in ALLAUTH_PUBLIC | OURS_PUBLIC:
            continue
        response = getattr(client, method)(address.path)
        assert response.status_code in {302, 401, 403, 405}, address.name
        if response.status_code == 302:
            assert response["Location"].startswith("/accounts/login/"), address.name


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["options", "head"])
def test_a_stranger_is_not_told_what_could_be_asked(client, method):
    """OPTIONS describes fields and HEAD says whether something is there: neither to strangers."""
    for address in ALL:
        if address.name in ALLAUTH_PUBLIC | OURS_PUBLIC:
            continue
        response = getattr(client, method)(address.path)
        assert response.status_code in {302, 401, 403, 405}, address.name
        assert b'"actions"' not in response.content, address.name
        if response.status_code == 302:
            assert response["Location"].startswith("/accounts/login/"), address.name


@pytest.mark.django_db
def test_what_is_public_takes_no_verb_that_it_was_not_made_for(client):
    for address in ALL:
        if address.name in OURS_PUBLIC:
            for method in ("put", "patch", "delete", "trace"):
                response = getattr(client, method)(address.path)
                assert response.status_code in {404, 405}, (method, address.name)


@pytest.mark.django_db
def test_each_verb_of_the_api_is_among_the_walked(client):
    """Every method that a route maps to an action is refused to a stranger, whatever is sent."""
    mapped = [
        (address, method)
        for address in ALL
        for method in getattr(address.view, "actions", None) or {}
    ]
    assert len(mapped) > 100
    for address, method in mapped:
        response = getattr(client, method)(
            address.path, data={} if method in {"get", "head"} else "{}",
            **({} if method in {"get", "head"} else {"content_type": "application/json"}),
        )  # fmt: skip
        assert response.status_code in {401, 403}, (method, address.name)


@pytest.mark.django_db
def test_an_administrator_enters_no_operational_room(client, sign_in, admin):
    sign_in(client, admin)
    closed = ("coordination:", "deployments:", "incidents:", "audit:")
    # Ladders, report forms, their hours and rules, legal limits are settings: no record of anybody.
    settings = (
        *("coordination:ladder_", "coordination:rung_"),
        *("deployments:form_", "deployments:schedule_", "deployments:rule_"),
        *("incidents:clock_", "incidents:target_rung_"),
    )

    for address in ALL:
        if address.name in OURS_PUBLIC or address.name.startswith(settings):
            continue
        if address.name.startswith(closed):
            assert client.get(address.path).status_code in {403, 405}, address.name
