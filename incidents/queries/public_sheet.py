"""What the page of one public report shows to the officers who sort it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.enums import PUBLIC_BADGES, STATE_BADGES, MessageKind, Suspicion
from incidents.models import Incident, PublicReport
from incidents.queries.public_queue import QueueRow, queue_rows, triage_queue
from incidents.queries.public_similar import similar_incidents, similar_reports, trait_of
from incidents.queries.rows import region_label
from portal.access.actor import Actor


@dataclass(frozen=True)
class Sheet:
    """Everything but who sent it: the contact is opened apart, by an act that is recorded."""

    state: tuple[str, str]
    facts: list[dict[str, Any]]
    photos: list[dict[str, str]]
    events: list[dict[str, Any]]
    suspicions: list[str]
    likely: list[QueueRow]
    incidents: list[dict[str, Any]]


def public_sheet(report: PublicReport, actor: Actor) -> Sheet:
    trait, signs = trait_of(report), dict(Suspicion.choices)
    near = similar_reports(triage_queue(actor), trait, apart_from=report.pk)
    known = triage_queue(actor).filter(pk__in=[row.pk for row in near]) if near else []
    photos = list(report.photos.all())
    return Sheet(
        state=(PUBLIC_BADGES[report.state], report.get_state_display()),
        facts=_facts(report, actor),
        photos=[
            {
                "url": reverse("incidents:public_photo", args=[photo.pk]),
                "label": _("Foto %(number)s") % {"number": position},
            }
            for position, photo in enumerate(photos, start=1)
        ],
        events=_thread(report, photos),
        suspicions=[str(signs[sign]) for sign in report.suspicions],
        likely=queue_rows(known),
        incidents=[_incident(row) for row in similar_incidents(actor, trait)],
    )


def _facts(report: PublicReport, actor: Actor) -> list[dict[str, Any]]:
    where = region_label(report.region)
    point = ""
    if report.latitude is not None:
        point = f"{report.latitude:.3f}, {report.longitude:.3f}"
    who = (
        _("Tidak disebutkan, atas pilihan pelapor")
        if report.anonymous
        else _("Meninggalkan kontak; dibuka tersendiri")
    )
    rows = [
        (_("Jenis menurut taksonomi"), str(report.subject.type)),
        (_("Tempat"), f"{report.place}, {where}" if report.place else where),
        (_("Titik, dibulatkan ±100 m"), point),
        (_("Pelapor"), who),
        (_("Kerahasiaan isi"), report.get_classification_display()),
    ]
    facts = [{"label": label, "value": value} for label, value in rows if value]
    seen = Incident.objects.visible_to(actor).filter(pk=report.incident_id)
    if report.incident and not seen.exists():
        # At Sentra Gakkumdu, or of a class above the reader's: that it was followed, and no more.
        facts.append({"label": _("Kejadian"), "value": _("Masuk kejadian lain")})
    elif report.incident:
        url = reverse("incidents:incident_detail", args=[report.incident_id])
        facts.append({"label": _("Kejadian"), "value": str(report.incident), "url": url})
    if report.reason:
        facts.append({"label": _("Alasan"), "value": report.reason.label})
    return facts


def _thread(report: PublicReport, photos: list[Any]) -> list[dict[str, Any]]:
    pictures: dict[int, int] = {}
    for photo in photos:
        if photo.message_id:
            pictures[photo.message_id] = pictures.get(photo.message_id, 0) + 1
    events = []
    for row in report.messages.select_related("post").order_by("-at", "-pk"):
        text = row.text
        if pictures.get(row.pk):
            added = _("%(count)s foto ditambahkan") % {"count": pictures[row.pk]}
            text = f"{text} ({added})" if text else added
        answer = row.kind == MessageKind.ANSWER
        title = row.get_kind_display()
        if answer:
            title = _("Jawaban, sudah dibaca") if row.read_at else _("Jawaban, belum dibaca")
        events.append(
            {
                "at": row.at,
                "title": title,
                "by": row.post.title if row.post else "",
                "text": text,
                "kind": ("success" if row.read_at else "info") if answer else "warning",
            }
        )
    return events


def _incident(row: Incident) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "url": reverse("incidents:incident_detail", args=[row.pk]),
        "at": row.occurred_at,
        "state": (STATE_BADGES[row.state], row.get_state_display()),
    }
