"""Facts of law and of the trade: one TOML file per subject, each value with its source and its state.

A value marked `verified = false` is professional knowledge nobody has yet checked against a text: it is shown
with that reserve and is meant to be replaced, with its source, by whoever reads the text.
"""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@cache
def load(name: str) -> Mapping[str, Any]:
    """The content of `<name>.toml`, read once; numbers with a point are exact decimals."""
    text = files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text, parse_float=Decimal))
