from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProcurementConfig(AppConfig):
    name = "relais.procurement"
    label = "procurement"
    verbose_name = _("Procurement")

    def ready(self) -> None:
        from relais.kit.audit import name_verbs  # models are loaded by then
        from relais.kit.trail import name_details, name_pages
        from relais.procurement import listeners  # noqa: F401  # its handlers subscribe
        from relais.procurement.verbs import DETAILS, PAGES, VERBS

        name_verbs(VERBS)
        name_pages(PAGES)
        name_details(DETAILS)
