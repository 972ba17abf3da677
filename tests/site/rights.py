"""Reads the tables of tests/site/matrix: who gets which answer at which address, written by hand.

A line: `url-name METHOD  status people | status people …`. People are named one by one or by group;
`others` is everybody not named on the line. Below a body, Remi (revoked) always gets 404 and Vera
(no account) always 302 to the sign-in page, so `others` leaves them out; elsewhere a line names them.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import NAMES

TABLES = Path(__file__).parent / "matrix"
METHODS = ("GET", "POST")
ALWAYS = {"remi": 404, "vera": 302}
GROUPS = {
    "region": ("clara", "carole", "pascal", "paula", "elodie"),
    "buyers": ("clara", "carole", "pascal", "paula", "elodie", "benoit"),
    "facilitators": ("fanny", "felix"),
    "companies": ("corinne", "cyril"),
    "structures": ("sonia", "simon"),
    "everyone": NAMES,
}


@dataclass(frozen=True)
class Row:
    url_name: str
    method: str
    expected: dict[str, int]


@dataclass(frozen=True)
class Address:
    """A named address; `params` are the names it needs, `organisation` left out."""

    name: str
    params: frozenset[str]
    below_body: bool


@cache
def addresses() -> dict[str, Address]:
    """Every address of the site, by name."""
    found: dict[str, Address] = {}

    def walk(patterns: list[URLPattern | URLResolver], params: frozenset[str]) -> None:
        for pattern in patterns:
            here = params | set(pattern.pattern.converters) | set(pattern.pattern.regex.groupindex)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, here)
                continue
            assert pattern.name, f"The address {pattern.pattern} has no name"
            assert pattern.name not in found, f"Two addresses are named {pattern.name}"
            found[pattern.name] = Address(pattern.name, here - {"organisation"}, "organisation" in here)

    walk(get_resolver().url_patterns, frozenset())
    return found


@cache
def rights() -> dict[tuple[str, str], Row]:
    """The whole matrix, every table read."""
    found: dict[tuple[str, str], Row] = {}
    for table in sorted(TABLES.glob("*.txt")):
        for number, line in enumerate(table.read_text("utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            row = read_line(line, f"{table.name}:{number}")
            assert (row.url_name, row.method) not in found, f"{table.name}:{number}: said twice"
            found[row.url_name, row.method] = row
    return found


def read_line(line: str, where: str) -> Row:
    url_name, method, answers = line.split(maxsplit=2)
    assert method in METHODS, f"{where}: {method} is not one of {METHODS}"
    below_body = url_name in addresses() and addresses()[url_name].below_body
    expected = dict(ALWAYS) if below_body else {}
    rest: int | None = None
    for answer in answers.split("|"):
        status, *people = answer.split()
        for name in people:
            if name == "others":
                rest = int(status)
            for person in GROUPS.get(name, (name,)) if name != "others" else ():
                assert person in NAMES, f"{where}: nobody is called {person}"
                expected[person] = int(status)
    if rest is not None:
        expected = {name: expected.get(name, rest) for name in NAMES}
    missing = set(NAMES) - set(expected)
    assert not missing, f"{where}: nothing said about {', '.join(sorted(missing))}"
    return Row(url_name, method, expected)
