from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    name = "incidents"
    label = "incidents"
    verbose_name = _("Kejadian")

    def ready(self):
        # Rules name models, which do not exist before the apps are loaded.
        from incidents.queries.audited import SIGHTS  # noqa: PLC0415 (models are ready)
        from incidents.rules import RULES  # noqa: PLC0415 (models are ready)
        from incidents.views.files import INCIDENTS  # noqa: PLC0415 (models are ready)
        from portal.access import policy  # noqa: PLC0415 (models are ready)
        from portal.audit import sight  # noqa: PLC0415 (models are ready)
        from portal.exports import kinds  # noqa: PLC0415 (models are ready)

        policy.register(RULES)
        sight.register(SIGHTS)
        kinds.register(INCIDENTS)
