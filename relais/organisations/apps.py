from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "relais.organisations"
    label = "organisations"
    verbose_name = _("Organisations")

    def ready(self) -> None:
        from relais.kit.audit import name_verbs  # models are loaded by then
        from relais.kit.trail import name_details, name_pages
        from relais.organisations.verbs import DETAILS, PAGES, VERBS

        name_verbs(VERBS)
        name_pages(PAGES)
        name_details(DETAILS)
