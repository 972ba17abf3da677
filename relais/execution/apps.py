from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExecutionConfig(AppConfig):
    name = "relais.execution"
    label = "execution"
    verbose_name = _("Execution")

    def ready(self) -> None:
        from relais.clauses.events import ClauseAwarded  # models are loaded by then
        from relais.execution import answers  # noqa: F401  # they register
        from relais.execution.actions.ledger import open_obligation
        from relais.execution.verbs import DETAILS, KEYS, PAGES, VERBS
        from relais.kit.audit import name_verbs
        from relais.kit.events import subscribe
        from relais.kit.trail import name_details, name_pages

        subscribe(ClauseAwarded)(open_obligation)
        name_verbs(VERBS)
        name_pages(PAGES)
        name_details(DETAILS, KEYS)
