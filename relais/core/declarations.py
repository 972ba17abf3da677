"""What to enter about a clause in the essential data (DECP) and in the European notice (eForms).

# source: DECP schema 2.0.3 (format-commande-publique); eForms SDK code lists and rules.

Values are the official codes, so they are not translated. `verified` is false where the code list is still to
be read.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from relais.core.general_conditions import Ccag
from relais.core.regime import Modality
from relais.core.words import Words, gettext_noop

NO_CONSIDERATION = "Pas de considération sociale"
CLAUSE, CRITERION = "Clause sociale", "Critère social"
RESERVED_CONTRACT, RESERVED_CONCESSION = "Marché réservé", "Concession réservée"

CCAG_CODES = {
    Ccag.WORKS: "Travaux",
    Ccag.FCS: "Fournitures courantes et services",
    Ccag.PI: "Prestations intellectuelles",
    Ccag.TIC: "Techniques de l'information et de la communication",
    Ccag.MI: "Marchés industriels",
    Ccag.MOE: "Maitrise d'œuvre",
    Ccag.NONE: "Pas de CCAG",
}
RESERVED_TO = {
    Modality.RESERVED_DISABILITY: "res-ws",
    Modality.RESERVED_IAE: "res-ws",
    Modality.RESERVED_MIXED: "res-ws",
    Modality.RESERVED_PRISON: "res-ws",
    Modality.RESERVED_ESS: "res-pub-ser",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A field to fill in: its name in the format, what it is, the codes to enter."""

    field: str
    label: Words
    values: tuple[str, ...]
    verified: bool = True


def social_considerations(modality: Modality, *, concession: bool = False) -> tuple[str, ...]:
    """The `considerationSociale` of the essential data, by modality."""
    if modality in RESERVED_TO:
        return (RESERVED_CONCESSION if concession else RESERVED_CONTRACT,)
    if modality == Modality.AWARD_CRITERION:
        return (CRITERION,)
    return (CLAUSE, CRITERION) if modality == Modality.MIXED else (CLAUSE,)


def essential_data(
    modality: Modality, *, ccag: Ccag, cpv: str, months: int | None, concession: bool = False
) -> Iterator[Entry]:
    """The fields of the essential data that the clause decides or that its file knows."""
    yield Entry(
        "considerationSociale",
        Words(gettext_noop("Social considerations")),
        social_considerations(modality, concession=concession),
        verified=modality != Modality.INSERTION_SERVICE,
    )
    yield Entry("codeCPV", Words(gettext_noop("CPV code")), (cpv,) if cpv else ())
    if not concession:
        yield Entry("ccag", Words(gettext_noop("General conditions")), (CCAG_CODES[ccag],))
    yield Entry("dureeMois", Words(gettext_noop("Duration in months")), (str(months),) if months else ())


def european_notice(modality: Modality) -> Iterator[Entry]:
    """The fields of the European notice that tell of a clause, at the level of the lot."""
    reserved = RESERVED_TO.get(modality, "none")
    yield Entry(
        "BT-71",
        Words(gettext_noop("Reserved participation")),
        (reserved,),
        verified=modality not in (Modality.RESERVED_PRISON, Modality.RESERVED_ESS),
    )
    yield Entry(
        "BT-736",
        Words(gettext_noop("Reserved execution")),
        ("yes" if modality == Modality.RESERVED_DISABILITY else "no",),
        verified=False,
    )
    yield Entry("BT-06", Words(gettext_noop("Strategic procurement")), ("soc-obj",))
    yield Entry("BT-775", Words(gettext_noop("Social objective")), ("opp",))
