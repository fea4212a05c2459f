"""The roster of a placement: names for the owning agency, a count for everybody else."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from deployments.models import Deployment, RosterMember
from portal.access.actor import Actor
from portal.web.templatetags.portal import angka


def listed(deployment: Deployment) -> int:
    """How many are on the roster; that much everybody may know who sees the placement."""
    return RosterMember.objects.filter(deployment=deployment).count()


def listed_text(deployment: Deployment, number: int) -> str:
    return _("%(listed)s dari %(people)s terdaftar") % {
        "listed": angka(number),
        "people": angka(deployment.personnel),
    }


def masked(nrp: str) -> str:
    """The last four digits; the rest does not leave the table."""
    return f"••••{nrp[-4:]}"


def roster_rows(
    deployment: Deployment, actor: Actor, *, whole: bool, edits: bool
) -> list[dict[str, Any]]:
    """The names that the actor may see; `whole`: with the service numbers in full."""
    return [
        {
            "name": row.name,
            "rank": row.rank,
            "nrp": row.nrp if whole else masked(row.nrp),
            "edit_url": reverse("deployments:roster_member", args=[row.pk]) if edits else "",
            "remove_url": reverse("deployments:roster_remove", args=[row.pk]) if edits else "",
        }
        for row in RosterMember.objects.visible_to(actor).filter(deployment=deployment)
    ]
