"""The past of a rule of warning is read by whoever sees the rules, on its page and by API."""

import pytest
from django.test import Client

from incidents.actions.warning_rules import change_rule, load_rules
from incidents.enums.warning import RuleKind
from incidents.intake import read_rules
from incidents.models import WarningRule
from incidents.queries.warning_rules import rule_acts
from incidents.queries.warning_words import rule_sentence, span_words
from portal.access.actor import SYSTEM
from portal.access.errors import Refused
from tests.factories.incidents import AT

CODE = "posko-diam"


@pytest.fixture
def changed(coordinator) -> WarningRule:
    """Loaded, then changed by the coordinator."""
    load_rules(rules=read_rules(), by=SYSTEM, at=AT)
    given = {"reason": "Terlalu sering <keliru>.", "threshold": 9, "active": False, "factor": 2}
    return change_rule(WarningRule.objects.get(pk=CODE), by=coordinator, at=AT, **given)


def test_who_changed_what_and_why_is_told(changed, coordinator):
    was = next(row for row in read_rules() if row["code"] == CODE)

    newest, loaded = rule_acts(changed)[:2]

    assert (newest.post, newest.reason) == (coordinator.post_title, "Terlalu sering <keliru>.")
    told = {one.label: (one.before, one.after) for one in newest.changes}
    assert told == {
        "Ambang": (str(was["threshold"]), "9"),
        "Dipakai": ("Ya", "Tidak"),
        "Kelipatan rata-rata": (f"{float(was['factor']):g}", "2"),
    }
    assert (loaded.post, loaded.reason, loaded.changes) == ("Sistem", "", [])


def test_page_and_api_tell_the_same_to_who_sees_rules(changed, sign_in, liaison_dprd, coordinator):
    client = sign_in(Client(), liaison_dprd)
    page = client.get(f"/peringatan/aturan/{CODE}/").content.decode()
    listed = client.get(f"/api/v1/warning-rules/{CODE}/history/").json()

    assert [(one["post"], one["reason"]) for one in listed] == [
        (one.post, one.reason) for one in rule_acts(changed)
    ]
    assert "Terlalu sering &lt;keliru&gt;." in page
    assert "Dipakai: Ya → Tidak" in page
    edit = f"/peringatan/aturan/{CODE}/ubah/"
    assert edit not in page
    assert client.get(edit).status_code == 403
    assert sign_in(Client(), coordinator).get(edit).status_code == 200


def test_a_change_without_a_reason_is_refused(changed, coordinator):
    with pytest.raises(Refused) as refused:
        change_rule(changed, reason=" ", threshold=3, by=coordinator, at=AT)
    assert refused.value.field == "reason"


@pytest.mark.parametrize(
    ("hours", "said"),
    [(6, "6 jam"), (24, "24 jam"), (36, "36 jam"), (72, "3 hari"), (168, "7 hari")],
)
def test_whole_days_are_said_as_days(hours, said):
    assert span_words(hours) == said


def test_a_rule_says_its_window_in_days(db):
    load_rules(rules=read_rules(), by=SYSTEM, at=AT)
    rule = WarningRule.objects.filter(kind=RuleKind.COUNT).first()
    rule.window_hours = 72
    assert "dalam 3 hari di satu" in rule_sentence(rule)
