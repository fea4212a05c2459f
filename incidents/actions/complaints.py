from collections.abc import Collection

from django.utils.translation import gettext as _

from incidents.enums.gakkumdu import LEADING
from incidents.models import IncidentType
from portal.access.errors import Refused
from portal.registry.models import Agency


def refuse_receivers(
    type: IncidentType, *, lead: Agency, receivers: Collection[Agency], field: str = "to"
) -> None:
    """Raises Refused where a complaint against agencies would go to one of them alone, or would be
    led by another agency than Bawaslu. Which agencies a type complains of is data on the type."""
    complained_of = {agency.pk for agency in type.complained_of.all()}
    if not complained_of:
        return
    if {agency.pk for agency in receivers} <= complained_of and len(receivers) == 1:
        raise Refused(
            _(
                "Aduan netralitas tidak boleh hanya diterima %(agency)s, instansi yang diadukan. "
                "Penanggung jawabnya Bawaslu."
            )
            % {"agency": lead.short_name},
            field,
        )
    if lead.slug != LEADING:
        raise Refused(_("Aduan terhadap instansi dipimpin Bawaslu."), field)
