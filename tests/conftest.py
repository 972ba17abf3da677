"""What every test may ask for: the cast, a guarded client, a budget of queries, the sample files."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.forms.renderers import get_default_renderer
from django.template import engines
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext

from tests.cast import NAMES, Cast, Person, lay_cast
from tests.pages import GuardedClient

SIGN_IN = re.compile(r'^SAVEPOINT|^RELEASE|"django_session"|SET "last_login"')
"""What signing in and nested transactions cost: no part of a page's budget."""
SAMPLES = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


SAME_VERDICTS = os.environ.get("RELAIS_SAME_VERDICTS") == "1"
"""Set when another database has just passed every test: what asks none is not run again."""
DATABASES = frozenset({"db", "transactional_db", "live_server"})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The browser tests of a module stay together: they share one browser and one server."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
    if SAME_VERDICTS:
        config.hook.pytest_deselected(items=[item for item in items if not asks_a_database(item)])
        items[:] = [item for item in items if asks_a_database(item)]


def asks_a_database(item: pytest.Item) -> bool:
    names, owner = getattr(item, "fixturenames", ()), getattr(item, "cls", None)
    if owner is not None and issubclass(owner, TransactionTestCase):
        return True
    return item.get_closest_marker("django_db") is not None or not DATABASES.isdisjoint(names)


class UnknownVariable(str):
    """Put where a template names a variable that does not exist: the test fails there."""

    __slots__ = ()

    def __new__(cls) -> "UnknownVariable":
        return super().__new__(cls, "%s")

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"The template names an unknown variable: {name}")


@pytest.fixture(scope="session", autouse=True)
def unknown_variables_fail() -> None:
    for engine in engines.all():
        engine.engine.string_if_invalid = UnknownVariable()
    form_engine = getattr(get_default_renderer(), "engine", None)
    if form_engine is not None:
        form_engine.engine.string_if_invalid = UnknownVariable()


@pytest.fixture(autouse=True)
def own_settings(settings: Any, tmp_path: Path) -> None:
    """Files of a test go nowhere else, and passwords are hashed fast."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    return lay_cast()


def person_fixture(name: str) -> Callable[[Cast], Person]:
    def person(cast: Cast) -> Person:
        return cast[name]

    person.__name__ = name
    person.__doc__ = f"{name.capitalize()}, of the cast."
    return pytest.fixture(name=name)(person)


for _name in NAMES:
    globals()[f"person_{_name}"] = person_fixture(_name)


@pytest.fixture
def scheme(cast: Cast) -> Any:
    """The scheme of the cast, coordinated by Clara's region."""
    return cast.scheme


@pytest.fixture
def other_scheme(cast: Cast) -> Any:
    """Sam's scheme, which knows nothing of the first."""
    return cast.other_scheme


@pytest.fixture
def client() -> GuardedClient:
    """A client that refuses writes on GET and checks every page it fetches."""
    return GuardedClient()


@pytest.fixture
def client_for(db: None) -> Callable[[Person], GuardedClient]:
    """`client_for(fanny)`: her browser, signed in. Vera's is anonymous."""

    def signed_in(person: Person) -> GuardedClient:
        browser = GuardedClient()
        if person.user is not None:
            browser.force_login(person.user)
        return browser

    return signed_in


@pytest.fixture
def within_queries(db: None) -> Callable[[int], AbstractContextManager[None]]:
    """`with within_queries(12): client.get(...)` fails with the list of queries when there are more."""

    @contextmanager
    def budget(most: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as queries:
            yield
        asked = [query["sql"] for query in queries if not SIGN_IN.search(query["sql"])]
        listing = "\n".join(f"{number}. {sql[:300]}" for number, sql in enumerate(asked, 1))
        assert len(asked) <= most, f"{len(asked)} queries instead of {most} at most:\n{listing}"

    return budget


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real files (see RELAIS_SAMPLES); tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("RELAIS_SAMPLES", SAMPLES))
    if not folder.is_dir():
        pytest.skip("The folder of sample files is absent: set RELAIS_SAMPLES to read real files.")
    return folder
