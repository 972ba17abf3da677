"""Who gets which answer at which address, for everybody and every method: no page is left out."""

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
        send = browser.post if method == "POST" else browser.get
        data = target.data if method == "POST" else {}
        if refused:
            with connection.execute_wrapper(no_writes):
                response = send(path, data)
        else:
            response = send(path, data)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return response.status_code, body.decode(errors="replace")


def slug_for(person: Person, world: World) -> str:
    """The body in the address: one's own; Vera tries the region's."""
    return (person.organisation or world["clara"].organisation).slug


@pytest.mark.parametrize("url_name", NAMES_OF_URLS)
def test_everybody_gets_the_answer_of_the_table(world, url_name):
    rows = {method: rights().get((url_name, method)) for method in METHODS}
    assert any(rows.values()), f"{url_name} is in no table of tests/site/matrix"
    target = target_of(url_name, world)
    canaries = {p.organisation.pk: world.canary(p.organisation) for p in world.cast.people.values() if p.user}
    wrong = []
    for name in NAMES:
        person = world[name]
        browser = browser_of(person)
        path = path_of(url_name, target, slug_for(person, world))
        for method, row in rows.items():
            expected = (row.expected[name],) if row else REFUSED + ((302,) if name == "vera" else ())
            refused = all(status in REFUSED for status in expected)
            status, body = answer(browser, method, path, target, refused=refused)
            if status not in expected:
                wrong.append(f"{method} {name}: {status} instead of {expected}")
            own = person.organisation.pk if person.organisation else None
            leaks = [canary for pk, canary in canaries.items() if pk != own and canary in body]
            if leaks and url_name != "invitation":  # its link names the address it invites
                wrong.append(f"{method} {name} reads {', '.join(leaks)}")
    assert not wrong, f"{url_name}:\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    "url_name", [name for name, address in sorted(addresses().items()) if address.below_body]
)
def test_a_stranger_finds_nothing_under_the_name_of_another_body(world, url_name):
    target = target_of(url_name, world)
    path = path_of(url_name, target, world["clara"].organisation.slug)
    for name in ("sam", "benoit", "fanny", "corinne", "remi"):
        browser = browser_of(world[name])
        for method in METHODS:
            status, body = answer(browser, method, path, target, refused=True)
            assert status == 404, f"{method} {name}: {status}"
            assert world.canary(world["clara"].organisation) not in body
    status, _ = answer(browser_of(world["vera"]), "GET", path, target, refused=True)
    assert status == 302


def test_the_tables_name_only_addresses_that_exist():
    assert {name for name, _ in rights()} - set(addresses()) == set()


def test_each_address_with_parameters_has_an_example():
    missing = [name for name, address in addresses().items() if address.params and name not in examples()]
    assert missing == [], "give them an example in tests/site/objects"


def test_no_example_is_left_for_an_address_that_went_away():
    assert set(examples()) - set(addresses()) == set()
