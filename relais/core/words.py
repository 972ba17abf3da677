"""Sentences for the user, kept apart from their translation: core has no gettext and reads no language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Self


def gettext_noop(text: str) -> str:
    """Mark `text` for the catalogue of relais/core/locale; the text itself is returned untouched."""
    return text


@dataclass(frozen=True, slots=True)
class Words:
    """An English sentence and the values that fill its `%(name)s` places.

    A text without params is never formatted; with params a literal percent sign is written `%%`.
    Years and references are given as strings, so that no reader's language puts a space in 2026.
    """

    text: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        """English, filled in: dates in ISO form, decimals in plain digits."""
        if not self.params:
            return self.text
        return self.text % {name: _plain(value) for name, value in self.params.items()}

    def places(self) -> frozenset[str]:
        """Names of the `%(name)s` places of the text."""
        return frozenset(re.findall(r"%\((\w+)\)s", self.text))

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe form: dates and decimals are tagged so that `from_dict` gives equal words back."""
        return {"text": self.text, "params": {name: _to_json(value) for name, value in self.params.items()}}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """The inverse of `as_dict`."""
        return cls(kept["text"], {name: _from_json(value) for name, value in kept["params"].items()})


class Unsaid(Exception):
    """An error that carries its sentence: what happened, why, what to do."""

    def __init__(self, text: str, /, **params: object) -> None:
        self.words = Words(text, params)
        super().__init__(str(self.words))


class BadValue(Unsaid, ValueError):
    """A value no rule of the trade can accept."""


class NotInForce(Unsaid, LookupError):
    """No rule, value or article for this date."""


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _to_json(value: object) -> object:
    if isinstance(value, Words):
        return {"words": value.as_dict()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value if isinstance(value, int) else str(value)


def _from_json(value: Any) -> object:
    match value:
        case {"words": dict(words)}:
            return Words.from_dict(words)
        case {"decimal": str(digits)}:
            return Decimal(digits)
        case {"date": str(day)}:
            return date.fromisoformat(day)
    return value
