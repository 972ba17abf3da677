"""SIREN, SIRET and the short names of addresses."""

import re
from collections.abc import Container

from stdnum.exceptions import ValidationError as BadNumber
from stdnum.fr import siren as siren_rules
from stdnum.fr import siret as siret_rules

from relais.core.words import BadValue, Words, gettext_noop
from relais.territories.names import fold

SEPARATORS = re.compile(r"[\s.\-\u2010\u2011]+")
"""Spaces of every width, dots and hyphens that people put between groups of digits."""

RESERVED_SLUGS = frozenset(
    {
        "accessibilite",
        "api",
        "compte",
        "declaration",
        "demo",
        "invitation",
        "langue",
        "media",
        "resultats",
        "sante",
        "static",
        "textes",
    }
)
"""First words of addresses that belong to no body; a test of the site keeps the list complete."""
LONGEST_SLUG = 72


def normal_siret(text: str) -> str:
    """The 14 digits of a SIRET typed in any usual way.

    Raises `BadValue` with a sentence that says what is wrong. The offices of La Poste follow their own
    rule (sum of the digits a multiple of 5), known to python-stdnum.
    """
    digits = _digits(text, 14, gettext_noop("A SIRET"))
    try:
        return siret_rules.validate(digits)
    except BadNumber:
        raise BadValue(
            gettext_noop(
                "The key of the SIRET %(number)s is wrong: one digit at least was mistyped. "
                "Check it against a document of the body."
            ),
            number=siret_rules.format(digits),
        ) from None


def normal_siren(text: str) -> str:
    """The 9 digits of a SIREN typed in any usual way; `BadValue` says what is wrong."""
    digits = _digits(text, 9, gettext_noop("A SIREN"))
    try:
        return siren_rules.validate(digits)
    except BadNumber:
        raise BadValue(
            gettext_noop("The key of the SIREN %(number)s is wrong: one digit at least was mistyped."),
            number=siren_rules.format(digits),
        ) from None


def shown_siret(siret: str) -> str:
    """A SIRET as people read it: 123 456 789 00012."""
    return siret_rules.format(siret, separator="\u202f") if siret else ""


def _digits(text: str, length: int, name: str) -> str:
    digits = SEPARATORS.sub("", text)
    if not (digits.isascii() and digits.isdigit()):
        raise BadValue(
            gettext_noop(
                "%(name)s is made of %(length)s digits. A body from abroad has none: leave it empty."
            ),
            name=Words(name),
            length=str(length),
        )
    if len(digits) != length:
        raise BadValue(
            gettext_noop("%(name)s has %(length)s digits, this one has %(count)s."),
            name=Words(name),
            length=str(length),
            count=str(len(digits)),
        )
    return digits


def free_slug(name: str, taken: Container[str]) -> str:
    """A short name for the address, neither reserved nor taken: `ville-de-metz`, `ville-de-metz-2`."""
    stem = fold(name).replace(" ", "-")[:LONGEST_SLUG].strip("-") or "organisme"
    if stem.isdigit():
        stem = f"organisme-{stem}"
    slug, number = stem, 1
    while slug in taken or slug in RESERVED_SLUGS:
        number += 1
        slug = f"{stem}-{number}"
    return slug
