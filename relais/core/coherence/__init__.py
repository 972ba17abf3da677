"""Does the whole file of a clause say one thing? Every contradiction, with both values and where to mend it.

Pure: the file is given as it stands (terms, texts, contract, ledger, what was published), nothing is fetched.
The texts read are French, as the contracts they go into.
"""

from relais.core.coherence.file import (
    Announced,
    Contradiction,
    FileSet,
    Ledger,
    Reading,
    Signed,
    Stated,
    Where,
)
from relais.core.coherence.published import of_notices, of_signed
from relais.core.coherence.texts import of_texts

__all__ = [
    "Announced",
    "Contradiction",
    "FileSet",
    "Ledger",
    "Reading",
    "Signed",
    "Stated",
    "Where",
    "contradictions",
]


def contradictions(file: FileSet) -> tuple[Contradiction, ...]:
    """Every contradiction of the file, the blocking ones first."""
    found = [*of_texts(file), *of_signed(file), *of_notices(file)]
    return tuple(sorted(found, key=lambda one: not one.blocking))
