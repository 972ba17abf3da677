from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    name = "relais.insight"
    label = "insight"
    verbose_name = _("Consolidation")

    def ready(self) -> None:
        from relais.insight import handlers  # subscribes once every model is loaded

        assert handlers
