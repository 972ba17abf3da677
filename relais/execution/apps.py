from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExecutionConfig(AppConfig):
    name = "relais.execution"
    label = "execution"
    verbose_name = _("Execution")

    def ready(self) -> None:
        from relais.clauses.events import ClauseAwarded  # models are loaded by then
        from relais.execution.actions.ledger import open_obligation
        from relais.execution.verbs import VERBS
        from relais.kit.audit import name_verbs
        from relais.kit.events import subscribe

        subscribe(ClauseAwarded)(open_obligation)
        name_verbs(VERBS)
