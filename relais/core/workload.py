"""The load of a body that follows clauses, weighed in cases so that bodies can be compared.

# source: usage of facilitators; weights in parameters/load.toml, to be checked by each scheme.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from relais.core.parameters import load

HUNDRED = Decimal(100)
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Weights:
    """What each thing weighs, in cases; hours by hundreds."""

    cases: Decimal
    hundred_hours: Decimal
    alerts: Decimal
    dues: Decimal
    source: str = ""

    @classmethod
    def usual(cls) -> "Weights":
        kept = load("load")["weights"]
        return cls(
            cases=Decimal(kept["cases"]),
            hundred_hours=Decimal(kept["hundred_hours"]),
            alerts=Decimal(kept["alerts"]),
            dues=Decimal(kept["dues"]),
            source=kept["source"],
        )


@dataclass(frozen=True, slots=True)
class Workload:
    """What a body follows: cases, hours left to do, alerts it has to handle, and those due this month."""

    cases: int = 0
    hours_left: Decimal = Decimal(0)
    alerts: int = 0
    dues: int = 0

    def weighed(self, weights: Weights) -> Decimal:
        """The load in cases, to the tenth."""
        exact = (
            self.cases * weights.cases
            + self.hours_left / HUNDRED * weights.hundred_hours
            + self.alerts * weights.alerts
            + self.dues * weights.dues
        )
        return exact.quantize(TENTH, ROUND_HALF_UP)


def mean(loads: Sequence[Decimal]) -> Decimal | None:
    """The mean load to the tenth; none of nobody."""
    if not loads:
        return None
    return (sum(loads, Decimal(0)) / len(loads)).quantize(TENTH, ROUND_HALF_UP)
