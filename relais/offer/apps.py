from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfferConfig(AppConfig):
    name = "relais.offer"
    label = "offer"
    verbose_name = _("Insertion offer")

    def ready(self) -> None:
        from relais.kit.audit import name_verbs  # models are loaded by then
        from relais.offer.verbs import VERBS

        name_verbs(VERBS)
