from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClausesConfig(AppConfig):
    name = "relais.clauses"
    label = "clauses"
    verbose_name = _("Clauses")

    def ready(self) -> None:
        from relais.clauses.verbs import VERBS  # translations are ready by then
        from relais.kit.audit import name_verbs

        name_verbs(VERBS)
