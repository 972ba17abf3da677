"""The library of clause texts of a scheme: one entry per passage, and every version it had.

A version holds the wording and the place of the passage: its title, its document, the clauses it serves. The
entry shows those of the version in use, so that changing either takes two people.
"""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.clauses.enums import KitDocument, TextState
from relais.kit.actor import Actor
from relais.organisations.models import Organisation, Scheme, SchemeBody, in_force


class LibraryTextQuerySet(models.QuerySet["LibraryText"]):
    def visible_to(self, actor: Actor) -> Self:
        """Texts of the schemes that one's body coordinates or takes part in.

        An entry that nobody has proposed yet is known to the body that writes it, and to no other.
        """
        parts = SchemeBody.objects.filter(in_force(actor.on), organisation_id=actor.organisation_id)
        told = TextVersion.objects.told_to(actor)
        return self.filter(
            Q(scheme__coordinator_id=actor.organisation_id) | Q(scheme__in=parts.values("scheme_id")),
            pk__in=told.values("text_id"),
        )


class Place(models.Model):
    """Where a passage stands and which clauses it serves. An empty set means all of them."""

    document = models.CharField(_("document"), max_length=15, choices=KitDocument)
    rank = models.PositiveIntegerField(_("rank in the document"))
    title = models.CharField(_("title"), max_length=120)
    modalities = models.CharField(_("modalities"), max_length=200, blank=True)
    regimes = models.CharField(_("legal regimes"), max_length=60, blank=True)
    ccags = models.CharField(_("general conditions"), max_length=60, blank=True)

    class Meta:
        abstract = True

    def place(self) -> dict[str, Any]:
        """The fields of the place, to copy them from a version to its entry and back."""
        return {name: getattr(self, name) for name in PLACE}


PLACE = ("document", "rank", "title", "modalities", "regimes", "ccags")


class LibraryText(Place):
    """A passage of a document of the kit, where the version in use puts it."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="texts", verbose_name=_("scheme"))
    key = models.SlugField(_("key"), max_length=60)

    objects = LibraryTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of the library")
        verbose_name_plural = _("texts of the library")
        ordering = ["document", "rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["scheme", "key"], name="library_text_once")]

    def __str__(self) -> str:
        return self.title


class TextVersionQuerySet(models.QuerySet["TextVersion"]):
    def told_to(self, actor: Actor) -> Self:
        """Versions that were proposed one day; before, only the body that writes one reads it."""
        kept = Q(state=TextState.DRAFT) | Q(state=TextState.WITHDRAWN, proposed_at=None)
        return self.filter(~kept | Q(organisation_id=actor.organisation_id))

    def visible_to(self, actor: Actor) -> Self:
        """Versions of the texts one reads; a draft is read by the body that writes it, and by no other."""
        return self.told_to(actor).filter(text__in=LibraryText.objects.visible_to(actor))

    def in_use(self) -> Self:
        """Versions that kits are made of: the approved ones, and shipped ones that nobody has approved."""
        return self.filter(Q(state=TextState.APPROVED) | Q(state=TextState.PROPOSED, is_shipped=True))


class TextVersion(Place):
    """A wording of a text and its place: written by one person, approved by another.

    Shipped ones come with the product.
    `decided_at` dates the approval, `withdrawn_at` the end; `answer` says why a version was withdrawn.
    """

    text = models.ForeignKey(LibraryText, models.CASCADE, related_name="versions", verbose_name=_("text"))
    number = models.PositiveIntegerField(_("version"))
    body = models.TextField(_("wording of the text"))
    state = models.CharField(_("state"), max_length=10, choices=TextState, default=TextState.DRAFT)
    is_shipped = models.BooleanField(_("shipped with Relais"), default=False)
    source = models.CharField(_("source"), max_length=500, blank=True)
    note = models.CharField(_("why this version"), max_length=500, blank=True)
    answer = models.CharField(_("grounds"), max_length=500, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("written"))
    proposed_at = models.DateTimeField(_("proposed"), null=True, blank=True)
    decided_at = models.DateTimeField(_("approved on"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = TextVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a text")
        verbose_name_plural = _("versions of a text")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="text_version_once"),
            models.UniqueConstraint(
                fields=["text"], condition=Q(state="approved"), name="one_approved_version"
            ),
            models.CheckConstraint(
                name="approved_version_is_dated",
                condition=~Q(state="approved") | Q(decided_at__isnull=False),
                violation_error_message=_("An approval has a date."),
            ),
            models.CheckConstraint(
                name="version_approved_by_another",
                condition=Q(approver=None) | Q(author=None) | ~Q(approver=models.F("author")),
                violation_error_message=_("Another person than the author approves a text."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    def get_state(self) -> TextState:
        return TextState(self.state)


class LibraryOpeningQuerySet(models.QuerySet["LibraryOpening"]):
    def running(self) -> Self:
        """The openings in force: at most one of a scheme."""
        return self.filter(closed_at=None)

    def visible_to(self, actor: Actor) -> Self:
        """Openings of the schemes that one's body coordinates or takes part in."""
        return self.filter(scheme__in=Scheme.objects.visible_to(actor))


class LibraryOpening(models.Model):
    """From when to when the approved texts of a scheme were public, and who decided so."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="library_openings")
    opened_at = models.DateTimeField(_("opened to the public"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(_("closed to the public"), null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = LibraryOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening of a library to the public")
        verbose_name_plural = _("openings of libraries to the public")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme"], condition=Q(closed_at=None), name="library_open_once"),
            models.CheckConstraint(
                name="library_opening_in_order",
                condition=Q(closed_at=None) | Q(closed_at__gte=models.F("opened_at")),
                violation_error_message=_("A closing cannot come before its opening."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} · {self.opened_at:%Y-%m-%d}"
