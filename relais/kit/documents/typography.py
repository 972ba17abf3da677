"""French typography: the spaces that hold words together, and curved apostrophes."""

import re

NARROW, NO_BREAK = "\u202f", "\u00a0"
_HIGH = re.compile(r"[ \u00a0]([;?!])")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_UNITS = re.compile(r"(?<=\d) (?=(?:h|€|%|heures?|mois|jours?)(?![\w]))")
_REFERENCE = re.compile(r"\b(art\.|n°|[LRD]\.) (?=[\dLRD])")


def typeset(text: str) -> str:
    """The same words with the spaces of French: before high punctuation, in guillemets, between a number
    and its unit. Idempotent.
    """
    text = text.replace("'", "’").replace("« ", "«" + NO_BREAK).replace(" »", NO_BREAK + "»")
    text = text.replace(" :", NO_BREAK + ":")
    text = _HIGH.sub(NARROW + r"\1", text)
    text = _THOUSANDS.sub(NARROW, text)
    text = _UNITS.sub(NARROW, text)
    return _REFERENCE.sub("\\1" + NO_BREAK, text)
