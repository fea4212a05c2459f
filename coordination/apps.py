from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoordinationConfig(AppConfig):
    name = "coordination"
    label = "coordination"
    verbose_name = _("Koordinasi")

    def ready(self):
        # Rules name models, which do not exist before the apps are loaded.
        from coordination.queries.dashboard import late_obligations  # noqa: PLC0415 (models are ready)
        from coordination.rules import RULES  # noqa: PLC0415 (models are ready)
        from coordination.views.files import MATRIX  # noqa: PLC0415 (models are ready)
        from portal.access import policy  # noqa: PLC0415 (models are ready)
        from portal.exports import kinds  # noqa: PLC0415 (models are ready)
        from portal.notifications import overdue  # noqa: PLC0415 (models are ready)

        policy.register(RULES)
        kinds.register(MATRIX)
        overdue.register("obligation", late_obligations)
