"""Values that change with the law: each has a start date and a source, and a missing date is an error."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from relais.core.words import NotInForce, gettext_noop


@dataclass(frozen=True, slots=True)
class Dated[T]:
    """A value per start date, each in force until the next one starts."""

    values: Mapping[date, T]
    source: str
    verified: bool = True

    def start_of(self, day: date) -> date:
        """The day from which the value of `day` is in force. `NotInForce` (a LookupError) before all."""
        starts = [start for start in self.values if start <= day]
        if not starts:
            raise NotInForce(
                gettext_noop(
                    "No value is in force on %(day)s (source: %(source)s). "
                    "Check the date, or add the missing value with its source."
                ),
                day=day,
                source=self.source,
            )
        return max(starts)

    def at(self, day: date) -> T:
        """The value in force on `day`. Raises `NotInForce` (a LookupError) before the first start."""
        return self.values[self.start_of(day)]
