"""Which law a consultation follows, and which article each modality cites.

# source: Code des marchés publics 2006, ordonnance n° 2015-899, code de la commande publique,
loi n° 2021-1104 art. 35; each date and article has its own source in parameters/regimes.toml.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from relais.core.dated import Dated
from relais.core.parameters import load
from relais.core.words import NotInForce, Words, gettext_noop


class Regime(StrEnum):
    """The law in force on the day the consultation is launched; a contract keeps it for life."""

    CMP2006 = "CMP2006"
    ORD2015 = "ORD2015"
    CCP2019 = "CCP2019"
    CCP2026 = "CCP2026"

    @property
    def words(self) -> Words:
        return Words(_REGIME_NAMES[self])


class Modality(StrEnum):
    """The way a contract serves insertion."""

    EXEC_CONDITION = "EXEC_CONDITION"
    RESERVED_DISABILITY = "RESERVED_DISABILITY"
    RESERVED_IAE = "RESERVED_IAE"
    RESERVED_MIXED = "RESERVED_MIXED"
    RESERVED_PRISON = "RESERVED_PRISON"
    RESERVED_ESS = "RESERVED_ESS"
    INSERTION_SERVICE = "INSERTION_SERVICE"
    AWARD_CRITERION = "AWARD_CRITERION"
    MIXED = "MIXED"

    @property
    def words(self) -> Words:
        return Words(_MODALITY_NAMES[self])


class Nature(StrEnum):
    """What is bought."""

    WORKS = "WORKS"
    SUPPLIES = "SUPPLIES"
    SERVICES = "SERVICES"


class BuyerKind(StrEnum):
    """The column of the European thresholds: the State, local authorities and others, or utilities."""

    CENTRAL = "CENTRAL"
    LOCAL = "LOCAL"
    UTILITY = "UTILITY"


@dataclass(frozen=True, slots=True)
class Article:
    """What the notice or the tender documents cite. `verified` is false until checked against the text."""

    modality: Modality
    regime: Regime
    citation: str
    source: str
    verified: bool


_REGIME_NAMES = {
    Regime.CMP2006: gettext_noop("Public procurement code of 2006"),
    Regime.ORD2015: gettext_noop("Ordinance of 2015 and decree of 2016"),
    Regime.CCP2019: gettext_noop("Public procurement code since 2019"),
    Regime.CCP2026: gettext_noop("Public procurement code with the social duty of 2026"),
}

_MODALITY_NAMES = {
    Modality.EXEC_CONDITION: gettext_noop("Performance condition"),
    Modality.RESERVED_DISABILITY: gettext_noop("Contract reserved for the disability sector"),
    Modality.RESERVED_IAE: gettext_noop("Contract reserved for insertion structures"),
    Modality.RESERVED_MIXED: gettext_noop(
        "Contract reserved for the disability sector and insertion structures"
    ),
    Modality.RESERVED_PRISON: gettext_noop("Contract reserved for prison work"),
    Modality.RESERVED_ESS: gettext_noop("Contract reserved for the social economy"),
    Modality.INSERTION_SERVICE: gettext_noop("Insertion services contract"),
    Modality.AWARD_CRITERION: gettext_noop("Award criterion"),
    Modality.MIXED: gettext_noop("Performance condition and award criterion"),
}

_NOT_YET = {
    Modality.RESERVED_IAE: gettext_noop(
        "No contract could be reserved for insertion structures on %(day)s: article 15 of the 2006 code only "
        "served the disability sector. Choose a performance condition or an insertion services contract."
    ),
    Modality.RESERVED_MIXED: gettext_noop(
        "No contract could be reserved at once for the disability sector and insertion structures on "
        "%(day)s: the law of 7 December 2020 opened it. Choose one of the two reservations."
    ),
    Modality.RESERVED_PRISON: gettext_noop(
        "No contract could be reserved for prison work on %(day)s: this exists since 20 October 2022. "
        "Choose another modality."
    ),
    Modality.RESERVED_ESS: gettext_noop(
        "No contract could be reserved for the social economy on %(day)s: this exists since 1 April 2016. "
        "Choose another modality."
    ),
}

_REGIMES: Dated[Regime] = Dated(
    {row["since"]: Regime(row["code"]) for row in load("regimes")["regime"]},
    source="parameters/regimes.toml",
    verified=all(row["verified"] for row in load("regimes")["regime"]),
)


def regime_on(launched_on: date) -> Regime:
    """The regime of a consultation launched that day.

    Raises `NotInForce` (a LookupError) before 1 September 2006: the codes of 2001 and 2004 are not covered.
    """
    first = min(_REGIMES.values)
    if launched_on < first:
        raise NotInForce(
            gettext_noop(
                "No legal regime is known for a consultation launched on %(day)s: the first one known starts "
                "on %(first)s. Check the launch date."
            ),
            day=launched_on,
            first=first,
        )
    return _REGIMES.at(launched_on)


def regime_start(regime: Regime) -> date:
    """First launch date that follows this regime."""
    return next(start for start, known in _REGIMES.values.items() if known is regime)


def article(modality: Modality, launched_on: date, *, concession: bool = False) -> Article:
    """The article that a consultation launched that day cites for this modality.

    Raises `NotInForce` (a LookupError), with the sentence for the user, when the modality did not exist.
    """
    regime = regime_on(launched_on)
    for row in load("regimes")["article"]:
        if (
            row["modality"] == modality
            and regime in row["regimes"]
            and row.get("concession", False) is concession
            and row.get("since", launched_on) <= launched_on
        ):
            return Article(modality, regime, row["citation"], row["source"], row["verified"])
    if concession:
        raise NotInForce(
            gettext_noop(
                "No article is on file for this modality in a concession launched on %(day)s. "
                "Choose a performance condition, or check the concession rules on Légifrance."
            ),
            day=launched_on,
        )
    raise NotInForce(_NOT_YET[modality], day=launched_on)


def modalities_on(launched_on: date, *, concession: bool = False) -> tuple[Modality, ...]:
    """The modalities that exist for a consultation launched that day."""
    found = []
    for modality in Modality:
        try:
            article(modality, launched_on, concession=concession)
        except NotInForce:
            continue
        found.append(modality)
    return tuple(found)
