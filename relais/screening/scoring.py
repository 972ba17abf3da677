"""Is this lot fit for an insertion clause? Score, reasons, lever, hours, duty. No database.

Each reason bears its points and the points of all reasons add up to the score, from 0 to 100. With the same
object, a larger amount, labour share or duration never lowers the score.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from relais.core.calibration import YEAR, Calibration, Formula, FrameworkCalibration
from relais.core.duty import Duty, social_duty
from relais.core.floors import told
from relais.core.regime import Article, Modality, Nature, Regime
from relais.core.words import BadValue, NotInForce, Words, gettext_noop
from relais.screening.facts import Assumptions, LotFacts, Parameters, Reason, RuleValues, assume
from relais.screening.levers import RESERVED, article_of, choose_lever, regime_of
from relais.screening.recognition import Recognised, TradeValues, folded, has, nature_of_cpv

SEASONED = (Formula.FINANCIAL, Formula.LABOUR_HOURS)
"""Formulas that start from labour: a coefficient already tells what the season leaves."""
FULL = 100
URGENT = ("en urgence", "travaux d'urgence", "intervention d'urgence", "urgence impérieuse")


@dataclass(frozen=True, slots=True)
class Screened:
    """The answer of the screening for a lot, with everything needed to explain it."""

    score: int
    lever: Modality | None
    article: Article | None
    regime: Regime | None
    assumptions: Assumptions
    calibration: Calibration | FrameworkCalibration | None
    duty: Duty | None
    trade: TradeValues | None
    nature: Nature | None
    reasons: tuple[Reason, ...]

    @property
    def hours(self) -> Decimal | None:
        return self.calibration.hours if self.calibration else None


def screen(facts: LotFacts, parameters: Parameters, assumed: Assumptions | None = None) -> Screened:
    """Score a lot and say why. `assumed` replaces the numbers proposed by the parameters.

    Raises `BadValue` (a ValueError) when an assumed number is impossible.
    """
    text = folded(facts.object)
    recognised = parameters.vocabulary.recognise(facts.cpv, text)
    trade = recognised.trade
    numbers = assumed or assume(facts, parameters, trade)
    calibration = numbers.calibrate()
    if calibration:
        calibration = told(calibration, parameters.floors, months=numbers.duration_months)
    hours = calibration.hours if calibration else None
    nature = facts.nature or nature_of_cpv(facts.cpv) or (trade.nature if trade else None)
    reasons = [
        _trade_reason(facts, recognised),
        *_points(facts, parameters, numbers, trade, nature, hours),
        *_urgency(text, parameters),
    ]
    reasons.extend(_ceilings(_sum(reasons), parameters, numbers, trade, hours))
    regime, law = regime_of(facts)
    lever, lever_reason = choose_lever(facts, parameters, numbers, trade, text, hours)
    reasons.extend(_floors(_sum(reasons), parameters, lever, facts.reserved or bool(has(text, RESERVED))))
    chosen = numbers.modality or lever
    cited, missing = article_of(chosen, facts)
    duty = _duty(facts, numbers, nature)
    reasons.extend([lever_reason, *missing, *law, *_remarks(facts, trade, nature, numbers, calibration)])
    return Screened(
        score=_sum(reasons),
        lever=lever,
        article=cited,
        regime=regime,
        assumptions=numbers,
        calibration=calibration,
        duty=duty,
        trade=trade,
        nature=nature,
        reasons=tuple(reasons),
    )


def _sum(reasons: Sequence[Reason]) -> int:
    return sum(reason.points for reason in reasons)


def _trade_reason(facts: LotFacts, recognised: Recognised) -> Reason:
    trade = recognised.trade
    if trade is None:
        return Reason(
            "trade",
            Words(gettext_noop("No trade was recognised: general figures are used. Check the CPV code.")),
        )
    if recognised.by_words:
        said = gettext_noop("Trade: %(trade)s, from the words “%(said)s” of the object.")
        return Reason("trade", Words(said, {"trade": trade.name, "said": recognised.by_words}))
    return Reason(
        "trade",
        Words(
            gettext_noop("Trade: %(trade)s, from CPV code %(cpv)s."), {"trade": trade.name, "cpv": facts.cpv}
        ),
    )


def _points(
    facts: LotFacts,
    parameters: Parameters,
    numbers: Assumptions,
    trade: TradeValues | None,
    nature: Nature | None,
    hours: Decimal | None,
) -> list[Reason]:
    rule = parameters.rule
    openness = trade.openness if trade else Decimal("0.5")
    return [
        Reason(
            "labour_share",
            Words(
                gettext_noop("Labour is about %(share)s %% of the price."),
                {"share": numbers.labour_share * 100},
            ),
            rule("labour_share").points(numbers.labour_share),
        ),
        Reason("openness", _openness_words(openness), rule("openness").points(openness)),
        _hours_reason(hours, rule("hours")),
        _duration_reason(numbers.duration_months, rule("duration")),
        _amount_reason(numbers.amount, rule("amount_works" if nature is Nature.WORKS else "amount_other")),
        _place_reason(facts.in_territory, rule("place").weight),
        _offer_reason(facts.structures, rule("offer")),
    ]


def _openness_words(openness: Decimal) -> Words:
    if openness >= Decimal("0.7"):
        return Words(gettext_noop("Most posts are open to people with little qualification."))
    if openness >= Decimal("0.4"):
        return Words(gettext_noop("Some posts are open to people with little qualification."))
    return Words(gettext_noop("Few posts are open to people with little qualification."))


def _hours_reason(hours: Decimal | None, rule: RuleValues) -> Reason:
    if hours is None:
        return Reason("hours", Words(gettext_noop("Hours are not computed: a number is missing.")))
    words = Words(gettext_noop("%(hours)s h of insertion can be asked."), {"hours": hours})
    return Reason("hours", words, rule.points(hours))


def _duration_reason(months: int | None, rule: RuleValues) -> Reason:
    if months is None:
        return Reason(
            "duration",
            Words(gettext_noop("Duration unknown: half of the points of the duration are given.")),
            rule.weight // 2,
        )
    words = Words(gettext_noop("Performance lasts %(months)s months."), {"months": months})
    return Reason("duration", words, rule.points(Decimal(months)))


def _amount_reason(amount: Decimal | None, rule: RuleValues) -> Reason:
    if amount is None:
        return Reason("amount", Words(gettext_noop("Amount unknown.")))
    words = Words(gettext_noop("The amount is %(amount)s € excluding tax."), {"amount": amount})
    return Reason("amount", words, rule.points(amount))


def _place_reason(inside: bool | None, weight: int) -> Reason:
    if inside is None:
        return Reason("place", Words(gettext_noop("Place of performance unknown.")))
    if inside:
        return Reason("place", Words(gettext_noop("Performed on the territory of the scheme.")), weight)
    return Reason("place", Words(gettext_noop("Performed outside the territory of the scheme.")))


def _offer_reason(structures: int | None, rule: RuleValues) -> Reason:
    """Half of the points taken without any structure, half given from the full number on; none if unknown."""
    if structures is None:
        return Reason(
            "offer", Words(gettext_noop("Insertion offer around not known: it gives and takes no point."))
        )
    points = rule.points(Decimal(structures)) - rule.weight // 2
    if not structures:
        return Reason(
            "offer", Words(gettext_noop("No structure known around does this or lends people.")), points
        )
    said = gettext_noop("Structures around that do this or lend people: %(count)s.")
    return Reason("offer", Words(said, {"count": structures}), points)


def _urgency(text: str, parameters: Parameters) -> list[Reason]:
    if not has(text, URGENT):
        return []
    words = Words(gettext_noop("The object speaks of urgency: there may be no time to find people."))
    return [Reason("urgent", words, -parameters.rule("urgent").weight)]


def _ceilings(
    score: int,
    parameters: Parameters,
    numbers: Assumptions,
    trade: TradeValues | None,
    hours: Decimal | None,
) -> list[Reason]:
    """What keeps a score low whatever the rest, as reasons that take points away; the lowest ceiling wins."""
    rule, limits = parameters.rule, []
    if numbers.formula is Formula.FINANCIAL and numbers.labour_share < rule("low_labour").threshold:
        limits.append(("low_labour", gettext_noop("Too little labour: the score is at most %(points)s.")))
    if hours is None or hours < parameters.minimum_hours:
        limits.append(
            ("few_hours", gettext_noop("Too few hours for a clause: the score is at most %(points)s."))
        )
    months = numbers.duration_months
    if months is not None and months < parameters.minimum_months:
        limits.append(("short", gettext_noop("Too short for a clause: the score is at most %(points)s.")))
    if trade and trade.openness < rule("closed_posts").threshold:
        limits.append(
            ("closed_posts", gettext_noop("Too few posts are open: the score is at most %(points)s."))
        )
    reasons = []
    if score > FULL:
        reasons.append(Reason("top", Words(gettext_noop("A score is never above 100.")), FULL - score))
        score = FULL
    for code, text in sorted(limits, key=lambda limit: rule(limit[0]).weight, reverse=True):
        ceiling = rule(code).weight
        reasons.append(Reason(code, Words(text, {"points": ceiling}), min(0, ceiling - score)))
        score = min(score, ceiling)
    if score < 0:
        reasons.append(Reason("floor", Words(gettext_noop("A score is never below zero.")), -score))
    return reasons


def _floors(score: int, parameters: Parameters, lever: Modality | None, announced: bool) -> list[Reason]:
    """Insertion as the object, or an announced reservation, makes an opportunity whatever the figures."""
    if lever is Modality.INSERTION_SERVICE:
        code, said = (
            "insertion_object",
            gettext_noop("Insertion itself is bought: the score is at least %(points)s."),
        )
    elif lever is not None and lever.startswith("RESERVED") and announced:
        code, said = "reserved_object", gettext_noop("The lot is reserved: the score is at least %(points)s.")
    else:
        return []
    least = parameters.rule(code).weight
    return [Reason(code, Words(said, {"points": least}), max(0, least - score))]


def _duty(facts: LotFacts, numbers: Assumptions, nature: Nature | None) -> Duty | None:
    value = facts.whole_value
    lot_alone = value is None
    if lot_alone and facts.amount_counts:
        value = numbers.amount if numbers.amount is not None else facts.amount
    planned = (
        facts.consideration_planned or facts.social_clause or facts.social_criterion or facts.reserved
    ) or numbers.modality is not None
    try:
        return social_duty(
            launched_on=facts.day,
            estimated_value=value,
            nature=nature or Nature.SERVICES,
            buyer_kind=facts.buyer_kind,
            concession=facts.concession,
            consideration_planned=planned,
            derogation=facts.derogation,
            derogation_reasons=facts.derogation_reasons,
            defence=facts.defence,
            duration_months=numbers.duration_months,
            lot_alone=lot_alone,
        )
    except (NotInForce, BadValue):
        return None


def _remarks(
    facts: LotFacts,
    trade: TradeValues | None,
    nature: Nature | None,
    numbers: Assumptions,
    calibration: Calibration | FrameworkCalibration | None,
) -> list[Reason]:
    """What a professional must know before trusting the figures; no points."""
    said = []
    if not facts.amount_counts:
        said.append(
            (
                "implausible",
                gettext_noop("The published amount is implausible: hours are not computed from it."),
            )
        )
    if facts.framework and calibration and numbers.formula is not Formula.FRAMEWORK:
        said.append(
            (
                "framework",
                gettext_noop(
                    "Framework agreement: the maximum may never be ordered. "
                    "Write hours per 10,000 € ordered, trued up each year."
                ),
            )
        )
    if trade and trade.takes_over_staff and not numbers.transferred_staff_share:
        said.append(
            ("staff", gettext_noop("Staff is often taken over in this trade: deduct the staff transferred."))
        )
    if trade and nature and trade.nature is not nature and Nature.WORKS in (nature, trade.nature):
        said.append(
            ("nature", gettext_noop("The CPV code and the words of the object disagree: check the code."))
        )
    if facts.social_clause or facts.social_criterion or facts.reserved:
        said.append(
            ("published", gettext_noop("A social consideration is already published for this contract."))
        )
    if facts.awarded:
        said.append(
            (
                "awarded",
                gettext_noop(
                    "Already awarded: a clause can only be added by amendment, "
                    "with the agreement of the holder."
                ),
            )
        )
    return [*_season(numbers), *(Reason(code, Words(text)) for code, text in said)]


def _season(numbers: Assumptions) -> list[Reason]:
    """The season lowers the hours: said beside the score, since it can be changed for this lot."""
    if numbers.season_months == YEAR or numbers.formula not in SEASONED:
        return []
    said = gettext_noop(
        "Seasonal trade: the hours are those of %(months)s months of season in a year. "
        "Enter 12 when this lot falls wholly in season."
    )
    return [Reason("season", Words(said, {"months": numbers.season_months}))]


def with_rule(parameters: Parameters, code: str, rule: RuleValues) -> Parameters:
    """The same parameters with another rule: to see what a change would do."""
    return replace(parameters, rules={**parameters.rules, code: rule})
