"""The life of a deployment, and its task force."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deployments.enums.strength import DeploymentStatus


class DeploymentState(models.TextChoices):
    """Where a deployment is in its life, from the request to the return."""

    REQUESTED = "requested", _("Diminta")
    ORDERED = "ordered", _("Diperintahkan (Sprin)")
    STANDBY = "standby", pgettext_lazy("penempatan", "Siaga")
    MOVING = "moving", _("Pergeseran pasukan (serpas)")
    IN_PLACE = "in_place", _("Di tempat")
    RELIEVED = "relieved", pgettext_lazy("penempatan", "Diganti")
    RETURNED = "returned", _("Kembali ke satuan")
    CANCELLED = "cancelled", _("Dibatalkan")


DEPLOYMENT_MOVES: dict[str, frozenset[str]] = {
    DeploymentState.REQUESTED: frozenset({DeploymentState.ORDERED, DeploymentState.CANCELLED}),
    DeploymentState.ORDERED: frozenset({DeploymentState.STANDBY, DeploymentState.CANCELLED}),
    DeploymentState.STANDBY: frozenset({DeploymentState.MOVING, DeploymentState.CANCELLED}),
    DeploymentState.MOVING: frozenset({DeploymentState.IN_PLACE, DeploymentState.CANCELLED}),
    DeploymentState.IN_PLACE: frozenset({DeploymentState.RELIEVED}),
    DeploymentState.RELIEVED: frozenset({DeploymentState.RETURNED}),
    DeploymentState.RETURNED: frozenset(),
    DeploymentState.CANCELLED: frozenset(),
}
"""From each state of a deployment, the states it may go to."""


UNBOUND = (DeploymentState.REQUESTED, DeploymentState.CANCELLED)
"""Wished for or called off: nobody stands there, and it is in no sum."""


GONE = (DeploymentState.RELIEVED, DeploymentState.RETURNED)
"""Was there, and was let go."""


SERVING = (DeploymentState.IN_PLACE, DeploymentState.RELIEVED)
"""Stand or stood at their place: never before their first day."""


FINISHED = (DeploymentState.RETURNED, DeploymentState.CANCELLED)
"""Over: it stays as it was."""


BINDING = tuple(state for state in DeploymentState if state not in (*UNBOUND, "returned"))
"""These hold people: nobody else may count on them on the same days."""


PART_OF_STATE: dict[str, str | None] = {
    DeploymentState.REQUESTED: None,
    DeploymentState.ORDERED: DeploymentStatus.STANDBY,
    DeploymentState.STANDBY: DeploymentStatus.STANDBY,
    DeploymentState.MOVING: DeploymentStatus.ENGAGED,
    DeploymentState.IN_PLACE: DeploymentStatus.ENGAGED,
    DeploymentState.RELIEVED: DeploymentStatus.STANDBY,
    DeploymentState.RETURNED: None,
    DeploymentState.CANCELLED: None,
}
"""The part of the strength that the people of a deployment stand in; a reserve stays a reserve
until it moves."""


STATE_OF_STATUS = {
    DeploymentStatus.ENGAGED: DeploymentState.IN_PLACE,
    DeploymentStatus.STANDBY: DeploymentState.STANDBY,
    DeploymentStatus.RESERVE: DeploymentState.STANDBY,
}
"""What is entered as already so stands in this state."""


DEPLOYMENT_BADGE = {
    DeploymentState.REQUESTED: "neutral",
    DeploymentState.ORDERED: "info",
    DeploymentState.STANDBY: "info",
    DeploymentState.MOVING: "warning",
    DeploymentState.IN_PLACE: "success",
    DeploymentState.RELIEVED: "info",
    DeploymentState.RETURNED: "neutral",
    DeploymentState.CANCELLED: "danger",
}


class TaskForce(models.TextChoices):
    """The six task forces (satgas) of the operation."""

    PREEMTIF = "preemtif", _("Satgas Preemtif")
    PREVENTIF = "preventif", _("Satgas Preventif")
    TRAFFIC = "kamseltibcarlantas", _("Satgas Kamseltibcarlantas")
    LAW = "gakkum", _("Satgas Gakkum")
    PUBLIC = "humas", _("Satgas Humas")
    SUPPORT = "banops", _("Satgas Banops")
