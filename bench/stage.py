"""Where a bench works: a temporary folder, an empty database of its own, Django set up on both."""

import io
import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

SETTINGS = "bench.admin_site"


def say(text: str) -> None:
    """Progress, apart from the figures."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def database(folder: Path, asked: str) -> Iterator[str]:
    """The address of an empty database: a file of the folder, or one made on the PostgreSQL server named.

    The database named by the address itself is only used to make and drop the other one.
    """
    if not asked.startswith(("postgres://", "postgresql://")):
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    import psycopg

    name = f"relais_bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(asked, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(asked)._replace(path=f"/{name}"))
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def environment(folder: Path, address: str) -> dict[str, str]:
    """The environment of a process that works on that database and writes only in that folder."""
    return {
        **os.environ,
        "DATABASE_URL": address,
        "RELAIS_VAR": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DEMO": "0",
        "PRODUCTION": "0",
    }


def set_up() -> None:
    """Start Django on the database of the environment and lay its tables."""
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0, run_syncdb=True)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")


def nowhere() -> io.StringIO:
    """Where what a command says is lost."""
    return io.StringIO()


def load_places() -> bool:
    """The official places, when the assets that hold them are installed."""
    from django.conf import settings
    from django.core.management import call_command

    folder = settings.ROOT / "node_modules" / "@etalab" / "decoupage-administratif" / "data"
    if folder.is_dir():
        call_command("load-territories", json=True, stdout=nowhere())
    return folder.is_dir()
