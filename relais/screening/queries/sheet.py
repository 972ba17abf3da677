"""Everything the opportunity sheet shows of a lot, read once."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Value
from django.db.models.functions import Abs
from django.utils.translation import gettext_lazy as _

from relais.core.duty import derogation_cases
from relais.core.regime import Modality, Nature, modalities_on
from relais.core.words import NotInForce
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.kit.words import percent, with_unit
from relais.organisations.enums import PolicyKey
from relais.procurement.models import Contract, Lot
from relais.screening.facts import Assumptions, LotFacts, Parameters, assume
from relais.screening.models import (
    OpinionRequest,
    Opportunity,
    SavedAssumptions,
    ScreeningResult,
    SheetFile,
    SheetMessage,
    TradeProfile,
    lots_open_to,
)
from relais.screening.queries.derogations import WordedCase, open_cases
from relais.screening.queries.facts import (
    Coverage,
    assumed_for,
    contract_of,
    facts_of,
    lots_with_facts,
    opportunity_of,
)
from relais.screening.queries.parameters import ParameterBook, newest_rows
from relais.screening.recognition import TradeValues, folded

LABELS = {
    "labour_share": _("Labour share"),
    "effort": _("Insertion effort"),
    "hourly_cost": _("Hourly cost"),
    "season_months": _("Months of season in a year"),
    "minimum_hours": _("Least hours of a clause"),
    "minimum_months": _("Least duration in months"),
}
UNITS = {"hourly_cost": "€/h", "minimum_hours": "h", "season_months": "", "minimum_months": ""}
COMPARED = 5
NEWEST = ("newest_profile", "newest_rule", "newest_policy", "newest_derogation")
VERSIONS = 10
MESSAGES = 100


@dataclass(frozen=True, slots=True)
class Used:
    """A parameter used by the calculation, as the sheet shows it."""

    key: str
    value: Decimal
    since: date
    source: str
    verified: bool

    @property
    def label(self) -> str:
        return str(LABELS[self.key])

    @property
    def shown(self) -> str:
        return with_unit(self.value, UNITS[self.key]) if self.key in UNITS else percent(self.value)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A lot with its facts, the parameters of its day, and the numbers proposed or saved."""

    lot: Lot
    contract: Contract | None
    opportunity: Opportunity | None
    facts: LotFacts
    parameters: Parameters
    book: ParameterBook
    trade: TradeValues | None
    proposed: Assumptions
    saved: Assumptions | None

    @property
    def base(self) -> Assumptions:
        """The numbers the sheet opens with: those saved, else those proposed."""
        return self.saved or self.proposed

    @property
    def version(self) -> int:
        return self.opportunity.version if self.opportunity else 0

    @property
    def modalities(self) -> tuple[Modality, ...]:
        try:
            return modalities_on(self.facts.day, concession=self.facts.concession)
        except NotInForce:
            return ()

    def cases(self, nature: Nature | None, on: date) -> tuple[WordedCase, ...]:
        """The derogation cases open to this lot that day, as the scheme words them."""
        of_law = derogation_cases(
            nature=nature or Nature.SERVICES,
            concession=self.facts.concession,
            duration_months=self.facts.duration_months,
        )
        return open_cases(of_law, self.book.derogations, on)

    def profile(self) -> TradeProfile | None:
        if self.trade is None:
            return None
        pk = next(trade.pk for trade in self.book.trades if trade.code == self.trade.code)
        return self.book.profile_of(pk, self.facts.day)

    def parameters_used(self) -> list[Used]:
        """The figures of the trade and the floors of the scheme, each with its date and its source."""
        profile, found = self.profile(), []
        for key, policy_key in (
            ("labour_share", PolicyKey.LABOUR_SHARE),
            ("effort", PolicyKey.EFFORT),
            ("hourly_cost", PolicyKey.HOURLY_COST),
            ("season_months", None),
            ("minimum_hours", PolicyKey.MINIMUM_HOURS),
            ("minimum_months", PolicyKey.MINIMUM_MONTHS),
        ):
            own = getattr(profile, key, None) if profile else None
            policy = self.book.policy_of(policy_key, self.facts.day) if policy_key else None
            if profile and own is not None:
                found.append(Used(key, own, profile.starts_on, profile.source, profile.verified))
            elif policy:
                found.append(Used(key, policy.value, policy.starts_on, policy.source, policy.verified))
        return found


def lots_for_sheet(actor: Actor) -> QuerySet[Lot]:
    """The lots whose sheet the actor reads, with what the sheet needs."""
    lots = lots_with_facts(lots_open_to(actor)).annotate(**newest_rows(OuterRef("scheme_id")))
    return lots.select_related(
        "buyer",
        "procedure",
        "contract",
        "opportunity__assumptions__former",
        "opportunity__decided_by",
        "scheme__territory",
        "department",
        "commune",
        "project_lead",
    )


def read_sheet(lot: Lot, on: date) -> Sheet:
    """The sheet of a lot fetched by `lots_for_sheet`."""
    facts = facts_of(lot, Coverage.of(lot.scheme), on)
    book = ParameterBook.kept(lot.scheme, [getattr(lot, name) for name in NEWEST])
    parameters = book.at(facts.day)
    trade = parameters.vocabulary.recognise(facts.cpv, folded(facts.object)).trade
    return Sheet(
        lot=lot,
        contract=contract_of(lot),
        opportunity=opportunity_of(lot),
        facts=facts,
        parameters=parameters,
        book=book,
        trade=trade,
        proposed=assume(facts, parameters, trade),
        saved=assumed_for(lot),
    )


def comparable(sheet: Sheet, actor: Actor) -> list[ScreeningResult]:
    """Lots of the same trade with the nearest amounts, among those the actor reads."""
    amount = sheet.facts.amount
    if sheet.trade is None or amount is None:
        return []
    field: Any = HundredthsField()
    distance = Abs(F("amount") - Value(amount, output_field=field), output_field=field)
    near = (
        ScreeningResult.objects.visible_to(actor)
        .filter(trade__code=sheet.trade.code, amount__isnull=False)
        .exclude(lot=sheet.lot)
        .annotate(distance=distance)
        .order_by("distance", "lot_id")
        .select_related("lot__buyer", "lot__contract", "lot__opportunity__assumptions")
    )
    return list(near.defer("reasons", "working")[:COMPARED])


def versions_of(opportunity: Opportunity | None) -> list[SavedAssumptions]:
    """The numbers saved, newest first."""
    if opportunity is None:
        return []
    return list(opportunity.saved_assumptions.select_related("saved_by")[:VERSIONS])


def opinions_of(opportunity: Opportunity | None) -> list[OpinionRequest]:
    if opportunity is None:
        return []
    return list(opportunity.opinions.select_related("facilitator", "answered_by"))


def files_of(opportunity: Opportunity | None) -> list[SheetFile]:
    """The files of the sheet, those withdrawn too, oldest first."""
    if opportunity is None:
        return []
    files = SheetFile.objects.filter(opportunity=opportunity)
    return list(files.select_related("organisation", "sent_by", "withdrawn_by")[:MESSAGES])


def thread_of(opportunity: Opportunity | None) -> list[SheetMessage]:
    """The messages of the sheet, oldest first: the last hundred."""
    if opportunity is None:
        return []
    newest = opportunity.messages.select_related("organisation", "author").order_by("-written_at", "-pk")
    return list(newest[:MESSAGES])[::-1]
