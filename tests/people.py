"""People by office, each of another agency: ask for the one you need by name.

They are the demo's offices (`portal.home.demo.people`), so a test and the demo speak of the same
people; a fixture makes only the one that is asked for.
"""

import pytest

from portal.access.actor import Actor
from portal.access.middleware import POST_SESSION_KEY
from portal.accounts.models import User
from portal.home.demo.people import OFFICES, actor_of

BY_LOGIN = {office.login: office for office in OFFICES}


class People(dict):
    """`people["liaison.kpu"]`: the actor, made when first asked for."""

    def __missing__(self, login: str) -> Actor:
        self[login] = actor = actor_of(BY_LOGIN[login])
        return actor


@pytest.fixture
def people(db) -> People:
    return People()


def _office(login: str):
    @pytest.fixture
    def office(people) -> Actor:
        return people[login]

    return office


coordinator = _office("koordinator")
commander = _office("pimpinan")
auditor = _office("auditor")
admin = _office("admin")
liaison_polda = _office("liaison.polda")
liaison_korem = _office("liaison.korem")
liaison_kpu = _office("liaison.kpu")
liaison_bawaslu = _office("liaison.bawaslu")
liaison_kejati = _office("liaison.kejati")
liaison_binda = _office("liaison.binda")
liaison_kesbangpol = _office("liaison.kesbangpol")
liaison_pemprov = _office("liaison.pemprov")
liaison_dprd = _office("liaison.dprd")
gakkumdu_bawaslu = _office("gakkumdu.bawaslu")
gakkumdu_polda = _office("gakkumdu.polda")
gakkumdu_kejati = _office("gakkumdu.kejati")
posko_banjar = _office("posko.banjar")
kodim_1006 = _office("kodim.1006")


@pytest.fixture
def sign_in():
    """`sign_in(client, actor)`: a session of that person, acting as that post."""

    def enter(client, actor: Actor):
        client.force_login(User.objects.get(pk=actor.user_id))
        session = client.session
        session[POST_SESSION_KEY] = actor.post_id
        session.save()
        return client

    return enter
