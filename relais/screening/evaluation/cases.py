"""Labelled cases from files of contracts: what was published before the choice, and the choice apart.

The score must not see what it is asked to guess. `facts_before` builds the facts of a lot from the fields
known when the purchase is prepared: the published social considerations, the amendments, the holders and the
subcontracting acts never reach the screening.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from relais.core.words import BadValue, gettext_noop
from relais.procurement.decp import ReadError, Record, Rejection, read
from relais.procurement.decp.record import CLAUSE, CONCESSION, CRITERION, RESERVED
from relais.screening.facts import LotFacts
from relais.screening.queries.parameters import ParameterBook
from relais.screening.recognition import folded, nature_of_cpv
from relais.screening.scoring import Screened, screen
from relais.territories.places import Gazetteer, PlaceCode, PlaceType

SOCIAL = frozenset({CLAUSE, CRITERION, RESERVED})
SIREN = 9


@dataclass(frozen=True, slots=True)
class Case:
    """A contract: what the screening says of it, and whether a social consideration was published."""

    buyer: str
    facts: LotFacts
    answer: Screened
    department: str
    social: bool


@dataclass(slots=True)
class Cases:
    """The labelled contracts of some files, and what was left out and why."""

    rows: list[Case] = field(default_factory=list)
    files: int = 0
    read: int = 0
    rejected: int = 0
    unlabelled: int = 0
    repeated: int = 0

    @property
    def labels(self) -> list[bool]:
        return [case.social for case in self.rows]

    @property
    def buyers(self) -> list[str]:
        return [case.buyer for case in self.rows]


def read_cases(paths: Iterable[str], book: ParameterBook, on: date) -> Cases:
    """Read and screen the contracts of files. Raises `BadValue` when one cannot be read.

    A contract published again under the same buyer, identifier and object is one case: its last publication.
    """
    found, gazetteer = Cases(), Gazetteer()
    kept: dict[tuple[str, ...], Record] = {}
    for path in paths:
        found.files += 1
        try:
            with read(path, name=path) as reading:
                for item in reading:
                    _keep(item, found, kept)
        except ReadError as error:
            raise BadValue(gettext_noop("%(path)s: %(why)s"), path=path, why=error.words) from error
    found.rows = [case_of(record, book, gazetteer, on) for record in kept.values()]
    return found


def _keep(item: Record | Rejection, found: Cases, kept: dict[tuple[str, ...], Record]) -> None:
    found.read += 1
    if isinstance(item, Rejection):
        found.rejected += 1
    elif not item.social:
        found.unlabelled += 1
    else:
        key = (*item.key, folded(item.object))
        found.repeated += key in kept
        kept[key] = item


def case_of(record: Record, book: ParameterBook, gazetteer: Gazetteer, on: date) -> Case:
    facts = facts_before(record, on)
    return Case(
        buyer=record.buyer_id[:SIREN],
        facts=facts,
        answer=screen(facts, book.at(facts.day)),
        department=_department(record, gazetteer),
        social=bool(SOCIAL & set(record.social)),
    )


def facts_before(record: Record, on: date) -> LotFacts:
    """What was known of the contract while it was prepared, as far as its publication tells it.

    `on` stands for the day of a record without any date.
    """
    return LotFacts(
        object=record.object,
        as_of=record.published_on or on,
        cpv=record.cpv,
        nature=nature_of_cpv(record.cpv),
        concession=record.kind == CONCESSION,
        amount=record.amount,
        amount_counts=record.counts_in_totals,
        duration_months=record.duration_months,
        notified_on=record.notified_on,
        framework="Accord-cadre" in record.techniques or record.nature == "Accord-cadre",
    )


def _department(record: Record, gazetteer: Gazetteer) -> str:
    if not record.place_type or not record.place_code:
        return ""
    place = gazetteer.locate(
        PlaceCode(PlaceType(record.place_type), record.place_code), on=record.notified_on
    )
    return place.department or ""
