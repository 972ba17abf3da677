"""The private address by which the agenda of a person reads their dates."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AgendaKey(models.Model):
    """One address a person, renewed or closed at will. Only the hash of its token is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    opened_at = models.DateTimeField(_("opened"))

    class Meta:
        verbose_name = _("address for an agenda")
        verbose_name_plural = _("addresses for agendas")

    def __str__(self) -> str:
        return f"{self.user_id} {self.opened_at:%Y-%m-%d}"
