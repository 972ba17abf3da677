"""Who may be counted under a clause, and which proof shows it. The clause list is not the list of the IAE.

# source: CCAG 2021 insertion article; arrêté du 4 septembre 2025, annex; each category has its own source in
parameters/eligibility.toml.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from relais.core.eligibility_names import CATEGORIES, CERTIFIERS, PROOFS
from relais.core.months import add_months
from relais.core.parameters import load
from relais.core.verdict import YES, Verdict, no
from relais.core.words import Words, gettext_noop


class Category(StrEnum):
    """Category of eligible people. `A_`: taken on by a recognised structure; `B_`: proven per person."""

    A_EA = "A_EA"
    A_EATT = "A_EATT"
    A_ESAT = "A_ESAT"
    A_ETTI = "A_ETTI"
    A_AI = "A_AI"
    A_EI = "A_EI"
    A_ACI = "A_ACI"
    A_REGIE = "A_REGIE"
    A_E2C = "A_E2C"
    A_EPIDE = "A_EPIDE"
    A_GEIQ = "A_GEIQ"
    A_PRISON = "A_PRISON"
    B_DELD = "B_DELD"
    B_DETLD = "B_DETLD"
    B_RSA = "B_RSA"
    B_ASS = "B_ASS"
    B_AAH = "B_AAH"
    B_RQTH = "B_RQTH"
    B_YOUTH_NOQUAL = "B_YOUTH_NOQUAL"
    B_YOUTH_INACTIVE = "B_YOUTH_INACTIVE"
    B_YOUTH_PROGRAMME = "B_YOUTH_PROGRAMME"
    B_SENIOR = "B_SENIOR"
    B_PLIE = "B_PLIE"
    B_REFUGEE = "B_REFUGEE"
    B_ASE = "B_ASE"
    B_JUSTICE = "B_JUSTICE"
    B_QPV = "B_QPV"
    B_FRR = "B_FRR"
    B_SINGLE_PARENT = "B_SINGLE_PARENT"
    B_HOUSING = "B_HOUSING"
    B_LANGUAGE = "B_LANGUAGE"
    B_MOBILITY = "B_MOBILITY"
    B_MOTIVATED_OPINION = "B_MOTIVATED_OPINION"

    @property
    def words(self) -> Words:
        return Words(CATEGORIES[self.value])


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """What proves a category, who certifies it, and how old the proof may be at hiring (`None`: any age)."""

    category: Category
    family: Literal["A", "B"]
    proof: Words
    certifier: Words
    max_age_months: int | None
    source: str
    verified: bool


def _rules() -> Mapping[Category, CategoryRule]:
    rules = {}
    for row in load("eligibility")["category"]:
        category = Category(row["code"])
        rules[category] = CategoryRule(
            category=category,
            family="A" if category.value.startswith("A_") else "B",
            proof=Words(PROOFS[row["proof"]]),
            certifier=Words(CERTIFIERS[row["certifier"]]),
            max_age_months=row.get("max_age_months"),
            source=row["source"],
            verified=row["verified"],
        )
    return MappingProxyType(rules)


#: The rules of each category, before any choice of a territory.
CATEGORY_RULES: Mapping[Category, CategoryRule] = _rules()


def proof_verdict(
    category: Category,
    *,
    proof_on: date,
    hired_on: date,
    valid_until: date | None,
    rules: Mapping[Category, CategoryRule] = CATEGORY_RULES,
) -> Verdict:
    """Whether a proof dated `proof_on` holds for a person hired on `hired_on` (AL16).

    Eligibility is assessed before or at hiring and not tested again: a proof may expire the day after.
    A proof aged exactly the months allowed still holds. `rules` is the table of the territory.
    """
    if proof_on > hired_on:
        return no(
            gettext_noop(
                "The proof is dated %(proof_on)s, after the hiring of %(hired_on)s: eligibility is "
                "assessed before hiring. Ask for a proof of the situation at hiring."
            ),
            proof_on=proof_on,
            hired_on=hired_on,
        )
    if valid_until is not None and valid_until < hired_on:
        return no(
            gettext_noop(
                "The proof expired on %(valid_until)s, before the hiring of %(hired_on)s. Ask for a proof "
                "valid at hiring."
            ),
            valid_until=valid_until,
            hired_on=hired_on,
        )
    months = rules[category].max_age_months
    if months is not None and add_months(proof_on, months) < hired_on:
        return no(
            gettext_noop(
                "The proof of %(proof_on)s is too old for a hiring on %(hired_on)s: at most %(months)s "
                "months are allowed for this category. Ask for a more recent proof."
            ),
            proof_on=proof_on,
            hired_on=hired_on,
            months=months,
        )
    return YES
