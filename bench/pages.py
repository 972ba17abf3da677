"""Weight, requests and queries of the main pages, on the demonstration, as the coordinator reads them.

Weights are those of the wire: HTML, style and script compressed by gzip at level 6, as the server sends them.
The goals are those of a page opened for the first time.
"""

import gzip
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from bench import stage
from bench.measure import Table, duration, timed
from relais.execution.models import Obligation
from relais.organisations.enums import Role
from relais.organisations.models import Membership, Scheme
from relais.procurement.models import Contract
from relais.screening.models import ScreeningResult

FIRST_VISIT_KB, SCRIPT_KB, REQUESTS, QUERIES = 80, 25, 10, 12
MEDIAN_KB, MEDIAN_REQUESTS = 2862, 71
"""The median home page of the web in July 2025 (HTTP Archive, desktop)."""
MAIN: tuple[tuple[str, str, Callable[[Scheme], Any] | None], ...] = (
    ("opportunities", "opportunity-list", None),
    ("one opportunity", "opportunity-detail", lambda scheme: {"lot": _last(ScreeningResult, scheme).lot_id}),
    ("contracts", "contract-list", None),
    ("one contract", "contract-detail", lambda scheme: {"pk": _last(Contract, scheme).pk}),
    ("clauses", "clause-list", None),
    ("one obligation", "obligation-detail", lambda scheme: {"pk": _last(Obligation, scheme).pk}),
    ("consolidated results", "consolidated", None),
    ("committee", "committee", None),
    ("directory", "body-list", None),
    ("audit trail", "audit-trail", None),
)


def _last(model: Any, scheme: Scheme) -> Any:
    return model.objects.filter(scheme=scheme).latest("pk")


def run(_folder: Path, options: SimpleNamespace) -> list[Table]:
    table = Table(
        "Main pages of the demonstration",
        ("page", "HTML", "style", "script", "other", "total", "requests", "queries", "median"),
    )
    if "demo" not in get_commands():
        table.notes.append("Skipped: this version has no demonstration to load.")
        return [table]
    if not stage.load_places():
        table.notes.append(
            "Skipped: the assets that hold the official places are not installed (make setup)."
        )
        return [table]
    stage.say("  demonstration")
    call_command("demo", size="small", stdout=stage.nowhere())
    scheme = Scheme.objects.exclude(territory=None).latest("pk")
    members = Membership.objects.filter(organisation=scheme.coordinator, role=Role.MANAGER)
    client = Client()
    client.force_login(members.select_related("user").latest("pk").user)
    kept = True
    for name, view, given in MAIN:
        kept &= _page(table, client, scheme, name, view, given, options.runs)
    table.notes += [
        f"kB on the wire, gzip. Goals: {FIRST_VISIT_KB} kB, {SCRIPT_KB} kB of script, {REQUESTS} requests, "
        f"{QUERIES} queries: {'kept by every page' if kept else 'NOT KEPT by every page'}.",
        "Queries: all but the one that finds the session, as in the tests.",
        f"The median home page of the web weighs {MEDIAN_KB} kB and makes {MEDIAN_REQUESTS} requests.",
    ]
    return [table]


def _page(table: Table, client: Client, scheme: Scheme, name: str, view: str, given: Any, runs: int) -> bool:
    """Add a line for a page; whether it keeps the goals."""
    try:
        more = given(scheme) if given else {}
        address = reverse(view, kwargs={"organisation": scheme.coordinator.slug, **more})
    except NoReverseMatch:
        table.notes.append(f"{name.capitalize()}: skipped, the page is not served.")
        return True
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        queries = sum("django_session" not in query["sql"] for query in captured)
    if response.status_code != 200:
        table.notes.append(f"{name.capitalize()}: skipped, the page answers {response.status_code}.")
        return True
    _, times = timed(lambda: client.get(address), runs)
    html = _gz(response.content)
    style, script, other = _assets(response.content)
    whole = html + sum(style) + sum(script) + sum(other)
    requests = 1 + len(style) + len(script) + len(other)
    table.add(
        name,
        *(f"{part:.1f}" for part in (html, sum(style), sum(script), sum(other), whole)),
        requests,
        queries,
        duration(times.median),
    )
    return (
        whole <= FIRST_VISIT_KB and sum(script) <= SCRIPT_KB and requests <= REQUESTS and queries <= QUERIES
    )


def _gz(content: bytes) -> float:
    return len(gzip.compress(content, 6)) / 1000


def _assets(content: bytes) -> tuple[list[float], list[float], list[float]]:
    """The weights of the styles, scripts and images that the page asks for, each file once."""
    page = BeautifulSoup(content, "html.parser")
    links = {str(tag["href"]) for tag in page.select('link[rel="stylesheet"]')}
    icons = {str(tag["href"]) for tag in page.select('link[rel~="icon"], link[rel~="preload"]')}
    scripts = {str(tag["src"]) for tag in page.select("script[src]")}
    images = {str(tag["src"]) for tag in page.select("img[src]") if not str(tag["src"]).startswith("data:")}
    sprites = {str(tag["href"]).partition("#")[0] for tag in page.select("use[href]")} - {""}
    return _weights(links), _weights(scripts), _weights(icons | images | sprites)


def _weights(addresses: set[str]) -> list[float]:
    found = []
    for address in sorted(addresses):
        path = finders.find(address.removeprefix("/static/").partition("?")[0])
        if path is None:
            raise FileNotFoundError(f"{address} is not built: run make setup.")
        content = Path(path).read_bytes()
        found.append(_gz(content) if Path(path).suffix in (".css", ".js", ".svg") else len(content) / 1000)
    return found
