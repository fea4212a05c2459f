"""Who is involved: sealed, masked, opened with a trace, wiped on its day."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from incidents.actions.grouping import merge_incident, open_incident, split_incident
from incidents.actions.person_forgetting import forget_person, forget_persons_due
from incidents.actions.persons import (
    Named,
    Particulars,
    add_person,
    change_person,
    open_person,
)
from incidents.enums.persons import Condition, PersonPart
from incidents.models import InvolvedPerson
from incidents.queries import mask, person_rows
from incidents.tasks import forget_persons
from portal.access.actor import SYSTEM
from portal.access.classification import Classification
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.audit.models import Entry
from tests.factories.gakkumdu import open_case
from tests.factories.incidents import AT, report, send
from tests.factories.persons import NAME, NOTE, person

LATER = AT + timedelta(hours=1)
VICTIM = Particulars(PersonPart.VICTIM)


def verbs() -> list[str]:
    rows = Entry.objects.filter(verb__startswith="person.").order_by("pk")
    return list(rows.values_list("verb", flat=True))


def test_the_name_is_sealed_and_the_list_knows_the_initials(liaison_polda):
    row = person(report(liaison_polda, code="A2"), by=liaison_polda, age=34)

    row.refresh_from_db()
    assert NAME not in row.sealed
    assert (row.initials, row.minor, mask(row)) == ("B. A. S.", False, "B. A. S., 34 th")
    assert open_person(row, by=liaison_polda, at=LATER) == Named(NAME, NOTE)
    assert verbs() == ["person.add", "person.open"]


@pytest.mark.parametrize("known", [{"age": 15}, {"minor": True}])
def test_a_child_has_not_even_initials(liaison_polda, known):
    row = person(report(liaison_polda, code="A2"), by=liaison_polda, **known)

    assert (row.initials, row.minor) == ("", True)
    assert mask(row) in {"Anak, 15 th", "Anak"}
    with pytest.raises(IntegrityError), transaction.atomic():
        InvolvedPerson.objects.filter(pk=row.pk).update(initials="B.")


def test_only_those_who_handle_it_for_the_leading_agency_open_a_name(people, liaison_polda):
    """A fight in Banjar: the police lead."""
    row = person(report(liaison_polda, code="A2"), by=liaison_polda)
    opens = {"liaison.polda", "posko.banjar", "koordinator", "gakkumdu.polda"}
    others = {
        "pimpinan", "auditor", "liaison.bawaslu", "liaison.kpu", "kodim.1006", "admin",
        "gakkumdu.bawaslu",
    }  # fmt: skip

    for login in opens:
        assert open_person(row, by=people[login], at=LATER).name == NAME, login
    for login in others:
        with pytest.raises(PermissionDenied):
            open_person(row, by=people[login], at=LATER)
        assert not may(people[login], Permission.PERSON_WRITE, row.incident), login
    opened = Entry.objects.filter(verb="person.open").values_list("post_id", flat=True)
    assert set(opened) == {people[login].post_id for login in opens}


def test_who_coordinates_what_another_agency_leads_writes_but_does_not_read(
    coordinator, liaison_bawaslu
):
    incident = report(liaison_bawaslu, code="B1")
    row = person(incident, by=coordinator)

    with pytest.raises(PermissionDenied):
        open_person(row, by=coordinator, at=LATER)
    assert open_person(row, by=liaison_bawaslu, at=LATER).name == NAME
    [shown] = person_rows(incident, coordinator)
    assert (shown.open_url, bool(shown.change_url)) == ("", True)


def test_rows_follow_the_incident(people, liaison_polda):
    row = person(report(liaison_polda, code="A2"), by=liaison_polda)
    secret = person(
        report(liaison_polda, code="A2", classification=Classification.TERBATAS), by=liaison_polda
    )

    assert set(InvolvedPerson.objects.visible_to(people["auditor"])) == {row, secret}
    assert not InvolvedPerson.objects.visible_to(people["admin"]).exists()
    assert not InvolvedPerson.objects.visible_to(people["liaison.kejati"]).exists()
    assert not InvolvedPerson.objects.visible_to(None).exists()


def test_at_the_desk_only_the_desk(people, liaison_bawaslu, coordinator):
    case = open_case(liaison_bawaslu)
    row = person(case.incident, by=people["gakkumdu.polda"])

    for login in ("gakkumdu.bawaslu", "gakkumdu.polda", "gakkumdu.kejati"):
        assert open_person(row, by=people[login], at=LATER).name == NAME
    for actor in (coordinator, liaison_bawaslu):
        assert not InvolvedPerson.objects.visible_to(actor).exists()
        with pytest.raises(PermissionDenied):
            open_person(row, by=actor, at=LATER)


@pytest.mark.parametrize(
    ("known", "named", "field"),
    [
        (Particulars(PersonPart.SUSPECT, age=20, minor=True), Named(NAME), "age"),
        (Particulars(PersonPart.SUSPECT, age=121), Named(NAME), "age"),
        (Particulars(PersonPart.WITNESS, condition=Condition.DEAD), Named(NAME), "condition"),
        (VICTIM, Named("  "), "name"),
        (VICTIM, Named("12"), "name"),
        (VICTIM, Named("Budi 6303012345678901"), "name"),
        (VICTIM, Named(NAME, "NIK 6303-0123-4567-8901"), "note"),
        (VICTIM, Named(NAME, "paslon 1 meraih 54%"), "note"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(liaison_polda, known, named, field):
    incident = report(liaison_polda, code="A2")

    with pytest.raises(Refused) as refusal:
        add_person(incident, known, named, by=liaison_polda, at=AT)
    assert refusal.value.field == field
    assert not InvolvedPerson.objects.exists()


def test_who_does_not_handle_it_writes_nothing(liaison_polda, liaison_kpu, auditor):
    incident = report(liaison_polda, code="A2")

    for actor in (liaison_kpu, auditor):
        with pytest.raises(PermissionDenied):
            person(incident, by=actor)
    assert not InvolvedPerson.objects.exists()


def test_no_row_of_the_audit_holds_a_name(liaison_polda, coordinator):
    incident = report(liaison_polda, code="A2")
    row = person(incident, by=liaison_polda, age=34)
    change_person(row, VICTIM, Named("Citra Wati", "lain"), by=liaison_polda, at=LATER)
    open_person(row, by=liaison_polda, at=LATER)
    forget_person(row, by=liaison_polda, at=LATER)

    assert verbs() == ["person.add", "person.change", "person.open", "person.forget"]
    said = " ".join(
        repr([entry.before, entry.after, entry.note, entry.object_label])
        for entry in Entry.objects.all()
    )
    for word in (NAME, "Budi", "Citra", NOTE, "B. A."):
        assert word not in said


def test_a_change_keeps_the_name_unless_it_is_given_anew(liaison_polda):
    row = person(report(liaison_polda, code="A2"), by=liaison_polda, age=34)
    sealed = row.sealed

    hurt = Particulars(PersonPart.VICTIM, age=34, condition=Condition.GRAVE)
    row = change_person(row, hurt, by=liaison_polda, at=LATER, version=1)
    assert (row.condition, row.sealed, row.version) == (Condition.GRAVE, sealed, 2)
    assert change_person(row, hurt, by=liaison_polda, at=LATER).version == 2
    with pytest.raises(Stale):
        change_person(row, VICTIM, by=liaison_polda, at=LATER, version=1)

    row = change_person(row, VICTIM, Named("Citra Wati"), by=liaison_polda, at=LATER)
    assert row.initials == "C. W."


def test_who_turns_out_to_be_a_child_loses_the_initials_and_the_longer_keeping(liaison_polda):
    incident = report(liaison_polda, code="A2")
    row = person(incident, by=liaison_polda, part=PersonPart.SUSPECT)
    assert row.forget_on == date(2025, 11, 20)

    child = Particulars(PersonPart.SUSPECT, age=16)
    row = change_person(row, child, by=liaison_polda, at=LATER)
    assert (row.initials, row.forget_on) == ("", date(2025, 2, 18))
    assert open_person(row, by=liaison_polda, at=LATER).name == NAME

    grown = Particulars(PersonPart.SUSPECT, age=19)
    row = change_person(row, grown, by=liaison_polda, at=LATER)
    assert (row.initials, row.forget_on) == ("B. A. S.", date(2025, 2, 18))


@pytest.mark.parametrize(
    ("part", "minor", "days"),
    [("terduga", False, 365), ("korban", False, 180), ("saksi", False, 180), ("korban", True, 90)],
)
def test_each_part_has_its_days(liaison_polda, part, minor, days):
    row = person(report(liaison_polda, code="A2"), by=liaison_polda, part=part, minor=minor)

    assert row.forget_on == (AT + timedelta(days=days)).date()


def test_names_go_on_their_day_and_not_before(liaison_polda, caplog):
    incident = report(liaison_polda, code="A2")
    child, adult = person(incident, by=liaison_polda, age=9), person(incident, by=liaison_polda)
    due = AT + timedelta(days=90)

    assert forget_persons_due(at=due - timedelta(days=1)) == 0
    caplog.set_level("INFO", "portal.persons")
    assert forget_persons_due(at=due) == 1
    assert forget_persons_due(at=due) == 0
    child.refresh_from_db()
    adult.refresh_from_db()
    assert (child.sealed, child.forgotten_at, child.age) == ("", due, 9)
    assert mask(child) == "Anak (nama dihapus), 9 th"
    assert adult.forgotten_at is None
    with pytest.raises(Refused, match="dihapus"):
        open_person(child, by=liaison_polda, at=due)
    with pytest.raises(Refused):
        change_person(child, VICTIM, Named(NAME), by=liaison_polda, at=due)
    entry = Entry.objects.get(verb="person.forget")
    assert (entry.after, entry.post_title) == ({"count": 1, "persons": [child.pk]}, "Sistem")
    assert "1 names wiped" in caplog.text


def test_the_nightly_task_runs_twice_with_one_effect(liaison_polda, demo_clock):
    person(report(liaison_polda, code="A2"), by=liaison_polda)
    demo_clock(AT + timedelta(days=200))

    forget_persons()
    forget_persons()
    assert verbs().count("person.forget") == 1


def test_a_name_wiped_twice_is_wiped_once(liaison_polda):
    row = person(report(liaison_polda, code="A2"), by=liaison_polda)

    forget_person(row, by=liaison_polda, at=LATER)
    assert forget_person(row, by=liaison_polda, at=LATER).sealed == ""
    assert verbs().count("person.forget") == 1


def test_the_database_lets_nothing_forgotten_come_back(liaison_polda):
    row = person(report(liaison_polda, code="A2"), by=liaison_polda)
    rows = InvolvedPerson.objects.filter(pk=row.pk)
    later = {"forget_on": row.forget_on + timedelta(days=1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**later)
    forget_person(row, by=liaison_polda, at=LATER)

    for values in ({"sealed": "x", "forgotten_at": None}, {"initials": "B."}, {"sealed": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


@pytest.mark.parametrize(
    "values",
    [
        {"part": "x"},
        {"sex": "x"},
        {"condition": Condition.DEAD, "part": PersonPart.WITNESS},
        {"age": 15},
        {"age": 121},
        {"sealed": ""},
    ],
)
def test_the_database_keeps_what_fits(liaison_polda, values):
    row = person(report(liaison_polda, code="A2"), by=liaison_polda)

    with pytest.raises(IntegrityError), transaction.atomic():
        InvolvedPerson.objects.filter(pk=row.pk).update(**values)


def test_a_merge_takes_the_people_along(coordinator, liaison_polda):
    one, into = report(liaison_polda, code="A2"), report(liaison_polda, code="A2")
    row = person(one, by=liaison_polda)

    merge_incident(one, into, reason="Sama.", by=coordinator, at=LATER)
    row.refresh_from_db()
    assert row.incident == into
    assert Entry.objects.get(verb="person.move").object_id == str(into.pk)
    with pytest.raises(Refused):
        person(one, by=liaison_polda)


def test_a_split_takes_along_who_was_chosen(coordinator, liaison_polda):
    reports = [send(liaison_polda, code="A2") for _ in range(2)]
    incident = open_incident(reports, by=coordinator, at=AT)
    stays, goes = person(incident, by=coordinator), person(incident, by=coordinator)
    stranger = person(report(liaison_polda, code="A2"), by=liaison_polda)
    words = {"reason": "Lain.", "by": coordinator, "at": LATER}

    with pytest.raises(Refused):
        split_incident(incident, reports[:1], persons=[stranger], **words)
    apart = split_incident(incident, reports[:1], persons=[goes], **words)
    assert [list(row.persons.all()) for row in (incident, apart)] == [[stays], [goes]]


def test_the_system_opens_nothing(liaison_polda):
    row = person(report(liaison_polda, code="A2"), by=liaison_polda)

    assert set(InvolvedPerson.objects.visible_to(SYSTEM)) == {row}
    with pytest.raises(PermissionDenied):
        open_person(row, by=SYSTEM, at=LATER)
