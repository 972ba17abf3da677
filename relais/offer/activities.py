"""What structures do and which purchases it answers: the table of `default_activities.toml`, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from relais.territories.names import fold


@dataclass(frozen=True, slots=True)
class Activity:
    """A family of what structures sell, with the CPV codes it answers."""

    code: str
    name: str
    cpv: tuple[str, ...]
    naf: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Activities:
    """The table, with its date and its source; the mark tells whether the source was verified."""

    by_code: Mapping[str, Activity]
    any_activity: frozenset[str]
    """Kinds of structures that lend people to any trade."""
    starts_on: date
    source: str
    verified: bool

    def name_of(self, code: str) -> str:
        """The words of a code; the code itself when the table no longer has it."""
        activity = self.by_code.get(code)
        return activity.name if activity else code

    def answering(self, cpv: str) -> frozenset[str]:
        """Activities that answer a CPV code; a general one such as 45 is answered by all below it."""
        code = cpv.strip()
        significant = code.rstrip("0") if len(code) == 8 else code
        significant = max(significant, code[:2], key=len)
        if len(code) < 2 or not code[:2].isdigit():
            return frozenset()
        return frozenset(
            activity.code
            for activity in self.by_code.values()
            if any(code.startswith(prefix) or prefix.startswith(significant) for prefix in activity.cpv)
        )

    def guessed(self, *, naf: str, text: str) -> frozenset[str]:
        """What the activity code and the name of a structure let one think it does; often nothing."""
        bare = naf.replace(".", "").strip().upper()
        words = f" {fold(text)} "
        return frozenset(
            activity.code
            for activity in self.by_code.values()
            if (bare and any(bare.startswith(prefix) for prefix in activity.naf))
            or any(f" {fold(word)} " in words for word in activity.words)
        )


@cache
def activities() -> Activities:
    """The table as shipped, or as the administrator edited it."""
    text = files("relais.offer").joinpath("default_activities.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    found = [
        Activity(row["code"], row["name"], tuple(row["cpv"]), tuple(row["naf"]), tuple(row["words"]))
        for row in table["activity"]
    ]
    return Activities(
        {activity.code: activity for activity in found},
        frozenset(table["any_activity"]),
        table["starts_on"],
        table["source"],
        table["verified"],
    )
