"""Whose acts in the audit trail are shown with their content: of an incident, and of what belongs
to it, only to who may read the incident."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q

from incidents.models import (
    AgencyRequest,
    FieldReport,
    GakkumduCase,
    Incident,
    Review,
    SpecialReport,
    UnitAssignment,
)
from portal.access.actor import Actor
from portal.attachments.models import Attachment
from portal.audit.sight import Sight


def _through(model: type[Model], path: str) -> Sight:
    """Rows of an incident, which is found by that path."""

    def hidden(actor: Actor, ids: set[str]) -> set[str]:
        seen = Q(**{f"{path}__in": Incident.objects.visible_to(actor)})
        rows = model._default_manager.filter(seen, pk__in=ids)
        return ids - {str(pk) for pk in rows.values_list("pk", flat=True)}

    return hidden


def _field_reports(actor: Actor, ids: set[str]) -> set[str]:
    rows = FieldReport.objects.visible_to(actor).filter(pk__in=ids)
    return ids - {str(pk) for pk in rows.values_list("pk", flat=True)}


def _files(actor: Actor, ids: set[str]) -> set[str]:
    """Files that hang on an account out of sight: their names tell of it."""
    hanging = Q()
    for model in (Incident, FieldReport):
        out_of_sight = model.objects.exclude(pk__in=model.objects.visible_to(actor).values("pk"))
        kind = ContentType.objects.get_for_model(model)
        hanging |= Q(content_type=kind, object_id__in=out_of_sight.values("pk"))
    rows = Attachment.objects.filter(hanging, pk__in=ids)
    return {str(pk) for pk in rows.values_list("pk", flat=True)}


SIGHTS: dict[str, Sight] = {
    "incidents.incident": _through(Incident, "pk"),
    "incidents.fieldreport": _field_reports,
    "incidents.agencyrequest": _through(AgencyRequest, "incident"),
    "incidents.unitassignment": _through(UnitAssignment, "incident"),
    "incidents.review": _through(Review, "incident"),
    "incidents.specialreport": _through(SpecialReport, "incident"),
    "incidents.gakkumducase": _through(GakkumduCase, "incident"),
    "attachments.attachment": _files,
}
