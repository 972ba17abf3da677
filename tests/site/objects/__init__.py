"""Example objects of each address: what the matrix, the crawler and the browser tests point at.

A room adds `tests/site/objects/<room>.py`; it is found by itself. See tests/site/README.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from relais.organisations.models import Organisation
from tests.cast import Cast, Person


@dataclass(frozen=True)
class Target:
    """What completes an address: its parameters, and what a valid POST sends."""

    kwargs: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class World:
    """The cast and what the rooms laid around it, made once per test and shared by the examples."""

    cast: Cast
    today: date
    made: dict[str, Any] = field(default_factory=dict)
    readers: dict[str, frozenset[int]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        return self.cast[name]

    def once[T](self, name: str, make: Callable[[], T]) -> T:
        """The thing of that name, made at the first call: `world.once("clause", lambda: …)`."""
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]

    def canary(self, organisation: Organisation) -> str:
        """A word to put in what only this body may read; no page shown to another body may hold it."""
        return f"canari-{organisation.pk}-{organisation.slug}"

    def secret(self, name: str, *people: str) -> str:
        """A word to put in what only the bodies of these people may read: `world.secret("note", "fanny")`."""
        word = f"secret-{name}"
        bodies = [body for person in people if (body := self.cast[person].organisation)]
        self.readers[word] = frozenset(body.pk for body in bodies)
        return word

    def words(self) -> dict[str, frozenset[int]]:
        """Each word laid in the texts, and the bodies that may read it."""
        bodies = {person.organisation for person in self.cast.people.values() if person.organisation}
        return self.readers | {self.canary(body): frozenset({body.pk}) for body in bodies}


_examples: dict[str, Callable[[World], Target]] = {}


def example(*url_names: str) -> Callable[[Callable[[World], Target]], Callable[[World], Target]]:
    """Say what these addresses point at in the tests."""

    def decorate(make: Callable[[World], Target]) -> Callable[[World], Target]:
        for name in url_names:
            assert name not in _examples, f"{name} has two examples"
            _examples[name] = make
        return make

    return decorate


@cache
def examples() -> dict[str, Callable[[World], Target]]:
    for module in iter_modules([str(Path(__file__).parent)]):
        import_module(f"{__name__}.{module.name}")
    return _examples


def target_of(url_name: str, world: World) -> Target:
    make = examples().get(url_name)
    return make(world) if make else Target()
