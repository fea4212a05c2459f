from collections.abc import Collection

from django.utils.translation import gettext as _

from incidents.enums.gakkumdu import LEADING
from incidents.models import Account, IncidentType
from incidents.rules import complained_of
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.registry.models import Agency


def refuse_receivers(
    type: IncidentType, *, lead: Agency, receivers: Collection[Agency], field: str = "to"
) -> None:
    """Raises Refused where a complaint against agencies would go to one of them alone, or would be
    led by another agency than Bawaslu. Which agencies a type complains of is data on the type."""
    if not type.accused:
        return
    if {agency.pk for agency in receivers} <= type.accused and len(receivers) == 1:
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


def refuse_accused(by: Actor, account: Account, field: str = "") -> None:
    """Raises Refused where somebody would judge a complaint about his own agency."""
    if complained_of(by, account):
        raise Refused(
            _("%(number)s mengadukan instansi Anda: instansi lain yang memutusnya.")
            % {"number": account.number},
            field,
        )
