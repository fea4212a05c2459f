from incidents.actions.field_reports import file_report
from incidents.enums import UpdateKind
from incidents.queries import timeline
from portal.access.classification import Classification
from tests.factories.incidents import AT, report, send


def test_a_report_that_moves_leaves_an_entry_where_it_was(coordinator):
    one, other, sent = report(coordinator), report(coordinator), send(coordinator)
    file_report(sent, one, by=coordinator, at=AT)

    file_report(sent, other, by=coordinator, at=AT, reason="Keliru.")

    entry = one.updates.last()
    assert entry.kind == UpdateKind.LEFT
    assert entry.text == f"{sent}. Dipindahkan ke {other.number}."
    assert other.updates.last().kind == UpdateKind.FILED


def test_the_entry_names_no_incident_out_of_sight(coordinator, posko_banjar):
    one, sent = report(coordinator), send(coordinator)
    secret = report(coordinator, classification=Classification.RAHASIA)
    file_report(sent, one, by=coordinator, at=AT)
    file_report(sent, secret, by=coordinator, at=AT)

    [left] = [row for row in timeline(one, posko_banjar) if secret.number in row["text"] or
              "Dipindahkan" in row["text"]]  # fmt: skip
    assert left["text"] == f"{sent}. Dipindahkan ke kejadian lain."
