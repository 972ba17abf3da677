from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "relais.organisations"
    label = "organisations"
    verbose_name = _("Organisations")

    def ready(self) -> None:
        from relais.kit.audit import name_verbs  # models are loaded by then
        from relais.organisations.verbs import VERBS

        name_verbs(VERBS)
