from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from portal.access import policy, scope
from portal.access.actor import SYSTEM, Actor
from portal.access.classification import Classification, highest
from portal.access.permissions import Permission
from portal.registry.models import Agency, Region, Unit

NOBODY = Actor(1, 1, "Tanpa satuan", None, "", None, "", "", frozenset({"liaison"}), 1)


def test_may_without_an_actor_is_no():
    assert not policy.may(None, Permission.DASHBOARD_VIEW)


def test_may_asks_the_objects_rule(liaison_kpu, monkeypatch):
    monkeypatch.setitem(
        policy._rules, Permission.SEARCH_USE, lambda actor, obj: obj == actor.agency_slug
    )

    assert policy.may(liaison_kpu, Permission.SEARCH_USE)
    assert policy.may(liaison_kpu, Permission.SEARCH_USE, "kpu-kalsel")
    assert not policy.may(liaison_kpu, Permission.SEARCH_USE, "korem-101")
    with pytest.raises(PermissionDenied):
        policy.require(liaison_kpu, Permission.SEARCH_USE, "korem-101")


def test_register_twice_with_another_rule_is_an_error(monkeypatch):
    monkeypatch.setattr(policy, "_rules", {})
    policy.register({Permission.SEARCH_USE: bool})
    policy.register({Permission.SEARCH_USE: bool})

    with pytest.raises(ValueError, match=r"search\.use"):
        policy.register({Permission.SEARCH_USE: str})


def test_the_system_sees_all_and_may_nothing():
    assert not policy.may(SYSTEM, Permission.DASHBOARD_VIEW)
    for piece in (scope.own_agency, scope.in_unit, scope.in_region):
        assert piece(SYSTEM) == scope.EVERYTHING


def test_scope_of_an_actor_without_a_place_is_nothing():
    for piece in (scope.own_agency, scope.in_unit, scope.in_region):
        assert piece(NOBODY) == scope.NOTHING


def test_scope_in_unit_reaches_down_and_not_aside(posko_banjar, liaison_polda):
    def units(actor):
        return set(
            Unit.objects.filter(
                pk__in=Unit.objects.filter(scope.in_unit(actor, "parent")).values("pk")
            ).values_list("slug", flat=True)
        )

    assert "polres-tapin" in units(liaison_polda)
    assert "polres-tapin" not in units(posko_banjar)
    assert "kpu-banjar" not in units(liaison_polda)


def test_scope_in_region_follows_the_code(posko_banjar):
    inside = Region.objects.filter(scope.in_region(posko_banjar, "parent"))

    assert {region.code[:5] for region in inside} == {"63.03"}
    assert inside.filter(level="village").exists()


def test_scope_own_agency(liaison_kpu):
    assert Unit.objects.filter(scope.own_agency(liaison_kpu)).count() == 14
    assert Agency.objects.get(pk=liaison_kpu.agency_id).slug == "kpu-kalsel"


def test_highest_class_of_the_parts():
    assert highest(1, 3, 2) == Classification.RAHASIA
    assert highest() == Classification.TERBATAS


def test_actor_prints_as_his_post(liaison_kpu):
    assert str(liaison_kpu) == "Penghubung KPU Provinsi Kalsel"
    assert liaison_kpu.whole_province


def test_whole_province_is_the_post_of_any_province_and_of_nothing_smaller():
    def reach(code):
        return replace(NOBODY, region_code=code).whole_province

    assert [reach(code) for code in ("63", "62", "63.03", "63.03.01", "")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert SYSTEM.whole_province
