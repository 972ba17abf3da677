"""Names of places made comparable: no case, no accent, no hyphen. Plain Python, no database."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
ABBREVIATIONS = {"st": "saint", "ste": "sainte"}


def fold(text: str) -> str:
    """A name as plain lower-case words: `"St-Dié-des-Vosges"` gives `"saint die des vosges"`.

    Used on both sides of every comparison of place names; the result is ASCII for any French name,
    so that the case rules of SQLite and PostgreSQL cannot disagree on it.
    """
    letters = unicodedata.normalize("NFD", text.casefold().translate(LIGATURES))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(ABBREVIATIONS.get(word, word) for word in re.findall(r"[a-z0-9]+", plain))
