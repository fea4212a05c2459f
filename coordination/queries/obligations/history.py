"""What happened to an obligation."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.enums import REPORT_BADGES, ReminderOutcome
from coordination.models import Obligation, ProgressReport
from portal.attachments.models import Attachment


def history(obligation: Obligation) -> list[dict[str, Any]]:
    """The way of an obligation from its issue on, oldest first, with the files of each step."""
    reports = list(obligation.reports.select_related("post").order_by("at", "pk"))
    kind = ContentType.objects.get_for_model(ProgressReport)
    files: dict[int, list[Attachment]] = {}
    for file in Attachment.objects.filter(
        content_type=kind, object_id__in=[report.pk for report in reports]
    ):
        files.setdefault(file.object_id, []).append(file)
    events = [
        {
            "at": obligation.created_at,
            "title": _("Arahan terbit"),
            "by": obligation.directive.issuer_agency.short_name,
            "text": "",
            "kind": "info",
            "files": [],
        }
    ]
    for reminder in obligation.reminders.filter(outcome=ReminderOutcome.SENT):
        events.append(
            {
                "at": reminder.sent_at,
                "title": _("Pengingat: %(rung)s") % {"rung": reminder.get_rung_display()},
                "by": ", ".join(reminder.told),
                "text": "",
                "kind": "neutral",
                "files": [],
            }
        )
    for report in reports:
        title = report.get_kind_display()
        events.append(
            {
                "at": report.at,
                "title": f"{title} · {report.percent}%",
                "by": report.post.title,
                "text": report.obstacle or report.note,
                "kind": REPORT_BADGES[report.kind],
                "files": [
                    {
                        "name": file.name,
                        "url": reverse("attachments:download", args=[file.pk]),
                        "kilobytes": max(file.size // 1000, 1),
                    }
                    for file in files.get(report.pk, [])
                ],
            }
        )
    return sorted(events, key=lambda event: event["at"])
