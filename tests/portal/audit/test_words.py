"""Every verb that the code records has words, and none has words that is never recorded."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from coordination.enums import MeetingState, ReportKind
from portal.audit import words

ROOT = Path(__file__).resolve().parents[3]
# Verbs that the code puts together: where, as it is written there, and what it can become.
MADE = {
    ("coordination/actions/meetings.py", "f'meeting.{state}'"): {
        f"meeting.{state}"
        for state in (
            MeetingState.IN_SESSION,
            MeetingState.HELD,
            MeetingState.POSTPONED,
            MeetingState.CANCELLED,
        )
    },
    ("coordination/actions/obligations/steps.py", "f'obligation.{kind}'"): {
        f"obligation.{kind}" for kind in ReportKind.values
    },
    ("coordination/actions/saved_views.py", "verb"): {"saved_view.create", "saved_view.change"},
    ("deployments/actions/conflicts.py", "f'conflict.{state.value}'"): {
        "conflict.open",
        "conflict.dissolved",
    },
    ("deployments/actions/entries.py", "verb"): {"ledger.post", "ledger.reverse"},
    ("deployments/actions/events.py", "verb"): {"event.invite", "event.count"},
    ("deployments/actions/events.py", "f'event.{state.value}'"): {"event.done", "event.cancelled"},
    ("deployments/actions/expectations.py", "verb"): {"schedule.create", "schedule.change"},
    ("deployments/actions/thresholds.py", "verb"): {"threshold.change", "oddity.change"},
    ("incidents/actions/gakkumdu.py", "f'gakkumdu.{kind.value}'"): {
        "gakkumdu.done",
        "gakkumdu.extended",
        "gakkumdu.returned",
        "gakkumdu.closed",
    },
    ("incidents/actions/moves.py", "f'incident.{verb}'"): {"incident.refer", "incident.move"},
    ("incidents/actions/reference.py", "verb"): {
        "gakkumdu_clock.change",
        "gakkumdu_clock.load",
        "target_rung.change",
        "warning_rule.change",
        "warning_rule.load",
    },
}


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call of that function in the code, with its file; not where it is defined."""
    for app in ("portal", "coordination", "deployments", "incidents"):
        for file in sorted((ROOT / app).rglob("*.py")):
            where = str(file.relative_to(ROOT))
            if where == "portal/audit/record.py":
                continue
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                    yield where, node


def recorded() -> set[str]:
    verbs: set[str] = set()
    made = set()
    for where, call in calls("record"):
        verb = call.args[0]
        if isinstance(verb, ast.Constant):
            verbs.add(verb.value)
        else:
            made.add((where, ast.unparse(verb)))
    assert made == set(MADE)
    return verbs.union(*MADE.values())


def readings() -> set[str]:
    given = {
        ast.unparse(keyword.value).strip("'")
        for _where, call in calls("record_read")
        for keyword in call.keywords
        if keyword.arg == "verb"
    }
    return given | {"read"}


def test_every_recorded_verb_has_words_and_every_word_a_verb():
    assert set(words.VERBS) == recorded()
    assert set(words.READINGS) == readings()


@pytest.mark.parametrize(
    ("verb", "indonesian", "english"),
    [
        ("minutes.publish", "Notula diterbitkan", "Minutes published"),
        ("incident.read", "Data rahasia dibaca", "Secret record read"),
        ("invitation.download", "Berkas diunduh", "File downloaded"),
        ("export.download", "Ekspor diunduh", "Export downloaded"),
        ("agency.uji", "agency.uji", "agency.uji"),
    ],
)
def test_a_verb_is_said_in_the_reader_s_language(verb, indonesian, english):
    assert words.said(verb) == indonesian
    with translation.override("en"):
        assert words.said(verb) == english


def test_words_of_different_verbs_differ():
    said = [str(text) for text in [*words.VERBS.values(), *words.READINGS.values()]]
    assert len(set(said)) == len(said)
