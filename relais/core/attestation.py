"""What somebody signs, in a form that two readers compute alike: canonical text, then its SHA-256."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any


def canonical(content: Mapping[str, Any]) -> bytes:
    """The content as bytes: keys in order, no space, hours with two decimals, days as 2026-03-31.

    Raises `TypeError` for a value that has no single way to be written.
    """
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain, allow_nan=False
    ).encode()


def digest(content: Mapping[str, Any]) -> str:
    """The SHA-256 of the content, in 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form.")
