"""A lot of a call and a contract that seem to be one purchase: proposed, then settled by somebody."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.kit.actor import Actor
from relais.organisations.enums import Role
from relais.organisations.models import Scheme
from relais.procurement.enums import SameGround, SameState
from relais.procurement.models.contracts import Contract, Lot


class SameLotQuerySet(models.QuerySet["SameLot"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of one's own purchases, and of the scheme one coordinates; a project lead his own lots."""
        if actor.role == Role.ELECTED:
            return self.none()
        own = Q(call_lot__buyer_id=actor.organisation_id)
        if actor.role == Role.PROJECT_LEAD:
            return self.filter(own, call_lot__project_lead_id=actor.user_id)
        return self.filter(own | Q(call_lot__scheme__coordinator_id=actor.organisation_id))


class SameLot(models.Model):
    """The lot of a call, the contract it may have become, and the lot that the contract came with."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="+", verbose_name=_("scheme"))
    call_lot = models.ForeignKey(Lot, models.CASCADE, related_name="+", verbose_name=_("lot of the call"))
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="+", verbose_name=_("contract"))
    awarded_lot = models.ForeignKey(
        Lot, models.CASCADE, related_name="+", verbose_name=_("lot of the contract")
    )
    ground = models.CharField(_("why it seems so"), max_length=10, choices=SameGround)
    state = models.CharField(_("state"), max_length=10, choices=SameState, default=SameState.PROPOSED)
    proposed_at = models.DateTimeField(_("proposed"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = SameLotQuerySet.as_manager()

    class Meta:
        verbose_name = _("match of a lot")
        verbose_name_plural = _("matches of lots")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["call_lot", "contract"], name="same_lot_once")]
        indexes = [models.Index(fields=["scheme", "state"])]

    def __str__(self) -> str:
        return f"{self.call_lot_id} = {self.contract_id}"

    def get_state(self) -> SameState:
        return SameState(self.state)
