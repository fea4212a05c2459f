from django.utils.translation import gettext as _

from incidents.models import Incident
from portal.access.actor import Actor
from portal.access.errors import Refused


def refuse_merged(incident: Incident, by: Actor) -> None:
    """Raises Refused where the incident goes on in another; names that one to who sees it."""
    if incident.merged_into_id is None:
        return
    into = Incident.objects.visible_to(by).filter(pk=incident.merged_into_id).first()
    if into is None:
        raise Refused(_("Kejadian ini sudah digabung ke kejadian lain; catat di sana."))
    raise Refused(
        _("Kejadian ini sudah digabung ke %(number)s; catat di sana.") % {"number": into.number}
    )
