"""The dated choices of a scheme, and what applies when it has chosen nothing.

Every value keeps its start date, its source and whether the source was verified. The defaults are in
`default_policies.toml`.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from relais.core.words import NotInForce, gettext_noop
from relais.organisations.enums import PolicyKey
from relais.organisations.models import Policy, Scheme, decimals_of


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """A value in force; `is_default` when the scheme has not chosen."""

    key: PolicyKey
    value: Decimal
    starts_on: date
    source: str
    verified: bool
    is_default: bool

    @property
    def decimals(self) -> int:
        return decimals_of(self.value)


@cache
def default_policies() -> Mapping[PolicyKey, tuple[PolicyValue, ...]]:
    """The defaults of each key, oldest first."""
    text = files("relais.organisations").joinpath("default_policies.toml").read_text("utf-8")
    return {
        PolicyKey(key): tuple(
            PolicyValue(
                PolicyKey(key),
                Decimal(row["value"]),
                row["starts_on"],
                row["source"],
                row["verified"],
                is_default=True,
            )
            for row in sorted(rows, key=lambda row: row["starts_on"])
        )
        for key, rows in tomllib.loads(text).items()
    }


def default_policy(key: PolicyKey, on: date) -> PolicyValue | None:
    """The default in force that day, None where the scheme must choose."""
    started = [value for value in default_policies().get(key, ()) if value.starts_on <= on]
    return started[-1] if started else None


def policies(scheme: Scheme, on: date) -> dict[PolicyKey, PolicyValue]:
    """Every value in force that day, in one query. A key without choice nor default is absent."""
    return policies_on(scheme, [on])[on]


def policies_on(scheme: Scheme, days: Collection[date]) -> dict[date, dict[PolicyKey, PolicyValue]]:
    """Every value in force on each of these days, in one query."""
    last = max(days, default=date.min)
    rows = list(Policy.objects.filter(scheme=scheme, starts_on__lte=last).order_by("starts_on", "pk"))
    return {day: _in_force(rows, day) for day in days}


def _in_force(rows: Iterable[Policy], on: date) -> dict[PolicyKey, PolicyValue]:
    values = {key: default for key in PolicyKey if (default := default_policy(key, on))}
    for row in rows:
        if row.starts_on <= on:
            key = PolicyKey(row.key)
            values[key] = PolicyValue(
                key, row.value, row.starts_on, row.source, row.verified, is_default=False
            )
    return values


def policy(scheme: Scheme, key: PolicyKey, on: date) -> PolicyValue:
    """The value of one key in force that day. Raises `NotInForce` (a LookupError) when there is none."""
    found = policies(scheme, on).get(key)
    if found is None:
        raise NotInForce(
            gettext_noop(
                "The scheme has no value for “%(policy)s” on %(day)s. Its coordinator adds one, "
                "with its source, on the page of the parameters."
            ),
            policy=key.label,
            day=on,
        )
    return found
