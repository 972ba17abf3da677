"""Files on an opportunity sheet, sent by those who work on it and read by nobody else."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.kit.actor import Actor
from relais.organisations.models import Organisation
from relais.screening.models.sheets import Opportunity, lots_open_to


def place_of(file: "SheetFile", _name: str) -> str:
    """Where the content lies in the storage: by sheet and digest, never under the name a person chose."""
    return f"screening/{file.opportunity_id}/{file.sha256}"


class SheetFileQuerySet(models.QuerySet["SheetFile"]):
    def visible_to(self, actor: Actor) -> Self:
        """The files of the sheets one reads."""
        return self.filter(opportunity__lot__in=lots_open_to(actor))

    def present(self) -> Self:
        """Those not withdrawn."""
        return self.filter(withdrawn_at=None)


class SheetFile(models.Model):
    """A file of a sheet. Withdrawn, its content is erased; its name, digest and reason stay."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="files")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("body"))
    name = models.CharField(_("name of the file"), max_length=200)
    about = models.CharField(_("what it is"), max_length=200, blank=True)
    content = models.FileField(_("file"), upload_to=place_of, max_length=200, blank=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("size (bytes)"))
    sha256 = models.CharField("SHA-256", max_length=64, validators=[MinLengthValidator(64)])
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawal_reason = models.CharField(_("reason of the withdrawal"), max_length=300, blank=True)

    objects = SheetFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a sheet")
        verbose_name_plural = _("files of sheets")
        ordering = ["sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "sha256"],
                condition=Q(withdrawn_at=None),
                name="sheet_file_sent_once",
                violation_error_message=_("This file is already on the sheet."),
            ),
            models.CheckConstraint(
                name="withdrawn_file_says_why",
                condition=Q(withdrawn_at=None, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                violation_error_message=_("A file withdrawn has its date and its reason."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("A file of a sheet is never edited: withdraw it and send another.")
        super().save(*args, **kwargs)

    @property
    def is_present(self) -> bool:
        return self.withdrawn_at is None
