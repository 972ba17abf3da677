"""Default trades and rules, from the TOML files beside this module, loaded by `relais load-trades`."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from relais.screening.enums import Sector

WORKS_SECTORS = (Sector.BUILDING, Sector.CIVIL_WORKS)


@cache
def read(name: str) -> Mapping[str, Any]:
    """The content of `default_<name>.toml`; numbers with a point are exact decimals."""
    text = files(__package__).joinpath(f"default_{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


def trades() -> list[dict[str, Any]]:
    """Each default trade as plain values: identity, CPV prefixes, words, and the figures of its first row."""
    table = read("trades")
    return [_trade(row, table) for row in table["trade"]]


def rules() -> list[dict[str, Any]]:
    """Each default rule as plain values."""
    table = read("rules")
    return [
        {
            "code": row["code"],
            "starts_on": row.get("starts_on", table["starts_on"]),
            "weight": row["weight"],
            "threshold": _decimal(row.get("threshold")),
            "comfortable": _decimal(row.get("comfortable")),
            "unit": row["unit"],
            "source": row["source"],
            "verified": row["verified"],
        }
        for row in table["rule"]
    ]


def _trade(row: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    low, high = (Decimal(bound) / 100 for bound in row["share"])
    anchor = row.get("anchor")
    return {
        "code": row["code"],
        "name": row["name"],
        "sector": row["sector"],
        "nature": row.get("nature", _nature(row["sector"])),
        "words": row["words"],
        "decisive_words": row.get("decisive", []),
        "is_generic": row.get("generic", False),
        "takes_over_staff": row.get("takes_over_staff", False),
        "is_reservable": row.get("reservable", False),
        "cpv": row["cpv"],
        "profile": {
            "starts_on": table["starts_on"],
            "labour_share": (low + high) / 2 if anchor is None else Decimal(anchor) / 100,
            "labour_low": low,
            "labour_high": high,
            "effort": _decimal(row.get("effort")),
            "season_months": row.get("season"),
            "openness": Decimal(row["openness"]),
            "source": _source(row, table),
            "verified": (anchor is not None or table["verified"]) and "season" not in row,
        },
    }


def _source(row: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    base = table["source"] if row.get("anchor") is None else table["anchor_source"]
    return f"{base} ; {table['season_source']}" if "season" in row else str(base)


def _nature(sector: str) -> str:
    if sector in WORKS_SECTORS:
        return "works"
    return "supplies" if sector == Sector.SUPPLIES else "services"


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
