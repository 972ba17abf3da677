from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClausesConfig(AppConfig):
    name = "relais.clauses"
    label = "clauses"
    verbose_name = _("Clauses")

    def ready(self) -> None:
        from relais.clauses import listeners  # noqa: F401  # its answers register
        from relais.clauses.verbs import DETAILS, KEYS, PAGES, VERBS  # translations are ready by then
        from relais.kit.audit import name_verbs
        from relais.kit.trail import name_details, name_pages

        name_verbs(VERBS)
        name_pages(PAGES)
        name_details(DETAILS, KEYS)
