"""What was refused while a request was answered, kept until the answer is ready.

A refusal undoes its act, and whatever is written beside it: the trail is therefore written once the view is
over. Outside a request (commands, tests of an action) nothing is kept: the refusal is an error there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from relais.core.words import Words

MARK = " | "
"""Between what was asked and the reason, in the detail of a refusal."""


@dataclass(slots=True)
class Told:
    """A reason given to somebody; `about` is the thing refused, when it is not the one of the page."""

    words: Words | None
    about: Any = None


_told: ContextVar[list[Told] | None] = ContextVar("refusals", default=None)


def tell(words: Words | None, about: Any = None) -> Told:
    """Keep a reason for the trail of the request that is being answered."""
    told, kept = Told(words, about), _told.get()
    if kept is not None:
        kept.append(told)
    return told


@contextmanager
def collected() -> Iterator[list[Told]]:
    """The reasons told while one request is answered."""
    kept: list[Told] = []
    token = _told.set(kept)
    try:
        yield kept
    finally:
        _told.reset(token)


def detail_of(asked: str, words: Words | None) -> str:
    """What was asked and why not: the sentence without its values, so that it names nobody."""
    return f"{asked}{MARK}{words.text}" if words else asked
