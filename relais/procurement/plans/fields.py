"""What a column of a plan may mean, and the words by which French buyers head it."""

import re
from enum import StrEnum

from relais.core.words import gettext_noop


class Field(StrEnum):
    """What is read in a column."""

    OBJECT = "object"
    LOT_NUMBER = "lot_number"
    OPERATION = "operation"
    REFERENCE = "reference"
    CPV = "cpv"
    NATURE = "nature"
    AMOUNT = "amount"
    AMOUNT_WITH_TAX = "amount_with_tax"
    DURATION = "duration"
    LAUNCH = "launch"
    LAUNCH_QUARTER = "launch_quarter"
    LAUNCH_MONTH = "launch_month"
    LAUNCH_YEAR = "launch_year"
    NOTIFICATION = "notification"
    PLACE = "place"
    LEAD = "lead"
    SERVICE = "service"
    REMARK = "remark"


LABELS = {
    Field.OBJECT: gettext_noop("Object"),
    Field.LOT_NUMBER: gettext_noop("Lot number"),
    Field.OPERATION: gettext_noop("Operation"),
    Field.REFERENCE: gettext_noop("Reference of the buyer"),
    Field.CPV: gettext_noop("CPV code"),
    Field.NATURE: gettext_noop("Nature"),
    Field.AMOUNT: gettext_noop("Amount excluding tax"),
    Field.AMOUNT_WITH_TAX: gettext_noop("Amount including tax"),
    Field.DURATION: gettext_noop("Duration"),
    Field.LAUNCH: gettext_noop("Launch date"),
    Field.LAUNCH_QUARTER: gettext_noop("Quarter of launch"),
    Field.LAUNCH_MONTH: gettext_noop("Month of launch"),
    Field.LAUNCH_YEAR: gettext_noop("Year of launch"),
    Field.NOTIFICATION: gettext_noop("Notification date"),
    Field.PLACE: gettext_noop("Place of performance"),
    Field.LEAD: gettext_noop("Project lead"),
    Field.SERVICE: gettext_noop("Department of the buyer"),
    Field.REMARK: gettext_noop("Remark"),
}

#: Tried in this order; the first that is found in the folded header tells the field, with this confidence.
WORDS: tuple[tuple[Field, float, str], ...] = (
    (Field.CPV, 1.0, r"\bcpv\b"),
    (Field.AMOUNT_WITH_TAX, 0.9, r"\bttc\b|toutes taxes|\bt\.t\.c"),
    (Field.AMOUNT, 1.0, r"(?:montant|estimation|valeur|budget|cout|enveloppe).*\b(?:ht|hors tax)"),
    (Field.LAUNCH_QUARTER, 0.9, r"trimestre|\btrim\b|semestre"),
    (Field.DURATION, 1.0, r"\bduree|nombre de mois|\bnb (?:de )?mois"),
    (Field.DURATION, 0.7, r"\bdelai"),
    (Field.NOTIFICATION, 1.0, r"notification|\bnotif\b|attribution"),
    (Field.NOTIFICATION, 0.7, r"debut d.?execution|demarrage|prise d.?effet|date de debut"),
    (Field.LAUNCH_MONTH, 0.8, r"^mois\b|mois (?:de |du )?(?:lancement|publication)"),
    (Field.LAUNCH_YEAR, 0.8, r"^annee|^exercice|annee (?:de |du )?(?:lancement|publication)"),
    (
        Field.LAUNCH,
        1.0,
        r"lancement|mise en ligne|\baapc\b|date (?:previsionnelle )?(?:de |du |d.)?(?:publi|consult)",
    ),
    (Field.LAUNCH, 0.7, r"publication|calendrier|\bdate prev|echeance|\bdate\b"),
    (
        Field.LEAD,
        0.9,
        r"chef\w* (?:de )?projet|charg\w+ d.?(?:operation|affaire)|conducteur d.?operation|interlocut",
    ),
    (Field.LEAD, 0.7, r"responsable|referent|pilote|gestionnaire|prescripteur|\bacheteur"),
    (Field.LOT_NUMBER, 1.0, r"^(?:n[°o]?\.? ?|num\w*\.? |numero )(?:du |de )?lots?$|^lots? ?(?:n[°o])?\.?$"),
    (Field.REFERENCE, 1.0, r"^ref|reference|identifiant|^id$|^code (?:projet|affaire|achat)"),
    (
        Field.REFERENCE,
        0.8,
        r"^(?:n[°o]?\.? ?|numero |num )(?:de |du |d.)?(?:la )?"
        r"(?:marche|consult|affaire|projet|achat|ligne|ordre)",
    ),
    (Field.REFERENCE, 0.6, r"^n[°o]?\.?$|^numero$"),
    (
        Field.NATURE,
        1.0,
        r"^nature$|nature (?:du|de l.|des) (?:marche|achat|prestation)|^type (?:de |d.)(?:marche|achat)",
    ),
    (Field.NATURE, 0.8, r"^t ?/ ?f ?/ ?s|^tfs$|categorie|^type$|^nature"),
    (Field.OBJECT, 1.0, r"\bobjet|intitule|libelle|designation"),
    (Field.OBJECT, 0.8, r"description|besoin|projet d.?achat|prestations?\b"),
    (Field.OPERATION, 1.0, r"operation"),
    (Field.OPERATION, 0.7, r"programme|^projet|chantier"),
    (Field.SERVICE, 0.9, r"\bservice|direction|\bpole\b|entite"),
    (Field.PLACE, 0.9, r"\blieu|commune|localisation|\bville\b|code postal|departement|adresse|\bsite\b"),
    (Field.REMARK, 0.9, r"observation|remarque|commentaire|\bnotes?\b|precision"),
    (Field.AMOUNT, 0.7, r"montant|estimation|budget|\bcout|enveloppe|valeur"),
)
PATTERNS = tuple((field, sure, re.compile(pattern)) for field, sure, pattern in WORDS)
UNIT_WORDS = (
    (1_000_000, re.compile(r"\bm ?€|\bmeur|millions?")),
    (1_000, re.compile(r"\bk ?€|\bkeur|milliers?")),
)


def field_of(folded: str) -> tuple[Field, float] | None:
    """What a folded header means, and how sure that is from 0 to 1."""
    for field, sure, pattern in PATTERNS:
        if pattern.search(folded):
            return field, sure
    return None


def unit_of(folded: str) -> int:
    """Euros of one unit of a column of amounts, by its header."""
    return next((unit for unit, pattern in UNIT_WORDS if pattern.search(folded)), 1)


def counts_years(folded: str) -> bool:
    """Whether the header of a duration counts years."""
    return bool(re.search(r"\bans?\b|\bannees?\b", folded)) and "mois" not in folded
