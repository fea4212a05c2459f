from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a post does in the portal; a post may carry several."""

    LIAISON = "liaison", _("Penghubung instansi")
    POSKO_OPERATOR = "posko_operator", _("Operator posko")
    COORDINATOR = "coordinator", _("Koordinator")
    COMMANDER = "commander", _("Pimpinan")
    AUDITOR = "auditor", _("Auditor")
    GAKKUMDU = "gakkumdu", _("Anggota Sentra Gakkumdu")
    ADMINISTRATOR = "administrator", _("Administrator")


class TenureKind(models.TextChoices):
    """In what capacity a person holds a post."""

    DEFINITIVE = "definitive", _("Definitif")
    PLT = "plt", _("Plt. (pelaksana tugas)")
    PLH = "plh", _("Plh. (pelaksana harian)")
    PJ = "pj", _("Pj. (penjabat)")


TENURE_PREFIX = {
    TenureKind.DEFINITIVE: "",
    TenureKind.PLT: "Plt. ",
    TenureKind.PLH: "Plh. ",
    TenureKind.PJ: "Pj. ",
}
