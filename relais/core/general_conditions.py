"""The standard general conditions (CCAG): which edition a consultation refers to, and its insertion article.

# source: arrêtés of 2009 and of 30 March 2021; each edition has its own source in parameters/ccag.toml.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from relais.core.parameters import load


class Ccag(StrEnum):
    """The kinds of standard general conditions, and NONE for a contract that refers to none."""

    WORKS = "WORKS"
    FCS = "FCS"
    PI = "PI"
    TIC = "TIC"
    MI = "MI"
    MOE = "MOE"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a CCAG. `article` is empty when its number is not on file or does not exist.

    `insertion`: the edition has an insertion article, which stays without effect until the particular
    documents say at least the perimeter, the facilitator, the eligible people and the hours.
    """

    code: Ccag
    name: str
    article: str
    insertion: bool
    source: str
    verified: bool


def edition_on(code: Ccag, launched_on: date) -> Edition | None:
    """The edition that a consultation launched that day refers to; None when no edition is on file."""
    started = [row for row in load("ccag")["edition"] if row["code"] == code and row["since"] <= launched_on]
    if not started:
        return None
    row = max(started, key=lambda found: found["since"])
    return Edition(code, row["name"], row["article"], row["insertion"], row["source"], row["verified"])
