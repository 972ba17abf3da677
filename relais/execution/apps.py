from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExecutionConfig(AppConfig):
    name = "relais.execution"
    label = "execution"
    verbose_name = _("Execution")

    def ready(self) -> None:
        from relais.execution.verbs import VERBS
        from relais.kit.audit import name_verbs

        name_verbs(VERBS)
