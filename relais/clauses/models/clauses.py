"""The clause: what a contract asks, by which article, how its hours were sized, and who takes part."""

from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.clauses.enums import Ccag, ClauseState, Consortium, Modality, Part, ProposalState, Regime
from relais.core.calibration import Calibration, Formula, FrameworkCalibration
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.organisations.enums import Role
from relais.organisations.models import DatedRelation, Organisation, Scheme, in_force
from relais.procurement.models import Contract, Lot


class ClauseQuerySet(models.QuerySet["Clause"]):
    def visible_to(self, actor: Actor) -> Self:
        """Own clauses of a buyer, those of a coordinated scheme, and those one's body takes part in.

        A project lead reads those of the lots he originates; elected members read figures only.
        """
        if actor.role == Role.ELECTED:
            return self.none()
        own = Q(buyer_id=actor.organisation_id)
        if actor.role == Role.PROJECT_LEAD:
            return self.filter(own, lot__project_lead_id=actor.user_id)
        parts = Party.objects.filter(in_force(actor.on), organisation_id=actor.organisation_id)
        coordinated = Scheme.objects.filter(coordinator_id=actor.organisation_id)
        return self.filter(own | Q(scheme__in=coordinated) | Q(pk__in=parts.values("clause_id")))

    def matching(self, word: str, folded: str) -> Self:
        """Clauses whose reference, object, trade or buyer holds the word."""
        return self.filter(
            Q(reference__icontains=word)
            | Q(lot__object__icontains=word)
            | Q(trade__icontains=word)
            | Q(contract__source_id__icontains=word)
            | Q(buyer__search_name__contains=folded)
        )

    def followed_by(self, organisation_id: int, on: object) -> Self:
        """Clauses assigned to a facilitator body that day."""
        parts = Party.objects.filter(in_force(on), organisation_id=organisation_id, part=Part.FACILITATOR)  # type: ignore[arg-type]
        return self.filter(pk__in=parts.values("clause_id"))


