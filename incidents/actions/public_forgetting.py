"""What is not kept for ever: how reporters can be reached, and what turned out to be no report."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from incidents.models import PublicContact, PublicPhoto, PublicReport
from portal import clock
from portal.access.actor import SYSTEM
from portal.attachments.storage import remove
from portal.audit.record import record

logger = logging.getLogger("portal.public")
SPAM_KEPT = timedelta(days=30)


def forget_due(*, at: datetime) -> tuple[int, int]:
    """Delete contacts whose day has come, and empty what was set aside as no report; returns how
    many of each. The audit keeps that it happened, and for which number."""
    contacts, emptied = _forget_contacts(at), _empty_spam(at)
    if contacts or emptied:
        logger.info("Public reports: %d contacts deleted, %d spam emptied", contacts, emptied)
    return contacts, emptied


def _forget_contacts(at: datetime) -> int:
    due = PublicContact.objects.filter(delete_on__lte=clock.local(at).date())
    with transaction.atomic():
        rows = list(due.select_related("report").defer("sealed", "report__stems"))
        for contact in rows:
            record("public_report.forget_contact", contact.report, by=SYSTEM, at=at)
        PublicContact.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _empty_spam(at: datetime) -> int:
    due = PublicReport.objects.filter(
        Q(reason__spam=True), decided_at__lte=at - SPAM_KEPT, emptied_at=None
    )
    files: list[str] = []
    with transaction.atomic():
        rows = list(due.select_for_update(of=("self",)).defer("stems").order_by("pk"))
        photos = PublicPhoto.objects.filter(report__in=rows)
        files += photos.values_list("path", flat=True)
        photos.delete()
        for report in rows:
            report.messages.update(text="")
            report.text, report.place, report.emptied_at = "", "", at
            report.latitude = report.longitude = None
            report.save(update_fields=["text", "place", "latitude", "longitude", "emptied_at"])
            record("public_report.empty", report, by=SYSTEM, at=at)
        # The rows first: a file without a row can be swept, a row without its file cannot be read.
        transaction.on_commit(lambda: _remove(files))
    return len(rows)


def _remove(files: list[str]) -> None:
    for path in files:
        remove(path)
