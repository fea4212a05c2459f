from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.access import policy


class RegistryConfig(AppConfig):
    name = "portal.registry"
    label = "registry"
    verbose_name = _("Rujukan bersama")

    def ready(self):
        from portal.imports import kinds  # noqa: PLC0415 (models are loaded only now)
        from portal.registry.imports import (  # noqa: PLC0415 (models are loaded)
            PLACES,
            STATIONS,
            UNITS,
        )
        from portal.registry.rules import RULES  # noqa: PLC0415 (models are loaded only now)

        policy.register(RULES)
        kinds.register(UNITS)
        kinds.register(STATIONS)
        kinds.register(PLACES)
