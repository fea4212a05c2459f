from datetime import UTC, datetime

import pytest
from django.db import transaction

from portal.access.actor import SYSTEM
from portal.access.classification import Classification
from portal.audit.models import Chain, Entry, Seal
from portal.audit.record import record, record_read
from portal.registry.models import Agency
from portal.web.correlation import correlated
from tests.factories.incidents import AT, report


def kpu() -> Agency:
    return Agency.objects.get(slug="kpu-kalsel")


@pytest.mark.django_db
def test_record_writes_who_what_when_and_from_where(liaison_kpu):
    with correlated("req-1", "10.0.0.7", "web"):
        entry = record(
            "agency.rename",
            kpu(),
            by=liaison_kpu,
            at=AT,
            before={"name": "a"},
            after={"name": "b"},
            note="x" * 600,
        )

    entry.refresh_from_db()
    assert (entry.verb, entry.object_type, entry.object_label) == (
        "agency.rename",
        "registry.agency",
        str(kpu()),
    )
    assert (entry.user_id, entry.post_id, entry.post_title) == (
        liaison_kpu.user_id,
        liaison_kpu.post_id,
        liaison_kpu.post_title,
    )
    assert (entry.request_id, entry.address, entry.channel) == ("req-1", "10.0.0.7", "web")
    assert (entry.before, entry.after) == ({"name": "a"}, {"name": "b"})
    assert entry.at == AT
    assert abs((datetime.now(UTC) - entry.true_at).total_seconds()) < 60
    assert len(entry.note) == 500
    assert str(entry) == f"agency.rename registry.agency:{kpu().pk}"
    assert list(Entry.objects.about(kpu())) == [entry]


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        record("agency.test", kpu(), by=SYSTEM, at=AT)


@pytest.mark.django_db(transaction=True)
def test_record_is_sealed_at_commit_and_not_before():
    before = Seal.objects.count()
    with transaction.atomic():
        entry = record("agency.test", kpu(), by=SYSTEM, at=AT)
        assert Seal.objects.count() == before
    seal = Seal.objects.get(entry=entry)

    head = Chain.objects.get()
    assert (head.seq, bytes(head.digest)) == (seal.seq, bytes(seal.digest))
    assert seal.seq == before + 1
    assert (str(seal), str(head)) == (str(seal.seq), str(seal.seq))


@pytest.mark.django_db(transaction=True)
def test_record_of_a_change_that_failed_leaves_nothing():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("agency.lost", kpu(), by=SYSTEM, at=AT)
        raise ZeroDivisionError

    assert not Entry.objects.filter(verb="agency.lost").exists()


@pytest.mark.django_db
def test_record_of_a_rahasia_row_keeps_only_digests(coordinator):
    incident = report(coordinator, classification=Classification.RAHASIA)

    entry = record(
        "incident.test", incident, by=coordinator, at=AT, before=None, after={"a": 1}, note="isi"
    )

    assert entry.before is None
    assert entry.after == {"a": "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"}
    assert (entry.object_label, entry.note) == ("", "")


@pytest.mark.django_db
def test_record_read_names_the_record(auditor):
    entry = record_read(kpu(), by=auditor, at=AT, verb="download")

    assert (entry.verb, entry.before, entry.after) == ("agency.download", None, None)


@pytest.mark.django_db
def test_the_trail_is_for_auditors(auditor, admin, commander):
    record("agency.test", kpu(), by=SYSTEM, at=AT)

    assert Entry.objects.visible_to(auditor).filter(verb="agency.test").exists()
    assert Entry.objects.visible_to(SYSTEM).filter(verb="agency.test").exists()
    for other in (admin, commander, None):
        assert not Entry.objects.visible_to(other).exists()
