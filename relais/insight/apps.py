from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    name = "relais.insight"
    label = "insight"
    verbose_name = _("Consolidation")

    def ready(self) -> None:
        from relais.insight import handlers  # subscribes once every model is loaded
        from relais.insight.verbs import DETAILS, KEYS, PAGES, VERBS
        from relais.insight.watch import register_all
        from relais.kit.audit import name_verbs
        from relais.kit.trail import name_details, name_pages

        assert handlers
        register_all()
        name_verbs(VERBS)
        name_pages(PAGES)
        name_details(DETAILS, KEYS)
