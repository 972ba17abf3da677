"""The real server over the test database, for what only happens when requests meet."""

import http.client
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

THREADS = 8
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE = 30
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Served:
    """A server that runs; `rows` asks its database, which is a copy when the test one lives in memory."""

    port: int
    rows: Callable[[str], list[Any]]

    def opened(self, path: str, cookies: Mapping[str, str]) -> tuple[dict[str, str], str]:
        """The page opened: the cookies of the browser after it, and the token of its form."""
        answer, text = self.ask("GET", path, cookies)
        token = TOKEN.search(text)
        assert answer.status == 200, text
        assert token, text
        set_now = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie") or []))
        return {**cookies, **{name: morsel.value for name, morsel in set_now.items()}}, token[1]

    def ask(
        self, method: str, path: str, cookies: Mapping[str, str], data: Any = None
    ) -> tuple[http.client.HTTPResponse, str]:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        body = None
        if data is not None:
            body = urlencode(data, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        client.request(method, path, body, headers)
        answer = client.getresponse()
        text = answer.read().decode()
        client.close()
        return answer, text

    def post(self, path: str, cookies: Mapping[str, str], data: Any) -> tuple[int, str]:
        """Status, and where the answer leads."""
        answer, _text = self.ask("POST", path, cookies, data)
        return answer.status, answer.headers.get("Location", "")

    def many(self, times: int, path: str, cookies: Mapping[str, str], data: Any) -> set[tuple[int, str]]:
        """The same POST many times at once; the different answers given."""
        with ThreadPoolExecutor(THREADS) as pool:
            asked = [pool.submit(self.post, path, cookies, data) for _ in range(times)]
            return {one.result() for one in asked}


def cookies_of(browser: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in browser.cookies.items()}


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Gunicorn with several threads over what the test wrote and committed."""
    address, rows = database_of(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": address,
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "127.0.0.1",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "gunicorn", "relais.config.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--threads", str(THREADS), "--workers", "2", "--log-level", "error"]
    server = subprocess.Popen(command, env=environment)
    try:
        wait_for(port)
        yield Served(port, rows)
    finally:
        server.terminate()
        server.wait(PATIENCE)


def database_of(folder: Path) -> tuple[str, Callable[[str], list[Any]]]:
    """The address of the test database and how to ask it; SQLite's is copied into a file."""
    if connection.vendor != "sqlite":
        terms = connection.settings_dict

        def ask(sql: str) -> list[Any]:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())

        who = f"{quote(terms['USER'])}:{quote(terms['PASSWORD'])}" if terms["USER"] else ""
        host = quote(terms["HOST"], safe="")
        return f"postgresql://{who}@{host}:{terms['PORT'] or 5432}/{terms['NAME']}", ask
    path = folder / "served.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)

    def asked(sql: str) -> list[Any]:
        with closing(sqlite3.connect(path)) as database:
            return list(database.execute(sql))

    return f"sqlite:///{path}", asked


def wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("The server did not start.")
