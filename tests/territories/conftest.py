from collections.abc import Callable
from pathlib import Path

import pytest

from relais.territories.actions import LoadReport, load
from relais.territories.places import Gazetteer
from relais.territories.queries import gazetteer
from tests.territories.lists import Lists, small_lists, write_lists


@pytest.fixture
def lists() -> Lists:
    return small_lists()


@pytest.fixture
def load_lists(db: None, tmp_path: Path) -> Callable[[Lists], LoadReport]:
    """`load_lists(lists)` writes the files and loads them, as often as wanted."""
    return lambda lists: load(write_lists(tmp_path / "lists", lists))


@pytest.fixture
def small_france(load_lists: Callable[[Lists], LoadReport], lists: Lists) -> LoadReport:
    return load_lists(lists)


@pytest.fixture
def places(small_france: LoadReport) -> Gazetteer:
    return gazetteer()
