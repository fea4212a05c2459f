import pytest
from django.test import RequestFactory
from django.urls import reverse

from portal.access.actor import Actor
from portal.accounts.enums import Role
from portal.web.navigation import ITEMS, current_url, menu


def actor(*roles: str) -> Actor:
    return Actor(1, 1, "Kantor", 1, "polda-kalsel", 1, "1", "", frozenset(roles), 2)


def labels(role, path="/", **extra):
    request = RequestFactory().get(path)
    request.actor = actor(role) if role else None
    return [str(link.label) for group in menu(request) for link in group.links]


def test_every_item_leads_somewhere():
    addresses = [reverse(item.url_name) for item in ITEMS]
    assert len(set(addresses)) == len(ITEMS)


def test_menu_shows_only_what_the_post_may_open(settings):
    settings.DEMO = False
    assert "Jejak audit" in labels(Role.AUDITOR)
    assert "Jejak audit" not in labels(Role.COMMANDER)
    assert "Rakor" not in labels(Role.ADMINISTRATOR)
    assert "Komponen" not in labels(Role.COORDINATOR)
    assert labels(None) == []


def test_menu_of_the_demo_has_its_own_group(settings):
    settings.DEMO = True
    assert labels(Role.COMMANDER)[-2:] == ["Surat terkirim", "Komponen"]


def test_menu_marks_the_page_and_what_lies_below_it():
    request = RequestFactory().get("/rakor/12/")
    request.actor = actor(Role.COORDINATOR)
    current = [str(link.label) for group in menu(request) for link in group.links if link.current]
    assert current == ["Rakor"]


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/", "/"),
        ("/rakor/", "/rakor/"),
        ("/rakor/1/", "/rakor/"),
        ("/lain/", ""),
        ("/a/b/", "/a/b/"),
    ],
)
def test_current_url_is_the_deepest(path, url):
    assert current_url(path, ["/", "/rakor/", "/a/", "/a/b/"]) == url
