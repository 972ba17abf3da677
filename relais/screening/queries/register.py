"""The register of the social duty: each lot of a buyer and a year, and what answers the duty; the indicators.

# source: code de la commande publique, art. L. 2112-2-1, L. 3114-2-1 (duty), L. 2111-3 and D. 2111-3 (scheme
for responsible purchasing); national plan for sustainable purchasing 2022-2025.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from relais.core.words import Words
from relais.kit.actor import Actor
from relais.kit.fields import total
from relais.organisations.enums import PolicyKey
from relais.organisations.models import Organisation, Scheme, SchemeBody, in_force
from relais.organisations.policies import PolicyValue, default_policy, policies
from relais.procurement.models import Contract, Holder
from relais.screening.enums import OpportunityState, RejectionCase
from relais.screening.models import Opportunity, ScreeningResult

UNANSWERED, CONSIDERATION, DEROGATION = "unanswered", "consideration", "derogation"
ANSWERS = (
    (UNANSWERED, _("Not answered yet")),
    (CONSIDERATION, _("By a social consideration")),
    (DEROGATION, _("By a derogation")),
)
INDICATED_ON = (12, 31)


def buyers_of(actor: Actor) -> QuerySet[Organisation]:
    """The buyers whose register an actor reads: one's own body, and those that share with one's scheme."""
    coordinated = Scheme.objects.filter(coordinator_id=actor.organisation_id)
    sharing = SchemeBody.objects.filter(in_force(actor.on), scheme__in=coordinated, shares_purchases=True)
    return (
        Organisation.objects.filter(Q(pk=actor.organisation_id) | Q(pk__in=sharing.values("organisation_id")))
        .distinct()
        .order_by("search_name", "pk")
    )


def lots_of_year(actor: Actor, buyer: Organisation, year: int) -> QuerySet[ScreeningResult]:
    """The lots of a buyer whose consultation is launched in the year, in the order of the launches."""
    results = ScreeningResult.objects.visible_to(actor).filter(lot__buyer=buyer, launched_on__year=year)
    return (
        results.select_related(
            "lot__buyer", "lot__procedure", "lot__contract", "lot__opportunity__decided_by"
        )
        .defer("reasons", "working")
        .order_by("launched_on", "lot_id")
    )


def under_duty(results: QuerySet[ScreeningResult]) -> QuerySet[ScreeningResult]:
    """Those on which the duty bears, or whose derogation was recorded."""
    return results.filter(Q(duty_applies=True) | Q(lot__opportunity__state=OpportunityState.DEROGATED))


def answered_by(answer: str) -> Q:
    """The condition on a result for one of `ANSWERS`."""
    derogated = Q(lot__opportunity__derogation_case__gt="")
    if answer == DEROGATION:
        return derogated
    met = Q(duty_satisfied=True)
    plain = Q(lot__opportunity=None) | Q(lot__opportunity__derogation_case="")
    return (met & plain) if answer == CONSIDERATION else Q(duty_satisfied=False)


def answer_of(row: ScreeningResult) -> str:
    """By what the duty of a lot is answered, as in `ANSWERS`."""
    sheet = row.opportunity
    if sheet is not None and sheet.derogation_case:
        return DEROGATION
    return CONSIDERATION if row.duty_satisfied else UNANSWERED


def estimated_value(row: ScreeningResult) -> Decimal | None:
    """The value of the whole consultation when it is known, else that of the lot (€, excluding tax)."""
    procedure = row.lot.procedure
    if procedure is not None and procedure.estimated_value is not None:
        return procedure.estimated_value
    return row.amount


@dataclass(frozen=True, slots=True)
class Part:
    """Contracts counted, and their amounts (€, excluding tax)."""

    contracts: int
    amount: Decimal

    def share_of(self, whole: "Part") -> Decimal | None:
        """The share in number, None when there is nothing to share."""
        return Decimal(self.contracts) / whole.contracts if whole.contracts else None

    def amount_share_of(self, whole: "Part") -> Decimal | None:
        return self.amount / whole.amount if whole.amount else None


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator: what it counts, in words, and its share of the contracts notified in the year."""

    label: Any
    part: Part
    share: Decimal | None
    amount_share: Decimal | None


@dataclass(frozen=True, slots=True)
class Indicators:
    """What a scheme for responsible purchasing publishes for one buyer and one year."""

    whole: Part
    lines: tuple[Line, ...]
    social_share: Decimal | None
    target: PolicyValue | None
    floor: PolicyValue | None
    screened: int
    retained: int
    derogated: int
    rejections: tuple[tuple[str, int], ...]

    @property
    def retained_share(self) -> Decimal | None:
        return Decimal(self.retained) / self.screened if self.screened else None

    @property
    def reaches_target(self) -> bool | None:
        if self.social_share is None or self.target is None:
            return None
        return self.social_share >= self.target.value


