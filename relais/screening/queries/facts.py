"""What the screening reads of a lot: its own lines, its contract, its procedure, its sheet."""

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Value

from relais.core.calibration import Formula, Order, Rounding
from relais.core.duty import DerogationCase
from relais.core.regime import BuyerKind, Modality, Nature
from relais.organisations.enums import BuyerNature
from relais.organisations.models import Scheme
from relais.procurement.models import Contract, Lot, Procedure
from relais.screening.enums import OpportunityState
from relais.screening.facts import Assumptions, LotFacts, Parameters
from relais.screening.models import Opportunity, SavedAssumptions
from relais.territories.models import Commune, Department

BUYER_KINDS = {BuyerNature.STATE: BuyerKind.CENTRAL, BuyerNature.UTILITY: BuyerKind.UTILITY}
PLANNED_STATES = (
    OpportunityState.RETAINED,
    OpportunityState.DRAFTED,
    OpportunityState.LAUNCHED,
    OpportunityState.AWARDED,
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The territory of a scheme, as codes: whole departments, and single communes."""

    departments: frozenset[str]
    communes: frozenset[str]
    touched: frozenset[str]

    @classmethod
    def of(cls, scheme: Scheme) -> "Coverage | None":
        territory = scheme.territory
        if territory is None:
            return None
        communes = Commune.objects.filter(
            Q(epci__in=territory.epcis.all()) | Q(code__in=territory.communes.values("code"))
        )
        whole = Department.objects.filter(territories=territory).values_list("code", Value(""))
        parts = communes.order_by().values_list("department_id", "code")
        rows = list(whole.order_by().union(parts, all=True).order_by())
        return cls(
            departments=frozenset(department for department, commune in rows if not commune),
            communes=frozenset(commune for _department, commune in rows if commune),
            touched=frozenset(department for department, commune in rows if commune),
        )

    def contains(self, lot: Lot) -> bool | None:
        """Whether a lot is performed there; None when its place is unknown, or too coarse to tell."""
        if lot.department_id is None:
            return None
        if lot.department_id in self.departments or lot.commune_id in self.communes:
            return True
        return None if lot.commune_id is None and lot.department_id in self.touched else False


def lots_with_facts(lots: QuerySet[Lot]) -> QuerySet[Lot]:
    """The same lots with what `facts_of` reads, in one query; `structures_known` as last screened."""
    found = lots.select_related("buyer", "procedure", "contract", "commune", "opportunity__assumptions")
    return found.annotate(structures_known=F("screening__structures"))


def contract_of(lot: Lot) -> Contract | None:
    return getattr(lot, "contract", None)


def opportunity_of(lot: Lot) -> Opportunity | None:
    return getattr(lot, "opportunity", None)


def facts_of(lot: Lot, coverage: Coverage | None, on: date) -> LotFacts:
    """The facts of a lot fetched by `lots_with_facts`; `on` is the day of the screening."""
    contract, sheet = contract_of(lot), opportunity_of(lot)
    procedure: Procedure | None = lot.procedure
    launched_on = lot.launched_on or (procedure.launched_on if procedure else None)
    published = contract.amount if contract else None
    amount = published if published is not None else lot.estimated_amount
    return LotFacts(
        object=lot.object,
        as_of=on,
        cpv=lot.cpv,
        nature=Nature(lot.nature.upper()) if lot.nature else None,
        concession=lot.is_concession,
        amount=amount,
        amount_counts=contract is None or contract.counts_in_totals,
        whole_value=procedure.estimated_value if procedure else None,
        duration_months=lot.duration_months,
        launched_on=launched_on,
        notified_on=contract.notified_on if contract else None,
        in_territory=coverage.contains(lot) if coverage else None,
        structures=getattr(lot, "structures_known", None),
        buyer_kind=BUYER_KINDS.get(lot.buyer.buyer_nature, BuyerKind.LOCAL),  # type: ignore[call-overload]
        social_clause=contract is not None and contract.has_social_clause,
        social_criterion=contract is not None and contract.has_social_criterion,
        reserved=contract is not None and contract.is_reserved,
        framework=contract is not None and contract.is_framework,
        defence=contract is not None and "défense" in contract.nature.casefold(),
        awarded=contract is not None,
        consideration_planned=sheet is not None and bool(sheet.modality) and sheet.state in PLANNED_STATES,
        derogation=DerogationCase(sheet.derogation_case) if sheet and sheet.derogation_case else None,
        derogation_reasons=sheet.derogation_reasons if sheet else "",
    )


def saved_numbers(saved: SavedAssumptions) -> Assumptions:
    """The numbers of a sheet as somebody saved them."""
    zero = Decimal(0)
    return Assumptions(
        formula=Formula(saved.formula),
        amount=saved.amount,
        labour_share=saved.labour_share or zero,
        effort=saved.effort or zero,
        hourly_cost=saved.hourly_cost or Decimal(1),
        duration_months=saved.duration_months,
        transferred_staff_share=saved.transferred_staff_share,
        season_months=saved.season_months,
        labour_hours=saved.labour_hours,
        hours_per_10k=saved.hours_per_10k or zero,
        orders=tuple(Order(date.fromisoformat(on), Decimal(amount)) for on, amount in saved.orders),
        rounding=Rounding(saved.rounding),
        modality=Modality(saved.modality) if saved.modality else None,
    )


def assumed_for(lot: Lot) -> Assumptions | None:
    """The saved numbers of the lot's sheet, if any."""
    sheet = opportunity_of(lot)
    return saved_numbers(sheet.assumptions) if sheet and sheet.assumptions else None


def fingerprint(facts: LotFacts, parameters: Parameters, assumed: Assumptions | None) -> str:
    """Changes when, and only when, the answer of the screening may change."""
    day = None if facts.launched_on or facts.notified_on else facts.as_of
    content = repr((facts.object, day, _without_day(facts), parameters.fingerprint, assumed))
    return hashlib.sha256(content.encode()).hexdigest()


def _without_day(facts: LotFacts) -> tuple[object, ...]:
    names = (name for name in LotFacts.__slots__ if name != "as_of")
    return tuple(getattr(facts, name) for name in names)
