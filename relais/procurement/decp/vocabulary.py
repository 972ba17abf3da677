"""The closed lists of the format, found again under capitals, missing accents and old wordings."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from relais.procurement.decp.record import CLAUSE, CRITERION, NONE, RESERVED


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """`text` without accents, case, typographic apostrophes or repeated spaces: what two spellings share."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(bare.casefold().replace("’", "'").replace("œ", "oe").split())


def _by_fold(values: Iterable[str]) -> dict[str, str]:
    return {fold(value): value for value in values}


NATURES = _by_fold(
    (
        "Marché",
        "Marché de partenariat",
        "Marché de défense ou de sécurité",
        "Accord-cadre",
        "Marché subséquent",
        "Concession de travaux",
        "Concession de service",
        "Concession de service public",
        "Délégation de service public",
    )
)
PROCEDURES = _by_fold(
    (
        "Procédure adaptée",
        "Appel d'offres ouvert",
        "Appel d'offres restreint",
        "Procédure concurrentielle avec négociation",
        "Procédure avec négociation",
        "Procédure négociée avec mise en concurrence préalable",
        "Marché négocié sans publicité ni mise en concurrence préalable",
        "Marché passé sans publicité ni mise en concurrence préalable",
        "Dialogue compétitif",
        "Procédure négociée ouverte",
        "Procédure non négociée ouverte",
        "Procédure négociée restreinte",
        "Procédure non négociée restreinte",
    )
)
PRICE_FORMS = _by_fold(("Unitaire", "Forfaitaire", "Mixte", "Ferme", "Ferme et actualisable", "Révisable"))
CCAGS = _by_fold(
    (
        "Travaux",
        "Maitrise d'œuvre",
        "Fournitures courantes et services",
        "Marchés industriels",
        "Prestations intellectuelles",
        "Techniques de l'information et de la communication",
        "Pas de CCAG",
    )
)
TECHNIQUES = _by_fold(
    (
        "Accord-cadre",
        "Concours",
        "Système de qualification",
        "Système d'acquisition dynamique",
        "Catalogue électronique",
        "Enchère électronique",
    )
)
MODALITIES = _by_fold(("Tranches", "Bons de commande", "Marchés subséquents"))
CONSORTIA = _by_fold(("Pas de groupement", "Conjoint", "Solidaire"))
PLACE_TYPES = {
    "code postal": "post_code",
    "code commune": "commune",
    "code arrondissement": "arrondissement",
    "code canton": "canton",
    "code departement": "department",
    "code region": "region",
    "code pays": "country",
}
IDENTIFIER_TYPES = {
    "siret": "SIRET",
    "siren": "SIREN",
    "tva": "TVA",
    "tva intracommunautaire": "TVA",
    "tahiti": "TAHITI",
    "ridet": "RIDET",
    "frwf": "FRWF",
    "irep": "IREP",
    "ue": "UE",
    "hors-ue": "HORS-UE",
    "hors ue": "HORS-UE",
}
#: Values that say “nothing”: words of the format and of spreadsheets alike.
EMPTY = frozenset({"", "nan", "null", "none", "n/a", "na", "nc", "cdl", "#n/a", "nat"})

_KNOWN = frozenset(
    {
        *TECHNIQUES.values(),
        *MODALITIES.values(),
        "Sans objet",
        "Clause sociale",
        "Critère social",
        "Marché réservé",
        "Pas de considération sociale",
        "Clause environnementale",
        "Critère environnemental",
        "Pas de considération environnementale",
    }
)
_LIST_ITEM = re.compile(r"""'([^']*)'|"([^"]*)\"""")


def canonical(text: str, values: dict[str, str]) -> str:
    """The official spelling of `text` when it is one of `values`, otherwise `text` as it was published."""
    return values.get(fold(text), text)


def place_type(text: str) -> str:
    """Code of the type of a place code; empty when unknown: a code is never read without its type."""
    folded = fold(text)
    return PLACE_TYPES.get(folded) or PLACE_TYPES.get(f"code {folded}", "")


def several(value: object) -> list[str]:
    """The texts of a many-valued field: list, wrapped list, `['a', 'b']`, or `a, b`."""
    if value is None or isinstance(value, bool):
        return []
    if isinstance(value, dict):
        return [text for item in value.values() for text in several(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in several(item)]
    text = " ".join(str(value).split())
    if text in _KNOWN:
        return [text]
    if text.startswith("["):
        quoted = [one or two for one, two in _LIST_ITEM.findall(text)]
        return [item for item in quoted if fold(item) not in EMPTY]
    return [part for part in (part.strip() for part in re.split("[,;|]", text)) if fold(part) not in EMPTY]


def considerations(texts: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """Codes of social or environmental considerations, each once, and the texts that are none of them."""
    found: list[str] = []
    unknown: list[str] = []
    for text in texts:
        folded = fold(text)
        if folded.startswith(("pas de", "aucune", "sans objet")):
            code = NONE
        elif "reserve" in folded:
            code = RESERVED
        elif "clause" in folded:
            code = CLAUSE
        elif "critere" in folded:
            code = CRITERION
        else:
            unknown.append(text)
            continue
        if code not in found:
            found.append(code)
    order = (CLAUSE, CRITERION, RESERVED, NONE)
    return tuple(sorted(found, key=order.index)), unknown
