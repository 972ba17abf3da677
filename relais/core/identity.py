"""Recognise the same person under several spellings, without keeping the name: a keyed pseudonym.

# source: minimisation rules of the trade. No social-security number, names stay with the body that follows
the person, people are counted once over independent bodies by a hash of name and birth date.
"""

import hmac
import unicodedata
from collections.abc import Iterable
from datetime import date

from relais.core.words import BadValue, gettext_noop

#: Longest part of a name kept; longer is not a name.
LONGEST = 80
#: Nobody at work was born before.
OLDEST_BIRTH = date(1900, 1, 1)

#: Letters that no decomposition turns into plain ones.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_APOSTROPHES = "'\u2019\u2018\u02bc\u00b4`\u2032"
_HYPHENS = "-\u2010\u2011\u2012\u2013"
_ALLOWED_MARKS = frozenset(" ." + _APOSTROPHES + _HYPHENS)
_EMPTY = gettext_noop("The name is empty. Write it as on the identity document.")
_TOO_LONG = gettext_noop("The name is over %(limit)s characters. Write it as on the identity document.")
_STRANGE = gettext_noop(
    "The name holds a character that no name has (%(code)s). "
    "Type it again with letters, hyphens and apostrophes."
)


def clean_name(text: str) -> str:
    """A first or last name fit to be kept: composed letters, single spaces; case and accents stay as typed.

    Raises `BadValue` for an empty name, one too long, and one with anything but letters, spaces, hyphens,
    apostrophes and dots: invisible characters and signs turned right to left would hide another name.
    """
    composed = " ".join(unicodedata.normalize("NFC", text).split())
    if not composed:
        raise BadValue(_EMPTY)
    if len(composed) > LONGEST:
        raise BadValue(_TOO_LONG, limit=str(LONGEST))
    for character in composed:
        if unicodedata.category(character)[0] not in "LM" and character not in _ALLOWED_MARKS:
            raise BadValue(_STRANGE, code=f"U+{ord(character):04X}")
    if not any(character.isalpha() for character in composed):
        raise BadValue(_EMPTY)
    return composed


def plain_words(names: Iterable[str]) -> list[str]:
    """The words of a name in their order, lower case, without accents, apostrophes nor hyphens."""
    text = unicodedata.normalize("NFKD", " ".join(names).casefold()).translate(_LETTERS)
    plain = "".join(
        character if character.isalnum() else " "
        for character in text
        if unicodedata.category(character) not in ("Mn", "Cf")
    )
    return plain.split()


def normalise(names: Iterable[str]) -> str:
    """The words of a name, plain, lower case and in alphabetical order.

    "JOSÉ DA SILVA" and ("Silva", "Jose da") give the same "da jose silva": neither case, accents,
    apostrophes, hyphens, nor the order of first and last name matter.
    """
    return " ".join(sorted(plain_words(names)))


def pseudonym(key: str, names: Iterable[str], birth_date: date) -> str:
    """64 hexadecimal digits, the same for the same person anywhere in the scheme whose secret is `key`.

    Without the key nobody can try names one by one. Raises `BadValue` for an empty key or an empty name.
    """
    name = normalise(names)
    if not name:
        raise BadValue(_EMPTY)
    if not key:
        raise BadValue(
            gettext_noop("The scheme has no secret key to recognise people. Tell its administrator.")
        )
    return hmac.digest(key.encode(), f"{name}|{birth_date.isoformat()}".encode(), "sha256").hex()
