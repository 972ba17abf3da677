"""The client of the tests: a GET never writes, and every full page is well made."""

import re
from collections import Counter
from functools import cache
from typing import Any

from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.client import ClientHandler

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|CREATE|ALTER|DROP)\b", re.IGNORECASE)
ALLOWED = re.compile(r'\s*INSERT INTO "?kit_auditentry"?|.*"?django_session"?', re.IGNORECASE | re.DOTALL)


def no_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Refuse what changes the database, but for the trail of readings and the session."""
    if WRITES.match(sql) and not ALLOWED.match(sql):
        raise AssertionError(f"A GET wrote: {sql[:120]}")
    return execute(sql, params, many, context)


@cache
def handler_for(middleware: tuple[str, ...]) -> ClientHandler:
    """The middleware is loaded once for all browsers: reading the static files takes longer than a page."""
    return ClientHandler(enforce_csrf_checks=False)


class GuardedClient(Client):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        if not options.get("enforce_csrf_checks"):
            self.handler = handler_for(tuple(settings.MIDDLEWARE))

    def request(self, **request: Any) -> Any:
        if request.get("REQUEST_METHOD") in ("GET", "HEAD"):
            with connection.execute_wrapper(no_writes):
                response = super().request(**request)
        else:
            response = super().request(**request)
        path = request.get("PATH_INFO", "")
        if is_full_page(response) and not is_known_refusal(response.status_code, path):
            check_page(response.content.decode(), path)
        return response


_refusals: set[tuple[int, str]] = set()


def is_known_refusal(status: int, path: str) -> bool:
    """The pages of refusals only differ by the frame of the body: each is checked once."""
    if status not in (403, 404):
        return False
    key = (status, path.split("/")[1])
    known = key in _refusals
    _refusals.add(key)
    return known


def is_full_page(response: Any) -> bool:
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return False
    return response.content.lstrip()[:15].lower().startswith(b"<!doctype html")


def check_page(html: str, path: str = "") -> None:
    """Fail with the list of everything that is wrong in the page."""
    page = BeautifulSoup(html, "html.parser")
    faults = [*structure_faults(page), *field_faults(page), *policy_faults(page), *host_faults(page)]
    assert not faults, f"{path}: " + "; ".join(faults)


def structure_faults(page: BeautifulSoup) -> list[str]:
    faults = []
    if page.html is None or not page.html.get("lang"):
        faults.append("the page does not say its language")
    if len(page.select("h1")) != 1:
        faults.append(f"{len(page.select('h1'))} h1 instead of one")
    if page.title is None or not page.title.get_text(strip=True):
        faults.append("the page has no title")
    ids = Counter(element["id"] for element in page.select("[id]"))
    faults += [f"the id {name!r} is there {count} times" for name, count in ids.items() if count > 1]
    faults += [f"an image has no alt: {image}" for image in page.select("img:not([alt])")]
    faults += [
        f"{element.name} points at the unknown id {target!r}"
        for element in page.select("[aria-describedby], [aria-labelledby], label[for]")
        for name in ("aria-describedby", "aria-labelledby", "for")
        for target in str(element.get(name) or "").split()
        if target not in ids
    ]
    return faults


def field_faults(page: BeautifulSoup) -> list[str]:
    fields = page.select(
        "input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=image]), select, textarea"
    )
    return [f"a field has no label: {str(field)[:120]}" for field in fields if not is_labelled(page, field)]


def is_labelled(page: BeautifulSoup, field: Any) -> bool:
    if field.get("aria-label") or field.get("aria-labelledby") or field.find_parent("label"):
        return True
    return bool(field.get("id") and page.find("label", attrs={"for": field["id"]}))


def policy_faults(page: BeautifulSoup) -> list[str]:
    faults = [f"an inline script: {str(script)[:80]}" for script in page.select("script:not([src])")]
    faults += [f"an inline style: {str(element)[:80]}" for element in page.select("style, [style]")]
    faults += [
        f"a handler {name!r} on {element.name}"
        for element in page.find_all(True)
        for name in element.attrs
        if name.lower().startswith(("on", "hx-on"))
    ]
    faults += [
        f"a javascript address on {element.name}"
        for element in page.select("[href^='javascript:'], [src^='javascript:'], [action^='javascript:']")
    ]
    return faults


def host_faults(page: BeautifulSoup) -> list[str]:
    """What the browser would fetch or send elsewhere; a plain link to read the law is fine."""
    fetched = [(e, e["src"]) for e in page.select("[src]")] + [
        (e, e["href"]) for e in page.select("link[href]")
    ]
    fetched += [(e, e["action"]) for e in page.select("form[action]")]
    return [
        f"{element.name} names another host: {address}"
        for element, address in fetched
        if str(address).startswith(("http:", "https:", "//"))
    ]
