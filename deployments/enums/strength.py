"""What an agency's people are accounted for as, and how a figure came about."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeploymentStatus(models.TextChoices):
    """What the people of a deployment are doing."""

    ENGAGED = "engaged", _("Terlibat")
    STANDBY = "standby", _("Siaga")
    RESERVE = "reserve", _("Cadangan")


class AccountPart(models.TextChoices):
    """What an agency's announced people are accounted for as. Together: all of them."""

    NOT_ITEMISED = "not_itemised", _("Tidak terperinci")
    RESERVE = "reserve", _("Cadangan")
    STANDBY = "standby", _("Siaga")
    ENGAGED = "engaged", _("Terlibat")


class Quality(models.TextChoices):
    """How a figure came about."""

    REPORTED = "reported", _("Dilaporkan")
    ESTIMATED = "estimated", _("Perkiraan")
    ILLUSTRATIVE = "illustrative", _("Ilustrasi")
