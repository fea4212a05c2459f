"""The chain against those who own the tables: triggers asleep, rows changed by hand."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from portal.access.actor import SYSTEM
from portal.audit.models import Entry, Seal
from portal.audit.record import record
from portal.audit.verify import verify_chain
from portal.registry.models import Agency
from tests import database
from tests.factories.incidents import AT

pytestmark = pytest.mark.django_db(transaction=True)


def write(number: int) -> list[int]:
    """So many entries, each in a commit of its own."""
    agency = Agency.objects.get(slug="kpu-kalsel")
    written = []
    for index in range(number):
        with transaction.atomic():
            entry = record("agency.test", agency, by=SYSTEM, at=AT, after={"n": index})
        written.append(entry.pk)
    return written


def tamper(*statements: str, **values: int) -> None:
    """As the tables' owner, with the triggers asleep. Placeholders are `%(entry)s`."""
    owner = os.environ["DATABASE_OWNER_URL"]
    name = connection.settings_dict["NAME"]
    with closing(psycopg2.connect(database.at_database(owner, name))) as server:
        with server.cursor() as cursor:
            for table in ("audit_entry", "audit_seal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                cursor.execute(statement, values)
            for table in ("audit_entry", "audit_seal"):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        server.commit()


def link(entry: int) -> int:
    return Seal.objects.get(entry_id=entry).seq


def test_verify_an_untouched_chain():
    write(3)

    verdict = verify_chain()

    assert verdict.intact
    assert verdict.links == Entry.objects.count() == Seal.objects.count()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET note = 'lain' WHERE id >= %(entry)s",
        "UPDATE audit_entry SET post_title = 'Orang lain' WHERE id >= %(entry)s",
        "UPDATE audit_entry SET at = at + interval '1 second' WHERE id >= %(entry)s",
        "UPDATE audit_entry SET after = '[99]' WHERE id >= %(entry)s",
        "UPDATE audit_entry SET address = '10.9.9.9' WHERE id >= %(entry)s",
        "UPDATE audit_entry SET object_id = '42' WHERE id >= %(entry)s",
    ],
)
def test_verify_names_the_first_changed_entry(change):
    first, second, _third = write(3)

    tamper(change, entry=second)

    verdict = verify_chain()
    assert (verdict.broken_seq, verdict.reason) == (link(second), "entry changed")
    assert link(first) < verdict.broken_seq


def test_verify_finds_a_deleted_entry():
    _first, second, _third = write(3)

    tamper("DELETE FROM audit_entry WHERE id = %(entry)s", entry=second)

    verdict = verify_chain()
    assert (verdict.broken_seq, verdict.reason) == (link(second), "entry deleted")


def test_verify_finds_an_entry_deleted_with_its_seal():
    _first, second, third = write(3)
    missing = link(second)

    tamper(
        "DELETE FROM audit_seal WHERE entry_id = %(entry)s",
        "DELETE FROM audit_entry WHERE id = %(entry)s",
        entry=second,
    )

    verdict = verify_chain()
    assert verdict.broken_seq == link(third) == missing + 1
    assert verdict.reason == "link missing before this one"


def test_verify_finds_links_that_do_not_follow():
    _first, second, _third = write(3)

    tamper("UPDATE audit_seal SET previous = 'x' WHERE entry_id = %(entry)s", entry=second)

    verdict = verify_chain()
    assert verdict.broken_seq == link(second)
    assert verdict.reason == "link does not follow the one before"


def test_verify_finds_an_entry_put_in_without_a_seal():
    (entry,) = write(1)

    tamper(
        "INSERT INTO audit_entry (at, true_at, verb, object_type, object_id, object_label,"
        " post_title, note, channel, request_id, address) SELECT at, true_at, 'forged.act',"
        " object_type, object_id, object_label, post_title, note, channel, request_id, address"
        " FROM audit_entry WHERE id = %(entry)s",
        entry=entry,
    )

    verdict = verify_chain()
    assert not verdict.intact
    assert "without seal" in verdict.reason


def test_verify_finds_a_tail_cut_off():
    _first, second = write(2)

    tamper(
        "DELETE FROM audit_seal WHERE entry_id = %(entry)s",
        "DELETE FROM audit_entry WHERE id = %(entry)s",
        entry=second,
    )

    verdict = verify_chain()
    assert verdict.reason == "tail cut: the head is further on"
    assert verdict.broken_seq == verdict.links + 1


def test_verify_finds_a_changed_head():
    write(2)

    tamper("UPDATE audit_chain SET digest = 'x'")

    assert not verify_chain().intact


def test_sixteen_writers_at_once_leave_no_gap():
    def one(_index):
        try:
            write(6)
        finally:
            connection.close()

    before = Seal.objects.count()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(one, range(16)))

    assert verify_chain().intact
    seqs = list(Seal.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, before + 96 + 1))


def test_verify_audit_prints_the_head_and_compares_a_kept_one(capsys):
    write(2)
    call_command("verify_audit")
    printed = capsys.readouterr().out
    head = printed.split("head ")[1].strip()
    write(1)

    call_command("verify_audit", head=head)
    assert capsys.readouterr().out.startswith("Intact: ")
    for forged in ("1:00", "99999:00"):
        with pytest.raises(CommandError, match="not in the chain"):
            call_command("verify_audit", head=forged)


def test_verify_audit_fails_with_the_first_broken_link():
    _first, second = write(2)
    tamper("UPDATE audit_entry SET note = 'x' WHERE id = %(entry)s", entry=second)

    with pytest.raises(CommandError, match=f"Broken at link {link(second)}: entry changed"):
        call_command("verify_audit")
