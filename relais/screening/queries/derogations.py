"""The derogation cases in force on a day: the rows of a scheme, else what the table of the law says."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from relais.core.duty import CaseOfLaw, DerogationCase, cases_of_law
from relais.kit.actor import Actor
from relais.kit.words import say
from relais.screening.models import DerogationWording

type Rows = Mapping[str, list[DerogationWording]]


@dataclass(frozen=True, slots=True)
class WordedCase:
    """A derogation case as in force on a day; `kept` is its wording when a scheme chose it, else empty."""

    case: DerogationCase
    kept: str
    legal_case: str
    starts_on: date
    ends_on: date | None
    source: str
    verified: bool

    @property
    def wording(self) -> str:
        return self.kept or say(self.case.words)

    @property
    def is_default(self) -> bool:
        return not self.kept

    @property
    def full(self) -> str:
        """The wording, and the article and case it rests on."""
        return f"{self.wording} ({self.legal_case})" if self.legal_case else self.wording

    @property
    def recorded(self) -> str:
        """What a decision keeps: nothing for the wording of the law's table, said by the core."""
        return "" if self.is_default else self.full

    def is_open(self, on: date) -> bool:
        return self.ends_on is None or on <= self.ends_on


@cache
def _defaults() -> Mapping[DerogationCase, CaseOfLaw]:
    return {row.case: row for row in cases_of_law()}


def by_case(rows: Iterable[DerogationWording]) -> dict[str, list[DerogationWording]]:
    """Rows by case, oldest first."""
    found: dict[str, list[DerogationWording]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.starts_on, row.pk or 0)):
        found[row.case].append(row)
    return found


def worded(case: DerogationCase, rows: Rows, on: date) -> WordedCase:
    """The newest row started on that day, else the table of the law."""
    started = [row for row in rows.get(case.value, []) if row.starts_on <= on]
    if not started:
        return default_of(case)
    row = started[-1]
    return WordedCase(case, row.wording, row.legal_case, row.starts_on, row.ends_on, row.source, row.verified)


def default_of(case: DerogationCase) -> WordedCase:
    law = _defaults()[case]
    return WordedCase(case, "", "", law.since, None, law.source, law.verified)


def open_cases(cases: Iterable[DerogationCase], rows: Rows, on: date) -> tuple[WordedCase, ...]:
    """Those of the cases that the law still has that day, with their wording."""
    found = (worded(case, rows, on) for case in cases)
    return tuple(case for case in found if case.is_open(on))


def cases_shown(actor: Actor) -> list[dict[str, Any]]:
    """Every case with its wording that day, for the schemes the actor takes part in; one query."""
    rows = by_case(DerogationWording.objects.visible_to(actor))
    found = [worded(case, rows, actor.on) for case in DerogationCase]
    return [{"case": case, "is_open": case.is_open(actor.on)} for case in found]
