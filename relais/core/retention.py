"""How long the file of a person is kept: in use, then archived as evidence of the contract, then anonymous.

# source: CNIL deliberation 2023-095 of 14 September 2023 (social sector), GDPR art. 5.1.e; each duration is a
dated parameter of parameters/retention.toml with its own source.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from relais.core.dated import Dated
from relais.core.months import add_months
from relais.core.parameters import load


class Stage(StrEnum):
    """Where the file of a person stands on a day."""

    IN_USE = "in_use"
    WARNED = "warned"
    TO_ARCHIVE = "to_archive"
    TO_ANONYMISE = "to_anonymise"


def _clocks() -> Mapping[str, Dated[int]]:
    rows: dict[str, list[Mapping[str, object]]] = {}
    for row in load("retention")["clock"]:
        rows.setdefault(row["name"], []).append(row)
    return MappingProxyType(
        {
            name: Dated(
                {row["starts_on"]: row["value"] for row in kept},  # type: ignore[misc]
                source=str(kept[-1]["source"]),
                verified=all(bool(row["verified"]) for row in kept),
            )
            for name, kept in rows.items()
        }
    )


#: Each duration by its name: `active_months`, `evidence_months`, `warning_days`, `extension_months`...
CLOCKS: Mapping[str, Dated[int]] = _clocks()


@dataclass(frozen=True, slots=True)
class Life:
    """What starts the clocks of a person: last contact, last day under a contract (None: never hired)."""

    last_contact: date
    contract_ends_on: date | None = None
    extended_until: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The days on which the file leaves use, and on which nothing tells any more who it was about."""

    archive_on: date
    anonymise_on: date
    warn_on: date

    def stage(self, on: date) -> Stage:
        """The last due day itself is due."""
        if on >= self.anonymise_on:
            return Stage.TO_ANONYMISE
        if on >= self.archive_on:
            return Stage.TO_ARCHIVE
        return Stage.WARNED if on >= self.warn_on else Stage.IN_USE


def due(life: Life, on: date, clocks: Mapping[str, Dated[int]] = CLOCKS) -> Due:
    """When the file of a person is due, by the clocks in force on `on`.

    The end of a contract is a contact. Somebody never hired leaves no evidence of a contract: their file
    becomes anonymous when it leaves use. An extension with its reason puts both days off.
    """
    ends_on = life.contract_ends_on
    contact = life.last_contact if ends_on is None else max(life.last_contact, ends_on)
    archive_on = add_months(contact, clocks["active_months"].at(on))
    anonymise_on = archive_on if ends_on is None else add_months(ends_on, clocks["evidence_months"].at(on))
    if life.extended_until is not None:
        archive_on = max(archive_on, life.extended_until + timedelta(1))
    anonymise_on = max(anonymise_on, archive_on)
    return Due(archive_on, anonymise_on, archive_on - timedelta(clocks["warning_days"].at(on)))


def together(lives: Iterable[Life]) -> Life:
    """The life of one person known by several records: the latest of each day governs them all."""
    kept = list(lives)
    ends = [life.contract_ends_on for life in kept if life.contract_ends_on is not None]
    longer = [life.extended_until for life in kept if life.extended_until is not None]
    return Life(max(life.last_contact for life in kept), max(ends, default=None), max(longer, default=None))
