"""The purchase plan of a buyer: its lines, each import of its file, and what was learned of its columns."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from relais.core.words import Words
from relais.kit.actor import Actor
from relais.organisations.enums import Role
from relais.organisations.models import Organisation, Scheme, SchemeBody, in_force
from relais.procurement.enums import LineEntry, PlanState
from relais.procurement.models.contracts import Lot
from relais.procurement.plans.fields import LABELS, Field
from relais.procurement.plans.values import FIRST_YEAR, LAST_YEAR


def plans_open_to(actor: Actor) -> Q:
    """Own plans, and those of buyers that share their purchases with a scheme one coordinates.

    A project lead opens the plans that hold a lot he originates; elected members read figures only.
    """
    if actor.role == Role.ELECTED:
        return Q(pk__in=[])
    own = Q(buyer_id=actor.organisation_id)
    if actor.role == Role.PROJECT_LEAD:
        led = Lot.objects.filter(buyer_id=actor.organisation_id, project_lead_id=actor.user_id)
        return own & Q(pk__in=PlanLine.objects.filter(lot__in=led).values("plan_id"))
    coordinated = Scheme.objects.filter(coordinator_id=actor.organisation_id)
    sharing = SchemeBody.objects.filter(in_force(actor.on), scheme__in=coordinated, shares_purchases=True)
    return own | Q(scheme__in=coordinated, buyer_id__in=sharing.values("organisation_id"))


class PurchasePlanQuerySet(models.QuerySet["PurchasePlan"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(plans_open_to(actor))

    def written_by(self, actor: Actor) -> Self:
        """The plans of one's own body."""
        return self.filter(buyer_id=actor.organisation_id)


class PurchasePlan(models.Model):
    """The purchases to come of one buyer over one year or several."""

    buyer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="purchase_plans", verbose_name=_("buyer")
    )
    scheme = models.ForeignKey(
        Scheme, models.PROTECT, related_name="purchase_plans", verbose_name=_("scheme")
    )
    title = models.CharField(_("title"), max_length=200)
    first_year = models.PositiveSmallIntegerField(
        _("first year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR - 1)]
    )
    last_year = models.PositiveSmallIntegerField(
        _("last year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR - 1)]
    )
    state = models.CharField(_("state"), max_length=10, choices=PlanState, default=PlanState.CURRENT)
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = PurchasePlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase plan")
        verbose_name_plural = _("purchase plans")
        ordering = ["-last_year", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "scheme", "title"],
                name="plan_title_once",
                violation_error_message=_("A plan of this buyer already has this title."),
            ),
            models.CheckConstraint(
                name="plan_years_in_order",
                condition=Q(last_year__gte=F("first_year")),
                violation_error_message=_("The last year comes after the first one."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_state(self) -> PlanState:
        return PlanState(self.state)

    @property
    def years(self) -> str:
        """The years covered, as people say them."""
        return (
            str(self.first_year)
            if self.first_year == self.last_year
            else f"{self.first_year}-{self.last_year}"
        )


class PlanImportQuerySet(models.QuerySet["PlanImport"]):
    def visible_to(self, actor: Actor) -> Self:
        """The imports of one's own body; a project lead and an elected member import nothing."""
        if actor.role in (Role.ELECTED, Role.PROJECT_LEAD):
            return self.none()
        return self.filter(organisation_id=actor.organisation_id)

    def waiting(self) -> Self:
        return self.filter(finished_at=None)


class PlanImport(models.Model):
    """A file of a plan: kept from its upload until its mapping is confirmed, then its counts alone."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="plan_imports")
    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="+", verbose_name=_("scheme"))
    plan = models.ForeignKey(
        PurchasePlan, models.CASCADE, null=True, blank=True, related_name="imports", verbose_name=_("plan")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("file"), max_length=300)
    digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    started_at = models.DateTimeField(_("received"))
    finished_at = models.DateTimeField(_("imported"), null=True, blank=True)
    mapping = models.JSONField(_("meaning of the columns"), default=dict)
    read = models.PositiveIntegerField(_("rows read"), default=0)
    created = models.PositiveIntegerField(_("added"), default=0)
    updated = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    gone = models.PositiveIntegerField(_("gone from the plan"), default=0)
    conflicts = models.PositiveIntegerField(_("to settle"), default=0)
    rejected = models.PositiveIntegerField(_("not taken"), default=0)
    faults = models.JSONField(default=list)

    objects = PlanImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a plan")
        verbose_name_plural = _("imports of plans")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} · {self.started_at:%Y-%m-%d %H:%M}"


class PlanMappingQuerySet(models.QuerySet["PlanMapping"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id=actor.organisation_id)


class PlanMapping(models.Model):
    """What the columns of a shape of file mean for a body: recognised the next time."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="plan_mappings")
    signature = models.CharField(max_length=64)
    mapping = models.JSONField()
    headers = models.JSONField(default=dict)
    """Folded header: field, or empty for a column left aside; serves files of another shape."""
    left_out = models.BooleanField(_("sheets left out"), default=False)
    """Whether the sheets of this shape were left out, all of them, the last time."""
    used_at = models.DateTimeField(_("last used"))

    objects = PlanMappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mapping learned")
        verbose_name_plural = _("mappings learned")
        constraints = [models.UniqueConstraint(fields=["organisation", "signature"], name="mapping_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} · {self.signature[:12]}"


class PlanLineQuerySet(models.QuerySet["PlanLine"]):
    def visible_to(self, actor: Actor) -> Self:
        """The lines of the lots one reads, in the plans one opens."""
        return self.filter(
            plan__in=PurchasePlan.objects.visible_to(actor), lot__in=Lot.objects.visible_to(actor)
        )


class PlanLine(models.Model):
    """A lot in a plan: where it stands in the file, and the row as read, whole."""

    plan = models.ForeignKey(PurchasePlan, models.CASCADE, related_name="lines")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="plan_lines", verbose_name=_("lot"))
    entry = models.CharField(_("entry"), max_length=5, choices=LineEntry, default=LineEntry.FILE)
    reference = models.CharField(_("reference of the buyer"), max_length=100, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    notified_on = models.DateField(_("notification planned"), null=True, blank=True)
    service = models.CharField(_("department of the buyer"), max_length=200, blank=True)
    lead = models.CharField(_("project lead as written"), max_length=200, blank=True)
    place = models.CharField(_("place as written"), max_length=200, blank=True)
    operation_named = models.CharField(_("operation as written"), max_length=300, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    content = models.JSONField(default=dict)
    """What was read of the row the last time, compared with the next file."""
    raw = models.JSONField(_("row as read"), default=dict)
    notes = models.JSONField(default=list)
    gone_at = models.DateTimeField(_("gone from the plan"), null=True, blank=True)
    is_disputed = models.BooleanField(_("to settle"), default=False)
    disputed = models.JSONField(default=list)
    """What the file says of a lot that may not be changed silently: names of fields and both values."""

    objects = PlanLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a plan")
        verbose_name_plural = _("lines of plans")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "lot"], name="lot_once_in_a_plan")]

    def __str__(self) -> str:
        return f"{self.reference or self.position} · {self.lot}"

    @property
    def differences(self) -> list[tuple[Words, str, str]]:
        """Each disputed value: its name, what the file says, what the lot holds."""
        return [(Words(LABELS[Field(one["name"])]), one["file"], one["lot"]) for one in self.disputed]

    @property
    def readings(self) -> list[Words]:
        """How values of the row were read, when that is worth saying."""
        return [Words.from_dict(note) for note in self.notes]
