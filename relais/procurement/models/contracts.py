"""What is bought (operation, procedure, lot) and what was signed (contract, holders, amendments)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.organisations.enums import Role
from relais.organisations.models import FoldedField, Organisation, Scheme, SchemeBody, in_force
from relais.procurement.enums import ContractKind, LotNature, Origin, PlaceType
from relais.territories.models import Commune, Department


def purchases_open_to(actor: Actor) -> Q:
    """The purchases an actor reads: own ones, those of an own scheme's imports, those shared with the scheme.

    A project lead reads the lots he originates; elected members read figures only.
    """
    if actor.role == Role.ELECTED:
        return Q(pk__in=[])
    own = Q(buyer_id=actor.organisation_id)
    if actor.role == Role.PROJECT_LEAD:
        return own & Q(project_lead_id=actor.user_id)
    coordinated = Scheme.objects.filter(coordinator_id=actor.organisation_id)
    sharing = SchemeBody.objects.filter(in_force(actor.on), scheme__in=coordinated, shares_purchases=True)
    public = Q(scheme__in=coordinated, origin=Origin.IMPORTED)
    shared = Q(scheme__in=coordinated, buyer_id__in=sharing.values("organisation_id"))
    return own | public | shared


class Operation(models.Model):
    """One project or programme, made of several procedures and lots."""

    buyer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="operations", verbose_name=_("buyer")
    )
    name = models.CharField(_("name"), max_length=300)

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")

    def __str__(self) -> str:
        return self.name


class Procedure(models.Model):
    """One competition; its launch date decides the legal regime of everything it awards."""

    buyer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="procedures", verbose_name=_("buyer")
    )
    operation = models.ForeignKey(Operation, models.PROTECT, null=True, blank=True, related_name="procedures")
    title = models.CharField(_("title"), max_length=300)
    launched_on = models.DateField(_("launch date"), null=True, blank=True)
    estimated_value = HundredthsField(_("estimated value excluding tax (€)"), null=True, blank=True)
    kind = models.CharField(_("kind of procedure"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")

    def __str__(self) -> str:
        return self.title


class LotQuerySet(models.QuerySet["Lot"]):
    def visible_to(self, actor: Actor) -> Self:
        """The purchases one reads, but for the lots that were merged into another."""
        return self.filter(purchases_open_to(actor), merged_into=None)


class Lot(models.Model):
    """A separately awarded part: what is to be bought, where, for how long, for how much."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="lots", verbose_name=_("scheme"))
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="lots", verbose_name=_("buyer"))
    operation = models.ForeignKey(
        Operation, models.PROTECT, null=True, blank=True, related_name="lots", verbose_name=_("operation")
    )
    procedure = models.ForeignKey(
        Procedure, models.PROTECT, null=True, blank=True, related_name="lots", verbose_name=_("procedure")
    )
    project_lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("project lead"),
    )
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    number = models.CharField(_("lot number"), max_length=20, blank=True)
    object = models.TextField(_("object"))
    search_object = FoldedField(_("object for searching"), max_length=1000, source="object", db_index=False)
    cpv = models.CharField(_("CPV code"), max_length=8, blank=True)
    nature = models.CharField(_("nature"), max_length=10, choices=LotNature, blank=True)
    is_concession = models.BooleanField(_("concession"), default=False)
    estimated_amount = HundredthsField(_("estimated amount excluding tax (€)"), null=True, blank=True)
    duration_months = models.PositiveIntegerField(_("duration (months)"), null=True, blank=True)
    launched_on = models.DateField(
        _("launch date"),
        null=True,
        blank=True,
        help_text=_("Date when the consultation is launched: it decides the legal regime."),
    )
    place_type = models.CharField(_("type of place code"), max_length=20, choices=PlaceType, blank=True)
    place_code = models.CharField(_("place code"), max_length=20, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )

    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("merged into")
    )
    """The lot of a call that this one turned out to be: it took the contract of this one."""
    cancelled_on = models.DateField(_("call cancelled on"), null=True, blank=True)
    """Day of the notice that cancelled the call of the lot: the purchase is not made that way."""

    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        indexes = [models.Index(fields=["scheme", "buyer"]), models.Index(fields=["scheme", "cpv"])]

    def __str__(self) -> str:
        return self.object[:120]


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, actor: Actor) -> Self:
        """Contracts of the lots one reads, and those one's own body holds."""
        held = Holder.objects.filter(organisation_id=actor.organisation_id)
        if actor.role == Role.ELECTED:
            return self.none()
        return self.filter(Q(lot__in=Lot.objects.visible_to(actor)) | Q(pk__in=held.values("contract_id")))


