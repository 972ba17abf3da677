from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScreeningConfig(AppConfig):
    name = "relais.screening"
    label = "screening"
    verbose_name = _("Screening")

    def ready(self) -> None:
        from relais.kit.audit import name_verbs  # models are loaded by then
        from relais.kit.trail import name_details, name_pages
        from relais.screening import listeners  # noqa: F401  # its handlers subscribe
        from relais.screening.verbs import DETAILS, KEYS, PAGES, VERBS

        name_verbs(VERBS)
        name_pages(PAGES)
        name_details(DETAILS, KEYS)
