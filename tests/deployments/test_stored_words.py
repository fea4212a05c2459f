"""What the portal itself writes into a row is Indonesian, whatever the menus of who acted."""

from datetime import date, datetime

import pytest
from django.utils import translation

from deployments import actions
from deployments.models import StrengthTransfer
from portal import clock
from portal.access.actor import SYSTEM
from portal.registry.models import Agency, Region
from tests.deployments.test_events import HOUR, plan
from tests.factories import deployments as make

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)


@pytest.fixture(autouse=True)
def english_menus():
    with translation.override("en"):
        yield


def place():
    values = {
        "unit": make.unit("kodim-1006"),
        "region": Region.objects.get(code="63.03"),
        "personnel": 10,
        "status": "standby",
        "controller": None,
        "task": "Uji",
        "starts_on": date(2024, 11, 18),
        "ends_on": date(2024, 11, 30),
        "source": "uji",
        "as_of": NOW,
        "quality": "reported",
    }
    row = actions.place_deployment(make.operation(), values, by=SYSTEM, at=NOW, state="ordered")
    return row, values


def test_the_reasons_in_the_ledger(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()
    korem = Agency.objects.get(slug="korem-101")
    common = {"by": SYSTEM, "at": NOW}
    at = {"by": SYSTEM, "at": datetime(2024, 8, 24, 8, tzinfo=clock.WITA)}
    actions.declare_strength(
        make.operation(), korem, total=9000, source="uji", as_of=at["at"], **at
    )
    row, values = place()
    more = values | {"personnel": 12}
    why = "Dua menyusul"
    row = actions.change_deployment(row, more, version=row.version, reason=why, **common)
    actions.move_deployment(row, "cancelled", version=row.version, note="Batal.", **common)
    assert set(StrengthTransfer.objects.values_list("reason", flat=True)) == {
        "Kekuatan dinyatakan",
        "Uji",
        "Dua menyusul",
        "Dibatalkan: Uji",
    }


def test_the_title_of_a_directive_from_a_finding(coordinator):
    given = {"text": "Radio berbeda kanal", "due_at": make.OPENED + 48 * HOUR}
    korem = Agency.objects.get(slug="korem-101")
    common = {"by": coordinator, "at": make.OPENED}
    finding = actions.add_finding(plan(coordinator), agency=korem, **given, **common)
    obliged = actions.oblige_finding(finding, **common)
    assert obliged.directive.title == "Tindak lanjut temuan: Apel gelar pasukan"
