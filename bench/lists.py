"""Our lists and the stock Django admin on the same rows, page by page through Django's own test client.

Both show fifty rows with the buyer and the object. The admin counts all the rows to number its pages; ours
reads one row more than it shows.
"""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from bench import lines
from bench.measure import Table, duration, ratio, same, timed
from bench.people import lay_manager, lay_scheme
from bench.stage import say
from relais.organisations.models import Scheme

SIZES = (10_000,)
REQUESTS = 15
SLOW = 1.0
"""Above so many seconds a page is asked three times only."""
LISTS = (
    ("contracts", "contract-list", "/stock-admin/procurement/contract/"),
    ("opportunities", "opportunity-list", "/stock-admin/screening/screeningresult/"),
)
PAGES = (("first page", "", ""), ("tenth page", "page=10", "p=10"))
OBJECT = re.compile(r"Entretien du site (\d+)")


def run(_folder: Path, options: SimpleNamespace) -> list[Table]:
    scheme = lay_scheme()
    client = Client()
    client.force_login(lay_manager(scheme))
    tables, first = [], 1
    for rows in sorted({*SIZES, options.rows}):
        say(f"  {rows} contracts")
        _fill(scheme, first, rows + 1)
        first = rows + 1
        tables.append(_compared(client, scheme, rows))
    return tables


def _fill(scheme: Scheme, first: int, last: int) -> None:
    base = duckdb.connect()
    for model, query in lines.tables("register.sql"):
        base.execute(query.format(scheme=scheme.pk, body=scheme.coordinator_id + 100, first=first, last=last))
        with transaction.atomic():
            lines.fill(model, base)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _compared(client: Client, scheme: Scheme, rows: int) -> Table:
    columns = ("list", "median", "worst", "pages/s", "queries", "kB", "speed against the admin")
    table = Table(f"Lists of {rows:,} rows".replace(",", " "), columns)
    for name, view, admin in LISTS:
        try:
            ours = reverse(view, kwargs={"organisation": scheme.coordinator.slug})
        except NoReverseMatch:
            table.notes.append(f"List of {name} skipped: the page is not served.")
            continue
        for page, our_query, admin_query in PAGES:
            say(f"  {name}, {page}")
            rival = _measured(client, f"{admin}?{admin_query}")
            mine = _measured(client, f"{ours}?{our_query}")
            same(rival["objects"], mine["objects"], f"rows of the {page} of {name}")
            for who, found in (("stock admin", rival), ("Relais", mine)):
                median = found["times"].median
                table.add(
                    f"{name}, {page}, {who}",
                    duration(median),
                    duration(found["times"].worst),
                    f"{1 / median:.1f}",
                    found["queries"],
                    f"{found['bytes'] / 1000:.0f}",
                    ratio(rival["times"].median, median),
                )
    table.notes.append("Same rows in the same order on both sides, one process, no network.")
    return table


def _measured(client: Client, address: str) -> dict[str, Any]:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        number = len(queries)  # before the next request forgets them
    same(200, response.status_code, f"status of {address}")
    _, once = timed(lambda: client.get(address), 1)
    _, times = timed(lambda: client.get(address), 3 if once.worst > SLOW else REQUESTS)
    shown = OBJECT.findall(response.content.decode())
    return {
        "queries": number,
        "bytes": len(response.content),
        "times": times,
        "objects": list(dict.fromkeys(shown)),
    }
