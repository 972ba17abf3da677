"""The default parameters without a database, for the tests of the pure part."""

from datetime import date
from decimal import Decimal
from typing import Any

from relais.core.calibration import Rounding
from relais.core.regime import Nature
from relais.screening import defaults
from relais.screening.facts import LotFacts, Parameters, RuleValues
from relais.screening.recognition import TradeValues, Vocabulary

TODAY = date(2026, 3, 2)


def vocabulary() -> Vocabulary:
    trades, prefixes = {}, {}
    for row in defaults.trades():
        profile = row["profile"]
        trades[row["code"]] = TradeValues(
            code=row["code"],
            name=row["name"],
            nature=Nature(row["nature"].upper()),
            labour_share=profile["labour_share"],
            openness=profile["openness"],
            effort=profile["effort"],
            season_months=profile["season_months"],
            words=tuple(row["words"]),
            decisive_words=tuple(row["decisive_words"]),
            is_generic=row["is_generic"],
            takes_over_staff=row["takes_over_staff"],
            is_reservable=row["is_reservable"],
        )
        prefixes.update(dict.fromkeys(row["cpv"], row["code"]))
    return Vocabulary(trades, prefixes)


def parameters() -> Parameters:
    rules = {}
    for row in defaults.rules():
        threshold = row["threshold"] or Decimal(0)
        rules[row["code"]] = RuleValues(row["weight"], threshold, row["comfortable"] or threshold)
    return Parameters(
        vocabulary=vocabulary(),
        rules=rules,
        effort=Decimal("0.075"),
        hourly_cost=Decimal("37.5"),
        unknown_labour_share=Decimal("0.30"),
        minimum_hours=Decimal(35),
        minimum_months=Decimal(3),
        rounding=Rounding.UNIT,
    )


def facts(**values: Any) -> LotFacts:
    """A lot of painting to come, with what the test changes."""
    return LotFacts(
        **{
            "object": "Réhabilitation du lycée : lot 8, peinture",
            "as_of": TODAY,
            "cpv": "45442100",
            "amount": Decimal(120_000),
            "duration_months": 8,
            "launched_on": date(2026, 4, 1),
            "in_territory": True,
            **values,
        }
    )
