"""The values that a text of the library may name: a closed list, each with what it is and an example.

Names are French: the people who write the texts are lawyers and clause officers, and the texts are French.
A value that is missing where a contract needs one is a row of dots to fill in by hand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats, translation
from django.utils.translation import gettext_lazy as _

from relais.clauses.enums import CRITERION_MODALITIES, RESERVED_MODALITIES, Ccag, Modality, Part, Regime
from relais.clauses.models import Clause
from relais.core.general_conditions import Ccag as CoreCcag
from relais.core.general_conditions import edition_on
from relais.kit import words
from relais.organisations.enums import PolicyKey
from relais.organisations.policies import PolicyValue
from relais.procurement.enums import LotNature

DOTS = "………"
YES = "oui"


@dataclass(frozen=True, slots=True)
class Variable:
    """`example` fills the text in the preview; an empty one leaves the condition unmet."""

    label: Any
    example: str
    is_condition: bool = False


VARIABLES: Mapping[str, Variable] = {
    "acheteur": Variable(_("buyer"), "Région des Trois-Vallées"),
    "objet": Variable(_("object of the lot"), "Peinture intérieure du lycée Jean-Moulin"),
    "lot": Variable(_("lot, by its number"), "n° 3"),
    "reference": Variable(_("reference of the clause"), "2026-014"),
    "article": Variable(
        _("article of law"), "les articles L. 2112-2 et L. 2112-2-1 du code de la commande publique"
    ),
    "de_article": Variable(
        _("article of law, after “de”"),
        "des articles L. 2112-2 et L. 2112-2-1 du code de la commande publique",
    ),
    "date_lancement": Variable(_("launch date"), "1er septembre 2026"),
    "heures_dues": Variable(_("hours asked"), "373 heures"),
    "metier": Variable(_("trade"), "Peinture"),
    "lieu": Variable(_("municipality of performance"), "Metz"),
    "duree": Variable(_("duration of the lot"), "18 mois"),
    "ccag": Variable(_("standard general conditions"), "CCAG-Travaux, arrêté du 30 mars 2021"),
    "ccag_article": Variable(_("their insertion article"), "20.1"),
    "facilitateur": Variable(_("facilitator bodies"), "PLIE de la Meurthe"),
    "facilitateur_contact": Variable(_("contact of the facilitator"), "03 00 00 00 00"),
    "precisions_publics": Variable(_("people eligible, details"), ""),
    "dispositions_particulieres": Variable(_("particular provisions"), ""),
    "penalite": Variable(_("penalty per missing hour"), "45 €"),
    "ponderation": Variable(_("weight of the criterion"), "15 %"),
    "jour_declaration": Variable(_("day when a statement is due"), "10"),
    "delai_lancement": Variable(_("days before the kick-off meeting"), "30"),
    "part_formation": Variable(_("share of training counted"), "25 %"),
    "titulaire": Variable(_("“titulaire” or “concessionnaire”"), "titulaire"),
    "du_contrat": Variable(_("“du marché” or “de la concession”"), "du marché"),
    "cahier": Variable(
        _("name of the special conditions"), "cahier des clauses administratives particulières"
    ),
    "condition": Variable(_("there is a performance condition"), YES, is_condition=True),
    "critere": Variable(_("there is a criterion"), "", is_condition=True),
    "mixte": Variable(_("condition and criterion"), "", is_condition=True),
    "reserve": Variable(_("the lot is reserved"), "", is_condition=True),
    "reserve_handicap": Variable(_("reserved for the disability sector"), "", is_condition=True),
    "reserve_insertion": Variable(_("reserved for insertion structures"), "", is_condition=True),
    "reserve_prison": Variable(_("reserved for prison work"), "", is_condition=True),
    "reserve_ess": Variable(_("reserved for the social economy"), "", is_condition=True),
    "concession": Variable(_("the contract is a concession"), "", is_condition=True),
    "ccag_insertion": Variable(_("the general conditions have an insertion article"), YES, is_condition=True),
    "cmp2006": Variable(_("launched under the code of 2006"), "", is_condition=True),
    "ord2015": Variable(_("launched under the ordinance of 2015"), "", is_condition=True),
    "ccp2019": Variable(_("launched under the public procurement code"), "", is_condition=True),
    "ccp2026": Variable(_("launched under the code and the duty of 2026"), YES, is_condition=True),
}


def sample_values() -> dict[str, str]:
    """The values of the preview, when no clause is chosen."""
    return {name: variable.example for name, variable in VARIABLES.items()}


def ccag_of(clause: Clause) -> Ccag:
    """The general conditions of a clause: those chosen, or else those of the nature of its lot."""
    if clause.lot.is_concession:
        return Ccag.NONE
    if clause.ccag:
        return Ccag(clause.ccag)
    return Ccag.WORKS if clause.lot.nature == LotNature.WORKS else Ccag.FCS


def values_of(clause: Clause, policies: Mapping[PolicyKey, PolicyValue]) -> dict[str, str]:
    """The values of a clause. Reads `clause.lot`, `clause.buyer` and `clause.parties`."""
    with translation.override("fr"):
        return {**_facts(clause, policies), **_conditions(clause)}


def _facts(clause: Clause, policies: Mapping[PolicyKey, PolicyValue]) -> dict[str, str]:
    lot = clause.lot
    edition = edition_on(CoreCcag(ccag_of(clause).value), clause.launched_on)
    cited = with_article(clause.article)
    concession = lot.is_concession
    weight = clause.criterion_weight
    return {
        "acheteur": clause.buyer.name,
        "objet": plain(lot.object),
        "lot": f"n° {plain(lot.number)}" if lot.number else "unique",
        "reference": clause.reference,
        "article": cited,
        "de_article": f"de {cited}".replace("de les ", "des "),
        "date_lancement": spelled(clause.launched_on),
        "heures_dues": said_hours(clause.hours),
        "metier": plain(clause.trade),
        "lieu": str(lot.commune or ""),
        "duree": f"{lot.duration_months} mois" if lot.duration_months else "",
        "ccag": edition.name if edition else "",
        "ccag_article": edition.article if edition else "",
        "facilitateur": ", ".join(
            party.organisation.name
            for party in clause.parties.all()
            if party.part == Part.FACILITATOR and party.ends_on is None
        ),
        "facilitateur_contact": plain(clause.facilitator_contact),
        "precisions_publics": plain(clause.eligible_note),
        "dispositions_particulieres": "\n\n".join(plain(part) for part in clause.particulars.split("\n\n")),
        "penalite": words.euros(clause.unit_penalty) if clause.unit_penalty else "",
        "ponderation": words.with_unit(weight, "%") if weight else f"{DOTS} %",
        "jour_declaration": _whole(policies, PolicyKey.DECLARATION_DAY),
        "delai_lancement": _whole(policies, PolicyKey.KICKOFF_DAYS),
        "part_formation": _share(policies, PolicyKey.TRAINING_SHARE),
        "titulaire": "concessionnaire" if concession else "titulaire",
        "du_contrat": "de la concession" if concession else "du marché",
        "cahier": "contrat de concession"
        if concession
        else "cahier des clauses administratives particulières",
    }


def _conditions(clause: Clause) -> dict[str, str]:
    modality = clause.modality
    edition = edition_on(CoreCcag(ccag_of(clause).value), clause.launched_on)
    both = modality == Modality.RESERVED_MIXED
    met = {
        "condition": modality in (Modality.EXEC_CONDITION, Modality.MIXED),
        "critere": modality in CRITERION_MODALITIES,
        "mixte": modality == Modality.MIXED,
        "reserve": modality in RESERVED_MODALITIES,
        "reserve_handicap": both or modality == Modality.RESERVED_DISABILITY,
        "reserve_insertion": both or modality == Modality.RESERVED_IAE,
        "reserve_prison": modality == Modality.RESERVED_PRISON,
        "reserve_ess": modality == Modality.RESERVED_ESS,
        "concession": clause.lot.is_concession,
        "ccag_insertion": bool(edition and edition.insertion),
        **{regime.value.lower(): clause.regime == regime for regime in Regime},
    }
    return {name: YES if value else "" for name, value in met.items()}


def spelled(day: date) -> str:
    """A day in a French sentence: 21 août 2026, 1er septembre 2026."""
    with translation.override("fr"):
        text = formats.date_format(day, "j F Y")
    return text.replace("1 ", "1er ", 1) if day.day == 1 else text


def said_hours(hours: Decimal) -> str:
    """The hours in a French sentence, or dots when there are none yet."""
    return words.with_unit(hours, "heures" if hours >= 2 else "heure") if hours else f"{DOTS} heures"


_SEVERAL = re.compile(r"art\. (?=(?:[LRD]\. )?[\d-]+(?:, (?:[LRD]\. )?[\d-]+)* et (?:[LRD]\. )?\d)")


def with_article(citation: str) -> str:
    """A citation inside a French sentence: "art. 14 du code" becomes "l'article 14 du code"."""
    text = _SEVERAL.sub("les articles ", citation).replace("art. ", "l'article ")
    return f"l'{text}" if text.startswith("ordonnance") else text


def plain(text: str) -> str:
    """Free text as one paragraph, which cannot pass for a heading, a list or a table of the kit."""
    return " ".join(text.replace("|", "/").split()).lstrip("#>-• ")


def _whole(policies: Mapping[PolicyKey, PolicyValue], key: PolicyKey) -> str:
    found = policies.get(key)
    return f"{found.value:.0f}" if found else DOTS


def _share(policies: Mapping[PolicyKey, PolicyValue], key: PolicyKey) -> str:
    found = policies.get(key)
    return words.percent(found.value) if found and found.value < 1 else ""