class Contract(models.Model):
    """A signed contract: its key, its dates, its amount as published and whether it counts in totals."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="contracts", verbose_name=_("scheme"))
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="contracts", verbose_name=_("buyer"))
    lot = models.OneToOneField(Lot, models.PROTECT, related_name="contract", verbose_name=_("lot"))
    kind = models.CharField(_("kind"), max_length=12, choices=ContractKind, default=ContractKind.CONTRACT)
    source_id = models.CharField(_("identifier given by the buyer"), max_length=100)
    rank = models.PositiveSmallIntegerField(
        _("rank"), default=1, help_text=_("Second, third lot published under the same identifier.")
    )
    nature = models.CharField(_("nature published"), max_length=80, blank=True)
    procedure_kind = models.CharField(_("kind of procedure"), max_length=120, blank=True)
    notified_on = models.DateField(_("notification date"), null=True, blank=True)
    published_on = models.DateField(_("publication date"), null=True, blank=True)
    amount = HundredthsField(_("amount excluding tax (€)"), null=True, blank=True)
    amount_text = models.CharField(_("amount as written"), max_length=60, blank=True)
    counts_in_totals = models.BooleanField(_("counts in totals"), default=True)
    price_form = models.CharField(_("form of price"), max_length=80, blank=True)
    framework_id = models.CharField(_("framework agreement"), max_length=100, blank=True)
    is_framework = models.BooleanField(_("framework agreement"), default=False)
    techniques = models.CharField(_("techniques"), max_length=200, blank=True)
    execution_modes = models.CharField(_("execution modes"), max_length=200, blank=True)
    ccag = models.CharField(_("general conditions"), max_length=80, blank=True)
    consortium_type = models.CharField(_("type of consortium"), max_length=60, blank=True)
    offers_received = models.PositiveIntegerField(_("offers received"), null=True, blank=True)
    has_social_clause = models.BooleanField(_("social clause published"), default=False)
    has_social_criterion = models.BooleanField(_("social criterion published"), default=False)
    is_reserved = models.BooleanField(_("reserved contract published"), default=False)
    social_published = models.BooleanField(_("social consideration field filled"), default=False)
    closed_on = models.DateField(_("end of performance"), null=True, blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "source_id", "buyer", "rank"], name="contract_key_once")
        ]
        indexes = [
            models.Index(fields=["scheme", "notified_on"]),
            models.Index(fields=["scheme", "amount"]),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} · {self.lot}"

    @property
    def has_social_consideration(self) -> bool:
        return self.has_social_clause or self.has_social_criterion or self.is_reserved


class Holder(models.Model):
    """A holder of a contract: alone, or partner of a consortium with its share."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="holders")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="held_contracts"
    )
    identifier_type = models.CharField(_("type of identifier"), max_length=20, blank=True)
    identifier = models.CharField(_("identifier"), max_length=40, blank=True, db_index=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    is_lead = models.BooleanField(_("lead partner"), default=False)
    share = models.DecimalField(_("share"), max_digits=7, decimal_places=6, null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("holder")
        verbose_name_plural = _("holders")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="holder_share_in_bounds",
                condition=Q(share=None) | (Q(share__gte=0) & Q(share__lte=1)),
                violation_error_message=_("A share lies between 0 and 1."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.identifier


class Amendment(models.Model):
    """A published change of a contract. Its amount is the new one by the schema, often a rise in fact."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="amendments")
    number = models.PositiveIntegerField(_("number"))
    notified_on = models.DateField(_("notification date"), null=True, blank=True)
    published_on = models.DateField(_("publication date"), null=True, blank=True)
    amount = HundredthsField(_("amount published (€)"), null=True, blank=True)
    duration_months = models.PositiveIntegerField(_("duration published (months)"), null=True, blank=True)
    object = models.TextField(_("object"), blank=True)

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["notified_on", "number", "pk"]

    def __str__(self) -> str:
        return f"{self.contract_id} · {self.number}"


class SubcontractingAct(models.Model):
    """A subcontractor declared and accepted; the holder stays answerable."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="subcontracting_acts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveIntegerField(_("number"))
    identifier_type = models.CharField(_("type of identifier"), max_length=20, blank=True)
    identifier = models.CharField(_("identifier"), max_length=40, blank=True)
    notified_on = models.DateField(_("notification date"), null=True, blank=True)
    amount = HundredthsField(_("amount (€)"), null=True, blank=True)
    duration_months = models.PositiveIntegerField(_("duration (months)"), null=True, blank=True)

    class Meta:
        verbose_name = _("subcontracting act")
        verbose_name_plural = _("subcontracting acts")
        ordering = ["notified_on", "number", "pk"]

    def __str__(self) -> str:
        return f"{self.contract_id} · {self.identifier}"


class ContractFlag(models.Model):
    """Something odd in the published data, kept beside what was read."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="flags")
    code = models.CharField(_("flag"), max_length=40)
    detail = models.CharField(_("detail"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        indexes = [models.Index(fields=["code"])]

    def __str__(self) -> str:
        return self.code