class Clause(models.Model):
    """The insertion clause of one lot, with the calculation that sized it."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="clauses", verbose_name=_("scheme"))
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="clauses", verbose_name=_("buyer"))
    lot = models.OneToOneField(Lot, models.PROTECT, related_name="clause", verbose_name=_("lot"))
    contract = models.OneToOneField(
        Contract, models.PROTECT, null=True, blank=True, related_name="clause", verbose_name=_("contract")
    )
    reference = models.CharField(_("reference"), max_length=40)
    modality = models.CharField(_("modality"), max_length=30, choices=Modality)
    regime = models.CharField(_("legal regime"), max_length=10, choices=Regime)
    launched_on = models.DateField(_("launch date"))
    article = models.CharField(_("article"), max_length=200)
    hours = HundredthsField(_("hours committed"))
    working = models.JSONField(_("working of the hours"), default=dict, blank=True)
    trade = models.CharField(_("trade"), max_length=120, blank=True)
    sector = models.CharField(_("sector"), max_length=30, blank=True, db_index=True)
    unit_penalty = HundredthsField(_("penalty per missing hour (€)"), null=True, blank=True)
    criterion_weight = models.DecimalField(
        _("weight of the criterion (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    ccag = models.CharField(_("general conditions"), max_length=6, choices=Ccag, blank=True)
    facilitator_contact = models.CharField(_("contact of the facilitator"), max_length=300, blank=True)
    eligible_note = models.TextField(_("people eligible, details"), blank=True)
    particulars = models.TextField(_("particular provisions"), blank=True)
    wording = models.TextField(_("text of the clause"), blank=True)
    kept_versions = models.ManyToManyField(
        "TextVersion", blank=True, related_name="clauses", verbose_name=_("versions of the texts kept")
    )
    state = models.CharField(_("state"), max_length=10, choices=ClauseState, default=ClauseState.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("written by")
    )
    created_at = models.DateTimeField(_("opened on"))
    written_at = models.DateTimeField(_("text kept"), null=True, blank=True)
    awarded_at = models.DateTimeField(_("award recorded"), null=True, blank=True)
    abandoned_at = models.DateTimeField(_("abandoned"), null=True, blank=True)
    abandon_reason = models.CharField(_("reason of the abandonment"), max_length=300, blank=True)
    consortium = models.CharField(_("holders"), max_length=10, choices=Consortium, blank=True)

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        constraints = [
            models.UniqueConstraint(fields=["buyer", "reference"], name="clause_reference_once"),
            models.CheckConstraint(
                name="clause_hours_not_negative",
                condition=Q(hours__gte=0),
                violation_error_message=_("Hours committed cannot be negative."),
            ),
            models.CheckConstraint(
                name="criterion_weight_in_bounds",
                condition=Q(criterion_weight=None) | Q(criterion_weight__gt=0, criterion_weight__lte=100),
                violation_error_message=_("The weight of the criterion lies between 0 and 100 %."),
            ),
            models.CheckConstraint(
                name="abandoned_says_why",
                condition=~Q(state="abandoned") | ~Q(abandon_reason=""),
                violation_error_message=_("Say why the clause is abandoned."),
            ),
        ]
        indexes = [models.Index(fields=["scheme", "state"]), models.Index(fields=["buyer", "state"])]

    def __str__(self) -> str:
        return self.reference

    def get_state(self) -> ClauseState:
        return ClauseState(self.state)

    @cached_property
    def tenderers(self) -> frozenset[int]:
        """The bodies that made an offer for its contract: none of them reads the offers. One query."""
        known = self.tenders.exclude(organisation=None)
        return frozenset(known.values_list("organisation_id", flat=True))

    @property
    def calibration(self) -> Calibration | FrameworkCalibration | None:
        """The calculation kept with the clause, if there was one."""
        if not self.working.get("formula"):
            return None
        kind = FrameworkCalibration if self.working["formula"] == Formula.FRAMEWORK else Calibration
        return kind.from_dict(self.working)

    @property
    def promise(self) -> list[dict[str, Any]]:
        """How the hours owed follow from the offer retained; empty when no offer was recorded."""
        return list(self.working.get("promise", ()))

    @property
    def hours_reason(self) -> str:
        """Why the hours are not those of the calculation; empty when they are."""
        return str(self.working.get("set_by_hand", ""))


class Numbering(models.Model):
    """The last reference given to a clause of a buyer in a year."""

    buyer = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "year"], name="numbering_once")]

    def __str__(self) -> str:
        return f"{self.year}-{self.last:03d}"


class PartyQuerySet(models.QuerySet["Party"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(clause__in=Clause.objects.visible_to(actor))


class Party(DatedRelation):
    """A body takes part in a clause, from a day to another: the relation that opens the file to it."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="parts")
    part = models.CharField(_("part"), max_length=15, choices=Part)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.UniqueConstraint(
                fields=["clause", "organisation", "part"], condition=Q(ends_on=None), name="open_party_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_part_display()}"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, actor: Actor) -> Self:
        """Own proposals, and those made on the clauses of one's own body."""
        return self.filter(
            Q(organisation_id=actor.organisation_id) | Q(clause__buyer_id=actor.organisation_id),
            clause__in=Clause.objects.visible_to(actor),
        )

    def open(self) -> Self:
        return self.filter(state=ProposalState.OPEN)


class Proposal(models.Model):
    """A change asked by the facilitator or by a company; the buyer answers, and amends the clause itself."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="proposals")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    text = models.TextField(_("change proposed"))
    hours = HundredthsField(_("hours, more or less"), null=True, blank=True)
    state = models.CharField(_("answer"), max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    answer = models.CharField(_("grounds"), max_length=300, blank=True)
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal of change")
        verbose_name_plural = _("proposals of change")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="proposal_answered_iff_dated",
                condition=Q(state="open", answered_at=None)
                | (~Q(state="open") & Q(answered_at__isnull=False)),
                violation_error_message=_("An answer has a date."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.clause} · {self.text[:60]}"

    def get_state(self) -> ProposalState:
        return ProposalState(self.state)