SOCIAL = Q(has_social_clause=True) | Q(has_social_criterion=True) | Q(is_reserved=True)
KINDS: tuple[tuple[str, Any, Q], ...] = (
    ("social", _("With a social consideration"), SOCIAL),
    ("clause", _("With a performance condition"), Q(has_social_clause=True)),
    ("criterion", _("With a social criterion"), Q(has_social_criterion=True)),
    ("reserved", _("Reserved contracts"), Q(is_reserved=True)),
)
HELD = _("Held by a structure of insertion or of the disability sector known to the scheme")


def indicators(actor: Actor, scheme: Scheme | None, buyer: Organisation, year: int) -> Indicators:
    """The contracts notified in the year from the counted floor on, and what became of the lots launched.

    Three queries; amounts that are not plausible count as contracts, not in euros.
    """
    day = actor.on.replace(year=year, month=INDICATED_ON[0], day=INDICATED_ON[1])
    chosen = policies(scheme, day) if scheme else {}
    floor = chosen.get(PolicyKey.COUNTED_FLOOR) or default_policy(PolicyKey.COUNTED_FLOOR, day)
    contracts = Contract.objects.visible_to(actor).filter(buyer=buyer, notified_on__year=year)
    if floor is not None:
        contracts = contracts.filter(Q(amount__gte=floor.value) | Q(counts_in_totals=False))
    structures = Holder.objects.exclude(organisation__structure_kind="").filter(organisation__isnull=False)
    conditions = {name: condition for name, _label, condition in KINDS}
    conditions["held"] = Q(pk__in=structures.values("contract_id"))
    plausible = Q(counts_in_totals=True)
    found = contracts.aggregate(
        all_contracts=Count("pk"),
        all_amount=total("amount", filter=plausible),
        **{f"{name}_contracts": Count("pk", filter=one) for name, one in conditions.items()},
        **{f"{name}_amount": total("amount", filter=plausible & one) for name, one in conditions.items()},
    )
    whole = Part(found["all_contracts"], found["all_amount"])
    labels = [(name, label) for name, label, _condition in KINDS] + [("held", HELD)]
    lines = tuple(_line(label, found, name, whole) for name, label in labels)
    return Indicators(
        whole=whole,
        lines=lines,
        social_share=lines[0].share,
        target=chosen.get(PolicyKey.SOCIAL_TARGET) or default_policy(PolicyKey.SOCIAL_TARGET, day),
        floor=floor,
        **_decisions(actor, buyer, year),
    )


def _line(label: Any, found: dict[str, Any], name: str, whole: Part) -> Line:
    part = Part(found[f"{name}_contracts"], found[f"{name}_amount"])
    return Line(label, part, part.share_of(whole), part.amount_share_of(whole))


def _decisions(actor: Actor, buyer: Organisation, year: int) -> dict[str, Any]:
    """How many lots launched in the year were screened, retained, derogated, and rejected by reason."""
    results = ScreeningResult.objects.visible_to(actor).filter(lot__buyer=buyer, launched_on__year=year)
    sheets = Opportunity.objects.filter(lot__in=results.values("lot_id"))
    by_case = dict(
        sheets.exclude(rejection="").values_list("rejection").annotate(number=Count("pk")).order_by()
    )
    told = results.aggregate(
        screened=Count("pk"),
        retained=Count("pk", filter=Q(lot__opportunity__modality__gt="")),
        derogated=Count("pk", filter=Q(lot__opportunity__state=OpportunityState.DEROGATED)),
    )
    labels = dict(RejectionCase.choices)
    ranked = sorted(by_case.items(), key=lambda item: (-item[1], item[0]))
    return {**told, "rejections": tuple((str(labels[case]), number) for case, number in ranked)}


def words_of_answer(row: ScreeningResult) -> Words | str | None:
    """The modality planned, or the case of the law invoked."""
    sheet = row.opportunity
    if sheet is None:
        return None
    return sheet.derogation_words or sheet.modality_words


def labelled(rows: Iterable[ScreeningResult]) -> list[tuple[ScreeningResult, str, Any]]:
    """Each row with its answer, as a code and in words."""
    labels = dict(ANSWERS)
    return [(row, answer_of(row), labels[answer_of(row)]) for row in rows]
