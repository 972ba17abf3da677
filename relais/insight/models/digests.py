"""How often somebody is written to, in which language, and until which day they were told."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Rhythm(models.TextChoices):
    """How often the mail of what is to do comes."""

    DAILY = "daily", _("Each morning")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("Never")


class DigestChoice(models.Model):
    """What a person chose; whoever chose nothing is written to once a week, in the language of the site."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    rhythm = models.CharField(_("mail of what is to do"), max_length=6, choices=Rhythm, default=Rhythm.WEEKLY)
    language = models.CharField(_("language of the mails"), max_length=5, blank=True)
    told_on = models.DateField(_("told until"), null=True, editable=False)

    class Meta:
        verbose_name = _("choice of mails")
        verbose_name_plural = _("choices of mails")

    def __str__(self) -> str:
        return f"{self.user_id} {self.rhythm}"
