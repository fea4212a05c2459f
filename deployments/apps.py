from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.access import policy
from portal.exports import kinds
from portal.imports import kinds as imports


class DeploymentsConfig(AppConfig):
    name = "deployments"
    label = "deployments"
    verbose_name = _("Gelar pasukan dan kesiapan")

    def ready(self):
        from deployments.intake import (  # noqa: PLC0415 (models are loaded)
            PLACEMENTS,
            ROSTERS,
            STRENGTHS,
        )
        from deployments.rules import RULES  # noqa: PLC0415 (models are loaded only now)
        from deployments.views.deployment_file import (  # noqa: PLC0415 (models are loaded)
            PLACEMENTS as PLACEMENT_LIST,
        )
        from deployments.views.files import NEEDS, STATIONS  # noqa: PLC0415 (models are loaded)
        from deployments.views.reinforcement_file import (  # noqa: PLC0415 (models are loaded)
            REINFORCEMENTS,
        )

        policy.register(RULES)
        kinds.register(NEEDS)
        kinds.register(STATIONS)
        kinds.register(REINFORCEMENTS)
        kinds.register(PLACEMENT_LIST)
        imports.register(STRENGTHS)
        imports.register(PLACEMENTS)
        imports.register(ROSTERS)
