"""What a column of hours may mean, and the words people write at its head."""

import re
from collections.abc import Mapping
from enum import StrEnum

from relais.core.words import gettext_noop


class Role(StrEnum):
    """The meaning of a column."""

    NUMBER = "number"
    LAST_NAME = "last_name"
    FIRST_NAME = "first_name"
    FULL_NAME = "full_name"
    BIRTH_DATE = "birth_date"
    HOURS = "hours"
    TRAINING = "training"
    MONTH = "month"
    DAY = "day"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    CLAUSE = "clause"
    TOTAL = "total"
    TOTAL_TRAINING = "total_training"
    IGNORED = "ignored"


LABELS: Mapping[Role, str] = {
    Role.NUMBER: gettext_noop("Number of the person"),
    Role.LAST_NAME: gettext_noop("Last name"),
    Role.FIRST_NAME: gettext_noop("First name"),
    Role.FULL_NAME: gettext_noop("First and last name together"),
    Role.BIRTH_DATE: gettext_noop("Birth date"),
    Role.HOURS: gettext_noop("Hours worked"),
    Role.TRAINING: gettext_noop("Of which training"),
    Role.MONTH: gettext_noop("Month"),
    Role.DAY: gettext_noop("Day worked"),
    Role.STARTS_ON: gettext_noop("First day"),
    Role.ENDS_ON: gettext_noop("Last day"),
    Role.CLAUSE: gettext_noop("Reference of the clause"),
    Role.TOTAL: gettext_noop("Total of hours, to verify"),
    Role.TOTAL_TRAINING: gettext_noop("Total of training, to verify"),
    Role.IGNORED: gettext_noop("Not read"),
}

PEOPLE = (Role.NUMBER, Role.LAST_NAME, Role.FULL_NAME)
AMOUNTS = (Role.HOURS, Role.TRAINING, Role.TOTAL, Role.TOTAL_TRAINING)
TIMES = (Role.MONTH, Role.DAY, Role.STARTS_ON)

WORDS: Mapping[Role, tuple[str, ...]] = {
    Role.NUMBER: (
        "numero", "n", "no", "n personne", "numero personne", "numero de la personne", "identifiant",
    ),
    Role.LAST_NAME: ("nom", "nom de famille", "nom d usage", "nom usuel", "nom de naissance"),
    Role.FIRST_NAME: ("prenom", "prenoms"),
    Role.FULL_NAME: (
        "nom prenom", "nom et prenom", "nom prenoms", "prenom nom", "prenom et nom", "salarie", "personne",
        "nom et prenoms", "nom du salarie", "salaries", "beneficiaire", "collaborateur",
    ),
    Role.BIRTH_DATE: (
        "ne le", "nee le", "ne e le", "date de naissance", "date naissance", "naissance", "date naiss",
    ),
    Role.HOURS: (
        "heures", "h", "nb heures", "nb h", "nombre d heures", "nombre heures", "heures travaillees",
        "heures realisees", "heures effectuees", "heures declarees", "total heures", "hours", "nbre heures",
    ),
    Role.TRAINING: (
        "dont formation", "formation", "heures de formation", "dont heures de formation", "heures formation",
        "h formation", "dont form",
    ),
    Role.STARTS_ON: ("du", "debut", "date de debut", "date debut", "premier jour"),
    Role.ENDS_ON: ("au", "fin", "date de fin", "date fin", "dernier jour"),
    Role.MONTH: ("mois", "periode"),
    Role.DAY: ("jour", "date", "date travaillee", "jour travaille"),
    Role.CLAUSE: (
        "clause", "marche", "contrat", "n clause", "n marche", "reference", "reference clause",
        "reference de la clause", "reference du marche", "numero de marche",
    ),
}  # fmt: skip
"""Names of columns people write, without accents, for each thing read."""

KNOWN: Mapping[str, Role] = {name: role for role, names in WORDS.items() for name in names}
TOTALS = re.compile(
    r"(?:total|totaux|cumul|cumule|ensemble|sous total|s total|sous totaux|soustotal|trimestre|semestre|"
    r"[1-4]e?r? trimestre|[12]e?r? semestre|t[1-4]|s[12])\b"
)
"""How the head of a column of totals begins, without accents."""

OVER_PEOPLE = re.compile(
    r"^(?:salaries?|personnes?|identite|beneficiaires?|participants?)(?: en insertion)? (?=nom|prenom|n|d)"
)
"""A heading merged over the columns of people."""

MONTH_MARK = "@"
"""What stands for the month in the key of a column, so that January and February are one layout."""


TOTAL_ROWS = re.compile(r"(?:total|totaux|cumul|sous total|s total|sous totaux|soustotal)\b")


def is_total_row(folded: str) -> bool:
    """Whether a folded cell beside the figures calls its row a total."""
    return bool(TOTAL_ROWS.match(folded))


def is_total(folded: str) -> bool:
    """Whether the folded head of a column names a total."""
    return bool(TOTALS.match(folded))


def role_of(key: str) -> Role | None:
    """What the folded head of a column says, None when it says nothing known."""
    has_month = MONTH_MARK in key
    rest = " ".join(word for word in key.split() if word != MONTH_MARK)
    rest = re.sub(r" \d$", "", rest)
    if has_month:
        if not rest:
            return Role.HOURS
        found = KNOWN.get(rest)
        return found if found in (Role.HOURS, Role.TRAINING) else None
    rest = OVER_PEOPLE.sub("", rest) or rest
    if is_total(rest) and rest not in KNOWN:
        return Role.TOTAL_TRAINING if "formation" in rest else Role.TOTAL
    return KNOWN.get(rest)
