"""Accounts, bodies, the dated relations between them, and the schemes they work in."""

import secrets
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from relais.kit.actor import Actor
from relais.organisations.enums import BuyerNature, Capacity, PolicyKey, Role, StructureKind
from relais.territories.models import Commune, Department, Territory
from relais.territories.names import fold


def in_force(day: date, prefix: str = "") -> Q:
    """The condition "this dated relation holds on that day"."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


class DatedRelation(models.Model):
    """A relation that holds from one day to another, both included; without end while it lasts."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True


class FoldedField(models.CharField):  # type: ignore[type-arg]
    """The words of another field without case or accent, kept at every save for searching."""

    def __init__(self, *args: Any, source: str, **kwargs: Any) -> None:
        self.source = source
        super().__init__(*args, **{"editable": False, "db_index": True, "default": "", **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = fold(getattr(model_instance, self.source))[: self.max_length]
        setattr(model_instance, self.attname, folded)
        return folded


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account, opened by invitation, known by its e-mail address."""

    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def with_capacity(self, capacity: Capacity, on: date) -> Self:
        held = CapacityHeld.objects.filter(in_force(on), capacity=capacity)
        return self.filter(pk__in=held.values("organisation_id"))

    def covering(self, department: str, on: date) -> Self:
        """Facilitator bodies that cover a department that day."""
        areas = FacilitatorArea.objects.filter(in_force(on), department_id=department)
        return self.filter(pk__in=areas.values("organisation_id"))

    def visible_to(self, actor: Actor) -> Self:
        """Own body, and the bodies of the schemes one takes part in: the directory."""
        schemes = Scheme.objects.visible_to(actor)
        bodies = SchemeBody.objects.filter(in_force(actor.on), scheme__in=schemes)
        return self.filter(
            Q(pk=actor.organisation_id)
            | Q(pk__in=bodies.values("organisation_id"))
            | Q(pk__in=schemes.values("coordinator_id"))
        )

    def search(self, text: str) -> Self:
        """Bodies whose name holds every word typed, or whose SIRET begins with the digits typed."""
        digits = "".join(text.split())
        if digits.isdigit() and len(digits) >= 3:
            return self.filter(siret__startswith=digits)
        found = self
        for word in fold(text).split():
            found = found.filter(search_name__contains=word)
        return found

    def for_user(self, user_id: int, on: date) -> Self:
        memberships = Membership.objects.filter(in_force(on), user_id=user_id)
        return self.filter(pk__in=memberships.values("organisation_id"))


class Organisation(models.Model):
    """A body: buyer, company, structure... known by its SIRET when it has one."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    search_name = FoldedField(_("name for searching"), max_length=200, source="name")
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, verbose_name=_("municipality"), related_name="+"
    )
    buyer_nature = models.CharField(_("nature of buyer"), max_length=20, choices=BuyerNature, blank=True)
    structure_kind = models.CharField(
        _("kind of structure"), max_length=10, choices=StructureKind, blank=True
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["siret"],
                condition=~Q(siret=""),
                name="siret_once",
                violation_error_message=_("A body with this SIRET is already known."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def siren(self) -> str:
        return self.siret[:9]


class CapacityHeld(DatedRelation):
    """What a body can do, from a date to another."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="capacities")
    capacity = models.CharField(_("capacity"), max_length=20, choices=Capacity)

    class Meta:
        verbose_name = _("capacity")
        verbose_name_plural = _("capacities")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "capacity", "starts_on"], name="capacity_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_capacity_display()}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self, on: date) -> Self:
        return self.filter(in_force(on), user__is_active=True)

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id=actor.organisation_id)


class Membership(DatedRelation):
    """An account's role in a body. Revoked means ended: refused at the next request."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=Q(ends_on=None), name="one_open_membership"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.organisation}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id=actor.organisation_id)

    def open(self, at: datetime) -> Self:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)


class Invitation(models.Model):
    """A link sent by mail that opens one membership, once. Only the hash of its token is kept."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_role_display()}"


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def visible_to(self, actor: Actor) -> Self:
        """The schemes that the actor's body coordinates or takes part in."""
        bodies = SchemeBody.objects.filter(in_force(actor.on), organisation_id=actor.organisation_id)
        return self.filter(Q(coordinator_id=actor.organisation_id) | Q(pk__in=bodies.values("scheme_id")))


def new_pseudonym_key() -> str:
    return secrets.token_hex(32)


class Scheme(models.Model):
    """A coordinator, its territory, its member bodies and its dated policies."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    coordinator = models.ForeignKey(
        Organisation, models.PROTECT, related_name="coordinated_schemes", verbose_name=_("coordinator")
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, verbose_name=_("territory")
    )
    pseudonym_key = models.CharField(max_length=64, default=new_pseudonym_key, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def scheme_id(self) -> int:
        """A scheme is its own circle: the trail asks every thing for its scheme."""
        return self.pk


class SchemeBodyQuerySet(models.QuerySet["SchemeBody"]):
    def visible_to(self, actor: Actor) -> Self:
        """The parts taken by one's own body, and those of the schemes it coordinates."""
        body = actor.organisation_id
        return self.filter(in_force(actor.on), Q(organisation_id=body) | Q(scheme__coordinator_id=body))


class SchemeBody(DatedRelation):
    """A body takes part in a scheme; a buyer says there whether it shares its purchases."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="bodies")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="schemes")
    shares_purchases = models.BooleanField(
        _("shares its purchases to come with the coordinator"), default=False
    )

    objects = SchemeBodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("body of the scheme")
        verbose_name_plural = _("bodies of the scheme")
        constraints = [models.UniqueConstraint(fields=["scheme", "organisation"], name="body_once_in_scheme")]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.scheme}"


class FacilitatorArea(DatedRelation):
    """The departments that a facilitator body covers in a scheme."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="areas")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="areas")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("area of a facilitator body")
        verbose_name_plural = _("areas of facilitator bodies")

    def __str__(self) -> str:
        return f"{self.organisation} · {self.department}"


class PolicyQuerySet(models.QuerySet["Policy"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(scheme__in=Scheme.objects.visible_to(actor))

    def as_of(self, on: date) -> Self:
        """One row per key: the value in force that day."""
        newest = self.filter(starts_on__lte=on).order_by("key", "-starts_on", "-pk")
        seen: dict[str, int] = {}
        for key, pk in newest.values_list("key", "pk"):
            seen.setdefault(key, pk)
        return self.filter(pk__in=seen.values())


def decimals_of(value: Decimal) -> int:
    """How many decimals a value needs to be shown whole: 2 for 0.0500, none for 30."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


class Policy(models.Model):
    """A dated choice of a scheme, with its source; never edited, only followed by another."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="policies")
    key = models.CharField(_("policy"), max_length=40, choices=PolicyKey)
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=4)
    starts_on = models.DateField(_("in force from"))
    source = models.CharField(_("source"), max_length=300)
    verified = models.BooleanField(_("source verified"), default=False)
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField(_("entered"), default=timezone.now)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["key", "-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="policy_not_negative",
                condition=Q(value__gte=0),
                violation_error_message=_("The value cannot be negative."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()} = {self.value:f} ({self.starts_on})"

    @property
    def decimals(self) -> int:
        return decimals_of(self.value)
