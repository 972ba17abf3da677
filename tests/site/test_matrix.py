"""Who gets which answer at which address, for everybody and every method: no page is left out."""

import io
import os
import zipfile

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from tests.cast import NAMES, Person
from tests.pages import GuardedClient, no_writes
from tests.site.objects import Target, World, examples, target_of
from tests.site.rights import METHODS, addresses, rights

REFUSED = (403, 404, 405, 410)
DONE = (200, 302)
OTHERS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
"""Methods of no table: the law of the site says what they answer."""
SAME_VERDICTS = os.environ.get("RELAIS_SAME_VERDICTS") == "1"
"""Set when another database has just given every answer: only those that read or write are asked again."""
NAMES_OF_URLS = sorted(addresses())


@pytest.fixture
def world(cast):
    return World(cast, timezone.localdate())


def path_of(url_name: str, target: Target, organisation_slug: str) -> str:
    kwargs = dict(target.kwargs)
    if addresses()[url_name].below_body:
        kwargs["organisation"] = organisation_slug
    return reverse(url_name, kwargs=kwargs)


def browser_of(person: Person) -> GuardedClient:
    browser = GuardedClient(raise_request_exception=True)
    if person.user is not None:
        browser.force_login(person.user)
    return browser


def answer(browser: GuardedClient, method: str, path: str, target: Target, *, refused: bool):
    """The answer given to a person; whatever it changed is undone, and a refusal must change nothing."""
    cache.clear()
    with transaction.atomic():
        send = getattr(browser, method.lower())
        data = target.data if method == "POST" else {}
        for file in (value for value in data.values() if hasattr(value, "seek")):
            file.seek(0)
        if refused:
            with connection.execute_wrapper(no_writes):
                response = send(path, data)
        else:
            response = send(path, data)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return response.status_code, text_of(body)


def text_of(body: bytes) -> str:
    """The words of an answer; those of a workbook are packed."""
    if not body.startswith(b"PK"):
        return body.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())


def slug_for(person: Person, world: World) -> str:
    """The body in the address: one's own; Vera tries the region's."""
    return (person.organisation or world["clara"].organisation).slug


@pytest.mark.parametrize("url_name", NAMES_OF_URLS)
def test_everybody_gets_the_answer_of_the_table(world, url_name):
    rows = {method: rights().get((url_name, method)) for method in METHODS}
    assert any(rows.values()), f"{url_name} is in no table of tests/site/matrix"
    target = target_of(url_name, world)
    words = world.words()
    wrong = []
    for name in NAMES:
        person = world[name]
        browser = browser_of(person)
        path = path_of(url_name, target, slug_for(person, world))
        for method, row in rows.items():
            expected = (row.expected[name],) if row else REFUSED + ((302,) if name == "vera" else ())
            refused = all(status in REFUSED for status in expected) or is_shut_out(name, url_name)
            if refused and SAME_VERDICTS:
                continue
            status, body = answer(browser, method, path, target, refused=refused)
            if status not in expected:
                wrong.append(f"{method} {name}: {status} instead of {expected}")
            own = person.organisation.pk if person.organisation else None
            leaks = [word for word, readers in words.items() if own not in readers and word in body]
            if leaks and url_name != "invitation":  # its link names the address it invites
                wrong.append(f"{method} {name} reads {', '.join(leaks)}")
    if not SAME_VERDICTS:
        wrong += faults_of_other_methods(url_name, target, world)
    assert not wrong, f"{url_name}:\n" + "\n".join(wrong)


def is_shut_out(name: str, url_name: str) -> bool:
    """Whether the sign-in page is the only answer: a 302 that changes nothing."""
    return name == "vera" and addresses()[url_name].below_body


def answers_of(url_name: str, method: str, name: str) -> tuple[int, ...]:
    """What the law allows: HEAD answers as GET, OPTIONS is harmless, nothing else is taken below a body.

    The pages of the accounts' library answer any method by their form: that changes nothing.
    """
    if is_shut_out(name, url_name):
        return (302,)
    if method == "HEAD":
        row = rights().get((url_name, "GET"))
        return (row.expected[name],) if row else REFUSED
    if not addresses()[url_name].below_body:
        return (*REFUSED, *DONE)
    return (*REFUSED, 200) if method == "OPTIONS" else REFUSED


def picked(url_name: str) -> list[str]:
    """Somebody the address opens to, somebody it refuses, and the visitor: enough for these methods."""
    rows = [row for method in METHODS if (row := rights().get((url_name, method)))]
    inside = [name for name in NAMES if any(row.expected[name] in DONE for row in rows) and name != "vera"]
    outside = [name for name in NAMES if name not in inside and name != "vera"]
    return [*inside[:1], *outside[:1], "vera"]


def faults_of_other_methods(url_name: str, target: Target, world: World) -> list[str]:
    """What the methods of no table answer against the law; none of them may write."""
    wrong = []
    for name in picked(url_name):
        browser, path = browser_of(world[name]), path_of(url_name, target, slug_for(world[name], world))
        for method in OTHERS:
            allowed = answers_of(url_name, method, name)
            status, body = answer(browser, method, path, target, refused=True)
            if status not in allowed:
                wrong.append(f"{method} {name}: {status} instead of {allowed}")
            if method == "HEAD" and body:
                wrong.append(f"HEAD {name} has a body")
    return wrong


@pytest.mark.parametrize(
    "url_name", [name for name, address in sorted(addresses().items()) if address.below_body]
)
@pytest.mark.skipif(SAME_VERDICTS, reason="Another database has just refused all these.")
def test_a_stranger_finds_nothing_under_the_name_of_another_body(world, url_name):
    target = target_of(url_name, world)
    path = path_of(url_name, target, world["clara"].organisation.slug)
    for name in ("sam", "benoit", "fanny", "corinne", "remi"):
        browser = browser_of(world[name])
        for method in METHODS:
            status, body = answer(browser, method, path, target, refused=True)
            assert status == 404, f"{method} {name}: {status}"
            assert world.canary(world["clara"].organisation) not in body
    browser = browser_of(world["sam"])
    found = {method: answer(browser, method, path, target, refused=True)[0] for method in OTHERS}
    assert set(found.values()) == {404}, found
    status, _ = answer(browser_of(world["vera"]), "GET", path, target, refused=True)
    assert status == 302


def test_the_tables_name_only_addresses_that_exist():
    assert {name for name, _ in rights()} - set(addresses()) == set()


def test_each_address_with_parameters_has_an_example():
    missing = [name for name, address in addresses().items() if address.params and name not in examples()]
    assert missing == [], "give them an example in tests/site/objects"


def test_no_example_is_left_for_an_address_that_went_away():
    assert set(examples()) - set(addresses()) == set()
